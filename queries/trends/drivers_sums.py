"""The counts of a measure by the values of one dimension, named as the viewer may see them."""

from typing import Any, Final

import polars as pl

from data.contract import CHANNELS, DEVICES
from data.periods import Period
from data.register import register
from data.store import Segment
from queries.asking import WHOLE_ESTATE, Asking, sql
from queries.metrics import METRICS
from queries.page_sets import sets
from queries.pages import page_names
from queries.pages.page_sums import sessions_that_fit

OTHER: Final = "(other)"
UNKNOWN: Final = "(not known)"
NO_PAGE: Final = "(no page)"  # searches before any page view, or at pages that aren't shared
NO_SERVICE: Final = "(no service)"
Name = tuple[str, str | None]  # and the department whose figure it is
NAMED: Final = {"name": pl.String, "department": pl.String}


def by_value(asking: Asking[Any], period: Period) -> pl.DataFrame:
    """Columns name, department, the measure's numerator and its denominator, or `none`; one row a value that has any."""
    counts = METRICS[asking.parameters.measure].counts
    wanted = [*counts, *(["none"] if len(counts) == 1 else [])]
    parts = [_of_segment(asking, segment, period) for segment in asking.reading.segments(asking.account, period)]
    empty = pl.DataFrame(schema=NAMED | dict.fromkeys(wanted, pl.Int64))
    typed = [
        part.with_columns(none=pl.lit(0)).select(pl.col(n).cast(t) for n, t in empty.schema.items()) for part in parts
    ]
    summed = pl.concat([empty, *typed]).group_by("name", "department").agg(pl.col(wanted).sum())
    return summed.filter(pl.any_horizontal(pl.col(wanted) > 0))


def _of_segment(asking: Asking[Any], segment: Segment, period: Period) -> pl.DataFrame:
    asked, narrowed = asking.parameters, sets.narrowed(asking)
    bound: dict[str, object] = {
        "first": period.first, "last": period.last, "by": asked.by, "now": asked.structure == "now", "narrowed": narrowed,
        "pages": sets.of(asking, segment).tolist() if narrowed else [], **sessions_that_fit(asking),
    }  # fmt: skip
    if asked.measure == "searches":
        found = asking.reading.run(segment, sql("drivers_searches"), bound)
    else:
        found = asking.reading.run(segment, sql("drivers"), bound | {"sessions": asked.measure == "sessions"})
    return found.with_columns(pl.DataFrame(_names(asking, segment, found["number"].to_list()), NAMED, orient="row"))


def _names(asking: Asking[Any], segment: Segment, numbers: list[int]) -> list[Name]:
    if asking.parameters.by == "page":
        return _of_pages(asking, segment, numbers)
    if asking.parameters.by == "service":
        slugs = dict(asking.reading.run(segment, sql("drivers_services"), {}).iter_rows())
        return [
            (slug, register.services[slug].department) if (slug := slugs.get(number)) else (NO_SERVICE, None)
            for number in numbers
        ]
    return [_named(asking, number) for number in numbers]


def _named(asking: Asking[Any], number: int) -> Name:
    """The name of a department, device or channel."""
    if asking.parameters.by == "department":
        return register.department_names[number], register.department_names[number]
    words = DEVICES if asking.parameters.by == "device" else CHANNELS
    return (words[number - 1] if number else UNKNOWN), _whole(asking)


def _whole(asking: Asking[Any]) -> str | None:
    """Whose figures are split by device or channel."""
    return (
        None
        if sets.narrowed(asking) and len(asking.parameters.department) != 1
        else (*asking.parameters.department, WHOLE_ESTATE)[0]
    )


def _of_pages(asking: Asking[Any], segment: Segment, numbers: list[int]) -> list[Name]:
    told = page_names.named(asking, segment, pl.Series(numbers, dtype=pl.UInt32))
    names = {number: (name, department) for number, name, department in told.iter_rows()}
    return [names.get(number, (NO_PAGE, None)) for number in numbers]
