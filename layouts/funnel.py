"""The Drop-offs page: where people stop in a funnel, where they went then, how long steps took, and what changed."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from data.periods import Period
from data.register import register
from layouts import formats, ids, page_top
from layouts.address import Problem
from layouts.components import figures, files, graph, leading, link, more
from layouts.figures import funnel as picture
from layouts.funnel_panel import panel
from layouts.funnel_state import EXAMPLE, FunnelState
from layouts.headlines import signed
from layouts.markup import Child, Element, div, h2, p, section, strong
from queries.answers import Answer
from queries.handovers import starts
from queries.publication import RATE_LIMIT

LEAD: Final = "How many reach each step, who stops where, where they went then, and whether that is real."
WENT_SHOWN: Final = 5
TOGETHER: Final = (
    "An interval without 0 can still be chance: several steps are looked at, and one of so many may well move that far by itself."
    " Unusual is a change whose 99% interval leaves 0 out, and of which at most 1 in 100 is a false find."
)
COLUMNS: Final = (
    "Step", "Sessions", "Of those who started", "95% interval", "Of the step before", "95% interval of it", "Stopped here", "Median time",
)  # fmt: skip
NUMBERS: Final = frozenset(COLUMNS) - {"Step"}
UNPUBLISHED: Final = frozenset({"95% interval", "95% interval of it", "Median time"})
NO_CHART: Final = ("(same page)", "(ended)", "(other)")
SAID: Final = {
    "(same page)": "Only reloaded the page",
    "(ended)": "Nothing more was seen",
    "(other)": "Other pages",
    "(not shared)": "A service that isn't shared",
}


def title(state: FunnelState) -> str:
    """What the page and its chart show."""
    return f"Where people leave {state.title}" if state.chosen else "Where people drop off"


def subject(state: FunnelState) -> str:
    """What the chart is of, in the names of files."""
    return state.title if state.steps else state.service or EXAMPLE


def heading(state: FunnelState, problems: Sequence[Problem], departments: Sequence[str]) -> Element:
    """What is wrong with the address, if anything, what the page shows, and its filters."""
    return page_top.heading(title(state), LEAD, panel(state, departments), page_top.tags(state), problems=problems)


def biggest(value: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The step after which most units dropped off; none where nobody did."""
    told = [step for step in value["steps"] if step["drop_offs"]]
    return max(told, key=lambda step: step["drop_offs"], default=None)


def _part_of(state: FunnelState, part: int | None, of: int | None) -> str:
    """One count as a share of another; hidden where that is too small for shares to be published."""
    return formats.HIDDEN if state.publication and (of or 0) < RATE_LIMIT else formats.rate(part, of)


def unseen(state: FunnelState, value: Mapping[str, Any]) -> str:
    """Whose service this is, if its own pages aren't shared on these days; empty where they are, and of a funnel of one's own."""
    service = register.services.get(state.service)
    if not service or state.steps or not value["days"]:
        return ""
    first, last = (formats.of_iso(str(value["days"][place]["day"])) for place in (0, -1))
    days = Period(first, last)
    if starts.status(service, state.account, days) != starts.NOT_SHARED:
        return ""
    return register.department_on(service.department, service.agency, days.last)


def sentence(state: FunnelState, value: Mapping[str, Any]) -> str:
    """The answer in one sentence with numbers: on screen, in files, and for those who listen."""
    steps = value["steps"]
    first, last, most = steps[0], steps[-1], biggest(value)
    if first["units"] is None:
        return f"Too few sessions{' to be published' if state.publication else ' of another department to be shown'}."
    if not (value["days"] or state.publication):
        return "There is no data for these days."
    if not any(step["units"] for step in steps):
        return "No session saw the first step on these days."
    if whose := unseen(state, value):
        return f"{formats.counted(first['units'], 'session')} saw {first['name']}; what follows in the service isn't shared by {whose}, so that 0 here means not shared."
    finished = formats.known_share(last["share_of_start"]) if last["share_of_start"] is not None else "too few to say"
    parts = [f"Of {formats.counted(first['units'], 'session')} at {first['name']}, {finished} reached {last['name']}"]
    if most:
        stopped = _part_of(state, most["drop_offs"], most["units"])
        parts.append(
            f"most were lost after {most['name']}: {formats.counted(most['drop_offs'], 'session')}, {stopped} of those there"
        )
    if moved := _moved(value):
        parts.append(moved)
    return f"{'; '.join(parts)}."


