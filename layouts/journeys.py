"""The Journeys page: heading, and the answer as sentence, columns, table, files and how it is counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from layouts import formats, funnel_of, ids, journey_tables, journeys_compared, matchers, words
from layouts.address import Problem
from layouts.components import error_summary, files, leading, link, more
from layouts.journey_columns import Drawing, explorer, special, step_name
from layouts.journey_nodes import Moves, crossing
from layouts.journey_state import NOT_SHARED, Journey
from layouts.markup import Child, Element, div, h1, h2, li, p, ul, unseen
from layouts.owners import Owners
from queries.answers import Answer

SUBJECTS: Final = {
    "department": "pages of {}", "service": "pages of {}", "service_start": "start pages of {}", "service_end": "end pages of {}",
    "regex": "pages that match {}", "topic": "pages about {}", "document_type": "pages of type {}",
}  # fmt: skip


def title(journey: Journey) -> str:
    """What the page and its chart show, at most ten words."""
    if journey.matched == "any":
        return "How sessions come to their last page" if journey.backward else "Where sessions land and where they go"
    return f"How people reach {subject(journey)}" if journey.backward else f"Where people go after {subject(journey)}"


def subject(journey: Journey) -> str:
    """What a journey is looked at from, in words and in the names of files."""
    if journey.matched == "any":
        return "any page"
    value = matchers.definition(journey.page, journey.match)["value"]
    return SUBJECTS.get(journey.matched, "{}").format(journey.page if isinstance(value, list) else value)


def sentence(journey: Journey, value: Mapping[str, Any]) -> str:
    """The answer in one sentence with numbers: on screen, in files, and for those who listen."""
    sessions, steps = value["sessions"], value["steps"]
    if not sessions:
        return f"No session saw {subject(journey)} on these days."
    if "compared" in value:
        return _compared(journey, value)
    if journey.matched == "any":
        verb = "ended on" if journey.backward else "landed on"
        parts = [_most(steps[0], sessions, verb), _rest(steps, sessions, "saw no other page")]
        return f"Of {formats.counted(sessions, 'session')}, {formats.listed([part for part in parts if part])}."
    verb, stop = ("came from", "began there") if journey.backward else ("went on to", "ended there")
    parts = [_most(steps[1], sessions, verb) if len(steps) > 1 else "", _rest(steps, sessions, stop)]
    saw = f"Of {formats.counted(sessions, 'session')} that saw {subject(journey)}"
    return f"{saw}, {formats.listed([part for part in parts if part])}."


def _compared(journey: Journey, value: Mapping[str, Any]) -> str:
    """The biggest difference between the two sides in one sentence."""
    there = value["compared"]["sessions"]
    if not there:
        return (
            f"There is nothing to compare with: no session saw {subject(journey)} {journeys_compared.other(journey)}."
        )
    found = journeys_compared.biggest(value)
    if found is None:
        return f"No difference is told between {formats.counted(value['sessions'], 'session')} and {formats.whole(there)} {journeys_compared.other(journey)}."
    name = special(journey, found.page) or found.page
    where = step_name(journey, found.step)
    shares = f"{formats.share(found.share)} of {formats.counted(value['sessions'], 'session')} {journeys_compared.own(journey)}, {formats.share(found.compared['share'])} of {formats.whole(there)} {journeys_compared.other(journey)}"
    kind = (
        "The biggest difference"
        if found.compared["unusual"] or journey.publication
        else "The biggest difference, which could be chance,"
    )
    ends = f" ({journeys_compared.interval(found.compared)})" if journeys_compared.interval(found.compared) else ""
    return f"{kind} is {name} at {where[:1].lower()}{where[1:]}: {shares}, {formats.points(found.compared['difference'])} points{ends}."


def _most(step: Mapping[str, Any], sessions: int, verb: str) -> str:
    if not step["nodes"]:
        return ""
    first = step["nodes"][0]
    name = "a service that isn't shared" if first["page"] == NOT_SHARED else first["page"]
    return f"{formats.rate(first['sessions'], sessions)} {verb} {name}"


def _rest(steps: Sequence[Mapping[str, Any]], sessions: int, verb: str) -> str:
    if len(steps) < 2:  # noqa: PLR2004 - the anchor and one more
        return ""
    ended = steps[1]["ended"]
    return f"{'none' if ended == 0 else formats.rate(ended, sessions)} {verb}"


def heading(journey: Journey, problems: Sequence[Problem]) -> Element:
    """What is wrong with the address, if anything, then what the page shows."""
    shown = title(journey)
    return div(
        error_summary(problems),
        h1(formats.breakable(shown), class_="govuk-heading-l heading__title", id=ids.TITLE, tabindex="-1"),
        p(_lead(journey), class_="govuk-body heading__lead"),
        id=ids.HEADING, data_part=True, data_title=f"{shown} – {words.SERVICE}", data_address=journey.address(),
    )  # fmt: skip


def _lead(journey: Journey) -> Child:
    if journey.page:
        way = (
            "further back. Open a page to see what its own"
            if journey.backward
            else "further. Open a page to see where its own"
        )
        return f"Each column is one step {way} sessions {'saw before' if journey.backward else 'went next'}."
    other = ("how they come to their last page", "/journeys?direction=backward")
    if journey.backward:
        other = ("where they land and go", "/journeys")
    start = "No page is chosen, so this shows every session. Choose a page in the filters, or open one and start from it. See also "
    return [start, link(*other), "."]


def waiting() -> Element:
    """The answer's place before it comes, as high as what comes."""
    columns = [div([div(class_="bone bone--node") for _ in range(6)], class_="bone__column") for _ in range(5)]
    bones = [div(class_="bone bone--line"), div(class_="bone bone--sentence"), div(columns, class_="bone__columns")]
    shape = div(bones, aria_hidden="true", class_="bones")
    return div(shape, unseen("Loading"), id=ids.ANSWER, data_part=True, aria_busy="true", class_="answer")


