"""The Services page: every service's year with its four KPIs, what is missing or odd, and one service's months."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from layouts import formats, ids, page_top
from layouts.address import Problem
from layouts.components import choice, figures, files, graph, leading, link, more, sorting, text_field, tick
from layouts.figures import services as picture
from layouts.markup import Child, Element, div, h2, input_, p, section
from layouts.services_state import BY, KPIS, ServicesState, months_title, title
from queries.answers import Answer
from queries.disclosure import SUPPRESSED

TITLE: Final = "Services and their four KPIs"
NOT_PUBLISHED: Final = "not published"
NO_RETURNS: Final = (
    "No service has returned figures yet, or none has these words in its name. Clear the words, or import returns."
)
LEAD: Final = "What services return about themselves, over the twelve months up to the newest return."
VISITED: Final = " Completion in the same visit is counted from journeys and stands beside it: people who take a visit up again complete later."
FLAGGED: Final = (
    "A flag says what is missing or odd in what was returned. Nothing is taken out because of it: a figure that can't be right is "
    "shown as it was returned, and a rate over 100% of those who started has no value."
)
HEADS: Final = {
    "name": "Name", "department": "Department", "year_transactions": "Transactions", "completion_rate": "Completed",
    "satisfaction": "Satisfaction", "digital_take_up": "Take-up", "cost_per_transaction": "Cost each", "same_visit_rate": "Same visit",
}  # fmt: skip
MONTHLY: Final = KPIS | {
    "same_visit_rate": "In the same visit",
    "transactions": "Transactions",
}  # columns of one service's periods
VISITS: Final = "same_visit_rate"  # counted from journeys: published with its funnel, not here
WAYS: Final = {"up": "ascending", "down": "descending"}
Row = Mapping[str, Any]


def heading(state: ServicesState, problems: Sequence[Problem], departments: Sequence[str]) -> Element:
    """What the page shows, and its filters."""
    known = {"": "All departments"} | {short: short for short in departments}
    kept = [
        input_(type="hidden", name=name, value=getattr(state, name))
        for name in ("sort", "order", "service")
        if getattr(state, name) != getattr(ServicesState(), name)
    ]
    in_sight: list[Child] = [
        text_field("search", "Words in its name", state.search),
        choice("department", "Department", state.department, known),
        choice("by", "One row for each", state.by, BY), choice("kpi", "Measure", state.kpi, KPIS), kept,
    ]  # fmt: skip
    ticked = div(tick("publication", "Round for publication", ticked=state.publication), class_="options__ticks")
    return page_top.heading(
        TITLE,
        LEAD if state.publication else LEAD + VISITED,
        page_top.filters(state.AT, "Services", in_sight, ticked),
        page_top.tags(state),
        problems=problems,
    )


def sentence(state: ServicesState, value: Row) -> str:
    """The answer in one sentence with numbers."""
    rows = value["rows"]
    if not rows:
        return NO_RETURNS
    published = [row for row in rows if row["status"] != NOT_PUBLISHED]
    volume = sum(row["year_transactions"] or 0 for row in published)
    known = sorted(row[state.kpi] for row in rows if row[state.kpi] is not None)
    told = f"{formats.whole(len(published)) if published else 'None'} of {formats.counted(len(rows), *_named(state))} published a year's transactions"
    first = f"{told}, {formats.whole(volume)} together" if published else told
    if not known:
        return f"{first}; none has a value for {KPIS[state.kpi].lower()}."
    middle = known[len(known) // 2]
    return (
        f"{first}; {KPIS[state.kpi].lower()} goes from {picture.written(state.kpi, known[0])} to "
        f"{picture.written(state.kpi, known[-1])}, and half have {picture.written(state.kpi, middle)} or more."
    )


def _named(state: ServicesState) -> tuple[str, str]:
    return {
        "service": ("service", "services"),
        "agency": ("agency", "agencies"),
        "department": ("department", "departments"),
    }[state.by]


def months_sentence(state: ServicesState, value: Row) -> str:
    """What one service's months say, in one sentence."""
    known = [row for row in value["rows"] if row[state.kpi] is not None]
    name = value["rows"][-1]["name"] if value["rows"] else state.service
    if not known:
        return f"{name} has returned nothing that gives a {KPIS[state.kpi].lower()}."
    first, last = known[0], known[-1]
    said = f"{KPIS[state.kpi]} of {name} was {picture.written(state.kpi, last[state.kpi])} in {last['period']}"
    if first is last:
        return f"{said}, the only period returned."
    target = last[f"target_{state.kpi}"]
    aim = f"; its target is {picture.written(state.kpi, target)}" if target is not None else ""
    crossed = (
        " The formula changed in between, so the two can't be compared."
        if value["breaks"] and state.kpi == "satisfaction"
        else ""
    )
    return f"{said}, and {picture.written(state.kpi, first[state.kpi])} in {first['period']}{aim}.{crossed}"


