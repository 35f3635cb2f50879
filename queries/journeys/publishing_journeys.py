"""Journeys for publication: one flow for each week or month, always as wide and as deep; showing less comes after."""

from dataclasses import replace
from typing import Final

import polars as pl

from data import clean, errors
from queries.asking import WHOLE_ESTATE, Asking, Flow, Frames
from queries.journeys import walking
from queries.journeys.beside import broken, notes
from queries.journeys.journey_columns import fitted
from queries.journeys.journey_parameters import Parameters
from queries.journeys.unfolding import unfold
from queries.periods import atoms_of, named
from queries.publication import HIDDEN, LIMIT

STEPS: Final = 6  # after the anchor, in a published flow
NODES: Final = 20  # named at each step of it
START: Final = "journeys"  # the node that every journey passes first
HOW: Final = "how "  # starts the nodes that say how journeys ended
KEYS: Final = {"nodes": ("step", "page"), "links": ("step", "from", "to"), "ended_how": ("step", "how")}
UNTOLD: Final = ("difference_low", "difference_high", "difference_unusual", "compared_median_seconds")
PLACES: Final = {"(other)": 1, "(hidden)": 2, "(ended)": 3}  # of what isn't a page, after the pages
SPECIAL: Final = ("(other)", "(hidden)", "(ended)", "(began)")
NOTE: Final = (
    f"The {NODES} most seen pages of each step are named week by week or month by month; all others are other pages."
)
UNJUDGED: Final = (
    "Differences are of rounded shares. Whether they could be chance isn't told: that is found between single days, which "
    "aren't published."
)


def published(asking: Asking[Parameters], other: Asking[Parameters] | None) -> Frames:
    """The flow of a published answer, beside that of the side it is compared with, and how its frames are made of them."""
    _require_fixed(asking.parameters)
    said = (NOTE, UNJUDGED, *notes(asking, other)) if other else (NOTE,)
    return Frames(
        pl.DataFrame(),
        flows=tuple(_flow(side) for side in (asking, other) if side),
        rebuilt=lambda frames: _rebuilt(frames, asking, told=not other or not broken(asking, other)),
        notes=said,
    )


def _flow(asking: Asking[Parameters]) -> Flow:
    """The journeys of one side, as they are published wherever they are asked for."""
    widest = asking.parameters.model_copy(update={"steps": STEPS, "top": NODES})
    parts = [_edges(replace(asking, period=atom, parameters=widest)) for atom in atoms_of(asking.period)]
    return Flow(pl.concat(parts), START, _set(asking.parameters))


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
        "page": asked.page,
        "steps": asked.steps > STEPS,
    }
    for field in (field for field, odd in free.items() if odd):
        sentence = (
            f"Journeys are published from one exact page or any, at most {STEPS} steps, without {field} of your own"
        )
        raise errors.BadRequest("This can't be published", sentence, field)


def _set(asked: Parameters) -> str:
    """The set whose sessions these journeys are, or are some of, as other questions name it."""
    of_page = asked.anchor.match == "exact"
    return f"page {clean.shown(*clean.page(asked.anchor.value[0]))}" if of_page else f"department {WHOLE_ESTATE}"


def _edges(asking: Asking[Parameters]) -> pl.DataFrame:
    """The edges of one week or month: from the start to the first step, from step to step, and to how they ended."""
    found = unfold(asking)
    nodes, links, how = found["nodes"], found["links"], found["ended_how"].with_columns(_told_how())
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


def _told_how() -> pl.Expr:
    """How journeys ended, without the hosts that too few clicked out to."""
    rare = pl.col("how").str.starts_with(walking.CLICKED) & (pl.col("sessions") < LIMIT)
    return pl.when(rare).then(pl.lit(f"{walking.CLICKED}another host")).otherwise("how").alias("how")


