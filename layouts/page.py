"""The Page page: one page's measures and trend, the pages before and after it so that the reader sees them add up, and its owner."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from layouts import estate, formats, page_around, usage_panel
from layouts.address import Problem
from layouts.components import choice, figures, files, graph, leading, link, more
from layouts.figures import trend as trend_picture
from layouts.headlines import Row, written
from layouts.markup import Child, Element, dd, div, dl, dt, h2, h3, li, p, section, span, ul
from layouts.offered import Offered
from layouts.usage_state import TREND, Handovers, Pages, Searches, Usage
from queries.answers import About, Answer
from queries.disclosure import SUPPRESSED
from queries.metrics import METRICS

LEAD: Final = "One page: what it is seen for, where people come from and go to, who comes right back, and who owns it."
EMPTY: Final = "Find a page by words of its address or title, or choose one from the list of all pages."
PUBLISHED: Final = "Rounded for publication, for whole weeks or months; what happens from day to day isn't published."
TILES: Final = ("sessions", "page_views", "landings", "exits", "exit_rate", "single_page_rate", "searches")
KINDS: Final = {"outbound": "Clicked out to", "download": "Downloaded", "error": "Error shown"}
FOUND: Final = 10


@dataclass(frozen=True)
class Found:
    """What the page is made of: the profile, its trend, and what was searched for from it."""

    profile: Answer
    trend: Answer
    terms: Answer


def title(state: Usage) -> str:
    """What the page and its charts show."""
    return f"How people use {state.page}" if state.page else "Find a page"


def trend_title(state: Usage) -> str:
    """What the chart over time shows."""
    return f"{METRICS[state.measure].title} of {state.page}, day by day"


def subject(state: Usage) -> str:
    """What the charts are of, in the names of files."""
    return state.page


def trend_subject(state: Usage) -> str:
    """The same of the chart over time."""
    return f"{state.measure} {state.page}".replace("_", " ")


def heading(state: Usage, problems: Sequence[Problem], offered: Offered) -> Element:
    """What is wrong with the address, if anything, what the page shows, and its filters with the box that finds another."""
    measures = {name: METRICS[name].title for name in TREND}
    in_sight = (
        [usage_panel.finder(state), choice("measure", "Measure", state.measure, measures)]
        if state.page
        else [usage_panel.finder(state, "Words of an address or title")]
    )
    asked = usage_panel.panel(state, in_sight, offered, "Page")
    return usage_panel.heading(state, title(state), LEAD if state.page else EMPTY, asked, problems=problems)


def offered(state: Usage, found: Answer | None) -> Element:
    """Pages that hold the words typed, where these name no page that was seen; the ways to others."""
    value: Any = found.value if found else {"total": 0, "pages": []}
    listed = [
        li(
            link(formats.breakable(row["page"]), state.address(page=row["page"])),
            f": {row['title']}" if row["title"] else "",
        )
        for row in value["pages"]
    ]
    said = f"No page {state.page} was seen on these days. " if state.page else "No page is chosen. "
    more_said = f"{formats.counted(value['total'], 'page holds', 'pages hold')} these words:" if value["pages"] else ""
    return div(
        p(said, more_said, class_="answer__sentence"),
        ul(listed, class_="govuk-list govuk-list--bullet") if listed else None,
        p("See ", link("all pages, the most seen first", state.elsewhere(Pages)), ".", class_="govuk-body"), class_="answer",
    )  # fmt: skip


def answered(state: Usage, found: Found, *, pictures: bool) -> Element:
    """Coverage, sentence, measures, pages around, trend, what was done, who owns it, and how it is counted."""
    value: Any = found.profile.value
    row = Row(found.profile.table.row(0, named=True))
    said = page_around.sentence(state, value)
    notes = dict.fromkeys((*found.profile.about.notes, *found.trend.about.notes))
    return div(
        leading(found.profile.about, said),
        _facts(state, value), _tiles(state, row, found.profile.about), _ways(state),
        page_around.parts(state, value, said, pictures=pictures), _pogo(row, value), _trend(state, found.trend, pictures=pictures),
        _missing(state, row, value), _done(row, value), _terms(state, found.terms),
        more("How this is counted", *[p(one) for one in (found.profile.about.definition, found.trend.about.definition, *notes)]),
        class_="answer",
    )  # fmt: skip


def published(state: Usage, answer: Answer, *, pictures: bool) -> Element:
    """What is published of a page: its measures, and the pages before and after it, rounded so that they still add up."""
    value: Any = answer.value
    said, row = page_around.sentence(state, value), Row(answer.table.row(0, named=True))
    return div(
        leading(answer.about, said), p(PUBLISHED, class_="govuk-body"),
        _facts(state, value), _tiles(state, row, answer.about),
        page_around.parts(state, value, said, pictures=pictures), _pogo(row, value),
        more("How this is counted", *[p(one) for one in (answer.about.definition, *answer.about.notes)]), class_="answer",
    )  # fmt: skip


def _facts(state: Usage, value: Mapping[str, Any]) -> Element:
    """Who owns the page, then and now, and what it is."""
    owner = value["owner_then"]
    now = f", today {value['owner_now']}" if owner and value["owner_now"] != owner else ""
    rows: list[tuple[str, Child]] = [
        ("Title", value["title"]), ("Document type", value["document_type"]), ("Topic", value["taxon"]), ("Step by step", value["step_by_step"]),
        ("Owner", [link(owner, state.elsewhere(Handovers, department=owner)), now] if owner and owner != "No owner" else owner),
        ("Tagged with", value["tagged"] or None),
        ("Service", link(value["service_name"], f"/drop-offs?service={value['service']}") if value["service_name"] else None),
        ("Memorandum of its owner", value["memorandum"]),
    ]  # fmt: skip
    listed = [div(dt(name, class_="govuk-summary-list__key"), dd(told, class_="govuk-summary-list__value"), class_="govuk-summary-list__row") for name, told in rows if told]  # fmt: skip
    return dl(listed, class_="govuk-summary-list govuk-summary-list--no-border facts")


def _tiles(state: Usage, row: Row, about: About) -> Element:
    """A tile for each measure, with what it was before; each leads to its chart."""
    tiles = [_tile(state, name, row, about) for name in TILES]
    return section(h2("Measures", class_="govuk-visually-hidden"), ul(tiles, class_="tiles"))


def _tile(state: Usage, name: str, row: Row, about: About) -> Element:
    said: Child = METRICS[name].title
    change = row.change(f"{name}_change")
    days = formats.period(about.comparison) if about.comparison else ""
    low, high = (row.change(f"{name}_change_{end}") for end in ("low", "high"))
    between = span(f"95% interval {low} to {high}", class_="tile__between") if change and low and high else None
    told = p(f"{change} compared with {days}", " ", between, class_="tile__change") if change and days else None
    to = (
        link(said, f"{state.address(measure=name)}#trend") if name != state.measure else span(said, aria_current="true")
    )
    return li(
        h3(to, class_="tile__name"),
        p(row.said(name), class_="tile__value"),
        told,
        class_="tile tile--chosen" if name == state.measure else "tile",
    )


def _ways(state: Usage) -> Element:
    """The ways from here to the journeys."""
    ways = (("Where people go after it, step by step", "forward"), ("How people reach it", "backward"))
    items = [li(link(said, state.journeys(state.page, direction=way))) for said, way in ways]
    return ul(items, class_="files", aria_label="Journeys")


def _pogo(row: Row, value: Mapping[str, Any]) -> Element:
    """Who came right back, beside pages of its kind."""
    kind = value["kind"]
    said = f"{_share(row, 'pogo_stick_rate')} of its sessions went to another page and came right back to it"
    alike = kind["pogo_stick_rate"] is not None and kind["document_type"]
    beside = (
        f"; of all {kind['pages']:,} pages of its kind ({kind['document_type']}) it was {formats.share(kind['pogo_stick_rate'])}"
        if alike
        else ""
    )
    return section(h2("Who came right back", class_="govuk-heading-m"), p(f"{said}{beside}.", class_="govuk-body"))


def _share(row: Row, name: str) -> str:
    if name in (row.values.get(SUPPRESSED) or ()):
        return formats.HIDDEN
    return formats.NO_VALUE if row.values[name] is None else formats.share(row.values[name])


def _count(row: Row, name: str) -> str:
    return formats.HIDDEN if name in (row.values.get(SUPPRESSED) or ()) else formats.whole(row.values[name])


def _trend(state: Usage, answer: Answer, *, pictures: bool) -> Element:
    """The measure day by day in its expected band, with its table and files."""
    value: Any = answer.value
    said = estate.sentence(state, value)
    head = ("Day", METRICS[state.measure].title, "Expected from", "to", "Outside")
    name = state.measure
    cells: list[list[Child]] = [
        [formats.day(formats.of_iso(one["day"])), written(name, one[name]), written(name, one.get(f"{name}_expected_low")),
         written(name, one.get(f"{name}_expected_high")), "outside" if one.get(f"{name}_unusual") else ""]
        for one in value["rows"]
    ]  # fmt: skip
    table = figures(
        f"{trend_title(state)}, with what was expected", head, cells, numbers=frozenset({1, 2, 3}), hidden_title=True
    )
    return section(
        h2(formats.breakable(trend_title(state)), class_="govuk-heading-m", id="trend"), p(formats.breakable(said), class_="govuk-body"),
        graph("page-trend", trend_picture.figure(name, value), f"{trend_title(state)}. {said}", trend_picture.HEIGHT),
        more("The same numbers as a table", table), files(lambda kind: state.address(f"/files/page-trend.{kind}"), pictures=pictures),
    )  # fmt: skip


def _missing(state: Usage, row: Row, value: Mapping[str, Any]) -> Element | None:
    """Page views that weren't found, and what led to them; nothing where all were."""
    if row.values["not_found"] == 0:
        return None
    said = f"{_count(row, 'not_found')} page views answered that there is no such page. These pages led there:"
    rows: list[list[Child]] = [
        [page_around.named(state, one["page"]), formats.whole(one["not_found"])]
        for one in value["not_found_from"][:FOUND]
    ]
    return section(
        h2("Page not found", class_="govuk-heading-m"), p(said, class_="govuk-body"),
        figures("Pages that led there", ["Page", "Page views"], rows, numbers=frozenset({1}), hidden_title=True) if rows else None,
    )  # fmt: skip


