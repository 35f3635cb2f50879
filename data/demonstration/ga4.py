"""Rows as a file of the format `ga4`: events and their parameters, as Google Analytics 4 exports them to BigQuery."""

from functools import cache
from pathlib import Path
from typing import Final

import polars as pl

from data.contract import CHANNELS, DEVICES
from data.demonstration.people import countries
from data.demonstration.rows import DOWNLOAD, ERROR, NO, OUTBOUND, PAGE_VIEW, SEARCH, YES
from data.demonstration.world import world
from data.periods import LONDON

FORMAT: Final = "ga4"
SUFFIX: Final = ".parquet"
NAMES: Final = {
    PAGE_VIEW: "page_view",
    SEARCH: "view_search_results",
    OUTBOUND: "navigation",
    DOWNLOAD: "file_download",
    ERROR: "form_error",
    YES: "form_submit",
    NO: "form_submit",
}
OF_A_PAGE: Final = {
    "page_title": "title",
    "document_type": "document_type",
    "organisations": "organisations",
    "taxonomy_main": "taxon",
    "step_navs": "step_by_step",
    "status_code": "status",
}
CATEGORIES: Final = {"other": "smart tv"}  # the name that Google gives to what we call other
CAME: Final = {  # source and medium of each channel
    "direct": ("(direct)", "(none)"),
    "search engine": ("google", "organic"),
    "AI assistant": ("chatgpt.com", "referral"),
    "GOV.UK email": ("govdelivery", "email"),
    "other government": ("www.nhs.uk", "referral"),
    "social": ("facebook.com", "social"),
    "referral": ("www.moneysavingexpert.com", "referral"),
    "paid": ("google", "cpc"),
    "other": ("leaflet", "print"),
}


def write(rows: pl.DataFrame, path: Path) -> None:
    """Write rows of `rows.ROWS`, one event each; a session's first event in the file says where people came from."""
    rows.select(_columns()).write_parquet(path, compression="zstd", statistics=False)


@cache
def _columns() -> list[pl.Expr]:
    """The file's columns, from the places that rows hold in the world's lists."""
    names = pl.Series([NAMES.get(kind, "") for kind in range(max(NAMES) + 1)])
    categories = pl.Series([CATEGORIES.get(name, name) for name in DEVICES])
    parameters = pl.concat_list(_parameters()).list.eval(
        pl.element().filter(pl.element().struct.field("key").is_not_null())
    )
    return [
        pl.col("time").dt.convert_time_zone(str(LONDON)).dt.strftime("%Y%m%d").alias("event_date"),
        pl.col("time").dt.epoch("us").alias("event_timestamp"),
        pl.lit(names).gather(pl.col("kind")).alias("event_name"),
        parameters.alias("event_params"),
        pl.col("visitor").cast(pl.String).alias("user_pseudo_id"),
        pl.struct(pl.lit(categories).gather(pl.col("device")).alias("category")).alias("device"),
        pl.struct(pl.lit(pl.Series(countries())).gather(pl.col("country")).alias("country")).alias("geo"),
    ]


def _parameters() -> list[pl.Expr]:
    pages = world().pages.select(
        ("https://" + pl.col("host") + pl.col("path")).alias("page_location"),
        *(pl.col(ours).cast(pl.String).alias(name) for name, ours in OF_A_PAGE.items()),
    )
    value = pl.lit(world().texts).gather(pl.col("value"))
    first = pl.struct("visitor", "started").is_first_distinct()
    kind = pl.col("kind")
    return [
        _parameter("ga_session_id", number=pl.col("started") // 1_000_000),
        *(_parameter(page.name, pl.lit(page).gather(pl.col("page"))) for page in pages),
        *(
            _parameter(name, pl.when(first).then(pl.lit(_came(place)).gather(pl.col("channel"))))
            for place, name in enumerate(("source", "medium"))
        ),
        _parameter("search_term", pl.when(kind == SEARCH).then(value)),
        _parameter("outbound", pl.when(kind == OUTBOUND).then(pl.lit("true"))),
        _parameter("link_url", pl.when(kind.is_in([OUTBOUND, DOWNLOAD])).then("https://" + value)),
        _parameter("ui_text", pl.when(kind == ERROR).then(value).when(kind == YES).then(pl.lit("Yes")).when(kind == NO).then(pl.lit("No"))),
    ]  # fmt: skip


def _came(place: int) -> pl.Series:
    return pl.Series([CAME[channel][place] for channel in CHANNELS])


def _parameter(name: str, said: pl.Expr | None = None, *, number: pl.Expr | None = None) -> pl.Expr:
    """A parameter with its value; without a name where there is none, as these are left out."""
    text = (pl.lit(None, pl.String) if said is None else said).replace("", None)
    whole = pl.lit(None, pl.Int64) if number is None else number
    there = text.is_not_null() | whole.is_not_null()
    value = pl.struct(text.alias("string_value"), whole.alias("int_value"))
    return pl.struct(pl.when(there).then(pl.lit(name)).alias("key"), value.alias("value"))
