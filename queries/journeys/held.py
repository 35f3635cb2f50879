"""Page views of segments by session, held in memory as arrays: whole sessions are then found without a scan."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from queries.cache import Kept
from queries.journeys.engine.walk import Array, Views
from queries.source import Source

FEW_SESSIONS: Final = 200  # that are looked up in a segment which isn't held (a scan too); for more it is read whole
MOST_HELD: Final = 24_000_000  # page views of all segments that are held, about 200 MB; those used last stay


@dataclass(frozen=True, eq=False)
class Held:
    """The columns of `page_view`, and the row at which each session starts, by its number; the last is the number of rows."""

    page: Array
    seconds: Array
    starts: Array

    def views(self, sessions: Array | None) -> Views:
        """The page views of these sessions (truth values by number), or of all of them."""
        if sessions is None:
            numbers = np.arange(len(self.starts) - 1)
            return Views(np.repeat(numbers, np.diff(self.starts)), self.page, self.seconds)
        numbers = np.flatnonzero(sessions)
        first, after = (self.starts.take(places).astype(np.int64) for places in (numbers, numbers + 1))
        lengths = after - first
        rows = np.arange(lengths.sum()) + np.repeat(first - np.cumsum(lengths) + lengths, lengths)
        return Views(np.repeat(numbers.astype(np.uint32), lengths), self.page.take(rows), self.seconds.take(rows))


_held: Final[Kept[Held]] = Kept(MOST_HELD, lambda held: len(held.page))


def views(source: Source, sessions: Array | None) -> Views:
    """The page views and marks of these sessions (truth values by number), or of all, by session and position."""
    sha = source.segment.sha256
    held = _held.known((sha,))
    if held is None and sessions is not None and np.count_nonzero(sessions) <= FEW_SESSIONS:
        rows = source.fetch("explore_views", sessions=np.flatnonzero(sessions).tolist())
        return Views(rows["session"], rows["page"], rows["seconds"])
    return _held.find((sha,), lambda: _read(source)).views(sessions)


def _read(source: Source) -> Held:
    rows = source.fetch("explore_all_views")
    seconds = rows["seconds"]
    narrow = np.min_scalar_type(int(seconds.max(initial=0)))
    starts = np.searchsorted(rows["session"], np.arange(int(rows["session"].max(initial=0)) + 2))
    return Held(np.ascontiguousarray(rows["page"]), seconds.astype(narrow), starts.astype(np.uint32))
