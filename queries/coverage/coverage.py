"""How much of the estate is here: memorandums, days, and rows read, kept, ignored, quarantined or not shared."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final

import polars as pl

from data.periods import Period
from data.register import PLATFORM, PLATFORM_SENDER, register
from data.settings import Settings
from data.store import Delivery
from data.store.manifest import Published
from data.store.plan import first_kept_day
from queries import shapes
from queries.asking import Asking, Frames, Value
from queries.columns import Column, label
from queries.coverage.versions import TOTALS, VERSIONS, brought, totals
from queries.parameters import Common

DEFINITION: Final = (
    "Days are expected while a memorandum is in force, up to yesterday. Days of totals only are those that a department's own tool "
    "reports in sums, with nothing to follow. Rows read are rows kept, ignored and quarantined. "
    "Rows of hosts whose department doesn't share are dropped, and are part of those ignored by their sender. A session is "
    "cut where it goes on over a month's end or a missing day. Files that were turned away whole count with no days: they "
    "are those of the last weeks, as long as they are kept. Figures count people who accepted analytics cookies."
)
FILTERS: Final = frozenset({"department"})
PARAMETERS: Final = Common
ROWS: Final = ("rows_read", "rows_kept", "rows_ignored", "rows_quarantined")
# Rows and days of files say nothing about a person: they are no counts that small numbers are hidden of.
COLUMNS: Final[tuple[Column, ...]] = (
    label("department"), label("memorandum"), label("signed", "date", pl.Date), label("contact"),
    *(label(f"days_{name}", "days", pl.Int64) for name in ("expected", "received", "totals_only", "missing")),
    label("newest_day", "date", pl.Date), label("extracts", "files", pl.Int64),
    *(label(name, "rows", pl.Int64) for name in ROWS),
    label("rows_dropped_not_shared", "rows", pl.Int64), label("files_refused", "files", pl.Int64),
)  # fmt: skip
MORE_COLUMNS: Final = {
    "quarantined": (label("department"), label("rule"), label("rows", "rows", pl.Int64)),
    "refused": (label("department"), label("day", "date", pl.Date), label("reason"), label("sha256")),
    "sessions": tuple(label(name, "sessions", pl.Int64) for name in ("sessions_cut", "sessions_without_page_view")),
    "versions": VERSIONS,
    "totals": TOTALS,
}
SESSION_TOTALS: Final = {
    "sessions_cut": "built.sessions_cut",
    "sessions_without_page_view": "built.sessions_without_page_view",
}
SHAPE: Final = shapes.row(
    MORE_COLUMNS["sessions"], departments=shapes.rows(COLUMNS, quarantined=shapes.COUNTS),
    version=shapes.whole(version=shapes.NUMBER, created=shapes.TEXT, extracts=shapes.NUMBER, refused=shapes.rows(MORE_COLUMNS["refused"])),
    retention=shapes.whole(
        journey_months=shapes.NUMBER, first_kept_day=shapes.TEXT, total_months=shapes.NUMBER, month_closes_after_days=shapes.NUMBER
    ),
    versions=shapes.listed(shapes.row(
        shapes.without(TOTALS, "version"), version=shapes.NUMBER, published=shapes.TEXT, files_refused=shapes.NUMBER,
        extracts=shapes.rows(shapes.without(VERSIONS, "version", "published", "files_refused")),
    )),
)  # fmt: skip


def answer(asking: Asking[Common]) -> Frames:
    """A row for GDS and for each department asked to share on these days, or that sent anything."""
    manifest = asking.reading.manifest
    found = [one for one in manifest.deliveries if one.account == asking.account and one.day in asking.period]
    names = _names(asking, found)
    rows = [_row(asking, name, [one for one in found if one.sender == _sender(name)], found) for name in names]
    rules = [
        {"department": name, "rule": rule, "rows": rows}
        for name in names
        for rule, rows in sorted(_added(one.quarantined for one in found if one.sender == _sender(name)).items())
    ]
    refused = [
        {"department": _department(one.sender), "day": one.day, "reason": one.reason, "sha256": one.sha256}
        for one in manifest.refused
        if one.account in {asking.account, ""} and (_department(one.sender) in names or not one.sender)
    ]
    others = {
        "quarantined": _frame("quarantined", rules),
        "refused": _frame("refused", refused),
        "sessions": _sessions(asking),
        **_history(asking),
    }
    schema = {column.name: column.type for column in COLUMNS}
    return Frames(pl.DataFrame(rows, schema=schema), others)


def present(frames: Frames, asking: Asking[Common]) -> Value:
    """The rows with their quarantined rows by rule, what was refused, and sessions that aren't whole."""
    by_rule: dict[str, dict[str, int]] = {}
    for department, rule, rows in frames.others["quarantined"].select("department", "rule", "rows").iter_rows():
        by_rule.setdefault(department, {})[rule] = rows
    manifest = asking.reading.manifest
    return {
        "departments": [row | {"quarantined": by_rule.get(row["department"], {})} for row in frames.main.to_dicts()],
        **frames.others["sessions"].to_dicts()[0],
        "version": {
            "version": manifest.version, "created": manifest.created.isoformat(),
            "extracts": len(manifest.deliveries), "refused": frames.others["refused"].to_dicts(),
        },
        "retention": _retention(asking.settings),
        "versions": [_told(one, frames) for one in manifest.history],
    }  # fmt: skip


