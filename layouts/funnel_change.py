"""What changed in a funnel: over time, after a release, and side by side; each as sentence, chart and table."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from layouts import formats
from layouts.components import figures, files, graph, link, more
from layouts.figures import funnel_beside, trend
from layouts.funnel import between, doubted, ends, points
from layouts.funnel_state import BREAKDOWNS, EVERY, FunnelState
from layouts.headlines import VERDICTS
from layouts.markup import Child, Element, h2, li, p, section, strong, ul
from queries.answers import Answer
from queries.verdicts.verdicts import CHANCE, LIKELY

RATE: Final = "drop_off_rate"
PLACEBOS: Final = (
    "An interval without 0 can still be chance: it tells how much days differ, while the verdict asks whether weeks moved as far before"
    " this release too, and allows for several steps being looked at, one of which may well move that far by itself."
)
EVENTS_SHOWN: Final = 8


def of_step(state: FunnelState, value: Mapping[str, Any]) -> dict[str, Any]:
    """The trend of the step that the page looks at; of the whole funnel where the step isn't there."""
    steps = {row["step"] for row in value["rows"]}
    wanted = state.step if state.step in steps else 0
    return {**value, "rows": [row for row in value["rows"] if row["step"] == wanted]}


def trend_title(state: FunnelState) -> str:
    """What the chart over time shows."""
    return f"Drop-off rate of {state.title}, {'over time' if state.publication else EVERY[state.every]}"


def trend_sentence(state: FunnelState, value: Mapping[str, Any]) -> str:
    """The rate over all the days, and how many lay outside what was expected."""
    rows = of_step(state, value)["rows"]
    known = [row for row in rows if row["drop_offs"] is not None]
    units, drop_offs = (sum(row[name] or 0 for row in known) for name in ("units", "drop_offs"))
    if not units:
        return (
            "Too few stopped here to say."
            if any(row["units"] for row in rows)
            else "Nobody reached this step on these days."
        )
    name = rows[0]["name"]
    outside = sum(bool(row[f"{RATE}_unusual"]) for row in rows)
    banded = sum(row[f"{RATE}_expected_low"] is not None for row in rows)
    told = f"{formats.rate(drop_offs, units)} stopped {'in' if name == 'the whole funnel' else 'at'} {name}"
    days = formats.counted(banded, value["by"])
    judged = (
        f"; {outside or 'none'} of {days} lay outside what was expected"
        if banded
        else f"; {value['by']}s have too few for an expected range"
    )
    return f"{told}{'' if state.publication else judged}."


def over_time(state: FunnelState, answer: Answer, *, pictures: bool) -> Element:
    """The rate of one step over time, with links to the others."""
    value: Any = answer.value
    mine, said = of_step(state, value), trend_sentence(state, value)
    steps = {row["step"]: row["name"] for row in value["rows"]}
    shown = mine["rows"][0]["step"] if mine["rows"] else 0
    choices = [_choice(state, name, step == shown, step=step) for step, name in steps.items()]
    points_ = [_choice(state, said.capitalize(), every == state.every, every=every) for every, said in EVERY.items()]
    return section(
        h2("Over time", class_="govuk-heading-m", id="over-time"),
        ul(choices, class_="files", aria_label="Step shown over time"),
        None if state.publication else ul(points_, class_="files", aria_label="Point of the chart"),
        p(said, class_="govuk-body"),
        [p(note, class_="govuk-body-s") for note in answer.about.notes],
        graph("drop-offs-over-time", trend.figure(RATE, mine), f"{trend_title(state)}. {said}", trend.HEIGHT),
        files(lambda kind: state.address(f"/files/drop-offs-over-time.{kind}"), pictures=pictures),
    )


def _choice(state: FunnelState, name: str, chosen: bool, **changes: Any) -> Element:  # noqa: FBT001 - whether it is shown
    """One of several things that the chart over time can show."""
    return li(strong(name, aria_current="true") if chosen else link(name, f"{state.address(**changes)}#over-time"))


