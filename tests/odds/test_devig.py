"""The margin taken out of odds: published figures, the laws each method states, and invariants."""

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal

from odds.devig import Method, fair_probabilities, fair_probability_band, overround

pytestmark = pytest.mark.filterwarnings("error")

EVERY_METHOD = pytest.mark.parametrize("method", list(Method))

# Favourites are drawn as often as longshots, so that markets above and below S = 1 both come up.
favourites_and_longshots = st.floats(1.001, 4) | st.floats(1.001, 1000)
odds_tables = arrays(
    np.float64,
    st.tuples(st.integers(1, 6), st.integers(2, 4)),
    elements=favourites_and_longshots,
)
probabilities = (
    st.lists(st.floats(0.01, 1), min_size=2, max_size=4).map(np.array).map(lambda p: p / p.sum())
)


def devig(odds, method):
    """The fair probabilities of one market."""
    return fair_probabilities(np.array([odds]), method)[0]


def test_pinnacle_example_of_the_contract():
    odds = np.array([[2.10, 3.50, 3.60]])

    fair = fair_probabilities(odds, Method.MULTIPLICATIVE)

    assert_allclose(overround(odds), [1.039683], rtol=0, atol=5e-7)
    assert_allclose(fair, [[0.458015, 0.274809, 0.267176]], rtol=0, atol=5e-7)


@pytest.mark.parametrize(
    ("method", "published"),
    [
        (Method.MULTIPLICATIVE, [0.35873804, 0.42112726, 0.2201347]),
        (Method.ADDITIVE, [0.3595618, 0.42397404, 0.21646416]),
        (Method.POWER, [0.3591711, 0.42373075, 0.21709815]),
        (Method.SHIN, [0.35934392, 0.42324385, 0.21741223]),
        (Method.ODDS_RATIO, [0.35881036, 0.42256142, 0.21862822]),
    ],
)
def test_penaltyblog_documentation_is_reproduced(method, published):
    """https://penaltyblog.readthedocs.io/en/latest/implied/implied.html"""
    assert_allclose(devig([2.7, 2.3, 4.4], method), published, rtol=0, atol=1e-8)


def test_the_example_of_the_shin_package_is_reproduced():
    """https://pypi.org/project/shin/"""
    published = [0.37299406033208965, 0.4047794109200184, 0.2222265287474275]

    assert_allclose(devig([2.6, 2.4, 4.3], Method.SHIN), published, rtol=0, atol=1e-11)


def test_power_is_the_default():
    odds = np.array([[2.7, 2.3, 4.4]])

    assert_array_equal(fair_probabilities(odds), fair_probabilities(odds, Method.POWER))


@given(odds_tables)
@example(np.array([[1.001, 1.001, 1.001]]))
@example(np.array([[1.001, 1000.0, 1000.0]]))
@example(np.array([[10.0, 10.0, 10.0]]))
@example(np.array([[2.875, 1.001, 1.001]]))  # 2.875 ** -693 is held with half its digits only
def test_power_raises_every_implied_probability_to_the_same_exponent(odds):
    fair = fair_probabilities(odds, Method.POWER)

    exponents = np.log(fair) / -np.log(odds)

    assert_allclose(exponents, np.broadcast_to(exponents[:, :1], odds.shape), rtol=1e-9)


@given(odds_tables)
@example(np.array([[1.001, 1.001, 1000.0]]))
@example(np.array([[10.0, 1000.0, 1000.0]]))
@example(np.array([[1e9, 2e9, 4e9]]))
def test_odds_ratio_divides_every_odds_by_the_same_ratio(odds):
    fair = fair_probabilities(odds, Method.ODDS_RATIO)

    ratios = (1 / fair - 1) / (odds - 1)

    assert_allclose(ratios, np.broadcast_to(ratios[:, :1], odds.shape), rtol=1e-9)


@given(odds_tables)
@example(np.array([[1.001, 1.001, 1.001]]))
@example(np.array([[1.001, 1.001, 1000.0]]))
def test_shin_finds_the_same_share_of_insiders_in_every_outcome(odds):
    fair = fair_probabilities(odds, Method.SHIN)

    weights = 1 / odds**2 / (1 / odds).sum(axis=1, keepdims=True)
    insiders = (weights - fair**2) / (fair - fair**2)

    assert_allclose(insiders, np.broadcast_to(insiders[:, :1], odds.shape), rtol=0, atol=1e-9)
    assert np.all((insiders > -1e-9) & (insiders < 1) | np.isnan(insiders))


