import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal
from scipy.special import ndtr
from scipy.stats import beta, betabinom, chi2, nbinom

from benchmarks.credible import (
    PRIOR,
    JointDraws,
    Prior,
    between_areas,
    counted,
    headline_draws,
    joint_opportunity_draws,
    opportunity,
    opportunity_draws,
    probability_worse,
    reliability,
    roll_up,
    summarise,
)
from benchmarks.credible.models import BetaBinomial, PoissonGamma, fit_shift, homogeneity_p_value
from benchmarks.credible.opportunity import draw_between_areas
from benchmarks.peer_values import Everyone

OBSERVED = np.array([52, 48, 61, 40, 75, 33, 58, 44, 49, 66, 90, 21], dtype=float)
EXPECTED = OBSERVED.sum() * np.array([50, 52, 49, 47, 55, 45, 51, 50, 48, 53, 80, 30]) / 610
PEERS = np.array([[j for j in range(12) if j != i][:10] for i in range(12)])


def draw(observed=OBSERVED, expected=EXPECTED, peers=PEERS, *, comparator="peer_mean", seed=1, **options):
    return opportunity_draws(observed, expected, peers, comparator=comparator, seed=seed, **options)


def mirrored(observed, denominator, **options):
    """Draws for a proportion and for its complement, which must tell the same story."""
    overall = observed.sum() / denominator.sum()
    counts = draw(observed, denominator * overall, denominator=denominator, **options)
    others = draw(
        denominator - observed,
        denominator * (1 - overall),
        denominator=denominator,
        lower_is_better=False,
        **options,
    )
    return counts, others


# How much areas differ


@pytest.mark.parametrize("sd", [0.02, 0.1, 0.5])
def test_likelihood_of_counts_is_the_negative_binomial_of_scipy(sd):
    model = PoissonGamma(observed=OBSERVED, expected=EXPECTED)
    grid = np.array([sd**2, 0.04])[:, None]
    ours = np.diff(model.log_likelihood(grid, np.full((2, 1), 0.1)))
    events = EXPECTED * np.exp(0.1)
    theirs = np.diff([nbinom.logpmf(OBSERVED, 1 / v, 1 / (1 + events * v)).sum() for v in grid[:, 0]])
    assert_allclose(ours, theirs, rtol=1e-9)


@pytest.mark.parametrize("sd", [0.02, 0.1, 0.5])
def test_likelihood_of_proportions_is_the_beta_binomial_of_scipy(sd):
    people = np.full(12, 100.0)
    model = BetaBinomial(observed=OBSERVED, expected=people * OBSERVED.mean() / 100, denominator=people)
    grid = np.array([sd**2, 0.04])[:, None]
    ours = np.diff(model.log_likelihood(grid, np.zeros((2, 1))))
    share = OBSERVED.mean() / 100
    theirs = [
        betabinom.logpmf(OBSERVED.astype(int), 100, m * share, m * (1 - share)).sum()
        for m in model.precision(grid)[:, 0]
    ]
    assert_allclose(ours, np.diff(theirs), rtol=1e-9)


def test_mean_is_the_most_likely_at_each_variance():
    model = PoissonGamma(observed=OBSERVED, expected=EXPECTED * 1.3)
    grid = np.array([[0.0001], [0.04], [0.3]])
    shift = fit_shift(model, grid).value
    best = model.log_likelihood(grid, shift)
    assert (best > model.log_likelihood(grid, shift + 1e-3)).all()
    assert (best > model.log_likelihood(grid, shift - 1e-3)).all()


def test_posterior_of_the_variance_matches_summing_over_a_dense_grid_of_variance_and_mean():
    prior = Prior(identical_share=0)
    sd = np.linspace(0.001, 0.8, 1600)
    model = PoissonGamma(observed=OBSERVED, expected=EXPECTED)
    mean = np.linspace(-1, 1, 201)
    log = np.array([model.log_likelihood(sd[:, None] ** 2, np.full((sd.size, 1), m)) for m in mean])
    weight = np.exp(log - log.max()).sum(axis=0) * sd * np.exp(-0.5 * (sd / 0.25) ** 2)
    brute = (weight * sd**2).sum() / weight.sum()
    assert_allclose(between_areas(OBSERVED, EXPECTED, prior=prior).mean_variance, brute, rtol=0.01)


