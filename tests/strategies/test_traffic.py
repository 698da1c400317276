"""Traffic: the posterior of a mean profit, the share that comes of it, and whose a match is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from strategies.traffic import Sample, Split, is_for_b, posterior

# The prior once more, as a sampler and a density know it.
KAPPA, SHAPE, RATE = 30.0, 2.0, 2.0 * 1.5**2
DRAWS = 100_000
profits = st.lists(st.floats(-20, 20), min_size=1, max_size=40).map(np.array)


def sample(values):
    values = np.asarray(values, dtype=float)
    if not len(values):
        return Sample(matches=0, mean=0.0, variance=0.0)
    return Sample(matches=len(values), mean=values.mean(), variance=values.var())


def split(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    return Split(a=sample(a), b=sample(b), difference=sample(b - a))


def bets(rng, count, odds, rate):
    """Profits of units at these odds, of which that many are won."""
    return np.where(rng.random(count) < rate, odds - 1, -1.0)


CASES = [[], [1.1], [-1.0, 2.5, -1.0, 4.0, -1.0], [0.0] * 10, list(np.tile([3.0, -1.0, 0.5], 4))]


class TestPosterior:
    @pytest.mark.parametrize("values", CASES)
    def test_it_is_that_of_draws_from_the_prior_weighed_by_how_they_explain_the_matches(
        self, values
    ):
        rng = np.random.default_rng(20261121)
        variances = RATE / rng.gamma(SHAPE, size=DRAWS)
        means = rng.normal(0.0, np.sqrt(variances / KAPPA))
        explained = stats.norm.logpdf(np.array(values)[:, None], means, np.sqrt(variances))
        weights = np.exp(explained.sum(axis=0))
        weights /= weights.sum()

        found = posterior(sample(values))

        error = np.sqrt(np.sum(weights**2))  # one over the root of the draws that count
        assert error < 0.03
        assert found.positive == pytest.approx(weights @ (means > 0), abs=4 * error)
        low, high = found.interval
        assert weights @ ((means > low) & (means < high)) == pytest.approx(0.95, abs=4 * error)

    @pytest.mark.parametrize("values", CASES)
    def test_it_is_prior_times_likelihood_integrated_over_a_fine_grid(self, values):
        means, logs = np.meshgrid(np.linspace(-4, 4, 1600), np.linspace(-4, 8, 800))
        deviations = np.exp(logs / 2)
        density = stats.norm.logpdf(means, 0.0, deviations / np.sqrt(KAPPA))
        density += stats.invgamma.logpdf(np.exp(logs), SHAPE, scale=RATE) + logs
        for value in values:
            density += stats.norm.logpdf(value, means, deviations)
        weights = np.exp(density - density.max())
        weights /= weights.sum()

        found = posterior(sample(values))

        assert found.centre == pytest.approx(np.sum(weights * means), abs=2e-3)
        assert found.positive == pytest.approx(weights[means > 0].sum(), abs=2e-3)

    def test_its_tail_and_interval_are_scipys_and_those_of_drawn_means(self):
        found = posterior(sample([-1.0, 2.5, -1.0, 4.0, -1.0]))
        peer = stats.t(found.freedom, loc=found.centre, scale=found.scale)
        drawn = np.random.default_rng(7).standard_t(found.freedom, DRAWS)

        assert found.positive == pytest.approx(peer.sf(0.0), rel=1e-12)
        assert found.interval == pytest.approx(peer.interval(0.95), rel=1e-9)
        share = np.mean(found.centre + found.scale * drawn > 0)
        assert found.positive == pytest.approx(share, abs=4 * np.sqrt(0.25 / DRAWS))

    def test_without_a_match_it_is_the_prior(self):
        low, high = posterior(sample([])).interval

        # Student's t of 4 degrees of freedom: 2.776 at 97.5 %, in any table.
        assert high == pytest.approx(2.776 * 1.5 / np.sqrt(30), rel=1e-3)
        assert low == -high

    def test_few_matches_leave_it_wide_and_near_zero_and_many_do_not(self):
        few, many = (posterior(sample(np.tile([3.0, -1.0], half))) for half in (2, 5000))

        assert few.centre < 0.2
        assert few.positive < 0.75
        assert many.centre == pytest.approx(1.0, rel=0.01)
        low, high = many.interval
        assert high - low == pytest.approx(2 * 1.96 * 2 / np.sqrt(10_000), rel=0.01)


class TestShare:
    def test_without_a_match_it_is_half(self):
        assert split([], []).share == 0.5

    @given(values=profits)
    def test_arms_that_bring_the_same_get_half_each(self, values):
        assert split(values, values).share == 0.5

    @given(values=profits, seed=st.integers(0, 2**32 - 1))
    def test_it_is_a_share_and_swapping_the_arms_swaps_it(self, values, seed):
        other = np.random.default_rng(seed).permutation(values)

        there, back = split(values, other).share, split(other, values).share

        assert 0.05 <= there <= 0.95
        assert there + back == pytest.approx(1.0)

    @given(values=profits, seed=st.integers(0, 2**32 - 1), more=st.floats(0, 50))
    def test_more_profit_of_b_on_every_match_never_lowers_it(self, values, seed, more):
        a = np.random.default_rng(seed).permutation(values)

        assert split(a, values + more).share >= split(a, values).share - 1e-12

    @given(values=profits, seed=st.integers(0, 2**32 - 1), more=st.floats(0, 50))
    def test_more_profit_of_b_on_one_match_never_makes_it_the_worse_arm(self, values, seed, more):
        rng = np.random.default_rng(seed)
        a, raised = rng.permutation(values), values.copy()
        raised[rng.integers(len(values))] += more
        before, after = split(a, values), split(a, raised)

        # One great win raises the doubt too; it may not turn a lead into its opposite.
        assert after.difference.mean >= before.difference.mean - 1e-9
        assert after.share >= min(before.share, 0.5) or before.share < 0.5

    @given(seed=st.integers(0, 2**32 - 1), unit=st.floats(0.5, 20))
    def test_with_many_matches_the_unit_of_money_hardly_matters(self, seed, unit):
        rng = np.random.default_rng(seed)
        a, b = bets(rng, 2000, 2.1, 0.48), bets(rng, 2000, 3.4, 0.3)

        assert split(unit * a, unit * b).share == pytest.approx(split(a, b).share, abs=0.01)

    def test_an_arm_that_wins_rarely_but_brings_more_gets_more(self):
        rng = np.random.default_rng(5)
        a, b = bets(rng, 500, 1.2, 0.8), bets(rng, 500, 7.0, 0.2)

        assert (a > 0).mean() > 3 * (b > 0).mean()
        assert split(a, b).share > 0.9

    def test_no_arm_gets_less_than_a_twentieth_however_sure_it_is(self):
        worse, better = np.tile([-1.0, -0.9], 500), np.tile([2.0, 2.1], 500)

        assert split(worse, better).share == 0.95
        assert split(better, worse).share == pytest.approx(0.05)

    def test_of_two_arms_that_mostly_agree_the_common_luck_is_no_doubt(self):
        rng = np.random.default_rng(3)
        luck = bets(rng, 400, 3.25, 0.31)
        b = luck + rng.normal(0.03, 0.1, 400)  # far less than the spread of either, and steady

        assert split(luck, b).share == 0.95


class TestWhose:
    # From `printf 1:9f2c | sha256sum` and the same of 2: the first 16 digits of each.
    @pytest.mark.parametrize(
        ("improvement", "digits"), [(1, "2e361242be7f9dc5"), (2, "b9702b986ab906f4")]
    )
    def test_it_is_drawn_by_the_hash_of_both_ids(self, improvement, digits):
        drawn = int(digits, 16) / 16**16

        assert not is_for_b(improvement, "9f2c", drawn - 1e-9)
        assert is_for_b(improvement, "9f2c", drawn + 1e-9)

    @pytest.mark.parametrize("share", [0.05, 0.5, 0.8, 0.95])
    def test_of_many_matches_b_gets_its_share(self, share):
        count = 20_000
        given_b = sum(is_for_b(3, f"{number:032x}", share) for number in range(count))

        assert given_b / count == pytest.approx(share, abs=4 * np.sqrt(0.25 / count))

    @given(match_id=st.text(), shares=st.tuples(st.floats(0, 1), st.floats(0, 1)))
    def test_a_greater_share_takes_no_match_from_b(self, match_id, shares):
        low, high = sorted(shares)

        assert is_for_b(1, match_id, low) <= is_for_b(1, match_id, high)

    def test_nothing_and_everything(self):
        matches = [f"{number:x}" for number in range(1000)]

        assert not any(is_for_b(1, match, 0.0) for match in matches)
        assert all(is_for_b(1, match, 1.0) for match in matches)
