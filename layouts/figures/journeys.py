"""The journey as a picture: a Sankey diagram in the columns of the page, drawn so that its labels never overlap.

plotly.js places a Sankey's labels itself, on top of each other where nodes are thin. So this one is drawn from shapes:
each node has the height of its sessions, or of its label where that is more.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from layouts import formats, journeys_compared, theme
from layouts.figures.lettering import plain
from layouts.journey_columns import special, step_name
from layouts.journey_state import BEGAN, ENDED, HIDDEN, OTHER, Journey

EVERYONE: Final = 340  # pixels of a bar that stands for every session
LABEL: Final = 46  # pixels that a label of two lines takes
LINE: Final = 19  # pixels of each further line
HEAD: Final = 40  # pixels for the names of the columns
THICK: Final = 0.008  # of a bar, as a share of the width
RIGHTMOST: Final = 0.85  # where the last column stands; its labels need the rest
MOST_COLUMNS: Final = 7  # in a picture of the usual width; more make it wider
LETTERS: Final = 165  # that fit across the whole picture
GREY: Final = {OTHER: "#6F777B", HIDDEN: "#6F777B"}
STOPPED: Final = frozenset({ENDED, BEGAN})
Place = tuple[int, str]


@dataclass(frozen=True)
class Bar:
    """A node's bar: `x` from the left as a share of the width, `top` in pixels from the top, `high` in pixels."""

    page: str
    sessions: int
    x: float
    top: float
    high: float
    compared: Mapping[str, Any] | None = None  # the other side, where two are compared


def figure(journey: Journey, value: Mapping[str, Any]) -> dict[str, Any]:
    """A plain plotly figure, `{"data": [], "layout": {...}}`; times run from left to right."""
    bars = _bars(journey, value)
    last = max((step for step, _ in bars), default=0)
    height = (
        max((max(bar.high, _other_high(bar), _label_height(bar)) + bar.top for bar in bars.values()), default=0)
        + LABEL / 2
        + LINE * bool(journey.compare)
    )
    width = theme.PICTURE_WIDTH * max(1.0, (last + 1) / MOST_COLUMNS)
    drawing = _Drawing(journey, height, RIGHTMOST / (last or 1), width)
    shapes = [
        *drawing.bands(value, bars),
        *(shape for bar in bars.values() for shape in (*drawing.bar(bar), *drawing.other(bar))),
    ]
    heads = [drawing.head(step, _along(journey, step, last)) for step in range(last + 1)]
    labels = [drawing.label(bar, value["sessions"]) for bar in bars.values()]
    hidden = {"visible": False, "range": [0, 1]}
    layout = {
        "height": round(height),
        "width": round(width),
        "shapes": shapes,
        "annotations": [*heads, *labels, *([drawing.key()] if journey.compare else [])],
        "xaxis": hidden,
        "yaxis": hidden,
    }
    return {"data": [], "layout": {**layout, "plot_bgcolor": theme.SURFACE, "showlegend": False}}


def _bars(journey: Journey, value: Mapping[str, Any]) -> dict[Place, Bar]:
    """Every node, column by column from the top, in the order of the page."""
    nodes = list(_nodes(value))
    last = max((step for step, *_ in nodes), default=0)
    bars: dict[Place, Bar] = {}
    for step, column in groupby(nodes, key=lambda node: node[0]):
        top = float(HEAD)
        for _, page, sessions, compared in column:
            high = max(sessions / (value["sessions"] or 1) * EVERYONE, 1.0)
            bars[step, page] = Bar(page, sessions, _along(journey, step, last), top, high, compared)
            top += max(high, _other_high(bars[step, page]), _label_height(bars[step, page])) + LABEL / 6
    return bars


