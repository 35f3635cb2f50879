"""The Estate page: headline measures with what they were before, the trend with its band, and every department."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Protocol

from data.contract import CHANNELS, DEVICES
from data.periods import Period
from data.register import NO_OWNER, register
from layouts import formats, headlines, overview, pack, page_top, why, words
from layouts.address import Problem
from layouts.components import (
    choice,
    day_field,
    figures,
    files,
    graph,
    leading,
    link,
    more,
    named,
    status,
    tick,
)
from layouts.figures import trend as picture
from layouts.headlines import Row
from layouts.markup import (
    Child,
    Element,
    a,
    div,
    h2,
    li,
    p,
    section,
    strong,
    ul,
    unseen,
)
from layouts.offered import Offered
from layouts.overview import MEASURES, Overview
from layouts.reported import Totals
from layouts.state import COMPARISONS
from queries.answers import Answer
from queries.asking import WHOLE_ESTATE
from queries.departments.row_names import TOTALS_ONLY
from queries.filter_notes import closed
from queries.metrics import METRICS
from queries.verdicts.verdicts import LIKELY

LEAD: Final = "Each figure stands beside the days before it and beside what was expected from them. Open one to see what it is made of."
REAL: Final = (
    "The interval is of these days and those before alone. Could be chance means that earlier stretches as long departed from "
    "what was expected of them by as much. "
)
PUBLISHED: Final = "Each figure is rounded and stands beside the days before it. Open one to see what it is made of."
DAYS_HEAD: Final = ("Value", "Expected from", "to", "Outside")
JUDGED: Final = ("95% interval", "Is it real?")  # heads of what rests on single days, which aren't published


def heading(state: Overview, problems: Sequence[Problem], offered: Offered) -> Element:
    """What is wrong with the address, if anything, what the page shows, and its filters."""
    in_sight = [
        day_field("from", "First day", state.value("from")), day_field("to", "Last day", state.value("to")),
        choice("compare", "Compared with", state.compare, COMPARISONS),
    ]  # fmt: skip
    form = page_top.filters(
        "/estate", "Estate", in_sight,
        choice("department", "Department", state.department, {"": "The whole estate"} | named(offered.departments)),
        choice("measure", "Measure", state.measure, {name: METRICS[name].title for name in MEASURES}),
        offered.topic(state.value("topic")),
        choice("device", "Device", state.value("device"), {"": "All"} | named(DEVICES)),
        choice("channel", "Channel", state.value("channel"), {"": "All"} | named(CHANNELS)),
        choice("account", "Account", state.account, words.ACCOUNTS),
        div(tick("publication", "Round for publication", ticked=state.publication), class_="options__ticks"),
    )  # fmt: skip
    lead = PUBLISHED if state.publication else LEAD
    return page_top.heading(overview.title(state), lead, form, page_top.tags(state), problems=problems)


class Measured(Protocol):
    """A state that a trend is told of: its measure, and whose it is."""

    @property
    def measure(self) -> str:
        """The name of the measure."""
        ...

    @property
    def whose(self) -> str:
        """Whose figures, in a sentence."""
        ...


def sentence(state: Measured, value: Mapping[str, Any]) -> str:
    """The answer of the trend in one sentence with numbers: on screen, in files, and for those who listen."""
    rows, measure = value["rows"], METRICS[state.measure]
    if rows and (ended := closed(state.whose, date.fromisoformat(rows[0]["day"]))):
        return f"{ended}."
    known = [row for row in rows if row[state.measure] is not None]
    whose = f"{state.whose[:1].upper()}{state.whose[1:]}"
    change = next((one for one in value["changes"] if one["measure"] == state.measure), None)
    if not known and change and change["value"] is None and measure.unit != "share":
        return f"{measure.title} of {state.whose} are hidden on these days: fewer than 10."
    if not known:
        return f"No data of {state.whose} is here for {measure.title.lower()} on these days."
    outside = sum(bool(row.get(f"{state.measure}_unusual")) for row in rows)
    banded = sum(row.get(f"{state.measure}_expected_low") is not None for row in rows)
    parts = [f"{whose} had {headlines.total(state.measure, known, change)}", *headlines.judged(state.measure, change)]
    if banded and len(rows) > 1:  # one day alone is the whole, of which the verdict speaks
        parts.append(f"{outside or 'none'} of {formats.counted(banded, 'day')} lay outside what was expected")
    return f"{'; '.join(parts)}."


@dataclass(frozen=True)
class Found:
    """What the page is made of: the trend of the chart, every department's summary, and what is said of their changes."""

    trend: Answer
    summary: Answer
    departments: Answer | None  # the trend of every department; none where nobody has any
    drivers: Answer | None = None  # why the measure moved, where that is asked
    closed: frozenset[str] = frozenset()  # departments whose pages the viewer isn't named for: totals, and no more
    alerts: Element | None = None  # that are raised, where anybody made a rule


