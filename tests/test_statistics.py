"""Every interval and test beside scipy's or statsmodels' own, to nine decimals, and placebo checks on made-up days."""

from statistics import variance

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.regression.linear_model import WLS
from statsmodels.stats.meta_analysis import combine_effects
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from queries.verdicts import statistics
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


units = st.lists(st.tuples(st.integers(60, 10**6), st.floats(0.05, 0.95)), min_size=3, max_size=40)


def recomputed(values: list[float], errors: list[float], target: float) -> tuple[float, float]:
    """Phi and tau squared as Spiegelhalter writes them, with scipy's and statsmodels' own parts."""
    scores = [(value - target) / error for value, error in zip(values, errors, strict=True)]
    lowest, highest = stats.mstats.mquantiles(scores, [0.1, 0.9], alphap=1, betap=1)
    kept = [min(max(score, lowest), highest) for score in scores]
    ratio = sum(score**2 for score in kept) / len(kept)
    weights = [1 / error**2 for error in errors]
    between = (len(kept) * ratio - (len(kept) - 1)) / (sum(weights) - sum(w**2 for w in weights) / sum(weights))
    return ratio, max(0.0, between)


@given(units, st.sampled_from([0.95, 0.998]))
def test_control_limits_equal_a_plain_recomputation(found: list[tuple[int, float]], level: float) -> None:
    trials = np.array([n for n, _ in found], dtype=float)
    hits = np.round(trials * [share for _, share in found])
    target = hits.sum() / trials.sum()
    errors = np.sqrt(target * (1 - target) / trials)
    told = statistics.funnel(hits / trials, errors, target)
    assert told
    ratio, between = recomputed((hits / trials).tolist(), errors.tolist(), target)
    assert told.ratio == pytest.approx(ratio, rel=CLOSE)
    assert told.between == pytest.approx(between, rel=CLOSE, abs=1e-15)
    low, high = told.limits(errors, level)
    expected = stats.norm.interval(level, target, np.sqrt(errors**2 + between))
    assert low == pytest.approx(expected[0], rel=CLOSE, abs=CLOSE)
    assert high == pytest.approx(expected[1], rel=CLOSE, abs=CLOSE)


@given(units, st.floats(1.5, 50))
def test_the_variance_between_units_is_that_of_a_meta_analysis_where_nothing_is_winsorised(
    found: list[tuple[int, float]], score: float
) -> None:
    """Units in pairs, one as far above the target as the other below: every z-score is the largest, and none is cut."""
    errors = np.array([1 / np.sqrt(n) for n, _ in found] * 2)
    values = score * errors * np.repeat([1, -1], len(found))
    told = statistics.funnel(values, errors, 0)
    assert told
    assert told.between == pytest.approx(combine_effects(values, errors**2, method_re="chi2").tau2, rel=1e-7)


@pytest.mark.parametrize(("spread", "most", "naive"), [(0.0, 0.004, 0), (0.5, 0.08, 0.7)])
def test_few_units_of_very_different_sizes_are_called_out(spread: float, most: float, naive: float) -> None:
    """Placebo: alike, 0.2% of units lie outside 99.8%; different, limits of chance call three in four out, ours few."""
    random, tries = np.random.default_rng(20201031), rounds(300, 5_000)
    trials = np.round(random.lognormal(8, 2, (tries, 17))) + 50
    shares = random.binomial(trials.astype(int), 1 / (1 + np.exp(-random.normal(0, spread, trials.shape)))) / trials
    errors, outside = np.sqrt(0.25 / trials), 0
    for values, own in zip(shares, errors, strict=True):
        told = statistics.funnel(values, own, 0.5)
        assert told
        low, high = told.limits(own, 0.998)
        outside += int(((values < low) | (values > high)).sum())
    assert outside / trials.size < most
    assert (np.abs(shares - 0.5) > 3.09 * errors).mean() >= naive


def test_two_units_have_no_control_limits() -> None:
    assert statistics.funnel(np.array([0.1, 0.9, np.nan]), np.array([0.1, 0.1, 0.1]), 0.5) is None
    assert statistics.funnel(np.array([0.1, 0.9, 0.4]), np.array([0.1, 0.1, 0.1]), float("nan")) is None


@given(st.lists(st.integers(0, 1000), min_size=8, max_size=60))
def test_the_interval_of_a_total_adds_up_what_days_of_one_weekday_vary(found: list[int]) -> None:
    strata = [own for one in range(7) if len(own := found[one::7]) > 1]
    reach = stats.t.ppf(0.975, sum(map(len, strata)) - len(strata)) * sum(len(n) * variance(n) for n in strata) ** 0.5
    low, high = statistics.total_interval(np.array(found, float)[:, None], np.arange(len(found)) % 7)
    assert low[0] == pytest.approx(max(sum(found) - reach, 0), abs=1e-6)
    assert high[0] == pytest.approx(sum(found) + reach)


def test_one_day_or_no_trials_have_no_interval() -> None:
    one = np.array([[5.0]])
    nothing = np.array([[0.0], [0.0]])
    assert np.isnan(statistics.ratio_interval(one, one).low).all()
    assert np.isnan(statistics.total_difference(one, one).p_values()).all()
    assert not statistics.total_difference(one, one).interval(0.99).leaves_zero().any()
    assert np.isnan(statistics.wilson(nothing, nothing).low).all()
    assert not statistics.ratio_difference((nothing, nothing), (nothing, nothing)).interval().leaves_zero().any()


def test_ordinary_months_are_rarely_called_different() -> None:
    """Placebo: days with a weekly rhythm and far more than binomial noise; 1% of pairs may fall outside 99%."""
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
