"""The headline measures: what each is, what it was before, within which interval it changed, and whether that is real."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from layouts import formats
from layouts.components import link
from layouts.markup import Child, Element, div, h2, h3, li, p, section, span, ul, unseen
from layouts.overview import MEASURES, Overview
from layouts.usage_state import Searches
from queries.answers import About
from queries.disclosure import SUPPRESSED
from queries.metrics import METRICS
from queries.verdicts.verdicts import CHANCE, LIKELY, TOO_FEW

VERDICTS: Final = {
    LIKELY: "Likely real",
    CHANCE: "Could be chance",
}
UNTOLD: Final = "Too early to say whether it is real"
FEW: Final = "Too few to say whether it is real"
MINUS: Final = "\u2212"


def is_share(measure: str) -> bool:
    """Whether a measure is a share of something."""
    return METRICS[measure].is_share


def written(measure: str, value: float | None) -> str:
    """A value of a measure; none where there is no value."""
    if value is None:
        return formats.NO_VALUE
    if is_share(measure):
        return formats.share(value)
    return f"{value:.2f}" if METRICS[measure].is_rate else formats.whole(round(value))


@dataclass(frozen=True)
class Row:
    """A row of the summary's table; `[c]` for what is hidden in it."""

    values: Mapping[str, Any]

    def said(self, name: str) -> str:
        """A value as it is written."""
        if name in (self.values.get(SUPPRESSED) or ()):
            return formats.HIDDEN
        return written(name.removesuffix("_comparison"), self.values[name])

    def change(self, name: str) -> str:
        """A change with its sign: per cent of what a count was before, points of a rate; empty where none is computed."""
        measure = name.partition("_change")[0]
        value, before = self.values[name], self.values[f"{measure}_comparison"]
        if value is None or before is None or (not is_share(measure) and not before):
            return ""
        return signed(value * 100, "points") if is_share(measure) else signed(max(value / before, -1) * 100, "%")


def signed(value: float, unit: str) -> str:
    """`+4.2%`, `−0.3 points`, `0%`."""
    rounded = f"{abs(value):.1f}" if abs(value) < 10 else f"{abs(value):,.0f}"  # noqa: PLR2004 - two digits that count
    sign = "" if float(rounded.replace(",", "")) == 0 else "+" if value > 0 else MINUS
    return f"{sign}{rounded}{unit if unit == '%' else f' {unit}'}"


def total(measure: str, rows: Sequence[Mapping[str, Any]], change: Mapping[str, Any] | None) -> str:
    """The measure over all the days, in a sentence; visitors of days don't add up, so the most of one day is said."""
    title = METRICS[measure].title.lower()
    if change is not None and change["value"] is not None:
        value = written(measure, change["value"])
        return f"{'an' if title[0] in 'aeiou' else 'a'} {title} of {value}" if is_share(measure) else f"{value} {title}"
    if change is not None and not is_share(measure):
        return f"{formats.HIDDEN} {title}"
    if measure == "visitors":
        return f"at most {written(measure, max(row[measure] for row in rows))} {title} on one day"
    return (
        f"{title} that can't be added up"
        if is_share(measure)
        else f"{written(measure, sum(row[measure] for row in rows))} {title}"
    )


def judged(measure: str, change: Mapping[str, Any] | None) -> list[str]:
    """What was expected of the whole, and the verdict, as parts of a sentence."""
    if change is None or change["expected"] is None or change["verdict"] not in VERDICTS:
        return []
    ends = [written(measure, change[f"expected_{end}"]) for end in ("low", "high")]
    verdict = {LIKELY: "the difference is likely real", CHANCE: "the difference could be chance"}[change["verdict"]]
    return [f"{ends[0]} to {ends[1]} were to be expected from the weeks before, so {verdict}"]


def tiles(
    state: Overview, row: Row | None, changes: Sequence[Mapping[str, Any]], about: About, *, linked: bool
) -> Element | None:
    """A tile for each headline measure."""
    if row is None:
        return None
    verdicts = {one["measure"]: one for one in changes}
    listed = ul(
        [_tile(state, name, row, verdicts.get(name), about=about, linked=linked) for name in MEASURES], class_="tiles"
    )
    return section(h2("Headlines", class_="govuk-visually-hidden"), listed)


def _tile(
    state: Overview, name: str, row: Row, verdict: Mapping[str, Any] | None, *, about: About, linked: bool
) -> Element:
    title = METRICS[name].title
    to = link([unseen("Chart of "), title], state.address(measure=name))
    said: Child = to if name != state.measure else span(title, aria_current="true")
    return li(
        h3(said, class_="tile__name"),
        p(row.said(name), class_="tile__value"),
        _compared(name, row, about),
        _verdict(name, verdict),
        _evidence(state, name) if linked else None,
        class_="tile tile--chosen" if name == state.measure else "tile",
    )


def _compared(name: str, row: Row, about: About) -> Element | None:
    """How much it changed since the comparison period, and between what it lies."""
    if about.comparison is None:
        return None
    change, days = row.change(f"{name}_change"), formats.period(about.comparison)
    if row.values[f"{name}_comparison"] is None:
        return p(f"Can't be compared with {days}", class_="tile__change")
    low, high = (row.change(f"{name}_change_{end}") for end in ("low", "high"))
    between = span(f"95% interval {low} to {high}", class_="tile__between") if low and high else None
    told = (
        f"{change} compared with {days}"
        if change
        else f"{row.said(f'{name}_comparison')} on {days}; no change is computed"
    )
    return p(told, " ", between, class_="tile__change")


def _verdict(name: str, verdict: Mapping[str, Any] | None) -> Element | None:
    if verdict is None:
        return None
    if verdict["verdict"] not in VERDICTS or verdict["expected"] is None:
        return p(FEW if verdict["verdict"] == TOO_FEW else UNTOLD, class_="tile__verdict")
    expected = f"{written(name, verdict['expected_low'])} to {written(name, verdict['expected_high'])} expected"
    return p(
        span(VERDICTS[verdict["verdict"]], class_="tile__word"),
        f": {expected} from the weeks before",
        class_="tile__verdict",
    )


def _looked(state: Overview) -> Searches:
    """The searches behind these figures: the same days and filters."""
    names = ("department", "topic", "first", "last", "compare", "device", "channel", "account")
    return Searches(**{name: getattr(state, name) for name in names})


def _evidence(state: Overview, name: str) -> Element | None:
    """The way to what a figure is made of."""
    ways = {
        "sessions": ("Where they land", state.journeys().address()),
        "page_views": ("From page to page", state.journeys(steps=5).address()),
        "exit_rate": ("Where they end", state.journeys(direction="backward").address()),
        "single_page_rate": ("Who sees one page", state.journeys(steps=1).address()),
        "searches": ("What they look for", _looked(state).address()),
    }
    if name not in ways:
        return None
    said, to = ways[name]
    return div(link([said, unseen(f": {METRICS[name].title}")], to), class_="tile__evidence")