def answered(state: Overview, found: Found, *, pictures: bool) -> Element:
    """Coverage, sentence, headlines, chart with its table and files, departments, and how it is counted."""
    trend, summary = found.trend, found.summary
    value: Any = trend.value
    linked = state.department not in found.closed
    said, whole = sentence(state, value), [Row(row) for row in summary.table.to_dicts()]
    top = leading(trend.about, said)
    if trend.about.empty:
        return div(top, page_top.elsewhere(state), events(value), class_="answer")
    return div(
        top,
        headlines.tiles(state, _row(state, whole), value["changes"], summary.about, linked=linked),
        None if state.publication else p(REAL, link("How this is told", "/definitions#likely-real"), ".", class_="govuk-body-s"),
        found.alerts,
        h2(overview.title(state), class_="govuk-heading-m"),
        graph("estate-trend", picture.figure(state.measure, value), f"{overview.title(state)}. {said}", picture.HEIGHT),
        events(value),
        more("The same numbers as a table", days(state, value["rows"], linked=linked)),
        files(lambda kind: state.address(f"/files/estate.{kind}"), pictures=pictures),
        pack.offered(pack.of(state), pictures=pictures),
        why.part(state, found.drivers, closed=not linked),
        _departments(state, whole, found),
        more("How this is counted", *[p(one) for one in (trend.about.definition, summary.about.definition, *summary.about.notes)]),
        class_="answer",
    )  # fmt: skip


def _row(state: Overview, rows: Sequence[Row]) -> Row | None:
    """The row of the summary that the headlines are of."""
    wanted = state.department or WHOLE_ESTATE
    return next((row for row in rows if row.values["department"] == wanted), None)


def events(value: Mapping[str, Any]) -> Element:
    """Breaks and dated events of these days, in words: what the chart marks, and what it has no room for."""
    breaks = [f"{_said(one['day'])}: {one['name']}. {one['why']}" for one in value["breaks"]]
    events = [f"{_said(one['first_day'])}: {one['name']}{_by(one)}" for one in value["annotations"]]
    listed = ul([li(one) for one in (*breaks, *events)], class_="govuk-list govuk-list--bullet")
    notes = p(link("Add an annotation", "/annotations/new"), " or ", link("see all annotations", "/annotations"), ".")
    told = listed if breaks or events else p("There are none.")
    return more("Breaks, dated events and annotations of these days", told, notes, opened=bool(breaks))


def _by(event: Mapping[str, Any]) -> str:
    """Who wrote a note, behind it; nothing of a dated event."""
    return f" (annotation by {event['by']})" if event["by"] else ""


def _said(day: str) -> str:
    return formats.day(formats.of_iso(day))