@given(probabilities, st.floats(0, 0.3))
def test_shin_recovers_the_probabilities_shin_prices_were_made_from(fair, insiders):
    """Equation 5 of Shin (1993) makes the prices."""
    roots = np.sqrt(insiders * fair + (1 - insiders) * fair**2)
    prices = roots * roots.sum()
    assume(prices.max() < 0.999)

    recovered = devig(1 / prices, Method.SHIN)

    assert_allclose(recovered, fair, rtol=0, atol=1e-11)


@given(st.floats(0.001, 0.99), st.floats(0.001, 0.999))
def test_shin_is_additive_for_two_outcomes(first, share_of_margin):
    """Clarke, Kovalchik & Ingram (2017)."""
    second = (1 - first) + share_of_margin * (0.999 - (1 - first))
    odds = [1 / first, 1 / second]

    assert_allclose(devig(odds, Method.SHIN), devig(odds, Method.ADDITIVE), rtol=0, atol=1e-12)


@EVERY_METHOD
@given(odds=odds_tables)
def test_every_row_is_probabilities_or_undefined(method, odds):
    fair = fair_probabilities(odds, method)

    undefined = np.isnan(fair).all(axis=1)
    assert fair.shape == odds.shape
    assert_array_equal(np.isnan(fair).any(axis=1), undefined)
    assert_allclose(fair[~undefined].sum(axis=1), 1, rtol=0, atol=1e-15)
    assert np.all((fair[~undefined] > 0) & (fair[~undefined] < 1))


@pytest.mark.parametrize("method", [Method.MULTIPLICATIVE, Method.ODDS_RATIO])
@given(odds=odds_tables)
def test_multiplicative_and_odds_ratio_are_always_defined(method, odds):
    assert np.isfinite(fair_probabilities(odds, method)).all()


@given(odds_tables)
def test_shin_is_defined_exactly_from_no_margin_upwards(odds):
    totals = overround(odds)
    assume(np.abs(totals - 1).min() > 1e-9)

    fair = fair_probabilities(odds, Method.SHIN)

    assert_array_equal(np.isfinite(fair).all(axis=1), totals > 1)


@EVERY_METHOD
@given(odds=odds_tables)
def test_longer_odds_are_never_more_probable(method, odds):
    fair = fair_probabilities(np.sort(odds, axis=1), method)

    assert not np.any(np.diff(fair, axis=1) > 1e-14)


@EVERY_METHOD
@given(odds=odds_tables, order=st.randoms())
def test_the_order_of_outcomes_does_not_matter(method, odds, order):
    columns = list(range(odds.shape[1]))
    order.shuffle(columns)

    shuffled = fair_probabilities(odds[:, columns], method)

    assert_allclose(shuffled, fair_probabilities(odds, method)[:, columns], rtol=0, atol=1e-13)


@EVERY_METHOD
@given(odds=odds_tables)
def test_a_market_does_not_depend_on_its_neighbours(method, odds):
    alone = np.vstack([fair_probabilities(row[np.newaxis], method) for row in odds])

    assert_allclose(fair_probabilities(odds, method), alone, rtol=0, atol=1e-14)


@EVERY_METHOD
def test_a_table_of_many_blocks_is_the_same_as_its_parts(method):
    few = np.array([[2.1, 3.5, 3.6], [1.2, 7.0, 15.0], [np.nan, 3.0, 3.0], [9.0, 5.5, 1.35]])

    many = fair_probabilities(np.tile(few, (10_000, 1)), method)

    assert_allclose(many, np.tile(fair_probabilities(few, method), (10_000, 1)), rtol=0, atol=1e-14)


@given(odds_tables)
def test_power_gives_the_longest_shot_no_more_than_multiplicative_does(odds):
    odds = odds[overround(odds) > 1]
    longest = odds.argmax(axis=1)[:, np.newaxis]

    power = np.take_along_axis(fair_probabilities(odds, Method.POWER), longest, axis=1)
    plain = np.take_along_axis(fair_probabilities(odds, Method.MULTIPLICATIVE), longest, axis=1)

    assert not np.any(power > plain + 1e-14)


