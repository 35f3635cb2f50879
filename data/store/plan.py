"""Which segments a set of deliveries makes, and when a segment that is there already will do."""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl

from data import segment
from data.periods import LONDON, Period, month_of, whole_month
from data.register import register
from data.settings import Settings
from data.store.manifest import SCHEMA, Delivery, Kind, Segment, Stored


@dataclass(frozen=True)
class Target:
    """One segment to have, and the extracts it is made of."""

    account: str
    period: Period
    kind: Kind
    deliveries: tuple[Delivery, ...]
    over: date | None = None  # of a day: by which its sessions are over

    @property
    def made_of(self) -> str:
        """The fingerprint of everything that decides what the segment holds."""
        rows = sorted((one.sender, str(one.day), one.kind, one.parts["rows"].sha256) for one in self.deliveries)
        told = [SCHEMA, register.fingerprint, self.account, str(self.period), self.kind, rows]
        told += [str(self.over)] if self.over else []
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


@dataclass(frozen=True)
class Month:
    """An account's month: merged into one segment once past restatement, else a segment a day and one for visitors.

    A day's segment holds the sessions that are over by it. Those seen late on the day before are among them, so late ones of
    a day without a day after it are a segment of their own.
    """

    account: str
    whole: Period
    merged: bool
    days: tuple[date, ...]  # with rows
    deliveries: tuple[Delivery, ...]  # of its days and of those around that sessions reach into

    @property
    def made_of(self) -> str:
        """The fingerprint of the month: while it stays, so do the month's segments."""
        return self.main.made_of

    @property
    def main(self) -> Target:
        """The segment of the whole month: everything once merged, before that its visitors."""
        if self.merged:
            return Target(self.account, self.whole, "month", self.deliveries)
        return Target(self.account, Period(self.whole.first, self.days[-1]), "visitors", self.deliveries)

    @property
    def overs(self) -> list[date]:
        """The days by which sessions are over."""
        return sorted({*self.days, *(day + timedelta(days=1) for day in self.days)})

    def day(self, over: date, *, reached: bool = False) -> Target:
        """The segment of the sessions that are over by a day; `reached` where the day after has rows of ids not seen late.

        The day after decides nothing else, so that its extracts leave the segment as it is.
        """
        before = over - timedelta(days=1)
        days = [day for day in (before, over) if day in self.days]
        deciding = around(self.deliveries, Period(before, over if reached else before))
        return Target(self.account, Period(days[0], days[-1]), "day", deciding, over)

    def sessions(self, run: Period) -> Period:
        """The days of the sessions that are over by the days of a run."""
        return Period(max(run.first - timedelta(days=1), self.whole.first), min(run.last, self.whole.last))

    def runs(self, days: Collection[date]) -> list[Period]:
        """Some of `overs` in periods that hold no others."""
        runs: list[Period] = []
        for before, day in zip((None, *self.overs), self.overs, strict=False):
            if day in days and runs and runs[-1].last == before:
                runs[-1] = Period(runs[-1].first, day)
            elif day in days:
                runs.append(Period(day, day))
        return runs


def months(deliveries: Iterable[Delivery], settings: Settings, before: Sequence[Segment]) -> Iterator[Month]:
    """Every account's months with rows, in order. A month that is merged stays so, whatever the clock says."""
    of: dict[str, list[Delivery]] = {}
    for one in sorted((one for one in deliveries if one.has_journeys), key=lambda one: one.slot):
        of.setdefault(one.account, []).append(one)
    merged = {(one.account, month_of(one.first_day)) for one in before if one.kind == "month"}
    for account, mine in of.items():
        days = sorted({day for one in mine for day in one.days if _kept(day, settings)})
        for month in sorted({month_of(day) for day in days}):
            inside = tuple(day for day in days if month_of(day) == month)
            whole = whole_month(inside[0])
            past = settings.today() > whole.last + timedelta(days=settings.restatement_days)
            yield Month(account, whole, past or (account, month) in merged, inside, around(mine, whole))