def _done(row: Row, value: Mapping[str, Any]) -> Element:
    """Answers on usefulness, clicks out, downloads and errors, where they were sent."""
    answers = [row.values[name] for name in ("useful_yes", "useful_no")]
    if answers == [0, 0]:
        said = "Nobody answered whether the page is useful."
    else:
        said = f"{_share(row, 'usefulness')} of {_count(row, 'useful_yes')} yes and {_count(row, 'useful_no')} no say that the page is useful."
    done = [one for one in value["events"] if one["kind"] in KINDS][:FOUND]
    rows: list[list[Child]] = [
        [f"{KINDS[one['kind']]} {one['name'] or '(no name)'}", formats.whole(one["events"])] for one in done
    ]
    table = (
        figures("Clicks out, downloads and errors, most first", ["What", "Times"], rows, numbers=frozenset({1}))
        if rows
        else None
    )
    none = None if rows else p("No clicks out, downloads or errors were sent from it.", class_="govuk-body")
    return section(h2("What people did on it", class_="govuk-heading-m"), p(said, class_="govuk-body"), table, none)


def _terms(state: Usage, answer: Answer) -> Element | None:
    """What was searched for from the page."""
    value: Any = answer.value
    if not value["terms"]:
        return None
    rows: list[list[Child]] = [[one["term"], formats.whole(one["searches"])] for one in value["terms"][:FOUND]]
    return section(
        h2("Searches made from it", class_="govuk-heading-m"), figures("Searches made from it", ["Term", "Searches"], rows, numbers=frozenset({1}), hidden_title=True),
        p(link("All searches made from it", state.elsewhere(Searches, page=state.page)), class_="govuk-body"),
    )  # fmt: skip
