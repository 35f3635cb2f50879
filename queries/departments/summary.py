"""Every department beside the others and the whole estate: the measures, what they were before, and whether it is real."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import polars as pl

from data import errors
from queries import metrics, parameters, shapes
from queries.asking import Asking, Frames, Value
from queries.columns import Column, label
from queries.departments.row_names import named as row_name
from queries.departments.row_names import rows, status
from queries.departments.summary_sums import DAILY, daily, of_pages, sums, why_no_visitors
from queries.metrics import formulas
from queries.parameters import Common
from queries.periods import atoms_of, days_with_data, named
from queries.publication import HIDDEN
from queries.verdicts import changes
from queries.verdicts.compared import Compared

MEASURES: Final = (
    "sessions", "page_views", "visitors", "landings", "exits", "exit_rate", "single_page_rate", "searches",
)  # fmt: skip
NEEDED: Final = ("single_page",)  # by a rate, but not shown
FILTERS: Final = frozenset(parameters.FILTERS)
PARAMETERS: Final = Common
COLUMNS: Final[tuple[Column, ...]] = (
    label("department"), label("status"),
    *(column for name in MEASURES for column in changes.columns(name)),
    *changes.hidden_columns(*NEEDED),
)  # fmt: skip
MORE_COLUMNS: Final[dict[str, tuple[Column, ...]]] = {}
DEFINITION: Final = (
    "A change's interval holds it in 95 of 100 cases, from how much days of the same weekday differ. "
    "Unusual is a change whose 99% interval leaves 0 and that stays among those of which, over all rows, at most 1 in 100 "
    f"is a false find (Benjamini-Hochberg). {metrics.definitions(*MEASURES)}"
)
ADDS_UP: Final = "Departments add up to more than the estate: a session counts once for each department that it saw."
TAGGED: Final = (
    "By tags, page views too add up to more than the total: a page counts for each organisation it is tagged with."
)
NOT_SHARED: Final = "Not shared concerns service hosts: figures of www.gov.uk are here for every department."
NO_VISITORS: Final = "Visitors have no value where sessions were sent without visitors."
OTHER_DAYS: Final = "No change is computed: the two periods don't have the same weekdays."
SIDES: Final = ("", "_comparison")  # of a column's name: the period, and the one it is compared with
SHAPE: Final = shapes.rows(COLUMNS)


def answer(asking: Asking[Common]) -> Frames:
    """A row for the whole estate, then one for each department of these days."""
    if asking.parameters.publication:
        if of_pages(asking):
            sentence = "Leave out filters on pages: a set's figures are published by trend, a page's by pages"
            raise errors.BadRequest("This can't be published", sentence, "page")
        return Frames(
            pl.DataFrame(), atoms=atoms(asking, rows(asking)), rebuilt=lambda frames: _published(frames, asking)
        )
    numbers = rows(asking)
    now = sums(asking, asking.period, numbers)
    compared_with = asking.comparison if _days_compared(asking) else None
    before = sums(asking, compared_with, numbers) if compared_with else now.empty()
    compared = Compared(now, before, frozenset(unchanged(asking)))
    values = [compared.measured(name) for name in MEASURES] + [compared.counted(name) for name in NEEDED]
    frame = pl.DataFrame({key: series for part in values for key, series in part.items()})
    unnamed = now.lacks_visitors and not why_no_visitors(asking, asking.period)
    frame = frame.with_columns(department=pl.Series(map(row_name, numbers)))
    return _frames(frame, asking, *([NO_VISITORS] if unnamed else ()))


def present(frames: Frames, asking: Asking[Common]) -> Value:
    """One object a row."""
    hidden = [column.name for column in COLUMNS if not column.shown]
    return frames.main.head(asking.parameters.limit).drop(hidden).to_dicts()


def unchanged(asking: Asking[Any], measures: Sequence[str] = MEASURES) -> dict[str, str]:
    """The measures of which no change is computed, each with the reason as a sentence, or none."""
    if asking.comparison is None:
        return dict.fromkeys(measures, "")
    if not (asking.parameters.publication or changes.same_weekdays(asking.period, asking.comparison)):
        return dict.fromkeys(measures, OTHER_DAYS)
    return dict(changes.broken(measures, asking.account, asking.period, asking.comparison))


def _days_compared(asking: Asking[Any]) -> int:
    """How many days of the comparison have data: missing is not zero."""
    return len(days_with_data(asking.reading, asking.account, asking.comparison)) if asking.comparison else 0


def unlike(asking: Asking[Any], *, left_out: bool = True) -> str:
    """Which days of the two periods have no data, and what that means for the change, as a sentence, or nothing.

    `left_out` says that the day beside one without data is left out of the change, which published ones never do.
    """
    if asking.comparison is None:
        return ""
    days = f"{asking.comparison.first} to {asking.comparison.last}"
    if not _days_compared(asking):
        return f"There is nothing to compare with: no day of {days} has data."
    missing = changes.unlike_days(asking.reading, asking.account, asking.period, asking.comparison)
    if not missing:
        return ""
    have = "1 day has" if missing == 1 else f"{missing} days have"
    if asking.parameters.publication or not left_out:
        return f"Compare with care: {have} no data in one of the periods, and the change counts no data as nothing."
    return f"Like days alone are compared: {have} no data in one of the periods, and the day beside it is left out too."


def _notes(asking: Asking[Common]) -> Iterator[str]:
    yield from (ADDS_UP, NOT_SHARED)
    yield from filter(None, [unlike(asking)])
    if asking.parameters.attribution == "tagged":
        yield TAGGED
    yield from filter(None, (why_no_visitors(asking, asking.period), *sorted(set(unchanged(asking).values()))))


def _frames(frame: pl.DataFrame, asking: Asking[Common], *notes: str) -> Frames:
    columns = (pl.col(column.name).cast(column.type) for column in COLUMNS)
    return Frames(frame.with_columns(status=_statuses(frame, asking)).select(columns), notes=(*_notes(asking), *notes))


def _statuses(frame: pl.DataFrame, asking: Asking[Common]) -> pl.Series:
    return pl.Series([status(name, asking) for name in frame["department"].to_list()], dtype=pl.String)


def atoms(asking: Asking[Any], numbers: list[int]) -> pl.DataFrame:
    """The sums of each of these rows by whole week or month, device and channel, with the `side` that they belong to."""
    periods = {SIDES[0]: asking.period} | ({SIDES[1]: asking.comparison} if asking.comparison else {})
    parts = [
        daily(asking, atom, atoms=True)
        .filter(pl.col("department").is_in(numbers))
        .group_by("department", "device", "channel")
        .agg(pl.col(DAILY).sum())
        .with_columns(side=pl.lit(side), period=pl.lit(named(atom)))
        for side, period in periods.items()
        for atom in atoms_of(period)
    ]
    names = (
        pl.col("department")
        .cast(pl.Int64)
        .replace_strict({row: row_name(row) for row in numbers}, return_dtype=pl.String)
    )
    return pl.concat(parts).with_columns(department=names).with_columns(set=pl.format("department {}", "department"))


def _published(frames: Frames, asking: Asking[Common]) -> Frames:
    """The rows made of rounded atoms; what has none is hidden, for it may be anything below the limit."""
    atoms = frames.atoms if frames.atoms is not None else pl.DataFrame()
    found = pl.DataFrame({"department": [row_name(row) for row in rows(asking)]}).with_columns(
        visitors=None, visitors_comparison=None
    )
    for side in SIDES:
        told = atoms.filter(pl.col("side") == side).select("department", pl.col(DAILY).name.suffix(side))
        joined = found.join(told, on="department", how="left", maintain_order="left")
        hidden = pl.lit(HIDDEN if told.height else None, pl.Int64)
        found = joined.with_columns(pl.col(f"{name}{side}").fill_null(hidden) for name in DAILY)
    whole = found.with_columns(formulas(COLUMNS))
    nothing = [
        pl.lit(None).alias(column.name)
        for column in COLUMNS
        if column.name not in whole.columns or _without(column, asking)
    ]
    return _frames(whole.with_columns(nothing), asking)


def _without(column: Column, asking: Asking[Common]) -> bool:
    return column.name.removesuffix("_change") in unchanged(asking) and column.name.endswith("_change")
