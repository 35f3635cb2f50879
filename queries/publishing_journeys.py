"""Journeys for publication: one flow for each week or month, always as wide and as deep; showing less comes after."""

from dataclasses import replace
from typing import Final

import polars as pl

from data import clean, errors
from queries.asking import Asking, Flow, Frames
from queries.journey_columns import fitted
from queries.journey_parameters import Parameters
from queries.periods import atoms_of, named
from queries.unfolding import unfold

STEPS: Final = 6  # after the anchor, in a published flow
NODES: Final = 20  # named at each step of it
START: Final = "journeys"  # the node that every journey passes first
HOW: Final = "how "  # starts the nodes that say how journeys ended
SPECIAL: Final = ("(other)", "(hidden)", "(ended)", "(began)")
NOTE: Final = (
    f"The {NODES} most seen pages of each step are named week by week or month by month; all others are other pages."
)


def published(asking: Asking[Parameters]) -> Frames:
    """The flow of a published answer, and how its frames are made of the flow once that is rounded."""
    _require_fixed(asking.parameters)
    widest = asking.parameters.model_copy(update={"steps": STEPS, "top": NODES})
    parts = [_edges(replace(asking, period=atom, parameters=widest)) for atom in atoms_of(asking.period)]
    edges = pl.concat(parts)
    name, of = _names(asking)
    return Frames(
        pl.DataFrame(),
        flow=Flow(edges, name, START, of),
        rebuilt=lambda frames: _rebuilt(frames, asking),
        notes=(NOTE,),
    )


def _require_fixed(asked: Parameters) -> None:
    """Raise `BadRequest` for a journey that isn't one of the fixed ones."""
    fixed = asked.anchor.match == "any" or (asked.anchor.match == "exact" and len(asked.anchor.value) == 1)
    free = {
        "anchor": not fixed,
        "via": asked.via,
        "end": asked.end,
        "exclude": asked.exclude,
        "group.patterns": asked.group.patterns,
        "paths": asked.paths,
        "compare": asked.compare != "none",
        "against": asked.against,
        "steps": asked.steps > STEPS,
    }
    for field in (field for field, odd in free.items() if odd):
        sentence = (
            f"Journeys are published from one exact page or any, at most {STEPS} steps, without {field} of your own"
        )
        raise errors.BadRequest("This can't be published", sentence, field)


def _names(asking: Asking[Parameters]) -> tuple[str, str]:
    """What tells this flow from every other, and the set whose sessions its journeys are."""
    asked = asking.parameters
    filters = {name: getattr(asked, name) for name in ("page", "service", "department") if getattr(asked, name)}
    page = "" if asked.anchor.match == "any" else clean.shown(*clean.page(asked.anchor.value[0]))
    rights = "" if asking.viewer.sees_everything else asking.viewer.rights
    how = (asked.direction, asked.occurrence, asked.group.by, asked.collapse_repeats, filters, rights)
    name = "\n".join(map(str, (page, *how)))
    return name, f"page {page}" if page and not filters else f"journeys {name}"


def _edges(asking: Asking[Parameters]) -> pl.DataFrame:
    """The edges of one week or month: from the start to the first step, from step to step, and to how they ended."""
    found = unfold(asking)
    nodes, links, how = found["nodes"], found["links"], found["ended_how"]
    first = nodes.filter(pl.col("step") == 0).select(
        tail=pl.lit(START), head=pl.format("0 {}", "page"), sessions="sessions"
    )
    moves = links.select(
        tail=pl.format("{} {}", "step", "from"), head=pl.format("{} {}", pl.col("step") + 1, "to"), sessions="sessions"
    )
    stopped = "(ended)" if asking.parameters.direction == "forward" else "(began)"
    ends = how.select(
        tail=pl.format("{} {}", "step", pl.lit(stopped)),
        head=pl.format("{} {}{}", "step", pl.lit(HOW), "how"),
        sessions="sessions",
    )
    return pl.concat([first, moves, ends]).with_columns(period=pl.lit(named(asking.period)))


def _rebuilt(frames: Frames, asking: Asking[Parameters]) -> Frames:
    """The frames of an answer from rounded edges, with as many steps and pages as were asked for."""
    asked = asking.parameters
    edges = _read(frames).filter((pl.col("step") <= asked.steps) & (pl.col("sessions") > 0))
    is_how = pl.col("head").str.starts_with(HOW)
    how = edges.filter(is_how).select("step", pl.col("head").str.strip_prefix(HOW).alias("how"), "sessions")
    moves = _folded(edges.filter(~is_how), asked.top)
    links = moves.filter(pl.col("step") > 0).select(pl.col("step") - 1, "from", "to", "sessions")
    others = {"links": links.sort("step", pl.col("sessions") * -1, "from", "to"), "ended_how": how.sort("step", "how")}
    made = fitted(_nodes(moves), others)
    return replace(frames, main=made.main, others=made.others)


def _read(frames: Frames) -> pl.DataFrame:
    """Edges as the step that each leads to, and the names at its ends; the start has none."""
    edges = frames.flow.edges if frames.flow else pl.DataFrame()
    head, tail = (pl.col(name).str.splitn(" ", 2) for name in ("head", "tail"))
    return edges.select(
        head.struct[0].cast(pl.Int64).alias("step"),
        tail.struct[1].alias("tail"),
        head.struct[1].alias("head"),
        "sessions",
    )


def _folded(moves: pl.DataFrame, top: int | None) -> pl.DataFrame:
    """Moves between what is shown: the pages seen most at each step, the others as one."""
    pages = (
        moves.filter(~pl.col("head").is_in(SPECIAL))
        .group_by("step", pl.col("head").alias("page"))
        .agg(pl.col("sessions").sum())
    )
    ranked = (
        pages.sort("step", pl.col("sessions") * -1, "page").group_by("step", maintain_order=True).head(top or NODES)
    )
    here = ranked.select("step", "page", known=pl.lit(value=True))
    before = here.with_columns(pl.col("step") + 1).rename({"known": "known_tail"})
    joined = moves.join(here, left_on=["step", "head"], right_on=["step", "page"], how="left").join(
        before, left_on=["step", "tail"], right_on=["step", "page"], how="left"
    )
    faces = {
        to: pl.when(pl.col(known) | pl.col(name).is_in(SPECIAL) | pl.col(name).is_null())
        .then(name)
        .otherwise(pl.lit("(other)"))
        for name, known, to in (("tail", "known_tail", "from"), ("head", "known", "to"))
    }
    return joined.with_columns(**faces).group_by("step", "from", "to").agg(pl.col("sessions").sum())


def _nodes(moves: pl.DataFrame) -> pl.DataFrame:
    total = int(moves.filter(pl.col("step") == 0)["sessions"].sum())
    nodes = moves.group_by("step", pl.col("to").replace("(began)", "(ended)").alias("page")).agg(
        pl.col("sessions").sum()
    )
    return nodes.sort("step", pl.col("page").is_in(SPECIAL), pl.col("sessions") * -1, "page").with_columns(
        journeys=pl.lit(total, pl.Int64), share=pl.col("sessions") / total
    )
