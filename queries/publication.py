"""What leaves the service: fixed periods and dimensions, and every figure rounded once, the same in every file.

An atom is one week or month, one set of pages, one device, one channel. The atoms of a set stand in one order, and each
is the step between its rounded running totals, which start at a place from 0 to 9 that a key settles. So each atom and
each total is one of the two tens beside the truth, is fair on average, and adds up; and whatever is asked, however
often, only says again what the atoms say. Rounding sums of any days and sets anew each time would be averaged away.
"""

import hmac
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

import polars as pl

from data import errors
from queries import flow
from queries.asking import Asking, Flow, Frames
from queries.columns import Column
from queries.parameters import Common

UNIT: Final = 10
LIMIT: Final = 10  # counts below are hidden, zero included
RATE_LIMIT: Final = 50  # rates over fewer are hidden
HIDDEN: Final = -1  # stands for a hidden count until the frame is sealed
ATOM: Final = ("set", "period", "device", "channel")
SIDE: Final = (
    "side"  # whether an atom stands for the period or for the comparison, which may share days: each has its own total
)
PLACE: Final = "place"  # of parts after those of devices and channels
FREE: Final = ("organisation", "document_type", "country", "topic")  # filters that make sets nobody else would make
_SOME: Final = "It names what stands out of many small figures; publish the measures of what it names instead"
UNPUBLISHED: Final = {
    "funnel_groups": "Values side by side would be rounded one by one and no longer add up; publish funnel or funnel_trend instead",
    "funnel_release": "A verdict is made of single days, which aren't published; publish funnel_trend by week or month instead",
    "act": _SOME,
    "service": "It holds a service's steps and days; publish its pages, its handovers or what it returned instead",
    "review": _SOME,
    "drivers": "A change is split into parts too small to be rounded and still add up; publish the measure by department or page instead",
    "find": "It finds pages and has no figures; leave out publication",
    "alerts": "Alerts are for those who look after a service; leave out publication",
    "annotations": "Notes have no figures and are for those whom they are shared with; leave out publication",
    "coverage": "It counts files and rows, which say nothing of people; leave out publication",
    "reported": "It tells what a department's own tool counted, which is that department's to publish; leave out publication",
}
FIXED: Final = ("device", "channel", "department", "service", "page")


def require_publishable(question: str, wanted: Common) -> None:
    """Raise `BadRequest` for a question that isn't published, or a set of pages or sessions that isn't one of the fixed ones."""
    if question in UNPUBLISHED:
        raise errors.BadRequest("This can't be published", UNPUBLISHED[question], "publication")
    for name, side in itertools.product(FIXED + FREE, wanted.sides):
        if len(getattr(side, name)) > (name in FIXED):
            asked = "Give one value of" if name in FIXED else "Leave out"
            raise errors.BadRequest("This can't be published", f"{asked} {name}: only fixed sets are published", name)
    if any("*" in page for page in wanted.page):
        raise errors.BadRequest("This can't be published", "Give an exact page: patterns are free sets", "page")
    if (wanted.structure, wanted.attribution) != ("then", "owner"):
        field = "attribution" if wanted.structure == "then" else "structure"
        raise errors.BadRequest("This can't be published", "Figures are published by owners as they were then", field)


def rounded(frames: Frames, asking: Asking[Any]) -> Frames:
    """The question's frames made again from its rounded atoms or flow. Raises `BadRequest` where it gives neither."""
    if frames.rebuilt is None or (frames.atoms is None and not frames.flows):
        raise errors.BadRequest("This can't be published", "Ask for it without publication", "publication")
    atoms = None if frames.atoms is None else sums(frames.atoms, asking)
    parts = None if frames.parts is None else shares(frames.parts, asking)
    flows = tuple(balanced(one, asking) for one in frames.flows)
    return frames.rebuilt(replace(frames, atoms=atoms, parts=parts, flows=flows))


def sums(atoms: pl.DataFrame, asking: Asking[Any]) -> pl.DataFrame:
    """Sums of rounded atoms by all labels (the columns of text but `period`); counts below the limit marked hidden.

    A count that is null in any atom of a row has no value there.
    """
    return _summed(atoms.sort(ATOM), asking, _shown)


def shares(parts: pl.DataFrame, asking: Asking[Any]) -> pl.DataFrame:
    """Sums of rounded atoms as `sums` has them, none of them hidden: in each order they add up to the rounded whole."""
    return _summed(parts.sort(*ATOM, PLACE), asking, lambda name: _value(name).alias(name))


def _summed(ordered: pl.DataFrame, asking: Asking[Any], said: Callable[[str], pl.Expr]) -> pl.DataFrame:
    counts = [name for name, kind in ordered.schema.items() if kind == pl.Int64]
    labels = [name for name in ordered.columns if name not in {*counts, *ATOM[1:], PLACE}]
    runs = [name for name in (*ATOM[:2], SIDE) if name in ordered.columns]
    tens = ordered.with_columns(_starts(ordered, asking)).with_columns(_tens(name, runs) for name in counts)
    kept = tens.filter(*_asked(asking.parameters))
    return kept.group_by(labels, maintain_order=True).agg(map(said, counts))