def _history(asking: Asking[Common]) -> dict[str, pl.DataFrame]:
    """What this version and those before it changed."""
    history, asked = asking.reading.manifest.history, asking.parameters
    wanted = {register.department(short).short for short in asked.department}
    senders = {each.sender for one in history for each in one.brought}
    names = {one: _department(one) for one in sorted(senders) if not wanted or _department(one) in wanted}
    every = [*totals(history, asking.account)]
    return {
        "versions": _frame("versions", [*brought(history, asking.account, names)]),
        "totals": _frame("totals", every),
    }


def _told(one: Published, frames: Frames) -> dict[str, Any]:
    """A version with what it brought by department, and the totals of the account."""
    own = pl.col("version") == one.version
    rows = frames.others["versions"].filter(own).drop("version", "published", strict=False)
    sums = frames.others["totals"].filter(own).drop("version", strict=False).to_dicts()
    came = rows.filter(pl.col("department").is_not_null()).drop("files_refused").to_dicts()
    return {
        "version": one.version, "published": one.created.date(), "files_refused": one.refused, "extracts": came,
        **(sums[0] if sums else {}),
    }  # fmt: skip


def _retention(settings: Settings) -> dict[str, Any]:
    """How long journeys and reports of totals are kept, and when a month's pseudonym key is destroyed."""
    on = settings.retention == "on"
    return {
        "journey_months": settings.journey_months if on else None,
        "first_kept_day": first_kept_day(settings) if on else None,
        "total_months": settings.total_months if on else None,
        "month_closes_after_days": settings.restatement_days,
    }


def _names(asking: Asking[Common], found: list[Delivery]) -> list[str]:
    partners = {short for day in (asking.period.first, asking.period.last) for short in register.partners(day)}
    refused = {one.sender for one in asking.reading.manifest.refused if one.account == asking.account}
    senders = {_department(sender) for sender in refused.union(one.sender for one in found)}
    asked = {register.department(short).short for short in asking.parameters.department}
    return sorted(
        asked or {PLATFORM} | partners | senders, key=lambda short: (short != PLATFORM, register.number(short))
    )


def _department(sender: str) -> str:
    return PLATFORM if sender == PLATFORM_SENDER else sender


def _sender(department: str) -> str:
    return PLATFORM_SENDER if department == PLATFORM else department


def _row(asking: Asking[Common], name: str, own: list[Delivery], found: list[Delivery]) -> dict[str, Any]:
    expected = _expected(asking, name)
    received = {one.day for one in own if one.has_journeys}
    totals_only = {day for one in own if one.figures == "reports" for day in one.period} & expected - received
    agreement = register.agreement(name, asking.period.last)
    return {
        "department": name,
        "memorandum": _memorandum(name, asking.period),
        "signed": agreement.signed if agreement else None,
        "contact": agreement.contact if agreement else "",
        "days_expected": len(expected),
        "days_received": len(received),
        "days_totals_only": len(totals_only),
        "days_missing": len(expected - received - totals_only),
        "newest_day": max(received | totals_only, default=None),
        "extracts": len(own),
        **{row: sum(getattr(one, row.removeprefix("rows_")) for one in own) for row in ROWS[:3]},
        "rows_quarantined": _added(one.quarantined for one in own).total(),
        "rows_dropped_not_shared": sum(one.dropped_unshared.get(name, 0) for one in found),
        "files_refused": sum(
            one.account == asking.account and one.sender == _sender(name) for one in asking.reading.manifest.refused
        ),
    }


def _memorandum(name: str, period: Period) -> str:
    """Whether a memorandum is in force on the last of these days, in words."""
    if name == PLATFORM:
        return "not needed"
    if register.agreement_in_force(name, period.last):
        return "in force"
    sent = register.agreement(name, period.last)
    return "none" if sent is None else "not yet in force" if sent.signed else "sent, not signed"


def _expected(asking: Asking[Common], name: str) -> set[date]:
    """The days for which this sender should have sent: GDS every day, others under their memorandum."""
    if name != PLATFORM and not register.account(asking.account).whole:
        return set()
    over = asking.settings.today() - timedelta(days=1)
    days = (day for day in asking.period if day <= over)
    return {day for day in days if name == PLATFORM or name in register.sharing(day)}


def _sessions(asking: Asking[Common]) -> pl.DataFrame:
    """Sessions that aren't whole or have no page view, of the segments with days of the period; null where unknown."""
    totals = [segment.totals for segment in asking.reading.segments(asking.account, asking.period)]
    known = {name: [one[total] for one in totals if total in one] for name, total in SESSION_TOTALS.items()}
    return _frame("sessions", [{name: sum(values) if values or not totals else None for name, values in known.items()}])


def _added(counts: Iterable[Any]) -> Counter[str]:
    found: Counter[str] = Counter()
    for one in counts:
        found.update(one)
    return found


def _frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={column.name: column.type for column in MORE_COLUMNS[name]})
