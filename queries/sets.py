"""The set of pages that filters leave: pages, services, document types, departments, organisations, all at once."""

from functools import reduce
from typing import Any, Final

import numpy as np

from data.register import register
from data.store import Segment
from queries import definitions
from queries.asking import Asking, sql
from queries.definitions import Array

NAMES: Final = ("page", "service", "document_type", "department", "organisation")


def narrowed(asking: Asking[Any]) -> bool:
    """Whether any filter leaves out pages."""
    return any(getattr(asking.parameters, name) for name in NAMES)


def of(asking: Asking[Any], segment: Segment) -> Array:
    """The numbers of the segment's pages that fit every filter and that the viewer may see, in order."""
    found = [_pages(asking, segment, name) for name in NAMES if getattr(asking.parameters, name)]
    return reduce(np.intersect1d, found)


def _pages(asking: Asking[Any], segment: Segment, name: str) -> Array:
    values = getattr(asking.parameters, name)
    if name == "organisation":
        return _tagged(asking, segment, values)
    return definitions.pages(asking, segment, name, values)


def _tagged(asking: Asking[Any], segment: Segment, values: tuple[str, ...]) -> Array:
    """Pages tagged with a department or a body below it, as they were tagged then."""
    numbers = [register.number(short) for short in values]
    wanted = {"numbers": numbers, "bits": sum(1 << number for number in numbers), "now": False, "tagged": True}
    found = asking.reading.run(segment, sql("definitions_department"), wanted)
    return definitions.visible(found, asking.viewer)["page"].to_numpy()
