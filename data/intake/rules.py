"""The rules that a row must keep, in the order in which they are tried. Each is looked at once for every different text."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from data.contract import LONGEST_PATH
from data.intake.coded import Coded
from data.intake.lines import LONGEST_LINE

LONGEST_IDENTIFIER: Final = 256  # bytes
CONTROL: Final = r"[\x00-\x1f\x7f]"
CONTROL_BUT_SPACE: Final = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
SPACED: Final = frozenset({"title", "value"})  # where a line's end or a tab is but a space
IDENTIFIERS: Final = ("session", "visitor")


def broken(whole: Coded, pages: pl.DataFrame, *, timed: bool) -> pl.Series:
    """The first rule that each row breaks, or null. `pages` has host and path (host null: no address) for each page text."""
    found = [(rule, flags) for rule, flags in _missing(whole, timed=timed) if flags.any()]
    found += [(rule, flags) for rule, flags in _texts(whole) if flags.any()]
    rules: list[pl.Expr] = [pl.when(flags).then(pl.lit(rule)) for rule, flags in found]
    if "rule" in whole.rows.columns:
        rules.append(pl.lit(whole.rows["rule"]))
    rules += [pl.when(flags).then(pl.lit(rule)) for rule, flags in _addresses(whole, pages) if flags.any()]
    nothing = pl.Series("rule", [None], pl.String).new_from_index(0, whole.rows.height)
    return whole.rows.select(pl.coalesce(*rules, nothing).alias("rule")).to_series()


def _missing(whole: Coded, *, timed: bool) -> Iterator[tuple[str, pl.Series]]:
    rows = whole.rows
    identified = [rows[name].is_not_null() for name in IDENTIFIERS if name in rows.columns]
    yield "null_key", ~(identified[0] | identified[-1])
    yield "null_key", rows["page"].is_null()
    if timed and "rule" not in rows.columns:
        yield "null_key", rows["time"].is_null()
    elif timed:
        yield "null_key", rows["time"].is_null() & rows["rule"].is_null()


def _texts(whole: Coded) -> Iterator[tuple[str, pl.Series]]:
    for name, texts in whole.values.items():
        length = LONGEST_IDENTIFIER if name in IDENTIFIERS else LONGEST_LINE
        yield (
            "control_character",
            whole.where(name, texts.str.contains(CONTROL_BUT_SPACE if name in SPACED else CONTROL)),
        )
        yield (
            "long_identifier" if name in IDENTIFIERS else "long_line",
            whole.where(name, texts.str.len_bytes() > length),
        )


def _addresses(whole: Coded, pages: pl.DataFrame) -> Iterator[tuple[str, pl.Series]]:
    yield "bad_page", whole.where("page", pages["host"].is_null())
    yield "long_path", whole.where("page", pages["path"].str.len_chars() > LONGEST_PATH)
