"""Publishing: cleaned days in, a new version out, beside the old one and swapped at once.

One import makes one version. Whatever happens on the way, the published version stays whole: files get new names, are on
disk before anything names them, and the pointer moves last. What a killed import left is removed by the next.
"""

import contextlib
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

from data import audit
from data.periods import LONDON, london_day, month_of
from data.settings import Settings
from data.store import cleaned, engine, history, plan, versions
from data.store.building import Builder
from data.store.cleaned import CleanedDay
from data.store.files import tidy
from data.store.home import Home, room
from data.store.incoming import Incoming, Work, sort_out
from data.store.manifest import Delivery, Manifest, Refusal
from data.store.pseudonyms import PseudonymKeys

LOW_PRIORITY: Final = 10  # the niceness of an import, so that readers come first
SAVED_AT_ONCE: Final = 4  # cleaned days: most of a small one's time is waiting for the disk


@dataclass(frozen=True)
class Version:
    """What an import came to: the published manifest, and what became of each extract."""

    manifest: Manifest
    imported: tuple[Delivery, ...] = ()
    duplicates: tuple[Delivery, ...] = ()
    purged: tuple[Delivery, ...] = ()
    is_new: bool = False

    @property
    def number(self) -> int:
        """The counter of the version; 0 where nothing was ever published."""
        return self.manifest.version


def import_extracts(days: Iterable[CleanedDay], settings: Settings) -> Version:
    """As `publish`, on the home of the settings."""
    with importing(settings) as home:
        return publish(home, days)


@contextlib.contextmanager
def importing(settings: Settings) -> Iterator[Home]:
    """The home, held against other imports until done. Raises `TooBusy` beside another, `Untrusted` without its key."""
    home = Home.open(settings)
    with home.only_one("import"), room():
        audit.Log(home).highest()  # before a key of pseudonyms is made that the home's own key can't open
        yield home


def publish(home: Home, days: Iterable[CleanedDay], refused: Iterable[Refusal] = ()) -> Version:
    """Publish the estate with these extracts in place of earlier ones of the same slot; all of them, or none.

    `refused` are files of the same import that the version's manifest shall name: where there is a version, new ones alone
    make the next, of the same segments. Without extracts it does what time asks for: months merge and close, days past
    retention go. Raises `Refused` for a day past retention or a part of a closed month, `Untrusted` for a home changed by
    other hands.
    """
    engine.reuse_memory()
    with _low_priority(), home.scratch() as scratch:
        before = versions.newest(home) or Manifest(version=0, created=home.settings.now())
        _mend(home)
        work = sort_out(before, days, home.settings)
        with contextlib.closing(Builder(home, scratch)) as builder:
            version = _published(home, before, replace(work, refused=tuple(refused)), builder)
        _remove_unnamed(home)
        return version


def _published(home: Home, before: Manifest, work: Work, builder: Builder) -> Version:
    with ThreadPoolExecutor(SAVED_AT_ONCE) as pool:
        saved = tuple(pool.map(partial(_saved, home), work.fresh))
    builder.fresh.update({one.parts["rows"].name: new.day.frame for one, new in zip(saved, work.fresh, strict=True)})
    deliveries = tuple(sorted((*work.stays, *saved), key=lambda one: one.slot))
    months = plan.months(deliveries, home.settings, before.segments)
    journeys = [one for month in months for one in builder.month(month, before.segments)]
    figures = [builder.figures(target, before.segments) for target in plan.figures(deliveries)]
    segments = (*journeys, *figures)
    after = _following(home, before, work, Manifest(0, before.created, segments=segments, deliveries=deliveries))
    if work.duplicates:
        audit.Log(home).append("duplicate", extracts=[_told(one) for one in work.duplicates])
    is_new = (before.segments, before.deliveries, before.closed) != (after.segments, after.deliveries, after.closed)
    is_new |= before.version > 0 and not {one.key for one in before.refused}.issuperset(one.key for one in work.refused)
    if is_new:
        versions.publish(home, after, keep=1 if work.purged else versions.KEPT)
        _log(home, before, after)
    for due in PseudonymKeys(home).due():
        PseudonymKeys(home).destroy(due)
    return Version(after if is_new else before, saved, work.duplicates, work.purged, is_new=is_new)


