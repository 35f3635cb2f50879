"""The Departments page: one measure of every department beside the others, in four views, each with what it says."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from data.contract import CHANNELS, DEVICES
from layouts import comparison, formats, page_top, words
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
    covered,
    day_field,
    figures,
    files,
    graph,
    link,
    more,
    named,
    status,
    text_field,
    tick,
    wide,
)
from layouts.figures import departments as picture
from layouts.figures.beside import why
from layouts.figures.beside_dots import MOST_GROUPS
from layouts.headlines import signed, written
from layouts.markup import (
    Child,
    Element,
    a,
    div,
    h2,
    input_,
    li,
    p,
    section,
    span,
    strong,
    ul,
    unseen,
)
from layouts.offered import Offered
from layouts.reported import Totals
from layouts.state import COMPARISONS
from queries.answers import Answer
from queries.departments.departments import MEASURES
from queries.departments.row_names import NOT_SHARED, TOTALS_ONLY
from queries.disclosure import SUPPRESSED
from queries.metrics import METRICS

LEAD: Final = (
    "One measure of every department that was asked to share its analytics, side by side. Who doesn't share is shown as not "
    "shared, never as zero."
)
HEADS: Final = {
    "department": "Department", "": "Services", "value": "", "interval": "95% interval", "rank": "Rank", "before": "Before", "change": "Change",
    "between": "Change lies between", "standing": "Against limits",
}  # fmt: skip
SAYS: Final = {
    "ranked": (
        ("Each dot is a department, largest first; the line through it is its 95% interval, from how much days of the same weekday differ. "
        "Hollow dots are www.gov.uk pages alone, of departments that don't share their services."),
        "Departments have different tasks. A larger number isn't a better one, and neighbours whose lines overlap may well be alike.",
    ),
    "time": (
        "Each panel is a department, all drawn to one scale. A gap is a stretch without data, never zero.",
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
UNPUBLISHED: Final = frozenset({"interval", "between", "standing"})  # columns that rest on single days


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
    last = value["rows"][-1]["group"] if value["rows"] else None
    rows = [row for row in value["rows"] if row["group"] == (last if state.part in {"week", "month"} else row["group"])]
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
    return f"{'; '.join(_told(state, rows, ranked))}."


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
        covered(drawn.about),
        p(formats.breakable(said), class_="answer__sentence", role="status"),
        ul([li(_view(state, name)) for name in views], class_="files", aria_label="Views"),
        h2(comparison.title(state), class_="govuk-heading-m"),
        wide(chart, comparison.title(state)) if state.view == "time" or state.by else chart,
        p(strong("What it says: "), says, class_="govuk-body"), p(strong("What it doesn't: "), silent, class_="govuk-body"),
        files(lambda kind: state.address(f"/files/departments.{kind}"), pictures=pictures),
        more("The same numbers as a table", over_time(state, drawn)) if state.view == "time" and value["rows"] else None,
        table(state, whole),
        more("How this is counted", *[p(one) for one in (drawn.about.definition, *notes)]),
        class_="answer",
    )  # fmt: skip


def _view(state: Comparison, name: str) -> Element:
    if state.view == name:
        return strong(VIEWS[name], aria_current="true")
    return link(VIEWS[name], state.address(view=name))


def over_time(state: Comparison, drawn: Answer, most: int | None = None) -> Element:
    """Every department's value in each week or month, or in the newest `most` of them."""
    rows = _asked_to_share(drawn)
    times = sorted({str(row["group"]) for row in rows})[-(most or 0) :]
    own = {(row["department"], row["group"]): row for row in rows}
    names = dict.fromkeys(row["department"] for row in rows)
    body: list[list[Child]] = [[name, *(_at(state, own.get((name, time))) for time in times)] for name in names]
    heads = ["Department", *(formats.day(formats.of_iso(time)) for time in times)]
    title = f"{comparison.title(state)}, {state.part} by {state.part}"
    return figures(title, heads, body, numbers=frozenset(range(1, len(heads))))


