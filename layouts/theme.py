"""The colours and measures of charts, once for screen and files; the style sheet has the same under `:root`."""

from typing import Any, Final

SERIES: Final = ("#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1")  # in this order, never more
TWO_SERIES: Final = ("#12436D", "#F46A25")
FOCUS: Final = "#12436D"
GRID: Final = "#E0E0E0"
TEXT: Final = "#0B0C0C"
SECONDARY_TEXT: Final = "#484949"
SURFACE: Final = "#FFFFFF"
FONT: Final = "Arial, sans-serif"
PLAIN: Final[dict[str, Any]] = {
    "showlegend": False, "font": {"family": FONT, "size": 14, "color": TEXT}, "plot_bgcolor": SURFACE, "paper_bgcolor": SURFACE,
}  # fmt: skip # what the layout of every chart begins with

PICTURE_WIDTH: Final = 1_600  # pixels, the least for a picture that people take away
GRAPH_CONFIG: Final = {"displayModeBar": False, "displaylogo": False, "showSendToCloud": False}


def faint(colour: str, strength: float) -> str:
    """The colour at `strength` from 0 to 1 over the page, as `rgba(...)`."""
    red, green, blue = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
    return f"rgba({red},{green},{blue},{strength})"