def answered(state: ServicesState, answer: Answer, months: Answer | None, *, pictures: bool) -> Element:
    """The answer as sentence, one service's months if chosen, chart, table, files, and how it is counted."""
    value: Any = answer.value
    said = sentence(state, value)
    drawn = [
        h2(title(state), class_="govuk-heading-m"),
        graph("services-ranked", picture.ranked(state.kpi, value), f"{title(state)}. {said}", picture.height(state.kpi, value)),
        p(f"The {picture.MOST} with most transactions are drawn; the table has all.", class_="govuk-body-s"),
    ]  # fmt: skip
    return div(
        leading(answer.about, said),
        _months(state, months, pictures=pictures) if months else None,
        section(*drawn) if picture.drawn(state.kpi, value["rows"]) else None,
        table(state, marked(answer)) if value["rows"] else None,
        p(FLAGGED, class_="govuk-body"),
        files(lambda kind: state.address(f"/files/services.{kind}"), pictures=pictures),
        p(_records(state), class_="govuk-body"),
        more("How this is counted", p(answer.about.definition)),
        class_="answer",
    )


def marked(answer: Answer) -> list[Row]:
    """The rows of the answer, each with the names of what is hidden in it."""
    value: Any = answer.value
    hidden = answer.table[SUPPRESSED].to_list()
    return [row | {SUPPRESSED: names} for row, names in zip(value["rows"], hidden, strict=False)]


def _columns(state: ServicesState, names: Sequence[str]) -> list[str]:
    return [name for name in names if not (state.publication and name == VISITS)]


def _records(state: ServicesState) -> list[Child]:
    """Where the figures are in their publishing shape."""
    query = f"?department={state.department}" if state.department else ""
    return [
        "The same figures as records to publish (service, channel, count, dataType, period): ",
        link("CSV", f"/api/v1/service_returns.csv{query}"), " and ", link("JSON", f"/api/v1/service_returns{query}"), ".",
    ]  # fmt: skip


def table(state: ServicesState, rows: Sequence[Row]) -> Element:
    """The year of each service, agency or department; the heads order."""
    columns = [name for name in _columns(state, [*HEADS]) if name != "department" or state.by != "department"]
    heads = [_head(state, name) for name in columns]
    body = [[_cell(state, row, name) for name in columns] + [_flags(row)] for row in rows]
    numbers = frozenset(place for place, name in enumerate(columns) if name not in {"name", "department"})
    order = (columns.index(state.sort), WAYS[state.order]) if state.sort in columns else None
    title = "The year of each, with what it returned"
    return section(figures(title, [*heads, "Flags"], body, numbers=numbers, ordered=order, name=ids.TABLE))


def _head(state: ServicesState, name: str) -> Element:
    """A column's name as a link that orders by it, and the other way when it is clicked again."""
    chosen = state.sort == name
    turned = "up" if (chosen and state.order == "down") or (not chosen and name in {"name", "department"}) else "down"
    return sorting(HEADS[name], state.address(sort=name, order=turned), WAYS[state.order] if chosen else None)


def _cell(state: ServicesState, row: Row, name: str) -> Child:
    if name == "name":
        shown = picture.named(row)
        if state.by == "service":
            return link(shown, f"{state.address(service=row['service'])}#{ids.MONTHS}")
        return (
            link(shown, state.address(by="service", department=row["department"]))
            if state.by == "department"
            else shown
        )
    if name == "department":
        return str(row["department"])
    return _value(row, name)


def _value(row: Row, name: str) -> str:
    if name in row[SUPPRESSED]:
        return formats.HIDDEN
    if "transactions" in name:
        return formats.whole(row[name]) if row[name] is not None else NOT_PUBLISHED
    return picture.written(name, row[name])


def _flags(row: Row) -> Child:
    reasons = [row["completion_reason"]] if row["completion_reason"] else []
    return [p(flag, class_="govuk-body-s flag") for flag in (*reasons, *row["flags"])] or ""


def _months(state: ServicesState, answer: Answer, *, pictures: bool) -> Element:
    """One service's periods: chart, sentence, table, files."""
    value: Any = answer.value
    rows = value["rows"]
    said = months_sentence(state, value)
    name = rows[-1]["name"] if rows else state.service
    names = _columns(state, [*MONTHLY])
    body = [[row["period"], *(_value(row, name) for name in names), _flags(row)] for row in reversed(marked(answer))]
    head = ["Period", *(MONTHLY[name] for name in names), "Flags"]
    tables = figures(f"{name}, each period", head, body, numbers=frozenset(range(1, len(names) + 1)), hidden_title=True)
    return section(
        h2(f"{name}: {months_title(state).lower()}", class_="govuk-heading-m", id=ids.MONTHS),
        p(formats.breakable(said), class_="govuk-body"),
        graph("services-months", picture.months(state.kpi, value), f"{months_title(state)}. {said}", picture.HEIGHT) if rows else None,
        more("The figures of each period", tables, opened=False) if rows else None,
        files(lambda kind: state.address(f"/files/service-months.{kind}"), pictures=pictures),
        p(link("Back to all services", state.address(service="")), class_="govuk-body"),
    )  # fmt: skip
