"""A report pack: what it is asked with, and its document, which needs nothing but itself and prints on A4."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final

from layouts.address import Field
from layouts.components import link
from layouts.markup import Element, caption, div, h1, h2, li, p, render, section, table, tbody, td, th, thead, tr, ul
from layouts.state import ACCOUNT, COMPARE, DAYS, PUBLICATION, State, by_name
from layouts.words import SERVICE

KINDS: Final = {"html": "One page (HTML)", "pdf": "Printed (PDF)", "pptx": "Slides (PowerPoint)"}
PRINTED: Final = "pdf"
TITLE: Final = "The whole estate as a report pack"
LEAD: Final = (
    "Nine charts over these days, each with what it says, its table and its notes: the trend, what changed, departments, handovers, "
    "searches, services and coverage. It takes some seconds to draw."
)
STYLE: Final = """
body{font:16px/1.4 Arial,sans-serif;color:#0b0c0c;max-width:1000px;margin:2em auto;padding:0 1em}
h1{font-size:32px}h2{font-size:24px;margin:0 0 .5em}img{max-width:100%;height:auto}
section{break-before:page;border-top:2px solid #0b0c0c;padding-top:1em;margin-top:2em}
.said{font-size:19px;font-weight:bold}table{border-collapse:collapse;width:100%;font-size:13px;margin:1em 0}
caption{text-align:left;font-weight:bold}th,td{text-align:left;padding:4px 8px 4px 0;border-bottom:1px solid #b1b4b6;vertical-align:top}
.number{text-align:right}.notes{font-size:13px;color:#383f43}tr,img{break-inside:avoid}
.wide{overflow-x:auto}
@page{size:A4;margin:15mm}@media print{body{margin:0;padding:0}section{border:0;margin:0}.wide{overflow:visible}}
"""


@dataclass(frozen=True)
class Packing(State):
    """Days, comparison and account that every chart of a pack shares."""

    AT: ClassVar[str] = "/packs"
    FIELDS: ClassVar[Mapping[str, Field]] = by_name(*DAYS, COMPARE, ACCOUNT, PUBLICATION)

    first: date | None = None
    last: date | None = None
    compare: str = "previous"
    account: str = "joined"
    publication: bool = False

    def question(self, **changes: Any) -> dict[str, Any]:
        """The parameters that the charts' questions share."""
        days = {"from": self.first, "to": self.last}
        same = {"compare": self.compare, "account": self.account, "publication": self.publication}
        return same | {name: value for name, value in days.items() if value} | changes


def offered(state: Any, *, pictures: bool) -> Element:
    """The ways to the pack over the days of another page's state; the printed one needs a browser here, as pictures do."""
    shared = {
        name: getattr(state, name)
        for name in ("first", "last", "compare", "account", "publication")
        if hasattr(state, name)
    }
    asked = Packing(**shared)
    kinds = {kind: said for kind, said in KINDS.items() if pictures or kind != PRINTED}
    items = [li(link(said, asked.address(f"{asked.AT}/estate.{kind}"), download=True)) for kind, said in kinds.items()]
    return section(
        h2(TITLE, class_="govuk-heading-m files__title"), p(LEAD, class_="govuk-body"), ul(items, class_="files")
    )


@dataclass(frozen=True)
class Shown:
    """A part of the document: its title, its sentence, and where there is more its picture, table and notes."""

    title: str
    sentence: str
    picture: str = ""  # an address of the picture's own bytes
    head: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    numbers: frozenset[int] = frozenset()  # places of columns of numbers
    left: int = 0  # rows that the table has no room for
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
    picture = Element("img", {"src": part.picture, "alt": part.sentence}, ()) if part.picture else None
    notes = [p(f"{said}: {text}") for said, text in part.notes]
    return section(
        h2(part.title),
        p(part.sentence, class_="said"),
        picture,
        div(_table(part), class_="wide", role="region", aria_label=f"{part.title}: table", tabindex="0")
        if part.rows
        else None,
        div(notes, class_="notes"),
        id=name,
    )


def _table(part: Shown) -> Element:
    looks = ["number" if place in part.numbers else None for place in range(len(part.head))]
    head = tr(th(said, scope="col", class_=look) for said, look in zip(part.head, looks, strict=True))
    rows = [tr(td(cell, class_=look) for cell, look in zip(row, looks, strict=True)) for row in part.rows]
    more = f" ({part.left:,} more rows are in the table's own files)" if part.left else ""
    return table(caption(f"{part.title}: the same numbers{more}"), thead(head), tbody(rows))
