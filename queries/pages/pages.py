"""Pages with their measures, sorted and paged; pages of another department's services are one row per department."""

from functools import partial
from typing import Annotated, Any, Final, Literal

import polars as pl
from pydantic import Field

from data.contract import DEVICES
from queries import metrics, shapes
from queries.asking import Asking, Frames, Value
from queries.columns import Column, label
from queries.metrics import METRICS
from queries.pages import page_sums
from queries.pages.page_sums import COUNTS
from queries.parameters import Common, Whole
from queries.periods import atoms_of, named
from queries.publication import HIDDEN, LIMIT, UNIT

SHOWN: Final = ("sessions", "page_views", "landings", "exits", "exit_rate", "single_page_rate", "searches", "not_found")
DEFINITION: Final = metrics.definitions(*SHOWN)
COLUMNS: Final[tuple[Column, ...]] = (
    *(label(name) for name in ("page", "title", "document_type", "department")),
    *metrics.columns(*SHOWN, hidden=("single_page",)),
)
MORE_COLUMNS: Final = {"total": (label("total", "pages", pl.Int64),)}
FILTERS: Final = frozenset(
    {"service", "organisation", "document_type", "department", "device", "channel", "country", "page", "topic"}
)


class Parameters(Common):
    """By which measure the pages are sorted, and which of them are given. Equal ones stand in an order that stays."""

    sort: Literal[
        "sessions", "page_views", "landings", "exits", "exit_rate", "single_page_rate", "searches", "not_found"
    ] = "page_views"
    order: Literal["ascending", "descending"] = "descending"
    offset: Annotated[Whole, Field(ge=0)] = 0


PARAMETERS: Final = Parameters
SHAPE: Final = shapes.whole(total=shapes.NUMBER, offset=shapes.NUMBER, pages=shapes.rows(COLUMNS))


def answer(asking: Asking[Parameters]) -> Frames:
    """The pages asked for, and how many there are in all."""
    if asking.parameters.publication:
        total, keys = _candidates(asking)
        rebuilt = partial(_published, asking=asking, total=total)
        return Frames(pl.DataFrame(), atoms=_atoms(asking, keys), rebuilt=rebuilt)
    metric = METRICS[asking.parameters.sort]
    every = page_sums.found(asking, metric.counts)
    every = page_sums.with_hidden_sessions(asking, every) if metric.name == "sessions" else every
    rows = page_sums.completed(asking, _slice(every, asking, "key"))
    named = page_sums.words(asking, rows["key"], asking.period)
    return _frames(rows.join(named, on="key", how="left", maintain_order="left"), len(every))


def present(frames: Frames, asking: Asking[Parameters]) -> Value:
    """How many pages there are in all, and the rows of those asked for."""
    total = frames.others["total"]["total"].item()
    return {"total": total, "offset": asking.parameters.offset, "pages": frames.main.drop("single_page").to_dicts()}


def _candidates(asking: Asking[Parameters]) -> tuple[int, pl.Series]:
    """How many pages have enough page views to be published, and the keys of those that may be among the ones asked for."""
    asked, metric = asking.parameters, METRICS[asking.parameters.sort]
    every = page_sums.found(asking, tuple(dict.fromkeys((*metric.counts, "page_views"))))
    enough = every.filter((pl.col("key") >= 0) & (pl.col("page_views") >= LIMIT))
    wanted = asked.offset + asked.limit
    if metric.is_rate or asked.order == "ascending" or enough.height <= wanted:
        return enough.height, enough["key"]
    sums = len(atoms_of(asking.period)) * (len(DEVICES) + 1 if asked.channel else 1)  # that a figure is rounded in
    least = int(enough[metric.name].top_k(wanted).to_numpy().min())
    return enough.height, enough.filter(pl.col(metric.name) >= least - 2 * UNIT * sums)["key"]


def _atoms(asking: Asking[Any], keys: pl.Series) -> pl.DataFrame:
    """The atoms of these pages."""
    atoms = atoms_of(asking.period)
    parts = [page_sums.atoms(asking, atom, keys).with_columns(period=pl.lit(named(atom))) for atom in atoms]
    worded = pl.concat(parts).join(page_sums.words(asking, keys, asking.period), on="key").drop("key")
    return worded.with_columns(set=pl.format("page {}", "page"))


def _published(frames: Frames, asking: Asking[Parameters], total: int) -> Frames:
    """The pages with enough page views, in the order of what is said of them."""
    sums = frames.atoms if frames.atoms is not None else pl.DataFrame()
    every = sums.filter(pl.col("page_views") >= LIMIT)
    known = every.with_columns(pl.when(pl.col(COUNTS) != HIDDEN).then(pl.col(COUNTS)).name.keep())
    order = _slice(known, asking, "page").select("page")
    return _frames(order.join(every, on="page", how="left", maintain_order="left"), total)


def _slice(every: pl.DataFrame, asking: Asking[Parameters], tie: str) -> pl.DataFrame:
    """The rows asked for, in order; those without a value come last."""
    asked = asking.parameters
    values = every.with_columns(METRICS[asked.sort].value)
    likely = _likely(values, asked.sort, asked.offset + asked.limit, descending=asked.order == "descending")
    ordered = likely.sort(asked.sort, tie, descending=[asked.order == "descending", False], nulls_last=True)
    return ordered.slice(asked.offset, asked.limit)


def _likely(values: pl.DataFrame, name: str, wanted: int, *, descending: bool) -> pl.DataFrame:
    """The rows among which the first ones wanted are: to sort hundreds of thousands for a hundred takes longest of all."""
    if values.height - values[name].null_count() <= wanted:
        return values
    if descending:
        return values.filter(pl.col(name) >= values[name].top_k(wanted).min())
    return values.filter(pl.col(name) <= values[name].bottom_k(wanted).max())


def _frames(rows: pl.DataFrame, total: int) -> Frames:
    columns = (pl.col(column.name).cast(column.type) for column in COLUMNS)
    shown = rows.with_columns(metrics.formulas(COLUMNS)).select(columns)
    return Frames(shown, {"total": pl.DataFrame({"total": [total]})})