@pytest.mark.parametrize("areas", [20, 400, 6500])
def test_posterior_is_resolved_for_few_areas_and_for_thousands(areas):
    rng = np.random.default_rng(areas)
    ratio = rng.gamma(1 / 0.04, 0.04, areas)
    fit = between_areas(rng.poisson(200 * ratio), np.full(areas, 200.0))
    error = 0.04 * np.sqrt(2 / areas) * 1.2
    assert abs(fit.mean_variance - 0.04) < 3 * error + 0.01 * (areas < 100)
    assert (fit.weight > 0.01).sum() >= 8


def test_p_value_is_near_the_chi_square_of_homogeneity_for_areas_of_one_size():
    observed = np.random.default_rng(3).poisson(100, (50, 30)).astype(float)
    p = homogeneity_p_value(PoissonGamma(observed=observed, expected=np.full((50, 30), 100.0)))
    mean = observed.mean(axis=1, keepdims=True)
    assert_allclose(p, chi2.sf(((observed - mean) ** 2 / mean).sum(axis=1), 29), atol=0.01)


def test_p_value_is_uniform_when_areas_of_many_sizes_do_not_differ():
    rng = np.random.default_rng(4)
    expected = np.broadcast_to(rng.lognormal(3, 0.6, 98), (4000, 98))
    p = homogeneity_p_value(PoissonGamma(observed=rng.poisson(expected).astype(float), expected=expected))
    shares = [(p < level).mean() for level in (0.1, 0.5, 0.9)]
    assert_allclose(shares, [0.1, 0.5, 0.9], atol=0.025)


@pytest.mark.parametrize("share", [0.03, 0.5, 0.97])
def test_p_value_of_proportions_is_uniform_when_areas_do_not_differ(share):
    rng = np.random.default_rng(5)
    people = np.broadcast_to(np.round(rng.lognormal(6, 0.6, 98)), (3000, 98))
    observed = rng.binomial(people.astype(int), share).astype(float)
    p = homogeneity_p_value(BetaBinomial(observed=observed, expected=people * share, denominator=people))
    assert_allclose([(p < level).mean() for level in (0.1, 0.5, 0.9)], [0.1, 0.5, 0.9], atol=0.03)


def test_reliability_of_many_areas_is_that_of_their_true_variance():
    rng = np.random.default_rng(6)
    size = np.repeat([10.0, 25.0, 100.0], 2000)
    found = reliability(rng.poisson(size * rng.gamma(25, 0.04, size.size)), size)
    assert_allclose(found[[0, 2000, 4000]], [10 / 35, 0.5, 0.8], atol=0.03)


def test_reliability_of_a_proportion_grows_with_people_and_is_missing_without_data():
    people = np.array([100, 400, 1600, np.nan])
    found = reliability([10, 60, 120, 5], people * 0.09, denominator=people)
    assert np.isnan(found[3])
    assert 0 < found[0] < found[1] < found[2] < 1


@settings(deadline=None, max_examples=25)
@given(st.permutations(range(12)))
def test_order_of_areas_does_not_matter_to_what_is_known_of_them(order):
    fit, other = between_areas(OBSERVED, EXPECTED), between_areas(OBSERVED[order], EXPECTED[order])
    assert_allclose(other.mean_variance, fit.mean_variance, rtol=1e-9)
    assert_allclose(
        reliability(OBSERVED[order], EXPECTED[order]), reliability(OBSERVED, EXPECTED)[order], rtol=1e-9
    )


@pytest.mark.parametrize("share", [0.04, 0.96])
def test_variance_of_a_proportion_is_that_of_its_rarer_side(share):
    people = np.full(50, 1000.0)
    model = BetaBinomial(observed=people * share, expected=people * share, denominator=people)
    precision = model.precision(np.array([[0.09]])).item()
    assert_allclose(beta.var(precision * share, precision * (1 - share)), 0.09 * 0.04**2, rtol=0.03)


