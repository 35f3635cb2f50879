"""Every interval and test beside scipy's or statsmodels' own, to nine decimals, and placebo checks on made-up days."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.regression.linear_model import WLS
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from queries import statistics
from tests.counts import rounds

CLOSE = 1e-9


def pair(hits: int, trials: int) -> tuple[statistics.Floats, statistics.Floats]:
    return np.array([float(hits)]), np.array([float(trials)])


@given(st.integers(1, 10**6), st.floats(0, 1), st.sampled_from([0.95, 0.99]))
def test_wilson_equals_statsmodels(trials: int, share: float, level: float) -> None:
    hits = round(trials * share)
    low, high = statistics.wilson(*pair(hits, trials), level)
    assert (low[0], high[0]) == pytest.approx(proportion_confint(hits, trials, 1 - level, method="wilson"), abs=CLOSE)


@given(st.integers(1, 10**5), st.integers(1, 10**5), st.floats(0, 1), st.floats(0, 1))
def test_newcombe_equals_statsmodels(trials: int, trials_before: int, share: float, share_before: float) -> None:
    hits, hits_before = round(trials * share), round(trials_before * share_before)
    low, high = statistics.newcombe(pair(hits, trials), pair(hits_before, trials_before))
    expected = confint_proportions_2indep(
        hits, trials, hits_before, trials_before, method="newcomb", compare="diff", alpha=0.05
    )
    assert (low[0], high[0]) == pytest.approx(expected, abs=CLOSE)


@given(st.floats(0, 60), st.integers(1, 400))
def test_the_tail_of_student_equals_scipy(t: float, freedom: int) -> None:
    assert statistics.two_sided(t, freedom) == pytest.approx(2 * stats.t.sf(t, freedom), abs=CLOSE)


@given(st.integers(1, 400), st.sampled_from([0.975, 0.995]))
def test_the_quantile_of_student_equals_scipy(freedom: int, probability: float) -> None:
    expected = stats.t.ppf(probability, freedom)
    assert statistics.t_quantile(probability, freedom) == pytest.approx(expected, rel=CLOSE)


days = st.lists(st.tuples(st.integers(0, 500), st.integers(500, 5000)), min_size=2, max_size=60)


@given(days)
def test_the_interval_of_a_ratio_equals_a_weighted_regression_with_robust_errors(found: list[tuple[int, int]]) -> None:
    hits, trials = np.array(found, dtype=float).T
    fit = WLS(hits / trials, np.ones(len(hits)), weights=trials).fit(cov_type="HC1", use_t=True)
    low, high = statistics.ratio_interval(hits[:, None], trials[:, None])
    assert (low[0], high[0]) == pytest.approx(fit.conf_int()[0], abs=CLOSE)


@given(days)
def test_the_difference_of_totals_equals_a_paired_t_test(found: list[tuple[int, int]]) -> None:
    now, before = np.array(found, dtype=float).T
    expected = stats.ttest_rel(now, before) if len(set(now - before)) > 1 else None
    difference = statistics.total_difference(now[:, None], before[:, None])
    assert difference.change[0] == sum(now) - sum(before)
    if expected:
        assert difference.p_values()[0] == pytest.approx(expected.pvalue, abs=CLOSE)
        between = np.array(expected.confidence_interval(0.99)) * len(now)
        assert difference.interval(0.99) == pytest.approx(between[:, None], abs=1e-6, rel=CLOSE)


@given(days)
def test_the_difference_of_ratios_is_that_of_two_regressions_when_one_side_is_still(
    found: list[tuple[int, int]],
) -> None:
    """With the days before all alike, only the days now vary, and the error is that of one ratio."""
    hits, trials = np.array(found, dtype=float).T
    still = (np.full_like(hits, 100)[:, None], np.full_like(trials, 1000)[:, None])
    difference = statistics.ratio_difference((hits[:, None], trials[:, None]), still)
    alone = statistics.ratio_interval(hits[:, None], trials[:, None])
    assert difference.interval().low[0] == pytest.approx(alone.low[0] - 0.1, abs=CLOSE)
    assert difference.interval().high[0] == pytest.approx(alone.high[0] - 0.1, abs=CLOSE)


@given(st.lists(st.one_of(st.floats(0, 1), st.just(float("nan"))), max_size=40))
def test_benjamini_and_hochberg_equals_statsmodels_and_passes_over_missing_values(p_values: list[float]) -> None:
    found = statistics.benjamini_hochberg(np.array(p_values, dtype=float))
    known = [p for p in p_values if not np.isnan(p)]
    expected = multipletests(known, method="fdr_bh")[1] if known else []
    assert found[~np.isnan(found)] == pytest.approx(expected, abs=CLOSE)
    assert len(found) == len(p_values)


def test_one_day_or_no_trials_have_no_interval() -> None:
    one = np.array([[5.0]])
    nothing = np.array([[0.0], [0.0]])
    assert np.isnan(statistics.ratio_interval(one, one).low).all()
    assert np.isnan(statistics.total_difference(one, one).p_values()).all()
    assert not statistics.total_difference(one, one).interval(0.99).leaves_zero().any()
    assert np.isnan(statistics.wilson(nothing, nothing).low).all()
    assert not statistics.ratio_difference((nothing, nothing), (nothing, nothing)).interval().leaves_zero().any()


def test_ordinary_months_are_rarely_called_different() -> None:
    """Placebo: days with a weekly rhythm and far more than binomial noise; 1 % of pairs may fall outside 99 %."""
    random = np.random.default_rng(20191001)
    pairs = rounds(2_000, 20_000)
    rhythm = np.tile([1.2, 1.1, 1.1, 1.0, 0.9, 0.5, 0.4], 4)[:, None]
    trials = np.floor(1_000 * rhythm * random.lognormal(0, 0.2, (2, 28, pairs)))
    hits = np.floor(trials * random.beta(30, 70, (2, 28, pairs)))
    rates = statistics.ratio_difference((hits[0], trials[0]), (hits[1], trials[1])).interval(0.99).leaves_zero()
    totals = statistics.total_difference(trials[0], trials[1]).interval(0.99).leaves_zero()
    naive = statistics.newcombe(
        (hits[0].sum(0), trials[0].sum(0)), (hits[1].sum(0), trials[1].sum(0)), 0.99
    ).leaves_zero()
    assert 0.004 < rates.mean() < 0.018
    assert 0.004 < totals.mean() < 0.018
    assert naive.mean() > 0.1, "the binomial interval calls ordinary months different: why it is only the floor"
