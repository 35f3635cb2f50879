"""What departments' own tools report in sums: totals, days and pages, kept apart from what is counted here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final

from data.contract import BUCKETS
from layouts import formats, page_top
from layouts.address import Field, Problem, department, one_of
from layouts.components import choice, day_field, figures, files, graph, leading, link, more
from layouts.days import Days
from layouts.figures import reported as picture
from layouts.headlines import Row
from layouts.markup import Child, Element, div, h2, input_, p, section
from layouts.state import by_name
from queries.answers import Answer
from queries.metrics import METRICS

TITLE: Final = "What departments report in totals"
LEAD: Final = (
    "Some departments don't share page views, and send what their own tool adds up instead. These are their figures, not counted "
    "here."
)
MEASURES: Final = ("page_views", "sessions", "visitors")
SHOWN: Final = 50  # pages; the file has all
NOTHING: Final = "No department reported totals that lie wholly within these days. Choose other days, or leave them empty to see the newest."
NOT_TOLD: Final = "not told"  # by the tool: neither hidden nor zero


@dataclass(frozen=True)
class Totals(Days):
    """The days and the account, one department or all, and the measure that the chart draws."""

    AT: ClassVar[str] = "/reported"
    FIELDS: ClassVar[Mapping[str, Field]] = by_name(
        *Days.FIELDS.values(),
        Field("department", "Department", department),
        Field("measure", "Measure", one_of(*MEASURES)),
    )

    department: str = ""
    measure: str = "page_views"

    def question(self, **changes: Any) -> dict[str, Any]:
        """The parameters of `reported`."""
        return super().question(**({"department": self.department} if self.department else {}), **changes)


def title(state: Totals) -> str:
    """What the chart shows, at most ten words."""
    return f"{METRICS[state.measure].title} as {state.department or 'departments'} reported, day by day"


def subject(state: Totals) -> str:
    """What the chart is of, in the names of files."""
    return f"{state.measure} {state.department}".replace("_", " ").strip()


def heading(state: Totals, problems: Sequence[Problem]) -> Element:
    """What the page shows, and its filters."""
    in_sight: list[Child] = [
        day_field("from", "First day", state.first), day_field("to", "Last day", state.last),
        choice("measure", "Measure", state.measure, {name: METRICS[name].title for name in MEASURES}),
        input_(type="hidden", name="department", value=state.department) if state.department else None,
    ]  # fmt: skip
    return page_top.heading(
        TITLE, LEAD, page_top.filters(state.AT, "Totals", in_sight), page_top.tags(state), problems=problems
    )


def sentence(_: Totals, value: Mapping[str, Any]) -> str:
    """The answer in one sentence with numbers: on screen, in files, and for those who listen."""
    told = [_total(one) for one in value["totals"]]
    return f"{'; '.join(told)}. {value['why_no_journeys']}: they are in no journey." if told else NOTHING


def _total(one: Mapping[str, Any]) -> str:
    parts = [
        f"{formats.counted(one[name], unit)} of {formats.counted(one[f'{name}_days'], 'day')}"
        for name, unit in (("page_views", "page view"), ("sessions", "session"))
        if one[f"{name}_days"]
    ]
    return f"{one['department']} reported {formats.listed(parts)}"


def answered(state: Totals, answer: Answer, *, pictures: bool) -> Element:
    """Coverage, sentence, totals, chart with its days, pages, files, and how it is counted."""
    value: Any = answer.value
    said, days = sentence(state, value), value["days"]
    chart = [
        h2(title(state), class_="govuk-heading-m"),
        graph("reported-days", picture.figure(state, value), f"{title(state)}. {said}", picture.HEIGHT),
        more("The same numbers as a table", _days(answer)),
    ]
    return div(
        leading(answer.about, said),
        _totals(state, answer) if value["totals"] else None,
        chart if days else None,
        files(lambda kind: state.address(f"/files/reported.{kind}"), pictures=pictures) if days else None,
        _pages(state, answer) if value["pages"] else None,
        more("How this is counted", *[p(one) for one in (answer.about.definition, *answer.about.notes)]),
        class_="answer",
    )


def _totals(state: Totals, answer: Answer) -> Element:
    head = ("Department", "Page views", "Of days", "Sessions", "Of days", "Doubt")
    rows: list[list[Child]] = [
        [
            link(str(one["department"]), state.address(department=one["department"])),
            *(cell for name in ("page_views", "sessions") for cell in (_cell(one, name), formats.whole(one[f"{name}_days"] or 0))),
            str(one["doubt"] or ""),
        ]
        for one in answer.more["totals"].to_dicts()
    ]  # fmt: skip
    every = p(link("All departments that report", state.address(department="")), class_="govuk-body")
    return section(
        figures("Totals as reported", head, rows, numbers=frozenset({1, 2, 3, 4})), every if state.department else None
    )


def _days(answer: Answer) -> Element:
    rows: list[list[Child]] = [
        [_day(one["day"]), str(one["department"]), *(_cell(one, name) for name in MEASURES)]
        for one in answer.more["days"].to_dicts()
    ]
    head = ("Day", "Department", *(METRICS[name].title for name in MEASURES))
    return figures("Days as reported", head, rows, numbers=frozenset({2, 3, 4}), hidden_title=True)


def _day(value: date) -> str:
    return formats.day(value)


def _pages(state: Totals, answer: Answer) -> Element:
    """The pages with most page views, what the tool doesn't tell apart among them, and where all of them are."""
    value: Any = answer.value
    rows: list[list[Child]] = [
        [
            one["page"] if one["page"] in BUCKETS else formats.named(str(one["page"])), str(one["department"]),
            *(_cell(one, name) for name in ("page_views", "sessions", "landings")), str(one["doubt"] or ""),
        ]
        for one in answer.table.head(SHOWN).to_dicts()
    ]  # fmt: skip
    head = ("Page", "Department", "Page views", "Sessions", "Landings", "Doubt")
    shown = min(SHOWN, value["pages_total"])
    told = f"{formats.whole(shown)} of {formats.counted(value['pages_total'], 'page')} stand here; "
    return section(
        figures("Pages as reported, most page views first", head, rows, numbers=frozenset({2, 3, 4})),
        p(told, link("all of them are a table", state.address("/api/v1/reported.csv", measure="page_views")), ".", class_="govuk-body"),
    )  # fmt: skip


def _cell(row: Mapping[str, Any], name: str) -> str:
    """A figure of a row: `[c]` where it is hidden, and in words where no tool told it."""
    said = Row(row).said(name)
    return NOT_TOLD if said == formats.NO_VALUE else said
