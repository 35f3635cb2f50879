"""The daily series that the review looks at: departments, services, handovers, arrivals, pages, exits, answers, terms."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Final

import polars as pl

from data.periods import Period
from data.register import register
from data.store import Segment
from queries.asking import Asking, sql
from queries.cache import Kept
from queries.departments.summary_sums import daily
from queries.handovers import handover_sums, starts
from queries.handovers.handovers import Parameters as OfHandovers
from queries.pages import page_sums, page_tables
from queries.periods import days_with_data
from queries.verdicts.by_day import by_day, places_of
from queries.verdicts.expected import WINDOW
from queries.verdicts.statistics import Floats
from queries.verdicts.verdicts import WITHIN

BEFORE: Final = timedelta(WITHIN + WINDOW)  # days that the first placebo is expected from, and placebos
MOST: Final = 300  # things of a kind, those with most: many more would hide each other
LEAST_DAILY: Final = (
    3.0  # of what is counted on a day of the period or of those before it, below which nothing can be told
)
LEVELS: Final = {"hits": pl.Int64, "trials": pl.Int64}
OF_PAGES: Final = {"sessions": pl.Int64, "exits": pl.Int64, "page_views": pl.Int64}
NAMED: Final = {"day": pl.Date, "name": pl.String, "hits": pl.Int64}
KEPT_ROWS: Final = 2_000_000  # of all segments, 30 bytes each
_kept: Final[Kept[pl.DataFrame]] = Kept(KEPT_ROWS, lambda rows: rows.height)


@dataclass(frozen=True)
class Things:
    """The things of one kind: a count of each on each day, days first, or the two counts of a rate."""

    kind: str
    measure: str
    names: Sequence[str]
    departments: Sequence[str | None]
    hits: Floats
    trials: Floats | None = None

    def breaks(self, period: Period, account: str) -> tuple[date, ...]:
        """The days within the period from which the measure counts something else."""
        return tuple(one.day for one in register.calendar.breaks_in(period, self.measure, account))


@dataclass(frozen=True)
class Looked:
    """The days that are looked at, and those before them; what several kinds of things are found from is read once."""

    asking: Asking[Any]
    whole: Period

    def things(self, kind: str) -> Things:
        """The things of a kind over the whole of these days, those of which there are enough to tell anything."""
        rows, measure = _READERS[kind](self)
        rows = _enough(rows, self.asking.period)
        names = rows.select("name", "department").unique(maintain_order=True)
        levels = [name for name in LEVELS if name in rows.columns]
        arrays = by_day(rows, self.whole, places_of(rows["name"], names["name"]), rows=names.height, names=levels)
        return Things(
            kind, measure, names["name"].to_list(), names["department"].to_list(), arrays["hits"], arrays.get("trials")
        )

    @cached_property
    def words(self) -> pl.DataFrame:
        """Key, name and department of the pages with most sessions on these days or as many before, those that may be seen."""
        near = Period(self.asking.period.first - timedelta(self.asking.period.days), self.asking.period.last)
        told = page_sums.words(self.asking, _busiest(self.asking, near), near)
        return told.select("key", "department", name="page")

    @cached_property
    def pages(self) -> pl.DataFrame:
        """Day, name, department and the counts of `OF_PAGES` of these pages."""
        query, ends = sql("review_pages"), {"first": self.whole.first, "last": self.whole.last}
        bound: dict[str, object] = {"keys": self.words["key"].to_list(), **ends}
        return self.named([self.asking.reading.run(one, query, bound) for one in self._segments], OF_PAGES)

    def named(self, parts: Sequence[pl.DataFrame], counts: dict[str, Any]) -> pl.DataFrame:
        """The rows of these pages, by name."""
        rows = _typed(parts, {"day": pl.Date, "key": pl.Int64, **counts})
        return rows.join(self.words, on="key", maintain_order="left").drop("key")

    def each(self, query: str, segments: Sequence[Segment] | None = None) -> list[pl.DataFrame]:
        """The rows of segments, every one unless said, on these days. What one says is kept under its hash: it never changes."""
        asked = self._segments if segments is None else segments
        return [self._of(one, query).filter(pl.col("day").is_between(*self._ends)) for one in asked]

    @property
    def _ends(self) -> tuple[date, date]:
        return self.whole.first, self.whole.last

    @property
    def _segments(self) -> list[Segment]:
        return self.asking.reading.segments(self.asking.account, self.whole)

    def _of(self, segment: Segment, query: str) -> pl.DataFrame:
        def read() -> pl.DataFrame:
            return self.asking.reading.run(segment, sql(query), {})

        return _kept.find((segment.sha256, query), read)


def _enough(rows: pl.DataFrame, period: Period) -> pl.DataFrame:
    """The rows of things that were seen enough, now or in as many days before; the most seen of them."""
    near = pl.col("day") >= period.first - timedelta(period.days)
    base = pl.col("trials" if "trials" in rows.columns else "hits")
    sums = rows.filter(near).group_by("name").agg(base.sum().alias("seen"))
    kept = (
        sums.filter(pl.col("seen") >= LEAST_DAILY * period.days)
        .sort("seen", "name", descending=[True, False])
        .head(MOST)
    )
    return rows.join(kept.select("name"), on="name", how="semi", maintain_order="left")


def _departments(looked: Looked) -> tuple[pl.DataFrame, str]:
    """Those that there were on all of these days: one that closed didn't change, it closed."""
    found = daily(looked.asking, looked.whole).filter(pl.col("department").is_in(_there(looked.whole)))
    names = pl.col("department").replace_strict(register.department_names, return_dtype=pl.String)
    return found.select("day", names.alias("name"), names.alias("department"), hits="sessions"), "sessions"