def balanced(journeys: Flow, asking: Asking[Any]) -> Flow:
    """The flow rounded week by week or month by month, then added up: edges with `tail`, `head`, `sessions`."""
    require_undivided(asking.parameters)
    edges = journeys.edges.sort("period", "tail", "head")
    parts = [
        part.with_columns(pl.Series("sessions", _balanced(part, journeys, str(period), asking), pl.Int64))
        for (period,), part in edges.group_by("period", maintain_order=True)
    ]
    whole = pl.concat([edges.clear(), *parts])
    return replace(journeys, edges=whole.group_by("tail", "head", maintain_order=True).agg(pl.col("sessions").sum()))


def require_undivided(wanted: Common) -> None:
    """Raise `BadRequest` for journeys of some devices or channels: they are rounded as a whole."""
    for field in (name for name in ("device", "channel") if getattr(wanted, name)):
        sentence = f"Leave out {field}: journeys are published for all devices and channels"
        raise errors.BadRequest("This can't be published", sentence, field)


def recomputed(frame: pl.DataFrame, columns: tuple[Column, ...]) -> pl.DataFrame:
    """Rates computed from the rounded counts; none over few, none without a formula, none where the question has none."""
    return frame.with_columns(_recomputed(column).alias(column.name) for column in columns if column.kind == "derived")


def start(asking: Asking[Any], of: str, period: str) -> int:
    """The number from 0 to 9 that settles how the counts of one set in one week or month are rounded.

    It is one for all its measures, so that the larger of two stays the larger, and exits stay below page views.
    """
    return int.from_bytes(_keyed(asking, of, period)[:8]) % UNIT


def _keyed(asking: Asking[Any], *identity: str) -> bytes:
    return hmac.digest(asking.rounding_key, "\n".join((asking.account, *identity)).encode(), "sha256")


def _balanced(part: pl.DataFrame, journeys: Flow, period: str, asking: Asking[Any]) -> list[int]:
    """The flow of one period, whose node `journeys.node` is rounded as its count is wherever else it is published.

    Its own numbers settle how it is rounded, not what was asked: else the same flow, asked for in other words or by
    somebody else, would be rounded anew each time, and that could be averaged away.
    """
    rows = list(part.select("tail", "head", "sessions").iter_rows())
    through = max(
        sum(n for tail, _, n in rows if tail == journeys.node), sum(n for _, head, n in rows if head == journeys.node)
    )
    whole = (through + start(asking, journeys.set, period)) // UNIT * UNIT
    key = _keyed(asking, "journeys", period, *(f"{n} {tail}\t{head}" for tail, head, n in rows))
    return flow.rounded(rows, key, UNIT, (journeys.node, whole))


def _starts(atoms: pl.DataFrame, asking: Asking[Any]) -> pl.Series:
    """For each row, the number at which the running totals of its set and period start."""
    sets = atoms.select("set", "period").unique(maintain_order=True)
    starts = pl.Series("start", [start(asking, of, period) for of, period in sets.iter_rows()], pl.Int64)
    return atoms.join(sets.with_columns(starts), on=["set", "period"], maintain_order="left")["start"]


def _tens(name: str, runs: Sequence[str]) -> pl.Expr:
    """How many tens the running total passes with this atom."""
    total = pl.col(name).cum_sum().over(runs) + pl.col("start")
    return (total // UNIT - (total - pl.col(name)) // UNIT).alias(f"tens {name}")


def _value(name: str) -> pl.Expr:
    return pl.col(f"tens {name}").sum() * UNIT


def _shown(name: str) -> pl.Expr:
    """The sum of rounded atoms; hidden where it, or the truth, is below the limit."""
    value = _value(name)
    small = (value < LIMIT) | (pl.col(name).sum() < LIMIT)
    return pl.when(pl.col(name).is_null().any()).then(None).when(small).then(HIDDEN).otherwise(value).alias(name)


def _recomputed(column: Column) -> pl.Expr:
    if column.formula is None:
        return pl.lit(None, column.type)
    value = column.formula.cast(column.type)
    enough = pl.all_horizontal(pl.lit(value=True), *(pl.col(name) >= RATE_LIMIT for name in column.denominators))
    sensible = value <= 1 if column.unit == "share" else pl.lit(value=True)  # sums of tens may fall on either side
    return pl.when(enough & sensible & pl.col(column.name).is_not_null()).then(value)


def _asked(wanted: Common) -> Iterator[pl.Expr]:
    if wanted.device:
        yield pl.col("device").is_in(wanted.devices)
    if wanted.channel:
        yield pl.col("channel").is_in(wanted.channels)
