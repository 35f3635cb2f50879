"""Funnels for publication: one flow for each week or month, from step to step and to where people went who stopped."""

from dataclasses import replace
from functools import cache
from typing import Any, Final

import polars as pl

from data import clean, errors
from data.access import Viewer
from data.register import register
from queries import parameters, publication
from queries.asking import Asking, Flow, Frames
from queries.funnels import funnel_frames, funnel_text
from queries.funnels.funnel_columns import MORE, STEPS
from queries.funnels.funnel_definition import Parameters
from queries.funnels.funnel_sums import funnel
from queries.periods import atoms_of, named
from queries.publication import HIDDEN, LIMIT

PLACES: Final = 20  # named after each step, week by week or month by month
START: Final = "start"
GONE: Final = " gone "  # between the step and the place of a node that says where people went
TITLE: Final = "This can't be published"
OWN_STEPS: Final = (
    "Give the steps of a service as the register has them: sums of steps of one's own would tell small numbers"
)
NOTE: Final = (
    f"The {PLACES} places most gone to after each step are named week by week or month by month; all others are (other). Times,"
    " intervals, groups, days and changes aren't published."
)
Flows = tuple[Flow, ...]


def published(asking: Asking[Parameters]) -> Frames:
    """The flow of a published funnel, and how its frames are made of the flow once that is rounded. Raises `BadRequest`."""
    exact = flows(asking)
    return Frames(pl.DataFrame(), flows=exact, rebuilt=lambda frames: _rebuilt(frames, asking, exact), notes=(NOTE,))


def flows(asking: Asking[Any]) -> Flows:
    """The flow of each whole week or month of the period, as `funnel` and `funnel_trend` publish it. Raises `BadRequest`."""
    slug = require(asking.parameters, asking.viewer)
    owner = Viewer("publication", "department analyst", frozenset({register.service(slug).department}))
    widest = asking.parameters.model_copy(update={"limit": PLACES})
    alike = replace(asking, parameters=widest, viewer=owner)  # whoever asks, so that it is rounded once
    of = _set(asking.parameters, slug)
    return tuple(Flow(_edges(replace(alike, period=atom)), "1", of) for atom in atoms_of(asking.period))


def told(rounded: Flows, exact: Flows) -> dict[str, int]:
    """The rounded sessions that lead to each node, of those that have enough of them rounded and in truth."""
    sums = [
        pl.concat([one.edges.select("head", "sessions") for one in some]).group_by("head").sum()
        for some in (rounded, exact)
    ]
    enough = pl.all_horizontal(pl.col("sessions", "truth") >= LIMIT)
    both = sums[0].join(sums[1].rename({"sessions": "truth"}), on="head").filter(enough)
    return dict(both.select("head", "sessions").iter_rows())


def stopped(units: int, going_on: int) -> int:
    """The drop-offs between two rounded counts; hidden where they are few, as either count may be."""
    return units - going_on if going_on != HIDDEN and units - going_on >= LIMIT else HIDDEN


def require(asked: Parameters, viewer: Viewer) -> str:
    """The service whose funnel this is. Raises `BadRequest` for one that isn't a fixed one, or isn't the viewer's to publish."""
    publication.require_undivided(asked)
    free = {
        "unit": asked.unit != "session", "mode": asked.mode != "ordered", "window_seconds": asked.window_seconds is not None,
        "step_window_seconds": asked.step_window_seconds is not None, "exclusions": asked.exclusions,
        "breakdown": asked.breakdown, "page": asked.page,
    }  # fmt: skip
    for field in (field for field, odd in free.items() if odd):
        raise errors.BadRequest(TITLE, f"Leave out {field}: funnels are published as they are by default", field)
    slug = _services().get(_sets(asked))
    if slug is None:
        raise errors.BadRequest(TITLE, OWN_STEPS, "steps")
    department = register.service(slug).department
    if not viewer.owns(department):
        raise errors.BadRequest(TITLE, f"It is {department}'s to publish; ask somebody who is named for it", "steps")
    return slug


@cache
def _services() -> dict[Any, str]:
    """The short name of each service of the register by what its funnel's steps match."""
    given = {slug: {"steps": funnel_text.of_service(slug)} for slug in register.services}
    return {_sets(parameters.read(Parameters, steps)): slug for slug, steps in given.items()}


def _sets(asked: Parameters) -> Any:
    return tuple((step.matchers, step.optional) for step in asked.steps)


def _set(asked: Parameters, slug: str) -> str:
    """The set whose sessions start it, or some of which do, as other questions name it."""
    first = asked.steps[0].matchers
    pages = first[0].value if len(first) == 1 and first[0].match == "exact" else ()
    return f"page {clean.shown(*clean.page(pages[0]))}" if len(pages) == 1 else f"funnel {slug}"


def _edges(asking: Asking[Parameters]) -> pl.DataFrame:
    """The edges of one week or month: to the first step, from each to the next, and to where people went from it."""
    one = funnel(asking, asking.period)
    units = one.units().tolist()
    rows = [(str(step) if step else START, str(step + 1), number) for step, number in enumerate(units)]
    main = funnel_frames.steps(one, None)
    went = funnel_frames.went(one, None, main).select("step", "to", "cell").rows()
    rows += [(str(step), f"{step}{GONE}{to}", number) for step, to, number in went]
    rows.append((str(len(units)), f"{len(units)}{GONE}", units[-1]))  # those who came to the end leave it too
    schema = {"tail": pl.String, "head": pl.String, "sessions": pl.Int64}
    return pl.DataFrame(rows, schema, orient="row").with_columns(period=pl.lit(named(asking.period)))


def _rebuilt(frames: Frames, asking: Asking[Parameters], exact: Flows) -> Frames:
    """The frames of an answer from rounded flows."""
    asked, of = asking.parameters, told(frames.flows, exact)
    units = [of.get(str(step), HIDDEN) for step in range(1, len(asked.steps) + 1)]
    # What is computed of rounded counts is computed later; here 0 says only that there will be a value.
    rows = [
        {
            "step": step + 1, "name": asked.names[step], "units": number, "start": units[0],
            "going_on": HIDDEN if stopped(number, after) == HIDDEN and step + 1 < len(units) else after,
            "came": number if step else None, "previous": units[step - 1] if step else None, "drop_offs": 0,
            "share_of_start": 0.0, "share_of_previous": 0.0 if step else None,
        }
        for step, (number, after) in enumerate(zip(units, [*units[1:], units[-1]], strict=True))
    ]  # fmt: skip
    went = [
        {"step": int(step), "to": to, "cell": sessions, "units": sessions, "going_on": units[int(step)]}
        for head, sessions in sorted(of.items(), key=lambda one: (-one[1], one[0]))
        for step, gone, to in [head.partition(GONE)]
        if gone and to
    ]
    shown = [
        row for step in range(1, len(units)) for row in [row for row in went if row["step"] == step][: asked.limit]
    ]
    others = {name: funnel_frames.framed([], columns) for name, columns in MORE.items()}
    others |= {"went": funnel_frames.framed(shown, MORE["went"]), "voided": funnel_frames.framed([{}], MORE["voided"])}
    return replace(frames, main=funnel_frames.framed(rows, STEPS), others=others)