def _saved(home: Home, one: Incoming) -> Delivery:
    return replace(one.delivery, parts=cleaned.save(home, one.day), imported=home.settings.now())


def _following(home: Home, before: Manifest, work: Work, parts: Manifest) -> Manifest:
    """The version after `before` with these segments and deliveries."""
    number, previous = versions.following(home, before)
    due = {(one.account, one.month) for one in PseudonymKeys(home).due()}
    held = {(one.account, month_of(one.day)) for one in parts.deliveries if one.has_journeys}
    closed = tuple(sorted(((set(before.closed) - work.restated) | due) & held))
    after = Manifest(
        version=number, created=home.settings.now(), previous=previous, segments=parts.segments,
        deliveries=parts.deliveries, closed=closed, refused=_refused(home, before, work), demonstration=home.settings.mode == "demonstration",
    )  # fmt: skip
    return replace(after, history=history.told(before, after))


def _refused(home: Home, before: Manifest, work: Work) -> tuple[Refusal, ...]:
    """Files turned away by this import and by those before, each once."""
    today, since = home.settings.today(), _quarantined_since(home.settings)
    new = {one.key: replace(one, day=one.day or today) for one in work.refused}
    held = {one.key: one for one in before.refused if one.day and one.day >= since}
    return tuple((new | held).values())


def _log(home: Home, before: Manifest, after: Manifest) -> None:
    """Say what a published version brought; its own entry comes last, for with it the version can't be taken back."""
    slots = {one.slot for one in after.deliveries}
    imported = [_told(one) for one in after.deliveries if one not in before.deliveries]
    purged = [_told(one) for one in before.deliveries if one.slot not in slots]
    for kind, extracts in (("import", imported), ("purge", purged)):
        if extracts:
            audit.Log(home).append(kind, version=after.version, extracts=extracts)
    for account, month in set(after.closed) - set(before.closed):
        audit.Log(home).append("close", version=after.version, account=account, month=month)
    audit.Log(home).append(
        "publish", version=after.version, segments=len(after.segments), extracts=len(after.deliveries)
    )


def _told(one: Delivery) -> dict[str, object]:
    """What the audit log keeps of an extract."""
    counts = {"read": one.read, "kept": one.kept, "ignored": one.ignored, "quarantined": dict(one.quarantined)}
    named = {"account": one.account, "sender": one.sender, "day": str(one.day), "kind": one.kind, "format": one.format}
    return named | counts | {"sha256": one.sha256, "dropped_unshared": dict(one.dropped_unshared)}


def _mend(home: Home) -> None:
    """Log the version of an import that was killed after it moved the pointer and before it could say so."""
    found = versions.places(home)
    if found and found[0].version > audit.Log(home).highest():
        after = versions.at(home, found[0])
        _log(home, versions.at(home, found[1]) if len(found) > 1 else replace(after, deliveries=()), after)


def _remove_unnamed(home: Home) -> None:
    """Remove files that no kept version names: replaced ones, and what a killed import wrote."""
    kept = versions.places(home)
    named = {place.file for place in kept}
    for manifest in (versions.at(home, place) for place in kept):
        named |= {f"segments/{one.name}.db" for one in manifest.segments}
        named |= {f"{cleaned.FOLDER}/{part.name}" for part in manifest.stored}
    for folder in ("versions", "segments", cleaned.FOLDER):
        for file in (home.folder / folder).iterdir():
            if f"{folder}/{file.name}" not in named:
                file.unlink()
    for file in (home.folder / "quarantine").iterdir():
        if london_day(datetime.fromtimestamp(file.stat().st_mtime, LONDON)) < _quarantined_since(home.settings):
            file.unlink()
    tidy(home.folder)


def _quarantined_since(settings: Settings) -> date:
    """Refused files are kept as long as a month may be restated: they may hold what should never have been sent."""
    return settings.today() - timedelta(days=settings.restatement_days)


@contextlib.contextmanager
def _low_priority() -> Iterator[None]:
    """Let everybody else go first; where the system doesn't let a process rise again, it stays so."""
    before = os.getpriority(os.PRIO_PROCESS, 0)
    os.setpriority(os.PRIO_PROCESS, 0, max(before, LOW_PRIORITY))
    try:
        yield
    finally:
        with contextlib.suppress(PermissionError):
            os.setpriority(os.PRIO_PROCESS, 0, before)
