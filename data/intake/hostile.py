"""What the low-rights process does: a hostile file -> rows that keep the contract, cleaned, and hashes of the rest.

It knows neither keys nor who may send what. Raw identifiers are all that it hands on of what it read uncleaned; they
become pseudonyms before anything is written.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from data import clean, formats
from data.intake import reported, returned, rules, values
from data.intake.batches import TEXTS, Batch
from data.intake.coded import Coded, coded
from data.intake.quarantine import HASHED, hashed, said
from data.intake.returned import Returned
from data.intake.source import Source


@dataclass(frozen=True)
class Found:
    """What a file holds. In `content` texts are clean, `page` holds places in `pages`, identifiers are raw."""

    format: str
    kind: str
    read: int  # lines that should be rows
    ignored_columns: tuple[str, ...]
    content: Coded
    pages: pl.DataFrame  # host, path
    quarantined: pl.DataFrame  # HASHED, by line
    ignored: Mapping[date | None, int]  # lines of no use, by the day they say they are of


def read(source: Source, format_name: str | None, query_keys: frozenset[str]) -> Found | Returned:
    """The file in one of `formats`, found out where none is named. Raises `errors.Refused`."""
    chosen = formats.named(format_name) if format_name else formats.fitting(source)
    opened = chosen.read(source)
    if chosen.KIND == formats.RETURNS:
        return returned.read(chosen, opened)
    if chosen.KIND == formats.REPORTS:
        return reported.read(chosen, opened, query_keys)
    lost = [pl.DataFrame(schema=HASHED)]
    whole = opened.completed(coded(_rows(opened.batches, lost), TEXTS))
    pages = clean.addresses(whole.values["page"], query_keys)
    rule = rules.broken(whole, pages, timed=chosen.TIMED)
    kept, broken = _parted(whole, rule)
    quarantined = pl.concat([*lost, broken]).sort("line")
    return Found(
        format=chosen.NAME,
        kind=chosen.KIND,
        read=kept.rows["line"].n_unique() + quarantined.height + sum(opened.ignored.values()),
        ignored_columns=tuple(opened.ignored_columns),
        content=values.cleaned(kept, pages["term"]),
        pages=pages.drop("term"),
        quarantined=quarantined,
        ignored=opened.ignored,
    )


def _rows(batches: Iterator[Batch], lost: list[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """The rows of each batch; hashes of the lines that are no rows go to `lost`."""
    for batch in batches:
        lost.append(hashed(batch.broken))
        yield batch.rows


def _parted(whole: Coded, rule: pl.Series) -> tuple[Coded, pl.DataFrame]:
    """Rows that break no rule, and hashes of the others. Rows of one line stand and fall together."""
    if rule.null_count() == rule.len():
        return whole, pl.DataFrame(schema=HASHED)
    lines = whole.rows["line"]
    falls = lines.is_in(lines.filter(rule.is_not_null()).implode())
    fallen = replace(whole, rows=whole.rows.filter(falls))
    texts = said([fallen.texts(name) for name in whole.values])
    broken = fallen.rows.select("line", rule.filter(falls), texts)
    return replace(whole, rows=whole.rows.filter(~falls)), hashed(broken)
