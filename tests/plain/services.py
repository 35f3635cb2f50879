"""The four KPIs again, slowly: every row worked out by itself from the returns, with a dictionary and a loop."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from data.contract import ALL_CHANNELS, RATINGS
from data.periods import Period
from tests.returns import Return

Row = dict[str, Any]


def counts(one: Return) -> Row:
    """The counts of one return: a total as returned, else the sum of channels of which one isn't digital."""
    channels = {channel: value for (measure, channel), value in one.figures.items() if measure == "transactions"}
    whole = channels.pop(ALL_CHANNELS, None)
    if whole is None and set(channels) - {"digital"}:
        whole = sum(value or 0 for value in channels.values())
    found = {name: one.figures.get((name, ALL_CHANNELS)) for name in ("started", "completed", "cost", *RATINGS)}
    return found | {"transactions": whole, "digital_transactions": channels.get("digital")}


def year_before(last: date) -> date:
    """The first day of the twelve months that end on the last day of a month."""
    return date(last.year - 1, last.month + 1, 1) if last.month < 12 else date(last.year, 1, 1)


def rated(rows: Sequence[Row], years: Sequence[Row]) -> Row:
    """The KPIs of some returns' counts; the cost is of `years`, the returns of the twelve months that end with theirs."""
    scores = [sum(row[name] or 0 for row in rows) for name in RATINGS]
    answers = sum(scores)
    completion = _ratio(rows, "completed", "started")
    done = [row | {"done": row["completed"] if row["transactions"] is None else row["transactions"]} for row in years]
    points = sum(count * place for place, count in enumerate(scores))
    return {
        "completion_rate": None if completion is None or completion > 1 else completion,
        "digital_take_up": _ratio(rows, "digital_transactions", "transactions"),
        "satisfaction_a": points / answers / 4 if answers else None,
        "satisfaction_b": (scores[3] + scores[4]) / answers if answers else None,
        "cost_per_transaction": _ratio(done, "cost", "done"),
    }


def _ratio(rows: Sequence[Row], top: str, bottom: str) -> float | None:
    both = [row for row in rows if row[top] is not None and row[bottom] is not None]
    below = sum(row[bottom] for row in both)
    return sum(row[top] for row in both) / below if below else None


def monthly(returns: Sequence[Return], asked: Period, by: str) -> dict[tuple[str, date], Row]:
    """The KPIs of each service, department or of all, for each month of the days asked for."""
    found: dict[tuple[str, date], Row] = {}
    for name in {_group(one, by) for one in returns}:
        mine = [one for one in returns if _group(one, by) == name]
        for last in {one.period.last for one in mine if one.period.last in asked}:
            now = [one for one in mine if one.period.last == last]
            services = {one.service for one in now}
            year = [one for one in mine if year_before(last) <= one.period.last <= last and one.service in services]
            found[name, last] = rated([counts(one) for one in now], [counts(one) for one in year])
    return found


def _group(one: Return, by: str) -> str:
    return {"service": one.service, "department": one.department, "estate": "Whole estate"}[by]
