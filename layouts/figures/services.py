"""The KPIs of services: ranked bars of one KPI, and one service's months with breaks and targets."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from layouts import formats, theme
from layouts.figures import bars
from layouts.services_state import KPIS

MOST: Final = 20  # services that are drawn; the table has all
HEIGHT: Final = 360  # of the chart of months
POINT, TARGET = theme.TWO_SERIES
Row = Mapping[str, Any]


def drawn(kpi: str, rows: Sequence[Row]) -> list[Row]:
    """The rows with a value, most transactions first, as many as are drawn."""
    known = [row for row in rows if row[kpi] is not None]
    return sorted(known, key=lambda row: (-(row["year_transactions"] or 0), row["name"] or ""))[:MOST]


def ranked(kpi: str, value: Row) -> dict[str, Any]:
    """A plain plotly figure: one bar a service, its value beside it."""
    shown = [bars.Bar(named(row), row[kpi], written(kpi, row[kpi])) for row in drawn(kpi, value["rows"])]
    return bars.figure(shown, KPIS[kpi], _written(kpi))


def named(row: Row) -> str:
    """What a row is called; the services of a department without an agency by the department."""
    return row["name"] or f"No agency, {row['department']}"


def height(kpi: str, value: Row) -> int:
    """Pixels that the ranked figure takes on a page."""
    return bars.height(len(drawn(kpi, value["rows"])))


def months(kpi: str, value: Row) -> dict[str, Any]:
    """A plain plotly figure of one service's periods; missing ones are gaps, the target is a dashed line."""
    rows = value["rows"]
    days = [row["first"] for row in rows]
    targets = [row[f"target_{kpi}"] for row in rows]
    lines = [{
        "type": "scatter", "mode": "lines+markers", "x": days, "y": [row[kpi] for row in rows], "connectgaps": False,
        "line": {"color": POINT, "width": 3}, "marker": {"size": 7, "color": POINT}, "name": KPIS[kpi],
    }]  # fmt: skip
    if any(one is not None for one in targets):
        lines.append({
            "type": "scatter", "mode": "lines", "x": days, "y": targets, "name": "Target",
            "line": {"color": TARGET, "width": 2, "dash": "dash"},
        })  # fmt: skip
    breaks = [one for one in value["breaks"] if kpi == "satisfaction"]
    known = [one for one in (*targets, *(row[kpi] for row in rows)) if one is not None]
    top = max(known, default=0) or 1
    layout = {
        "height": HEIGHT, "margin": {"t": 24, "b": 48, "l": 64, "r": 24}, "hovermode": "x",
        "xaxis": {"type": "date", "fixedrange": True, "showgrid": False, "nticks": 8, "tickangle": 0, "tickformat": "%b\n%Y", "ticks": "outside"},
        "yaxis": {"fixedrange": True, "range": [0, top * 1.12], "gridcolor": theme.GRID, "zeroline": False, "nticks": 8, **_written(kpi)},
        "shapes": [_upright(one["day"]) for one in breaks],
        "annotations": [*map(_named, breaks), *_target(rows, targets)], **theme.PLAIN,
    }  # fmt: skip
    return {"data": lines, "layout": layout}


def _target(rows: Sequence[Row], targets: Sequence[float | None]) -> list[dict[str, Any]]:
    """The word "Target" above the end of its line."""
    known = [(row["first"], target) for row, target in zip(rows, targets, strict=True) if target is not None]
    if not known:
        return []
    day, target = known[-1]
    return [{
        "text": "Target", "x": day, "y": target, "xanchor": "right", "yanchor": "bottom", "showarrow": False,
        "font": {"size": 13, "color": theme.TEXT},
    }]  # fmt: skip


def _upright(day: str) -> dict[str, Any]:
    line = {"color": theme.SECONDARY_TEXT, "width": 2, "dash": "dash"}
    return {"type": "line", "x0": day, "x1": day, "yref": "paper", "y0": 0, "y1": 1, "layer": "below", "line": line}


def _named(one: Row) -> dict[str, Any]:
    return {
        "text": one["name"], "x": one["day"], "yref": "paper", "y": 1, "yanchor": "bottom", "showarrow": False,
        "font": {"size": 12, "color": theme.SECONDARY_TEXT},
    }  # fmt: skip


def _written(kpi: str) -> dict[str, Any]:
    return {"tickprefix": "£", "tickformat": ",.2~f"} if kpi == "cost_per_transaction" else {"tickformat": ".0%"}


def written(kpi: str, value: float | None) -> str:
    """A KPI's value as it is read."""
    if value is None:
        return formats.NO_VALUE
    return f"£{value:,.2f}" if kpi == "cost_per_transaction" else formats.share(value)
