"""Rows as a file of the format `hits`."""

from functools import cache
from pathlib import Path
from typing import Final

import polars as pl

from data.contract import CHANNELS, DEVICES, KINDS
from data.demonstration.people import countries
from data.demonstration.world import world
from data.register import PLATFORM_HOST

FORMAT: Final = "hits"
SUFFIX: Final = ".parquet"
LISTS: Final = {"kind": ("event", KINDS), "device": ("device", DEVICES), "channel": ("channel", CHANNELS)}
OF_A_PAGE: Final = ("title", "document_type", "organisations", "taxon", "step_by_step", "status")


def write(rows: pl.DataFrame, path: Path) -> None:
    """Write rows of `rows.ROWS`, one row of the file each."""
    rows.select(_columns()).write_parquet(path, compression="zstd", statistics=False)


@cache
def _columns() -> list[pl.Expr]:
    """The file's columns, from the places that rows hold in the world's lists."""
    at_home = pl.col("host") == PLATFORM_HOST
    address = pl.when(at_home).then(pl.col("path")).otherwise(pl.col("host") + pl.col("path"))
    pages = world().pages.select(address.alias("page"), *OF_A_PAGE)
    visitor = pl.col("visitor").cast(pl.String)
    return [
        (visitor + "." + (pl.col("started") // 1_000_000).cast(pl.String)).alias("session"),
        visitor,
        pl.col("time"),
        *(pl.lit(series).gather(pl.col("page")).alias(series.name) for series in pages),
        *(pl.lit(pl.Series(texts)).gather(pl.col(ours)).alias(name) for ours, (name, texts) in LISTS.items()),
        pl.lit(pl.Series(countries())).gather(pl.col("country")).alias("country"),
        pl.lit(world().texts).gather(pl.col("value")).alias("value"),
    ]
