"""Services that are like another: of other departments, those that start with the same word and have about as many sessions."""

import math
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from data.register import register


def ranked(sizes: Mapping[str, int], slug: str, day: date) -> list[str]:
    """The services of `sizes` (sessions by slug) that belonged to other departments on a day, most alike first.

    Those that start with the same word (apply, pay, renew) stand first, the nearest in size first; then the nearest of any.
    """
    mine, verb = sizes.get(slug) or 1, _verb(slug)
    others = [one for one in sizes if owner(one, day) != owner(slug, day)]
    return sorted(others, key=lambda one: (_verb(one) != verb, _apart(sizes[one], mine), one))


@lru_cache(maxsize=4_096)
def owner(slug: str, day: date) -> str:
    """The department of a service on a day."""
    service = register.services[slug]
    return register.department_on(service.department, service.agency, day)


def _verb(slug: str) -> str:
    return register.services[slug].name.split(" ", 1)[0]


def _apart(size: int, mine: int) -> float:
    return abs(math.log(size / mine)) if size else math.inf
