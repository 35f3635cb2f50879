"""The Handovers page: who hands people over to whom, and how start pages hand them over to services."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from layouts import formats, page_top, usage_panel
from layouts.address import Problem
from layouts.components import choice, figures, files, graph, leading, left_out, link, more, wide
from layouts.figures import handovers as picture
from layouts.headlines import signed
from layouts.markup import Child, Element, div, h2, p, section, strong
from layouts.offered import Offered
from layouts.usage_state import STRUCTURES, Usage
from queries.answers import Answer
from queries.verdicts.verdicts import LIKELY

ROWS: Final = 20  # of the table of pairs; the files hold all of them
SERVICES: Final = 25
LEAD: Final = (
    "A handover is a step from a page of one department to a page of another in the same visit. Pages for signing in and paying are "
    "passed through. Below stands how start pages hand people over to their services."
)
NOT_SEEN: Final = (
    "“Not seen arriving” counts sessions that clicked start and were not seen on the service afterwards. People who refuse analytics "
    "cookies there, and pages without a tag, look the same as people who gave up on the way."
)
PAIRS_HEAD: Final = ("From", "To", "Sessions", "Share of those who saw the first", "Before", "Change", "Unusual")
SERVICES_HEAD: Final = ("Service", "Arrival rate", "Rate expected", "Is it real?", "Saw a start page", "Clicked start", "Arrived", "Not seen arriving", "Didn't click")  # fmt: skip
NUMBERS: Final = frozenset({1, 2, *range(4, 9)})
VAGUE: Final = 0.9  # a range of rates this wide expects nothing
GONE: Final = {"not shared": "not shared", "not in this account": "not in this account"}


def title(state: Usage) -> str:
    """What the page and its charts show."""
    return f"Where {state.department or 'departments'} hand{'s' if state.department else ''} people over"


def flows_title(state: Usage) -> str:
    """What the picture of flows shows."""
    return f"The largest handovers{f' of {state.department}' if state.department else ''} as flows"


def subject(state: Usage) -> str:
    """What the charts are of, in the names of files."""
    return state.department or "departments"


def heading(state: Usage, problems: Sequence[Problem], offered: Offered) -> Element:
    """What is wrong with the address, if anything, what the page shows, and its filters."""
    in_sight = [choice("structure", "Departments", state.structure, STRUCTURES)]
    asked = usage_panel.panel(state, in_sight, offered, "Handovers")
    return usage_panel.heading(state, title(state), LEAD, asked, problems=problems)


def sentence(state: Usage, value: Mapping[str, Any]) -> str:
    """The answer in one sentence with numbers."""
    rows = [row for row in value["handovers"] if row["sessions"]]
    if not rows:
        return f"No session was handed over {f'from or to {state.department}' if state.department else 'between departments'} on these days."
    first = rows[0]
    saw = f", {formats.share(first['share'])} of those who saw {first['from']}" if first["share"] is not None else ""
    said = (
        f"Most sessions were handed over from {first['from']} to {first['to']}: {formats.whole(first['sessions'])}{saw}"
    )
    moved = [row for row in rows if row["sessions_unusual"]]
    if not moved:
        return f"{said}."
    most = max(moved, key=lambda row: abs(row["sessions_change"] or 0))
    return f"{said}; unusual is the change from {most['from']} to {most['to']}, {_change(most)}."


def services_sentence(value: Mapping[str, Any]) -> str:
    """What the table of services says, in one sentence."""
    told = [row for row in value["services"] if LIKELY in {row["arrivals_verdict"], row["arrival_rate_verdict"]}]
    if not value["services"]:
        return "Nobody saw a start page on these days."
    if not any(row["arrivals_verdict"] or row["arrival_rate_verdict"] for row in value["services"]):
        return f"{formats.counted(len(value['services']), 'service')} had start pages that were seen; none is held against its own past here."
    if not told:
        return "No service's arrivals differ from its own past by more than chance would explain."
    first = told[0]
    way = "fewer" if (first["departure"] or 0) < 0 else "more"
    rate = formats.known_share(first["arrival_rate"])
    expected = _expected(first)
    range_ = f" where {expected} was expected" if expected else ""
    return (
        f"Furthest from its own past is {first['name']}, {way} than expected: {rate} of those who saw a start page were seen arriving{range_}; "
        f"{formats.counted(len(told), 'service differs', 'services differ')} by more than chance would explain."
    )


def answered(state: Usage, answer: Answer, *, pictures: bool) -> Element:
    """Coverage, sentence, the square with its table and files, the flows, the services, and how it is counted."""
    value: Any = answer.value
    said = sentence(state, value)
    parts = _charts(state, value, said, pictures=pictures) if value["handovers"] else [page_top.elsewhere(state)]
    return div(
        leading(answer.about, said), parts, _services(value),
        more("How this is counted", *[p(one) for one in (answer.about.definition, *answer.about.notes)]), class_="answer",
    )  # fmt: skip


def _charts(state: Usage, value: Mapping[str, Any], said: str, *, pictures: bool) -> list[Child]:
    square, flows = picture.figure(value), picture.flows(value)
    chart = graph("handovers", square, f"{title(state)}. {said}", picture.height(value))
    hub = picture.hub_of(value["handovers"])
    head = f"From {hub} and to {hub}" if hub else "From row to column"
    most = (
        f"from {hub} to the department of the column, and back"
        if hub
        else "from the department of its row to that of its column"
    )
    said_of = f"Each number counts sessions, {most}. The ten with most handovers are shown."
    return [
        h2(head, class_="govuk-heading-m"), p(said_of, class_="govuk-body"), wide(chart, head), pairs(state, value),
        files(lambda kind: state.address(f"/files/handovers.{kind}"), pictures=pictures),
        *([h2(flows_title(state), class_="govuk-heading-m"), graph("handover-flows", flows, f"{flows_title(state)}. {said}", picture.FLOWS),
           files(lambda kind: state.address(f"/files/handover-flows.{kind}"), pictures=pictures)] if flows["data"] else []),
    ]  # fmt: skip


def pairs(state: Usage, value: Mapping[str, Any]) -> Element:
    """The pairs with most sessions; the square's numbers and what they were before."""
    rows = value["handovers"][:ROWS]
    compared = any(row["sessions_comparison"] is not None for row in rows)
    cells: list[list[Child]] = [
        [
            _department(state, row["from"]), _department(state, row["to"]), formats.whole(row["sessions"]), formats.HIDDEN if row["sessions"] is None else formats.known_share(row["share"]),
            _before(row, compared=compared), _change(row), "unusual" if row["sessions_unusual"] else "",
        ]
        for row in rows
    ]  # fmt: skip
    rest = left_out(value["total"] - len(rows), "pair")
    return section(figures("Handovers, most sessions first", PAIRS_HEAD, cells, numbers=frozenset({2, 3, 4, 5})), rest)


