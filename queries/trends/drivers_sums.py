"""The counts of a measure by the values of one dimension, named as the viewer may see them."""

from datetime import date
from typing import Any, Final

import numpy as np
import polars as pl

from data.contract import CHANNELS, DEVICES
from data.periods import Period
from data.register import register
from data.store import Segment
from queries.asking import WHOLE_ESTATE, Asking, sql
from queries.handovers import starts
from queries.metrics import METRICS
from queries.page_sets import sets
from queries.pages import page_names, page_tables
from queries.pages.page_sums import sessions_that_fit
from queries.pages.page_tables import Array
from queries.periods import days_with_data
from queries.terms.term_sums import Searches

OTHER: Final = "(other)"
UNKNOWN: Final = "(not known)"
NO_PAGE: Final = "(no page)"  # searches before any page view, or at pages that aren't shared
NO_SERVICE: Final = "(no service)"
SPLITS: Final = ("page", "channel", "device", "department", "service")
ARRIVALS: Final = ("arrivals", "arrival_rate")
Name = tuple[str, str | None]  # and the department whose figure it is
NAMED: Final = {"name": pl.String, "department": pl.String}


def splits(measure: str) -> tuple[str, ...]:
    """What the change of a measure can be split by: an arrival is of a service, not of a page, and only a search has a term."""
    return SPLITS[1:] if measure in ARRIVALS else (*SPLITS, "term") if measure == "searches" else SPLITS


def by_value(asking: Asking[Any], period: Period) -> pl.DataFrame:
    """Columns name, department, the measure's numerator and its denominator, or `none`; one row a value that has any."""
    counts = METRICS[asking.parameters.measure].counts
    wanted = [*counts, *(["none"] if len(counts) == 1 else [])]
    if asking.parameters.measure in ARRIVALS:
        parts = [_of_starts(asking, period)]
    else:
        parts = [_of_segment(asking, segment, period) for segment in asking.reading.segments(asking.account, period)]
    empty = pl.DataFrame(schema=NAMED | dict.fromkeys(wanted, pl.Int64))
    typed = [
        part.with_columns(none=pl.lit(0)).select(pl.col(n).cast(t) for n, t in empty.schema.items()) for part in parts
    ]
    summed = pl.concat([empty, *typed]).group_by("name", "department").agg(pl.col(wanted).sum())
    return summed.filter(pl.any_horizontal(pl.col(wanted) > 0))


def _of_starts(asking: Asking[Any], period: Period) -> pl.DataFrame:
    """Of services that were shared on the days of both periods."""
    sides, by = [one for one in (asking.period, asking.comparison) if one], asking.parameters.by
    days = frozenset[date]().union(*(days_with_data(asking.reading, asking.account, one) for one in sides))
    if by in {"service", "department"}:
        return starts.told(asking, period, days).with_columns(name=by)
    found = starts.told(asking, period, days, by)
    names = [_named(asking, number) for number in found["part"].to_list()]
    return found.with_columns(pl.DataFrame(names, NAMED, orient="row"))


def _of_segment(asking: Asking[Any], segment: Segment, period: Period) -> pl.DataFrame:
    searches = asking.parameters.measure == "searches"
    found = (_searched if searches else _viewed)(asking, segment, period)
    return found.with_columns(pl.DataFrame(_names(asking, segment, found["number"].to_list()), NAMED, orient="row"))


def _viewed(asking: Asking[Any], segment: Segment, period: Period) -> pl.DataFrame:
    asked, narrowed = asking.parameters, sets.narrowed(asking)
    bound: dict[str, object] = {
        "first": period.first, "last": period.last, "by": asked.by, "now": asked.structure == "now", "narrowed": narrowed,
        "pages": sets.of(asking, segment).tolist() if narrowed else [], "sessions": asked.measure == "sessions",
        **sessions_that_fit(asking),
    }  # fmt: skip
    return asking.reading.run(segment, sql("drivers"), bound)


def _searched(asking: Asking[Any], segment: Segment, period: Period) -> pl.DataFrame:
    """The searches of each value, by its number; 0 is no page and whatever belongs to none."""
    found, by = Searches(asking, segment, period), asking.parameters.by
    rows = found.rows
    if asking.parameters.term:
        rows = rows.filter(pl.col("value").is_in(found.numbers([asking.parameters.term]).implode()))
    if by in {"device", "channel", "term"}:
        number = rows["value" if by == "term" else by].to_numpy()
    else:
        number = _of_each_page(asking, segment)[rows["page"].to_numpy()]
    return pl.DataFrame({"number": number}).group_by("number").agg(pl.len().alias("searches"))


def _of_each_page(asking: Asking[Any], segment: Segment) -> Array:
    """By page number the number of the page, or of its department or service."""
    pages, by = page_tables.table(asking.reading, segment), asking.parameters.by
    found = np.arange(len(pages.key))
    if by == "department":
        found = pages.owner_now if asking.parameters.structure == "now" else pages.owner_then
    if by == "service":
        rows = asking.reading.run(segment, sql("drivers_pages"), {})
        found = np.zeros(len(pages.key), np.int64)
        found[rows["page"].to_numpy()] = rows["service"].to_numpy()
    return np.where(pages.mark, 0, found)


def _names(asking: Asking[Any], segment: Segment, numbers: list[int]) -> list[Name]:
    if asking.parameters.by == "page":
        return _of_pages(asking, segment, numbers)
    if asking.parameters.by == "service":
        slugs = dict(asking.reading.run(segment, sql("drivers_services"), {}).iter_rows())
        return [
            (slug, register.services[slug].department) if (slug := slugs.get(number)) else (NO_SERVICE, None)
            for number in numbers
        ]
    if asking.parameters.by == "term":
        words = dict(Searches(asking, segment, asking.period).read.words.iter_rows())
        return [(words[number], _whole(asking)) for number in numbers]
    return [_named(asking, number) for number in numbers]


def _named(asking: Asking[Any], number: int) -> Name:
    """The name of a department, device or channel."""
    if asking.parameters.by == "department":
        return register.department_names[number], register.department_names[number]
    words = DEVICES if asking.parameters.by == "device" else CHANNELS
    return (words[number - 1] if number else UNKNOWN), _whole(asking)


def _whole(asking: Asking[Any]) -> str | None:
    """Whose figures are split by device or channel; those of a search term are nobody's, unless one department's."""
    asked = asking.parameters
    narrowed = sets.narrowed(asking) or asked.term or asked.by == "term"
    return None if narrowed and len(asked.department) != 1 else (*asked.department, WHOLE_ESTATE)[0]


def _of_pages(asking: Asking[Any], segment: Segment, numbers: list[int]) -> list[Name]:
    told = page_names.named(asking, segment, pl.Series(numbers, dtype=pl.UInt32))
    names = {number: (name, department) for number, name, department in told.iter_rows()}
    return [names.get(number, (NO_PAGE, None)) for number in numbers]
