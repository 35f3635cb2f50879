"""Days that a page is turned to with one press: the newest ones, and those before and after the ones that are shown."""

from datetime import timedelta
from typing import Final

from data.periods import Period
from layouts import formats
from layouts.components import link
from layouts.markup import Element, li, strong, ul, unseen
from layouts.state import State
from queries.periods import earlier, is_months, last_month

SHORT: Final = {"Last 7 days": 7, "Last 28 days": 28}
LONG: Final = {"Last 3 months": 3, "Last 12 months": 12}


def offered(newest: Period, *, published: bool) -> dict[str, Period]:
    """The stretches that end with the newest day or month, by name; what is published is of whole months."""
    month = last_month(newest.last)
    short = (
        {}
        if published
        else {said: Period(newest.last - timedelta(days - 1), newest.last) for said, days in SHORT.items()}
    )
    months = {said: Period(earlier(month, count - 1).first, month.last) for said, count in LONG.items()}
    return {**short, f"{month.first:%B %Y}": month, **months}


def beside(shown: Period, way: int) -> Period:
    """The stretch right before (1) or after (-1) the one that is shown, as long as it: in months where it is of whole ones."""
    if is_months(shown):
        return earlier(
            shown, way * ((shown.last.year - shown.first.year) * 12 + shown.last.month - shown.first.month + 1)
        )
    return shown.shifted(-way * shown.days)


def links(state: State, shown: Period, newest: Period) -> Element:
    """A link for each; `newest` are the days that the page shows where nothing else is asked."""
    published = getattr(state, "publication", False)
    whole = state.without("from").without("to")  # what rests on the days, such as an opened page, goes with them

    def to(days: Period) -> str:
        plain = days == newest and not published
        return whole.address(first=None if plain else days.first, last=None if plain else days.last)

    ways = offered(newest, published=published).items()
    turns = {"Earlier": beside(shown, 1), "Later": beside(shown, -1)}
    return ul(
        [li(strong(said, aria_current="true") if days == shown else link(said, to(days))) for said, days in ways],
        [li(link([said, unseen(f": {formats.period(days)}")], to(days))) for said, days in turns.items() if days.last <= newest.last],
        class_="quick", aria_label="Days",
    )  # fmt: skip