def _nodes(value: Mapping[str, Any]) -> Iterator[tuple[int, str, int, Mapping[str, Any] | None]]:
    for step in value["steps"]:
        for node in step["nodes"]:
            yield step["step"], node["page"], node["sessions"] or 0, node.get("compared")
        for page, name in journeys_compared.REST.items():
            compared = step.get("compared", {}).get(name)
            if step[name] or (compared and compared["sessions"]):
                yield step["step"], page, step[name], compared


def _other_high(bar: Bar) -> float:
    """Pixels of the other side's bar."""
    return max((bar.compared["share"] or 0) * EVERYONE, 1.0) if bar.compared else 0.0


def _along(journey: Journey, step: int, last: int) -> float:
    return RIGHTMOST * (last - step if journey.backward else step) / (last or 1)


@dataclass(frozen=True)
class _Drawing:
    """The measures of one picture: height and width in pixels, and from one column to the next as a share of the width."""

    journey: Journey
    height: float
    column: float
    width: float

    def bands(self, value: Mapping[str, Any], bars: Mapping[Place, Bar]) -> Iterator[dict[str, Any]]:
        """A band for each link, stacked along both of its bars in the order of the other ends."""
        links = [
            (bars.get((row["step"], row["from"])), bars.get((row["step"] + 1, _end(row["to"]))), row["sessions"] or 0)
            for row in value["links"]
        ]
        known = [(from_, to, sessions) for from_, to, sessions in links if from_ and to and sessions]
        used: dict[tuple[bool, float, float], float] = {}
        for from_, to, sessions in sorted(known, key=lambda link: (link[1].top, link[0].top)):
            thick = sessions / (value["sessions"] or 1) * EVERYONE
            leaves = used.setdefault((True, from_.x, from_.top), from_.top)
            arrives = used.setdefault((False, to.x, to.top), to.top)
            used[True, from_.x, from_.top] += thick
            used[False, to.x, to.top] += thick
            left, right = sorted(((from_.x, leaves), (to.x, arrives)))
            yield self._band(left, right, max(thick, 0.5))

    def bar(self, bar: Bar) -> Iterator[dict[str, Any]]:
        """The bar itself; hatched where journeys stop."""
        stopped = bar.page in STOPPED
        corners = {"x0": bar.x, "x1": bar.x + THICK, "y0": self._up(bar.top), "y1": self._up(bar.top + bar.high)}
        colour = theme.SURFACE if stopped else GREY.get(bar.page, theme.FOCUS)
        line = {"width": 1 if stopped else 0, "color": theme.SERIES[4]}
        yield {"type": "rect", **PAPER, **corners, "fillcolor": colour, "line": line}
        if stopped and bar.high > 2:  # noqa: PLR2004 - pixels in which a stroke can be seen
            yield {"type": "path", **PAPER, "path": self._strokes(bar), "line": {"width": 1, "color": theme.SERIES[4]}}

    def other(self, bar: Bar) -> Iterator[dict[str, Any]]:
        """The other side's bar beside a node's own, outlined so that it is told apart without colour."""
        if bar.compared:
            left = bar.x + THICK * 1.2
            corners = {
                "x0": left,
                "x1": left + THICK / 2,
                "y0": self._up(bar.top),
                "y1": self._up(bar.top + _other_high(bar)),
            }
            line = {"width": 1, "color": theme.TWO_SERIES[1]}
            yield {
                "type": "rect",
                **PAPER,
                **corners,
                "fillcolor": theme.faint(theme.TWO_SERIES[1], 0.35),
                "line": line,
            }

    def label(self, bar: Bar, everyone: int) -> dict[str, Any]:
        """The name of a node, its sessions and their share."""
        letters = int(LETTERS * self.width / theme.PICTURE_WIDTH * (self.column - 2 * THICK))
        named = special(self.journey, bar.page) or bar.page
        name = "<br>".join(plain(_shortened(line, letters)) for line in _lines(named))
        numbers = (
            f"<b>{formats.whole(bar.sessions)}</b>  {formats.rate(bar.sessions, everyone)}{_beside(self.journey, bar)}"
        )
        words = {
            "text": f"{name}<br>{numbers}",
            "align": "left",
            "font": {"size": 15},
            "bgcolor": theme.faint(theme.SURFACE, 0.6),
        }
        return {
            **words,
            **PAPER,
            "x": bar.x + THICK * (2 if bar.compared else 1) + 0.002,
            "y": self._up(bar.top),
            "xanchor": "left",
            "yanchor": "top",
            "showarrow": False,
            "borderpad": 1,
        }

    def head(self, step: int, x: float) -> dict[str, Any]:
        """The name of a column, above it."""
        words = {"text": f"<b>{step_name(self.journey, step)}</b>", "font": {"size": 17}, "showarrow": False}
        return {**words, **PAPER, "x": x, "y": 1, "xanchor": "left", "yanchor": "top"}

    def key(self) -> dict[str, Any]:
        """Which side is which, at the foot."""
        said = f"Left bars: {journeys_compared.own(self.journey)}; right bars, outlined: {journeys_compared.other(self.journey)}"
        words = {"text": plain(said), "font": {"size": 15}, "showarrow": False}
        return {**words, **PAPER, "x": 0, "y": 0, "xanchor": "left", "yanchor": "bottom"}

    def _band(self, left: tuple[float, float], right: tuple[float, float], thick: float) -> dict[str, Any]:
        (x0, y0), (x1, y1) = (left[0] + THICK, left[1]), right
        middle = (x0 + x1) / 2
        a, b, c, d = (self._up(y) for y in (y0, y1, y1 + thick, y0 + thick))
        path = f"M{x0},{a} C{middle},{a} {middle},{b} {x1},{b} L{x1},{c} C{middle},{c} {middle},{d} {x0},{d} Z"
        return {"type": "path", **PAPER, "path": path, "fillcolor": BAND, "line": {"width": 0}}

    def _strokes(self, bar: Bar) -> str:
        """Slanting strokes across a bar, as one path."""
        steps = range(0, max(int(bar.high) - 6, 1), 7)
        lines = ((bar.top + at, min(bar.top + at + 6, bar.top + bar.high)) for at in steps)
        return " ".join(f"M{bar.x},{self._up(low)} L{bar.x + THICK},{self._up(high)}" for high, low in lines)

    def _up(self, pixels: float) -> float:
        """Pixels from the top as plotly counts: shares of the height, from the foot."""
        return round(1 - pixels / self.height, 5)


