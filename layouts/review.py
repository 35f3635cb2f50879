"""The review of the estate: what changed on these days, ranked by the people it touched, each one click from its evidence."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final

from data.register import register
from layouts import formats
from layouts.address import Problem, read_days
from layouts.components import covered, error_summary, figures, files, graph, link, more
from layouts.days import FIELDS, Days, panel
from layouts.figures import review as picture
from layouts.journey import Journey
from layouts.markup import Child, Element, div, h1, h2, p, section
from layouts.overview import Overview
from queries.answers import Answer

TITLE: Final = "What changed on the estate"
LEAD: Final = (
    "Departments, services, pages, answers and searches that departed from their own weeks before by more than such things do by "
    "themselves, those that touched most people first. If you choose no days, these are the last 28 that have data."
)
SHOWN: Final = 50  # things; a file has them too
HEAD: Final = ("What", "Kind", "Department", "Now", "Expected", "95 % of such days", "Affected", "Why and where")
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


def read_state(pairs: Iterable[tuple[str, str]]) -> tuple[Reviewed, tuple[Problem, ...]]:
    """The state that an address stands for, and a problem for each value in it that can't be used."""
    values, problems = read_days(FIELDS, pairs)
    return Reviewed(**values), problems


def heading(state: Reviewed, problems: Sequence[Problem]) -> Element:
    """What the page shows, and its filters."""
    return div(
        error_summary(problems), h1(TITLE, class_="govuk-heading-l heading__title"), p(LEAD, class_="govuk-body heading__lead"), panel(state, "Review")
    )  # fmt: skip


def sentence(value: Mapping[str, Any]) -> str:
    """The answer in one sentence with numbers: on screen, in files, and for those who listen."""
    rows, things = value["changed"], sum(one["things"] for one in value["looked_at"])
    if not things:
        return "Nothing could be looked at: these days, or the weeks before them, have too little data."
    if not rows:
        return f"Of {formats.counted(things, 'thing')} looked at, none departed from its weeks before by more than it does by itself."
    top = rows[0]
    most = f"{top['name']} touched most people, {formats.whole(top['affected'])} {_unit(top)} {_way(top)} than expected"
    return f"Of {formats.counted(things, 'thing')} looked at, {formats.counted(len(rows), 'one changed', 'changed')}; {most}."


def _unit(row: Mapping[str, Any]) -> str:
    return {"where people stop": "exits", "usefulness": "answers of yes", "search term": "searches"}.get(
        row["kind"], "sessions"
    )


def _way(row: Mapping[str, Any]) -> str:
    return "more" if (row["value"] or 0) > (row["expected"] or 0) else "fewer"


def subject(state: Reviewed) -> str:
    """What the review is of, in the names of files."""
    return "" if state.account == Reviewed.account else f"{state.account} account"


def answered(state: Reviewed, answer: Answer, *, pictures: bool) -> Element:
    """Coverage, sentence, chart, table, files, and how it is counted."""
    value: Any = answer.value
    said, days = sentence(value), answer.about.period
    dated = replace(state, first=days.first, last=days.last)
    chart = (
        graph("review-chart", picture.figure(value), f"{TITLE}. {said}", picture.height(value))
        if value["changed"]
        else None
    )
    return div(
        covered(answer.about),
        p(formats.breakable(said), class_="answer__sentence", role="status"),
        h2("Those that touched most people", class_="govuk-heading-m") if chart else None, chart,
        _table(dated, value["changed"]) if value["changed"] else None,
        p(SILENT, class_="govuk-body"),
        files(lambda kind: state.address(f"/files/review.{kind}"), pictures=pictures),
        more("How this is counted", p(answer.about.definition), *[p(_looked(one)) for one in value["looked_at"]], *[p(note) for note in answer.about.notes]),
        class_="answer",
    )  # fmt: skip


def _looked(one: Mapping[str, Any]) -> str:
    return f"{one['kind'][:1].upper()}{one['kind'][1:]}: {formats.counted(one['things'], 'thing')} had enough to be looked at."


def _table(state: Reviewed, rows: Sequence[Mapping[str, Any]]) -> Element:
    body = [_row(state, row) for row in rows]
    return section(
        figures("What changed, by the people affected", HEAD, body, numbers=frozenset({3, 4, 5, 6})),
        class_="departments",
    )


def _row(state: Reviewed, row: Mapping[str, Any]) -> list[Child]:
    rate = row["kind"] in {"where people stop", "usefulness"}
    write = formats.share if rate else lambda one: formats.whole(None if one is None else round(one))
    between = f"{write(row['expected_low'])} to {write(row['expected_high'])}"
    named: Child = formats.breakable(row["name"]) if "/" in row["name"] else service_name(row)
    return [
        named, f"{row['kind'][:1].upper()}{row['kind'][1:]}", row["department"] or "", write(row["value"]), write(row["expected"]), between,
        f"{formats.whole(row['affected'])} {_unit(row)} {_way(row)}", _evidence(state, row),
    ]  # fmt: skip


def service_name(row: Mapping[str, Any]) -> str:
    """The name of a service in words; others are called what they are called."""
    return register.services[row["name"]].name if row["kind"] == "service" else str(row["name"])


def _evidence(state: Reviewed, row: Mapping[str, Any]) -> Child:
    """The way to why it moved, or to the journeys behind it."""
    days: dict[str, Any] = {"first": state.first, "last": state.last}
    if row["kind"] == "department":
        return link("Why it moved", Overview(department=row["name"], why="page", **days).address())
    if row["kind"] == "service":
        return link("Where people drop off", f"/drop-offs?service={row['name']}&from={state.first}&to={state.last}")
    if row["kind"] == "search term":
        return link("Searches", f"/searches?from={state.first}&to={state.last}")
    return link("Journeys", Journey(page=row["name"], **days).address())
