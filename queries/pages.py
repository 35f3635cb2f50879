"""Pages with their measures, sorted and paged; pages of another department's services are one row per department."""

from typing import Final, Literal

import polars as pl

from queries.asking import Asking, Frames, Value
from queries.columns import Column, count, label
from queries.parameters import Common

DEFINITION: Final = (
    "A page's sessions are the sessions with a page view of it; page views, landings and exits are counted likewise."
)


class Parameters(Common):
    """How the rows are sorted and which of them are given."""

    order: Literal["ascending", "descending"] = "descending"


PARAMETERS: Final = Parameters
COLUMNS: Final[tuple[Column, ...]] = (
    label("key", dtype=pl.Int64),
    count("sessions", "sessions"),
    count("page_views", "page views"),
)
MORE_COLUMNS: Final[dict[str, tuple[Column, ...]]] = {}


def answer(asking: Asking[Parameters]) -> Frames:
    """One row per page."""
    period = asking.period
    found = asking.each("pages", first=period.first, last=period.last)
    return Frames(
        pl.concat(found).group_by("key").agg(pl.col("sessions", "page_views").sum()).sort("page_views", "key")
    )


def present(frames: Frames, asking: Asking[Parameters]) -> Value:
    """The rows of the table."""
    return frames.main.head(asking.parameters.limit).to_dicts()
