"""What services returned, figure by figure, in the record shape in which it is published and comes in again."""

from typing import Final

import polars as pl

from data.contract import ALL_CHANNELS, RATINGS
from data.periods import Period
from queries import periods, shapes
from queries.asking import Asking, Frames, Value
from queries.columns import Column, label
from queries.parameters import Common
from queries.services import returns, rolling_up, services
from queries.services.kpis import TARGETS
from queries.services.returns import figures, returned

FILTERS: Final = services.FILTERS
MORE_COLUMNS: Final[dict[str, tuple[Column, ...]]] = {}
DEFINITION: Final = (
    "One record a figure that a service returned: channel all is the total, satisfaction-1 to -5 are how many gave each score, cost "
    "is in pounds. Where a department and GDS sent the same figure, the department's own. For publication other channels than digital "
    "are left to the total."
)
PARAMETERS: Final = returns.Parameters
COLUMNS: Final = (
    label("service"), label("channel"), Column("count", pl.Float64, "as dataType says", "count"), label("dataType"), label("period"),
    label("department"), label("agency"),
)  # fmt: skip
TYPES: Final = {
    "transactions": "transactions-by-channel", "started": "started", "completed": "completed", "cost": "cost",
    **{name: name.replace("rating_", "satisfaction-") for name in RATINGS},
    **{name: name.replace("_", "-") for name in TARGETS},
}  # fmt: skip
PUBLISHED: Final = ("transactions", "digital_transactions", "started", "completed", "cost", *RATINGS, *TARGETS)
period_of: Final = services.period_of
SHAPE: Final = shapes.rows(COLUMNS)


def answer(asking: Asking[Common]) -> Frames:
    """The records of periods that end on the days asked for, by service and period."""
    if asking.parameters.publication:
        rows = returned(asking, Period(periods.EVER.first, asking.period.last))
        return Frames(
            pl.DataFrame(), atoms=rolling_up.atoms(rows), rebuilt=lambda frames: _published(frames, rows, asking.period)
        )
    return _frames(figures(asking, asking.period).rename({"value": "count"}))


def present(frames: Frames, asking: Asking[Common]) -> Value:
    """One object a record."""
    return frames.main.head(asking.parameters.limit).to_dicts()


def _published(frames: Frames, rows: pl.DataFrame, asked: Period) -> Frames:
    """The records of rounded counts; costs and targets are nobody's, and stay."""
    atoms = frames.atoms if frames.atoms is not None else pl.DataFrame()
    told = rolling_up.within(rolling_up.of_atoms(atoms, rows), asked)
    long = told.unpivot(
        PUBLISHED, index=["service", "department", "agency", "first", "last", "period"],
        variable_name="measure", value_name="count",
    )  # fmt: skip
    digital = pl.col("measure") == "digital_transactions"
    named = long.with_columns(
        channel=pl.when(digital).then(pl.lit("digital")).otherwise(pl.lit(ALL_CHANNELS)),
        measure=pl.when(digital).then(pl.lit("transactions")).otherwise("measure"),
    )
    return _frames(named.filter(pl.col("count").is_not_null()))


def _frames(long: pl.DataFrame) -> Frames:
    ordered = long.sort("first", "last", "department", "service", "measure", "channel")
    told = ordered.with_columns(pl.col("measure").replace_strict(TYPES, return_dtype=pl.String).alias("dataType"))
    return Frames(told.select(pl.col(column.name).cast(column.type) for column in COLUMNS))
