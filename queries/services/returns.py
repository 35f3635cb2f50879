"""What services returned, as one row a service and period: counts, the twelve months that end with it, what is odd."""

from typing import Any, Final

import polars as pl
from pydantic import field_validator

from data import errors
from data.contract import ALL_CHANNELS, RATINGS
from data.periods import Period
from data.register import register
from queries.asking import Asking, sql
from queries.parameters import Common
from queries.periods import EVER
from queries.services.kpis import COMPLETION, COST, TAKE_UP, TARGETS

FIGURES: Final = pl.Schema(
    {
        **dict.fromkeys(("service", "title", "department", "agency"), pl.String),
        **dict.fromkeys(("first", "last"), pl.Date),
        **dict.fromkeys(("measure", "channel"), pl.String),
        "value": pl.Float64,
    }
)
NAMED: Final = pl.Schema(
    dict.fromkeys(("service", "title", "department", "agency", "name", "owner", "body"), pl.String)
)
PLACE: Final = ("service", "name", "department", "agency", "unit", "period", "first", "last")
IN_A_YEAR: Final = {"week": 52, "month": 12, "quarter": 4, "year": 1}  # periods of each unit
MOST_DAYS: Final = {"week": 7, "month": 31, "quarter": 92}
DIGITAL_ABOVE: Final = "digital above total"
OFF_TOTAL: Final = "channels don't add up to the total"
OVER_STARTED: Final = "completed above started"
SHORT: Final = "fewer than 12 months of costs"