def days(state: Overview, rows: Sequence[Mapping[str, Any]], *, linked: bool) -> Element:
    """The trend as a table; each day, or week or month that is published, leads to its journeys."""
    name = state.measure
    cells: list[list[Child]] = [
        [
            link(_time(row), _of_time(state, row)) if linked else _time(row), headlines.written(name, row[name]),
            headlines.written(name, row.get(f"{name}_expected_low")), headlines.written(name, row.get(f"{name}_expected_high")),
            "outside" if row.get(f"{name}_unusual") else "",
        ]
        for row in rows
    ]  # fmt: skip
    head = (state.every.capitalize(), *DAYS_HEAD)
    if state.publication:
        return figures(
            overview.title(state), head[:2], [row[:2] for row in cells], numbers=frozenset({1}), hidden_title=True
        )
    title = f"{overview.title(state)}, with what was expected"
    return figures(title, head, cells, numbers=frozenset({1, 2, 3}), hidden_title=True)


def _days(row: Mapping[str, Any]) -> Period:
    return Period(formats.of_iso(row["day"]), formats.of_iso(row["last_day"]))


def _time(row: Mapping[str, Any]) -> str:
    return formats.period(_days(row))


def _of_time(state: Overview, row: Mapping[str, Any]) -> str:
    shown = _days(row)
    return state.journeys(first=shown.first, last=shown.last).address()


def _departments(state: Overview, rows: Sequence[Row], found: Found) -> Element:
    """Every department beside the others by the measure, the largest first; the whole estate on top."""
    ordered = sorted(
        rows, key=lambda row: (row.values["department"] != WHOLE_ESTATE, -(row.values[state.measure] or 0))
    )
    title = f"Departments, {formats.period(found.summary.about.period)}"
    head = (
        "Department",
        "Services",
        METRICS[state.measure].title,
        "Before",
        "Change",
        *(() if state.publication else JUDGED),
        "Evidence",
    )
    verdicts = _verdicts(state.measure, found.trend, found.departments)
    body = [
        _department(
            state,
            row,
            verdicts.get(str(row.values["department"]), ""),
            linked=row.values["department"] not in found.closed,
        )
        for row in ordered
    ]
    numbers = frozenset(range(2, 5 if state.publication else 6))
    return section(figures(title, head, body, numbers=numbers), class_="departments")


def _department(state: Overview, row: Row, verdict: str, *, linked: bool) -> list[Child]:
    name, measure = str(row.values["department"]), state.measure
    whole, known = name == WHOLE_ESTATE, name != register.department_names[NO_OWNER]
    to = state.address(department="" if whole else name)
    journeys = state.journeys(department=() if whole else (name,)).address()
    low, high = (row.change(f"{measure}_change_{end}") for end in ("low", "high"))
    return [
        link(name, to) if known else name, _status(row, state), row.said(measure), row.said(f"{measure}_comparison"),
        row.change(f"{measure}_change"), *([] if state.publication else [f"{low} to {high}" if low and high else "", _real(verdict)]),
        link([unseen(f"{name}: "), "Journeys"], journeys) if known and linked else "",
    ]  # fmt: skip


def _verdicts(measure: str, *answers: Answer | None) -> dict[str, str]:
    """What is said of each row's measure; departments beside each other are judged together."""
    values: list[Any] = [answer.value for answer in answers if answer]
    return {
        str(one["department"]): one["verdict"] or ""
        for value in values
        for one in value["changes"]
        if one["measure"] == measure
    }


def _real(verdict: str) -> Child:
    said = f"{verdict[:1].upper()}{verdict[1:]}"
    return strong(said, class_="govuk-tag govuk-tag--orange") if verdict == LIKELY else said


def _status(row: Row, state: Overview) -> Child:
    """Whether the department shares its services, which leads to the days that came."""
    said = str(row.values["status"])
    if not said:
        return ""
    own = Totals(state.first, state.last, state.account)
    to = own.address(department=row.values["department"]) if said == TOTALS_ONLY else own.address("/coverage")
    return a(status(said), href=to, class_="govuk-link")