def _moved(value: Mapping[str, Any]) -> str:
    """The unusual change of a step that is largest, as part of a sentence; empty where none is unusual."""
    before = value["compared"]
    pairs = zip(value["steps"], before["steps"], strict=True) if before else ()
    unusual = [(step, was) for step, was in pairs if was["unusual"]]
    if not unusual:
        return ""
    step, was = max(unusual, key=lambda pair: abs(pair[1]["change"]))
    return f"unusual is {step['name']}, reached by {formats.known_share(step['share_of_previous'])} of the step before, from {formats.known_share(was['share_of_previous'])}"


def answered(state: FunnelState, answer: Answer, parts: Sequence[Child], *, pictures: bool) -> Element:
    """Coverage, sentence, chart with its table and files, destinations, times, what changed; then other `parts`."""
    told: Any = answer.value
    said = sentence(state, told)
    top = leading(answer.about, said)
    if answer.about.empty:
        return div(top, page_top.elsewhere(state), class_="answer")
    return div(
        top,
        _noted(state, told, answer.about.notes),
        graph("drop-offs", picture.figure(told), f"{title(state)}. {said}", picture.height(told)),
        _steps(state, told),
        files(lambda kind: state.address(f"/files/drop-offs.{kind}"), pictures=pictures),
        _changed(told),
        _went(state, told),
        _times(told),
        *parts,
        more("How this is counted", p(answer.about.definition)),
        class_="answer",
    )  # fmt: skip


def _noted(state: FunnelState, told: Mapping[str, Any], notes: Sequence[str]) -> Element | None:
    """What must be said of the numbers, such as a step that no page fits, and the way to the field where that is mended."""
    if not notes:
        return None
    unseen_steps = state.steps and 0 in told["counts"]
    mend = p(link("Change the steps", f"#{ids.field('steps')}")) if unseen_steps else None
    return div([p(formats.breakable(note)) for note in notes], mend, class_="govuk-inset-text")


def _steps(state: FunnelState, told: Mapping[str, Any]) -> Element:
    """The table face: both denominators with their intervals, drop-offs, times; of what is published what there is of it."""
    columns = [column for column in COLUMNS if not (state.publication and column in UNPUBLISHED)]
    rows: list[list[Child]] = []
    for step in told["steps"]:
        cells: list[Child] = [
            f"{step['step']}. {step['name']}", formats.whole(step["units"]), formats.known_share(step["share_of_start"]),
            "" if step["step"] == 1 and state.mode != "open" else between(step["low"], step["high"]), "" if step["step"] == 1 else formats.known_share(step["share_of_previous"]),
            between(step["previous_low"], step["previous_high"]), _stopped(step), formats.duration(step["median_seconds"]),
        ]  # fmt: skip
        rows.append([cell for cell, column in zip(cells, COLUMNS, strict=True) if column in columns])
    numbers = frozenset(place for place, column in enumerate(columns) if column in NUMBERS)
    return section(figures("Steps, with both shares", columns, rows, numbers=numbers))


def between(low: float | None, high: float | None) -> str:
    """`31% to 35%`; empty where there is none."""
    return "" if low is None or high is None else f"{formats.share(low)} to {formats.share(high)}"


def _stopped(step: Mapping[str, Any]) -> str:
    if step["skipped"] is not None:
        return f"{formats.whole(step['skipped'])} went on without it"
    return formats.whole(step["drop_offs"])


def _went(state: FunnelState, told: Mapping[str, Any]) -> Element | None:
    """Where those who stopped went, step by step, most first."""
    parts = [_destinations(state, step) for step in told["steps"] if step["went"]]
    if not parts:
        return None
    return section(h2("Where they went instead", class_="govuk-heading-m", id="went"), div(parts, class_="beside"))


