"""Reports of analytics tools as deliveries: hosts judged by the register, one delivery for each period and kind of row.

A department reports of its own hosts alone. A report that names no host is of all that the department has, or, where its
rows are pages, of its one host.
"""

from dataclasses import replace
from datetime import date
from functools import lru_cache

import polars as pl

from data import errors
from data.contract import BUCKETS
from data.formats import REPORTS
from data.intake import figures, sharing
from data.intake.assembling import Sent
from data.intake.extract import CleanedDay
from data.intake.figures import PERIOD
from data.intake.quarantine import said
from data.intake.returned import Returned
from data.periods import KNOWN, Period
from data.register import register


def judged(found: Returned, sender: str, account: str, declared: date | None) -> Returned:
    """The same figures, dated, with their hosts; lines that the sender may not send are quarantined.

    Raises `Refused` where neither the file nor its sender says what days it is of, or there is no memorandum on them.
    """
    rows = _dated(found.rows, declared)
    for day in rows["last"].unique().sort():
        sharing.need_agreement(sender, day)
    hosts = [_judged(sender, account, told) for told in rows.select("what", "host", "path", "last").iter_rows()]
    ruled = rows.with_columns(
        pl.Series("host", [host for host, _ in hosts], pl.String),
        pl.Series("rule", [rule for _, rule in hosts], pl.String),
    )
    texts = said([rows[name].cast(pl.String) for name in ("host", "path", "measure", "value")])
    kept, quarantined = figures.fallen(found, ruled, texts)
    return replace(found, rows=kept, quarantined=quarantined)


def _dated(rows: pl.DataFrame, declared: date | None) -> pl.DataFrame:
    dated = rows.with_columns(pl.col(name).fill_null(pl.lit(declared, pl.Date)) for name in PERIOD)
    if dated["first"].null_count():
        detail = "A report of pages must say its days in its comments, or have a column `date`; or give the one day with --day"
        raise errors.Refused("no_day", "The file doesn't say its days", detail)
    if (dated["first"] > dated["last"]).any():
        raise errors.Refused("bad_period", "The report ends before it begins", "Save it again with whole days")
    if not all(day in KNOWN for name in PERIOD for day in dated[name].unique()):
        raise errors.Refused("bad_period", "The report's days can't be right", f"Save it again with days of {KNOWN}")
    return dated


@lru_cache(maxsize=65_536)
def _judged(sender: str, account: str, told: tuple[str, str | None, str | None, date]) -> tuple[str | None, str | None]:
    """The host of a figure (what, host, path, last day), and the rule that it breaks, or none."""
    what, host, path, day = told
    if what == "days" or path in BUCKETS:
        return host, None
    if host is None:
        own = [one for one in register.hosts if register.sender_of(account, one, day) == sender]
        return (own[0], None) if len(own) == 1 else (None, "no_host")
    rule, department = sharing.verdict(sender, account, host, day)
    return host, "host_not_of_sender" if department else rule


def days(found: Returned, sent: Sent) -> list[CleanedDay]:
    """One delivery for each period and kind of row. Raises `Refused` for a file of which no line is left."""
    return [
        figures.day(frame, part, sent, _kind(frame["what"][0], Period(frame["first"][0], frame["last"][0])))
        for frame, part in figures.parts(found, "what")
    ]


def _kind(what: str, period: Period) -> str:
    """`page totals: pages of 30 days`: what a later report must be of to replace this one."""
    return f"{REPORTS}: {what} of {period.days} {'day' if period.days == 1 else 'days'}"
