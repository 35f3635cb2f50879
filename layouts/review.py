"""The review of the estate: what changed on these days, ranked by the people it touched, each one click from its evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final

from layouts import formats, page_top
from layouts.address import Problem
from layouts.components import figures, files, graph, leading, link, more
from layouts.days import Days, panel
from layouts.figures import review as picture
from layouts.journey_state import Journey
from layouts.markup import Child, Element, div, h2, p, section, unseen
from layouts.moved import Moved
from layouts.overview import Overview
from layouts.service_state import ServiceState
from layouts.usage_state import Handovers, Page, Searches
from queries.answers import Answer

TITLE: Final = "What changed on the estate"
LEAD: Final = (
    "What departed from its own weeks before by more than such things do by themselves: departments, services, handovers, arrivals from "
    "start pages, pages, answers and searches. Those that touched most people come first."
)
SHOWN: Final = 50  # things; a file has them too
HEAD: Final = ("What", "Kind and measure", "Department", "Now", "Expected", "95% of such days", "Affected", "Why")
ARRIVALS: Final = "start page to service"
OPEN: Final = frozenset({"department", "handover", ARRIVALS})  # totals, whose evidence every named viewer may see
UNITS: Final = {
    "where people stop": "exits",
    ARRIVALS: "arrivals",
    "usefulness": "answers of yes",
    "search term": "searches",
}
RATES: Final = {"where people stop": "exit rate", ARRIVALS: "arrival rate", "usefulness": "share of yes"}
SPLIT: Final = {  # what a thing is of in the address of why it moved, its measure there, and what that is split by
    "department": ("department", "sessions", "page"), "service": ("service", "sessions", "page"), ARRIVALS: ("service", "arrival_rate", "device"),
    "page": ("page", "sessions", "channel"), "where people stop": ("page", "exit_rate", "device"), "search term": ("term", "searches", "page"),
}  # fmt: skip
SILENT: Final = (
    "A thing that isn't named may have changed too, by less than could be told on these days. A change has causes outside the estate "
    "as well: bank holidays are left out, news isn't."
)


@dataclass(frozen=True)
class Reviewed(Days):
    """The days and the account that are reviewed."""

    AT: ClassVar[str] = "/review"

    def question(self, **changes: Any) -> dict[str, Any]:
        """The parameters of `review`."""
        return super().question(**{"limit": SHOWN, **changes})


def heading(state: Reviewed, problems: Sequence[Problem]) -> Element:
    """What the page shows, and its filters."""
    return page_top.heading(TITLE, LEAD, panel(state, "Review"), page_top.tags(state), problems=problems)


def sentence(value: Mapping[str, Any]) -> str:
    """The answer in one sentence with numbers: on screen, in files, and for those who listen."""
    rows, things = value["changed"], sum(one["things"] for one in value["looked_at"])
    if not things:
        return "Nothing could be looked at: these days, or the weeks before them, have too little data."
    if not rows:
        return f"Of {formats.counted(things, 'thing')} looked at, none departed from its weeks before by more than it does by itself."
    top = rows[0]
    most = f"{picture.named(top)} touched most people, {formats.whole(top['affected'])} {_unit(top)} {_way(top)} than expected"
    return f"Of {formats.counted(things, 'thing')} looked at, {formats.counted(len(rows), 'one changed', 'changed')}; {most}."


def _unit(row: Mapping[str, Any]) -> str:
    return UNITS.get(row["kind"], "sessions")


def _way(row: Mapping[str, Any]) -> str:
    return "more" if (row["value"] or 0) > (row["expected"] or 0) else "fewer"


def subject(state: Reviewed) -> str:
    """What the review is of, in the names of files."""
    return "" if state.account == Reviewed.account else f"{state.account} account"


def answered(state: Reviewed, answer: Answer, closed: frozenset[str], *, pictures: bool) -> Element:
    """Coverage, sentence, chart, table, files, and how it is counted; without ways to what is of departments that are closed."""
    value: Any = answer.value
    said, days = sentence(value), answer.about.period
    dated = replace(state, first=days.first, last=days.last)
    chart = (
        graph("review-chart", picture.figure(value), f"{TITLE}. {said}", picture.height(value))
        if value["changed"]
        else None
    )
    return div(
        leading(answer.about, said),
        h2("Those that touched most people", class_="govuk-heading-m") if chart else None, chart,
        table(dated, value["changed"], closed) if value["changed"] else None,
        p(SILENT, class_="govuk-body"),
        files(lambda kind: state.address(f"/files/review.{kind}"), pictures=pictures),
        more("How this is counted", p(answer.about.definition), *[p(_looked(one)) for one in value["looked_at"]], *[p(note) for note in answer.about.notes]),
        class_="answer",
    )  # fmt: skip


def _looked(one: Mapping[str, Any]) -> str:
    return f"{one['kind'][:1].upper()}{one['kind'][1:]}: {formats.counted(one['things'], 'thing')} had enough to be looked at."


def table(state: Reviewed, rows: Sequence[Mapping[str, Any]], closed: frozenset[str] | None) -> Element:
    """What changed, each number with its unit; without the column of why it moved where `closed` is none, as on paper."""
    shown = len(HEAD) - (closed is None)
    body = [row(state, one, linked=closed is not None and one["department"] not in closed)[:shown] for one in rows]
    return section(
        figures("What changed, by the people affected", HEAD[:shown], body, numbers=frozenset({3, 4, 5, 6})),
        class_="departments",
    )


def row(state: Reviewed, one: Mapping[str, Any], *, linked: bool) -> list[Child]:
    """The cells of a thing. The name leads to the evidence, the last cell to why it moved."""
    write = formats.share if one["kind"] in RATES else lambda one: formats.whole(None if one is None else round(one))
    between = f"{write(one['expected_low'])} to {write(one['expected_high'])}"
    said = formats.breakable(one["name"]) if "/" in one["name"] else picture.named(one)
    name: Child = link(said, evidence(state, one)) if linked or one["kind"] in OPEN else said
    whose = "" if one["kind"] == "handover" else one["department"] or ""
    return [
        name, f"{one['kind'][:1].upper()}{one['kind'][1:]}: {RATES.get(one['kind'], _unit(one))}", whose, write(one["value"]), write(one["expected"]), between,
        f"{formats.whole(one['affected'])} {_unit(one)} {_way(one)}", _why(state, one) if linked else "",
    ]  # fmt: skip


def evidence(state: Reviewed, row: Mapping[str, Any]) -> str:
    """The address of the thing's own page on these days."""
    days: dict[str, Any] = {"first": state.first, "last": state.last, "account": state.account}
    if row["kind"] == "department":
        return Overview(department=row["name"], **days).address()
    if row["kind"] == "service":
        return ServiceState(row["name"], state.first, state.last).address()
    if row["kind"] == "handover":
        return Handovers(department=row["name"].partition(" to ")[0], **days).address()
    if row["kind"] == ARRIVALS:
        return f"{Handovers(**days).address()}#services"
    if row["kind"] == "search term":
        return Searches(sort="rising", **days).address()
    return Page(
        page=row["name"], measure="exit_rate" if row["kind"] == "where people stop" else "sessions", **days
    ).address()


def _why(state: Reviewed, row: Mapping[str, Any]) -> Child:
    """The way to why it moved: its change split into parts; for what can't be split, the journeys behind it."""
    days: dict[str, Any] = {"first": state.first, "last": state.last, "account": state.account}
    if row["kind"] in SPLIT:
        of, measure, by = SPLIT[row["kind"]]
        split: dict[str, Any] = {of: row["name"], "measure": measure, "why": by}
        return link(["Why", unseen(f" {row['name']}"), " moved"], Moved(**split, **days).address())
    if row["kind"] == "handover":
        came, _, went = row["name"].partition(" to ")
        journeys = Journey(page=came, match="department", via=f"department: {went}", group="department", **days)
        return link(["Journeys", unseen(f" from {row['name']}")], journeys.address())
    return link(["Journeys", unseen(f" from {row['name']}")], Journey(page=row["name"], **days).address())
