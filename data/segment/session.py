"""The session table: what is known of each session as a whole."""

import numpy as np
import polars as pl

from data.periods import Period, whole_month
from data.segment.cleaned import number_of
from data.segment.pages import bits
from data.segment.sessions import Array, Assembled, changes


def table(
    whole: Assembled, view: dict[str, Array], page: pl.DataFrame, period: Period, random: np.random.Generator
) -> tuple[dict[str, Array], pl.DataFrame]:
    """Every column but those of the end, and the country table."""
    head = np.flatnonzero(view["position"] == 1)
    each = np.diff(head, append=len(view["page"]))
    last = head + each - 1
    mark = np.append(False, page["mark"].to_numpy())
    step = changes(view["page"]) | (view["position"] == 1)
    country, countries = _countries(_first_known(whole, whole.rows["country"]))
    visitor, seconds = _visitors(_visitor_of(whole, period), view["second"][head], random)
    columns = {
        "day": whole.day.astype(np.int32),
        "device": _code(_first_known(whole, whole.rows["device"])),
        "channel": _code(_first_known(whole, whole.rows["channel"])),
        "country": country,
        "landing": view["page"][head],
        "exit": view["page"][last],
        "page_views": _per_session(~mark[view["page"]], head, np.uint16),
        "steps": _per_session(step, head, np.uint16),
        "visitor": visitor,
        "visitor_seconds": seconds,
        "timed": _first_known(whole, whole.rows["time"]).is_not_null().to_numpy(),
        "cut": whole.again,
    }
    for name in ("then", "now"):
        of_view = bits(page[f"owner_{name}"], page["mark"])[view["page"]]
        columns[f"departments_{name}"] = np.bitwise_or.reduceat(of_view, head) if len(head) else of_view
    return columns, countries


def _per_session(flags: Array, head: Array, kind: type[np.unsignedinteger]) -> Array:
    return np.add.reduceat(flags, head, dtype=kind) if len(head) else np.zeros(0, kind)


def _first_known(whole: Assembled, values: pl.Series) -> pl.Series:
    """The first value of each session that isn't null."""
    known = np.append(np.flatnonzero(values.is_not_null().to_numpy()), len(values))
    found = known[np.searchsorted(known, whole.starts)]
    inside = found < whole.starts + whole.lengths
    return values.gather(pl.Series(np.where(inside, found, 0)).set(pl.Series(~inside), None))


def _code(values: pl.Series) -> Array:
    """Numbers of device or channel, from 1 in the contract's order; 0 where nothing is known."""
    return (values.to_physical().cast(pl.UInt8) + 1).fill_null(0).to_numpy()


def _countries(names: pl.Series) -> tuple[Array, pl.DataFrame]:
    """Numbers of countries in the order of their names, from 1, and the table of them."""
    known = names.drop_nulls().unique().sort()
    countries = pl.DataFrame({"country": np.arange(1, len(known) + 1, dtype=np.uint16), "name": known})
    numbers = names.to_frame("name").join(countries, on="name", how="left", maintain_order="left")["country"]
    return numbers.fill_null(0).to_numpy(), countries


def _visitor_of(whole: Assembled, period: Period) -> pl.Series:
    """The visitor of each session, as the key of the session's month knows them."""
    month = whole_month(period.first)
    inside = whole.rows["day"].is_between(number_of(month.first), number_of(month.last))
    return _first_known(whole, whole.rows.select(pl.when(inside).then("visitor")).to_series())


def _visitors(visitor: pl.Series, second: Array, random: np.random.Generator) -> tuple[Array, Array]:
    """A random number for each visitor, 0 where unknown, and each session's seconds since the visitor's first."""
    known = visitor.is_not_null().to_numpy()
    numbers = visitor.rank("dense").fill_null(0).cast(pl.UInt32).to_numpy()
    most = int(numbers.max(initial=0))
    first = np.full(most + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, numbers, second)
    shuffled = np.append(np.uint32(0), random.permutation(np.arange(1, most + 1, dtype=np.uint32)))
    return shuffled[numbers], np.where(known, second - first[numbers], 0).astype(np.uint32)
