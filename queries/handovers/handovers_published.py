"""Handovers for publication: each pair of departments, and each service, rounded week by week or month by month."""

from collections.abc import Callable
from typing import Any, Final

import polars as pl

from data import errors
from data.periods import Period
from data.register import register
from queries.asking import Asking, Frames
from queries.departments import summary_sums
from queries.handovers import handover_sums, handovers_services, starts
from queries.parameters import Common
from queries.periods import atoms_of, named
from queries.publication import HIDDEN

REFUSED: Final = ("device", "channel", "service", "page")  # beside those that are never published
COUNTS: Final = ("sessions", "steps", "from_sessions", *starts.COUNTS)
SIDES: Final = ("", "_comparison")
KINDS: Final = ("pair", "department", "service")
NONE: Final = pl.lit(0, pl.UInt8)
NOTE: Final = (
    "Each number is rounded on its own, so those of a service need not add up to its start page sessions. "
    "What was expected of them isn't published."
)
Show = Callable[[Frames, Asking[Any]], Frames]


def require_publishable(asked: Common) -> None:
    """Raise `BadRequest` for what makes sets that are published nowhere else."""
    for name in REFUSED:
        if getattr(asked, name):
            raise errors.BadRequest("This can't be published", f"Leave out {name}: handovers are published whole", name)
    if getattr(asked, "pass_through", False):
        raise errors.BadRequest("This can't be published", "Leave out pass_through", "pass_through")


def published(asking: Asking[Any], show: Show) -> Frames:
    """The atoms, and how the answer is made of them; `show` brings rows into their final form."""
    periods = {SIDES[0]: asking.period} | ({SIDES[1]: asking.comparison} if asking.comparison else {})
    parts = [_of_atom(asking, side, atom) for side, period in periods.items() for atom in atoms_of(period)]
    return Frames(
        pl.DataFrame(),
        atoms=pl.concat(parts),
        rebuilt=lambda frames: show(_rebuilt(frames, asking), asking),
        notes=(NOTE,),
    )


def _of_atom(asking: Asking[Any], side: str, atom: Period) -> pl.DataFrame:
    """Pairs, departments and services of one whole week or month, in one form."""
    pairs = handover_sums.daily(asking, atom).group_by(handover_sums.PAIR).agg(pl.col("sessions", "steps").sum())
    totals = (
        summary_sums.daily(asking, atom, atoms=True)
        .group_by("department", "device", "channel")
        .agg(pl.col("sessions").sum())
    )
    services = starts.daily(asking, atom).group_by("service").agg(pl.col(starts.COUNTS).sum())
    came, went = (_department(name) for name in handover_sums.PAIR)
    whose = pl.format("department {}", _department("department"))
    forms = (
        pairs.select(came.alias("name"), went.alias("to"), "sessions", "steps", set=pl.format("handover {} > {}", came, went), kind=pl.lit("pair")),
        totals.select(
            _department("department").alias("name"), pl.lit("").alias("to"), "device", "channel", set=whose, kind=pl.lit("department"),
            from_sessions="sessions",
        ),
        services.select(pl.col("service").alias("name"), pl.lit("").alias("to"), *starts.COUNTS, set=pl.format("start of {}", "service"), kind=pl.lit("service")),
    )  # fmt: skip
    return pl.concat([_formed(one) for one in forms]).with_columns(side=pl.lit(side), period=pl.lit(named(atom)))


def _department(column: str) -> pl.Expr:
    names = {**register.department_names, summary_sums.ESTATE: "Whole estate"}
    return pl.col(column).replace_strict(names, return_dtype=pl.String)


def _formed(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with every count, 0 where they have none, for all devices and channels unless they say which."""
    nothing = [pl.lit(0, pl.Int64).alias(name) for name in COUNTS if name not in rows.columns]
    cells = [NONE.alias(name) for name in ("device", "channel") if name not in rows.columns]
    return rows.with_columns(*nothing, *cells).select(
        "set", "kind", "name", "to", "device", "channel", pl.col(COUNTS).cast(pl.Int64)
    )


def _rebuilt(frames: Frames, asking: Asking[Any]) -> Frames:
    """Pairs with their departments' sessions, and services, from rounded atoms."""
    atoms = frames.atoms if frames.atoms is not None else pl.DataFrame()
    compared = asking.comparison is not None
    kinds = {kind: _sides(atoms.filter(pl.col("kind") == kind), compared=compared) for kind in KINDS}
    totals = kinds["department"].select("name", *(f"from_sessions{side}" for side in SIDES))
    pairs = kinds["pair"].join(totals, on="name", how="left", maintain_order="left", suffix="_of_department")
    pairs = pairs.with_columns(
        pl.col(f"from_sessions{side}_of_department").alias(f"from_sessions{side}") for side in SIDES
    )
    main = pairs.rename({"name": "from"}).with_columns(department=pl.col("from"))
    services = handovers_services.described(kinds["service"].rename({"name": "service"}), asking)
    return Frames(main, {"services": handovers_services.ordered(services)}, notes=frames.notes)


def _sides(rows: pl.DataFrame, *, compared: bool) -> pl.DataFrame:
    """One row for each of the period, with the comparison's counts beside."""
    now, before = (rows.filter(pl.col("side") == side) for side in SIDES)
    past = before.select("name", "to", pl.col(COUNTS).name.suffix(SIDES[1]))
    joined = now.drop("set", "kind", "side").join(past, on=["name", "to"], how="left", maintain_order="left")
    hidden = pl.lit(HIDDEN if compared else None, pl.Int64)  # what has no atom may be anything below the limit
    return joined.with_columns(pl.col(f"{name}{SIDES[1]}").fill_null(hidden) for name in COUNTS)