@dataclass(frozen=True)
class Offers:
    """What else of the service there is to go to."""

    pictures: bool  # whether they can be drawn here
    profile: bool  # whether a page has a profile
    steps_alone: bool = False  # whether the numbers under the steps stand on the page already


def answered(journey: Journey, answer: Answer, inside: Moves, offers: Offers) -> Element:
    """The answer: coverage, sentence, columns, tables, files, and how it is counted."""
    value: Any = answer.value
    said = leading(answer.about, sentence(journey, value), ids.MESSAGE)
    shown = _shown(journey, answer, inside, offers) if value["sessions"] else [_nothing(journey, answer)]
    version = answer.about.version
    return div(
        div(said, id=ids.SAID, data_part=True),
        shown,
        id=ids.ANSWER,
        data_part=True,
        data_version=version,
        class_="answer",
    )


def _shown(journey: Journey, answer: Answer, inside: Moves, offers: Offers) -> list[Child]:
    """The steps, and what stands under them: parts of their own, so that opening a page draws the steps alone again."""
    value: Any = answer.value
    owners = Owners.of(answer)
    steps = [
        h2("Step by step", class_="govuk-visually-hidden"),
        explorer(Drawing(journey, value, owners, inside, offers.profile)),
        funnel_of.way(journey),
    ]
    drawn = div(steps, id=ids.STEPS, data_part=True)
    if offers.steps_alone:
        return [drawn, div(id=ids.NUMBERS, data_part=True, data_same=True)]
    rest = [
        journeys_compared.key(journey) if "compared" in value else None, _legend(journey, value, owners), journey_tables.table(journey, answer),
        journey_tables.moves(journey, value, owners), journey_tables.paths(value), _downloads(journey, pictures=offers.pictures), _counted(answer),
    ]  # fmt: skip
    return [drawn, div(rest, id=ids.NUMBERS, data_part=True)]


def _nothing(journey: Journey, answer: Answer) -> list[Child]:
    plain = Journey(page=journey.page, direction=journey.direction)
    advice = [
        li("check how the page is written, or find it by a part of its name"),
        li(f"choose other days: these are {formats.period(answer.about.period)}"),
        li(link("remove every filter", plain.address())) if journey != plain else None,
        li(link("start from every landing page", "/journeys")) if journey.page else None,
    ]
    return [p("To see journeys you can:", class_="govuk-body"), ul(advice, class_="govuk-list govuk-list--bullet")]


def _legend(journey: Journey, value: Mapping[str, Any], owners: Owners) -> Element | None:
    """What the mark of another department means, where it stands on the page."""
    if not any(owners.crossed(row) for row in value["links"]):
        return None
    mark = crossing(journey, "department")
    said = (
        "pages of another department than the page before"
        if not journey.backward
        else "pages of another department than the page after"
    )
    return p("Marked", mark, f": {said}. Their bands have a dashed edge.", class_="govuk-body-s legend")


def _downloads(journey: Journey, *, pictures: bool) -> Element:
    plain = replace(journey, open=(), rows=Journey.rows)
    every = link("Every move, with its median time (CSV)", plain.address("/files/moves.csv"), download=True)
    return div(
        files(lambda kind: plain.address(f"/files/journeys.{kind}"), pictures=pictures), p(every, class_="govuk-body")
    )


def _counted(answer: Answer) -> Element:
    told = [p(answer.about.definition), *[p(note) for note in answer.about.notes]]
    return more(
        "How this is counted", *told, p("Every word is explained under ", link("Definitions", "/definitions"), ".")
    )
