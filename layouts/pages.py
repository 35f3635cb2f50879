"""The Pages page: pages by a measure, sorted and a hundred at a time, and the box that finds one among all."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from layouts import formats, ids, page_top, usage_panel
from layouts.address import Problem
from layouts.components import choice, figures, files, graph, leading, link, more, sorting
from layouts.figures import bars
from layouts.figures.bars import Bar
from layouts.headlines import written
from layouts.markup import Child, Element, div, form, li, nav, p, section, ul
from layouts.offered import Offered
from layouts.usage_state import ORDERS, Page, Usage
from queries.answers import Answer
from queries.disclosure import SUPPRESSED
from queries.metrics import METRICS
from queries.pages.pages import SHOWN

AT_ONCE: Final = 50
DRAWN: Final = 10
LEAD: Final = "Pages of www.gov.uk, and of services that you are named for, by any measure. Find one by words of its address or title, or open one below."
FOLDED: Final = "In brackets: all pages of a department's services that you are not named for, together."
DEFAULT_SORT: Final = "page_views"


def measure(state: Usage) -> str:
    """The measure that the pages are sorted by."""
    return state.sort or DEFAULT_SORT


def title(state: Usage) -> str:
    """What the page and its chart show."""
    whose = f" of {state.department}" if state.department else ""
    return f"Pages{whose} with {'most' if state.order == 'descending' else 'fewest'} {METRICS[measure(state)].title.lower()}"


def subject(state: Usage) -> str:
    """What the chart is of, in the names of files."""
    return f"{measure(state)} {state.department or 'whole estate'}".replace("_", " ")


def heading(state: Usage, problems: Sequence[Problem], offered: Offered) -> Element:
    """What is wrong with the address, if anything, what the page shows, the box that finds a page, and the filters."""
    sorts = {name: METRICS[name].title for name in SHOWN}
    in_sight = [choice("sort", "Sorted by", measure(state), sorts), choice("order", "Order", state.order, ORDERS)]
    form = div(search(state), usage_panel.panel(state, in_sight, offered, "Pages"))
    return usage_panel.heading(state, title(state), LEAD, form, problems=problems)


def search(state: Usage) -> Element:
    """The box that finds a page among all, by words of its address or title."""
    row = div(
        usage_panel.finder(replace(state, page=""), "Find a page by words of its address or title"),
        page_top.apply("Open"),
        class_="panel-row",
    )
    return form(
        row, method="get", action=Page.AT, class_="filters filters--first", role="search", aria_label="Find a page"
    )


def sentence(state: Usage, value: Mapping[str, Any]) -> str:
    """The answer in one sentence with numbers."""
    if value["offset"]:
        return _further(value["offset"], len(value["pages"]), value["total"])
    name = measure(state)
    rows = [row for row in value["pages"] if row[name] is not None]
    if not rows:
        return (
            "No page was seen on these days with these filters."
            if not value["total"]
            else "Every number here is hidden: fewer than 10."
        )
    first = next((row for row in rows if not folded(row["page"])), rows[0])
    most = "most" if state.order == "descending" else "fewest"
    place = "comes first" if METRICS[name].is_rate else f"has the {most}"
    return f"Of {formats.counted(value['total'], 'page')}, {first['page']} {place}: {_said(name, first[name])}."


def _further(before: int, shown: int, total: int) -> str:
    """Which pages these are, where they aren't the first."""
    if not shown:
        return f"There are only {formats.counted(total, 'page')}."
    return f"Pages {formats.whole(before + 1)} to {formats.whole(before + shown)} of {formats.whole(total)}."


def _said(name: str, value: float) -> str:
    metric = METRICS[name]
    return (
        f"{metric.title.lower()} {written(name, value)}"
        if metric.is_rate
        else f"{written(name, value)} {metric.title.lower()}"
    )


def figure(state: Usage, value: Mapping[str, Any]) -> dict[str, Any]:
    """The first pages as bars."""
    name = measure(state)
    drawn = [Bar(row["page"], row[name], _cell(name, row)) for row in value["pages"][:DRAWN]]
    return bars.figure(drawn, METRICS[name].title, bars.SHARES if METRICS[name].is_rate else bars.COUNTS)


def answered(state: Usage, answer: Answer, *, pictures: bool) -> Element:
    """Coverage, sentence, chart, table by pages, files, and how it is counted."""
    value: Any = answer.value
    said = sentence(state, value)
    chart = graph("pages", figure(state, value), f"{title(state)}. {said}", bars.height(len(value["pages"][:DRAWN])))
    shown: list[Child] = [
        None if state.offset else chart, _table(state, value), _turning(state, value),
        p(FOLDED, class_="govuk-body") if any(folded(row["page"]) for row in value["pages"]) else None,
        files(lambda kind: state.address(f"/files/pages.{kind}"), pictures=pictures),
    ] if value["pages"] else [page_top.elsewhere(state)]  # fmt: skip
    return div(
        leading(answer.about, said), shown,
        more("How this is counted", *[p(one) for one in (answer.about.definition, *answer.about.notes)]), class_="answer",
    )  # fmt: skip


def _table(state: Usage, value: Mapping[str, Any]) -> Element:
    by = measure(state)
    head: list[Child] = [
        "Page",
        "Title",
        "Department",
        *(_head(state, name, state.order if name == by else None) for name in SHOWN),
    ]
    cells: list[list[Child]] = [
        [page_link(state, row["page"]), row["title"] or "", row["department"] or "", *(_cell(name, row) for name in SHOWN)]
        for row in value["pages"]
    ]  # fmt: skip
    numbers, order = frozenset(range(3, 3 + len(SHOWN))), (3 + SHOWN.index(by), state.order)
    return section(figures("The same numbers as a table", head, cells, numbers=numbers, ordered=order, name=ids.TABLE))


def _head(state: Usage, name: str, order: str | None) -> Element:
    """A measure that sorts the pages, the other way round where it does already; from the first row on."""
    turned = "ascending" if order == "descending" else "descending"
    return sorting(METRICS[name].title, state.address(sort=name, order=turned, offset=0), order)


def folded(page: str) -> bool:
    """Whether this stands for all the pages of a department that may not be seen."""
    return page.startswith("(")


def page_link(state: Usage, page: str) -> Child:
    """A page's name that leads to its profile; those that may not be seen lead nowhere."""
    return page if folded(page) else link(formats.named(page), state.elsewhere(Page, page=page))


def _cell(name: str, row: Mapping[str, Any]) -> str:
    """A measure of a row; a hidden count, and a rate made of one, is `[c]`."""
    hidden = name in (row.get(SUPPRESSED) or ()) or (row[name] is None and not METRICS[name].is_rate)
    return formats.HIDDEN if hidden else written(name, row[name])


def _turning(state: Usage, value: Mapping[str, Any]) -> Element | None:
    """Which rows these are, and the ways to those before and after."""
    first, last = state.offset + 1, state.offset + len(value["pages"])
    if value["total"] <= AT_ONCE:
        return None
    ways = [
        link("Earlier rows", state.address(offset=max(0, state.offset - AT_ONCE)), rel="prev")
        if state.offset
        else None,
        link("Later rows", state.address(offset=state.offset + AT_ONCE), rel="next") if last < value["total"] else None,
    ]
    said = p(f"Rows {first:,} to {last:,} of {value['total']:,}", class_="govuk-body-s")
    return nav(said, ul([li(way) for way in ways if way], class_="files"), aria_label="Rows of the table")
