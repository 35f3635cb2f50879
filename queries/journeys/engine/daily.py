"""Journeys counted by day as well: what intervals of shares are worked out from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from queries.journeys.engine.count import STOPPED
from queries.journeys.engine.walk import Array, Walks


@dataclass(frozen=True)
class Days:
    """Journeys, and the day of each, from 0 to `count` - 1."""

    walks: Walks
    of_journey: Array
    count: int

    @property
    def journeys(self) -> Array:
        """How many journeys each day has."""
        return np.bincount(self.of_journey, minlength=self.count)

    def counted(self, labels: Iterable[Array], width: int) -> list[Array]:
        """At each step the journeys that have it by day and label, `[count, width]`; `labels` are below `width`."""
        return [self.at(k, label, width) for k, label in enumerate(labels)]

    def at(self, step: int, label: Array, width: int) -> Array:
        """The same at one step."""
        places = self.of_journey[self.walks.places[step]] * width + label
        return np.bincount(places, minlength=self.count * width).reshape(self.count, width)


def at_faces(days: Days, faces: Sequence[Array], width: int) -> list[Array]:
    """What is shown at each step by day, `[day, face]`; those that stopped count at the step after their last."""
    found = days.counted(faces, width)
    there = [counts.sum(axis=1) for counts in found]
    for counts, (before, after) in zip(found[1:], pairwise(there), strict=True):
        counts[:, STOPPED] = before - after
    return found


def at_links(days: Days, faces: Sequence[Array], width: int, links: Sequence[Array]) -> list[Array]:
    """The links of each step by day; `links[k]` are `tail * width + head` of those to count, every one that there is."""
    found = []
    for k, ((before, after), wanted) in enumerate(zip(pairwise(faces), links, strict=False)):
        link = before.astype(np.int64) * width + STOPPED
        link[days.walks.on[k]] += after
        order = np.argsort(wanted)
        counts = np.zeros((days.count, len(wanted)), np.int64)
        counts[:, order] = days.at(k, np.searchsorted(wanted[order], link), len(wanted))
        found.append(counts)
    return found


def stopped(days: Days, how: Array, hows: int) -> list[Array]:
    """How journeys stopped at each step by day, `[day, how]`."""
    there = days.counted((how[places] for places in days.walks.places), hows)
    return [there[0] * 0, *(before - after for before, after in pairwise(there))]
