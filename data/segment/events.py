"""The event table, the words that events carry, and how each session ended."""

from collections.abc import Callable, Collection, Iterable
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from data.contract import KINDS
from data.segment.arrays import Array, Columns, changes, tally
from data.segment.cleaned import Rows
from data.segment.days import EPOCH
from data.segment.pages import of_pages
from data.segment.sessions import Assembled

SEARCH: Final = KINDS.index("search")
OUTBOUND: Final = KINDS.index("outbound")
DOWNLOAD: Final = KINDS.index("download")
NOTHING_MORE, CLICKED_OUT, DOWNLOADED, WENT_UNSHARED = range(4)  # session.ended
RARE: Final = "(rare)"  # value 0: a search term that too few sessions of the month have
COMMON: Final = 10  # sessions of a month that make a search term known


def table(
    rows: Rows, places: Array, of: Array, position: Array, *, terms: Collection[str]
) -> tuple[Columns, pl.DataFrame]:
    """The columns of event at `places` but the page, and the value table; a search term outside `terms` has value 0."""
    kind, value = rows.columns["kind"][places], rows.columns["value"][places]
    texts = rows.texts["value"]
    rare = np.append(True, ~texts.is_in(list(terms)).to_numpy())
    value = np.where((kind == SEARCH) & rare[value], 0, value)
    listed, _ = tally(value)
    listed = listed[listed > 0]
    values = pl.DataFrame({"code": listed, "text": texts.gather(listed.astype(np.int64) - 1)}).sort("text")
    number = np.zeros(int(listed.max(initial=0)) + 1, np.uint32)
    number[values["code"].to_numpy()] = np.arange(1, len(listed) + 1)
    columns = {"kind": kind, "session": of, "position": position.astype(np.uint16), "value": number[value]}
    named = pl.concat([pl.Series([RARE]), values["text"]]).alias("text").to_frame().with_row_index("value")
    return columns, named


def pages_followed(event: Columns, view: Columns) -> Array:
    """The page of the page view that each event followed, 0 before the first."""
    heads = np.append(0, np.flatnonzero(view["position"] == 1))  # at the number of the session
    followed = heads[event["session"]] + np.maximum(event["position"].astype(np.int64), 1) - 1
    return np.where(event["position"] > 0, view["page"][followed], np.uint32(0))


def numbered_terms(whole: Assembled, places: Array, event: Columns, first: int) -> pl.DataFrame:
    """Number the search terms of the events at `places`, from `first` on, where no term is shown; what each number stands for.

    The columns are day, value, term, searches, sessions; a search without a term has the value 0. The order of the numbers
    tells nothing of the terms.
    """
    found = np.flatnonzero(event["kind"] == SEARCH)
    listed, term = np.unique(whole.rows.columns["value"][places[found]], return_inverse=True)
    number = np.where(listed > 0, first + np.arange(len(listed)), 0).astype(np.uint32)
    words = whole.rows.texts["value"].gather(pl.Series(listed, dtype=pl.Int64).replace(0, None) - 1)
    event["value"][found] = number[term]
    pairs, each = tally(term.astype(np.int64) << 32 | event["session"][found])
    told = pl.DataFrame(
        {
            "day": whole.day[(pairs & 0xFFFFFFFF) - 1],
            "value": number[pairs >> 32],
            "term": words.gather(pairs >> 32),
            "searches": each,
        }
    )
    sums = told.group_by("day", "value", "term").agg(pl.col("searches").sum(), sessions=pl.len().cast(pl.Int64))
    return sums.with_columns(pl.col("day").cast(pl.Date)).sort("day", "value")


def term_sessions(whole: Assembled) -> pl.DataFrame:
    """How many of these sessions have each search term: term, sessions."""
    value = np.where(whole.column("kind") == SEARCH, whole.column("value"), 0)
    found = np.flatnonzero(value)
    of = np.repeat(np.arange(len(whole.starts)), whole.lengths)[found]
    pairs, _ = tally(value[found].astype(np.int64) << 32 | of)
    each = whole.column("occurrences")[whole.starts][pairs & 0xFFFFFFFF]
    sessions = np.bincount(pairs >> 32, each).astype(np.int64)
    terms = np.flatnonzero(sessions)
    return pl.DataFrame({"term": whole.rows.texts["value"].gather(terms - 1), "sessions": sessions[terms]})


def common_terms(counts: Iterable[pl.DataFrame]) -> frozenset[str]:
    """Search terms that enough sessions have, counted day by day as `term_sessions` does."""
    totals = pl.concat(counts).drop_nulls("term").group_by("term").agg(pl.col("sessions").sum())
    return frozenset(totals.filter(pl.col("sessions") >= COMMON)["term"])


def ended(
    event: Columns,
    view: Columns,
    page: pl.DataFrame,
    day: Array,
    *,
    texts: pl.DataFrame,
    shares: Callable[[str, date], bool],
) -> tuple[Columns, pl.DataFrame]:
    """How each session ended: by the last click out or download after its last step, else at a mark, else unseen.

    Also the table outbound_host. A click out to a host that doesn't share is told as that, without the host.
    """
    last = np.flatnonzero(np.append(changes(view["session"])[1:], True)[: len(view["session"])])
    how = np.where(of_pages(page, "mark")[view["page"][last]], WENT_UNSHARED, NOTHING_MORE).astype(np.uint8)
    leaves = np.isin(event["kind"], (OUTBOUND, DOWNLOAD))
    after = np.flatnonzero(leaves)[event["position"][leaves] == view["position"][last][event["session"][leaves] - 1]]
    of = event["session"][after] - 1
    how[of] = np.where(event["kind"][after] == OUTBOUND, CLICKED_OUT, DOWNLOADED)
    host = np.zeros(len(last), np.uint32)
    host[of] = event["value"][after]
    clicked = np.flatnonzero(how == CLICKED_OUT)
    how[clicked[~_sharing(host[clicked], day[clicked], texts, shares)]] = WENT_UNSHARED
    host[how != CLICKED_OUT] = 0
    listed, _ = tally(host[host > 0])
    number = np.zeros(texts.height, np.uint32)
    number[listed] = np.arange(1, len(listed) + 1)
    hosts = texts[listed].select(name="text").with_row_index("host", 1)
    return {"ended": how, "ended_host": number[host]}, hosts


def _sharing(host: Array, day: Array, texts: pl.DataFrame, shares: Callable[[str, date], bool]) -> Array:
    """Whether each host shares its data on that day; 0, an unknown host, passes."""
    names = texts["text"].to_list()
    pairs, places = np.unique(host.astype(np.int64) << 32 | day.astype(np.int64), return_inverse=True)
    asked = [(pair >> 32, date.fromordinal(EPOCH.toordinal() + (pair & 0xFFFFFFFF))) for pair in pairs.tolist()]
    return np.array([not number or shares(names[number], on) for number, on in asked], bool)[places]
