"""One segment being asked: its rows as arrays, and its pages as numbers, ranges and truth values."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from data.register import register
from data.store import Segment
from queries.asking import Asking, sql
from queries.cache import Kept
from queries.journeys.engine.walk import Array
from queries.page_sets import definitions
from queries.page_sets.matching import Definition

MOST_RANGES: Final = 50  # of page numbers, that are looked up one by one in the index by page
NOBODY: Final = 65_535  # the number of no country
MANY_ROWS: Final = 2_000_000  # page views of a segment, from which on Arrow is the faster way out of DuckDB
KEPT_HOSTS: Final = 128  # segments whose hosts clicked out to are kept
Columns = dict[str, Array]
KEPT_SIZES: Final = 256
KEPT_BYTES: Final = 128 << 20  # of sets of sessions; one of 5 million sessions takes 0.6 MB
KEPT_ROWS: Final = 256 << 20  # bytes of rows of the index by page, those used last
ENTRY: Final = 2_000  # bytes that keeping anything takes
_sets_of_sessions: Final[Kept[tuple[int, Array]]] = Kept(KEPT_BYTES, lambda found: found[1].nbytes + ENTRY)
_sizes: Final[Kept[int]] = Kept(KEPT_SIZES)
_rows: Final[Kept[Columns]] = Kept(KEPT_ROWS, lambda rows: sum(column.nbytes for column in rows.values()) + ENTRY)
_hosts: Final[Kept[list[str]]] = Kept(KEPT_HOSTS)


@dataclass(frozen=True)
class Source:
    """A segment, and the question that is asked of it."""

    asking: Asking[Any]
    segment: Segment

    def fetch(self, name: str, **parameters: object) -> Columns:
        """Run `queries/<name>.sql`; one array a column."""
        reading = self.asking.reading
        if self.segment.totals.get("views", 0) < MANY_ROWS:
            return reading.numpy(self.segment, sql(name), parameters)
        table = reading.arrow(self.segment, sql(name), parameters)
        return {column: table[column].to_numpy() for column in table.column_names}

    def kept(self, name: str, **parameters: object) -> Columns:
        """As `fetch`, kept for the next question of the same rows."""
        return self.keep((name, str(parameters)), lambda: self.fetch(name, **parameters))

    def keep(self, key: tuple[object, ...], make: Callable[[], Columns]) -> Columns:
        """What was made of this segment under the key, kept; so it can't be written to."""

        def made() -> Columns:
            found = make()
            for column in found.values():
                column.flags.writeable = False
            return found

        return _rows.find((self.segment.sha256, *key), made)

    def numbers(self, match: str, values: tuple[str, ...]) -> Array:
        """Give the page numbers of a set, those alone that the viewer may see."""
        return definitions.pages(self.asking, self.segment, match, values)

    def mask(self, wanted: tuple[Definition, ...], pages: int) -> Array | None:
        """Give the pages of any of these definitions as truth values by page number; none for no definition."""
        return marked(pages, *(self.numbers(one.match, one.value) for one in wanted)) if wanted else None

    def hosts(self) -> list[str]:
        """The hosts that sessions clicked out to, by number."""

        def read() -> list[str]:
            rows = self.fetch("explore_outbound")
            named = dict(zip(rows["host"].tolist(), rows["name"].tolist(), strict=True))
            return [named.get(number, "") for number in range(max(named, default=0) + 1)]

        return _hosts.find((self.segment.sha256,), read)

    def by_session(self, *sessions: Array) -> Array:
        """Give these sessions as truth values by session number."""

        def read() -> int:
            return int(self.fetch("explore_size")["sessions"][0]) + 1

        return marked(_sizes.find((self.segment.sha256,), read), *sessions)

    def session_filters(self) -> dict[str, object]:
        """Bind the filters that the rows of a session are chosen by, days as far as the segment has them."""
        asked, period, days = self.asking.parameters, self.asking.period, self.segment.period
        countries: list[int] = []
        if asked.country:
            countries = self.fetch("explore_countries", names=list(asked.country))["country"].tolist() or [NOBODY]
        filters = {"devices": asked.devices, "channels": asked.channels, "countries": countries}
        return {"from": max(period.first, days.first), "to": min(period.last, days.last), **filters}


