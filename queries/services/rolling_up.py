"""Rows of returns put together: a service's year, several services weighted by their transactions, and what is missing."""

from typing import Final

import polars as pl

from data.contract import RATINGS
from data.periods import Period
from queries.asking import WHOLE_ESTATE
from queries.publication import HIDDEN
from queries.services.kpis import COMPLETION, COST, COUNTS, TAKE_UP, TARGETS
from queries.services.returns import IN_A_YEAR, SHORT, rolled
from queries.services.same_visit import VISITS

NAMED: Final = ("service", "name", "department", "agency")
SUMMED: Final = (*COUNTS, *COMPLETION, *TAKE_UP)
OF_ATOMS: Final = (*SUMMED, "done")
SIDES: Final = {  # of each KPI: the column that is there where it was returned
    "started and completed": COMPLETION[1], "satisfaction": RATINGS[-1], "transactions by channel": TAKE_UP[1], "cost": "spent",
}  # fmt: skip
LACKING: Final = {**SIDES, "12-month total": "year_transactions"}
KEYS: Final = {
    "service": NAMED,
    "agency": ("department", "agency"),
    "department": ("department",),
    "estate": (),
}
BETWEEN: Final = "; "


def added(name: str) -> pl.Expr:
    """The sum of what is known: none where nothing is, hidden where all of it is."""
    known = pl.col(name).filter(pl.col(name) >= 0)
    value = pl.when(known.len() > 0).then(known.sum())
    return pl.coalesce(value, pl.col(name).min()).alias(name)


def within(rows: pl.DataFrame, asked: Period) -> pl.DataFrame:
    """The rows of periods that end on these days."""
    return rows.filter(pl.col("last").is_between(asked.first, asked.last))


def yearly(rows: pl.DataFrame, asked: Period) -> pl.DataFrame:
    """One row a service: its year, from the periods of one length, those of which most days are there."""
    inside = rows.filter(pl.col("first") >= asked.first, pl.col("last") <= asked.last)
    days = (pl.col("last") - pl.col("first")).dt.total_days() + 1
    fullest = inside.group_by("service", "unit").agg(days.sum().alias("days"), pl.len().alias("periods"))
    fullest = fullest.sort("service", "days", "periods", "unit", descending=[False, True, True, False])
    chosen = inside.join(
        fullest.unique("service", keep="first"), on=["service", "unit"], how="semi", maintain_order="left"
    )
    needed = pl.col("unit").first().replace_strict(IN_A_YEAR, return_dtype=pl.Int64)
    volume = pl.col("transactions")
    found = chosen.group_by("service", maintain_order=True).agg(
        *(pl.col(name).last() for name in ("name", "department", "agency", "unit", *TARGETS)),
        *map(added, (*SUMMED, "cost", "spent", "done")),
        pl.when(volume.count() >= needed).then(volume.sum()).alias("year_transactions"),
        pl.concat_list(_odd().implode(), _gaps(needed)).alias("flags"),
    )
    silent = rows.sort("last").unique("service", keep="last").join(found, on="service", how="anti")
    names = [name for name in found.columns if name in silent.columns and name in NAMED]
    found = pl.concat([found, silent.select(names)], how="diagonal").with_columns(pl.col("flags").fill_null([]))
    ends = {
        "unit": pl.lit("year"),
        "period": pl.lit(str(asked)),
        "first": pl.lit(asked.first),
        "last": pl.lit(asked.last),
    }
    costs = {COST[0]: pl.col("spent"), COST[1]: pl.col("done")}
    return found.with_columns(**ends, **costs)


def _odd() -> pl.Expr:
    """What is wrong with any of its periods, each once; how long costs go back is said of the year itself."""
    said = pl.col("flags").list.explode(empty_as_null=False)
    return said.filter(said != SHORT).unique(maintain_order=True)


def _gaps(needed: pl.Expr) -> pl.Expr:
    """For how many periods of its year a service returned anything, and each KPI that it returned for fewer of these."""
    told = [pl.when(pl.len() < needed).then(pl.format("returned for {} of {} periods", pl.len(), needed))]
    told += [
        pl.when(pl.col(name).count().is_between(1, pl.len() - 1)).then(
            pl.format("{} in {} of them", pl.lit(kpi), pl.col(name).count())
        )
        for kpi, name in SIDES.items()
    ]
    return pl.concat_list(told).list.drop_nulls()


