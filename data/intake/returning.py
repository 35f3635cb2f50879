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
from data.intake import figures, return_words
from data.intake.assembling import Sent
from data.intake.extract import CleanedDay
from data.intake.quarantine import said
from data.intake.returned import Returned
from data.register import PLATFORM_SENDER, register

JUDGED: Final = pl.Schema({"rule": pl.String, "department": pl.String, "agency": pl.String})


def judged(found: Returned, sender: str) -> Returned:
    """The same returns with the departments of their days; lines that the sender may not send are quarantined."""
    rows = found.rows
    verdicts = [_verdict(sender, each) for each in rows.select("service", "department", "agency", "last").iter_rows()]
    ruled = rows.with_columns(pl.DataFrame(verdicts, JUDGED, orient="row").to_struct("verdict")).with_columns(
        pl.col("verdict").struct.field("rule"), pl.col("verdict").struct.field("department", "agency")
    )
    texts = said([rows[name].cast(pl.String) for name in ("service", "department", "first", "measure")])
    kept, quarantined = figures.fallen(found, ruled, texts)
    return replace(found, rows=kept, quarantined=quarantined)


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
    """One delivery for each period, of the kind of its length. Raises `Refused` for a file of which no line is left."""
    return [
        figures.day(frame, part, sent, f"{RETURNS} {return_words.unit(frame['first'][0], frame['last'][0])}")
        for frame, part in figures.parts(found)
    ]