def test_draws_of_the_variance_and_the_mean_have_the_spread_of_their_posterior():
    fit = between_areas(OBSERVED, EXPECTED * 1.1)
    sd, shift, identical = draw_between_areas(fit, draws=20_000, rng=np.random.default_rng(10))
    assert_allclose(identical.mean(), fit.identical, atol=1e-4)
    assert_allclose((sd[~identical] ** 2).mean() * (1 - fit.identical), fit.mean_variance, rtol=0.02)
    mean = (fit.weight * fit.shift).sum()
    spread = (fit.weight * (fit.shift_error**2 + (fit.shift - mean) ** 2)).sum()
    assert_allclose(shift[~identical].var(), spread, rtol=0.05)
    assert_allclose(shift[~identical].mean(), mean, atol=0.005)


# Draws of the opportunity


def test_with_very_many_events_the_opportunity_is_the_observed_gap():
    events = np.array([1.0e6, 1.2e6, 0.9e6, 1.1e6])
    expected = np.full(4, 1.05e6)
    everyone = np.array([[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2]])
    gap = (events - (events.sum() - events) / 3).clip(0)
    assert_allclose(draw(events, expected, everyone).mean(axis=0), gap, atol=4000)


def test_mean_gap_given_the_variance_is_the_conjugate_one():
    # Two areas, V held near 0.04 by 4,000 others: ratios are then Gamma(25 + O, 25 + E) to the eye.
    rng = np.random.default_rng(7)
    observed = np.append([80.0, 40.0], rng.poisson(50 * rng.gamma(25, 0.04, 4000)))
    peers = np.full((observed.size, 1), -1)
    peers[:2, 0] = 1, 0
    gap = draw(observed, np.full(observed.size, 50.0), peers, draws=2000)[:, 0]
    mean, variance = (80 - 40) / 75, (105 + 65) / 75**2
    z = mean / np.sqrt(variance)
    expected = mean * ndtr(z) + np.sqrt(variance) * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    assert_allclose(gap.mean(), 50 * expected, rtol=0.04)


def test_chance_alone_is_shrunk_to_little_and_some_draws_say_that_nothing_differs():
    rng = np.random.default_rng(8)
    expected = np.full(98, 60.0)
    peers = np.argsort(rng.random((98, 98)) + 2 * np.eye(98), axis=1)[:, :10]
    observed = rng.poisson(expected).astype(float)
    gap = draw(observed, expected, peers)
    crude = (observed - observed[peers].mean(axis=1)).clip(0).sum()
    assert gap.sum(axis=1).mean() < 0.5 * crude
    assert (gap == 0).all(axis=1).mean() > 0.05


def test_seed_decides_the_draws_and_nothing_else_does():
    assert_array_equal(draw(), draw())
    assert (draw() != draw(seed=2)).any()


def test_size_of_the_blocks_worked_on_does_not_change_a_draw(monkeypatch):
    whole = draw(comparator="best_5")
    monkeypatch.setattr(opportunity, "BLOCK", 12 * 7)
    assert_array_equal(draw(comparator="best_5"), whole)


@pytest.mark.parametrize("missing", [np.nan, np.inf])
@pytest.mark.parametrize("field", ["observed", "expected"])
def test_area_without_data_is_missing_and_the_others_are_as_if_it_were_not_there(missing, field):
    values = {"observed": OBSERVED.copy(), "expected": EXPECTED.copy()}
    values[field][4] = missing
    found = draw(**values)
    rest = np.delete(np.arange(12), 4)
    shifted = np.where(PEERS == 4, -1, PEERS - (PEERS > 4))
    without = draw(OBSERVED[rest], EXPECTED[rest], shifted[rest])
    assert np.isnan(found[:, 4]).all()
    assert_array_equal(found[:, rest], without)


def test_area_with_nothing_to_expect_or_without_peers_is_missing_not_zero():
    expected, peers = EXPECTED.copy(), PEERS.copy()
    expected[0], peers[1] = 0, -1
    found = draw(expected=expected, peers=peers, comparator="best_5")
    assert_array_equal(np.isnan(found).all(axis=0), np.arange(12) < 2)
    assert not np.isnan(found[:, 2:]).any()


def test_no_area_with_data_gives_missing_and_no_error():
    assert np.isnan(draw(np.full(12, np.nan))).all()
    assert np.isnan(reliability([np.nan], [1.0])).all()


def test_no_events_anywhere_is_no_opportunity_worth_a_word():
    assert draw(np.zeros(12)).mean() < 1


