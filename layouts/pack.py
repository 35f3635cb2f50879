"""A report pack: what it is asked with, the ways to it, and its document, which needs nothing but itself and prints on A4."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final, TypeVar

from layouts.address import Field
from layouts.components import left_out, link
from layouts.markup import UNSEEN, Child, Element, button, div, flat, h1, h2, li, p, render, section, ul
from layouts.overview import Overview
from layouts.state import ACCOUNT, COMPARE, DAYS, PUBLICATION, SESSIONS, State, by_name
from layouts.words import SERVICE

KINDS: Final = {"html": "One page (HTML)", "pdf": "Printed (PDF)", "pptx": "Slides (PowerPoint)"}
PRINTED: Final = "pdf"
SCRIPT: Final = "packs.js"
TITLE: Final = "A report pack"
LEAD: Final = (
    "Nine charts of what you see here, each with what it says, its table and its notes: the trend, what changed, departments, handovers, "
    "searches, services and coverage. Slides have no tables. It takes some seconds to draw."
)
STOPPED: Final = "Stopped. No report pack was made."
BROKEN: Final = (
    "The report pack didn't come. Try again in a minute; the charts and tables on this page hold the same numbers."
)
MOST_ROWS: Final = 31  # of a table: a month's days
STYLE: Final = """
body{font:16px/1.4 Arial,sans-serif;color:#0b0c0c;max-width:1000px;margin:2em auto;padding:0 1em}
h1{font-size:32px}h2{font-size:24px;margin:0 0 .5em}img{max-width:100%;height:auto}
body>main>section{break-before:page;border-top:2px solid #0b0c0c;padding-top:1em;margin-top:2em}
.said{font-size:19px;font-weight:bold}table{border-collapse:collapse;width:100%;font-size:13px;margin:1em 0}
caption{text-align:left;font-weight:bold}th,td{text-align:left;padding:4px 8px 4px 0;border-bottom:1px solid #b1b4b6;vertical-align:top}
tbody th{font-weight:normal}.govuk-table__header--numeric,.govuk-table__cell--numeric{text-align:right}.host{display:block}
td p{margin:0}.notes{font-size:13px;color:#383f43}tr,img{break-inside:avoid}
.scrolled{overflow-x:auto}
@page{size:A4;margin:15mm}
@media print{body{margin:0;padding:0}body>main>section{border:0;margin:0}.scrolled{overflow:visible}table{font-size:10px}}
"""
T = TypeVar("T")


@dataclass(frozen=True)
class Packing(State):
    """What the charts of a pack share: the days and filters of the Estate page, and the measure of its trend."""

    AT: ClassVar[str] = "/packs"
    FILTERS: ClassVar[tuple[str, ...]] = ("department", "topic", "device", "channel")
    FIELDS: ClassVar[Mapping[str, Field]] = by_name(
        *(Overview.FIELDS[name] for name in ("measure", "department", "topic")), *DAYS, COMPARE, *SESSIONS, ACCOUNT, PUBLICATION
    )  # fmt: skip
    UNTOLD: ClassVar[frozenset[str]] = State.UNTOLD | {"measure"}  # the title of its chart tells it

    measure: str = "sessions"
    department: str = ""
    topic: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    compare: str = "previous"
    device: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    account: str = "joined"
    publication: bool = False

    def question(self, **changes: Any) -> dict[str, Any]:
        """Nothing: each chart of a pack has a question of its own."""
        return changes

    @property
    def narrowed(self) -> tuple[str, ...]:
        """The filters that are set, by their values."""
        return tuple(self.value(name) for name in self.FILTERS if self.value(name))


def of(state: Any) -> Packing:
    """What a pack is asked with from another page's state."""
    known = (field.of_state for field in Packing.FIELDS.values())
    return Packing(**{name: getattr(state, name) for name in known if hasattr(state, name)})


def offered(asked: Packing, *, pictures: bool) -> Element:
    """The ways to the pack; the printed one needs a browser here, as pictures do. The script shows how far it is."""
    kinds = {kind: said for kind, said in KINDS.items() if pictures or kind != PRINTED}
    items = [
        li(link(said, asked.address(f"{asked.AT}/estate.{kind}"), download=True, data_pack=True))
        for kind, said in kinds.items()
    ]
    bar = Element("progress", {"class": "making__bar", "aria-label": "How much of the report pack is made"}, ())
    stop = button("Stop", type="button", class_="govuk-button govuk-button--secondary", data_stop=True)
    under_way = div(bar, stop, class_="making", hidden=True, data_making=True)
    return section(
        h2(TITLE, class_="govuk-heading-m files__title"),
        p(LEAD, class_="govuk-body"),
        ul(items, class_="files"),
        p(class_="govuk-body", role="status", data_told=True), under_way, div(data_wrong=True),
        data_packs=True, data_stopped=STOPPED, data_broken=BROKEN,
    )  # fmt: skip


def first_rows(rows: Sequence[T], write: Callable[[Sequence[T]], Child]) -> list[Child]:
    """The rows that a table of the pack has room for, as `write` writes them, and how many more there are."""
    return [write(rows[:MOST_ROWS]) if rows else None, left_out(len(rows) - MOST_ROWS, "row")]


@dataclass(frozen=True)
class Shown:
    """A part of the document: its title, its sentence, and where there is more its picture, table and notes."""

    title: str
    sentence: str
    unfiltered: str = ""  # which filters it isn't narrowed by
    picture: str = ""  # an address of the picture's own bytes
    table: Child = None
    notes: Sequence[tuple[str, str]] = ()


def document(title: str, subtitle: str, parts: Sequence[Shown]) -> str:
    """The whole document as HTML."""
    contents = ul(li(link(part.title, f"#part-{number}")) for number, part in enumerate(parts, 1))
    body = render(
        h1(title), p(subtitle), contents, *(_part(f"part-{number}", part) for number, part in enumerate(parts, 1))
    )
    head = render(
        Element("meta", {"charset": "utf-8"}, ()), Element("title", {}, (f"{title}, {subtitle} - {SERVICE}",))
    )
    return f'<!DOCTYPE html><html lang="en-GB"><head>{head}<style>{STYLE}</style></head><body><main>{body}</main></body></html>'


def _part(name: str, part: Shown) -> Element:
    return section(
        h2(part.title),
        p(part.sentence, class_="said"),
        p(part.unfiltered) if part.unfiltered else None,
        Element("img", {"src": part.picture, "alt": part.sentence}, ()) if part.picture else None,
        on_paper(part.table),
        div([p(f"{said}: {text}") for said, text in part.notes], class_="notes"),
        id=name,
    )


def on_paper(*nodes: Child) -> list[Child]:
    """What a page shows, without ways to anywhere and without words for those who follow them."""
    return [_on_paper(node) for node in flat(nodes)]


def _on_paper(node: Element | str | int) -> Child:
    if not isinstance(node, Element):
        return node
    if node.tag == "span" and node.attributes.get("class") == UNSEEN:
        return None
    inside = on_paper(*node.children)
    return inside if node.tag == "a" else Element(node.tag, node.attributes, tuple(inside))
