"""Building segments: one encrypted file each, counted again after it is closed, and moved into place when it is on disk."""

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, timedelta
from functools import cache, cached_property
from pathlib import Path

import duckdb
import polars as pl

from data import errors, segment
from data.periods import Period
from data.register import register
from data.store import balances, cleaned, engine, keys, plan, vault
from data.store.files import sync_folder
from data.store.home import Home
from data.store.manifest import Delivery, Kind, Segment, Stored
from data.store.plan import Month, Target

Frames = dict[str, pl.DataFrame]
Fill = Callable[[duckdb.DuckDBPyConnection], segment.Totals | None]


class Builder:
    """Builds the segments of an import, in a scratch folder that nobody else uses."""

    def __init__(self, home: Home, scratch: Path) -> None:
        self.home = home
        self.scratch = scratch
        self.fresh: Frames = {}  # rows that needn't be read again, by the name of their file

    @cached_property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        # One thread: two write a table in batches that fit their blocks badly, 15 % more bytes for more CPU.
        connection = engine.connect(self.home.settings.model_copy(update={"threads": 1}), self.scratch)
        engine.lock(connection, self.scratch)
        return connection

    def month(self, month: Month, before: Sequence[Segment]) -> list[Segment]:
        """The segments of a month: those that are there already, and new ones for what has changed."""
        if kept := plan.kept(before, month):
            return kept
        if month.merged:
            return [plan.reused(before, month.main, month) or self._whole(month)]
        return self._days(month, before)

    def figures(self, target: Target, before: Sequence[Segment]) -> Segment:
        """The segment of what services return or tools report; that of before where nothing changed."""
        if found := next((one for one in before if one.made_of == target.made_of), None):
            return found
        frames = [(one.sender, cleaned.rows(self.home, one)) for one in target.deliveries]
        rows = sum(frame.height for _, frame in frames)
        build = segment.build_returns if target.kind == "returns" else segment.build_reports
        return self._built(target, None, rows, lambda cursor: build(frames, cursor))

    def close(self) -> None:
        """Let go of the connection, if one was needed."""
        if "_connection" in self.__dict__:
            self._connection.close()

    def _frames(self, month: Month, period: Period, run: Period | None = None) -> list[segment.CleanedFrame]:
        """The extracts that decide about a period; of those without rows of it only what may go with its sessions.

        Of those without rows of a run of its days, only what may go with sessions that are over by these.
        """
        around = plan.around(month.deliveries, period)
        inside = {one.slot: self._frame(one) for one in around if any(day in (run or period) for day in one.days)}
        edge = [one for one in around if one.slot not in inside and any(day in period for day in one.days)]
        if run and edge:
            late = [self._frame(one, segment.late(period.first)) for one in edge]
            goes_on = segment.joining(list(inside.values()), run.first) | segment.joining(
                [*inside.values(), *late], period.first
            )
            inside |= {one.slot: self._frame(one, goes_on) for one in edge}

        @cache
        def joining(day: date) -> pl.Expr:
            return segment.joining([inside[one.slot] for one in around if day in one.days], day)

        others = [one for one in around if one.slot not in inside]
        near = [self._frame(one, joining(segment.nearest(one.day, period))) for one in others]
        return [*inside.values(), *near]

    def _frame(self, delivery: Delivery, only: pl.Expr | None = None) -> segment.CleanedFrame:
        rows = self.fresh.get(delivery.parts["rows"].name)
        if rows is None:
            rows = cleaned.rows(self.home, delivery, only)
        elif only is not None:
            rows = rows.filter(only)
        rows = plan.still_kept(rows, delivery, self.home.settings)
        return segment.CleanedFrame(register.sender_number(delivery.sender), delivery.day, rows)

    def _whole(self, month: Month) -> Segment:
        """The segment of a merged month."""
        frames = self._frames(month, month.whole)
        rows = sum(one.frame.height for one in frames if one.day in month.whole)
        return self._built(month.main, month, rows, lambda cursor: segment.build(frames, month.whole, cursor))

    def _days(self, month: Month, before: Sequence[Segment]) -> list[Segment]:
        """The segments of an open month: its visitors, and its days, of which only changed ones are built again."""
        found = {day: plan.reused_day(before, day, month) for day in month.overs}
        kept = {day: (one, self._aside(one.aside)) for day, one in found.items() if one and one.aside}
        for run in month.runs(found.keys() - kept.keys()):
            days, new = run, self._sessions(month, run)
            earlier = run.first - timedelta(days=1)
            if earlier in kept and earlier in new.reached and not plan.knows_next(kept[earlier][0], month):
                days = Period(earlier, run.last)
                new = self._sessions(month, days)
            for day in (day for day in month.overs if day in days):
                others = [aside for other, (_, aside) in kept.items() if other != day]
                kept[day] = self._day(month, day, new, others)
        parts = [kept[day][0] for day in month.overs]
        visitors = self._visitors(month, parts, [(day, kept[day][1]) for day in month.overs], before)
        if visitors.totals["term_searches"] != sum(one.totals["searches"] for one in parts):
            raise errors.EstateError("The searches of a month don't add up; nothing was published", str(month.whole))
        return [visitors, *parts]

    def _sessions(self, month: Month, run: Period) -> segment.Assembled:
        """The sessions that are over by the days of a run, and others."""
        days = month.sessions(run)
        return segment.sessions(self._frames(month, days, run), days)

    def _day(
        self, month: Month, day: date, found: segment.Assembled, others: Sequence[segment.Aside]
    ) -> tuple[Segment, segment.Aside]:
        """The segment of those of these sessions that are over by a day, and what it leaves aside; `others` other days left."""
        asides = []

        def fill(cursor: duckdb.DuckDBPyConnection) -> segment.Totals:
            totals, aside = segment.build_day(found, day, cursor, others=others)
            asides.append(aside)
            return totals

        target = month.day(day, reached=day in found.reached)
        built = self._built(target, month, found.rows_over_by(day), fill)
        return replace(built, aside=self._put(asides[0])), asides[0]

    def _visitors(
        self, month: Month, parts: Sequence[Segment], asides: segment.Days, before: Sequence[Segment]
    ) -> Segment:
        """The segment of an open month's visitors, counted from the first day on that isn't as it was before."""
        stored, since = plan.standing(before, month, parts)
        stands = segment.Counted.unpacked(vault.get(self.home, cleaned.FOLDER, stored)) if stored else None
        told = []

        def fill(cursor: duckdb.DuckDBPyConnection) -> None:
            told.append(segment.build_visitors(asides, cursor, since=since, before=stands))

        return replace(self._built(month.main, month, 0, fill), aside=self._put(told[0]))

    def _put(self, frames: segment.Aside | segment.Counted) -> Stored:
        return vault.put(self.home, cleaned.FOLDER, frames.packed())

    def _aside(self, stored: Stored) -> segment.Aside:
        return segment.Aside.unpacked(vault.get(self.home, cleaned.FOLDER, stored))

    def _built(self, target: Target, month: Month | None, rows: int, fill: Fill) -> Segment:
        """A new segment, of a month unless it holds figures, with about this many rows in its largest table."""
        name, key = vault.new_name(), os.urandom(keys.KEY_BYTES)
        wrapped = self.home.key.wrap(key, name)
        file = self.scratch / f"{name}.db"
        engine.create(self._connection, file, keys.for_duckdb(key), rows)
        with self._inside(file) as cursor:
            built = fill(cursor)
        days = month.days if month and target.kind == "month" else tuple(target.period)
        one = Segment(
            name, target.account, days[0], days[-1], kind=target.kind, key=wrapped, made_of=target.made_of,
            month_made_of=month.made_of if month else "", over=target.over,
        )  # fmt: skip
        known = {f"built.{name}": count for name, count in asdict(built).items()} if built else {}
        return self._placed(replace(one, totals=self._counted(file, key, known, kind=target.kind)), file)

    def _counted(self, file: Path, key: bytes, known: Mapping[str, int], *, kind: Kind) -> dict[str, int]:
        """What a closed file holds, counted again; `known` is what was put there, nothing in one without sessions."""
        engine.attach(self._connection, file, keys.for_duckdb(key))
        with self._inside(file) as cursor:
            totals = {**known, **balances.recount(cursor), **balances.figures(cursor, kind)}
        if known:
            _check(totals, known, kind)
        return totals

    def _placed(self, one: Segment, file: Path) -> Segment:
        """Force a file to disk, and only then give it its place."""
        place = vault.segment_file(self.home, one)
        _settle(file, place)
        size, signature = place.stat().st_size, vault.signature(place)
        return replace(one, sha256=vault.hashed(place), size=size, signature=signature)

    @contextlib.contextmanager
    def _inside(self, file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
        """One transaction inside an attached segment, which is detached at its end."""
        cursor = self._connection.cursor()
        try:
            cursor.execute(f'use "{file.stem}"')
            cursor.begin()
            yield cursor
            cursor.commit()
        finally:
            cursor.close()
            self._connection.execute(f'detach "{file.stem}"')


def _check(totals: Mapping[str, int], known: Mapping[str, int], kind: Kind) -> None:
    """What is in the file must be what was put there, and must balance. A segment that doesn't is never published."""
    wrong = balances.unbalanced(totals, kind)
    for name in ("sessions", "page_views", "marks", "events", "pages"):
        if totals[name] != known[f"built.{name}"]:
            wrong.append(f"{name} built and found: {known[f'built.{name}']:,} and {totals[name]:,}")
    if wrong:
        raise errors.EstateError("A segment doesn't add up; nothing was published", "; ".join(wrong))


def _settle(file: Path, place: Path) -> None:
    """Force a closed file to disk and move it to where it stays."""
    held = os.open(file, os.O_RDONLY)
    os.fsync(held)
    os.close(held)
    file.rename(place)
    sync_folder(place.parent)