def _there(whole: Period) -> list[int]:
    """The numbers of the departments that there were on all of these days."""
    return [one.number for one in register.departments if one.exists(whole.first) and one.exists(whole.last)]


def _services(looked: Looked) -> tuple[pl.DataFrame, str]:
    found = _typed(looked.each("review_services"), NAMED)
    owners = {slug: one.department for slug, one in register.services.items()}
    return found.with_columns(department=pl.col("name").replace_strict(owners, return_dtype=pl.String)), "sessions"


def _handovers(looked: Looked) -> tuple[pl.DataFrame, str]:
    """Pairs of departments. Each is both departments' own: who isn't named for one of them sees no small one."""
    asked = OfHandovers(account=looked.asking.account, structure=looked.asking.parameters.structure)
    of_pairs: Asking[Any] = replace(looked.asking, parameters=asked)
    known = pl.all_horizontal(pl.col(handover_sums.PAIR).is_in(_there(looked.whole)))
    found = handover_sums.daily(of_pairs, looked.whole).filter(known)
    came, went = (
        pl.col(one).replace_strict(register.department_names, return_dtype=pl.String) for one in handover_sums.PAIR
    )
    own = came.is_in(sorted(looked.asking.viewer.own))
    return found.select(
        "day", pl.format("{} to {}", came, went).alias("name"), pl.when(own).then(went).otherwise(came).alias("department"),
        hits="sessions",
    ), "handovers"  # fmt: skip


def _arrivals(looked: Looked) -> tuple[pl.DataFrame, str]:
    """Arrivals at a service over the sessions of its start pages, on days that tell; only of services always shared."""
    asking, whole, measure = looked.asking, looked.whole, "arrival_rate"
    breaks = register.calendar.breaks_in(whole, measure, asking.account)
    since = Period(max([whole.first, *(one.day for one in breaks)]), whole.last)
    rows = starts.told(asking, whole, days_with_data(asking.reading, asking.account, since))
    return rows.select("day", "department", name="service", hits="arrivals", trials="start_page_sessions"), measure


def _terms(looked: Looked) -> tuple[pl.DataFrame, str]:
    """What people searched for belongs to nobody."""
    asking = looked.asking
    found = _typed(looked.each("review_terms", asking.reading.months(asking.account, looked.whole)), NAMED)
    return found.with_columns(department=pl.lit(None, pl.String)), "searches"


def _pages(looked: Looked) -> tuple[pl.DataFrame, str]:
    return looked.pages.select("day", "name", "department", hits="sessions"), "sessions"


def _stops(looked: Looked) -> tuple[pl.DataFrame, str]:
    return looked.pages.select("day", "name", "department", hits="exits", trials="page_views"), "exit_rate"


def _answers(looked: Looked) -> tuple[pl.DataFrame, str]:
    return looked.named(looked.each("review_useful"), LEVELS), "usefulness"


def _busiest(asking: Asking[Any], near: Period) -> pl.Series:
    """The keys of the pages with most sessions on days, those that the viewer may see."""
    parts = [_visible(asking, one, near) for one in asking.reading.segments(asking.account, near)]
    empty = pl.DataFrame(schema={"key": pl.Int64, "sessions": pl.Int64})
    sums = pl.concat([empty, *parts]).group_by("key").agg(pl.col("sessions").sum())
    return sums.sort("sessions", "key", descending=[True, False]).head(MOST * 2)["key"]


def _visible(asking: Asking[Any], segment: Segment, near: Period) -> pl.DataFrame:
    rows = asking.reading.run(segment, sql("review_busiest"), {"first": near.first, "last": near.last})
    hidden = page_tables.hidden(asking, segment)
    return rows.filter(pl.Series(hidden[rows["page"].to_numpy()] == 0)).select("key", pl.col("sessions").cast(pl.Int64))


def _typed(parts: Sequence[pl.DataFrame], types: dict[str, Any]) -> pl.DataFrame:
    each = (part.select(pl.col(name).cast(kind) for name, kind in types.items()) for part in parts)
    return pl.concat([pl.DataFrame(schema=types), *each])


_READERS: Final[dict[str, Callable[[Looked], tuple[pl.DataFrame, str]]]] = {
    "department": _departments, "service": _services, "handover": _handovers,
    "start page to service": _arrivals, "page": _pages, "where people stop": _stops,
    "usefulness": _answers, "search term": _terms,
}  # fmt: skip
KINDS: Final = tuple(_READERS)
