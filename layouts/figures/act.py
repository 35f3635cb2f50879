"""The steps to act on as bars: how many fewer would stop there at the rate of similar services."""

from collections.abc import Mapping
from html import escape
from typing import Any, Final

from layouts import formats
from layouts.figures.review import drawn, tall

MOST: Final = 10  # steps drawn; the table has the others
LETTERS: Final = 70  # of a service and its step; on a phone the end is cut off, never the number before it


def figure(value: Mapping[str, Any]) -> dict[str, Any]:
    """A plain plotly figure, the longest bar on top."""
    bars = [(_said(row), int(row["helped"] or 0)) for row in value["act"][:MOST]]
    most = max((size for _, size in bars), default=0) or 1
    return drawn(bars, (0, 1.05 * most), "Sessions that would go on")


def height(value: Mapping[str, Any]) -> int:
    """Pixels that the figure takes on a page."""
    return tall(len(value["act"][:MOST]))


def _said(row: Mapping[str, Any]) -> str:
    words = f"{row['step_name']}, {row['name']}"
    name = words if len(words) <= LETTERS else f"{words[: LETTERS - 1]}…"
    return f"{formats.whole(row['helped'])}: {escape(name)}"
