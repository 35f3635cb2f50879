"""What analytics tools report of departments in sums: totals, days and pages, beside the figures that are counted here."""

from collections.abc import Iterable, Iterator
from typing import Final

import polars as pl

from data import access, clean
from data.contract import BUCKETS
from data.periods import Period
from data.register import PLATFORM, PLATFORM_SENDER, register
from data.settings import Settings
from data.store import Reading
from queries import periods, shapes
from queries.asking import Asking, Frames, Value, sql
from queries.columns import Column, count, label
from queries.disclosure import rows
from queries.parameters import Common

FILTERS: Final = frozenset({"department"})
PARAMETERS: Final = Common
DEFINITION: Final = (
    "Sums as an analytics tool reports them, not counted here: they hold no sessions to follow, so they are in no journey, no funnel "
    "and no total of the estate. Reports that lie wholly within the days count; where two of a department overlap, the longer one "
    "does. Page views and landings of reports add up. Sessions add up over days alone, where one that lasts over midnight counts "
    "on both, and never over pages; visitors never add up. A page that stood in several lines has no value for sessions. "
    "(other) and (not set) are what the tool doesn't tell apart. Doubt: the report was sampled, or cut short at its most rows."
)
WHY: Final = "Totals hold no sessions to follow"
COLUMNS: Final[tuple[Column, ...]] = (
    label("department"), label("page"), count("page_views", "page views"), count("sessions", "sessions"),
    count("landings", "landings"), label("reports", "reports", pl.Int64), label("doubt"),
)  # fmt: skip
MORE_COLUMNS: Final[dict[str, tuple[Column, ...]]] = {
    "totals": (
        label("department"), count("page_views", "page views"), label("page_views_days", "days", pl.Int64),
        count("sessions", "sessions"), label("sessions_days", "days", pl.Int64), label("doubt"),
    ),
    "days": (
        label("department"), label("day", "date", pl.Date), count("page_views", "page views"),
        count("sessions", "sessions"), count("visitors", "visitors"),
    ),
}  # fmt: skip
SHAPE: Final = shapes.whole(
    pages=shapes.rows(COLUMNS), pages_total=shapes.NUMBER, counted_here={"type": "boolean"}, why_no_journeys=shapes.TEXT,
    **{name: shapes.rows(columns) for name, columns in MORE_COLUMNS.items()},
)  # fmt: skip
FIGURES: Final = pl.Schema(
    {
        "department": pl.String, "first": pl.Date, "last": pl.Date, "what": pl.String, "host": pl.String,
        "path": pl.String, "measure": pl.String, "value": pl.Int64, "doubt": pl.String,
    }
)  # fmt: skip
VALUE: Final = pl.col("value")
WHOLE: Final = ("days", "hosts", "pages")  # what tells a total, the best first; the others' page views add up to one


def period_of(wanted: Common, reading: Reading, settings: Settings) -> Period:
    """The days asked for; without a last day the newest that a report is of, and 28 days up to it."""
    newest = max((one.last_day for one in reading.reports(wanted.account)), default=None)
    asked = wanted if wanted.last or newest is None else wanted.model_copy(update={"last": newest})
    if asked.first and asked.last and asked.first > asked.last:
        asked = wanted
    return periods.period_of(asked, reading, settings)


def answer(asking: Asking[Common]) -> Frames:
    """A row for each department and page, most page views first; beside it the totals and the days of departments."""
    figures = _chosen(_figures(asking))
    pages = _pages(figures, asking)
    frames = {"totals": _totals(figures), "days": _days(figures)}
    typed = {name: _typed(frame, MORE_COLUMNS[name]) for name, frame in frames.items()}
    return Frames(_typed(pages, COLUMNS), typed, notes=_notes(figures))


def present(frames: Frames, asking: Asking[Common]) -> Value:
    """The departments with their totals, days and pages, and why they are in no journey."""
    pages = rows(frames.main.head(asking.parameters.limit))
    others = {name: rows(frame) for name, frame in frames.others.items()}
    return {**others, "pages": pages, "pages_total": frames.main.height, "counted_here": False, "why_no_journeys": WHY}


def _figures(asking: Asking[Common]) -> pl.DataFrame:
    senders = [PLATFORM_SENDER if short == PLATFORM else short for short in _wanted(asking)]
    bound = {"first": asking.period.first, "last": asking.period.last, "departments": senders}
    parts = [asking.reading.run(one, sql("reported"), bound) for one in asking.reading.reports(asking.account)]
    found = pl.concat([pl.DataFrame(schema=FIGURES), *(part.cast(FIGURES) for part in parts)])
    return found.with_columns(pl.col("department").replace({PLATFORM_SENDER: PLATFORM}))


def _wanted(asking: Asking[Common]) -> list[str]:
    return [register.department(short).short for short in asking.parameters.department]


