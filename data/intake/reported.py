"""Reports of pages and days, read from a hostile file: clean addresses, and hashes of the lines that break a rule."""

from typing import Final

import polars as pl

from data import clean
from data.contract import BUCKETS, LONGEST_PATH, REPORTED
from data.formats import Format
from data.intake.batches import Batches
from data.intake.lines import LONGEST_LINE
from data.intake.quarantine import hashed
from data.intake.returned import Returned, sifted
from data.intake.rules import CONTROL

NO_HOST: Final = "no-host.invalid"  # stands while addresses are cleaned that name no host (RFC 2606)

ONCE: Final = ("days", "hosts")  # that stand in one line of a report


def read(chosen: Format, opened: Batches, query_keys: frozenset[str]) -> Returned:
    """The figures of a report with clean hosts and paths; a host that the file doesn't name stays null."""
    (batch,) = opened.batches
    whole = batch.rows
    found = clean.addresses(_addresses(whole), query_keys)
    rule = _rule(whole, found)
    cleaned = whole.with_columns(_hosts(found["host"]), _paths(found["path"])).cast(REPORTED)
    telling = ("host", "path", "measure", "value")
    return sifted(chosen, opened, whole, cleaned, rule=rule, telling=telling, lost=[hashed(batch.broken)])


def _addresses(whole: pl.DataFrame) -> pl.Series:
    """The address of each row: the page with the host before it, or the host alone; null for days and buckets."""
    host, path = pl.col("host"), pl.col("path")
    placed = pl.when(path.str.starts_with("/")).then(host.fill_null(NO_HOST) + path).otherwise(path)
    return whole.select(pl.when(~_bucket()).then(pl.coalesce(placed, host)).alias("page")).to_series()


def _bucket() -> pl.Expr:
    return pl.col("path").is_in(BUCKETS).fill_null(value=False)


def _rule(whole: pl.DataFrame, found: pl.DataFrame) -> pl.Series:
    """The first rule that each row breaks, or null."""
    rules = []
    for name in ("host", "path"):
        rules.append(pl.when(pl.col(name).str.contains(CONTROL)).then(pl.lit("control_character")))
        rules.append(pl.when(pl.col(name).str.len_bytes() > LONGEST_LINE).then(pl.lit("long_line")))
    is_page = ~_bucket() & (pl.col("what") != "days")
    rules.append(pl.when(is_page & pl.lit(found["host"].is_null())).then(pl.lit("bad_page")))
    rules.append(pl.when(pl.lit(found["path"].str.len_chars() > LONGEST_PATH)).then(pl.lit("long_path")))
    again = pl.col("line") > pl.col("line").min().over("first", "last", "host", "measure")
    rules.append(pl.when(pl.col("what").is_in(ONCE) & again).then(pl.lit("duplicate_row")))
    return whole.select(pl.coalesce(rules).alias("rule")).to_series()


def _hosts(hosts: pl.Series) -> pl.Expr:
    return pl.when(pl.lit(hosts) != NO_HOST).then(pl.lit(hosts)).alias("host")


def _paths(paths: pl.Series) -> pl.Expr:
    """The cleaned path of pages; buckets as they are; none of days and hosts."""
    of_page = pl.col("what").is_in(["pages", "landing pages"])
    return pl.when(_bucket()).then("path").when(of_page).then(pl.lit(paths)).alias("path")
