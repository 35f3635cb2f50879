"""What a day was expected to be: as plain Python finds it, right for ordinary days, silent over placebos, loud over changes."""

import sys
from collections.abc import Callable
from datetime import date
from functools import cache

import numpy as np
import pytest
from scipy import stats
from statsmodels.regression.linear_model import OLS

from data.register import register
from queries.verdicts.expected import Band, Days, Expected, Series, band, days_of, expected
from queries.verdicts.statistics import Floats
from queries.verdicts.verdicts import CHANCE, LIKELY, TOO_EARLY, Departure, departure, departures
from tests.counts import rounds
from tests.plain import ordinary, trend

Say = Callable[[str], None]
OPT_IN = date(2019, 12, 20)  # a definition break


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Prints a figure that was measured, whether the test passes or not."""

    def said(figure: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n{figure}\n")

    return said


def known(length: int = ordinary.MONTHS_13, breaks: tuple[date, ...] = ()) -> Days:
    on = ordinary.days(length)
    return days_of(on, frozenset(on), breaks)


def luck(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


@cache
def usual(seed: int) -> Floats:
    """13 months of 17 departments on which nothing happened."""
    return ordinary.counts(luck(seed))


def banded(counts: Floats, days: Days) -> Band:
    series = Series(counts)
    return band(series, expected(series, days))


def outside(counts: Floats, days: Days) -> Floats:
    """1 where a day lies outside its band, 0 where it lies inside, NaN where it has none."""
    found = banded(counts, days)
    return np.where(np.isnan(found.low), np.nan, (counts < found.low) | (counts > found.high))


@pytest.mark.parametrize("seed", range(rounds(1, 5)))
def test_the_band_is_what_plain_python_finds_of_counts_and_rates(seed: int) -> None:
    length, chance = 440, luck(seed)
    counts = ordinary.counts(chance, length)[:, :2]
    on = ordinary.days(length)
    days = days_of(on, frozenset(on) - {date(2020, 3, 4)}, (OPT_IN,))
    hits = np.asarray(chance.binomial(counts.astype(int), 0.3), float)
    for series in (Series(counts), Series(hits, counts)):
        fast = band(series, expected(series, days))
        for row in range(2):
            check(series, days, row, fast)


def check(series: Series, days: Days, row: int, fast: Band) -> None:
    trials = None if series.trials is None else [int(one) for one in series.trials[:, row]]
    kinds = (list(days.ordinary), list(days.holiday), [int(one) for one in days.start])
    plain = trend.told(trend.Plain([int(one) for one in series.hits[:, row]], trials, *kinds))
    for day, found in enumerate(plain.bands):
        ends = [float(end[day, row]) for end in fast]
        assert ends == pytest.approx(found or [float("nan")] * 3, rel=1e-8, nan_ok=True), (row, day)


def test_one_in_a_hundred_ordinary_days_is_marked(say: Say) -> None:
    """13 months of 17 departments: between 0.5 and 1.5%, with the definition break of these months and without."""
    seeds = rounds(5, 20)
    for breaks in ((), (OPT_IN,)):
        marks = np.stack([outside(usual(seed), known(breaks=breaks)) for seed in range(seeds)])
        share, banded_days = float(np.nanmean(marks)), int((~np.isnan(marks)).sum())
        say(f"{share:.2%} of {banded_days:,} ordinary days marked, {seeds} seeds, {len(breaks)} breaks")
        assert 0.005 <= share <= 0.015
        assert (np.nanmean(marks, axis=(0, 1)) < 0.03).all(), "no place among the departments is marked far more"


def stretches(length: int, by: str) -> list[tuple[int, int]]:
    """The weeks from Monday or the calendar months of these days: the place of the first day, and how many."""
    on = ordinary.days(length)
    of = [f"{day:%G-%V}" if by == "week" else f"{day:%Y-%m}" for day in on]
    return [(of.index(name), of.count(name)) for name in dict.fromkeys(of)]


@pytest.mark.parametrize("by", ["week", "month"])
def test_at_most_about_one_in_a_hundred_ordinary_weeks_or_months_is_marked(by: str, say: Say) -> None:
    """Months have few of their own length before them, so that their bands are wide."""
    marked, told = 0, 0
    for seed in range(rounds(5, 20)):
        found = expected(Series(usual(seed)), known())
        for one in departures(found, known(), stretches(len(usual(seed)), by)):
            reach = one.reach_of(0.99)
            told += int((~np.isnan(reach)).sum())
            marked += int((np.abs(one.size) > reach).sum())
    say(f"{marked / told:.2%} of {told:,} ordinary {by}s marked")
    assert told > 500
    assert marked / told <= 0.015


@pytest.mark.parametrize("length", [7, 30])
def test_what_a_stretch_was_expected_to_be_equals_statsmodels_and_scipy(length: int) -> None:
    """A regression of the days before on weekday and slope, which one more row holds back, and the placebos' spread."""
    counts, days = usual(3)[:230, :1], known(230)
    found = expected(Series(counts), days)
    first = len(counts) - length
    told = departure(found, days, first, length)
    earlier = [forecast(found, days, place, length) for place in range(first - 182, first - length + 1)]
    placebos = [one for one in earlier if one is not None]
    assert told.size[0] == pytest.approx(forecast(found, days, first, length), abs=1e-9)
    assert told.freedom == len(placebos) // length
    spread = np.sqrt(np.mean(np.square(placebos)))
    assert told.reach_of(0.99)[0] == pytest.approx(spread * stats.t.ppf(0.995, told.freedom), rel=1e-9)


