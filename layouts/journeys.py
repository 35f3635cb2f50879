"""The Journeys page: heading, and the answer as sentence, columns, table, files and how it is counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from layouts import beside, formats, funnel_of, ids, words
from layouts.address import Problem
from layouts.columns import Drawing, explorer, special, step_name
from layouts.components import covered, error_summary, failure, figures, files, link, more
from layouts.journey import DEFAULT, NOT_SHARED, Journey
from layouts.markup import Child, Element, Tag, div, h1, h2, li, p, section, ul, unseen
from layouts.opened import Moves, crossing
from layouts.owners import Owners
from queries.answers import Answer

ROWS_SHOWN: Final = 120  # of the table; the files hold all of it


def title(journey: Journey) -> str:
    """What the page and its chart show, at most ten words."""
    if journey.matched == "any":
        return "How sessions come to their last page" if journey.backward else "Where sessions land and where they go"
    return f"How people reach {subject(journey)}" if journey.backward else f"Where people go after {subject(journey)}"


def subject(journey: Journey) -> str:
    """What a journey is looked at from, in words and in the names of files."""
    if journey.matched == "any":
        return "any page"
    return f"pages of {journey.page}" if journey.matched == "department" else journey.page


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
        return f"There is nothing to compare with: no session saw {subject(journey)} {beside.other(journey)}."
    found = beside.biggest(value)
    if found is None:
        return f"No difference is told between {formats.counted(value['sessions'], 'session')} and {formats.whole(there)} {beside.other(journey)}."
    name = special(journey, found.page) or found.page
    where = step_name(journey, found.step)
    shares = f"{formats.share(found.share)} of {formats.counted(value['sessions'], 'session')} {beside.own(journey)}, {formats.share(found.compared['share'])} of {formats.whole(there)} {beside.other(journey)}"
    kind = "The biggest difference" if found.compared["unusual"] else "The biggest difference, which could be chance,"
    ends = f" ({beside.interval(found.compared)})" if beside.interval(found.compared) else ""
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
    start = (
        "No page is chosen, so this shows every session. Find a page below, or open one and start from it. See also "
    )
    return [start, link(*other), "."]


def waiting() -> Element:
    """The answer's place before it comes, as high as what comes."""
    columns = [div([div(class_="bone bone--node") for _ in range(6)], class_="bone__column") for _ in range(5)]
    bones = [div(class_="bone bone--line"), div(class_="bone bone--sentence"), div(columns, class_="bone__columns")]
    shape = div(bones, aria_hidden="true", class_="bones")
    return div(shape, unseen("Loading"), id=ids.ANSWER, data_part=True, aria_busy="true", class_="answer")


def standing_by() -> list[Child]:
    """What stands by for the script: where it tells those who listen, and what it shows when the server doesn't answer."""
    unreachable = failure("The service can't be reached", "Check that it is running, then open the page again.", "none")
    return [
        div(id=ids.ANNOUNCED, class_="govuk-visually-hidden", role="status"),
        Tag("template")(unreachable, id=ids.UNREACHABLE),
    ]


@dataclass(frozen=True)
class Offers:
    """What else of the service there is to go to."""

    pictures: bool  # whether they can be drawn here
    profile: bool  # whether a page has a profile


def answered(journey: Journey, answer: Answer, inside: Moves, offers: Offers) -> Element:
    """The answer: coverage, sentence, columns, tables, files, and how it is counted."""
    value: Any = answer.value
    owners = Owners.of(answer)
    shown = _nothing(journey, answer) if not value["sessions"] else [
        h2("Step by step", class_="govuk-visually-hidden"), explorer(Drawing(journey, value, owners, inside, offers.profile)),
        beside.key(journey) if "compared" in value else None, _legend(journey, value, owners), _table(journey, answer), _links(journey, value, owners), _paths(value),
        funnel_of.way(journey), _downloads(journey, pictures=offers.pictures), _counted(answer),
    ]  # fmt: skip
    return div(
        covered(answer.about),
        p(formats.breakable(sentence(journey, value)), class_="answer__sentence", id=ids.MESSAGE),
        shown, id=ids.ANSWER, data_part=True, class_="answer",
    )  # fmt: skip


def _nothing(journey: Journey, answer: Answer) -> list[Child]:
    plain = Journey(page=journey.page, direction=journey.direction)
    advice = [
        li("check how the page is written, or find it by a part of its name"),
        li(f"choose other days: these are {formats.period(answer.about.period)}"),
        li(link("remove every filter", plain.address())) if journey != plain else None,
        li(link("start from every landing page", "/journeys")) if journey.page else None,
    ]
    return [p("To see journeys you can:", class_="govuk-body"), ul(advice, class_="govuk-list govuk-list--bullet")]


