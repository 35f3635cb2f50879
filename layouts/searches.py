"""The Searches page: what people look for, from where, what they open next, which searches end there, and what is rising."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from layouts import formats, page_top, usage_panel
from layouts.address import Problem
from layouts.components import choice, figures, files, graph, leading, left_out, link, more
from layouts.figures import bars
from layouts.figures.bars import Bar
from layouts.headlines import signed
from layouts.markup import Child, Element, div, h2, li, p, section, strong, ul
from layouts.offered import Offered
from layouts.usage_state import TERMS, Page, Usage
from queries.answers import Answer
from queries.terms.term_sums import FIRST, LANDED, NOTHING
from queries.verdicts.verdicts import LIKELY

ROWS: Final = 50
DRAWN: Final = 12
RARE: Final = "(rare)"
LEAD: Final = (
    "Searches on the site. A term is shown once ten sessions of a month have searched for it; rarer ones are counted together. "
    "Ended means that nothing more was seen after the search."
)
HEAD: Final = (
    "Term",
    "Searches",
    "Sessions",
    "Before",
    "Change",
    "Ended there",
    "Searched from",
    "Opened next",
    "Unusual",
)
RISING_HEAD: Final = (*HEAD[:-1], "Expected", "Is it real?")
SPECIAL: Final = {FIRST: "Before any page", LANDED: "Began with the search", NOTHING: "Nothing more seen"}


def title(state: Usage) -> str:
    """What the page and its chart show."""
    where = f" from {state.page}" if state.page else f" from pages of {state.department}" if state.department else ""
    return {"": "What people look for", "searches": "What people look for", "ended": "Searches that end there", "rising": "Searches that are rising"}[state.sort] + where  # fmt: skip


def subject(state: Usage) -> str:
    """What the chart is of, in the names of files."""
    return f"{state.sort or 'searches'} {state.department or state.page or 'whole estate'}"


def heading(state: Usage, problems: Sequence[Problem], offered: Offered) -> Element:
    """What is wrong with the address, if anything, what the page shows, and its filters."""
    in_sight = [
        choice("sort", "Order", state.sort or "searches", TERMS),
        usage_panel.finder(state, "Searched from page"),
    ]
    asked = usage_panel.panel(state, in_sight, offered, "Searches")
    return usage_panel.heading(state, title(state), LEAD, asked, problems=problems)


def sentence(state: Usage, value: Mapping[str, Any]) -> str:
    """The answer in one sentence with numbers."""
    rows = _named(value)
    if not value["terms"]:
        return "Nobody searched on these days with these filters."
    if not rows:
        return "No term was searched for in ten sessions of a month, so none is shown."
    first = rows[0]
    if state.sort == "rising":
        return f"{_quoted(first)} rises most surely: {formats.counted(first['searches'], 'search', 'searches')}, {_since(first)}{_judged(first)}."
    ended = f"after {_share(first)} of them nothing more was seen"
    if state.sort == "ended":
        return f"Searches for {_quoted(first)} end most often: {ended}, of {formats.counted(first['searches'], 'search', 'searches')}."
    return f"People looked most for {_quoted(first)}, {formats.counted(first['searches'], 'time')}; {ended}."


def _named(value: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [row for row in value["terms"] if row["term"] != RARE and row["searches"] is not None]


def _quoted(row: Mapping[str, Any]) -> str:
    return f"“{row['term']}”"


def _since(row: Mapping[str, Any]) -> str:
    before = row["searches_comparison"]
    return "nothing to compare with" if before is None else f"from {formats.whole(before)} before"


def _judged(row: Mapping[str, Any]) -> str:
    return (
        "; the rise is likely real" if row["verdict"] == LIKELY or row["searches_unusual"] else "; it could be chance"
    )


def figure(_: Usage, value: Mapping[str, Any]) -> dict[str, Any]:
    """The terms asked for as bars, the part after which nothing more was seen hatched."""
    return bars.figure(
        [_bar(row) for row in _named(value)[:DRAWN]], "Searches; hatched: nothing more was seen after them"
    )


def _bar(row: Mapping[str, Any]) -> Bar:
    return Bar(row["term"], row["searches"], formats.whole(row["searches"]), row["ended"] or 0)


def answered(state: Usage, answer: Answer, *, pictures: bool) -> Element:
    """Coverage, sentence, chart, table, files, and how it is counted."""
    value: Any = answer.value
    said = sentence(state, value)
    height = bars.height(len(_named(value)[:DRAWN]))
    shown: list[Child] = [
        graph("searches", figure(state, value), f"{title(state)}. {said}", height), table(state, value),
        files(lambda kind: state.address(f"/files/searches.{kind}"), pictures=pictures),
    ] if value["terms"] else [page_top.elsewhere(state)]  # fmt: skip
    return div(
        leading(answer.about, said), _orders(state), shown,
        more("How this is counted", *[p(one) for one in (answer.about.definition, *answer.about.notes)]), class_="answer",
    )  # fmt: skip


def _orders(state: Usage) -> Element:
    """The three orders, as links."""
    here = state.sort or "searches"
    items = [
        li(strong(said, aria_current="true") if name == here else link(said, state.address(sort=name)))
        for name, said in TERMS.items()
    ]
    return section(
        h2("Which terms", class_="govuk-visually-hidden"), ul(items, class_="files", aria_label="Which terms")
    )


def table(state: Usage, value: Mapping[str, Any], most: int = ROWS) -> Element:
    """The terms asked for, `most` of them, each with the pages before and after it."""
    rows = value["terms"][:most]
    head = RISING_HEAD if state.sort == "rising" else HEAD
    rest = left_out(value["total"] - len(rows), "term")
    compared = any(row["searches_comparison"] is not None for row in rows)
    cells = [_row(state, row, compared=compared) for row in rows]
    return section(figures("The same numbers as a table", head, cells, numbers=frozenset({1, 2, 3, 4, 5})), rest)


def _row(state: Usage, row: Mapping[str, Any], *, compared: bool) -> list[Child]:
    change, before = row["searches_change"], row["searches_comparison"]
    last: list[Child] = ["unusual" if row["searches_unusual"] else ""]
    if state.sort == "rising":
        low, high = row["expected_low"], row["expected_high"]
        range_ = "" if low is None or high is None else f"{round(low):,} to {round(high):,}"
        last = [range_, _real(row)]
    return [
        "Terms too rare to show" if row["term"] == RARE else row["term"], formats.whole(row["searches"]), formats.whole(row["sessions"]),
        formats.whole(before) if compared else "", signed(change / before * 100, "%") if change is not None and before else "",
        _share(row), _most(state, row["before"]), _most(state, [one for one in row["next"] if one["page"] != NOTHING]), *last,
    ]  # fmt: skip


def _real(row: Mapping[str, Any]) -> Child:
    if row["verdict"] == LIKELY:
        return strong("Likely real", class_="govuk-tag govuk-tag--orange")
    said = row["verdict"] or ""
    return f"{said[:1].upper()}{said[1:]}"


def _share(row: Mapping[str, Any]) -> str:
    return formats.HIDDEN if row["ended"] is None else formats.rate(row["ended"], row["searches"])


def _most(state: Usage, pages: Sequence[Mapping[str, Any]]) -> Child:
    """The page that stands first, with its part of the searches; it leads to its own profile."""
    if not pages:
        return ""
    name = str(pages[0]["page"])
    if name in SPECIAL or name.startswith("("):
        return SPECIAL.get(name, str(name))
    return link(formats.named(name), state.elsewhere(Page, page=name))
