"""Verifying: every file of the estate hashed, every sum counted again, one line a check."""

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from data import audit, errors
from data.periods import LONDON
from data.settings import Settings
from data.store import balances, cleaned, engine, keys, plan, vault, versions
from data.store.home import Home
from data.store.manifest import Delivery, Manifest, Segment

FIGURES: Final = {"returns": "figures of services", "reports": "page views of reports"}


@dataclass(frozen=True)
class Check:
    """One thing that was verified. `found` says what was seen, or what is wrong."""

    name: str
    found: str
    right: bool = True

    def __str__(self) -> str:
        return f"{'right' if self.right else 'WRONG'}  {self.name}: {self.found}"


@dataclass(frozen=True)
class Report:
    """Every check of a home, of the published version."""

    version: int
    checks: tuple[Check, ...]

    @property
    def right(self) -> bool:
        """Whether everything is as it was published."""
        return all(one.right for one in self.checks)

    def __str__(self) -> str:
        return "\n".join(str(one) for one in self.checks)


def verify(settings: Settings) -> Report:
    """Verify the whole home; the outcome is logged. Raises `Untrusted` only where there is no key to read it with.

    It takes the place of an import while it runs, so that no file is replaced under it. Raises `TooBusy` beside one.
    """
    home = Home.open(settings)
    with home.only_one("import"), home.scratch() as scratch:
        checks = [_guarded("audit log", lambda: _audit(home)), _guarded("pointer", lambda: _pointer(home))]
        manifest = versions.newest(home) if checks[-1].right else None
        if manifest:
            checks += _contents(home, manifest, scratch)
    report = Report(manifest.version if manifest else 0, tuple(checks))
    if checks[0].right:
        audit.Log(home).append("verify", version=report.version, right=report.right, checks=len(checks))
    return report


def _contents(home: Home, manifest: Manifest, scratch: Path) -> Iterator[Check]:
    yield _guarded("versions", lambda: _versions(home))
    yield _files(home, manifest)
    yield _modes(home)
    yield _rows(manifest)
    yield from _segments(home, manifest, scratch)
    yield _guarded("cleaned days", lambda: _cleaned(home, manifest))


def _guarded(name: str, check: Callable[[], str]) -> Check:
    try:
        return Check(name, check())
    except errors.EstateError as error:
        return Check(name, str(error), right=False)


def _audit(home: Home) -> str:
    return f"{sum(1 for _ in audit.Log(home).entries()):,} entries, each following from the one before"


def _pointer(home: Home) -> str:
    manifest = versions.newest(home)
    return f"version {manifest.version}, the highest published" if manifest else "nothing published yet"


def _versions(home: Home) -> str:
    kept = versions.places(home)
    manifests = [versions.at(home, place) for place in kept]
    for after, older in zip(manifests, kept[1:], strict=False):
        if after.previous != older.sha256:
            raise errors.Untrusted("A version doesn't follow from the one before", f"Version {after.version}")
    return f"{len(kept)} kept, each following from the one before"


def _files(home: Home, manifest: Manifest) -> Check:
    stored = [(f"segments/{one.name}.db", one.sha256) for one in manifest.segments]
    stored += [(f"{cleaned.FOLDER}/{part.name}", part.sha256) for part in manifest.stored]
    wrong = [place for place, sha256 in stored if _hashed(home.folder / place) != sha256]
    if wrong:
        return Check(
            "hashes", f"{len(wrong)} of {len(stored):,} files aren't as published: {', '.join(wrong)}", right=False
        )
    return Check("hashes", f"{len(stored):,} files are as published")


def _hashed(file: Path) -> str:
    return vault.hashed(file) if file.exists() else ""


def _modes(home: Home) -> Check:
    inbox = home.folder / "inbox"  # where others may have to write
    found = [one for one in (home.folder, *home.folder.rglob("*")) if one != inbox and inbox not in one.parents]
    wrong = [one for one in found if one.lstat().st_mode & 0o077]
    if wrong:
        return Check("permissions", f"{len(wrong)} files are open to others, such as {wrong[0].name}", right=False)
    return Check("permissions", f"{len(found):,} files and folders are their owner's alone")


