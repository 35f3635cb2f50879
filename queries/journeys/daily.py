"""Journeys counted by day as well: what intervals of shares are worked out from."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from queries.journeys.count import STOPPED
from queries.journeys.walk import Array


@dataclass(frozen=True)
class Days:
    """The day of each journey, from 0 to `count` - 1."""

    of_journey: Array
    count: int

    @property
    def journeys(self) -> Array:
        """How many journeys each day has."""
        return np.bincount(self.of_journey, minlength=self.count)

    def counted(self, label: Array, labels: int, among: Array) -> Array:
        """Journeys by day and label, `[count, labels]`; `among` says which journeys count."""
        places = self.of_journey[among] * labels + label[among]
        return np.bincount(places, minlength=self.count * labels).reshape(self.count, labels)


def at_faces(days: Days, faces: Sequence[Array], width: int) -> list[Array]:
    """What is shown at each step by day, `[day, face]`; those that stopped count at the step after their last."""
    gone = [np.zeros(len(days.of_journey), bool), *((before == STOPPED) for before in faces[:-1])]
    return [days.counted(face.astype(np.int64), width, ~left) for face, left in zip(faces, gone, strict=True)]


def at_links(days: Days, faces: Sequence[Array], width: int, links: Sequence[Array]) -> list[Array]:
    """The links of each step by day; `links[k]` are `tail * width + head` of those to count, every one that there is."""
    found = []
    for (before, after), wanted in zip(pairwise(faces), links, strict=False):
        order = np.argsort(wanted)
        among = before != STOPPED
        place = np.zeros(len(before), np.int64)
        place[among] = np.searchsorted(wanted[order], before[among].astype(np.int64) * width + after[among])
        counts = np.zeros((days.count, len(wanted)), np.int64)
        counts[:, order] = days.counted(place, len(wanted), among)
        found.append(counts)
    return found


def stopped(days: Days, faces: Sequence[Array], how: Array, hows: int) -> list[Array]:
    """How journeys stopped at each step by day, `[day, how]`."""
    none = np.zeros((days.count, hows), np.int64)
    ends = [(before != STOPPED) & (after == STOPPED) for before, after in pairwise(faces)]
    return [none, *(days.counted(how, hows, ended) for ended in ends)]