def _at(state: Comparison, row: Mapping[str, Any] | None) -> str:
    return _said(state.measure, row, "value", set(row.get(SUPPRESSED) or ())) if row else ""


def _asked_to_share(answer: Answer) -> list[Mapping[str, Any]]:
    """The rows of departments that were asked to share, and of the whole estate."""
    rows = answer.table.to_dicts()
    return [row for row in rows if row["status"] or row["department"] == "Whole estate"]


def table(state: Comparison, whole: Answer) -> Element:
    """Every department with its value, change and standing; the heads sort."""
    name, order = state.sort or "value", state.order
    rows = sorted(_asked_to_share(whole), key=lambda row: str(row["department"]).casefold())
    rows.sort(key=lambda row: _sorted_by(row, name) or 0, reverse=order == "descending")
    rows.sort(key=lambda row: (row["department"] != "Whole estate", _sorted_by(row, name) is None))
    columns = [key for key in HEADS if not (state.publication and key in UNPUBLISHED)]
    heads = [_head(state, key, HEADS[key] or METRICS[state.measure].title) for key in columns]
    title = f"Departments, {formats.period(whole.about.period)}"
    cells = [[cell for key, cell in zip(HEADS, _row(state, row), strict=True) if key in columns] for row in rows]
    numbers = frozenset(place for place, key in enumerate(columns) if key not in {"department", "", "standing"})
    table = figures(title, heads, cells, numbers=numbers, ordered=(columns.index(name), order))
    return section(table, class_="departments")


def _sorted_by(row: Mapping[str, Any], name: str) -> Any:
    if name == "department":
        return str(row["department"]).casefold()
    return row[{"before": "value_comparison"}.get(name, name)]


def _head(state: Comparison, name: str, said: str) -> Child:
    """A head that sorts by its column, the other way round where it does already."""
    if name not in comparison.SORTS:
        return said
    sorted_ = (state.sort or "value") == name
    order = "ascending" if sorted_ and state.order == "descending" else "descending"
    arrow = span(" ▼" if state.order == "descending" else " ▲", aria_hidden="true") if sorted_ else None
    return link([unseen("Sort by "), said, arrow], state.address(sort=name, order=order))


def _row(state: Comparison, row: Mapping[str, Any]) -> list[Child]:
    name, measure, shared = str(row["department"]), state.measure, str(row["status"])
    hidden = set(row.get(SUPPRESSED) or ())
    tag: Child = status(shared) if shared else ""
    if shared == TOTALS_ONLY:
        tag = a(tag, href=Totals(state.first, state.last, state.account, name).address(), class_="govuk-link")
    named: Child = (
        name
        if name == "Whole estate"
        else link(name, state.address(focus=name), aria_current="true" if name == state.focus else None)
    )
    return [
        named, tag, _said(measure, row, "value", hidden), _between(row, ("low", "high"), lambda one: written(measure, one)),
        "" if row["rank"] is None else formats.whole(row["rank"]), _said(measure, row, "value_comparison", hidden),
        _change(measure, row, "change"), _between(row, ("change_low", "change_high"), lambda one: _moved(measure, row, one)),
        f"{row['standing'] or ''}",
    ]  # fmt: skip


def _said(measure: str, row: Mapping[str, Any], name: str, hidden: set[str]) -> str:
    if name in hidden:
        return formats.HIDDEN
    return (
        why(row) if row[name] is None and name == "value" else "" if row[name] is None else written(measure, row[name])
    )


def _between(row: Mapping[str, Any], ends: tuple[str, str], write: Any) -> str:
    low, high = (row[end] for end in ends)
    return "" if low is None or high is None else f"{write(low)} to {write(high)}"


def _change(measure: str, row: Mapping[str, Any], name: str) -> str:
    return "" if row[name] is None else _moved(measure, row, row[name])


def _moved(measure: str, row: Mapping[str, Any], value: float) -> str:
    """A change with its sign: per cent of what a count was, points of a rate."""
    if METRICS[measure].is_share:
        return signed(value * 100, "points")
    before = row["value_comparison"]
    return signed(max(value / before, -1) * 100, "%") if before else ""