def release_title(state: FunnelState) -> str:
    """What the chart of a release shows."""
    return (
        f"{state.title} before and after {state.release:%-d %B %Y}"
        if state.release
        else f"{state.title} before and after"
    )


def release_sentence(_: FunnelState, value: Mapping[str, Any]) -> str:
    """`Fewer people stopped at Photo: 31% to 24%, likely real.`"""
    told = [row for row in value["steps"] if row["step"] and row["change"] is not None]
    if not told:
        return "No change is computed between these days."
    row = max(told, key=lambda one: (one["verdict"] == LIKELY, abs(one["change"])))
    if not row["change"]:
        return f"As many people stopped at {row['name']} as before: {formats.known_share(row[RATE])}."
    which = "Fewer" if row["change"] < 0 else "More"
    verdict = f", {row['verdict']}" if row["verdict"] else ""
    return f"{which} people stopped at {row['name']}: {formats.known_share(row[f'{RATE}_before'])} to {formats.known_share(row[RATE])}{verdict}."


def choose_release(state: FunnelState, annotations: Sequence[Mapping[str, Any]]) -> Element:
    """How a release is chosen, and the dated events of these days to choose from."""
    events = [
        li(link(f"{formats.day(formats.of_iso(one['first_day']))}: {one['name']}", f"{state.address(release=formats.of_iso(one['first_day']))}#release"))
        for one in annotations[:EVENTS_SHOWN]
    ]  # fmt: skip
    said = p(
        "Choose the day of a release under ",
        link("More options", "#more-options"),
        " to see before and after it.",
        class_="govuk-body",
    )
    listed = more("Or choose a dated event", ul(events, class_="govuk-list")) if events else None
    return section(
        h2("Did a release help?", class_="govuk-heading-m", id="release"), None if state.release else said, listed
    )


def release(state: FunnelState, answer: Answer, *, pictures: bool) -> Element:
    """Before and after: verdict, chart, table, and why it moved."""
    value: Any = answer.value
    said = release_sentence(state, value)
    steps = [row for row in value["steps"] if row[RATE] is not None]
    rows: list[list[Child]] = [
        [
            f"{row['step']}. {row['name']}" if row["step"] else "The whole funnel", formats.known_share(row[f"{RATE}_before"]), formats.known_share(row[RATE]), points(row["change"]),
            ends(row), between(row["expected_low"], row["expected_high"]), _real(row["verdict"]),
        ]
        for row in steps
    ]  # fmt: skip
    head = ("Stopped at", "Before", "After", "Change", "95% interval", "Expected", "Is it real?")
    before = f" ({formats.period(answer.about.comparison)})" if answer.about.comparison else ""
    title = f"Before{before} and after ({formats.period(answer.about.period)})"
    return section(
        p(said, class_="answer__sentence"),
        graph("drop-offs-release", funnel_beside.release(value), f"{release_title(state)}. {said}", funnel_beside.height(len(steps))),
        figures(title, head, rows, numbers=frozenset({1, 2, 3, 4, 5})),
        doubted(steps, lambda row: row["verdict"] == CHANCE, PLACEBOS),
        _why(value),
        files(lambda kind: state.address(f"/files/drop-offs-release.{kind}"), pictures=pictures),
        [p(note, class_="govuk-body-s") for note in answer.about.notes],
    )  # fmt: skip


def _why(value: Mapping[str, Any]) -> Element | None:
    """What each value contributed to the change of the step that changed most."""
    told = [row for row in value["steps"] if row["step"] and row["change"] is not None]
    if not told or not value["why"]:
        return None
    most = max(told, key=lambda one: abs(one["change"]))
    mine = sorted(
        (one for one in value["why"] if one["step"] == most["step"]), key=lambda one: -abs(one["contribution"] or 0)
    )
    rows: list[list[Child]] = [
        [one["value"], formats.known_share(one["rate_before"]), formats.known_share(one["rate"]), points(one["contribution"]), points(one["mix_effect"]), points(one["rate_effect"])]
        for one in mine
    ]  # fmt: skip
    title = f"Why it moved at {most['name']}: contributions by {BREAKDOWNS[value['by']].lower()}, which add up to the change"
    head = (
        BREAKDOWNS[value["by"]],
        "Stopped before",
        "Stopped after",
        "Contribution",
        "By its share",
        "By its own rate",
    )
    return figures(title, head, rows, numbers=frozenset(range(1, 6)))


