"""Taking files in from the command line: which file is whose, read one by one, published together as one version."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.progress import track

from data import audit, errors
from data.intake import CleanedDay, Extract, read_extract, together
from data.settings import Settings
from data.store import Estate, plan, publish, vault, versions
from data.store.home import Home
from data.store.manifest import Refusal
from data.store.pseudonyms import PseudonymKeys
from queries.funnels import kept_days

ACCOUNT: Final = "joined"
OWN_SENDER: Final = "GDS"  # of the account gds, which no department sends to
PLACE: Final = "A file of the inbox stands in inbox/<department>/<account>/"
BESIDE: Final = ".manifest.json"  # a file that tells of another


@dataclass(frozen=True)
class Declared:
    """What the operator says of the files; what is unset is found out."""

    format: str | None = None
    department: str | None = None
    account: str | None = None
    day: date | None = None
    split_days: bool = False


@dataclass
class Done:
    """What an import came to, for people and programs."""

    taken: list[CleanedDay] = field(default_factory=list)
    refused: list[dict[str, str]] = field(default_factory=list)
    turned_away: list[Refusal] = field(default_factory=list)  # the same, as the version names them
    told: dict[str, Any] = field(default_factory=dict)


def run(settings: Settings, paths: Sequence[Path], declared: Declared, *, dry_run: bool, screen: Console) -> Done:
    """Read every file and publish what could be read. Raises `WrongCall` for a file that nobody can be said to send."""
    extracts = [(path, _extract(path, settings, declared)) for path in _files(paths)]
    with publish.importing(settings) as home:
        keys = _thrown_away if dry_run else PseudonymKeys(home).key
        done = Done()
        with together():
            unseen = not screen.is_terminal  # a bar leaves an empty line there
            for path, extract in track(extracts, "Reading extracts", console=screen, transient=True, disable=unseen):
                _take(home, path, extract, partial(read_extract, path, extract, settings, keys), done=done)
        found = done.taken or done.turned_away
        if found and not dry_run:
            _count_what_goes(home)
        published = publish.publish(home, done.taken, done.turned_away) if found and not dry_run else None
        if published:
            _empty_inbox(home, [path for path, _ in extracts])
        done.told = _told(done, published)
    return done


def _count_what_goes(home: Home) -> None:
    """Keep the daily counts of saved funnels before the next version lets go of the journeys that they are of."""
    before, first = versions.newest(home), plan.first_kept_day(home.settings)
    if before and any(one.has_journeys and one.day < first for one in before.deliveries):
        with closing(Estate.open(home.settings)) as estate:
            kept_days.keep(estate)


def _take(home: Home, path: Path, extract: Extract, read: Callable[[], list[CleanedDay]], *, done: Done) -> None:
    """Add a file's days, or turn it away: one in the inbox also where its folders name no sender or no account."""
    try:
        done.taken += read()
    except errors.Refused as refused:
        _turn_away(home, path, refused, done=done, by=(extract.account, extract.sender))
    except errors.BadRequest as unknown:
        if not _in_inbox(home, path):
            raise
        nobody = errors.Refused("unknown_sender", unknown.title, f"{PLACE}. {unknown.detail}")
        _turn_away(home, path, nobody, done=done, by=("", ""))


def _turn_away(home: Home, path: Path, refused: errors.Refused, *, done: Done, by: tuple[str, str]) -> None:
    """Say in the log and in the outcome why a file was turned away; `by` are account and sender, where known."""
    digest = vault.hashed(path) if path.is_file() and not path.is_symlink() else ""
    name = _shown(path.name)
    done.refused.append({"file": name, "reason": refused.reason, "why": str(refused), "sha256": digest})
    done.turned_away.append(Refusal(name, refused.reason, digest, *by))
    audit.Log(home).append("refused", file=name, reason=refused.reason, sha256=digest)
    if _in_inbox(home, path) and not path.is_symlink():
        home.write(f"quarantine/{os.urandom(16).hex()}", path.read_bytes())
        path.unlink()


def _shown(name: str) -> str:
    """A file's name as it may be kept and printed: without what is no text, or would command a terminal."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in name)


def _files(paths: Iterable[Path]) -> list[Path]:
    """The files of these paths, folders opened, in the order of their names."""
    found: list[Path] = []
    for path in paths:
        if not path.exists() and not path.is_symlink():
            raise errors.WrongCall(f"There is no file {path}", "Check the path and call again")
        inside = sorted(p for p in path.rglob("*") if not p.is_dir()) if path.is_dir() else [path]
        found += [p for p in inside if not p.name.endswith(BESIDE)]
    if not found:
        raise errors.WrongCall("There is no file to import", "Give the path of an extract, or a folder that holds some")
    return found


def _extract(path: Path, settings: Settings, declared: Declared) -> Extract:
    """Who sends this file to which account: as declared, else by its folder `inbox/<department>/<account>/`."""
    folder = _inbox_parts(settings, path)
    account = declared.account or (folder and folder[1]) or ACCOUNT
    sender = declared.department or (folder and folder[0]) or (OWN_SENDER if account == "gds" else "")
    if not sender and folder is None:
        detail = "Name the sender with --department, or put the file into inbox/<department>/<account>/ of the home"
        raise errors.WrongCall(f"Nobody can be said to send {path.name}", detail)
    return Extract(account, sender, declared.day, declared.format, declared.split_days)


def _inbox_parts(settings: Settings, path: Path) -> tuple[str, str] | None:
    """The folders for department and account of a file in the inbox; two empty texts where it stands in no such folders."""
    inbox = settings.folder / "inbox"
    absolute = path.absolute()
    if not absolute.is_relative_to(inbox):
        return None
    parts = absolute.relative_to(inbox).parts
    return (parts[0], parts[1]) if len(parts) > 2 else ("", "")  # noqa: PLR2004 - department, account, file


def _in_inbox(home: Home, path: Path) -> bool:
    return _inbox_parts(home.settings, path) is not None


def _empty_inbox(home: Home, paths: Iterable[Path]) -> None:
    """What came in by the inbox is published now; its raw rows have no business here any longer."""
    for path in paths:
        if _in_inbox(home, path) and path.exists():
            path.unlink()
            path.with_name(path.name + BESIDE).unlink(missing_ok=True)


def _thrown_away(account: str, month: str) -> bytes:
    """A key for a dry run: the same for a month while it runs, and never kept."""
    return _DRY.setdefault((account, month), os.urandom(32))


_DRY: Final[dict[tuple[str, str], bytes]] = {}


def _told(done: Done, published: publish.Version | None) -> dict[str, Any]:
    return {
        "version": published.number if published else None,
        "new_version": bool(published and published.is_new),
        "extracts": list(_counts(done.taken)),
        "duplicates": [f"{one.sender} {one.day}" for one in published.duplicates] if published else [],
        "refused": done.refused,
    }


def _counts(days: Iterable[CleanedDay]) -> Iterator[dict[str, Any]]:
    """The counts of each extract: read = kept + ignored + quarantined."""
    for one in days:
        yield {
            "sender": one.sender, "account": one.account, "day": str(one.day), "format": one.format,
            "read": one.read, "kept": one.kept, "ignored": one.ignored, "quarantined": one.quarantined,
            "not_shared": one.dropped_unshared, "ignored_columns": list(one.ignored_columns),
        }  # fmt: skip
