"""Why a measure moved: its change between two periods, split into contributions that add up to it exactly.

A count's contribution is what each value has more or less; a session counts where it first saw the set, so that each
counts once. A rate's is made of a mix effect, what moving between values of different rates does, and a rate effect, what
changing rates do, each at the average of both periods (Kitagawa 1955), so that nothing is left over.
"""

from typing import Final, Literal

import polars as pl
from pydantic import model_validator

from queries import shapes
from queries.asking import WHOLE_ESTATE, Asking, Frames, Value
from queries.columns import Column, count, derived, label
from queries.departments.summary import OTHER_DAYS, unlike
from queries.metrics import METRICS
from queries.parameters import Common, Words
from queries.periods import days_with_data
from queries.trends.drivers_sums import OTHER, by_value, splits
from queries.verdicts.changes import broken, same_weekdays

FILTERS: Final = frozenset(
    {"department", "device", "channel", "country", "page", "service", "document_type", "organisation", "topic"}
)
_COUNTS: Final = ("count", "count_comparison", "of", "of_comparison")
_BEFORE: Final = ("value_comparison", "count_comparison", "of_comparison")
_HIDDEN: Final = tuple(count(name, "as the measure", shown=False) for name in _COUNTS)
_VALUES: Final = tuple(derived(name, "as the measure", _COUNTS) for name in ("value", "value_comparison"))
COLUMNS: Final[tuple[Column, ...]] = (
    label("name"), label("department"), *_HIDDEN, *_VALUES,
    *(derived(name, "as the measure", _COUNTS) for name in ("contribution", "mix_effect", "rate_effect")),
)  # fmt: skip
MORE_COLUMNS: Final[dict[str, tuple[Column, ...]]] = {
    "total": (label("department"), *_HIDDEN, *_VALUES, derived("change", "as the measure", _COUNTS))
}
DEFINITION: Final = (
    "Contributions add up to the change of the measure between the two periods. A session counts for the page, department or "
    "service where it first saw the set. A rate's contribution is its mix effect, from moving between values of different rates, "
    "and its rate effect, from rates that changed. Arrivals from start pages count for services that were shared on the days of both "
    "periods, on days for which their files are in."
)
NO_COMPARISON: Final = "No change is computed: there is no period to compare with."
MIXED_DAYS: Final = f"{OTHER_DAYS.rsplit(':', 1)[1].strip().capitalize()} Part of the change is that."


class Parameters(Common):
    """What moved, and by what its change is split."""

    measure: Literal[
        "page_views",
        "sessions",
        "landings",
        "exits",
        "searches",
        "exit_rate",
        "single_page_rate",
        "arrivals",
        "arrival_rate",
    ] = "page_views"
    by: Literal["page", "channel", "device", "department", "service", "term"] = "page"
    term: Words = ""

    @model_validator(mode="after")
    def _can_be_split(self) -> "Parameters":
        if self.by not in splits(self.measure):
            raise ValueError(f"by should be one of {', '.join(splits(self.measure))} for {self.measure}")
        if self.term and self.measure != "searches":
            raise ValueError("term should only be given with measure searches")
        return self


PARAMETERS: Final = Parameters
SHAPE: Final = shapes.whole(
    measure=shapes.TEXT, by=shapes.TEXT, total=shapes.row(MORE_COLUMNS["total"]), contributions=shapes.rows(COLUMNS)
)


def answer(asking: Asking[Parameters]) -> Frames:
    """The values that contributed most, those left over as one, and the total."""
    asked = asking.parameters
    reasons = _reasons(asking)
    rows = contributions(_paired(asking), is_rate=METRICS[asked.measure].is_rate)
    total = rows.select(pl.col(_COUNTS).sum()).with_columns(_values(METRICS[asked.measure].is_rate))
    total = total.with_columns(
        department=pl.lit(_scope(asking), pl.String), change=pl.col("value") - pl.col("value_comparison")
    )
    top = shortened(rows, asked.limit)
    if reasons:
        names = ("change", "contribution", "mix_effect", "rate_effect", *(() if _comparable(asking) else _BEFORE))
        top, total = (
            rows.with_columns(pl.lit(None, pl.Float64).alias(name) for name in names if name in rows.columns)
            for rows in (top, total)
        )
    notes = reasons or tuple(filter(None, [_mixed(asking), unlike(asking, left_out=False)]))
    return Frames(_typed(top, COLUMNS), {"total": _typed(total, MORE_COLUMNS["total"])}, notes=notes)


def present(frames: Frames, asking: Asking[Parameters]) -> Value:
    """The measure in both periods, its change, and the contributions that add up to it."""
    is_rate = METRICS[asking.parameters.measure].is_rate
    left_out = {*_COUNTS, *(() if is_rate else ("mix_effect", "rate_effect"))}
    total, *rows = (
        {key: _written(value, is_rate) for key, value in row.items() if key not in left_out}
        for row in [*frames.others["total"].to_dicts(), *frames.main.to_dicts()]
    )
    return {"measure": asking.parameters.measure, "by": asking.parameters.by, "total": total, "contributions": rows}


