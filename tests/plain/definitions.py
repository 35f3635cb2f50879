"""What is told of sessions and pages, and what definitions and filters mean, in plain Python: shared by the oracles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.plain.patterns import found, glob, whole

JSON = dict[str, Any]
NOT_SHARED = "(not shared)"


@dataclass(frozen=True)
class View:
    """One page view in the form shown, with whole seconds since the session's start where there is a clock."""

    page: str
    seconds: int | None = None


@dataclass(frozen=True)
class Session:
    """One session as it was recorded."""

    views: tuple[View, ...]
    device: str = "desktop"
    channel: str = "direct"
    ended: str = "nothing more seen"


@dataclass(frozen=True)
class World:
    """What is known of pages, and what the viewer may not see."""

    department: Mapping[str, str] = field(default_factory=dict)
    document_type: Mapping[str, str] = field(default_factory=dict)
    service: Mapping[str, str] = field(default_factory=dict)
    of_service: Mapping[str, str] = field(default_factory=dict)  # the department of a service
    of_host: Mapping[str, str] = field(default_factory=dict)  # the department of a service host
    starts: Mapping[str, str] = field(default_factory=dict)  # the service that a page starts
    done: Mapping[str, str] = field(default_factory=dict)  # the service that a page ends
    topics: Mapping[str, JSON] = field(default_factory=dict)  # pages, patterns and document types of a topic, by slug
    hidden: frozenset[str] = frozenset()  # pages whose names the viewer may not see
    own: frozenset[str] | None = None  # departments whose cells the viewer sees exactly; none means all
    guides: Mapping[str, Sequence[str]] = field(default_factory=dict)  # step-by-step guides by page


def fits(definition: JSON, page: str, world: World) -> bool:
    """Whether a definition means this page. A page that the viewer may not see is never meant."""
    values = definition["value"] if isinstance(definition["value"], list) else [definition["value"]]
    if page in world.hidden or page == NOT_SHARED:
        return False
    words = {
        "department": world.department,
        "organisation": world.department,  # every page here is tagged with its owner alone
        "service": world.service,
        "service_start": world.starts,
        "service_end": world.done,
        "document_type": world.document_type,
    }
    if definition["match"] in words:
        return words[definition["match"]].get(page) in values
    if definition["match"] == "topic":
        return any(in_topic(world.topics[slug], page, world) for slug in values)
    if definition["match"] == "regex":
        return any(found(value, page) for value in values)
    if definition["match"] == "exact":
        return whole(page) in [whole(value) for value in values]
    return any(glob(whole(value), whole(page)) for value in values)


def in_topic(topic: JSON, page: str, world: World) -> bool:
    """Whether a page belongs to a topic: any of its lines means it, or its document type or a guide of its is one of the topic's."""
    lines = any(meant(text, page, world) for text in topic.get("pages", ()))
    typed = world.document_type.get(page) in topic.get("document_types", ())
    return lines or typed or any(guide in topic.get("step_by_steps", ()) for guide in world.guides.get(page, ()))


def named(text: str) -> JSON:
    """A page or a pattern, told apart by its star."""
    return {"match": "pattern" if "*" in text else "exact", "value": text}


def meant(one: str | JSON, page: str, world: World) -> bool:
    """Whether a definition, or a page or pattern for short, means this page."""
    return fits(named(one) if isinstance(one, str) else one, page, world)


def chosen(session: Session, filters: JSON, world: World) -> bool:
    """(1) Filters keep whole sessions; a page that may not be seen fits none."""
    pages = [view.page for view in session.views if view.page != NOT_SHARED]
    seen = [page for page in pages if page not in world.hidden]
    kept = {
        "device": lambda wanted: session.device in wanted,
        "channel": lambda wanted: session.channel in wanted,
        "department": lambda wanted: any(world.department.get(page) in wanted for page in seen),
        "page": lambda wanted: any(meant(text, page, world) for text in wanted for page in seen),
        "service": lambda wanted: any(world.service.get(page) in wanted for page in seen),
        "document_type": lambda wanted: any(world.document_type.get(page) in wanted for page in seen),
        "topic": lambda wanted: any(fits({"match": "topic", "value": wanted}, page, world) for page in seen),
    }
    return all(kept[name](wanted) for name, wanted in filters.items())
