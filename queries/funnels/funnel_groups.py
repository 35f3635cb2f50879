"""The same funnel side by side: for each value of the breakdown every step, and how it differs from all the others."""

from typing import Any, Final

from data import errors
from queries import parameters, shapes
from queries.asking import Asking, Frames, Value
from queries.columns import Column
from queries.disclosure import rows
from queries.funnels import funnel_columns, funnel_frames
from queries.funnels.funnel_definition import Parameters
from queries.funnels.funnel_sums import funnel, require_tellable

PARAMETERS: Final = Parameters
FILTERS: Final = frozenset(parameters.FILTERS)
COLUMNS: Final = funnel_columns.MORE["groups"]
MORE_COLUMNS: Final[dict[str, tuple[Column, ...]]] = {}
DEFINITION: Final = (
    "Each unit counts under the value at the first page view of its attempt, so values add up to the whole. A difference is the"
    " share of those at the step before who went on, less that of all other values; its interval comes from how the days differ."
    " Unusual is one whose 99% interval leaves 0 and that stays among those of which, over all values and steps, at most 1 in 100"
    " is a false find (Benjamini-Hochberg)."
)
BY: Final = "device"  # where no breakdown is asked for
SHAPE: Final = shapes.whole(by=shapes.TEXT, names=shapes.TEXTS, rows=shapes.rows(shapes.without(COLUMNS, "department")))


def answer(asking: Asking[Parameters]) -> Frames:
    """One row for each value and step, the value with most units first."""
    if asking.parameters.publication:
        raise errors.BadRequest("This can't be published", "Ask for it without publication", "publication")
    require_tellable(asking, asking.period)
    one = funnel(asking, asking.period)
    return Frames(funnel_frames.groups(one, funnel_frames.owner(asking, one), asking.parameters.breakdown or BY))


def present(frames: Frames, asking: Asking[Parameters]) -> Value:
    """The rows."""
    hidden = {"department", "start", "came", "previous"}
    told: list[dict[str, Any]] = [{k: v for k, v in row.items() if k not in hidden} for row in rows(frames.main)]
    return {"by": asking.parameters.breakdown or BY, "names": asking.parameters.names, "rows": told}
