"""Journeys of two periods, or of two values of a filter, beside each other: shares, their difference, whether it is real.

Both sides show the same pages: the most common of either, so that each balances. The interval of a difference is taken
between days, with Newcombe's as the least that it may be (queries/verdicts/statistics.py).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import polars as pl

from queries.asking import Asking
from queries.journeys.engine import daily
from queries.journeys.engine.count import HIDDEN, OTHER, STOPPED, faces, wide
from queries.journeys.engine.walk import Array
from queries.journeys.journey_parameters import Parameters
from queries.journeys.unfolding import Journeys, Shown, chosen, framed, gathered
from queries.periods import days_with_data
from queries.verdicts import changes
from queries.verdicts.compared import FALSE_DISCOVERIES, SURE
from queries.verdicts.statistics import (
    Difference,
    Interval,
    benjamini_hochberg,
    newcombe,
    ratio_difference,
    unpaired_difference,
)

KEYS: Final = {"nodes": ("step", "face"), "links": ("step", "tail", "head"), "ended_how": ("step", "number")}
ORDER: Final = {"links": ("from", "to"), "ended_how": ("how",)}
OTHER_WEEKDAYS: Final = "The days compared don't have the same weekdays, so a difference may be one between weekdays."
OVERLAP: Final = "A session may belong to both sides, which makes differences look smaller than they are."
Daily = tuple[Array, Array]  # sessions of each row by day, and journeys by day


def other_side(asking: Asking[Parameters]) -> Asking[Parameters] | None:
    """The asking that this one is to be compared with, or none."""
    if asking.parameters.against:
        return replace(asking, parameters=asking.parameters.sides[1], comparison=None)
    return replace(asking, period=asking.comparison) if asking.comparison else None


def unfold_both(asking: Asking[Parameters], other: Asking[Parameters]) -> dict[str, pl.DataFrame]:
    """The frames of `unfolding.unfold`, with the other side of each node, link and ending beside it."""
    now, before = gathered(asking, other)
    shown = chosen(now, before)
    pair = _Pair.of(now, before, shown)
    frames, others = framed(now, shown), framed(before, shown)
    return {**frames, **{name: _with_difference(pair, name, frames[name], others[name]) for name in KEYS}}


def notes(asking: Asking[Parameters], other: Asking[Parameters]) -> Iterator[str]:
    """What must be known of this comparison, as sentences."""
    if asking.parameters.against:
        if asking.parameters.department or asking.parameters.page or asking.parameters.service:
            yield OVERLAP
        return
    if not days_with_data(asking.reading, asking.account, other.period):
        yield f"There is nothing to compare with: no day of {other.period.first} to {other.period.last} has data."
    if not changes.same_weekdays(asking.period, other.period):
        yield OTHER_WEEKDAYS
    yield from broken(asking, other).values()


def broken(asking: Asking[Parameters], other: Asking[Parameters]) -> dict[str, str]:
    """Why no difference may be told between these days and those, if it may not."""
    if asking.period == other.period:
        return {}
    return dict(changes.broken(("sessions",), asking.account, asking.period, other.period))


@dataclass(frozen=True)
class _Side:
    """One side: its journeys as they are shown, and the places of its days that count."""

    journeys: Journeys
    faces: Sequence[Array]
    width: int
    days: daily.Days
    kept: Sequence[int]

    @classmethod
    def of(cls, journeys: Journeys, shown: Shown) -> "_Side":
        asking = journeys.asking
        with_data = days_with_data(asking.reading, asking.account, asking.period)
        kept = [place for place, day in enumerate(asking.period) if day in with_data]
        found = faces(journeys.part, journeys.nodes, shown.slots)
        return cls(
            journeys, found, wide(shown.slots), daily.Days(journeys.part.walks, journeys.days, asking.period.days), kept
        )

    def counted(self, name: str, frame: pl.DataFrame) -> Daily:
        """The rows of a frame by day, `[day, row]`, beside all journeys by day, `[day, 1]`."""
        step, *keys = (frame[key].to_numpy() for key in KEYS[name])
        label = keys[0] if len(keys) == 1 else keys[0] * self.width + keys[1]
        rows = [np.flatnonzero(step == k) for k in range(len(self.faces))]
        found = np.zeros((self.days.count, frame.height))
        for k, (here, counts) in enumerate(zip(rows, self._steps(name, [label[some] for some in rows]), strict=False)):
            found[:, here] = counts if name == "links" else counts[:, label[rows[k]]]
        return found, self.days.journeys[:, None].astype(float)

    def _steps(self, name: str, labels: Sequence[Array]) -> list[Array]:
        if name == "nodes":
            return daily.at_faces(self.days, self.faces, self.width)
        if name == "links":
            return daily.at_links(self.days, self.faces, self.width, labels)
        return daily.stopped(self.days, self.journeys.part.how, len(self.journeys.hows))


@dataclass(frozen=True)
class _Pair:
    """Both sides; `paired` where day n of one belongs beside day n of the other, `told` where a difference may be told."""

    now: _Side
    before: _Side
    paired: bool
    told: bool

    @classmethod
    def of(cls, now: Journeys, before: Journeys, shown: Shown) -> "_Pair":
        mine, its = now.asking.period, before.asking.period
        sides = _Side.of(now, shown), _Side.of(before, shown)
        return cls(*sides, changes.same_weekdays(mine, its), told=not broken(now.asking, before.asking))

    def difference(self, now: Daily, before: Daily) -> Difference:
        """The difference of the shares of each row, with its error between days."""
        if not self.paired:
            sides = ((self.now, now), (self.before, before))
            return unpaired_difference(*((hits[side.kept], trials[side.kept]) for side, (hits, trials) in sides))
        both = sorted(set(self.now.kept) & set(self.before.kept))
        return ratio_difference(*((hits[both], trials[both]) for hits, trials in (now, before)))


def _with_difference(pair: _Pair, name: str, now: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """One frame with the rows of both sides: those of the other in columns that start with `compared_`."""
    both = _joined(pair, name, now, before)
    mine, its = (side.counted(name, both) for side in (pair.now, pair.before))
    totals = (_total(mine), _total(its))
    difference = pair.difference(mine, its)
    interval = difference.interval().widened(newcombe(*totals))
    sure = difference.interval(SURE).widened(newcombe(*totals, SURE))
    adjusted = benjamini_hochberg(difference.p_values())
    unusual = pl.Series(sure.leaves_zero() & (adjusted <= FALSE_DISCOVERIES)).set(pl.Series(np.isnan(adjusted)), None)
    told: dict[str, Any] = {
        "share": _shares(totals[0]),
        "compared_share": _shares(totals[1]),
        "difference": _shares(totals[0]) - _shares(totals[1]),
        **_ends(interval),
        "difference_unusual": unusual,
    }
    series = {key: pl.Series(key, values, nan_to_null=True) for key, values in told.items()}
    return both.with_columns(
        one if pair.told or key.endswith("share") else one.clear(len(one)).alias(key) for key, one in series.items()
    )


def _joined(pair: _Pair, name: str, now: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """The rows of either side, in their order; a row that a side lacks has no sessions there."""
    keys = KEYS[name]
    labels = [one for one in now.columns if now.schema[one] == pl.String]
    numbers = [one for one in ("sessions", "median_seconds") if one in now.columns]
    other = before.select(
        *keys,
        *(pl.col(one).alias(f"its_{one}") for one in labels),
        *(pl.col(one).alias(f"compared_{one}") for one in numbers),
    )
    both = now.join(other, on=keys, how="full", coalesce=True, maintain_order="left_right")
    whole = both.with_columns(
        *(pl.coalesce(one, f"its_{one}").alias(one) for one in labels),
        pl.col("sessions", "compared_sessions").fill_null(0),
        journeys=pl.lit(pair.now.journeys.sessions, pl.Int64),
        compared_journeys=pl.lit(pair.before.journeys.sessions, pl.Int64),
    )
    return whole.sort(*_order(name), maintain_order=True)


def _order(name: str) -> list[pl.Expr]:
    """Nodes as they are shown, then what isn't a page, as in one journey; links and endings by sessions."""
    if name == "nodes":
        face = pl.col("face")
        place = [(OTHER, 1), (HIDDEN, 2), (STOPPED, 3)]
        return [pl.col("step"), face.replace_strict(dict(place), default=0), face]
    return [pl.col("step"), *(pl.col(one) * -1 for one in ("sessions", "compared_sessions")), *map(pl.col, ORDER[name])]


def _total(counts: Daily) -> Daily:
    """The sessions of each row, beside all journeys, of all days."""
    hits, trials = counts
    return hits.sum(axis=0), np.full(hits.shape[1], float(trials.sum()))


def _shares(totals: Daily) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Array = totals[0] / totals[1]
    return found


def _ends(interval: Interval) -> dict[str, Array]:
    return {"difference_low": interval.low.clip(-1, 1), "difference_high": interval.high.clip(-1, 1)}
