"""Components of the GOV.UK Design System, as functions of what they say."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

import orjson

from layouts import formats, ids, theme, words
from layouts.address import Problem
from layouts.markup import (
    Attribute,
    Child,
    Element,
    a,
    button,
    caption,
    details,
    div,
    figure,
    h2,
    input_,
    label,
    li,
    option,
    p,
    section,
    select,
    span,
    strong,
    summary,
    table,
    tbody,
    td,
    th,
    thead,
    tr,
    ul,
    unseen,
)
from queries.answers import About

GROUP: Final = "govuk-form-group"
STATUSES: Final = {  # the colours of tags
    "shared": "green", "in force": "green", "no memorandum needed": "blue", "not needed": "blue",
    "shared on some days": "yellow", "totals only": "yellow", "shared in part": "yellow", "not yet in force": "yellow", "sent, not signed": "yellow",
}  # fmt: skip
ARROWS: Final = {"ascending": " ▲", "descending": " ▼"}
MOST_NARROW: Final = 6  # columns that a phone can show without scrolling sideways far


def link(said: Child, href: str, **attributes: Attribute) -> Element:
    """A link in running text."""
    return a(said, **{"class_": "govuk-link", "href": href, **attributes})


def error_summary(problems: Sequence[Problem], title: str = "There is a problem") -> Element | None:
    """Each problem, with a link to its control; nothing where there is none."""
    if not problems:
        return None
    items = [
        li(a(problem.sentence, href=f"#{ids.field(problem.field)}") if problem.control else strong(problem.sentence))
        for problem in problems
    ]
    body = div(ul(items, class_="govuk-list govuk-error-summary__list"), class_="govuk-error-summary__body")
    alert = div(h2(title, class_="govuk-error-summary__title"), body, role="alert")
    return div(alert, id=ids.PROBLEMS, class_="govuk-error-summary", data_module="govuk-error-summary", tabindex="-1")


def failure(title: str, detail: str, reference: str, *more: Child) -> Element:
    """What went wrong with an answer, what to do, and the reference that the log knows it by."""
    body = div(p(detail), p("Reference ", strong(reference)), more, class_="govuk-error-summary__body")
    alert = div(h2(title, class_="govuk-error-summary__title"), body, role="alert")
    return div(alert, class_="govuk-error-summary", data_module="govuk-error-summary", tabindex="-1")


def group(name: str, said: str, control: Child) -> Element:
    """A labelled control of a form."""
    return div(label(said, class_="govuk-label", for_=ids.field(name)), control, class_=GROUP)


def text_field(name: str, said: str, value: str, **attributes: Attribute) -> Element:
    """A one-line text field."""
    more: dict[str, Attribute] = {"class_": "govuk-input", "type": "text", "spellcheck": "false", "autocomplete": "off"}
    return group(name, said, input_(**{**more, **attributes}, id=ids.field(name), name=name, value=value))


def day_field(name: str, said: str, value: date | str | None) -> Element:
    """A field for a day."""
    return group(
        name, said, input_(type="date", id=ids.field(name), name=name, value=str(value or ""), class_="govuk-input")
    )


def named(values: Iterable[str]) -> dict[str, str]:
    """Words as options to choose from, each with a capital."""
    return {value: f"{value[:1].upper()}{value[1:]}" for value in values}


def choice(name: str, said: str, chosen: str, options: Mapping[str, str]) -> Element:
    """A list to choose one of; a chosen value that the list lacks is added, so that the form shows what is asked."""
    listed = dict(options) if chosen in options else {chosen: chosen.replace(",", ", "), **options}
    items = [option(shown, value=value, selected=value == chosen) for value, shown in listed.items()]
    return group(name, said, select(items, class_="govuk-select", id=ids.field(name), name=name))


def tick(name: str, said: str, *, ticked: bool, value: str = "true") -> Element:
    """One checkbox."""
    box = input_(
        class_="govuk-checkboxes__input", type="checkbox", id=ids.field(name), name=name, value=value, checked=ticked
    )
    named = label(said, class_="govuk-label govuk-checkboxes__label", for_=ids.field(name))
    item = div(box, named, class_="govuk-checkboxes__item")
    return div(item, class_="govuk-checkboxes govuk-checkboxes--small", data_module="govuk-checkboxes")


def more(said: str, *inside: Child, opened: bool = False, **attributes: Attribute) -> Element:
    """Details that open in place."""
    head = summary(span(said, class_="govuk-details__summary-text"), class_="govuk-details__summary")
    body = div(*inside, class_="govuk-details__text")
    return details(head, body, **{"class_": "govuk-details", "open": opened, **attributes})


def figures(
    title: str,
    head: Sequence[Child],
    rows: Iterable[Sequence[Child]],
    *,
    numbers: frozenset[int],
    hidden_title: bool = False,
    ordered: tuple[int, str] | None = None,
    name: str | None = None,
) -> Element:
    """A table whose first column names the row; `numbers` are the columns that hold numbers, from 0.

    `ordered` is the column that the rows are sorted by, and whether that is `ascending` or `descending`; `name` is the id that
    an address ends with to lead to it.

    It stands in a region that can be scrolled with the keyboard where the table is wider than the page.
    """
    size = "govuk-visually-hidden" if hidden_title else "govuk-table__caption--m"
    order = {ordered[0]: ordered[1]} if ordered else {}
    heads = [
        th(said, scope="col", aria_sort=order.get(n), class_=_cell("header", n in numbers))
        for n, said in enumerate(head)
    ]
    body = [
        tr([_table_cell(cell, n, numeric=n in numbers) for n, cell in enumerate(row)], class_="govuk-table__row")
        for row in rows
    ]
    whole = table(
        caption(title, class_=f"govuk-table__caption {size}"),
        thead(tr(heads, class_="govuk-table__row"), class_="govuk-table__head"),
        tbody(body, class_="govuk-table__body"),
        class_=f"govuk-table figures{' figures--wide' if len(head) > MOST_NARROW else ''}",
    )
    return div(whole, class_="scrolled", role="region", aria_label=title, tabindex="0", id=name)


def sorting(said: str, to: str, order: str | None = None) -> Element:
    """The head of a column that the table can be sorted by; `order` is how it is sorted by it now, if it is."""
    arrow = span(ARROWS[order], aria_hidden="true") if order else None
    return link([unseen("Sort by "), said, arrow], f"{to}#{ids.TABLE}")


def left_out(rows: int, what: str) -> Element | None:
    """How many rows a table's files have beyond those on the page; `what` is one of them, such as `row`."""
    return p(f"{formats.counted(rows, f'more {what}')} in the files.", class_="govuk-body-s") if rows > 0 else None