def _destinations(state: FunnelState, step: Mapping[str, Any]) -> Element:
    pages = [one for one in step["went"] if one["to"] not in NO_CHART]
    rest = [one for one in step["went"] if one["to"] in NO_CHART]
    shown, others = pages[:WENT_SHOWN], pages[WENT_SHOWN:]
    hidden = any(one["units"] is None for one in others)
    left = [{"to": "(other)", "units": None if hidden else sum(one["units"] for one in others)}] if others else []
    rest = _folded([*left, *rest])
    rows: list[list[Child]] = [
        [_destination(state, one["to"]), formats.whole(one["units"]), _part_of(state, one["units"], step["drop_offs"])]
        for one in [*shown, *rest]
    ]
    return figures(
        f"After {step['step']}. {step['name']}",
        ("Went to", "Sessions", "Of those who stopped"),
        rows,
        numbers=frozenset({1, 2}),
    )


def _folded(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row for each destination that isn't a page."""
    found: dict[str, list[int | None]] = {}
    for row in rows:
        found.setdefault(row["to"], []).append(row["units"])
    return [
        {"to": to, "units": None if None in units else sum(n for n in units if n is not None)}
        for to, units in found.items()
    ]


def _destination(state: FunnelState, page: str) -> Child:
    """A page leads to the journeys from it."""
    if page in SAID:
        return SAID[page]
    return page if page.startswith("(") else link(formats.named(page), state.journeys(page).address())


def _times(told: Mapping[str, Any]) -> Element | None:
    """How long each step took: the chart, and its table."""
    timed = [step for step in told["steps"] if step["histogram"]]
    if not timed:
        return None
    rows: list[list[Child]] = [
        [f"{step['step']}. {step['name']}", *(formats.duration(one) for one in step["quartiles"] or (None,) * 3), formats.duration(step["mean_seconds"])]
        for step in timed
    ]  # fmt: skip
    said = formats.listed(
        [f"{step['name']} took {formats.duration(step['median_seconds'])} in the middle case" for step in timed]
    )
    return section(
        h2("Time from step to step", class_="govuk-heading-m"),
        graph("drop-off-times", picture.times(told), f"Time from step to step. {said}.", picture.times_height(told)),
        figures(
            "Time from the step before", ("Step", "A quarter took less than", "Half took less than", "Three quarters took less than", "Mean"),
            rows, numbers=frozenset(range(1, 5)),
        ),
    )  # fmt: skip


def _changed(told: Mapping[str, Any]) -> Element | None:
    """What changed most since the comparison period, step by step, the largest change first."""
    before = told["compared"]
    if before is None or not any(before["counts"]):
        return None
    pairs = [(step, was) for step, was in zip(told["steps"], before["steps"], strict=True) if step["step"] > 1]
    ranked = sorted(pairs, key=lambda pair: -abs(pair[1]["change"] or 0))
    rows: list[list[Child]] = [
        [
            f"{step['step']}. {step['name']}", formats.known_share(step["share_of_previous"]), formats.known_share(was["share_of_previous"]),
            points(was["change"]), ends(was), _real(was["unusual"]),
        ]
        for step, was in ranked
    ]  # fmt: skip
    days = formats.period(Period(formats.of_iso(before["from"]), formats.of_iso(before["to"])))
    head = ("Step", "Went on to it now", "Before", "Change", "95% interval", "Is it real?")
    doubt = doubted(before["steps"], lambda was: was["unusual"] is False, TOGETHER)
    table = figures(f"What changed most from {days}", head, rows, numbers=frozenset({1, 2, 3, 4}))
    return section(table, doubt, id="changed")


def doubted(
    rows: Sequence[Mapping[str, Any]], by_chance: Callable[[Mapping[str, Any]], bool], why: str
) -> Element | None:
    """Why a change whose interval leaves 0 out may be called chance; nothing where no row is such a one."""
    ends = [(row["change_low"], row["change_high"]) for row in rows if by_chance(row)]
    some = any(low is not None and not low <= 0 <= high for low, high in ends)
    return p(why, class_="govuk-body-s") if some else None


def points(change: float | None) -> str:
    """`+4.2 points`; empty where none is computed."""
    return "" if change is None else signed(change * 100, "points")


def ends(row: Mapping[str, Any]) -> str:
    """Between what a change lies; empty where nothing is known."""
    low, high = points(row["change_low"]), points(row["change_high"])
    return f"{low} to {high}" if low and high else ""


def _real(unusual: bool | None) -> Child:  # noqa: FBT001 - the one thing that is told
    if unusual is None:
        return ""
    return strong("Unusual", class_="govuk-tag govuk-tag--orange") if unusual else "Could be chance"
