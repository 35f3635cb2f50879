"""Completion in the same visit: of sessions that saw a service's start page, those that saw an end page of it later on.

It is what the funnel of the service from its start pages to its end pages counts, for every service at once.
"""

from typing import Any, Final

import polars as pl

from data.periods import Period
from data.register import register
from data.register.records import Service
from data.store import Segment
from queries.asking import Asking, sql
from queries.page_sets import definitions

VISITS: Final = ("visit_starts", "visit_completions")
DAILY: Final = pl.Schema({"service": pl.String, "day": pl.Date, **dict.fromkeys(VISITS, pl.Int64)})


def daily(asking: Asking[Any], period: Period) -> pl.DataFrame:
    """One row a service and day, of those services that have both start and end pages."""
    services = [one for one in register.services.values() if one.start_pages and one.end_pages]
    parts = [
        _of_segment(asking, segment, services, period) for segment in asking.reading.segments(asking.account, period)
    ]
    return pl.concat([pl.DataFrame(schema=DAILY), *parts])


def _of_segment(asking: Asking[Any], segment: Segment, services: list[Service], period: Period) -> pl.DataFrame:
    marked = [
        (one, page, is_end)
        for one in services
        for pages, is_end in ((one.start_pages, False), (one.end_pages, True))
        for page in definitions.registered(asking, segment, pages).tolist()
    ]
    bound = {
        "services": [one.number for one, _, _ in marked], "pages": [page for _, page, _ in marked],
        "ends": [is_end for _, _, is_end in marked], "first": period.first, "last": period.last,
    }  # fmt: skip
    slugs = {one.number: one.slug for one in services}
    found = asking.reading.run(segment, sql("services_visits"), bound)
    return found.with_columns(pl.col("service").replace_strict(slugs, return_dtype=pl.String)).cast(DAILY)
