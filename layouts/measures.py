"""How each measure is counted, from the one list of measures, and the days from which any counts something else."""

from collections.abc import Iterator

from data.register import register
from layouts import formats
from layouts.components import figures
from layouts.markup import Child, Element
from queries.metrics import METRICS, Metric

HEAD = ("Measure", "What it counts", "How", "In", "Counts something else from")
BREAKS = ("From", "What changed", "Why", "Measures")


def measures() -> Element:
    """Every measure: its definition, its formula where it is a rate, its unit, and its breaks."""
    rows: list[list[Child]] = [
        [one.title, one.definition, formula(one), one.unit, "; ".join(_broken(one.name)) or "no day so far"]
        for one in METRICS.values()
    ]
    return figures("Measures", HEAD, rows, numbers=frozenset(), hidden_title=True)


def formula(metric: Metric) -> str:
    """How a measure is made: what is divided by what, or that it is counted."""
    if not metric.is_rate:
        return "Counted"
    top, bottom = (
        METRICS[name].title if name in METRICS else name.replace("_", " ")
        for name in (metric.numerator, metric.denominator)
    )
    return f"{top} / {bottom}"


def breaks() -> Element:
    """The definition breaks, oldest first."""
    rows: list[list[Child]] = [
        [
            formats.day(one.day),
            one.name,
            one.why,
            ", ".join(METRICS[name].title if name in METRICS else name.replace("_", " ") for name in one.measures),
        ]
        for one in register.calendar.breaks
    ]
    return figures("Definition breaks: no change is computed across these days", BREAKS, rows, numbers=frozenset())


def _broken(name: str) -> Iterator[str]:
    for one in register.calendar.breaks:
        if name in one.measures:
            yield formats.day(one.day)
