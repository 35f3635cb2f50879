"""Returns of services as deliveries: each figure's department told by the register, one delivery a period.

A department returns for its own services; GDS, which collects and publishes returns, may send those of all.
"""

from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Final

import polars as pl

from data import errors
from data.formats import RETURNS
from data.intake import pseudonyms, return_words
from data.intake.assembling import Sent, counted
from data.intake.extract import CleanedDay, Quarantined
from data.intake.quarantine import hashed, said
from data.intake.returned import Returned
from data.periods import month_of
from data.register import PLATFORM_SENDER, register

JUDGED: Final = pl.Schema({"rule": pl.String, "department": pl.String, "agency": pl.String})


def judged(found: Returned, sender: str) -> Returned:
    """The same returns with the departments of their days; lines that the sender may not send are quarantined."""
    rows = found.rows
    verdicts = [_verdict(sender, each) for each in rows.select("service", "department", "agency", "last").iter_rows()]
    ruled = rows.with_columns(pl.DataFrame(verdicts, JUDGED, orient="row").to_struct("verdict")).with_columns(
        pl.col("verdict").struct.field("rule"), pl.col("verdict").struct.field("department", "agency")
    )
    falls = pl.col("line").is_in(ruled.filter(pl.col("rule").is_not_null())["line"].implode())
    texts = said([rows[name].cast(pl.String) for name in ("service", "department", "first", "measure")])
    broken = hashed(ruled.with_columns(texts).filter(falls).select("line", "rule", "text"))
    kept = ruled.filter(~falls).select(rows.columns)
    return replace(found, rows=kept, quarantined=pl.concat([found.quarantined, broken]).sort("line"))


@lru_cache(maxsize=8_192)
def _verdict(sender: str, said: tuple[str, str | None, str | None, date]) -> tuple[str | None, str | None, str | None]:
    """The rule that a figure breaks, and the department and agency that its service was of on the day.

    `said` holds service, department and agency as sent, and the last day.
    """
    service, department, agency, day = said
    if service in register.services:
        known = register.services[service]
        department, agency = register.department_on(known.department, known.agency, day), known.agency
    elif department is None and sender == PLATFORM_SENDER:
        return "unknown_service", None, None
    else:
        try:
            department = register.named(department or sender).short
        except errors.UnknownDepartment:
            return "unknown_department", None, None
    allowed = {
        PLATFORM_SENDER,
        department,
        register.as_now(department, agency if service in register.services else None),
    }
    return (None if sender in allowed else "service_not_of_sender"), department, agency


def days(found: Returned, sent: Sent) -> list[CleanedDay]:
    """One delivery for each period, of the kind of its length; what broke before its period was known counts with the first.

    Raises `Refused` for a file of which no line is left.
    """
    periods = found.rows.select("first", "last").unique().sort("first", "last").rows()
    if not periods:
        raise errors.Refused("too_many_broken", "Not one row of the file can be kept", _first_rules(found))
    return [_day(found, sent, period, is_first=place == 0) for place, period in enumerate(periods)]


def _first_rules(found: Returned) -> str:
    rules = ", ".join(f"{rule} {count:,}" for rule, count in counted(found.quarantined["rule"]).items())
    return f"Its rows break these rules: {rules or 'there is none'}. README shows what a return looks like"


def _day(found: Returned, sent: Sent, period: tuple[date, date], *, is_first: bool) -> CleanedDay:
    first, last = period
    frame = found.rows.filter(pl.col("first") == first, pl.col("last") == last)
    broken = found.quarantined if is_first else found.quarantined.clear()
    kept = frame["line"].n_unique()
    hashes = pseudonyms.hashes(sent.key(month_of(last)), broken["hash"].to_list()) if broken.height else []
    return CleanedDay(
        account=sent.account,
        sender=sent.sender,
        day=last,
        kind=f"{RETURNS} {return_words.unit(first, last)}",
        format=found.format,
        sha256=sent.sha256,
        frame=frame,
        read=kept + broken.height,
        kept=kept,
        ignored=0,
        quarantined=counted(broken["rule"]),
        quarantine=tuple(
            Quarantined(line, rule, keyed.hex())
            for line, rule, keyed in zip(broken["line"], broken["rule"], hashes, strict=True)
        ),
        dropped_unshared={},
        ignored_columns=found.ignored_columns,
    )
