"""Building segments: one encrypted file each, counted again after it is closed, and moved into place when it is on disk."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import cached_property
from pathlib import Path

import duckdb
import polars as pl

from data import errors, segment
from data.periods import Period
from data.register import register
from data.store import balances, cleaned, engine, keys, plan, vault
from data.store.files import sync_folder
from data.store.home import Home
from data.store.manifest import Delivery, Segment
from data.store.plan import Month, Target


class Builder:
    """Builds the segments of an import, in a scratch folder that nobody else uses."""

    def __init__(self, home: Home, scratch: Path) -> None:
        self.home = home
        self.scratch = scratch

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
        frames = {one.parts["rows"].name: self._frame(one) for one in month.deliveries}
        targets = [month.main, *(() if month.merged else self._days(month, frames))]
        return [plan.reused(before, one, month) or self._build(one, month, frames) for one in targets]

    def close(self) -> None:
        """Let go of the connection, if one was needed."""
        if "_connection" in self.__dict__:
            self._connection.close()

    def _frame(self, delivery: Delivery) -> segment.CleanedFrame:
        rows = plan.still_kept(cleaned.rows(self.home, delivery), delivery, self.home.settings)
        return segment.CleanedFrame(register.sender_number(delivery.sender), delivery.day, rows)

    def _days(self, month: Month, frames: dict[str, segment.CleanedFrame]) -> list[Target]:
        until_now = Period(month.whole.first, month.days[-1])
        common = segment.common_terms(_searching(list(frames.values())), until_now)
        terms = {name: common & set(_terms(one.frame)) for name, one in frames.items()}
        return [month.day(day, terms) for day in month.days]

    def _build(self, target: Target, month: Month, frames: dict[str, segment.CleanedFrame]) -> Segment:
        """Write, close, count again, force to disk, and only then give it its place."""
        name, key = vault.new_name(), os.urandom(keys.KEY_BYTES)
        wrapped = self.home.key.wrap(key, name)
        file = self.scratch / f"{name}.db"
        used = [frames[one.parts["rows"].name] for one in target.deliveries]
        rows = sum(one.frame.height for one in used if one.day in target.period)
        engine.create(self._connection, file, keys.for_duckdb(key), rows)
        with self._inside(file) as cursor:
            built = self._fill(target, used, cursor)
        engine.attach(self._connection, file, keys.for_duckdb(key))
        with self._inside(file) as cursor:
            totals = balances.recount(cursor)
        if target.kind != "visitors":
            _check(totals, built)
        place = self.home.folder / "segments" / file.name
        _settle(file, place)
        days = month.days if target.kind == "month" else tuple(target.period)
        return Segment(
            name=name, account=target.account, first_day=days[0], last_day=days[-1],
            sha256=vault.hashed(place), kind=target.kind, size=place.stat().st_size, signature=vault.signature(place),
            key=wrapped, made_of=target.made_of, month_made_of=month.made_of,
            totals=totals | {f"built.{name}": count for name, count in asdict(built).items()},
        )  # fmt: skip

    def _fill(
        self, target: Target, frames: list[segment.CleanedFrame], cursor: duckdb.DuckDBPyConnection
    ) -> segment.Totals:
        if target.kind == "visitors":
            return segment.build_visitors(frames, target.period, cursor)
        return segment.build(frames, target.period, cursor, terms=target.terms)

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


def _searching(frames: Sequence[segment.CleanedFrame]) -> list[segment.CleanedFrame]:
    """The frames with only the rows of who searched: enough to count how many sessions have a term."""
    names = ["session", "session_before", "visitor", "visitor_before"]
    searches = [one.frame.filter(pl.col("kind") == "search") for one in frames]
    who = pl.concat([found[name] for found in searches for name in names]).drop_nulls().unique().implode()
    mine = pl.any_horizontal(pl.col(name).is_in(who) for name in names)
    return [segment.CleanedFrame(one.sender, one.day, one.frame.filter(mine)) for one in frames]


def _terms(frame: pl.DataFrame) -> pl.Series:
    return frame.filter(pl.col("kind") == "search")["value"].drop_nulls().unique()


def _check(totals: dict[str, int], built: segment.Totals) -> None:
    """What is in the file must be what was put there, and must balance. A segment that doesn't is never published."""
    wrong = balances.unbalanced(totals)
    for name in ("sessions", "page_views", "marks", "events", "pages"):
        if totals[name] != getattr(built, name):
            wrong.append(f"{name} built and found: {getattr(built, name):,} and {totals[name]:,}")
    if wrong:
        raise errors.EstateError("A segment doesn't add up; nothing was published", "; ".join(wrong))


def _settle(file: Path, place: Path) -> None:
    """Force a closed file to disk and move it to where it stays."""
    held = os.open(file, os.O_RDONLY)
    os.fsync(held)
    os.close(held)
    file.rename(place)
    sync_folder(place.parent)