def _written(value: object, is_rate: bool) -> object:  # noqa: FBT001 - the kind of measure
    """Counts are whole numbers again."""
    return int(value) if isinstance(value, float) and not is_rate else value


def _reasons(asking: Asking[Parameters]) -> tuple[str, ...]:
    """Why no change is computed, or nothing."""
    if asking.comparison is None:
        return (NO_COMPARISON,)
    if not _comparable(asking):
        return (unlike(asking),)
    found = broken((asking.parameters.measure,), asking.account, asking.period, asking.comparison)
    return tuple(sentence for _, sentence in found)


def _comparable(asking: Asking[Parameters]) -> bool:
    """Whether any day to compare with has data: missing is not zero."""
    return bool(asking.comparison and days_with_data(asking.reading, asking.account, asking.comparison))


def _mixed(asking: Asking[Parameters]) -> str:
    """That the weekdays differ, as a sentence, or nothing."""
    alike = asking.comparison is not None and same_weekdays(asking.period, asking.comparison)
    return "" if alike else MIXED_DAYS


def _paired(asking: Asking[Parameters]) -> pl.DataFrame:
    """Each value's counts in both periods, 0 where it had none; without a comparison, none of it."""
    metric = METRICS[asking.parameters.measure]
    numerator, denominator = (*metric.counts, "none")[:2]
    named = {numerator: "count", denominator: "of"}
    now = by_value(asking, asking.period).rename(named)
    before = by_value(asking, asking.comparison).rename(named) if asking.comparison else now.clear()
    joined = now.join(
        before, on=["name", "department"], how="full", coalesce=True, suffix="_comparison", nulls_equal=True
    )
    return joined.with_columns(pl.col(_COUNTS).fill_null(0))


def _values(is_rate: bool) -> list[pl.Expr]:  # noqa: FBT001 - the kind of measure
    sides = {"value": ("count", "of"), "value_comparison": ("count_comparison", "of_comparison")}
    if not is_rate:
        return [pl.col(top).cast(pl.Float64).alias(name) for name, (top, _) in sides.items()]
    return [pl.when(pl.col(of) > 0).then(pl.col(top) / pl.col(of)).alias(name) for name, (top, of) in sides.items()]


def contributions(rows: pl.DataFrame, *, is_rate: bool) -> pl.DataFrame:
    """The rows with what each contributes; no value of a rate that the whole doesn't have in both periods."""
    valued = rows.with_columns(_values(is_rate))
    if not is_rate:
        change = pl.col("value") - pl.col("value_comparison")
        nothing = [pl.lit(None, pl.Float64).alias(name) for name in ("mix_effect", "rate_effect")]
        return valued.with_columns(nothing).with_columns(contribution=change)
    weight, weight_before = (pl.col(of) / pl.col(of).sum() for of in ("of", "of_comparison"))
    overall = (
        pl.col("count").sum() / pl.col("of").sum() + pl.col("count_comparison").sum() / pl.col("of_comparison").sum()
    ) / 2
    # A value that one of the periods lacks has no rate there: all that it does is mix.
    rate, rate_before = pl.coalesce("value", "value_comparison"), pl.coalesce("value_comparison", "value")
    known = (pl.col("of").sum() > 0) & (pl.col("of_comparison").sum() > 0)
    mix = (weight - weight_before) * ((rate + rate_before) / 2 - overall)
    own = (weight + weight_before) / 2 * (rate - rate_before)
    told = valued.with_columns(
        mix_effect=pl.when(known).then(mix.fill_null(0)), rate_effect=pl.when(known).then(own.fill_null(0))
    )
    return told.with_columns(contribution=pl.col("mix_effect") + pl.col("rate_effect"))


def shortened(rows: pl.DataFrame, limit: int) -> pl.DataFrame:
    """The rows that contribute most, up or down, and the others as one row."""
    by = (pl.col("contribution").abs(), "count", "name", "department")
    ordered = rows.sort(*by, descending=[True, True, False, False], nulls_last=True)
    rest = ordered.slice(limit)
    if rest.is_empty():
        return ordered
    sums = rest.select(pl.col(_COUNTS).sum(), pl.col("contribution", "mix_effect", "rate_effect").sum())
    missing = [
        pl.lit(None, pl.Float64).alias(name) for name in ("mix_effect",) if rest[name].null_count() == rest.height
    ]
    is_rate = not missing
    if missing:
        sums = sums.with_columns(*missing, pl.lit(None, pl.Float64).alias("rate_effect"))
    other = sums.with_columns(_values(is_rate)).with_columns(name=pl.lit(OTHER), department=pl.lit(None, pl.String))
    return pl.concat([ordered.head(limit), other.select(ordered.columns)])


def _scope(asking: Asking[Parameters]) -> str | None:
    """Whose the total is: one department's, the whole estate's, or nobody's for another set of pages."""
    asked = asking.parameters
    sets = (asked.page, asked.service, asked.document_type, asked.organisation, asked.topic, asked.term)
    if any(sets) or len(asked.department) > 1:
        return None
    return asked.department[0] if asked.department else WHOLE_ESTATE


def _typed(rows: pl.DataFrame, columns: tuple[Column, ...]) -> pl.DataFrame:
    return rows.select(pl.col(column.name).cast(column.type) for column in columns)
