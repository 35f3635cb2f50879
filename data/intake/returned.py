"""Returns of services, read from a hostile file: clean words, and hashes of the lines that break a rule."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from data import clean
from data.contract import RETURNED
from data.formats import Format
from data.intake.batches import Batches
from data.intake.quarantine import HASHED, hashed, said

WORDS: Final = ("service", "title", "department", "agency", "channel")
LONGEST: Final = {"service": 250, "title": 200, "department": 120, "agency": 200, "channel": 40}  # characters
SLUG: Final = r"^[a-z0-9]+(-+[a-z0-9]+)*$"
CONTROL: Final = r"[\x00-\x1f\x7f]"
FIGURE: Final = ("service", "first", "last", "measure", "channel")  # that stands once in a file


@dataclass(frozen=True)
class Returned:
    """What a file of figures holds; `rows` are RETURNED or REPORTED, with departments and hosts as sent."""

    format: str
    kind: str
    read: int  # lines that should be rows
    ignored_columns: tuple[str, ...]
    rows: pl.DataFrame
    quarantined: pl.DataFrame  # HASHED, by line
    ignored: int = 0  # lines of no use to us

    @property
    def of_rows_alone(self) -> "Returned":
        """The same without what was ignored and quarantined."""
        return replace(self, quarantined=self.quarantined.clear(), ignored=0)


def read(chosen: Format, opened: Batches) -> Returned:
    """The figures of a file in a format of returns, each once and without personal data."""
    parts = [pl.DataFrame(schema=RETURNED)]
    lost = [pl.DataFrame(schema=HASHED)]
    for batch in opened.batches:
        parts.append(batch.rows)
        lost.append(hashed(batch.broken))
    whole = pl.concat(parts)
    cleaned = whole.with_columns(clean.text(whole[name]).alias(name) for name in WORDS)
    rule, telling = _rule(whole, cleaned), RETURNED.names()[1:]
    return sifted(chosen, opened, whole, cleaned, rule=rule, telling=telling, lost=lost)


def sifted(
    chosen: Format, opened: Batches, sent: pl.DataFrame, cleaned: pl.DataFrame, *, rule: pl.Series, telling: Sequence[str],
    lost: Sequence[pl.DataFrame],
) -> Returned:  # fmt: skip
    """What is left of figures of which some break a `rule`: a line stands and falls whole, and says its columns `telling`.

    `lost` are the lines that were no figures (HASHED).
    """
    falls = sent["line"].is_in(sent["line"].filter(rule.is_not_null()).implode())
    broken = hashed(sent.select("line", rule, said([sent[name].cast(pl.String) for name in telling])).filter(falls))
    kept, quarantined = cleaned.filter(~falls), pl.concat([*lost, broken]).sort("line")
    ignored = sum(opened.ignored.values())
    read_lines = kept["line"].n_unique() + quarantined.height + ignored
    return Returned(chosen.NAME, chosen.KIND, read_lines, tuple(opened.ignored_columns), kept, quarantined, ignored)


def _rule(whole: pl.DataFrame, cleaned: pl.DataFrame) -> pl.Series:
    """The first rule that each row breaks, or null: a word with personal data isn't the name of anything."""
    rules = [pl.when(~whole["service"].str.contains(SLUG)).then(pl.lit("bad_service"))]
    for name in WORDS:
        rules.append(pl.when(whole[name].str.contains(CONTROL)).then(pl.lit("control_character")))
        rules.append(pl.when(whole[name].str.len_chars() > LONGEST[name]).then(pl.lit("long_line")))
        tagged = cleaned[name].str.contains("[", literal=True) & ~whole[name].str.contains("[", literal=True)
        rules.append(pl.when(tagged).then(pl.lit("personal_data")))
    again = pl.int_range(pl.len()).over(FIGURE) > 0
    rules.append(pl.when(again).then(pl.lit("duplicate_row")))
    return whole.select(pl.coalesce(rules).alias("rule")).to_series()