def visited(rows: pl.DataFrame, visits: pl.DataFrame) -> pl.DataFrame:
    """The rows with the sessions of their days that started and completed; none where journeys have no such day."""
    places = rows.select("service", "first", "last").unique()
    inside = places.join(visits, on="service").filter(pl.col("day").is_between(pl.col("first"), pl.col("last")))
    sums = inside.group_by("service", "first", "last").agg(pl.col(VISITS).sum())
    return rows.join(sums, on=["service", "first", "last"], how="left", maintain_order="left")


def grouped(rows: pl.DataFrame, by: str, volume: str) -> pl.DataFrame:
    """One row for each of `by` and period, in order; services that returned nothing for a KPI are said in its flags.

    It is published, in part or not, by whether its services have a `volume`.
    """
    keys = [*KEYS[by], "unit", "period", "first", "last"]
    sized = rows.with_columns(pl.col("service").n_unique().over([*KEYS[by], "unit"]).alias("services"))
    flags = pl.col("flags").list.explode(empty_as_null=False)
    told = flags if by == "service" else _lacking(pl.col("services").first())
    found = sized.group_by(keys, maintain_order=True).agg(
        *map(added, (*SUMMED, "cost", *COST, "year_transactions", *VISITS)),
        *(pl.col(name).first() if by == "service" else pl.lit(None, pl.Float64).alias(name) for name in TARGETS),
        pl.col("services").first(),
        _status(volume).alias("status"),
        told.implode().alias("flags") if by == "service" else told.alias("flags"),
    )
    whole = {"service": None, "agency": None, "department": WHOLE_ESTATE}
    found = found.with_columns(
        pl.lit(value, pl.String).alias(name) for name, value in whole.items() if name not in keys
    )
    title = {"service": "name", "agency": "agency", "department": "department", "estate": "department"}[by]
    small = pl.any_horizontal((pl.col(name) == HIDDEN).fill_null(value=False) for name in RATINGS)
    answers = pl.when(~pl.all_horizontal(pl.col(name).is_null() for name in RATINGS)).then(pl.sum_horizontal(RATINGS))
    said = pl.col("flags").list.join(BETWEEN)
    return found.with_columns(
        pl.col(title).alias("name"),
        pl.when(small).then(HIDDEN).otherwise(answers).alias("responses"),
        pl.when(said != "").then(said).alias("flags"),
    ).sort("first", "last", "department", "agency", "service", nulls_last=True)


def _status(volume: str) -> pl.Expr:
    found = pl.col(volume).count()
    part = pl.when(found < pl.len()).then(pl.lit("published in part")).otherwise(pl.lit("published"))
    return pl.when(found == 0).then(pl.lit("not published")).otherwise(part)


def _lacking(services: pl.Expr) -> pl.Expr:
    """For each KPI that some of the services didn't return: how many of them."""
    told = [
        pl.when(pl.col(name).count().is_between(1, services - 1)).then(
            pl.format("{} of {} services returned no {}", services - pl.col(name).count(), services, pl.lit(kpi))
        )
        for kpi, name in LACKING.items()
    ]
    return pl.concat_list(told).list.drop_nulls()


def atoms(rows: pl.DataFrame) -> pl.DataFrame:
    """The counts of each service and period as what is rounded once."""
    none = pl.lit(0, pl.UInt8)
    return rows.select(
        pl.format("returns {} {}", "service", "unit").alias("set"), "period", none.alias("device"), none.alias("channel"),
        "service", "unit", pl.col("period").alias("of"), *OF_ATOMS,
    )  # fmt: skip


def of_atoms(found: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with their rounded counts, and the sums of twelve months made of these."""
    told = found.drop("set").rename({"of": "period"})
    kept = rows.drop(*OF_ATOMS, "year_transactions", *COST)
    return rolled(kept.join(told, on=["service", "unit", "period"], maintain_order="left"))
