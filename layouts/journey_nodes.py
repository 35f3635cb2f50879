"""What stands under an opened node of the explorer: where its own sessions went, which pages it holds, how they ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import quote

from layouts import formats, funnel_of, journeys_compared, matchers
from layouts.address import SAFE
from layouts.components import link
from layouts.journey_state import BEGAN, ENDED, HIDDEN, MOST_ROWS, NOT_SHARED, OTHER, REACHED, Journey, Open
from layouts.markup import Child, Element, button, div, li, p, span, ul, unseen
from layouts.owners import Owners
from queries.answers import Answer

MORE_ROWS: Final = 20
WORDS: Final = {
    ENDED: "Ended here", BEGAN: "Began here", OTHER: "Smaller pages", HIDDEN: "Services of other departments",
    REACHED: "Reached the end page", NOT_SHARED: "A service that isn't shared",
}  # fmt: skip


@dataclass(frozen=True)
class Move:
    """Sessions of an opened node that went on to `page`, or that are at it; `seconds` is the median time until then."""

    page: str
    sessions: int | None
    seconds: float | None = None
    into: str | None = None  # the department that the journey crosses into
    other: int | None = None  # sessions of the other side, where two are compared


@dataclass(frozen=True)
class Total:
    """The sessions of an opened node, and those of the other side where two are compared."""

    own: int | None
    other: int | None = None


Moves = Mapping[Open, Sequence[Move]]


def moves(journey: Journey, whole: Answer) -> Moves:
    """What is inside each opened node, most first; `whole` is the same journey with every page of every step."""
    value: Any = whole.value
    owners = Owners.of(whole)
    shown = [node for node in journey.open if node.page != ENDED and node.step < len(value["steps"])]
    found = {node: _inside(node, value, owners) for node in shown}
    return {
        node: sorted(rows, key=lambda move: (-(move.sessions or 0), -(move.other or 0), move.page))
        for node, rows in found.items()
    }


def _inside(node: Open, whole: Mapping[str, Any], owners: Owners) -> list[Move]:
    if node.page == OTHER:
        return [Move(row["page"], row["sessions"], other=_other(row)) for row in whole["steps"][node.step]["nodes"]]
    links = (row for row in whole["links"] if row["step"] == node.step and row["from"] == node.page)
    return [Move(row["to"], row["sessions"], row["median_seconds"], owners.crossed(row), _other(row)) for row in links]


def _other(row: Mapping[str, Any]) -> int | None:
    sessions: int | None = row["compared"]["sessions"] if "compared" in row else None
    return sessions


def onward(journey: Journey, node: Open, found: tuple[Sequence[Move], Total], *, profile: bool) -> Element:
    """The pages that an opened page's own sessions went on to, with how many they are, and what can be done with the page."""
    rows, total = found
    whose = f"these {formats.counted(total.own, 'session')}"
    title = f"What {whose} saw before" if journey.backward else f"Where {whose} went next"
    return div(_listed(journey, title, rows, total), _menu(journey, node, profile=profile), class_="panel")


def others(journey: Journey, rows: Sequence[Move], total: Total) -> Element:
    """The pages of a step that aren't among its most common."""
    return div(_listed(journey, "The other pages of this step", rows, total), class_="panel")


def how_ended(journey: Journey, step: Mapping[str, Any], total: Total) -> Element:
    """How the sessions that stop at a step ended, or began."""
    title = "How these journeys began" if journey.backward else "What was seen last"
    own, other = step["ended_how"], step.get("compared", {}).get("ended_how", {})
    rows = [Move(how, own.get(how, 0), other=other.get(how, 0)) for how in {*own, *other}]
    rows.sort(key=lambda row: (-(row.sessions or 0), row.page))
    items = [_row(journey, f"{row.page[:1].upper()}{row.page[1:]}", row, total) for row in rows]
    return div(p(title, class_="panel__title"), ul(items, class_="panel__list"), class_="panel")


