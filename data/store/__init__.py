"""The estate on disk and in memory: encrypted segments, signed versions, readers, publishing and verifying."""

from data.store.manifest import Delivery, Manifest, Refusal, Segment
from data.store.reader import Estate, Fill, Reading

__all__ = ["Delivery", "Estate", "Fill", "Manifest", "Reading", "Refusal", "Segment"]
