"""What changed on a day: changes.toml, put to the nodes it names."""

from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np

from data.contract import DEVICES
from data.demonstration import files
from data.demonstration.world import ERRORS, YES, Array, World, world


@dataclass(frozen=True, eq=False)
class Change:
    """One change and its days; changes.toml says what each field does."""

    first: date
    nodes: Array
    last: date = date.max
    device: str = ""
    going_on: float = 1.0
    errors: float = 1.0
    landings: float = 1.0
    link: tuple[tuple[Array, float], ...] = ()
    recorded: float = 1.0
    useful: float | None = None
    host: str = ""
    status: int = 200

    @property
    def devices(self) -> Array:
        """The places of the devices it concerns."""
        return np.array([DEVICES.index(self.device)] if self.device else range(len(DEVICES)))


@dataclass(frozen=True, eq=False)
class Changed:
    """What the changes of a day make of the world; by node, and by node and device."""

    going_on: Array
    errors: Array
    landings: Array
    recorded: Array
    useful: Array
    slot_page: Array
    share: Array  # by way


@cache
def _changes() -> tuple[Change, ...]:
    return tuple(_change(world(), told) for told in files.table("changes")["change"])


def _change(whole: World, told: files.Raw) -> Change:
    link = tuple((whole.matching([name]), factor) for name, factor in told.get("link", {}).items())
    return Change(**{**told, "nodes": whole.matching(told["nodes"]), "link": link})


def changed(whole: World, day: date) -> Changed:
    """The world as it is on the day."""
    devices = (len(whole.names), len(DEVICES))
    result = Changed(
        going_on=np.ones(devices),
        errors=np.full(devices, ERRORS),
        landings=whole.landings.copy(),
        recorded=np.ones(len(whole.names)),
        useful=np.full(len(whole.names), YES),
        slot_page=whole.slot_page.copy(),
        share=_open(whole, day),
    )
    for change in _changes():
        if change.first <= day <= change.last:
            _apply(whole, change, result)
    return result


def _open(whole: World, day: date) -> Array:
    """The shares of the ways, none for those to pages that don't stand on the day."""
    stands = (whole.first_day <= day.toordinal()) & (day.toordinal() <= whole.last_day)
    ways = whole.ways
    share: Array = np.where((ways.target < 0) | stands[ways.target], ways.share, 0.0)
    return share


def _apply(whole: World, change: Change, result: Changed) -> None:
    result.landings[change.nodes] *= change.landings
    result.recorded[change.nodes] *= change.recorded
    if change.useful is not None:
        result.useful[change.nodes] = change.useful
    at = np.ix_(change.nodes, change.devices)
    result.going_on[at] *= change.going_on
    result.errors[at] *= change.errors
    for targets, factor in change.link:
        ways = np.isin(whole.ways.source, change.nodes) & np.isin(whole.ways.target, targets)
        hosts = np.unique(whole.ways.value[ways & (whole.ways.value > 0)])
        lost = np.isin(whole.ways.source, change.nodes) & (whole.ways.target < 0) & np.isin(whole.ways.value, hosts)
        result.share[ways | lost] *= factor
    for node in change.nodes:
        row = whole.moved.get((int(node), change.host, change.status))
        if row is not None and (change.host or change.status != 200):  # noqa: PLR2004 - what a page that stands answers
            result.slot_page[whole.first_slot[node]] = row