@EVERY_METHOD
def test_a_book_without_margin_is_left_as_it_is(method):
    assert_allclose(devig([2.0, 4.0, 4.0], method), [0.5, 0.25, 0.25], rtol=0, atol=1e-15)


@EVERY_METHOD
@given(fair=probabilities)
def test_fair_odds_give_their_own_probabilities_back(method, fair):
    assert_allclose(devig(1 / fair, method), fair, rtol=0, atol=1e-11)


@pytest.mark.parametrize("bad", [np.nan, 1.0, 0.5, 0.0, -2.0, np.inf, -np.inf])
@EVERY_METHOD
def test_a_market_with_an_unreadable_outcome_is_nan_and_costs_no_other(method, bad):
    fair = fair_probabilities(np.array([[2.1, 3.5, 3.6], [2.1, bad, 3.6]]), method)

    assert np.isfinite(fair[0]).all()
    assert np.isnan(fair[1]).all()


def test_the_overround_of_an_unreadable_market_is_nan():
    totals = overround(np.array([[2.0, 4.0], [2.0, np.nan], [2.0, 0.0], [np.inf, 2.0]]))

    assert_array_equal(totals, [0.75, np.nan, np.nan, np.nan])


def test_additive_is_undefined_where_a_longshot_would_be_negative():
    odds = [1.05, 15.0, 1000.0]

    assert 1 / 1000 - (sum(1 / o for o in odds) - 1) / 3 == pytest.approx(-0.0057, abs=5e-5)
    assert np.isnan(devig(odds, Method.ADDITIVE)).all()


def test_power_is_undefined_where_a_float_cannot_hold_the_longshot():
    """Two outcomes at 1.001 need the exponent log(2) / log(1.001) = 693, and 1000 ** -693 is 0."""
    assert np.isnan(devig([1.001, 1.001, 1000.0], Method.POWER)).all()


@EVERY_METHOD
@given(odds=arrays(np.float64, (3, 3), elements=st.floats()))
def test_no_number_at_all_raises_or_warns(method, odds):
    with np.errstate(all="raise"):
        fair = fair_probabilities(odds, method)

    assert np.all(np.isnan(fair) | (fair > 0) & (fair < 1))


@EVERY_METHOD
def test_an_empty_table_gives_an_empty_table(method):
    assert fair_probabilities(np.empty((0, 3)), method).shape == (0, 3)


@pytest.mark.parametrize("shape", [(3,), (4, 1), (2, 3, 3), ()])
@pytest.mark.parametrize("function", [fair_probabilities, overround, fair_probability_band])
def test_a_table_of_the_wrong_shape_is_refused(function, shape):
    with pytest.raises(ValueError, match="table of two columns or more"):
        function(np.full(shape, 2.0))


@EVERY_METHOD
def test_the_odds_given_are_not_changed(method):
    odds = np.array([[2.1, 3.5, 3.6], [2.1, np.nan, 3.6]])
    before = odds.copy()

    fair_probabilities(odds, method)

    assert_array_equal(odds, before)


def test_the_band_spans_the_published_figures_of_every_method():
    """The lowest and highest of penaltyblog's documented figures for these odds."""
    lowest, highest = fair_probability_band(np.array([[2.7, 2.3, 4.4]]))

    assert_allclose(lowest, [[0.35873804, 0.42112726, 0.21646416]], rtol=0, atol=1e-8)
    assert_allclose(highest, [[0.3595618, 0.42397404, 0.2201347]], rtol=0, atol=1e-8)


@given(odds_tables)
def test_the_band_holds_every_defined_method(odds):
    lowest, highest = fair_probability_band(odds)

    for method in Method:
        fair = fair_probabilities(odds, method)
        assert np.all((lowest <= fair) & (fair <= highest) | np.isnan(fair))


def test_the_band_of_an_unreadable_market_is_nan():
    assert np.isnan(fair_probability_band(np.array([[2.1, np.nan, 3.6]]))).all()