def _chosen(figures: pl.DataFrame) -> pl.DataFrame:
    """The figures of reports of which no two of a department and kind of row overlap: of two, those of the longer."""
    reports = figures.select("department", "what", "first", "last").unique()
    kept = [
        (department, what, one.first, one.last)
        for (department, what), some in reports.sort("department", "what", "first").group_by(
            "department", "what", maintain_order=True
        )
        for one in apart(Period(*days) for days in some.select("first", "last").iter_rows())
    ]
    return figures.join(pl.DataFrame(kept, reports.schema, orient="row"), on=reports.columns, how="semi")


def apart(found: Iterable[Period]) -> list[Period]:
    """Periods that don't overlap, the longest first."""
    kept: list[Period] = []
    for one in sorted(found, key=lambda one: (-one.days, one.first)):
        if not any(one.overlap(other) for other in kept):
            kept.append(one)
    return kept


def _pages(figures: pl.DataFrame, asking: Asking[Common]) -> pl.DataFrame:
    """Pages by name; those that the viewer may not see are one row a department, without sessions, which don't add up."""
    of_pages = figures.filter(pl.col("what").is_in(["pages", "landing pages"]))
    names = [_name(asking, *row) for row in of_pages.select("department", "host", "path").iter_rows()]
    named = of_pages.with_columns(pl.Series("page", names, pl.String)).filter(_first_to_tell("measure"))
    lines = pl.struct("host", "path").n_unique()
    found = named.group_by("department", "page").agg(
        _sum("page_views"), _sum("landings"),
        pl.when((lines == 1) & (_told("sessions") == pl.struct("first", "last").n_unique())).then(_sum("sessions")).alias("sessions"),
        pl.struct("first", "last").n_unique().cast(pl.Int64).alias("reports"), _doubt(),
    )  # fmt: skip
    return found.sort(
        "page_views", "landings", "department", "page", descending=[True, True, False, False], nulls_last=True
    )


def _name(asking: Asking[Common], department: str, host: str, path: str) -> str:
    if path in BUCKETS:
        return path if asking.viewer.owns(department) or not host else f"({department})"
    seen = access.may_see_page(asking.viewer, host, department)
    return clean.shown(host, path) if seen else f"({department})"


def _first_to_tell(*cell: str) -> pl.Expr:
    """Of the kinds of rows that tell the same of a department, the first of WHOLE that is there, else any."""
    rank = pl.col("what").replace_strict({what: place for place, what in enumerate(WHOLE)}, default=len(WHOLE))
    return rank == rank.min().over("department", *cell)


def _told(measure: str) -> pl.Expr:
    return (pl.col("measure") == measure).sum()


def _sum(measure: str, of: pl.Expr = VALUE) -> pl.Expr:
    """The sum over a measure's rows; none where nothing tells it."""
    mine = of.filter(pl.col("measure") == measure)
    return pl.when(mine.len() > 0).then(mine.sum()).alias(measure)


def _doubt() -> pl.Expr:
    told = pl.col("doubt").drop_nulls().unique().sort().str.join("; ")
    return pl.when(pl.col("doubt").is_not_null().any()).then(told).alias("doubt")


def _additive() -> pl.Expr:
    """Page views of any rows, sessions of rows that are days: what adds up to a total."""
    return (pl.col("measure") == "page_views") | ((pl.col("measure") == "sessions") & (pl.col("what") == "days"))


def _totals(figures: pl.DataFrame) -> pl.DataFrame:
    """Sums of departments, each with the days that it is of."""
    told = figures.filter(pl.col("what").is_in(WHOLE), _additive()).filter(_first_to_tell("measure"))
    periods_of = told.unique(["department", "measure", "first", "last"])
    days = periods_of.group_by("department").agg(
        _sum(measure, (pl.col("last") - pl.col("first")).dt.total_days() + 1).alias(f"{measure}_days")
        for measure in ("page_views", "sessions")
    )
    sums = told.group_by("department").agg(_sum("page_views"), _sum("sessions"), _doubt())
    return sums.join(days, on="department").sort("department")


def _days(figures: pl.DataFrame) -> pl.DataFrame:
    one = figures.filter(pl.col("what").is_in(WHOLE), pl.col("first") == pl.col("last")).rename({"first": "day"})
    visitors = (pl.col("measure") == "visitors") & (pl.col("what") == "days")
    told = one.filter(_additive() | visitors).filter(_first_to_tell("day", "measure"))
    sums = told.group_by("department", "day").agg(map(_sum, ("page_views", "sessions", "visitors")))
    return sums.sort("department", "day")


def _notes(figures: pl.DataFrame) -> tuple[str, ...]:
    return tuple(_said(figures)) if figures.height else ("No report lies wholly within these days.",)


def _said(figures: pl.DataFrame) -> Iterator[str]:
    yield f"As reported, not counted here. {WHY}, so these figures are in no journey, no funnel and no total of the estate."
    if figures["path"].is_in(BUCKETS).any():
        yield "(other) and (not set) hold page views of pages that the tool didn't tell apart."
    if doubts := sorted(set(figures["doubt"].drop_nulls())):
        yield f"Some reports were {' and some '.join(doubts)}: their figures are not all, or not exact."


def _typed(frame: pl.DataFrame, columns: tuple[Column, ...]) -> pl.DataFrame:
    return frame.select(pl.col(column.name).cast(column.type) for column in columns)
