"""Why a measure moved as bars: what each part has more or less, in units or in points."""

from collections.abc import Mapping
from html import escape
from typing import Any, Final

from layouts import formats
from layouts.figures.review import drawn, tall
from queries.metrics import METRICS

MOST: Final = 10  # parts drawn; the table has the others
LETTERS: Final = 60  # of a name; on a phone the end is cut off, never the number before it
COUNTS, POINTS = "+,d", "+,.1f"  # how the axis writes them


def figure(measure: str, value: Mapping[str, Any]) -> dict[str, Any]:
    """A plain plotly figure, what contributes most on top."""
    rate = METRICS[measure].is_rate
    bars = [_bar(row, rate=rate) for row in _shown(value)]
    most = max((abs(size) for _, size in bars), default=0) or 1
    unit = "Percentage points of the change" if rate else METRICS[measure].title
    return drawn(
        bars, (-1.05 * most, 1.05 * most), f"{unit} - full: more; hatched: fewer", numbers=POINTS if rate else COUNTS
    )


def height(value: Mapping[str, Any]) -> int:
    """Pixels that the figure takes on a page."""
    return tall(len(_shown(value)))


def _shown(value: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The parts that are drawn: none where no change is computed."""
    return [row for row in value["contributions"] if row["contribution"] is not None][:MOST]


def _bar(row: Mapping[str, Any], *, rate: bool) -> tuple[str, float]:
    """What stands above a bar, and how long it is."""
    name = row["name"] if len(row["name"]) <= LETTERS else f"{row['name'][: LETTERS - 1]}…"
    size = row["contribution"] * (100 if rate else 1)
    said = (
        f"{formats.points(row['contribution'])} points"
        if rate
        else f"{formats.whole(round(abs(size)))} {'more' if size > 0 else 'fewer'}"
    )
    return f"{said}: {escape(name)}", size
