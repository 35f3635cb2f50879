"""What a line of the export looks like: an event, and its parts that are read."""

from typing import Any, Final

from data.intake.objects import Object, Shape
from data.intake.singles import Single


class Value(Object, frozen=True):
    """Of a parameter, in one of four kinds."""

    string_value: Single = None
    int_value: Single = None
    float_value: Single = None
    double_value: Single = None


class Parameter(Object, frozen=True):
    """Of an event, or a property of its user."""

    key: str
    value: Value | None = None


class Privacy(Object, frozen=True):
    """What somebody consented to."""

    analytics_storage: Single = None


class Web(Object, frozen=True):
    """Where an event happened."""

    hostname: Single = None


class Device(Object, frozen=True):
    """What somebody used."""

    category: Single = None
    web_info: Web | None = None


class Geo(Object, frozen=True):
    """Where somebody was."""

    country: Single = None


class Collected(Object, frozen=True):
    """The source that came with an event."""

    gclid: Single = None
    manual_source: Single = None
    manual_medium: Single = None


class Campaign(Object, frozen=True):
    """What a click came from."""

    source: Single = None
    medium: Single = None
    default_channel_group: Single = None


class Click(Object, frozen=True):
    """The last click before a session."""

    manual_campaign: Campaign | None = None
    cross_channel_campaign: Campaign | None = None
    google_ads_campaign: dict[str, Single] | None = None


class Event(Object, frozen=True):
    """A line of the file."""

    event_date: Single = None
    event_timestamp: Single = None
    event_name: str | None = None
    event_params: list[Parameter] | None = None
    user_pseudo_id: Single = None
    user_id: Any = None
    user_properties: list[Parameter] | None = None
    privacy_info: Privacy | None = None
    device: Device | None = None
    geo: Geo | None = None
    collected_traffic_source: Collected | None = None
    session_traffic_source_last_click: Click | None = None
    batch_event_index: Single = None


OTHERS: Final = (
    "event_previous_timestamp", "event_value_in_usd", "event_bundle_sequence_id", "event_server_timestamp_offset",
    "user_first_touch_timestamp", "user_ltv", "app_info", "traffic_source", "stream_id", "platform", "event_dimensions",
    "ecommerce", "items", "is_active_user", "batch_page_id", "batch_ordering_id", "publisher",
)  # fmt: skip
SHAPE: Final = Shape(Event, OTHERS, ("event_name", "event_timestamp", "event_params"))
