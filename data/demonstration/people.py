"""Who the sessions of a day belong to: visitors, their devices and countries, and how they came."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np

from data.contract import CHANNELS, DEVICES
from data.demonstration import files
from data.demonstration.world import Array, World

RETURNING: Final = 1.5  # 1 makes all visitors come as often as each other; the higher, the oftener a few
DAYS_OF_VISITORS: Final = 34  # sessions of so many ordinary days are as many as there are visitors
MIXED: Final = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))  # Steele et al. 2014, SplitMix


@dataclass(frozen=True, eq=False)
class People:
    """By session."""

    visitor: Array  # 63 bits
    device: Array  # places in data.contract's lists
    channel: Array
    country: Array  # places in `countries()`


@dataclass(frozen=True, eq=False)
class _Tables:
    """Cumulative shares: row n of a table covers n to n + 1."""

    devices: Array
    countries: Array
    channels: Array
    audience: Array  # by theme


@cache
def countries() -> tuple[str, ...]:
    """Every country that somebody comes from."""
    told = files.table("people")["audience"].values()
    return tuple(dict.fromkeys(country for one in told for country in one["countries"]))


def people(whole: World, landing: Array, pool: tuple[int, int], random: np.random.Generator) -> People:
    """Who lands on these nodes; the `pool` is an account's place and its number of visitors."""
    tables, count = _tables(whole), len(landing)
    audience = tables.audience[whole.theme[landing]]
    number = (pool[1] * random.random(count) ** RETURNING).astype(np.uint64)
    visitor = _mixed(number + (audience.astype(np.uint64) << np.uint64(40)) + (np.uint64(pool[0]) << np.uint64(48)))
    return People(
        visitor=visitor >> np.uint64(1),
        device=_drawn(tables.devices, audience, _fraction(visitor, 0)).astype(np.uint8),
        channel=_drawn(tables.channels, whole.channel[landing], random.random(count)).astype(np.uint8),
        country=_drawn(tables.countries, audience, _fraction(visitor, 24)).astype(np.uint8),
    )


def _mixed(numbers: Array) -> Array:
    """Numbers that look like nothing, one for each: a visitor has the same one on every day."""
    for shift, factor in MIXED:
        numbers = (numbers ^ (numbers >> np.uint64(shift))) * np.uint64(factor)
    mixed: Array = numbers ^ (numbers >> np.uint64(31))
    return mixed


def _fraction(numbers: Array, shift: int) -> Array:
    """24 bits of each number as a fraction of 1."""
    fraction: Array = ((numbers >> np.uint64(shift)) & np.uint64(0xFFFFFF)) / float(1 << 24)
    return fraction


def _drawn(table: Array, row: Array, fraction: Array) -> Array:
    """The column that each fraction falls on in its row of cumulative shares."""
    width = table.shape[1]
    place = np.searchsorted(table.ravel(), row + fraction, "right") - row.astype(np.int64) * width
    drawn: Array = np.minimum(place, width - 1)
    return drawn


@cache
def _tables(whole: World) -> _Tables:
    told = files.table("people")
    audiences = list(told["audience"])
    named = [_audience(files.table("themes")["theme"][theme]) for theme in whole.themes]
    return _Tables(
        devices=_cumulative([one["devices"] for one in told["audience"].values()], DEVICES),
        countries=_cumulative([one["countries"] for one in told["audience"].values()], countries()),
        channels=_cumulative(list(told["channels"].values()), CHANNELS),
        audience=np.array([audiences.index(one) for one in named]),
    )


def _audience(theme: dict[str, Any]) -> str:
    return str(theme.get("audience") or ("business" if theme["week"] == "business" else "people"))


def _cumulative(shares: list[dict[str, float]], columns: tuple[str, ...]) -> Array:
    table = np.cumsum([[one.get(column, 0.0) for column in columns] for one in shares], axis=1)
    rows: Array = table / table[:, -1:] + np.arange(len(shares))[:, None]
    return rows