def _rows(manifest: Manifest) -> Check:
    wrong = [
        one.slot for one in manifest.deliveries if one.read != one.kept + one.ignored + sum(one.quarantined.values())
    ]
    read = sum(one.read for one in manifest.deliveries)
    said = f"{read:,} in {len(manifest.deliveries):,} extracts" if not wrong else f"not of {wrong}"
    return Check("rows read = kept + ignored + quarantined", said, right=not wrong)


def _segments(home: Home, manifest: Manifest, scratch: Path) -> Iterator[Check]:
    """Every segment's totals, counted again, against the manifest and among each other."""
    counted: Counter[str] = Counter()
    wrong, unreadable = [], []
    with contextlib.closing(engine.connect(home.settings, scratch)) as connection:
        engine.lock(connection, home.folder / "segments")
        for one in manifest.segments:
            try:
                totals = _recounted(home, one, connection)
            except (duckdb.Error, errors.Untrusted):
                unreadable.append(one.name)
                continue
            wrong += [one.name for name, count in totals.items() if one.totals.get(name) != count][:1]
            if one.kind in {"day", "month", "visitors"}:
                counted.update(totals)
    yield Check(
        "segments",
        f"{len(manifest.segments):,}" if not unreadable else f"unreadable: {unreadable}",
        right=not unreadable,
    )
    yield Check("totals of the manifest", "counted again" if not wrong else f"others in {wrong}", right=not wrong)
    for name, (left, right) in balances.BALANCES.items():
        sides = balances.total(counted, left), balances.total(counted, right)
        yield Check(name, f"{sides[0]:,} and {sides[1]:,}", right=sides[0] == sides[1])


def _recounted(home: Home, one: Segment, connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    key = keys.for_duckdb(home.key.unwrap(one.key, one.name))
    engine.attach(connection, vault.segment_file(home, one), key)
    try:
        with contextlib.closing(connection.cursor()) as cursor:
            cursor.execute(f'use "{one.name}"')
            return balances.recount(cursor) | balances.figures(cursor, one.kind)
    finally:
        connection.execute(f'detach "{one.name}"')


def _cleaned(home: Home, manifest: Manifest) -> str:
    """Each account's page views, counted in its cleaned days, of those kept when it was published, and in its segments."""
    said, published = [], manifest.created.astimezone(LONDON).date()
    then = home.settings.model_copy(update={"clock": published})
    journeys = [one for one in manifest.deliveries if one.has_journeys]
    for account in sorted({one.account for one in journeys}):
        sent = sum(_page_views(home, one, then) for one in journeys if one.account == account)
        days = [one for one in manifest.segments if one.account == account and one.kind in {"day", "month"}]
        segments = [one.totals for one in days]
        found = sum(totals["page_views"] + totals["built.page_views_lost"] for totals in segments)
        if sent != found:
            raise errors.Untrusted(
                f"The account {account} doesn't add up", f"{sent:,} page views came in, {found:,} stand in segments"
            )
        said.append(f"{found:,} page views of {account} came in and stand in segments")
    for kind, told in FIGURES.items():
        if sent_figures := [one for one in manifest.deliveries if one.figures == kind]:
            said.append(_figures(home, sent_figures, manifest, told))
    return "; ".join(said) or "none"


def _figures(home: Home, deliveries: list[Delivery], manifest: Manifest, told: str) -> str:
    """Figures without journeys, counted in what came in and in their segments."""
    kind = deliveries[0].figures
    frames = [cleaned.rows(home, one) for one in deliveries]
    sent = sum(frame.height if kind == "returns" else _reported(frame) for frame in frames)
    found = sum(one.totals[kind] for one in manifest.segments if one.kind == kind)
    if sent != found:
        raise errors.Untrusted(f"{told.capitalize()} don't add up", f"{sent:,} came in, {found:,} stand in segments")
    return f"{found:,} {told} came in and stand in segments"


def _reported(frame: pl.DataFrame) -> int:
    return int(frame.filter(pl.col("measure") == "page_views")["value"].sum())


def _page_views(home: Home, delivery: Delivery, then: Settings) -> int:
    rows = plan.still_kept(cleaned.rows(home, delivery), delivery, then)
    return int(rows.filter(pl.col("kind") == "page_view")["occurrences"].sum())
