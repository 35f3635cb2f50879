"""One measure of a department, with a second dimension, in plain Python over plain visits: the oracle of `departments`."""

from collections.abc import Callable, Iterable
from typing import Any

from queries.asking import WHOLE_ESTATE
from tests.plain import page, visits
from tests.plain.measures import NOT_SHARED, Visit, measures
from tests.plain.worlds import DOCUMENT_TYPES

PARTS = {
    "sessions": ("sessions", None), "searches": ("searches", None), "exit_rate": ("exits", "page_views"), "not_found": ("not_found", None),
    "pages_per_session": ("page_views", "sessions"), "search_share": ("searching_sessions", "sessions"), "pogo_stick_rate": ("returned", "sessions"),
}  # fmt: skip
NO_TYPE = "(no document type)"


def counted(told: Iterable[Visit], department: str, group: str | None, asked: dict[str, Any]) -> tuple[Any, Any]:
    """The measure's count and what it is of, over the days of `visits.NOW`."""
    by, kind = asked["by"], asked.get("document_type")

    def within(page: str) -> bool:
        owned = department == WHOLE_ESTATE or visits.belongs(page, department, asked.get("attribution", "owner"))
        own = DOCUMENT_TYPES.get(page, NO_TYPE)
        return owned and (kind is None or own == kind) and (by != "document_type" or own == group)

    kept = [one for one in told if one.day in visits.NOW and _fits(one, group, asked)]
    found = measures(kept, within)
    everywhere = department == WHOLE_ESTATE and kind is None and (by != "document_type" or group == NO_TYPE)
    if everywhere:
        found["searches"] = (found["searches"] or 0) + sum(one.searches_before for one in kept)
    found["searching_sessions"] = sum(
        _searched(one, within) or (everywhere and one.searches_before > 0) for one in kept
    )
    found["returned"] = sum(page.came_back(one, within) for one in kept)
    top, bottom = PARTS[asked["measure"]]
    return found[top], found[bottom] if bottom else None


def _searched(visit: Visit, within: Callable[[str], bool]) -> bool:
    return any(view.searches and view.page != NOT_SHARED and within(view.page) for view in visit.views)


def _fits(visit: Visit, group: str | None, asked: dict[str, Any]) -> bool:
    wanted = {name: asked[name] for name in ("device", "country") if name in asked}
    wanted |= {asked["by"]: group} if asked["by"] in {"device", "channel"} else {}
    return all(getattr(visit, name) == value for name, value in wanted.items())


def ranks(rows: list[dict[str, Any]]) -> list[int]:
    """The place of each row in its group, 1 for the largest value."""
    return [1 + sum(other["group"] == row["group"] and other["value"] > row["value"] for other in rows) for row in rows]