PAPER: Final = {"xref": "paper", "yref": "paper"}
BAND: Final = theme.faint(theme.FOCUS, 0.18)


def _end(page: str) -> str:
    """What began stands in the same place as what ended."""
    return ENDED if page == BEGAN else page


def _lines(page: str) -> list[str]:
    """The host on a line of its own, as on the page; a page of www.gov.uk has only its path."""
    host, slash, path = page.partition("/")
    return [host, f"/{path}"] if host and slash else [page]


def _label_height(bar: Bar) -> int:
    return LABEL + LINE * (len(_lines(bar.page)) - 1 + 2 * bool(bar.compared))


def _beside(journey: Journey, bar: Bar) -> str:
    """The other side's share, and under it the difference."""
    if not bar.compared:
        return ""
    known, word = bar.compared["difference"] is not None, journeys_compared.verdict(journey, bar.compared)
    told = f", {word}" if word != journeys_compared.UNJUDGED else ""
    change = f"{formats.points(bar.compared['difference'])} points{told}" if known else ""
    return f"<br>{formats.share(bar.compared['share'])} {plain(journeys_compared.briefly(journey))}<br>{change}"


def _shortened(page: str, letters: int) -> str:
    """The address, cut in its middle where it is long: its ends tell pages apart."""
    half = max(letters // 2 - 1, 4)
    return page if len(page) <= letters else f"{page[:half]}…{page[-half:]}"
