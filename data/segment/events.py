"""The event table, the words that events carry, and how each session ended."""

from collections.abc import Callable, Collection
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from data.contract import KINDS
from data.segment.cleaned import EPOCH
from data.segment.sessions import Array

SEARCH: Final = KINDS.index("search")
OUTBOUND: Final = KINDS.index("outbound")
DOWNLOAD: Final = KINDS.index("download")
NOTHING_MORE, CLICKED_OUT, DOWNLOADED, WENT_UNSHARED = range(4)  # session.ended
RARE: Final = "(rare)"  # value 0: a search term that too few sessions of the month have
COMMON: Final = 10  # sessions of a month that make a search term known


def table(
    rows: pl.DataFrame, of: Array, position: Array, terms: Collection[str]
) -> tuple[dict[str, Array], pl.DataFrame]:
    """The columns of event, and the value table; a search term outside `terms` has value 0."""
    search = rows["kind"].to_physical() == SEARCH
    known = rows.select(text=pl.when(~pl.lit(search) | pl.col("value").is_in(list(terms))).then("value"))
    texts = known["text"].drop_nulls().unique().sort()
    values = pl.DataFrame({"value": np.arange(1, len(texts) + 1, dtype=np.uint32), "text": texts})
    numbers = known.join(values, on="text", how="left", maintain_order="left")["value"].fill_null(0)
    kind = rows["kind"].to_physical().cast(pl.UInt8).to_numpy()
    columns = {"kind": kind, "session": of, "position": position.astype(np.uint16), "value": numbers.to_numpy()}
    return columns, pl.concat([pl.DataFrame({"value": [0], "text": [RARE]}, schema=values.schema), values])


def common_terms(rows: pl.DataFrame, of: Array) -> frozenset[str]:
    """Search terms that enough of these sessions have; `of` is the session of each row."""
    found = (
        rows.select("value", session=pl.Series(of)).filter(rows["kind"].to_physical() == SEARCH).drop_nulls().unique()
    )
    counts = found.group_by("value").len()
    return frozenset(counts.filter(pl.col("len") >= COMMON)["value"])


def ended(
    event: dict[str, Array],
    view: dict[str, Array],
    mark: Array,
    day: Array,
    *,
    hosts: pl.DataFrame,
    shares: Callable[[str, date], bool],
) -> dict[str, object]:
    """How each session ended: by the last click out or download after its last step, else by a mark, else unseen."""
    last = np.flatnonzero(np.append(view["session"][1:] != view["session"][:-1], True)[: len(view["session"])])
    how = np.where(mark[view["page"][last] - 1], WENT_UNSHARED, NOTHING_MORE).astype(np.uint8)
    leaves = np.isin(event["kind"], (OUTBOUND, DOWNLOAD))
    after = np.flatnonzero(leaves & (event["position"] == view["position"][last][event["session"]]))
    how[event["session"][after]] = np.where(event["kind"][after] == OUTBOUND, CLICKED_OUT, DOWNLOADED)
    host = np.zeros(len(last), np.uint32)
    host[event["session"][after]] = event["value"][after]
    clicked = np.flatnonzero(how == CLICKED_OUT)
    how[clicked[~_sharing(host[clicked], day[clicked], hosts, shares)]] = WENT_UNSHARED
    listed, numbers = np.unique(np.append(np.uint32(0), np.where(how == CLICKED_OUT, host, 0)), return_inverse=True)
    listed_numbers = np.arange(1, len(listed), dtype=np.uint16)
    texts = dict(hosts.iter_rows())
    names = pl.DataFrame({"host": listed_numbers, "name": [texts[value] for value in listed[1:].tolist()]})
    return {"ended": how, "ended_host": numbers[1:].astype(np.uint16), "hosts": names}


def _sharing(host: Array, day: Array, hosts: pl.DataFrame, shares: Callable[[str, date], bool]) -> Array:
    """Whether each host shares its data on that day; hosts outside the register do not concern us and pass."""
    names = dict(hosts.iter_rows())
    pairs, places = np.unique(np.stack([host.astype(np.int64), day.astype(np.int64)]), axis=1, return_inverse=True)
    verdicts = [not h or shares(names[h], date.fromordinal(EPOCH.toordinal() + d)) for h, d in pairs.T.tolist()]
    return np.array(verdicts, bool)[places]
