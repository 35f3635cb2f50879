"""Rows as lying bars with their names above them, so that long addresses need no room beside: a part may be hatched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from layouts import theme
from layouts.figures.lettering import cut, plain

ROW: Final = 46  # pixels: a line for the name, and the bar
FOOT: Final = 44  # pixels for the numbers under the bars and what they count
BESIDE: Final = 0.16  # of the longest bar, for the words beside it
LETTERS: Final = 60  # of a name
BAR: Final = 0.42  # of a row
COUNTS: Final[Mapping[str, Any]] = {"tickformat": ",~f"}
SHARES: Final[Mapping[str, Any]] = {"tickformat": ".0%"}


@dataclass(frozen=True)
class Bar:
    """A name, its number (none where it is hidden), what stands beside it, and the part of it that is hatched."""

    name: str
    value: float | None
    said: str
    part: float = 0.0
    quiet: bool = False  # in grey: not a page, but what is left over


def figure(bars: Sequence[Bar], axis: str, written: Mapping[str, Any] = COUNTS) -> dict[str, Any]:
    """A plain plotly figure; the first bar is on top. `written` is how plotly writes the numbers of its axis."""
    most = max((bar.value or 0 for bar in bars), default=0) or 1
    layout = {
        "height": height(len(bars)), "barmode": "stack", "bargap": 1 - BAR, "hovermode": False,
        "margin": {"t": 4, "b": FOOT, "l": 8, "r": 8},
        "xaxis": {"range": [0, most * (1 + BESIDE)], "fixedrange": True, "gridcolor": theme.GRID, "zeroline": False, "nticks": 6, "tickangle": 0, **written,
                  "title": {"text": axis, "font": {"size": 14}, "standoff": 6}},
        "yaxis": {"autorange": False, "range": [max(len(bars), 1) - 0.5, -0.5], "fixedrange": True, "visible": False},
        "annotations": [note for place, bar in enumerate(bars) for note in (_name(bar, place), _beside(bar, place))],
        **theme.PLAIN,
    }  # fmt: skip
    return {"data": [_whole(bars), _hatched(bars)], "layout": layout}


def height(bars: int) -> int:
    """Pixels that the figure takes on a page."""
    return ROW * max(bars, 1) + FOOT


def _whole(bars: Sequence[Bar]) -> dict[str, Any]:
    colours = [theme.SECONDARY_TEXT if bar.quiet else theme.FOCUS for bar in bars]
    values = [(bar.value or 0) - bar.part for bar in bars]
    return _trace(values, {"color": colours})


def _hatched(bars: Sequence[Bar]) -> dict[str, Any]:
    pattern = {"shape": "/", "fgcolor": theme.TWO_SERIES[1], "bgcolor": theme.SURFACE, "size": 7, "solidity": 0.35}
    line = {"color": theme.TWO_SERIES[1], "width": 1}
    return _trace([bar.part or None for bar in bars], {"color": theme.TWO_SERIES[1], "pattern": pattern, "line": line})


def _trace(values: Sequence[float | None], marker: dict[str, Any]) -> dict[str, Any]:
    places = [place + 0.2 for place in range(len(values))]
    return {
        "type": "bar",
        "orientation": "h",
        "x": list(values),
        "y": places,
        "width": BAR,
        "marker": marker,
        "cliponaxis": False,
    }


def _name(bar: Bar, place: int) -> dict[str, Any]:
    return {
        "text": plain(cut(bar.name, LETTERS)),
        "x": 0,
        "y": place - 0.2,
        "xanchor": "left",
        "yanchor": "middle",
        "showarrow": False,
        "xshift": -2,
    }


def _beside(bar: Bar, place: int) -> dict[str, Any]:
    return {"text": bar.said, "x": bar.value or 0, "y": place + 0.2, "xanchor": "left", "showarrow": False, "xshift": 4}
