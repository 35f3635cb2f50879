"""Search terms for publication: each term's searches rounded week by week or month by month, device by device."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import polars as pl

from data import errors
from data.periods import Period
from queries.asking import Asking, Frames
from queries.periods import atoms_of, named
from queries.publication import HIDDEN, LIMIT
from queries.terms import term_sums
from queries.terms.term_sums import COUNTS

REFUSED: Final = ("page", "service", "department")  # beside those that are never published
SIDES: Final = ("", "_comparison")
CELL: Final = ("value", "device", "channel")
NOTE: Final = f"Terms are published from {LIMIT} searches on. The pages around their searches, and what was expected, aren't published."
Show = Callable[[pl.DataFrame], Frames]  # of the terms that are published, the most searched for first


def published(asking: Asking[Any], show: Show) -> Frames:
    """The atoms of every term, and how the answer is made of them. Raises `BadRequest` for sets that nobody else would make."""
    for name in REFUSED:
        if getattr(asking.parameters, name):
            sentence = f"Leave out {name}: search terms are published of the whole estate"
            raise errors.BadRequest("This can't be published", sentence, name)
    if asking.parameters.sort == "rising":
        sentence = "Choose searches or ended: which terms rise is told by days, which aren't published"
        raise errors.BadRequest("This can't be published", sentence, "sort")
    every = replace(asking, parameters=asking.parameters.model_copy(update={"device": (), "channel": ()}))
    periods = {SIDES[0]: asking.period} | ({SIDES[1]: asking.comparison} if asking.comparison else {})
    parts = [_atoms(every, atom, side) for side, period in periods.items() for atom in atoms_of(period)]
    return Frames(pl.DataFrame(), atoms=pl.concat(parts), rebuilt=lambda frames: show(_told(frames)))


def _atoms(asking: Asking[Any], atom: Period, side: str) -> pl.DataFrame:
    """The searches of one whole week or month by term, device and channel."""
    parts = [one.by_cell(*CELL) for one in term_sums.searches(asking, atom)]
    return term_sums.added(parts, "term", "device", "channel").with_columns(
        side=pl.lit(side), period=pl.lit(named(atom)), set=pl.format("term {}", "term")
    )


def _told(frames: Frames) -> pl.DataFrame:
    """One row a term with enough searches: its counts, and what they were before, hidden where that was too little."""
    atoms = frames.atoms if frames.atoms is not None else pl.DataFrame()
    now, before = (atoms.filter(pl.col("side") == side).select("term", *COUNTS) for side in SIDES)
    known = now.filter(pl.col("searches") >= LIMIT)
    compared = before.select("term", pl.col("searches").alias(f"searches{SIDES[1]}"))
    joined = known.join(compared, on="term", how="left", maintain_order="left")
    nothing = pl.lit(HIDDEN if before.height else None, pl.Int64)
    return joined.with_columns(pl.col(f"searches{SIDES[1]}").fill_null(nothing))