def _department(state: Usage, name: str) -> Child:
    return name if name in {state.department, "No owner"} else link(name, state.address(department=name))


def _before(row: Mapping[str, Any], *, compared: bool) -> str:
    """What it was in the comparison; empty where there is none."""
    return formats.whole(row["sessions_comparison"]) if compared else ""


def _change(row: Mapping[str, Any]) -> str:
    value, before = row["sessions_change"], row["sessions_comparison"]
    return signed(value / before * 100, "%") if value is not None and before else ""


def _services(value: Mapping[str, Any]) -> Element:
    """Services, furthest from their own past first."""
    rows = value["services"]
    cells = [_service(row) for row in rows[:SERVICES]]
    table = figures("From start pages to services, furthest from their own past first", SERVICES_HEAD, cells, numbers=NUMBERS)  # fmt: skip
    rest = more("The other services", figures("The other services", SERVICES_HEAD, [_service(row) for row in rows[SERVICES:]], numbers=NUMBERS, hidden_title=True)) if rows[SERVICES:] else None  # fmt: skip
    said = p(formats.breakable(services_sentence(value)), class_="answer__sentence")
    return section(
        h2("From start pages to services", class_="govuk-heading-l", id="services"), said, p(NOT_SEEN, class_="govuk-body"),
        [table, rest] if rows else None,
    )  # fmt: skip


def _service(row: Mapping[str, Any]) -> list[Child]:
    """A service's row; arrivals that can't be seen say why."""
    gone = GONE.get(row["status"], "")
    seen = [gone or formats.whole(row[name]) for name in ("arrivals", "not_seen_arriving")]
    return [
        link(row["name"], f"/drop-offs?service={row['service']}"), "" if gone else formats.known_share(row["arrival_rate"]), _expected(row), _verdict(row),
        formats.whole(row["start_page_sessions"]), formats.whole(row["start_clicks"]), *seen, formats.whole(row["did_not_click"]),
    ]  # fmt: skip


def _expected(row: Mapping[str, Any]) -> str:
    """`31% to 35%` of the arrival rate; empty where none is known, or next to any would do."""
    low, high = (row[f"arrival_rate_expected_{end}"] for end in ("low", "high"))
    return "" if low is None or high is None or high - low > VAGUE else f"{formats.share(low)} to {formats.share(high)}"


def _verdict(row: Mapping[str, Any]) -> Child:
    """The stronger of the two verdicts, on arrivals and on their rate."""
    told = [row[f"{name}_verdict"] for name in ("arrival_rate", "arrivals")]
    if LIKELY not in told:
        said = next((one for one in told if one), "")
        return f"{said[:1].upper()}{said[1:]}"
    of = "rate" if told[0] == LIKELY else "arrivals"
    return [strong("Likely real", class_="govuk-tag govuk-tag--orange"), f" {of}"]