def _table(journey: Journey, answer: Answer) -> Element:
    """The table face of the answer, row for row."""
    rows = answer.table.head(ROWS_SHOWN).to_dicts()
    compares = "compared_share" in answer.table.columns
    cells: list[list[Child]] = [
        [
            step_name(journey, row["step"]), _shown(journey, row["page"]),
            row["department"] or "", formats.whole(row["sessions"]), formats.share(row["share"]),
            *(_other_cells(row) if compares else ()),
        ]
        for row in rows
    ]  # fmt: skip
    other = (
        [
            f"Sessions, {beside.briefly(journey)}",
            f"Share, {beside.briefly(journey)}",
            "Points between",
            "95 % interval",
            "Verdict",
        ]
        if compares
        else []
    )
    head = ["Step", words.GROUPS[journey.group], "Department", "Sessions", "Share of all", *other]
    left = answer.table.height - len(rows)
    more_rows = p(f"{formats.counted(left, 'more row')} in the files.", class_="govuk-body-s") if left > 0 else None
    return section(
        figures("The same numbers as a table", head, cells, numbers=frozenset(range(3, 9 if compares else 5))),
        more_rows,
    )


def _other_cells(row: Mapping[str, Any]) -> list[Child]:
    """The other side of a row of the table."""
    compared = {name: row[f"difference_{name}"] for name in ("low", "high", "unusual")} | {
        "difference": row["difference"]
    }
    known = row["difference"] is not None
    return [
        formats.whole(row["compared_sessions"]), formats.share(row["compared_share"]),
        formats.points(row["difference"]) if known else "", beside.interval(compared), beside.verdict(compared).replace(" ", "\N{NO-BREAK SPACE}"),
    ]  # fmt: skip


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


def _links(journey: Journey, value: Mapping[str, Any], owners: Owners) -> Element:
    """Every move between what is shown, with its median time, and where it crosses into another department."""
    rows = value["links"][:ROWS_SHOWN]
    cells: list[list[Child]] = [
        [
            step_name(journey, row["step"]), _shown(journey, row["from"]), _shown(journey, row["to"]),
            formats.whole(row["sessions"]), formats.duration(row["median_seconds"]), owners.crossed(row) or "",
            *_other_move(row),
        ]
        for row in rows
    ]  # fmt: skip
    head = [
        "Step",
        "From",
        "To",
        "Sessions",
        "Median time",
        f"{'From' if journey.backward else 'Into'} another department",
    ]
    left = len(value["links"]) - len(rows)
    more_rows = p(f"{formats.counted(left, 'more row')} in the files.", class_="govuk-body-s") if left > 0 else None
    return more(
        "Every move, with its median time",
        figures("Moves between steps", head, cells, numbers=frozenset({3, 4})),
        more_rows,
        id="moves",
    )


def _other_move(row: Mapping[str, Any]) -> list[Child]:
    """The other side of a move."""
    if "compared" not in row:
        return []
    return [formats.whole(row["compared"]["sessions"]), formats.duration(row["compared"]["median_seconds"])]


def _shown(journey: Journey, page: str) -> Child:
    return special(journey, page) or formats.breakable(page)


def _paths(value: Mapping[str, Any]) -> Element | None:
    if not value.get("paths"):
        return None
    rows: list[list[Child]] = [
        [formats.breakable(" > ".join(path["pages"])), formats.whole(path["sessions"]), formats.share(path["share"])]
        for path in value["paths"]
    ]
    rest = value["paths_other"]
    rows.append(["All other journeys", formats.whole(rest), formats.rate(rest, value["sessions"])])
    return section(
        figures(
            "Whole journeys, most common first",
            ["Journey", "Sessions", "Share of all"],
            rows,
            numbers=frozenset({1, 2}),
        )
    )


def _downloads(journey: Journey, *, pictures: bool) -> Element:
    plain = replace(journey, open=(), rows=DEFAULT.rows)
    return files(lambda kind: plain.address(f"/files/journeys.{kind}"), pictures=pictures)


def _counted(answer: Answer) -> Element:
    told = [p(answer.about.definition), *[p(note) for note in answer.about.notes]]
    return more(
        "How this is counted", *told, p("Every word is explained under ", link("Definitions", "/definitions"), ".")
    )