def test_effective_events_need_not_be_whole():
    assert_allclose(
        draw(OBSERVED + 0.3, EXPECTED + 0.3, draws=8000).mean(axis=0), draw(draws=8000).mean(axis=0), atol=0.6
    )


def test_same_ratios_are_compared_under_every_comparator_so_the_stretch_is_never_below_the_headline():
    found = joint_opportunity_draws(
        OBSERVED, EXPECTED, PEERS, comparators=["peer_mean", "best_5", "peer_median"], seed=1
    )
    assert (found["best_5"] >= found["peer_mean"] - 1e-9).all()
    for name, gap in found.items():
        assert_array_equal(gap, draw(comparator=name))


@pytest.mark.parametrize("centre", [None, np.linspace(0.8, 1.2, 12)])
@pytest.mark.parametrize("peers", [PEERS, Everyone(12)])
def test_gaps_of_some_areas_and_who_is_worse_are_those_of_the_draws_of_all(peers, centre):
    observed = np.where(np.arange(12) == 3, np.nan, OBSERVED)
    joint = JointDraws(observed, EXPECTED, peers, centre=centre, draws=300, seed=7)
    some = np.array([8, 3, 0])
    for name in ("peer_mean", "best_5"):
        assert_array_equal(joint.gaps(name, some), joint.gaps(name)[:, some])
    assert_array_equal(joint.probability_worse(), probability_worse(joint.gaps("peer_mean")))
    assert np.isnan(joint.probability_worse()[3])
    assert joint.gaps("best_5", np.array([], dtype=int)).shape == (300, 0)


def test_an_area_is_never_better_and_worse_than_its_peers_in_one_draw():
    worse, better = draw(), draw(lower_is_better=False)
    assert_array_equal((worse > 0) & (better > 0), False)
    assert (worse + better > 0).mean() > 0.8


def test_best_five_are_the_highest_where_high_is_good():
    observed = np.array([500.0, *[1000.0] * 5, *[600.0] * 5])
    peers = np.array([[j for j in range(11) if j != i] for i in range(11)])
    gap = draw(observed * 1000, np.full(11, 7.7e5), peers, comparator="best_5", lower_is_better=False)
    assert_allclose(gap.mean(axis=0)[0] / 1000, 500, atol=5)


def test_rare_proportion_gives_what_its_count_gives():
    people = EXPECTED * 200
    as_count, as_share = draw(draws=8000), draw(denominator=people, draws=8000)
    assert_allclose(as_share.mean(axis=0), as_count.mean(axis=0), atol=0.6)


def test_proportion_and_its_complement_are_one_finding():
    counts, others = mirrored(OBSERVED, np.full(12, 120.0), draws=8000)
    assert_allclose(others.mean(axis=0), counts.mean(axis=0), atol=0.5)


def test_proportion_near_all_leaves_no_more_to_gain_than_there_are_people():
    people = np.full(12, 50.0)
    reached = np.array([50, 50, 49, 50, 20, 50, 50, 48, 50, 50, 50, 50], dtype=float)
    overall = reached.sum() / people.sum()
    gap = draw(reached, people * overall, denominator=people, lower_is_better=False)
    assert gap.max() <= 50
    assert probability_worse(gap)[4] > 0.99


@settings(deadline=None, max_examples=25)
@given(
    arrays(np.float64, 12, elements=st.integers(0, 400).map(float)),
    st.sampled_from(["peer_mean", "peer_median", "best_5"]),
    st.booleans(),
)
def test_opportunity_is_never_negative_and_always_finite(observed, comparator, lower_is_better):
    gap = draw(observed, comparator=comparator, lower_is_better=lower_is_better, draws=50)
    assert (gap >= 0).all()
    assert np.isfinite(gap).all()


def test_worse_area_has_the_larger_opportunity():
    more = OBSERVED.copy()
    more[3] += 60
    assert draw(more)[:, 3].mean() > draw()[:, 3].mean() + 30


