"""Next and previous pages for publication: parts of the page's views, in orders that add up to what `pages` publishes.

Both orders begin with the parts that `pages` has too (landings by channel, exits) and end with the reloads, so that landings, exits
and page views are the same numbers there and here, and reloads are the same before and after.
"""

from dataclasses import replace
from typing import Any, Final

import polars as pl

from data import clean, errors
from data.access import Viewer
from data.contract import CHANNELS
from data.periods import Period
from queries.asking import WHOLE_ESTATE, Asking, Frames
from queries.page_sets import definitions, sets
from queries.page_sets.patterns import key
from queries.pages import page_sums
from queries.pages.neighbours import LANDED, NAMED, OTHERS, SIDES, TOTALS, UNKNOWN, counted
from queries.periods import atoms_of, named
from queries.publication import HIDDEN, LIMIT, PLACE

NODES: Final = 20  # named on each side
LAST: Final = 255  # the device and channel of parts that stand behind those of all devices and channels
ENDS: Final = dict(zip(SIDES, ("landings", "exits"), strict=True))
LOOPS: Final = "loops"
OTHER: Final = "(other)"
WHOLE: Final = Viewer("whoever publishes", "estate analyst")  # so that what is published is the same whoever asks
PARTS: Final = {
    "set": pl.String, "period": pl.String, "device": pl.UInt8, "channel": pl.UInt8, PLACE: pl.Int32, "kind": pl.String,
    "name": pl.String, "department": pl.String,
}  # fmt: skip
NOTE: Final = (
    f"The {NODES} pages seen most before and after are named week by week or month by month, from {LIMIT} page views on;"
    " all others are other pages. Sessions of a page before or after are not published."
)


def published(asking: Asking[Any]) -> Frames:
    """What is rounded of a published answer, and how its frames are made of that."""
    for name in ("device", "channel"):
        if getattr(asking.parameters, name):
            sentence = "Journeys are published for all devices and channels"
            raise errors.BadRequest("This can't be published", sentence, name)
    seen = any(len(sets.of(asking, one)) for one in asking.reading.segments(asking.account, asking.period))
    atoms = atoms_of_page(asking, asking.period)
    parts = [_parts(asking, atom) for atom in atoms_of(asking.period)] if seen else []
    enough = seen and (atoms["page_views"].sum() or 0) >= LIMIT  # of a page too few saw, nothing is said
    return Frames(
        pl.DataFrame(),
        atoms=atoms,
        parts=pl.concat(parts) if enough else pl.DataFrame(schema=PARTS | dict.fromkeys(SIDES, pl.Int64)),
        rebuilt=lambda frames: rebuilt(frames, asking),
        notes=(NOTE,),
    )


def atoms_of_page(asking: Asking[Any], period: Period) -> pl.DataFrame:
    """The measures of the page as `pages` publishes them: one row a whole week or month, device and channel."""
    keys = pl.Series([key(*clean.page(page)) for page in asking.parameters.page], dtype=pl.Int64)
    parts = [
        page_sums.atoms(asking, atom, keys).with_columns(period=pl.lit(named(atom)), set=pl.lit(set_of(asking)))
        for atom in atoms_of(period)
    ]
    return pl.concat(parts).drop("key")


def set_of(asking: Asking[Any]) -> str:
    """The name of the page among all sets that are published."""
    return f"page {clean.shown(*clean.page(asking.parameters.page[0]))}"


def _parts(asking: Asking[Any], atom: Period) -> pl.DataFrame:
    """The page views of one week or month by what was before them, and by what was after."""
    wider = asking.parameters.model_copy(update={"limit": NODES})
    found = counted(replace(asking, period=atom, parameters=wider, viewer=WHOLE))
    rows = [*_ends(asking, atom), *_neighbours(asking, found)]
    loops = found["totals"][LOOPS].item()
    rows.append((LAST, LAST, len(rows), LOOPS, "", None, loops, loops))
    types = dict(list(PARTS.items())[2:]) | dict.fromkeys(SIDES, pl.Int64)
    told = pl.DataFrame(rows, types, orient="row").with_columns(set=pl.lit(set_of(asking)), period=pl.lit(named(atom)))
    return told.select(*PARTS, *SIDES)


Row = tuple[int, int, int, str, str, str | None, int, int]


def _ends(asking: Asking[Any], atom: Period) -> list[Row]:
    """Landings and exits, by device and channel as the atoms of the page are."""
    cells = atoms_of_page(asking, atom).select("device", "channel", *ENDS.values()).rows()
    words = (UNKNOWN, *CHANNELS)
    return [(device, channel, 0, "ends", words[channel], None, *counts) for device, channel, *counts in cells]


def _neighbours(asking: Asking[Any], found: dict[str, pl.DataFrame]) -> list[Row]:
    """The pages named on either side in the order of their names, those of too few page views among the others."""
    rows: list[Row] = []
    other = dict(found["other"].select("side", "page_views").iter_rows())
    for page, side, department, views in sorted(
        found["named"].select("page", "side", "department", "page_views").rows()
    ):
        if views < LIMIT:
            other[side] += views
            continue
        name = page if page.startswith("(") or _seen(asking, page) else f"({department})"
        rows.append((LAST, LAST, len(rows), side, name, department, *_on(side, views)))
    return rows + [(LAST, LAST, len(rows), side, OTHER, None, *_on(side, other[side])) for side in SIDES]


def _seen(asking: Asking[Any], page: str) -> bool:
    segments = asking.reading.segments(asking.account, asking.period)
    return asking.viewer.sees_everything or any(
        len(definitions.pages(asking, one, "exact", (page,))) for one in segments
    )


def _on(side: str, views: int) -> tuple[int, int]:
    return (views, 0) if side == SIDES[0] else (0, views)


def rebuilt(frames: Frames, asking: Asking[Any]) -> Frames:
    """The frames of an answer from rounded parts, with as many pages named as were asked for."""
    parts = frames.parts if frames.parts is not None else pl.DataFrame()
    main, other = [], []
    for side in SIDES:
        rows = parts.filter(pl.col("kind") == side).select("name", "department", side).rows()
        ranked = sorted(
            ((n, page, owner) for page, owner, n in rows if n and page != OTHER), key=lambda one: (-one[0], one[1])
        )
        shown = ranked[: asking.parameters.limit]
        main += [(side, page, owner, n, None) for n, page, owner in shown]
        other.append((side, WHOLE_ESTATE, sum(n for *_, n in rows) - sum(n for n, *_ in shown)))
    landings = parts.filter((pl.col("kind") == "ends") & (pl.col(SIDES[0]) > 0)).select("name", SIDES[0]).sort("name")
    loops = parts.filter(pl.col("kind") == LOOPS)[SIDES[0]].sum()
    told = frames.atoms if frames.atoms is not None else pl.DataFrame()
    row = {name: told[name].sum() if told.height else HIDDEN for name in TOTALS if name != LOOPS}
    row[LOOPS] = loops if loops >= LIMIT else HIDDEN
    others = {
        "totals": pl.DataFrame({"department": None, **{name: row[name] for name in TOTALS}}, {"department": pl.String}
            | dict.fromkeys(TOTALS, pl.Int64)),
        "landings": pl.DataFrame([(None, *one) for one in landings.rows()], LANDED, orient="row"),
        "other": pl.DataFrame(other, OTHERS, orient="row"),
    }  # fmt: skip
    return replace(frames, main=pl.DataFrame(main, NAMED, orient="row"), others=others)