def beside_title(state: FunnelState) -> str:
    """What the chart side by side shows."""
    return f"{state.title} by {BREAKDOWNS[state.by or 'device'].lower()}"


def shown_step(state: FunnelState, value: Mapping[str, Any]) -> int:
    """The step that values are compared at: the one after that which the page looks at, or the one that differs most."""
    steps = sorted({row["step"] for row in value["rows"] if row["share_of_previous"] is not None})
    if state.step and state.step + 1 in steps:
        return state.step + 1
    told = [row for row in value["rows"] if row["difference"] is not None and row["unusual"] is not None]
    most = max(told, key=lambda row: (row["unusual"], abs(row["difference"])), default=None)
    return int(most["step"]) if most else (steps or [2])[0]


def beside_sentence(state: FunnelState, value: Mapping[str, Any]) -> str:
    """Which value goes on most and which least, and whether any is unusual."""
    step = shown_step(state, value)
    rows = funnel_beside.of_step(value, step)
    if len(rows) < 2:  # noqa: PLR2004 - nothing to compare
        return "There is nothing to compare here."
    most, least = rows[0], rows[-1]
    name = value["names"][step - 1]
    unusual = [row["value"] for row in rows if row["unusual"]]
    judged = f"; unusual beside all others: {formats.listed(unusual)}" if unusual else "; no difference is unusual"
    return f"{formats.known_share(most['share_of_previous'])} of {most['value']} went on to {name}, and {formats.known_share(least['share_of_previous'])} of {least['value']}{judged}."


def beside(state: FunnelState, answer: Answer, *, pictures: bool) -> Element:
    """Every value of the breakdown: the chart of one step, the table of all."""
    value: Any = answer.value
    step, said = shown_step(state, value), beside_sentence(state, value)
    rows: list[list[Child]] = [
        [
            row["value"], f"{row['step']}. {value['names'][row['step'] - 1]}", formats.whole(row["units"]), formats.known_share(row["share_of_start"]), formats.known_share(row["share_of_previous"]),
            between(row["previous_low"], row["previous_high"]), points(row["difference"]), _unusual(row["unusual"]),
        ]
        for row in value["rows"]
    ]  # fmt: skip
    head = (
        BREAKDOWNS[value["by"]],
        "Step",
        "Sessions",
        "Of those who started",
        "Of the step before",
        "95% interval",
        "Beside all others",
        "Is it real?",
    )
    drawn = len(funnel_beside.of_step(value, step))
    return section(
        h2("Side by side", class_="govuk-heading-m", id="side-by-side"),
        p(formats.breakable(said), class_="govuk-body"),
        graph("drop-offs-side-by-side", funnel_beside.groups(value, step), f"{beside_title(state)}. {said}", funnel_beside.height(drawn)),
        more("The same numbers as a table", figures(f"Every step by {BREAKDOWNS[value['by']].lower()}", head, rows, numbers=frozenset({2, 3, 4, 5, 6}))),
        files(lambda kind: state.address(f"/files/drop-offs-side-by-side.{kind}"), pictures=pictures),
    )  # fmt: skip


def _real(verdict: str | None) -> Child:
    said = VERDICTS.get(verdict or "", (verdict or "").capitalize())
    return strong(said, class_="govuk-tag govuk-tag--orange") if verdict == LIKELY else said


def _unusual(unusual: bool | None) -> Child:  # noqa: FBT001 - the one thing that is told
    return (
        strong("Unusual", class_="govuk-tag govuk-tag--orange")
        if unusual
        else ""
        if unusual is None
        else "Could be chance"
    )
