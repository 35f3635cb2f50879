"""What the pictures of departments beside each other share: colours, words at a place, round numbers, their order."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from layouts import theme
from layouts.headlines import written
from queries.disclosure import SUPPRESSED
from queries.metrics import METRICS

QUIET: Final = "#BFBFBF"
GAP: Final = 0.16  # of a panel, between two beside each other
ORDINARY: Final = frozenset({"", "no memorandum needed"})  # rows that aren't departments asked to share
Row = Mapping[str, Any]
Rows = Sequence[Row]


def departments(value: Mapping[str, Any]) -> list[Row]:
    """The rows of departments, of one part: largest first, then those without a value, each under its status."""
    first = value["rows"][0]["group"] if value["rows"] else None
    found = [row for row in value["rows"] if row["group"] == first and row["status"] not in ORDINARY]
    return sorted(
        found, key=lambda row: (row["rank"] is None, row["value"] is None, -(row["value"] or 0), row["department"])
    )


def why(row: Row) -> str:
    """Why a row has no value, in words."""
    if "value" in (row.get(SUPPRESSED) or ()):
        return "Hidden: fewer than 10"
    said = {"closed": "Closed before these days", "not shared": "Not shared", "totals only": "Totals only"}
    return said.get(row["status"], "No value")


def colour(state: Any, row: Row) -> str:
    """The colour of a row: the one in focus, and all where nobody is, stand out."""
    return theme.FOCUS if not state.focus or row["department"] == state.focus else QUIET


def plain(high: int) -> dict[str, Any]:
    """What every layout here has."""
    return {
        "height": high, "hovermode": "closest", **theme.PLAIN, "annotations": [], "shapes": [],
    }  # fmt: skip


def note(said: str, x: float, y: float | str, **more: Any) -> dict[str, Any]:
    """Words at a place, without an arrow."""
    return {
        "text": said,
        "x": x,
        "y": y,
        "showarrow": False,
        "font": {"size": 13, "color": theme.SECONDARY_TEXT},
        **more,
    }


def upright(at: float) -> dict[str, Any]:
    """A dashed line from foot to top."""
    line = {"color": theme.SECONDARY_TEXT, "width": 1, "dash": "dash"}
    return {"type": "line", "x0": at, "x1": at, "yref": "paper", "y0": 0, "y1": 1, "layer": "below", "line": line}


def ticks(measure: str) -> str:
    """How an axis of the measure is written."""
    return ".0%" if METRICS[measure].is_share else ".1f" if METRICS[measure].is_rate else ",d"


def said_of(measure: str, value: float) -> str:
    """A value of the measure as it is written."""
    return written(measure, value)


def nice(most: float) -> float:
    """The next round number above: 1, 2, 2.5 or 5 times a power of ten."""
    if most <= 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(most))
    return float(next(step for step in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if step * power >= most) * power)
