"""The Departments page: one measure of every department beside the others, in four views, each with what it says."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from data.contract import CHANNELS, DEVICES
from data.periods import Period
from layouts import comparison, department_tables, formats, page_top, words
from layouts.address import Problem
from layouts.comparison import (
    ATTRIBUTIONS,
    DAILY,
    GROUPS,
    STRUCTURES,
    VIEWS,
    Comparison,
)
from layouts.components import (
    choice,
    day_field,
    files,
    graph,
    leading,
    link,
    more,
    named,
    text_field,
    tick,
    wide,
)
from layouts.figures import departments as picture
from layouts.figures.beside_dots import MOST_GROUPS
from layouts.headlines import written
from layouts.markup import (
    Element,
    div,
    h2,
    input_,
    li,
    p,
    strong,
    ul,
)
from layouts.offered import Offered
from layouts.state import COMPARISONS
from queries.answers import Answer
from queries.departments.departments import MEASURES
from queries.departments.row_names import NOT_SHARED, TOTALS_ONLY
from queries.metrics import METRICS

LEAD: Final = (
    "One measure of every department that was asked to share its analytics, side by side. Who doesn't share is shown as not "
    "shared, never as zero."
)
SAYS: Final = {
    "ranked": (
        ("Each dot is a department, largest first; the line through it is its 95% interval, from how much days of the same weekday differ. "
        "Hollow dots are www.gov.uk pages alone, of departments that don't share their services."),
        "Departments have different tasks. A larger number isn't a better one, and neighbours whose lines overlap may well be alike.",
    ),
    "time": (
        ("Each panel is a department, all drawn to one scale. A gap is a stretch without data, never zero; hollow dots are www.gov.uk pages alone. A week or month that these days cut "
        "stands in the table alone."),
        "A rise after another department's isn't caused by it. Small departments lie near the foot of their panel: look at their own past instead.",
    ),
    "limits": (
        ("Each dot is a department by its size. A department that is like the others lies between the dotted lines in 95 of 100 cases and "
        "between the full lines in 99.8 of 100. The lines carry how much departments differ anyway (Spiegelhalter 2005), so that small ones "
        "aren't called out by chance."),
        "Outside the lines means different, not bad: the next step is to look at its journeys. Of a count, what is held against the lines is its change.",
    ),
    "past": (
        "Each dot is a department's change from the days before, with its 95% interval. Diamonds are unusual: at most 1 in 100 of them is a false find.",
        "A change against the days before may be the season. Compare with a year before, and see on the Estate page whether it is likely real.",
    ),
}  # fmt: skip

PUBLISHED: Final = {
    "ranked": (
        "Each dot is a department, largest first. Hollow dots are www.gov.uk pages alone, of departments that don't share their services.",
        "Departments have different tasks. A larger number isn't a better one, and intervals, which come of single days, aren't published.",
    ),
    "time": (SAYS["time"][0], "A rise after another department's isn't caused by it. Small departments lie near the foot of their panel."),
}  # fmt: skip


def heading(state: Comparison, problems: Sequence[Problem], offered: Offered) -> Element:
    """What is wrong with the address, if anything, what the page shows, and its filters."""
    in_sight = [
        choice("measure", "Measure", state.measure, {name: METRICS[name].title for name in MEASURES}),
        choice("focus", "In focus", state.focus, {"": "None"} | named(offered.departments)),
        choice("compare", "Compared with", state.compare, COMPARISONS),
    ]
    form = page_top.filters(
        "/departments", "Departments", in_sight,
        day_field("from", "First day", state.value("from")), day_field("to", "Last day", state.value("to")),
        choice("by", "Apart by, where ranked", state.by, GROUPS),
        choice("device", "Device", state.value("device"), {"": "All"} | named(DEVICES)),
        choice("channel", "Channel", state.value("channel"), {"": "All"} | named(CHANNELS)),
        text_field("document_type", "Document types, such as guide", state.value("document_type")),
        offered.topic(state.value("topic")),
        choice("attribution", "Pages belong to", state.attribution, ATTRIBUTIONS),
        choice("structure", "Departments", state.structure, STRUCTURES),
        choice("account", "Account", state.account, words.ACCOUNTS),
        div(tick("publication", "Round for publication", ticked=state.publication), class_="options__ticks"),
        input_(type="hidden", name="view", value=state.view),
    )  # fmt: skip
    return page_top.heading(comparison.title(state), LEAD, form, page_top.tags(state), problems=problems)


def sentence(state: Comparison, value: Mapping[str, Any]) -> str:
    """The answer in one sentence with numbers: on screen, in files, and for those who listen."""
    rows = comparison.lasting(state, value["rows"])
    if state.view == "time":
        rows = [row for row in rows if row["group"] == rows[-1]["group"]]
    ranked = sorted(
        (row for row in rows if row["rank"] is not None and row["value"] is not None), key=lambda row: row["rank"]
    )
    if not ranked:
        return f"No department has a value of {METRICS[state.measure].title.lower()} that can be held against others on these days."
    if value["by"] in {"device", "channel", "document_type", "topic"}:
        parts = [
            f"{one['group']}: {one['department']}, {written(state.measure, one['value'])}"
            for one in ranked
            if one["rank"] == 1
        ]
        return f"Largest {METRICS[state.measure].title.lower()} by {GROUPS[value['by']].lower()} - {'; '.join(parts[:MOST_GROUPS])}."
    said = f"{'; '.join(_told(state, rows, ranked))}."
    return f"In the newest {state.part}, {formats.period(_days(rows[0]))}, {said}" if state.view == "time" else said


def _days(row: Mapping[str, Any]) -> Period:
    return Period(*(formats.of_iso(row[f"{end}_day"]) for end in ("first", "last")))


def _told(state: Comparison, rows: Sequence[Mapping[str, Any]], ranked: Sequence[Mapping[str, Any]]) -> list[str]:
    """The parts of the sentence: who has most and fewest, who is in focus, what the view is about, who has nothing."""
    silent = {said: [row["department"] for row in rows if row["status"] == said] for said in (NOT_SHARED, TOTALS_ONLY)}
    return [
        _extremes(state, ranked),
        *(_focused(state, row) for row in rows if row["department"] == state.focus and row["value"] is not None),
        *_of_view(state, rows, ranked),
        *(f"{said}: {formats.listed(names)}" for said, names in silent.items() if names),
    ]


def _extremes(state: Comparison, ranked: Sequence[Mapping[str, Any]]) -> str:
    metric, top, bottom = METRICS[state.measure], ranked[0], ranked[-1]
    most, least = ("the highest", "the lowest") if metric.is_rate else ("most", "fewest")
    return (
        f"{top['department']} had {most} {metric.title.lower()}, {written(state.measure, top['value'])}, and {bottom['department']} {least}, "
        f"{written(state.measure, bottom['value'])}, of {formats.counted(len(ranked), 'department')} that can be held against each other"
    )


def _focused(state: Comparison, row: Mapping[str, Any]) -> str:
    place = f", number {row['rank']}" if row["rank"] is not None else ""
    return f"{state.focus} had {written(state.measure, row['value'])}{place}"


def _of_view(
    state: Comparison, rows: Sequence[Mapping[str, Any]], ranked: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    if state.view == "limits":
        outside = [row["department"] for row in ranked if row["standing"] == "outside 99.8%"]
        lie = f"{formats.listed(outside)} {'lies' if len(outside) == 1 else 'lie'}" if outside else "none lies"
        yield f"{lie} outside 99.8% limits"
    if state.view == "past":
        moved = [row["department"] for row in rows if row["unusual"] and row["status"]]
        yield f"unusual changes: {formats.listed(moved)}" if moved else "no department's change is unusual"


def answered(state: Comparison, drawn: Answer, whole: Answer, *, pictures: bool) -> Element:
    """Coverage, sentence, views, chart with what it says, files, table, and how it is counted."""
    value: Any = drawn.value
    said, (says, silent) = sentence(state, value), (PUBLISHED if state.publication else SAYS)[state.view]
    views = [name for name in VIEWS if not (state.publication and name in DAILY)]
    shown = picture.figure(state, value)
    chart = graph("departments-chart", shown, f"{comparison.title(state)}. {said}", shown["layout"]["height"])
    notes = dict.fromkeys((*drawn.about.notes, *whole.about.notes))
    return div(
        leading(drawn.about, said),
        ul([li(_view(state, name)) for name in views], class_="files", aria_label="Views"),
        h2(comparison.title(state), class_="govuk-heading-m"),
        wide(chart, comparison.title(state)) if state.view == "time" or state.by else chart,
        p(strong("What it says: "), says, class_="govuk-body"), p(strong("What it doesn't: "), silent, class_="govuk-body"),
        files(lambda kind: state.address(f"/files/departments.{kind}"), pictures=pictures),
        more("The same numbers as a table", department_tables.over_time(state, drawn)) if state.view == "time" and value["rows"] else None,
        department_tables.table(state, whole),
        more("How this is counted", *[p(one) for one in (drawn.about.definition, *notes)]),
        class_="answer",
    )  # fmt: skip


def _view(state: Comparison, name: str) -> Element:
    if state.view == name:
        return strong(VIEWS[name], aria_current="true")
    return link(VIEWS[name], state.address(view=name))
