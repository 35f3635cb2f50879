"""What each version changed: extracts that came, were replaced or went, and by how much the totals of each account moved."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from data.store.manifest import Brought, Manifest, Published, Total

KEPT: Final = 100  # versions that a manifest tells of; the audit log has all of them
COUNTED: Final = ("sessions", "page_views")


def told(before: Manifest, after: Manifest) -> tuple[Published, ...]:
    """The history of `after`, which follows `before`: what it changed, and what those before it did."""
    known = {one.key for one in before.refused}
    refused = sum(one.key not in known for one in after.refused)
    newest = Published(after.version, after.created, (*_brought(before, after),), (*_totals(before, after),), refused)
    return (newest, *before.history)[:KEPT]


def _brought(before: Manifest, after: Manifest) -> Iterator[Brought]:
    """One for each account and sender whose extracts changed."""
    old, new = ({one.slot: one for one in manifest.deliveries} for manifest in (before, after))
    slots = [slot for slot in sorted(old.keys() | new.keys()) if old.get(slot) != new.get(slot)]
    for whose in dict.fromkeys((account, sender) for account, sender, *_ in slots):
        own = [slot for slot in slots if slot[:2] == whose]
        how = Counter("new" if slot not in old else "withdrawn" if slot not in new else "replaced" for slot in own)
        days = [day for _, _, day, _ in own]
        yield Brought(*whose, how["new"], how["replaced"], how["withdrawn"], min(days), max(days))


def _totals(before: Manifest, after: Manifest) -> Iterator[Total]:
    """One for each account that either version holds."""
    old, new = _counted(before), _counted(after)
    for account in sorted(old.keys() | new.keys()):
        now, then = new.get(account, Counter()), old.get(account, Counter())
        yield Total(account, *(now[name] for name in COUNTED), *(now[name] - then[name] for name in COUNTED))


def _counted(manifest: Manifest) -> dict[str, Counter[str]]:
    """Sessions and page views of each account, as its segments' totals have them."""
    found: dict[str, Counter[str]] = {}
    for one in manifest.segments:
        if one.kind in {"day", "month"}:
            found.setdefault(one.account, Counter()).update({name: one.totals.get(name, 0) for name in COUNTED})
    return found
