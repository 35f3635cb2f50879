"""Text into values, strictly: what isn't exactly a value of its kind becomes null, and a rule says why."""

from collections.abc import Mapping
from typing import Final

import polars as pl

from data.intake.coded import coded
from data.periods import KNOWN

MOMENT: Final = pl.Datetime("us", "UTC")
SHORT: Final = r"^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d(?:[.,]\d{1,9})?)? ?(Z|[+-]\d\d(?::?\d\d)?)?$"


def moments(sent: pl.Series) -> pl.Series:
    """ISO 8601 with an offset, or in UTC without one, or moments already -> Datetime(us, UTC) of days that are KNOWN."""
    found = sent if sent.dtype == MOMENT else _parsed(sent)
    return found.set(~found.dt.date().is_between(KNOWN.first, KNOWN.last), None)


def _parsed(text: pl.Series) -> pl.Series:
    found = text.str.strptime(MOMENT, "%+", strict=False)
    missed = found.is_null() & text.is_not_null()
    return found.zip_with(~missed, _completed(text).str.strptime(MOMENT, "%+", strict=False)) if missed.any() else found


def _completed(text: pl.Series) -> pl.Series:
    """Times that leave out what ISO 8601 lets them leave out - seconds, offset, its minutes - written out."""
    parts = text.str.strip_chars().str.extract_groups(SHORT).struct.unnest()
    seconds = parts["3"].fill_null(":00").str.replace(",", ".", literal=True)
    offset = parts["4"].fill_null("Z").str.replace(r"^([+-]\d\d)$", "${1}:00")
    return (parts["1"] + "T" + parts["2"] + seconds + offset).alias(text.name)


def one_of(text: pl.Series, numbers: Mapping[str, int]) -> pl.Series:
    """The number of each word, in any case -> UInt8."""
    known = coded([text.to_frame()], [text.name])
    words = known.values[text.name].str.strip_chars().str.to_lowercase()
    return words.replace_strict(numbers, default=None, return_dtype=pl.UInt8).gather(known.rows[text.name])


def days(text: pl.Series) -> pl.Series:
    """`2019-05-12` or `20190512` -> Date that is KNOWN."""
    tidy = text.str.strip_chars()
    found = tidy.str.to_date("%Y-%m-%d", strict=False).fill_null(tidy.str.to_date("%Y%m%d", strict=False))
    return found.set(~found.is_between(KNOWN.first, KNOWN.last), None)


def whole_numbers(text: pl.Series, low: int, high: int) -> tuple[pl.Series, pl.Series]:
    """The numbers from `low` to `high` (else null), and for each text the rule that it breaks (else null)."""
    digits = text.str.contains(r"^-?[0-9]+$")
    number = text.set(~digits, None).cast(pl.Int64, strict=False)
    fits = number.is_between(low, high).fill_null(value=False)
    rule = pl.select(
        pl.when(text.is_null()).then(None).when(~digits).then(pl.lit("not_integer")).when(~fits).then(pl.lit("range"))
    ).to_series()
    return number.set(~fits, None), rule
