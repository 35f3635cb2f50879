"""An extract's way in, in order: agreement, file, process without rights, day, rules of the whole, pseudonyms, counts."""

from datetime import date, timedelta
from pathlib import Path

import polars as pl

from data import errors, formats
from data.formats import kpi
from data.intake import opening, process, reporting, returning, sharing
from data.intake.assembling import Sent, assembled, counted
from data.intake.extract import CleanedDay, Extract, Keys
from data.intake.hostile import Found
from data.intake.judging import parted
from data.intake.returned import Returned
from data.periods import KNOWN, london_days
from data.register import register
from data.settings import Settings

SHOWN_LINES = 5  # in the refusal of a broken file


def read(path: Path, extract: Extract, settings: Settings, keys: Keys) -> list[CleanedDay]:
    """What `data.intake.read_extract` promises."""
    register.account(extract.account)
    sender = register.sender(extract.sender)
    promise = opening.promise(path)
    promise.keep(department=sender)
    declared = _declared(path, extract, promise)
    _refuse_future([declared] if declared else [], settings)
    sharing.need_agreement(sender, settings.today() if extract.format == kpi.NAME else declared)
    with opening.opened(path) as file:
        sha256 = opening.sha256(file)
        promise.keep(sha256=sha256)
        found = process.read(file, path.name, extract.format, settings)
    promise.keep(rows=found.read)
    if isinstance(found, Returned):
        return _figures(found, declared, Sent(extract.account, sender, sha256, [], keys), settings)
    rows = _dated(found, declared)
    days = _days(rows, declared, split=extract.split_days)
    _refuse_future(days, settings)
    for day in days:
        sharing.need_agreement(sender, day)
    whole = parted(found, rows, sender, extract.account)
    _refuse_broken(whole.quarantined, found.read, settings)
    return assembled(found, whole, Sent(extract.account, sender, sha256, days, keys))


def _figures(found: Returned, declared: date | None, sent: Sent, settings: Settings) -> list[CleanedDay]:
    """The deliveries of a file that holds no journeys."""
    if found.kind == formats.REPORTS:
        reports = reporting.judged(found, sent.sender, sent.account, declared)
        _refuse_broken(reports.quarantined, found.read, settings)
        return reporting.days(reports, sent)
    sharing.need_agreement(sent.sender, settings.today())
    returns = returning.judged(found, sent.sender)
    _refuse_broken(returns.quarantined, found.read, settings)
    return returning.days(returns, sent)


def _declared(path: Path, extract: Extract, promise: opening.Promise) -> date | None:
    """The day that stands for the file: said with the import, in its name or in its manifest; none where it is split."""
    promise.keep(**({"day": extract.day} if extract.day else {}))
    if extract.split_days and not extract.day:
        return None
    day = extract.day or promise.day or opening.day_in_name(path.name)
    if day and day not in KNOWN:
        raise errors.Refused("bad_day", f"{day} can't be the day of an extract", f"Give a day of {KNOWN}")
    return day


def _dated(found: Found, declared: date | None) -> pl.DataFrame:
    """The rows with their London `day`, and the day of the extract that they are `of`."""
    london = london_days(found.content.rows["time"])
    return found.content.rows.with_columns(
        pl.coalesce(london, "day", pl.lit(declared, pl.Date)).alias("day"),
        (pl.lit(declared, pl.Date) if declared else pl.coalesce("day", london)).alias("of"),
    )


def _days(rows: pl.DataFrame, declared: date | None, *, split: bool) -> list[date]:
    """The days that the file is of. Raises `Refused` where that is unclear or isn't what was declared."""
    days: list[date] = rows["day" if declared else "of"].unique().drop_nulls().sort().to_list()
    if declared:
        if days and declared not in days:
            detail = f"No row of it is of {declared}; they are of {days[0]} to {days[-1]}"
            raise errors.Refused("day_mismatch", "The file is of another day", detail)
        return [declared]
    if not days or rows["of"].null_count():
        raise errors.Refused("no_day", "The file doesn't say its day", "Give it with --day, or in the file's name")
    if len(days) > 1 and not split:
        detail = f"It has rows of {days[0]} to {days[-1]}: give the day with --day, or take it apart with --split-days"
        raise errors.Refused("several_days", "The file holds several days", detail)
    return days


def _refuse_future(days: list[date], settings: Settings) -> None:
    """Raise `Refused` for a day that hasn't come; tomorrow may have where the sender's clock is ahead."""
    if late := [day for day in days if day > settings.today() + timedelta(days=1)]:
        detail = f"Today is {settings.today()}: check the year, and the clock of whoever exported it"
        raise errors.Refused("future_day", f"{late[0]} hasn't come yet", detail)


def _refuse_broken(quarantined: pl.DataFrame, read: int, settings: Settings) -> None:
    broken = quarantined.height
    if broken <= settings.broken_rows or broken <= settings.broken_share * read:
        return
    by_rule = ", ".join(f"{rule} {count:,}" for rule, count in counted(quarantined["rule"]).items())
    first = ", ".join(map(str, quarantined["line"].head(SHOWN_LINES)))
    detail = f"{broken:,} of {read:,} rows break a rule ({by_rule}), the first in lines {first}"
    raise errors.Refused("too_many_broken", "Too many rows of the file are broken", detail)
