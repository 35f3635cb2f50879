"""What an open month must know of each of its days beside the day's tables, so that one more day costs no other twice.

Who was seen, to know them on other days and to count them over days, and what was searched for, to show a term once enough
sessions of the month have it. It holds half pseudonyms and rare terms, so it is kept like a cleaned day, never in a segment.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Final, Self

import numpy as np
import polars as pl
import pyarrow as pa

from data.segment.arrays import Array
from data.segment.tables import Tables
from data.segment.visitors import seen

KNOWN: Final = {"who": pl.UInt64, "number": pl.UInt32, "since": pl.UInt32}
FIRST_BITS: Final = 20  # of half a pseudonym, by which one in five strangers may pass


@dataclass(frozen=True)
class Frames:
    """Frames that are kept together, as bytes."""

    def packed(self) -> bytes:
        """The same as bytes, a third more than compressed ones and read in a tenth of their time."""
        target = pa.BufferOutputStream()
        for frame in vars(self).values():
            table = frame.to_arrow()
            with pa.ipc.new_stream(target, table.schema) as stream:
                stream.write_table(table)
        packed: bytes = target.getvalue().to_pybytes()
        return packed

    @classmethod
    def unpacked(cls, packed: bytes) -> Self:
        """What was packed."""
        source = pa.BufferReader(packed)
        return cls(*(pl.DataFrame(pa.ipc.open_stream(source).read_all()) for _ in fields(cls)))


@dataclass(frozen=True)
class Aside(Frames):
    """What is kept of one segment: of each day in it, who was seen (departments as bits) and what was searched for.

    `who` is half of a visitor's pseudonym, `number` the visitor's in the month, and `since` the second of the first view
    that the month knew of when it gave the number: the visitor's seconds count from there.
    """

    visitors: pl.DataFrame  # as `KNOWN`, day (since 1970), departments
    services: pl.DataFrame  # of (a row of visitors), slug
    terms: pl.DataFrame  # day, value (of event), term, searches, sessions

    @property
    def numbers(self) -> Array:
        """The numbers of its visitors, row by row."""
        return self.visitors["number"].to_numpy()

    def of(self, chosen: Array) -> Self:
        """The same of the visitors whose numbers are `chosen`."""
        there, of = chosen[self.numbers], self.services["of"].to_numpy()
        place = np.cumsum(there, dtype=np.uint32) - np.uint32(1)
        services = self.services.with_columns(of=pl.Series(place[of])).filter(there[of])
        return replace(self, visitors=self.visitors.filter(there), services=services)


def set_aside(tables: Tables, others: Sequence[Aside]) -> tuple[Tables, Aside]:
    """The tables of a day's segment with its visitors as the month knows them, and what they leave aside.

    Those whom `others` of the month know keep number and clock, in whatever order days come, so that no segment changes for
    another day. New ones get the next numbers, in the random order of the tables.
    """
    found, known = seen(tables), _known(tables, others)
    day, departments = (pl.Series(column) for column in (found.day.astype(np.uint16), found.departments))
    visitors = known[found.visitor].with_columns(day=day, departments=departments)
    slugs = pl.concat([pl.Series([None], dtype=pl.String), tables.words["service"]["slug"]])
    services = pl.DataFrame({"of": found.of.astype(np.uint32), "slug": slugs.gather(found.service)})
    visitor, later = tables.session["visitor"], tables.began - known["since"].to_numpy()
    columns = {
        "visitor": known["number"].to_numpy()[visitor],
        "visitor_seconds": (tables.session["visitor_seconds"] + later[visitor]).astype(np.int32),
    }
    return replace(tables, session=tables.session | columns), Aside(visitors, services, tables.terms)


def _known(tables: Tables, others: Sequence[Aside]) -> pl.DataFrame:
    """What is `KNOWN` of each visitor of the tables by number, from 0 for none."""
    mine = pl.DataFrame({"who": tables.who, "began": tables.began.astype(np.uint32)})
    others = others if mine.height > 1 else ()
    some = pl.concat([pl.DataFrame(schema=KNOWN), *(_alike(one.visitors, tables.who) for one in others)])
    told = some.join(mine, on="who", how="semi").unique("who")
    known = mine.join(told, on="who", how="left", maintain_order="left")
    most = max((int(one.numbers.max(initial=0)) for one in others), default=0)
    new = pl.col("number").is_null() & (pl.int_range(pl.len()) > 0)
    following = new.cum_sum() + pl.lit(most, pl.UInt32)
    number = pl.when(new).then(following).otherwise(pl.col("number").fill_null(0))
    return known.select("who", number=number.cast(pl.UInt32), since=pl.coalesce("since", "began"))


def _alike(visitors: pl.DataFrame, who: Array) -> pl.DataFrame:
    """What is `KNOWN` of those that begin as any of `who`: to join everybody would take twice as long."""
    shift = np.uint64(64 - FIRST_BITS)
    there = np.zeros(1 << FIRST_BITS, bool)
    there[who >> shift] = True
    return visitors.select(*KNOWN).filter(there[visitors["who"].to_numpy() >> shift])