def marked(size: int, *numbers: Array) -> Array:
    """Truth values by number, `size` long, true for these numbers."""
    found = np.zeros(size, bool)
    for some in numbers:
        found[some.astype(np.intp, copy=False)] = True  # numpy sets by other numbers a third as fast
    return found


def ranges(numbers: Array) -> list[tuple[int, int]]:
    """Give the runs of neighbouring numbers, first and last of each; the numbers come in order."""
    heads = np.flatnonzero(np.diff(numbers.astype(np.int64), prepend=-2) != 1)
    lasts = np.append(heads[1:], len(numbers))[: len(heads)] - 1
    return list(zip(numbers[heads].tolist(), numbers[lasts].tolist(), strict=True))


def joined(parts: Sequence[Columns]) -> Columns:
    """Give the rows of all parts; at least one."""
    return parts[0] if len(parts) == 1 else {name: np.concatenate([one[name] for one in parts]) for name in parts[0]}


def taken(rows: Columns, places: Array) -> Columns:
    """Give some rows of columns."""
    return {name: column.take(places) for name, column in rows.items()}


def chosen(source: Source) -> Array | None:
    """Sessions that the filters on pages choose, by number; none where there is no such filter.

    A session is chosen that has, for each filter, a view of a page that fits it; marks never do.
    """
    asked = source.asking.parameters
    kept = [seeing(source, source.numbers(match, values)) for match, values in _sets(source) if values]
    if _by_owner(source):
        kept.append(owned(source, sum(1 << register.number(short) for short in asked.department)))
    return np.logical_and.reduce(kept) if kept else None


def _by_owner(source: Source) -> bool:
    """Whether every page of the departments asked for counts, so that what is known of each session tells enough."""
    asked, viewer = source.asking.parameters, source.asking.viewer
    return bool(asked.department) and asked.attribution == "owner" and all(map(viewer.owns, asked.department))


def _sets(source: Source) -> list[tuple[str, tuple[str, ...]]]:
    asked = source.asking.parameters
    seen = () if _by_owner(source) else asked.department  # by tags, or only those pages that the viewer may see
    sets = {"page": asked.page, "service": asked.service, "document_type": asked.document_type, "department": seen}
    return [*sets.items(), ("topic", asked.topic), ("organisation", asked.organisation)]


def every_session_fits(source: Source) -> bool:
    """Whether no session of the segment is left out by day, device, channel or country."""
    asked, period, segment = source.asking.parameters, source.asking.period, source.segment
    cut = segment.first_day < period.first or segment.last_day > period.last
    return not (cut or asked.device or asked.channel or asked.country)


def fitting(source: Source) -> Array:
    """Sessions that fit day, device, channel, country, by number."""
    return _kept(source, "explore_sessions", source.session_filters())


def owned(source: Source, bits: int) -> Array:
    """Sessions with a view of a page of the departments in `bits`, by number."""
    return _kept(source, "explore_owned", {"bits": bits, "now": source.asking.parameters.structure == "now"})


def reloading(source: Source) -> Array:
    """Sessions in which a page was reloaded, and some others, by number."""
    return _kept(source, "explore_reloads", {})


def _kept(source: Source, name: str, *each: Mapping[str, object]) -> Array:
    """The sessions that `queries/<name>.sql` finds with any of these parameters, by number; kept as one bit a session."""

    def read() -> tuple[int, Array]:
        found = source.by_session(*(source.fetch(name, **parameters)["session"] for parameters in each))
        return len(found), np.packbits(found)

    size, packed = _sets_of_sessions.find((source.segment.sha256, name, str(each)), read)
    return np.unpackbits(packed, count=size).view(bool)


def seeing(source: Source, pages: Array) -> Array:
    """Sessions with a view of any of these pages, by number."""
    if len(places := ranges(pages)) <= MOST_RANGES:
        return _kept(source, "explore_seen", *({"low": low, "high": high} for low, high in places))
    views = source.fetch("explore_all_views")
    wanted = marked(int(max(views["page"].max(initial=0), pages.max())) + 1, pages)
    return source.by_session(views["session"][wanted.take(views["page"])])
