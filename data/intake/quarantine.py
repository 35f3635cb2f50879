"""Lines that broke a rule: their numbers, their rules and hashes. What they said ends here."""

import hashlib
from typing import Final

import polars as pl

HASHED: Final = pl.Schema({"line": pl.UInt32(), "rule": pl.String(), "hash": pl.Binary()})
BETWEEN_FIELDS, BETWEEN_ROWS = "\x1f", "\x1e"


def hashed(broken: pl.DataFrame) -> pl.DataFrame:
    """One row a line: its first rule, the SHA-256 of all that its rows said, and the first of every other column.

    `broken` has `line`, `rule` (null in rows that fall with another of their line) and `text`.
    """
    lines = broken.group_by("line", maintain_order=True).agg(
        pl.col("rule").drop_nulls().first(),
        pl.exclude("line", "rule", "text").first(),
        pl.col("text").str.join(BETWEEN_ROWS).alias("text"),
    )
    hashes = [hashlib.sha256(text.encode()).digest() for text in lines["text"].to_list()]
    return lines.select("line", "rule", pl.Series("hash", hashes, pl.Binary), pl.exclude("line", "rule", "text"))


def said(texts: list[pl.Series]) -> pl.Series:
    """The texts of each row as one."""
    return pl.select(pl.concat_str(texts, separator=BETWEEN_FIELDS, ignore_nulls=True).alias("text")).to_series()
