"""Pages with their measures, sorted and paged; pages of another department's services are one row per department."""

from typing import Annotated, Any, Final, Literal

import polars as pl
from pydantic import Field

from queries import metrics
from queries.asking import Asking, Frames, Value
from queries.columns import Column, label
from queries.page_sums import measured, words
from queries.parameters import Common, Whole
from queries.periods import atoms_of, named
from queries.publication import LIMIT

SHOWN: Final = ("sessions", "page_views", "landings", "exits", "exit_rate", "single_page_rate", "searches", "not_found")
DEFINITION: Final = metrics.definitions(*SHOWN)
COLUMNS: Final[tuple[Column, ...]] = (
    *(label(name) for name in ("page", "title", "document_type", "department")),
    *metrics.columns(*SHOWN, hidden=("single_page",)),
)
MORE_COLUMNS: Final = {"total": (label("total", "pages", pl.Int64),)}
FILTERS: Final = frozenset(
    {"service", "organisation", "document_type", "department", "device", "channel", "country", "page"}
)


class Parameters(Common):
    """By which measure the pages are sorted, and which of them are given. Equal ones stand in an order that stays."""

    sort: Literal[
        "sessions", "page_views", "landings", "exits", "exit_rate", "single_page_rate", "searches", "not_found"
    ] = "page_views"
    order: Literal["ascending", "descending"] = "descending"
    offset: Annotated[Whole, Field(ge=0)] = 0


PARAMETERS: Final = Parameters


def answer(asking: Asking[Parameters]) -> Frames:
    """The pages asked for, and how many there are in all."""
    if asking.parameters.publication:
        return Frames(pl.DataFrame(), atoms=_atoms(asking), rebuilt=lambda frames: _published(frames, asking))
    found = measured(asking, asking.period)
    shown = _slice(found, asking, "key")
    return _frames(shown.join(words(asking, shown["key"]), on="key", how="left", maintain_order="left"), len(found))


def present(frames: Frames, asking: Asking[Parameters]) -> Value:
    """How many pages there are in all, and the rows of those asked for."""
    total = frames.others["total"]["total"].item()
    return {"total": total, "offset": asking.parameters.offset, "pages": frames.main.drop("single_page").to_dicts()}


def _atoms(asking: Asking[Any]) -> pl.DataFrame:
    """The atoms of every page that has enough page views in the week or month to be said at all."""
    parts = [
        measured(asking, atom, atoms=True)
        .with_columns(period=pl.lit(named(atom)))
        .filter(pl.col("page_views").sum().over("key") >= LIMIT)
        for atom in atoms_of(asking.period)
    ]
    found = pl.concat(parts)
    worded = found.join(words(asking, found["key"].unique()), on="key").drop("key")
    return worded.with_columns(set=pl.format("page {}", "page"))


def _published(frames: Frames, asking: Asking[Parameters]) -> Frames:
    atoms = frames.atoms if frames.atoms is not None else pl.DataFrame()
    found = atoms.filter(pl.col("page_views") >= LIMIT)
    return _frames(_slice(found, asking, "page"), len(found))


def _slice(found: pl.DataFrame, asking: Asking[Parameters], tie: str) -> pl.DataFrame:
    """The rows asked for, in order; those without a value come last."""
    asked = asking.parameters
    with_rates = found.with_columns(metrics.formulas(COLUMNS))
    ordered = with_rates.sort(asked.sort, tie, descending=[asked.order == "descending", False], nulls_last=True)
    return ordered.slice(asked.offset, asked.limit)


def _frames(rows: pl.DataFrame, total: int) -> Frames:
    return Frames(
        rows.select(pl.col(column.name).cast(column.type) for column in COLUMNS),
        {"total": pl.DataFrame({"total": [total]})},
    )
