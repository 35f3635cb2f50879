"""The set of pages that filters leave: pages, services, document types, departments, organisations, topics, all at once."""

from collections.abc import Sequence
from functools import reduce
from typing import Any, Final

import numpy as np

from data.periods import Period
from data.store import Segment
from queries.asking import Asking, sql
from queries.page_sets import definitions
from queries.pages.page_tables import Array

NAMES: Final = ("page", "service", "document_type", "department", "organisation", "topic")


def narrowed(asking: Asking[Any]) -> bool:
    """Whether any filter leaves out pages."""
    return any(getattr(asking.parameters, name) for name in NAMES)


def of(asking: Asking[Any], segment: Segment, names: Sequence[str] = NAMES) -> Array:
    """The numbers of the segment's pages that fit every filter of these and that the viewer may see, in order."""
    wanted = {name: values for name in names if (values := getattr(asking.parameters, name))}
    return reduce(np.intersect1d, (definitions.pages(asking, segment, name, values) for name, values in wanted.items()))


def seen(asking: Asking[Any], segment: Segment, period: Period) -> Array:
    """Those of them that were seen on days of the period: a page that changed has other numbers on other days."""
    return among(asking, segment, period, of(asking, segment))


def among(asking: Asking[Any], segment: Segment, period: Period, pages: Array) -> Array:
    """Those of these pages, in order, that were seen on days of the period."""
    if not len(pages) or segment.period.overlap(period) == segment.period:
        return pages
    bound = {"low": int(pages[0]), "high": int(pages[-1]), "first": period.first, "last": period.last}
    there: Array = asking.reading.run(segment, sql("pages_seen"), bound)["page"].to_numpy()
    return np.intersect1d(pages, there)