def forecast(found: Expected, days: Days, first: int, length: int) -> float | None:
    """The mean departure of a stretch's ordinary days by statsmodels; none where too little came before."""
    back = [place for place in range(max(0, first - 56), first) if days.ordinary[place]]
    ahead = [place for place in range(first, first + length) if days.ordinary[place]]
    if 2 * len(ahead) < length or np.bincount([(first - place) % 7 for place in back], minlength=7).min() < 3:
        return None
    rows = np.array([[*np.eye(7)[place % 7], (place - first) / 7] for place in (*back, *ahead)])
    held = np.append(np.zeros(7), np.sqrt(50.0))  # a slope of nothing, seen with fifty weeks squared
    fitted = OLS(np.append(found.clipped[back, 0], 0.0), np.vstack([rows[: len(back)], held])).fit()
    return float(np.mean(found.scaled[ahead, 0] - fitted.predict(rows[len(back) :])))


def test_a_placebo_release_is_called_likely_real_at_most_once_in_twenty(say: Say) -> None:
    """On random dates, of random departments, each for the 28 days from it on."""
    dates, chance = rounds(200, 1_000), luck(7)
    verdicts = [verdict(usual(seed), chance) for seed in range(dates // 20) for _ in range(20)]
    told = [one for one in verdicts if one != TOO_EARLY]
    share = told.count(LIKELY) / len(told)
    say(f"{share:.1%} of {len(told):,} placebo releases called likely real")
    assert len(told) > dates * 0.9
    assert share <= 0.05


def verdict(counts: Floats, chance: np.random.Generator, change: float = 1.0) -> str:
    """What is said of the 28 days from a random date on, of a random department, whose counts a release changed."""
    first, row = int(chance.integers(170, len(counts) - 28)), int(chance.integers(counts.shape[1]))
    moved = counts[:, row : row + 1].copy()
    moved[first:] *= change
    days = known(len(counts))
    (told,) = departure(expected(Series(np.round(moved)), days), days, first, 28).verdicts()
    return told


def test_a_planted_change_is_found(say: Say) -> None:
    """A fall by half for 28 days is called likely real; a day of three times its size is marked."""
    tries, chance = rounds(40, 400), luck(8)
    fallen = [verdict(usual(seed % 20), chance, 0.5) for seed in range(tries)]
    trebled = [_marked(usual(seed % 20), chance, 3) for seed in range(tries)]
    say(f"{fallen.count(LIKELY) / tries:.1%} of falls by half and {np.mean(trebled):.1%} of trebled days found")
    assert fallen.count(LIKELY) / tries > 0.95
    assert np.mean(trebled) > 0.95


def _marked(counts: Floats, chance: np.random.Generator, change: float) -> bool:
    days = known(len(counts))
    day = int(chance.choice(np.flatnonzero(days.ordinary[60:]) + 60))
    trebled = counts.copy()
    trebled[day] *= change
    return bool(outside(trebled, days)[day, int(chance.integers(counts.shape[1]))] == 1)


def test_many_departments_are_judged_together() -> None:
    """A departure that one department alone would have called real isn't, as one of seventeen that are quiet."""
    alone = Departure(np.array([0.115]), np.array([0.05]), 20)
    among = Departure(np.array([0.115] + [0.01] * 16), np.full(17, 0.05), 20)
    assert alone.verdicts() == [LIKELY]
    assert set(among.verdicts()) == {CHANCE}


def test_nothing_is_carried_across_a_break() -> None:
    """Whatever the days before it were, the bands from the break on are the same, and so long it takes to have one."""
    days, counts = known(breaks=(OPT_IN,)), ordinary.counts(luck(1))
    other = counts.copy()
    place = ordinary.days().index(OPT_IN)
    other[:place] *= 7
    one, two = banded(counts, days), banded(other, days)
    holidays = days.holiday[place:]  # how much a holiday takes is the same on both sides
    assert np.allclose(one.low[place:][~holidays], two.low[place:][~holidays], rtol=1e-2, equal_nan=True)
    assert np.isnan(one.low[place : place + 28]).all()
    assert departure(expected(Series(counts), days), days, place - 5, 28).verdicts() == [TOO_EARLY] * 17


def test_a_change_that_stays_becomes_what_is_expected() -> None:
    days, counts = known(), ordinary.counts(luck(2))
    counts[200:] *= 0.5
    marks = outside(counts, days)[:, counts[:200].mean(axis=0) > 300]
    assert np.nanmean(marks[200:207]) > 0.7
    assert np.nanmean(marks[300:]) < 0.03


def test_a_bank_holiday_is_expected_to_be_one_once_two_were_seen() -> None:
    days, counts = known(800), ordinary.counts(luck(3), 800)
    found = banded(counts, days)
    places = np.flatnonzero(days.holiday)
    assert np.isnan(found.low[places[:2]]).all()
    late = places[places > 300]
    plain = [place - 7 for place in late if days.ordinary[place - 7]]
    assert np.nanmean(found.expected[late]) < np.nanmean(found.expected[plain])
    assert np.nanmean(outside(counts, days)[late]) < 0.1


def test_few_a_day_and_days_without_data_have_no_band() -> None:
    on = ordinary.days(100)
    quiet = Series(np.asarray(luck(4).poisson(5, (100, 1)), float))
    assert np.isnan(band(quiet, expected(quiet, known(100))).low).all()
    missing = days_of(on, frozenset(on[:90]))
    busy = Series(np.full((100, 1), 1_000.0))
    assert np.isnan(band(busy, expected(busy, missing)).low[90:]).all()


def test_last_years_departure_is_expected_again() -> None:
    """A week that rose by half last year is expected to rise again, by a part of that."""
    length = 500
    counts = np.full((length, 1), 10_000.0)
    counts[100:107] *= 1.5
    days = Days(np.ones(length, bool), np.zeros(length, bool), np.zeros(length, np.int64))
    found = expected(Series(counts), days)
    assert found.middle[103 + 364, 0] > found.middle[103 + 350, 0]


def test_the_calendar_has_the_holidays_of_the_days_it_is_asked_for() -> None:
    on = ordinary.days()
    assert sum(register.calendar.is_bank_holiday(day) for day in on) == known().holiday.sum() == 8
