"""Next and previous pages for publication: one flow through the page for each week or month, rounded so that it balances."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import polars as pl

from data import clean
from queries.asking import WHOLE_ESTATE, Asking, Flow, Frames
from queries.neighbours import LANDED, NAMED, OTHERS, SIDES, TOTALS, counted
from queries.periods import atoms_of, named
from queries.publication import HIDDEN, LIMIT

NODES: Final = 20  # named on each side of a published flow
VIEWS: Final = "views"  # the node that every view of the page passes
LOOPS: Final = "loops"  # the node that reloads pass on their way back
EXITS: Final = "exits"
LANDING: Final = "landing "  # starts the nodes of the channels that landings came by
OTHER: Final = "(other)"
EDGES: Final = {"tail": pl.String, "head": pl.String, "sessions": pl.Int64}
NOTE: Final = (
    f"The {NODES} pages seen most before and after are named week by week or month by month, from {LIMIT} page views on;"
    " all others are other pages. Sessions of a page before or after are not published."
)


def published(asking: Asking[Any]) -> Frames:
    """The flow of a published answer, and how its frames are made of the flow once that is rounded."""
    wider = asking.parameters.model_copy(update={"limit": NODES})
    parts = {named(atom): counted(replace(asking, period=atom, parameters=wider)) for atom in atoms_of(asking.period)}
    edges = [
        pl.DataFrame(list(_edges(part)), EDGES, orient="row").with_columns(period=pl.lit(period))
        for period, part in parts.items()
    ]
    name, of = _names(asking)
    atoms = [
        part["totals"].select(
            set=pl.lit(of), period=pl.lit(period), device=pl.lit(0, pl.UInt8), channel=pl.lit(0, pl.UInt8),
            sessions=pl.col("sessions"),
        )
        for period, part in parts.items()
    ]  # fmt: skip
    owners = {
        page: owner for part in parts.values() for page, owner in part["named"].select("page", "department").rows()
    }
    views = sum(
        part["totals"]["page_views"].item() for part in parts.values()
    )  # of a page too few saw, nothing is said
    return Frames(
        pl.DataFrame(),
        atoms=pl.concat(atoms),
        flow=Flow(pl.concat(edges), name, VIEWS, of),
        rebuilt=lambda frames: _rebuilt(frames if views >= LIMIT else replace(frames, flow=None), asking, owners),
        notes=(NOTE,),
    )


def _names(asking: Asking[Any]) -> tuple[str, str]:
    """What tells this flow from every other, and the set whose page views pass through it."""
    asked = asking.parameters
    filters = {name: getattr(asked, name) for name in ("service", "department") if getattr(asked, name)}
    page = clean.shown(*clean.page(asked.page[0]))
    rights = "" if asking.viewer.sees_everything else asking.viewer.rights
    name = "\n".join(map(str, ("next pages", page, filters, rights)))
    return name, name if filters else f"page {page}"


def _edges(part: dict[str, pl.DataFrame]) -> Iterator[tuple[str, str, int]]:
    """The edges of one week or month: page views by where they came from and where they went."""
    views = part["named"].select("side", "page", "page_views").rows()
    rest = dict(part["other"].select("side", "page_views").rows())
    for side in SIDES:
        large = [(page, number) for of, page, number in views if of == side and number >= LIMIT]
        few = sum(number for of, _, number in views if of == side and number < LIMIT)
        for page, number in [*large, (OTHER, rest[side] + few)]:
            node = f"{side} {page}"
            yield (node, VIEWS, number) if side == SIDES[0] else (VIEWS, node, number)
    for channel, number in part["landings"].select("channel", "landings").rows():
        yield f"{LANDING}{channel}", VIEWS, number
    totals = part["totals"].row(0, named=True)
    yield VIEWS, LOOPS, totals["loops"]
    yield LOOPS, VIEWS, totals["loops"]
    yield VIEWS, EXITS, totals["exits"]


def _rebuilt(frames: Frames, asking: Asking[Any], owners: dict[str, str | None]) -> Frames:
    """The frames of an answer from rounded edges, with as many pages named as were asked for."""
    moves = frames.flow.edges.select("tail", "head", "sessions").rows() if frames.flow else []
    beside = {
        side: {
            node.removeprefix(f"{side} "): n
            for edge in moves
            for node in edge[:2]
            if node.startswith(f"{side} ")
            for n in edge[2:]
        }
        for side in SIDES
    }
    landings = {tail.removeprefix(LANDING): n for tail, _, n in moves if tail.startswith(LANDING) and n}
    main, other = [], []
    for side, pages in beside.items():
        ranked = sorted(
            ((n, page) for page, n in pages.items() if n and page != OTHER), key=lambda one: (-one[0], one[1])
        )
        shown = ranked[: asking.parameters.limit]
        main += [(side, page, owners[page], n, None) for n, page in shown]
        other.append((side, WHOLE_ESTATE, sum(pages.values()) - sum(n for n, _ in shown)))
    totals = {
        "page_views": sum(n for _, head, n in moves if head == VIEWS),
        "sessions": _sessions(frames.atoms),
        "loops": sum(n for tail, _, n in moves if tail == LOOPS),
        "landings": sum(landings.values()),
        "exits": sum(n for _, head, n in moves if head == EXITS),
    }
    row = {name: [totals[name] if totals[name] >= LIMIT else HIDDEN] for name in TOTALS}
    others = {
        "totals": pl.DataFrame({"department": pl.Series([None], dtype=pl.String), **row}),
        "landings": pl.DataFrame([(None, channel, n) for channel, n in sorted(landings.items())], LANDED, orient="row"),
        "other": pl.DataFrame(other, OTHERS, orient="row"),
    }
    return replace(frames, main=pl.DataFrame(main, NAMED, orient="row"), others=others)


def _sessions(atoms: pl.DataFrame | None) -> int:
    """The rounded sessions; the mark of a hidden count where they are too few."""
    return int(atoms["sessions"].sum()) if atoms is not None and atoms.height else HIDDEN
