"""The demonstration's rows for tests: made once, with their day, their page and whose it is."""

from datetime import date
from functools import cache

import polars as pl

from data.contract import DEVICES, KINDS
from data.demonstration import PERIOD, day_rows
from data.demonstration.world import world
from data.periods import Period, whole_month
from data.register import own_pages, register

ADDRESS = pl.col("host") + pl.col("path")


@cache
def month(first: date, account: str) -> pl.DataFrame:
    """The rows of a month, with `visit`, day, address, host, status, department and the words for kind and device."""
    pages = own_pages(world().pages, first).with_columns(
        ADDRESS.alias("address"),
        pl.col("owner_then").replace_strict(register.department_names, return_dtype=pl.Categorical).alias("department"),
    )
    rows = pl.concat([day_rows(day, account).with_columns(pl.lit(day).alias("day")) for day in whole_month(first)])
    told = pages.with_row_index("page").select("page", "address", "host", "status", "department", "service")
    return rows.join(told, on="page", how="left", maintain_order="left").with_columns(
        (pl.col("day").cast(pl.Int64) * 1_000_000 + pl.col("session")).alias("visit"),
        pl.lit(pl.Series(KINDS)).gather(pl.col("kind")).cast(pl.Enum(KINDS)).alias("kind"),
        pl.lit(pl.Series(DEVICES)).gather(pl.col("device")).cast(pl.Enum(DEVICES)).alias("device"),
    )


def rows(period: Period = PERIOD, account: str = "joined") -> pl.DataFrame:
    """The rows of the days of a period."""
    months = [month(day, account) for day in period if day == period.first.replace(day=1) or day.day == 1]
    first = [month(period.first.replace(day=1), account)] if period.first.day > 1 else []
    return pl.concat([*first, *months]).filter(pl.col("day").is_between(period.first, period.last))


@cache
def views(period: Period = PERIOD, account: str = "joined") -> pl.DataFrame:
    """The page views among them."""
    return rows(period, account).filter(pl.col("kind") == "page_view")