def test_impossible_input_is_named():
    with pytest.raises(ValueError, match=r"observed >= 0, got -1 at position 2 \(1 such rows\)"):
        draw(np.where(np.arange(12) == 2, -1.0, OBSERVED))
    with pytest.raises(ValueError, match=r"observed <= denominator, got 52 at position 0"):
        draw(denominator=OBSERVED - 1)
    with pytest.raises(ValueError, match="got 'best_3'"):
        draw(comparator="best_3")
    with pytest.raises(ValueError, match=r"peers of shape \(12, N\), got \(3, 10\)"):
        draw(peers=PEERS[:3])
    with pytest.raises(ValueError, match="from -1 to 11, got 2 to 12"):
        draw(peers=PEERS + 2)
    with pytest.raises(ValueError, match="one shape"):
        draw(OBSERVED[:5])


# What the draws say


def test_summary_is_that_of_pandas_column_by_column():
    draws = np.random.default_rng(9).gamma(0.5, 3, (400, 5)).round(1)
    found, frame = summarise(draws), pd.DataFrame(draws)
    assert_allclose(found.mean, frame.mean())
    for name, level in (("p10", 0.1), ("p50", 0.5), ("p90", 0.9)):
        assert_allclose(getattr(found, name), frame.quantile(level))
    assert_allclose(found.probability, frame.gt(0).mean())


def test_summary_of_an_area_without_data_is_missing():
    found = summarise(np.array([[1.0, np.nan], [3.0, np.nan]]))
    assert_array_equal([found.mean[0], found.p50[0], found.probability[0]], [2, 2, 1])
    assert np.isnan([found.mean[1], found.p10[1], found.p50[1], found.p90[1], found.probability[1]]).all()


def test_area_worse_in_exactly_the_threshold_of_draws_is_not_counted():
    draws = (np.arange(10)[:, None] < [8, 9]).astype(float)
    assert_array_equal(counted(draws), [False, True])
    assert_array_equal(counted(draws, above=0.95), [False, False])


def test_headline_counts_areas_beyond_the_threshold_whole_and_no_others():
    draws = np.column_stack([np.full(10, 5.0), np.arange(10) % 2, np.full(10, np.nan)])
    assert_array_equal(
        headline_draws(draws, counted(draws)), np.column_stack([np.full(10, 5.0), np.zeros(10), draws[:, 2]])
    )


def test_roll_up_is_the_sum_by_group_of_pandas_inside_each_draw():
    draws = draw()
    group = np.arange(12) % 4
    theirs = pd.DataFrame(draws).T.groupby(group).sum().T
    assert_allclose(roll_up(draws, group, groups=4), theirs)


def test_levels_of_a_tree_agree_draw_by_draw():
    draws = draw(np.where(np.arange(12) == 5, np.nan, OBSERVED))
    localities = roll_up(draws, np.arange(12) // 3, groups=4)
    assert_allclose(roll_up(localities, [0, 0, 1, 1], groups=2), roll_up(draws, np.arange(12) // 6, groups=2))


def test_group_without_any_data_is_missing_and_areas_in_no_group_are_left_out():
    draws = np.array([[1.0, 2.0, np.nan, np.nan]])
    assert_array_equal(roll_up(draws, [-1, 0, 1, 0], groups=3), [[2.0, np.nan, np.nan]])


def test_groups_out_of_range_are_named():
    with pytest.raises(ValueError, match="groups from -1 to 1, got 0 to 2"):
        roll_up([[1.0, 2.0]], [0, 2], groups=2)


def test_interval_of_a_total_is_narrower_than_the_sum_of_its_parts():
    found = summarise(draw(draws=4000))
    whole = summarise(roll_up(draw(draws=4000), np.zeros(12, dtype=int), groups=1))
    assert whole.p90[0] - whole.p10[0] < (found.p90 - found.p10).sum()
    assert_allclose(whole.mean[0], found.mean.sum())


def test_prior_can_be_replaced_and_a_half_normal_one_shrinks_more():
    plain = between_areas(OBSERVED, EXPECTED, prior=Prior(power=0, identical_share=0))
    assert plain.identical == 0
    assert (
        plain.mean_variance < between_areas(OBSERVED, EXPECTED, prior=Prior(identical_share=0)).mean_variance
    )
    assert Prior() == PRIOR


def test_one_area_alone_has_no_peers_and_no_error():
    certain = Prior(identical_share=1, identical_power=1)
    assert np.isnan(draw([5.0], [4.0], [[-1]], prior=certain)).all()
