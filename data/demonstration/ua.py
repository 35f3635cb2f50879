"""Rows as a file of the format `ua`: a session a line with its hits inside, as Universal Analytics was exported to BigQuery."""

from functools import cache
from pathlib import Path
from typing import Final

import polars as pl

from data.contract import CHANNELS, DEVICES
from data.demonstration.ga4 import CAME, CATEGORIES
from data.demonstration.people import countries
from data.demonstration.rows import DOWNLOAD, ERROR, NO, OUTBOUND, PAGE_VIEW, SEARCH, YES
from data.demonstration.world import world
from data.periods import LONDON

FORMAT: Final = "ua"
SUFFIX: Final = ".json.gz"
SESSION: Final = ("visitor", "started")
SECOND: Final = 1_000_000  # microseconds
EVENTS: Final = {OUTBOUND: "External Link Clicked", DOWNLOAD: "Download Link Clicked", ERROR: "userAlerts: error"}
ANSWERS: Final = {YES: "ffYesClick", NO: "ffNoClick"}
FEEDBACK: Final = "yesNoFeedbackForm"
DIMENSIONS: Final = {2: "document_type", 9: "organisations", 15: "status"}
LIGHTLY: Final = 1  # compressed, for a file that lives for a minute


def write(rows: pl.DataFrame, path: Path) -> None:
    """Write rows of `rows.ROWS`, one hit each but for searches, which stand in the hit of the page of results."""
    hits = _hits(rows).with_columns(pl.int_range(1, pl.len() + 1).over(SESSION).alias("number"))
    told = hits.select(*SESSION, "device", "channel", "country", pl.struct(_hit()).alias("hits"))
    sessions = told.group_by(SESSION, maintain_order=True).agg(pl.first("device", "channel", "country"), "hits")
    sessions.select(_columns()).write_ndjson(path, compression="gzip", compression_level=LIGHTLY)


def _hits(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows that are hits of their own, each page of results with the place of its term."""
    searched = pl.when(pl.col("kind").shift(-1) == SEARCH).then(pl.col("value").shift(-1))
    return rows.with_columns(searched.alias("term")).filter(pl.col("kind") != SEARCH)


@cache
def _columns() -> list[pl.Expr]:
    """What is said of a session, from the places that rows hold in the world's lists."""
    began = pl.from_epoch("started", "us").dt.replace_time_zone("UTC").dt.convert_time_zone(str(LONDON))
    source, medium = (pl.lit(pl.Series([CAME[name][place] for name in CHANNELS])).gather("channel") for place in (0, 1))
    categories = pl.Series([CATEGORIES.get(name, name) for name in DEVICES])
    return [
        pl.col("visitor").cast(pl.String).alias("fullVisitorId"),
        (pl.col("started") // SECOND).alias("visitId"),
        (pl.col("started") // SECOND).alias("visitStartTime"),
        began.dt.strftime("%Y%m%d").alias("date"),
        pl.struct(source.alias("source"), medium.alias("medium")).alias("trafficSource"),
        pl.struct(pl.lit(categories).gather("device").alias("deviceCategory")).alias("device"),
        pl.struct(pl.lit(pl.Series(countries())).gather("country").alias("country")).alias("geoNetwork"),
        pl.col("hits"),
    ]


def _hit() -> list[pl.Expr]:
    pages = world().pages
    after = pl.col("time").dt.epoch("us") - pl.col("started") // SECOND * SECOND
    of_page = {name: pl.lit(pages[name]).gather("page") for name in pages.columns}
    searched = pl.lit(world().texts).gather("term")
    dimensions = [
        pl.struct(pl.lit(number).alias("index"), of_page[name].cast(pl.String).alias("value"))
        for number, name in DIMENSIONS.items()
    ]
    return [
        pl.col("number").alias("hitNumber"),
        (after // 1_000).alias("time"),
        pl.when(pl.col("kind") == PAGE_VIEW).then(pl.lit("PAGE")).otherwise(pl.lit("EVENT")).alias("type"),
        pl.struct(
            of_page["path"].alias("pagePath"), of_page["host"].alias("hostname"), of_page["title"].alias("pageTitle"), searched.alias("searchKeyword"),
        ).alias("page"),
        pl.struct(_event()).alias("eventInfo"),
        pl.concat_list(dimensions).alias("customDimensions"),
    ]  # fmt: skip


def _event() -> list[pl.Expr]:
    kind, value = pl.col("kind"), pl.lit(world().texts).gather("value")
    address = pl.when(kind.is_in([OUTBOUND, DOWNLOAD])).then("https://" + value)
    return [
        kind.replace_strict({**EVENTS, **dict.fromkeys(ANSWERS, FEEDBACK)}, default=None, return_dtype=pl.String).alias("eventCategory"),
        address.fill_null(kind.replace_strict(ANSWERS, default=None, return_dtype=pl.String)).alias("eventAction"),
        pl.when(kind == ERROR).then(value).alias("eventLabel"),
    ]  # fmt: skip
