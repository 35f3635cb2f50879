"""What stands under an opened node of the explorer: where its own sessions went, which pages it holds, how they ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from layouts import formats
from layouts.components import link
from layouts.journey import BEGAN, ENDED, HIDDEN, MOST_ROWS, NOT_SHARED, OTHER, REACHED, Journey, Open
from layouts.markup import Child, Element, button, div, li, p, span, ul, unseen

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


Moves = Mapping[Open, Sequence[Move]]


def moves(journey: Journey, whole: Mapping[str, Any]) -> Moves:
    """What is inside each opened node, most first; `whole` is the same journey with every page of every step."""
    steps = whole["steps"]
    found = {node: _inside(node, whole) for node in journey.open if node.page != ENDED and node.step < len(steps)}
    return {node: sorted(rows, key=lambda move: (-(move.sessions or 0), move.page)) for node, rows in found.items()}


def _inside(node: Open, whole: Mapping[str, Any]) -> list[Move]:
    if node.page == OTHER:
        return [Move(row["page"], row["sessions"]) for row in whole["steps"][node.step]["nodes"]]
    links = (row for row in whole["links"] if row["step"] == node.step and row["from"] == node.page)
    return [Move(row["to"], row["sessions"], row["median_seconds"]) for row in links]


def onward(journey: Journey, node: Open, rows: Sequence[Move], total: int | None) -> Element:
    """The pages that an opened page's own sessions went on to, and what can be done with the page."""
    whose = f"these {formats.counted(total, 'session')}"
    title = f"What {whose} saw before" if journey.backward else f"Where {whose} went next"
    return div(_listed(journey, title, rows, total), _actions(journey, node), class_="panel")


def others(journey: Journey, rows: Sequence[Move], total: int | None) -> Element:
    """The pages of a step that aren't among its most common."""
    return div(_listed(journey, "The other pages of this step", rows, total), class_="panel")


def how_ended(journey: Journey, how: Mapping[str, int], total: int | None) -> Element:
    """How the sessions that stop at a step ended, or began."""
    title = "How these journeys began" if journey.backward else "What was seen last"
    rows = sorted(how.items(), key=lambda item: (-item[1], item[0]))
    items = [_row(f"{words[:1].upper()}{words[1:]}", Move(words, sessions), total) for words, sessions in rows]
    return div(p(title, class_="panel__title"), ul(items, class_="panel__list"), class_="panel")


def _listed(journey: Journey, title: str, rows: Sequence[Move], total: int | None) -> list[Child]:
    shown = rows[: journey.rows]
    items = [_row(_name(journey, row.page), row, total) for row in shown]
    left = (total or 0) - sum(row.sessions or 0 for row in shown)
    if left:
        items.append(_row("All smaller ones", Move(OTHER, left), total))
    return [p(title, class_="panel__title"), ul(items, class_="panel__list"), _more(journey, len(rows) - len(shown))]


def _more(journey: Journey, left: int) -> Element | None:
    if left <= 0 or journey.rows >= MOST_ROWS:
        return None
    address = journey.address(rows=min(MOST_ROWS, journey.rows + MORE_ROWS))
    return button(
        f"Show {min(MORE_ROWS, left)} more", type="button", class_="panel__more", data_go=address, id="more-rows"
    )


def _row(name: Child, move: Move, total: int | None) -> Element:
    after = span(f"after {formats.duration(move.seconds)}", class_="panel__time") if move.seconds is not None else None
    count = span(formats.whole(move.sessions), class_="panel__count")
    share = span(formats.rate(move.sessions, total), class_="panel__share")
    numbers = span(
        count,
        unseen(" session," if move.sessions == 1 else " sessions,"),
        " ",
        share,
        " ",
        after,
        class_="panel__figures",
    )
    return li(span(name, class_="panel__name"), " ", numbers, class_="panel__row")


def _name(journey: Journey, page: str) -> Child:
    if page in WORDS or journey.group != "page" or page.startswith("("):
        return WORDS.get(page, page)
    return link([unseen("Start from "), *formats.named(page)], _from(journey, page).address())


def _from(journey: Journey, page: str) -> Journey:
    return replace(journey, page=page, match="", via="", end="", open=())


def _actions(journey: Journey, node: Open) -> Element | None:
    """What an opened page can become; a group of pages can't."""
    if journey.group != "page" or node.page.startswith("("):
        return None
    actions = [("Start from this page", _from(journey, node.page))]
    if node.step:
        actions.append(("Only journeys through it", replace(journey, via=node.page, open=())))
        actions.append(("Leave it out", replace(journey, exclude=(*journey.exclude, node.page), open=())))
    return ul([li(link(words, state.address())) for words, state in actions], class_="panel__actions")
