"""One page for publication: its measures as `pages` publishes them, the pages around it as `next_pages` does, and its kind."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import polars as pl

from queries.asking import Asking, Frames
from queries.pages import page_facts, publishing_next_pages
from queries.pages.page_sums import COUNTS
from queries.pages.publishing_next_pages import atoms_of_page, set_of
from queries.periods import atoms_of, named
from queries.publication import HIDDEN

SIDES: Final = ("", "_comparison")  # of a count's name: the period, and the one that it is compared with
DONE: Final = ("returned", *page_facts.NAMES)  # counts of the page beside its measures
COUNTED: Final = (*COUNTS, *DONE)
NOTE: Final = "What was clicked and downloaded on the page, and which pages led to it when it wasn't found, isn't published one by one."
Counts = dict[str, int]
Show = Callable[[Counts, Counts, Frames], Frames]  # of the page's counts by column, its kind's, and the pages around it


def published(asking: Asking[Any], show: Show) -> Frames:
    """What is rounded of a published page; `show` makes its frames of that."""
    around = publishing_next_pages.published(asking)
    kind = page_facts.owners(asking)["document_type"]
    periods = {SIDES[0]: asking.period} | ({SIDES[1]: asking.comparison} if asking.comparison else {})
    measures = [atoms_of_page(asking, period).with_columns(side=pl.lit(side)) for side, period in periods.items()]
    facts = [_facts(replace(asking, period=atom), kind) for atom in atoms_of(asking.period)]
    return replace(
        around,
        atoms=pl.concat([_formed(one) for one in (*measures, *facts)]),
        rebuilt=lambda frames: _rebuilt(frames, asking, show),
        notes=(*around.notes, NOTE),
    )


def _facts(asking: Asking[Any], kind: str | None) -> pl.DataFrame:
    """What else was counted of the page in a whole week or month, and of all pages of its kind together."""
    events = page_facts.events(asking, None).group_by("kind").agg(pl.col("events").sum())
    done = dict(events.filter(pl.col("kind").is_in(list(page_facts.NAMES))).iter_rows())
    seen, back, _ = page_facts.returned_of_kind(replace(asking, viewer=publishing_next_pages.WHOLE), kind)
    rows = [
        {"set": set_of(asking), "returned": page_facts.returned(asking), **done},
        {"set": f"document type {kind}", "sessions": seen, "returned": back},
    ]
    return pl.DataFrame(rows).with_columns(
        period=pl.lit(named(asking.period)), side=pl.lit(SIDES[0]), device=pl.lit(0), channel=pl.lit(0)
    )


def _formed(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with every count, 0 where they have none."""
    nothing = [pl.lit(0).alias(name) for name in COUNTED if name not in rows.columns]
    whole = rows.with_columns(nothing)
    return whole.select(
        "set", "period", "side", pl.col("device", "channel").cast(pl.UInt8), pl.col(COUNTED).cast(pl.Int64).fill_null(0)
    )


def _rebuilt(frames: Frames, asking: Asking[Any], show: Show) -> Frames:
    atoms = frames.atoms if frames.atoms is not None else pl.DataFrame()
    of_page = pl.col("set") == set_of(asking)
    own = {side: atoms.filter(of_page & (pl.col("side") == side)) for side in SIDES}
    counts = {f"{name}{side}": _told(rows, name) for side, rows in own.items() for name in COUNTED}
    kind = {name: _told(atoms.filter(~of_page), name) for name in ("sessions", "returned")}
    return show(counts, kind, publishing_next_pages.rebuilt(replace(frames, atoms=own[SIDES[0]]), asking))


def _told(rows: pl.DataFrame, name: str) -> int:
    return int(rows[name].item()) if rows.height else HIDDEN