def _listed(journey: Journey, title: str, rows: Sequence[Move], total: Total) -> list[Child]:
    shown = rows[: journey.rows]
    items = [_row(journey, _name(journey, row.page), row, total) for row in shown]
    left = (total.own or 0) - sum(row.sessions or 0 for row in shown)
    others = (total.other or 0) - sum(row.other or 0 for row in shown)
    if left or others:
        items.append(_row(journey, "All smaller ones", Move(OTHER, left, other=others), total))
    return [p(title, class_="panel__title"), ul(items, class_="panel__list"), _more(journey, len(rows) - len(shown))]


def _more(journey: Journey, left: int) -> Element | None:
    if left <= 0 or journey.rows >= MOST_ROWS:
        return None
    address = journey.address(rows=min(MOST_ROWS, journey.rows + MORE_ROWS))
    return button(
        f"Show {min(MORE_ROWS, left)} more", type="button", class_="panel__more", data_go=address, id="more-rows"
    )


def _row(journey: Journey, name: Child, move: Move, total: Total) -> Element:
    count = span(formats.whole(move.sessions), class_="panel__count")
    share = span(formats.rate(move.sessions, total.own), class_="panel__share")
    heard = unseen(" session," if move.sessions == 1 else " sessions,")
    after = span(f"after {formats.duration(move.seconds)}", class_="panel__time") if move.seconds is not None else None
    there = (
        f"{formats.rate(move.other, total.other)} {journeys_compared.briefly(journey)}"
        if total.other is not None
        else None
    )
    numbers = span(
        count, heard, " ", share, " ", there and span(there, class_="panel__time"), " ", after, class_="panel__figures"
    )
    return li(span(name, crossing(journey, move.into), class_="panel__name"), " ", numbers, class_="panel__row")


def crossing(journey: Journey, department: str | None) -> Child:
    """The mark of a journey that goes into another department, or backward comes from it; nothing where it doesn't."""
    if not department:
        return None
    way, arrow = ("from", "\N{LEFTWARDS ARROW}") if journey.backward else ("into", "\N{RIGHTWARDS ARROW}")
    return [" ", span(span(arrow, aria_hidden="true"), f" {way} {department}", class_="crossing")]


def _name(journey: Journey, page: str) -> Child:
    start = None if page in WORDS else meant(journey, page)
    if start is None:
        return WORDS.get(page, page)
    return link([unseen("Start from "), *formats.named(page)], _from(journey, start).address())


def meant(journey: Journey, page: str) -> str | None:
    """The text that stands for a node as a set of pages, in any field of the form; none for a node that is no set."""
    if page.startswith("("):
        return None
    if journey.group == "section":
        return f"{page}/**"
    if journey.group == "patterns":
        patterns = journey.gathered.get(page)
        if isinstance(patterns, list):  # no field holds several
            return None
        return matchers.written("pattern", patterns) if patterns else matchers.written("exact", page)
    return matchers.written("exact" if journey.group == "page" else journey.group, page)


def _from(journey: Journey, start: str) -> Journey:
    return replace(
        journey,
        page=start,
        match="",
        via="",
        end="",
        exclude=tuple(one for one in journey.exclude if one != start),
        open=(),
    )


def _menu(journey: Journey, node: Open, *, profile: bool) -> Element | None:
    """What an opened page, or group of pages, can become."""
    named = meant(journey, node.page)
    if named is None:
        return None
    which = "this page" if journey.group == "page" else "these pages"
    states = [(f"Start from {which}", _from(journey, named))]
    if node.step:
        states += [
            (f"Only journeys through {which}", replace(journey, via=named, open=())),
            (
                f"Only journeys that {'come from' if journey.backward else 'reach'} {which}",
                replace(journey, end=named, open=()),
            ),
            (f"Leave {which} out", replace(journey, exclude=(*journey.exclude, named), open=())),
        ]
    links = [link(words, state.address()) for words, state in states]
    if node.step and (builder := funnel_of.address(replace(journey, open=(node,)))):
        links.append(link(f"Make a funnel with {which}", builder))
    if profile and journey.group == "page":
        links.append(link("See all about this page", f"/page?page={quote(node.page, safe=SAFE)}"))
    return ul([li(one) for one in links], class_="panel__actions", aria_label=f"What you can do with {which}")