def figures(deliveries: Iterable[Delivery]) -> Iterator[Target]:
    """What services return and what tools report, one segment of each an account."""
    of: dict[tuple[str, Kind], list[Delivery]] = {}
    for one in sorted(deliveries, key=lambda one: one.slot):
        if one.figures:
            of.setdefault((one.account, one.figures), []).append(one)
    for (account, kind), mine in of.items():
        days = [one.day for one in mine]
        yield Target(account, Period(min(days), max(days)), kind, tuple(mine))


def around(deliveries: Iterable[Delivery], period: Period) -> tuple[Delivery, ...]:
    """The deliveries that segments of the period are made of: those that hold rows which decide about it.

    Whether an extract of a day next to it is there at all also tells if sessions that last over midnight were cut.
    """
    beside, deciding = segment.beside(period), segment.deciding(period)
    return tuple(one for one in deliveries if one.day in beside or any(day in deciding for day in one.days))


def first_kept_day(settings: Settings) -> date:
    """The oldest day that journeys are kept of; the first day there is where retention is off."""
    return _months_ago(settings, settings.journey_months)


def first_total_day(settings: Settings) -> date:
    """The oldest day that sums are kept of: reports of totals, and the daily counts of saved funnels."""
    return _months_ago(settings, settings.total_months)


def first_kept_of(delivery: Delivery, settings: Settings) -> date:
    """The oldest day that extracts of its kind are kept of; services' own returns stay, for their trends are of years."""
    if delivery.has_journeys:
        return first_kept_day(settings)
    return first_total_day(settings) if delivery.figures == "reports" else date.min


def _months_ago(settings: Settings, months: int) -> date:
    if settings.retention == "off":
        return date.min
    years, month = divmod(settings.today().year * 12 + settings.today().month - 1 - months, 12)
    last = whole_month(date(years, month + 1, 1)).last
    return last.replace(day=min(last.day, settings.today().day))


def still_kept(rows: pl.DataFrame, delivery: Delivery, settings: Settings) -> pl.DataFrame:
    """The rows of London days that journeys are kept of; a row without a time is of its extract's day."""
    first = first_kept_day(settings)
    if min(delivery.days, default=first) >= first:
        return rows
    days = pl.col("time").dt.convert_time_zone(str(LONDON)).dt.date().fill_null(delivery.day)
    return rows.filter(days >= first)


def kept(segments: Sequence[Segment], month: Month) -> list[Segment]:
    """The month's segments of before, where the month hasn't changed; else none."""
    return [one for one in segments if one.month_made_of == month.made_of]


def reused(segments: Sequence[Segment], target: Target, month: Month) -> Segment | None:
    """A segment of before that was made of the same, now standing in this month as it is."""
    found = next((one for one in segments if one.made_of == target.made_of), None)
    return replace(found, month_made_of=month.made_of) if found else None


def reused_day(segments: Sequence[Segment], over: date, month: Month) -> Segment | None:
    """As `reused`, the segment of the sessions over by a day, whether or not the day after had a part in it."""
    return reused(segments, month.day(over), month) or reused(segments, month.day(over, reached=True), month)


def standing(segments: Sequence[Segment], month: Month, days: Sequence[Segment]) -> tuple[Stored | None, date]:
    """What was counted of an open month's visitors before, and from which of its days on it doesn't stand any more.

    A day's visitors stand as long as its segment and those of all days before it do: `days` are those of now.
    """
    mine = [one for one in segments if one.account == month.account and one.first_day in month.whole]
    counted = next((one.aside for one in mine if one.kind == "visitors"), None)
    were = [one for one in mine if one.kind == "day"]
    stay = {one.name for one in were} & {one.name for one in days} if counted else set()
    return counted, min((one.linked for one in (*were, *days) if one.name not in stay), default=date.max)


def knows_next(one: Segment, month: Month) -> bool:
    """Whether a day's segment was made with the extracts of the day after it as they are."""
    return one.made_of == month.day(one.linked, reached=True).made_of


def _kept(day: date, settings: Settings) -> bool:
    return day >= first_kept_day(settings)
