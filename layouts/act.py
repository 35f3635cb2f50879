"""Where to act, a section of the review: steps that lose more than those of similar services, by whom it would help."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from layouts import formats
from layouts.components import figures, files, graph, link, more
from layouts.figures import act as picture
from layouts.markup import Child, Element, h2, p, section
from layouts.review import Reviewed
from queries.answers import Answer

TITLE: Final = "Where to act"
SHOWN: Final = 20  # steps on the page; a file has as many as the review has rows
HEAD: Final = (
    "Step",
    "Service",
    "Department",
    "Would be helped",
    "Stopped there",
    "At similar services",
    "More by, points",
)
SILENT: Final = (
    "Each step is counted by itself: who is helped at one may stop at the next, so the numbers don't add up. A step may lose people "
    "for a good reason, such as who finds out there that the service isn't for them."
)


def sentence(value: Mapping[str, Any]) -> str:
    """The answer in one sentence with numbers: on screen, in files, and for those who listen."""
    rows, looked = value["act"], value["looked_at"]
    if not looked["steps"]:
        return "No step could be held against similar services: these days have too little data."
    of = f"Of {formats.counted(looked['steps'], 'step')} of {formats.counted(looked['services'], 'service')} held against similar services"
    if not rows:
        return f"{of}, none loses clearly more than theirs."
    top, lose = rows[0], "one loses" if len(rows) == 1 else f"{formats.whole(len(rows))} lose"
    return (
        f"{of}, {lose} clearly more; most would be helped at \u201c{top['step_name']}\u201d of {top['name']}: "
        f"{formats.share(top['stopped_rate'])} stop there, {formats.share(top['similar_rate'])} at similar services, "
        f"which is {formats.counted(top['helped'], 'session')} more."
    )


def shown(state: Reviewed, answer: Answer, *, pictures: bool) -> Element:
    """Heading, sentence, chart, table, files, and how it is counted."""
    value: Any = answer.value
    said = sentence(value)
    chart = (
        graph("act-chart", picture.figure(value), f"{TITLE}. {said}", picture.height(value)) if value["act"] else None
    )
    return section(
        h2(TITLE, class_="govuk-heading-l"), p(formats.breakable(said), class_="answer__sentence"), chart,
        _table(state, value["act"][:SHOWN]) if value["act"] else None,
        p(SILENT, class_="govuk-body"),
        files(lambda kind: state.address(f"/files/act.{kind}"), pictures=pictures),
        more("How where to act is counted", p(answer.about.definition), *[p(note) for note in answer.about.notes]),
    )  # fmt: skip


def _table(state: Reviewed, rows: Sequence[Mapping[str, Any]]) -> Element:
    title = "Steps that lose more than those of similar services"
    return figures(title, HEAD, [_row(state, row) for row in rows], numbers=frozenset({3, 4, 5, 6}))


def _row(state: Reviewed, row: Mapping[str, Any]) -> list[Child]:
    between = f"{formats.points(row['difference_low'])} to {formats.points(row['difference_high'])}"
    days = f"&from={state.first}&to={state.last}" if state.first and state.last else ""
    account = f"&account={state.account}" if state.account != Reviewed.account else ""
    evidence = link(row["step_name"], f"/drop-offs?service={row['service']}{days}{account}")
    return [
        [evidence, f", before {row['to']}"], row["name"], row["department"], formats.counted(row["helped"], "session"),
        f"{formats.whole(row['stopped'])} of {formats.whole(row['reached'])} ({formats.share(row['stopped_rate'])})",
        formats.share(row["similar_rate"]), between,
    ]  # fmt: skip