def _rebuilt(frames: Frames, asking: Asking[Parameters], *, told: bool) -> Frames:
    """The frames of an answer from rounded edges, with as many steps and pages as were asked for.

    Two sides show the same pages, the most common of either; their difference is one of rounded shares, where it may be
    `told` at all.
    """
    asked = asking.parameters
    sides = [
        _read(one.edges).filter((pl.col("step") <= asked.steps) & (pl.col("sessions") > 0)) for one in frames.flows
    ]
    shown = pl.concat([_ranked(side, asked.top) for side in sides]).unique()
    now, *other = (_tables(side, shown) for side in sides)
    tables = {name: _beside(name, now[name], other[0][name], told=told) for name in KEYS} if other else now
    journeys = dict(zip(("journeys", "compared_journeys"), map(_journeys, sides), strict=False))
    found = {name: _ordered(name, table).with_columns(**journeys) for name, table in tables.items()}
    made = fitted(found.pop("nodes"), found)
    return replace(frames, main=made.main, others=made.others)


def _read(edges: pl.DataFrame) -> pl.DataFrame:
    """Edges as the step that each leads to, and the names at its ends; the start has none."""
    head, tail = (pl.col(name).str.splitn(" ", 2) for name in ("head", "tail"))
    return edges.select(
        head.struct[0].cast(pl.Int64).alias("step"),
        tail.struct[1].alias("tail"),
        head.struct[1].alias("head"),
        "sessions",
    )


def _journeys(edges: pl.DataFrame) -> pl.Expr:
    """The sessions that take part."""
    return pl.lit(edges.filter(pl.col("step") == 0)["sessions"].sum(), pl.Int64)


def _ranked(edges: pl.DataFrame, top: int | None) -> pl.DataFrame:
    """The pages seen most at each step: `step`, `page`."""
    pages = edges.filter(~pl.col("head").is_in(SPECIAL) & ~pl.col("head").str.starts_with(HOW))
    summed = pages.group_by("step", pl.col("head").alias("page")).agg(pl.col("sessions").sum())
    ordered = summed.sort("step", pl.col("sessions") * -1, "page")
    return ordered.group_by("step", maintain_order=True).head(top or NODES).select("step", "page")


def _tables(edges: pl.DataFrame, shown: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """The rows of each frame of one side, whose `shown` pages stand by their names."""
    is_how = pl.col("head").str.starts_with(HOW)
    moves = _folded(edges.filter(~is_how), shown)
    named_ = pl.col("to").replace("(began)", "(ended)").alias("page")
    return {
        "nodes": moves.group_by("step", named_).agg(pl.col("sessions").sum()),
        "links": moves.filter(pl.col("step") > 0).select(pl.col("step") - 1, "from", "to", "sessions"),
        "ended_how": edges.filter(is_how).select("step", pl.col("head").str.strip_prefix(HOW).alias("how"), "sessions"),
    }


def _folded(moves: pl.DataFrame, shown: pl.DataFrame) -> pl.DataFrame:
    """Moves between what is shown, all other pages as one."""
    here = shown.with_columns(known=pl.lit(value=True))
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


def _beside(name: str, now: pl.DataFrame, other: pl.DataFrame, *, told: bool) -> pl.DataFrame:
    """The rows of both sides; a page that one doesn't name is among its other pages, so that its number is hidden there."""
    keys = KEYS[name]
    both = now.join(other.rename({"sessions": "compared_sessions"}), on=keys, how="full", coalesce=True)
    pages = pl.any_horizontal(~pl.col(key).is_in(SPECIAL) for key in keys[1:]) & (name != "ended_how")
    nothing = pl.when(pages).then(HIDDEN).otherwise(0)
    # What is computed of rounded counts is computed later; here 0 says only that there will be a value.
    return both.with_columns(
        pl.col("sessions", "compared_sessions").fill_null(nothing),
        compared_share=0.0,
        difference=pl.lit(0.0 if told else None, pl.Float64),
        **dict.fromkeys(UNTOLD, pl.lit(None)),
    )


def _ordered(name: str, table: pl.DataFrame) -> pl.DataFrame:
    """Most first, what isn't a page after the pages; ties by name."""
    most = [pl.col(one) * -1 for one in ("sessions", "compared_sessions") if one in table.columns]
    step, *names = (pl.col(key) for key in KEYS[name])
    if name == "ended_how":
        return table.sort(step, *names)
    special = [names[0].replace_strict(PLACES, default=0)] if name == "nodes" else []
    return table.sort(step, *special, *most, *names).with_columns(share=0.0)
