"""The session table: what is known of each session as a whole."""

from typing import Final

import numpy as np
import polars as pl

from data.segment.arrays import Array, Columns, changes, first_true, lengths_of, per_block, tally
from data.segment.pages import bits, of_pages
from data.segment.sessions import Assembled

MOST: Final = 65_535  # countries, as two bytes can number


def table(
    whole: Assembled, view: Columns, page: pl.DataFrame, random: np.random.Generator
) -> tuple[Columns, pl.DataFrame, Columns]:
    """Every column but those of the end, the country table, and by number of visitors (0 for none) what may leave the tables.

    That is `who`, half of each visitor's pseudonym, and `began`, the second of the visitor's first page view here.
    """
    heads = np.flatnonzero(view["position"] == 1)
    ends = heads + lengths_of(heads, len(view["page"])) - 1
    step = changes(view["page"]) | (view["position"] == 1)
    real = ~of_pages(page, "mark")[view["page"]]
    country, countries = _countries(_first_known(whole, "country"), whole.rows.texts["country"])
    columns = {
        "session": np.arange(1, len(heads) + 1, dtype=np.uint32),
        "day": whole.day,
        "device": _first_known(whole, "device"),
        "channel": _first_known(whole, "channel"),
        "country": country,
        "landing": view["page"][heads],
        "exit": view["page"][ends],
        "page_views": per_block(np.add, real.astype(np.uint16), heads),
        "steps": per_block(np.add, step.astype(np.uint16), heads),
        "timed": whole.column("timed")[whole.starts],
        "cut": whole.cut,
    }
    visitors, who = _visitors(whole, view["second"][heads], random)
    columns |= visitors
    for name in ("then", "now"):
        of_view = bits(page[f"owner_{name}"], page["mark"])[view["page"]]
        columns[f"departments_{name}"] = per_block(np.bitwise_or, of_view, heads)
    return columns, countries, who


def _first_known(whole: Assembled, name: str) -> Array:
    """The first value of each session that isn't 0, else 0."""
    values = whole.column(name)
    found = first_true(values > 0, whole.starts)
    return np.where(found < 0, values.dtype.type(0), values[found])


def _countries(codes: Array, texts: pl.Series) -> tuple[Array, pl.DataFrame]:
    """Numbers of countries in the order of their names, from 1, and the table of them; beyond what fits, 0."""
    listed, _ = tally(codes[codes > 0])
    named = pl.DataFrame({"code": listed, "name": texts.gather(listed.astype(np.int64) - 1)}).sort("name").head(MOST)
    number = np.zeros(int(codes.max(initial=0)) + 1, np.uint16)
    number[named["code"].to_numpy()] = np.arange(1, named.height + 1)
    table = named.select(pl.int_range(1, pl.len() + 1, dtype=pl.UInt16).alias("country"), "name")
    return number[codes], table


def _visitors(whole: Assembled, second: Array, random: np.random.Generator) -> tuple[Columns, Columns]:
    """A random number for each visitor, 0 where unknown, and each session's seconds since the visitor's first.

    Also the first half of each visitor's pseudonym, and the second of that first page view, by its number.
    """
    one, two = whole.column("visitor_1"), whole.column("visitor_2")
    found = first_true((one | two) != 0, whole.starts)
    known = np.flatnonzero(found >= 0)
    one, two = one[found[known]], two[found[known]]
    order = np.argsort(one)
    if (~changes(one[order]) & changes(two[order])).any():  # halves of pseudonyms are alike once in a lifetime
        order = np.lexsort((two, one))
    place = np.empty(len(known), np.int64)
    place[order] = np.cumsum(changes(one[order]) | changes(two[order])) - 1
    shuffled = random.permutation(np.arange(1, int(place.max(initial=-1)) + 2, dtype=np.uint32))
    first = np.full(len(shuffled), np.iinfo(np.int64).max)
    np.minimum.at(first, place, second[known])
    number, since = np.zeros(len(second), np.uint32), np.zeros(len(second), np.uint32)
    number[known], since[known] = shuffled[place], second[known] - first[place]
    who, began = np.zeros(len(shuffled) + 1, np.uint64), np.zeros(len(shuffled) + 1, np.int64)
    who[number[known]], began[number[known]] = one, first[place]
    return {"visitor": number, "visitor_seconds": since}, {"who": who, "began": began}
