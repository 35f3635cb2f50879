"""The expected band of a day in plain Python, one number after the other: the oracle of `queries/verdicts/expected.py`."""

import math
from dataclasses import dataclass, field

WEEKS, LEAST, HELD, REACH, CLIPPED, YEAR = 8, 3, 50.0, 2.75, 3.0, 364


@dataclass
class Plain:
    """One row: counts (or a rate's two) by day, and by day whether it is ordinary, a bank holiday, and the last break."""

    hits: list[int]
    trials: list[int] | None
    ordinary: list[bool]
    holiday: list[bool]
    start: list[int]
    empty: set[int] = field(default_factory=set)  # days without anything that no band was known for
    scaled: list[float] = field(default_factory=list)
    clipped: list[float] = field(default_factory=list)
    departed: list[float | None] = field(default_factory=list)
    bands: list[tuple[float, float, float] | None] = field(default_factory=list)  # what was expected, and the ends


def told(row: Plain) -> Plain:
    """The row with the band of each day."""
    row.scaled = [_scaled(row, day) for day in range(len(row.hits))]
    row.clipped = list(row.scaled)
    for day in range(len(row.hits)):
        _day(row, day)
    return row


def _day(row: Plain, day: int) -> None:
    fitted = fit(row, day)
    nothing = not (row.trials or row.hits)[day]
    if fitted is None:
        row.empty |= {day} if nothing else set()
        row.departed.append(None)
        row.bands.append(None)
        return
    before, weights, between, leverage = fitted
    plain = sum(w * row.clipped[place] for w, place in zip(weights, before, strict=True))
    moved = _shift(row, day)
    middle = plain + (moved[0] if moved else 0)
    trials = row.trials[day] if row.trials else None
    chance = sum(_chance(row.clipped[place], trials) for place in before) / len(before)
    own = _chance(middle, trials) + leverage * chance
    empty = any(place in row.empty for place in before)
    spread = None if moved is None or empty else math.sqrt(max(between - chance, 0) * (1 + leverage) + own + moved[1])
    row.empty |= {day} if nothing and empty else set()
    if spread is not None:
        off = row.scaled[day] - middle
        row.clipped[day] = middle + min(max(off, -CLIPPED * spread), CLIPPED * spread)
    row.departed.append((row.clipped if row.ordinary[day] else row.scaled)[day] - plain)
    row.bands.append(_ends(row, middle, spread))


def fit(row: Plain, day: int) -> tuple[list[int], list[float], float, float] | None:
    """Places of the days that a day is expected from, their weights, the variance they leave, and the leverage."""
    places = [place for place in range(day - 1, day - 7 * WEEKS - 1, -1) if place >= row.start[day]]
    places = [place for place in places if row.ordinary[place]]
    if any(sum((day - place) % 7 == of for place in places) < LEAST for of in range(7)):
        return None
    rows = [_design(day - place) for place in places]
    square = [[sum(one[i] * one[j] for one in rows) for j in range(8)] for i in range(8)]
    square[7][7] += HELD
    inverse = [solved(square, [float(i == j) for j in range(8)]) for i in range(8)]
    columns = [[sum(a * b for a, b in zip(line, one, strict=True)) for line in inverse] for one in rows]
    weights = [one[0] for one in columns]
    values = [row.clipped[place] for place in places]
    beta = [sum(column[i] * value for column, value in zip(columns, values, strict=True)) for i in range(8)]
    left = [v - sum(b * x for b, x in zip(beta, one, strict=True)) for v, one in zip(values, rows, strict=True)]
    fitted = sum(
        sum(a * b for a, b in zip(one, column, strict=True)) for one, column in zip(rows, columns, strict=True)
    )
    between = sum(one * one for one in left) / (len(places) - fitted)
    return places, weights, between, sum(w * w for w in weights)


def solved(square: list[list[float]], right: list[float]) -> list[float]:
    """The solution of a system of linear equations, by Gauss with the largest pivot."""
    rows = [[*line, value] for line, value in zip(square, right, strict=True)]
    size = len(rows)
    for column in range(size):
        best = max(range(column, size), key=lambda place: abs(rows[place][column]))
        rows[column], rows[best] = rows[best], rows[column]
        for place in range(column + 1, size):
            factor = rows[place][column] / rows[column][column]
            rows[place] = [a - factor * b for a, b in zip(rows[place], rows[column], strict=True)]
    found = [0.0] * size
    for place in range(size - 1, -1, -1):
        known = sum(rows[place][n] * found[n] for n in range(place + 1, size))
        found[place] = (rows[place][size] - known) / rows[place][place]
    return found


def _design(back: int) -> list[float]:
    return [*(float(back % 7 == of) for of in range(7)), -back / 7]


def _shift(row: Plain, day: int) -> tuple[float, float] | None:
    if row.holiday[day]:
        seen = [e for e, holiday in zip(row.departed, row.holiday, strict=False) if holiday and e is not None]
        if len(seen) < 2:
            return None
        return _mean(seen), max(_variance(seen), 0.15**2) * (1 + 1 / len(seen))
    if not row.ordinary[day]:
        alike = row.departed[day - YEAR] if day >= YEAR else None
        return None if alike is None else (alike, 0.15**2)
    around = range(day - YEAR - 3, day - YEAR + 4)
    if around[0] < 0:
        return 0, 0
    kept = [e for place in around if row.ordinary[place] and (e := row.departed[place]) is not None]
    return (_mean(kept) / 2, _variance(kept) / 12) if len(kept) > 3 else (0, 0)


def _ends(row: Plain, middle: float, spread: float | None) -> tuple[float, float, float] | None:
    trials = row.trials[len(row.bands)] if row.trials else None
    share = 1 / (1 + math.exp(-middle))
    few = math.exp(middle) if trials is None else trials * min(share, 1 - share)
    if spread is None or few < 20:
        return None
    scaled = (middle, middle - REACH * spread, middle + REACH * spread)
    if trials is None:
        expected, low, high = (max(math.exp(one) - 0.5, 0) for one in scaled)
    else:
        expected, low, high = (1 / (1 + math.exp(-one)) for one in scaled)
    return expected, low, high


def _scaled(row: Plain, day: int) -> float:
    rest = 1 if row.trials is None else row.trials[day] - row.hits[day] + 0.5
    return math.log((row.hits[day] + 0.5) / rest)


def _chance(scaled: float, trials: int | None) -> float:
    if trials is None:
        return math.exp(-scaled)
    share = 1 / (1 + math.exp(-scaled))
    return 1 / (max(trials, 1) * share * (1 - share))


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def _variance(values: list[float]) -> float:
    middle = _mean(values)
    return sum((one - middle) ** 2 for one in values) / (len(values) - 1)
