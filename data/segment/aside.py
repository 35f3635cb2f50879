"""What an open month must know of each of its days beside the day's tables, so that one more day costs no other twice.

Who was seen, to count visitors over days, and what was searched for, to show a term once enough sessions of the month
have it. It holds half pseudonyms and rare terms, so it is kept like a cleaned day, never in a segment.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

import numpy as np
import polars as pl
import polars.selectors as cs

from data.segment.arrays import Array, changes
from data.segment.events import RARE, common_terms
from data.segment.tables import Tables
from data.segment.visitors import Seen, seen


@dataclass(frozen=True)
class Aside:
    """What is kept of one segment: of each day in it, who was seen (departments as bits) and what was searched for.

    `visitor` is a number in the segment, `who` half of its pseudonym, `began` the second of its first view, told once.
    """

    visitors: pl.DataFrame  # day (since 1970), who, departments, visitor, began
    services: pl.DataFrame  # of (a row of visitors), slug
    terms: pl.DataFrame  # day, value (of event), term, searches, sessions

    @classmethod
    def of_tables(cls, tables: Tables) -> Self:
        """What the tables of a day's segment know."""
        found = seen(tables)
        slugs = pl.concat([pl.Series([None], dtype=pl.String), tables.words["service"]["slug"]])
        return cls(
            pl.DataFrame(
                {
                    "day": found.day.astype(np.uint16),
                    "who": tables.who[found.visitor],
                    "departments": found.departments,
                    "visitor": found.visitor.astype(np.uint32),
                    "began": tables.began[found.visitor],
                }
            ).with_columns(pl.when(pl.col("visitor").is_first_distinct()).then("began")),
            pl.DataFrame({"of": found.of.astype(np.uint32), "slug": slugs.gather(found.service)}),
            tables.terms,
        )

    def packed(self) -> bytes:
        """The same as bytes."""
        columns = {name: frame.select(pl.all().implode()) for name, frame in vars(self).items()}
        whole = pl.DataFrame({name: column.to_struct() for name, column in columns.items()})
        target = io.BytesIO()
        whole.write_ipc(target, compression="lz4")  # read in half the time of parquet
        return target.getvalue()

    @classmethod
    def unpacked(cls, packed: bytes) -> Self:
        """What was packed."""
        whole = pl.read_ipc(io.BytesIO(packed))
        return cls(*(whole[name].struct.unnest().explode(cs.all(), empty_as_null=False) for name in whole.columns))


def seen_in(asides: Sequence[tuple[date, Aside]]) -> tuple[Seen, pl.DataFrame]:
    """Who was seen on the days of a month, in order, and the services numbered: service, slug."""
    before = np.cumsum([0, *(one.visitors.height for _, one in asides)])
    day = np.concatenate([one.visitors["day"].to_numpy() for _, one in asides])
    begins = changes(day)
    begins[before[before < len(day)]] = True
    # Halves of pseudonyms are in random order, and so are their ranks, which polars finds twice as fast as numpy.
    who = pl.concat([one.visitors["who"] for _, one in asides])
    slugs = pl.concat([one.services["slug"] for _, one in asides])
    listed = slugs.unique().sort()
    services = pl.DataFrame({"service": np.arange(1, len(listed) + 1, dtype=np.uint16), "slug": listed})
    number = slugs.to_frame().join(services, on="slug", how="left", maintain_order="left")["service"]
    found = Seen(
        who.rank("dense").cast(pl.UInt32).to_numpy(),
        day,
        np.flatnonzero(begins),
        np.concatenate([one.visitors["departments"].to_numpy() for _, one in asides]),
        np.concatenate(
            [one.services["of"].to_numpy() + start for (_, one), start in zip(asides, before, strict=False)]
        ),
        number.to_numpy(),
    )
    return found, services


def terms_in(asides: Sequence[tuple[date, Aside]]) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Search terms that enough sessions of the month have, as the tables value, term_link and term_day.

    The searches for the others are together those for the value 0 of their day.
    """
    told = pl.concat([one.terms.with_columns(over=pl.lit(day)) for day, one in asides])
    known = pl.DataFrame({"text": sorted(common_terms([told]))}, {"text": pl.String}).with_row_index("number", 1)
    rows = told.join(known, left_on="term", right_on="text", how="left").with_columns(pl.col("number").fill_null(0))
    shown = (
        rows.filter(pl.col("number") > 0).select(day="over", value="value", term="number").unique().sort("day", "value")
    )
    sums = rows.group_by("day", term="number").agg(pl.col("searches").sum())
    values = pl.concat([pl.DataFrame({"number": [0], "text": [RARE]}, known.schema), known]).rename({"number": "value"})
    return values, shown, sums.sort("day", "term")


def links(asides: Sequence[tuple[date, Aside]], visitor: Array) -> pl.DataFrame:
    """The table visitor_link: who the visitors of each segment are in their month, and when they were first seen there.

    `visitor` numbers them as `seen_in` does: in the order of halves of pseudonyms, which is random.
    """
    known = [one.visitors.select("visitor", "began", day=pl.lit(day)) for day, one in asides]
    seen = pl.concat(known).with_columns(month_visitor=pl.Series(visitor)).drop_nulls("began")
    numbers, began = seen["month_visitor"].to_numpy(), seen["began"].to_numpy()
    first = np.full(int(visitor.max(initial=0)) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, numbers, began)
    since = (began - first[numbers]).astype(np.uint32)
    return seen.select("day", "visitor", "month_visitor", seconds=pl.Series(since))
