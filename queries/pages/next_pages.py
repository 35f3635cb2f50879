"""Where the views of a page came from and went: raw page views, so that both sides add up to all of them."""

from typing import Any, Final

from pydantic import field_validator

from queries import shapes
from queries.asking import Asking, Frames, Value
from queries.columns import Column, count, label
from queries.disclosure import rows
from queries.pages import pages
from queries.pages.neighbours import SIDES, TOTALS, counted
from queries.pages.publishing_next_pages import published
from queries.parameters import Common, SeveralPatterns

DEFINITION: Final = (
    "Views of a page with the page view before and after each. Earlier pages, loops (reloads) and landings add up to the"
    " page views, and so do later pages, loops and exits."
)
FILTERS: Final = pages.FILTERS

COLUMNS: Final[tuple[Column, ...]] = (
    label("side", "previous or following"),
    label("page"),
    label("department"),
    count("page_views", "page views"),
    count("sessions", "sessions"),
)
MORE_COLUMNS: Final[dict[str, tuple[Column, ...]]] = {
    "totals": (label("department"), *(count(name, name.replace("_", " ")) for name in TOTALS)),
    "landings": (label("department"), label("channel"), count("landings", "landings")),
    "other": (label("side"), label("department"), count("page_views", "page views")),
}


class Parameters(Common):
    """The page, or pages. `limit` is how many neighbours are named on each side."""

    page: SeveralPatterns

    @field_validator("page")
    @classmethod
    def _named(cls, page: tuple[str, ...]) -> tuple[str, ...]:
        if not page:
            raise ValueError("should be a page, such as /vehicle-tax")
        return page


PARAMETERS: Final = Parameters
SHAPE: Final = shapes.row(
    shapes.without(MORE_COLUMNS["totals"], "department"), landings_by_channel=shapes.COUNTS, other=shapes.COUNTS,
    **{side: shapes.rows(shapes.without(COLUMNS, "side")) for side in SIDES},
)  # fmt: skip


def answer(asking: Asking[Parameters]) -> Frames:
    """The neighbours named on each side; beside them the totals, landings by channel, and what isn't named."""
    if asking.parameters.publication:
        return published(asking)
    found = counted(asking)
    return Frames(found.pop("named"), found)


def present(frames: Frames, _: Asking[Parameters]) -> Value:
    """The answer as the API gives it, with what isn't named on each side as `other`."""
    sides: dict[str, Any] = {side: [] for side in SIDES}
    for row in rows(frames.main):
        sides[row.pop("side")].append(row)
    landings = {row["channel"]: row["landings"] for row in rows(frames.others["landings"])}
    hidden = [channel for channel, number in landings.items() if number is None]
    other = {row["side"]: row["page_views"] for row in rows(frames.others["other"])}
    (totals,) = rows(frames.others["totals"])
    del totals["department"]
    return totals | {"landings_by_channel": {**landings, "suppressed": hidden}} | sides | {"other": other}