def _table_cell(cell: Child, column: int, *, numeric: bool) -> Element:
    if column == 0:
        return th(cell, scope="row", class_=_cell("header", numeric))
    return td(cell, class_=_cell("cell", numeric))


def _cell(kind: str, numeric: bool) -> str:  # noqa: FBT001 - the one thing that differs
    return f"govuk-table__{kind} govuk-table__{kind}--numeric" if numeric else f"govuk-table__{kind}"


def status(said: str) -> Element:
    """How a department shares, or how its memorandum stands, as a coloured tag; grey where nothing comes."""
    return strong(f"{said[:1].upper()}{said[1:]}", class_=f"govuk-tag govuk-tag--{STATUSES.get(said, 'grey')}")


def covered(about: About) -> Element:
    """The days that an answer is of, and how much of the estate they hold."""
    return p(
        strong(formats.period(about.period)), "; ", words.coverage_line(about), class_="govuk-body-s answer__coverage"
    )


def leading(about: About, said: str, name: str | None = None) -> list[Element]:
    """What every answer begins with: its days and what they hold, the answer in one sentence, and a button that copies both."""
    copied = button(words.COPY, type="button", class_="copy", data_copied=words.COPIED)
    return [covered(about), p(formats.breakable(said), class_="answer__sentence", id=name), copied]


def files(address: Callable[[str], str], *, pictures: bool) -> Element:
    """A link for each kind of file of a chart; `address` gives that of a kind, `pictures` says whether any can be drawn here."""
    kinds = (
        words.FILES if pictures else {kind: said for kind, said in words.FILES.items() if kind not in words.PICTURES}
    )
    items = [li(link(said, address(kind), download=True)) for kind, said in kinds.items()]
    missing = None if pictures else p(words.NO_PICTURES, class_="govuk-body-s")
    title = h2("Take it away", class_="govuk-heading-m files__title")
    return section(title, ul(items, class_="files"), missing)


def figures_coming() -> Element:
    """The place of figures before they come, as high as what comes."""
    above = [div(class_="bone bone--line"), div(class_="bone bone--sentence")]
    rows = [div(class_="bone bone--row") for _ in range(12)]
    return div(div(above, rows, aria_hidden="true"), unseen("Loading"), class_="answer answer--waiting")


def graph(name: str, drawn: Mapping[str, Any], said: str, height: int) -> Element:
    """A chart by plotly.js; `said` is its title and message, for those who don't see it. `height`, in pixels, is kept free."""
    whole = orjson.dumps({**drawn, "config": theme.GRAPH_CONFIG}).decode()
    place = div(id=name, class_="chart", style=f"height:{height}px", data_figure=whole)
    return figure(place, role="img", aria_label=said)


def wide(chart: Element, said: str) -> Element:
    """A chart of many parts, which a phone scrolls sideways rather than squeezes; `said` names the place."""
    return div(div(chart, class_="wide"), class_="scrolled", role="region", aria_label=said, tabindex="0")
