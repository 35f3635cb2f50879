"""Completion in the same visit: of sessions that saw a service's start page, those that saw an end page of it later on.

It is what the funnel of the service from its start pages to its end pages counts, for every service at once.
"""

from functools import partial
from typing import Any, Final

import polars as pl

from data.periods import Period
from data.register import register
from data.register.records import Service
from data.store import Segment
from queries.asking import Asking, sql
from queries.cache import Kept
from queries.page_sets import definitions

VISITS: Final = ("visit_starts", "visit_completions")
DAILY: Final = pl.Schema({"service": pl.String, "day": pl.Date, **dict.fromkeys(VISITS, pl.Int64)})
KEPT: Final = 256  # segments; a day and service takes 30 bytes
_kept: Final[Kept[pl.DataFrame]] = Kept(KEPT)


def daily(asking: Asking[Any], period: Period) -> pl.DataFrame:
    """One row a service and day, of those services that have both start and end pages."""
    services = [one for one in register.services.values() if one.start_pages and one.end_pages]
    segments = asking.reading.segments(asking.account, period)
    parts = [_kept.find((one.sha256,), partial(_of_segment, asking, one, services)) for one in segments]
    whole = pl.concat([pl.DataFrame(schema=DAILY), *parts])
    return whole.filter(pl.col("day").is_between(period.first, period.last))


def _of_segment(asking: Asking[Any], segment: Segment, services: list[Service]) -> pl.DataFrame:
    """Every day of a segment, kept under its hash: it never changes."""
    marked = [
        (one, page, is_end)
        for one in services
        for pages, is_end in ((one.start_pages, False), (one.end_pages, True))
        for page in definitions.registered(asking, segment, pages).tolist()
    ]
    bound = {
        "services": [one.number for one, _, _ in marked], "pages": [page for _, page, _ in marked],
        "ends": [is_end for _, _, is_end in marked], "first": segment.first_day, "last": segment.last_day,
    }  # fmt: skip
    slugs = {one.number: one.slug for one in services}
    found = asking.reading.run(segment, sql("services_visits"), bound)
    return found.with_columns(pl.col("service").replace_strict(slugs, return_dtype=pl.String)).cast(DAILY)