class Parameters(Common):
    """The parameters of a question about returns, which also come from services that the register doesn't hold."""

    @field_validator("service")
    @classmethod
    def _known(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        return values


def figures(asking: Asking[Any], period: Period) -> pl.DataFrame:
    """One row a figure of the services and departments asked for, each once, of periods that end on these days.

    Raises `BadRequest` for a service that neither the register nor a return knows.
    Columns: service, name, department, agency, unit, period, first, last, measure, channel, value.
    """
    unknown = set(asking.parameters.service) - register.services.keys()
    if unknown and (lacking := unknown - set(_read(asking, EVER)["service"])):
        raise errors.BadRequest(
            f"No service is called {min(lacking)[:60]!r}", "Nothing of this name ever returned anything", "service"
        )
    whole = _read(asking, period)
    once = whole.unique(["service", "first", "last", "measure", "channel"], keep="first", maintain_order=True)
    named = once.join(_names(once, now=asking.parameters.structure == "now"), on=NAMED.names()[:4], nulls_equal=True)
    wanted = [register.department(short).short for short in asking.parameters.department]
    kept = named.filter(pl.col("owner").is_in(wanted)) if wanted else named
    told = kept.drop("department", "agency").rename({"owner": "department", "body": "agency"})
    return told.with_columns(_unit().alias("unit")).with_columns(_period().alias("period"))


def _read(asking: Asking[Any], period: Period) -> pl.DataFrame:
    """Every figure of the services asked for, of periods that end on these days."""
    bound = {"first": period.first, "last": period.last, "services": list(asking.parameters.service)}
    parts = [asking.reading.run(one, sql("services"), bound) for one in asking.reading.returns()]
    return pl.concat([pl.DataFrame(schema=FIGURES), *parts])


def returned(asking: Asking[Any], period: Period) -> pl.DataFrame:
    """One row a service and period that ends on these days: every count that was returned, null for what wasn't."""
    return rolled(_counted(figures(asking, period)))


def _names(figures: pl.DataFrame, *, now: bool) -> pl.DataFrame:
    """What each service, its department and its agency are called, in the structure of its days or of today.

    A return that doesn't say its service's name or agency has those of another that does.
    """
    rows, told = (
        [],
        {name: dict(figures.drop_nulls(name).select("service", name).iter_rows()) for name in ("title", "agency")},
    )
    for service, title, department, agency in figures.select(NAMED.names()[:4]).unique().iter_rows():
        known = register.services.get(service)
        body = register.organisation(known.agency or "") if known else None
        owner = register.as_now(department, known.agency if known else None) if now else department
        name = known.name if known else title or told["title"].get(service, service)
        rows.append(
            (
                service,
                title,
                department,
                agency,
                name,
                owner,
                (body.short or body.name) if body else agency or told["agency"].get(service),
            )
        )
    return pl.DataFrame(rows, NAMED, orient="row")


def _counted(figures: pl.DataFrame) -> pl.DataFrame:
    """One row a service and period out of its figures."""
    digital = _figure("transactions", pl.col("channel") == "digital")
    found = figures.group_by(PLACE, maintain_order=True).agg(
        *(_total(name).cast(pl.Int64).alias(name) for name in ("started", "completed", "transactions", *RATINGS)),
        digital.cast(pl.Int64).alias("digital_transactions"),
        _figure("transactions", pl.col("channel") == ALL_CHANNELS).alias("whole"),
        _parts("transactions").alias("parts"),
        _total("cost").alias("cost"),
        *(_total(name).alias(name) for name in TARGETS),
    )
    return found.with_columns(*_pairs(), _odd().alias("flags")).drop("whole", "parts")


def _unit() -> pl.Expr:
    """Whether a period is a week, month, quarter or year, by its length."""
    days = (pl.col("last") - pl.col("first")).dt.total_days() + 1
    unit = pl.lit("year")
    for name, most in reversed(MOST_DAYS.items()):
        unit = pl.when(days <= most).then(pl.lit(name)).otherwise(unit)
    return unit


def _period() -> pl.Expr:
    """`2020-10`, `2020-Q4`, `2020-W44`, `2020`, or the first and last day of another year."""
    first, unit = pl.col("first"), pl.col("unit")
    days = pl.format("{}..{}", first.dt.to_string(), pl.col("last").dt.to_string())
    quarter = pl.format("{}-Q{}", first.dt.year(), first.dt.quarter())
    return (
        pl.when(unit == "month").then(first.dt.to_string("%Y-%m"))
        .when(unit == "week").then(first.dt.to_string("%G-W%V"))
        .when((unit == "quarter") & (first.dt.month() % 3 == 1)).then(quarter)
        .when((unit == "year") & (first.dt.month() == 1)).then(first.dt.to_string("%Y"))
        .otherwise(days)
    )  # fmt: skip


def _figure(measure: str, channel: pl.Expr) -> pl.Expr:
    return pl.col("value").filter((pl.col("measure") == measure) & channel).first()


def _parts(measure: str) -> pl.Expr:
    """The sum of a measure's channels; none where no channel was returned by itself."""
    parts = pl.col("value").filter((pl.col("measure") == measure) & (pl.col("channel") != ALL_CHANNELS))
    # Digital alone is a part of a total that wasn't returned, not the total.
    alone = (pl.col("measure") == measure) & ~pl.col("channel").is_in([ALL_CHANNELS, "digital"])
    return pl.when(alone.any()).then(parts.sum())


def _total(measure: str) -> pl.Expr:
    """A measure as returned for all channels, else the sum of its channels."""
    digital = _figure(measure, pl.col("channel") == "digital") if measure in {"started", "completed"} else pl.lit(None)
    return pl.coalesce(_figure(measure, pl.col("channel") == ALL_CHANNELS), _parts(measure), digital)


def _pairs() -> list[pl.Expr]:
    """Both sides of each formula, where both were returned; all transactions count as completed where nothing else is said."""
    completed = pl.coalesce("transactions", "completed")
    sides = {
        COMPLETION: (pl.col("completed"), pl.col("started")),
        TAKE_UP: (pl.col("digital_transactions"), pl.col("transactions")),
        ("spent", "done"): (pl.col("cost"), completed),
    }
    return [
        pl.when(top.is_not_null() & bottom.is_not_null()).then(side).alias(name)
        for names, (top, bottom) in sides.items()
        for name, side in zip(names, (top, bottom), strict=True)
    ]


def _odd() -> pl.Expr:
    """What is wrong with the figures of a row, in words; they are shown as they were returned."""
    odd = {
        DIGITAL_ABOVE: pl.col("digital_transactions") > pl.col("transactions"),
        OFF_TOTAL: (pl.col("parts") != pl.col("whole")) & (pl.col("parts") > pl.col("digital_transactions")),
        OVER_STARTED: pl.col("completed") > pl.col("started"),
    }
    words = [pl.when(rule.fill_null(value=False)).then(pl.lit(said)) for said, rule in odd.items()]
    return pl.concat_list(words).list.drop_nulls()


def rolled(rows: pl.DataFrame) -> pl.DataFrame:
    """The same rows with the sums of the twelve months that end with each; a year's volume only where no period is missing."""
    rounded = pl.col("transactions", "spent", "done")
    before = rows.select("service", "unit", "first", "last", pl.when(rounded >= 0).then(rounded))
    pairs = rows.select("service", "unit", "last", from_day=pl.col("last").dt.offset_by("1d").dt.offset_by("-12mo"))
    inside = pairs.join(before, on=["service", "unit"], suffix="_before").filter(
        pl.col("last_before") <= pl.col("last"), pl.col("first") >= pl.col("from_day")
    )
    needed = pl.col("unit").replace_strict(IN_A_YEAR, return_dtype=pl.Int64)
    volumes = pl.col("transactions")
    sums = inside.group_by("service", "unit", "last").agg(
        pl.when(volumes.count() >= needed.first()).then(volumes.sum()).alias("year_transactions"),
        pl.when(pl.col("spent").count() > 0).then(pl.col("spent").sum()).alias(COST[0]),
        pl.when(pl.col("done").count() > 0).then(pl.col("done").sum()).alias(COST[1]),
        (pl.col("spent").count() < needed.first()).alias("is_short"),
    )
    found = rows.join(sums, on=["service", "unit", "last"], how="left", maintain_order="left")
    short = pl.when(pl.col("is_short") & pl.col(COST[0]).is_not_null()).then(pl.lit(SHORT))
    return found.with_columns(pl.concat_list("flags", short).list.drop_nulls().alias("flags")).drop("is_short")
