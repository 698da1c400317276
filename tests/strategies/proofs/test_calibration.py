"""Scores of probabilities against second methods: formulas by loop, and scipy's minimiser."""

import math

import numpy as np
import pytest
from scipy.optimize import minimize

from odds.devig import Method, fair_probabilities
from strategies.proofs.calibration import (
    calibration_error,
    log_losses,
    margin,
    reliability,
    scores,
    slope_of,
    z_of,
)
from strategies.proofs.prices import Books, books_of
from tests.strategies.proofs.histories import history


def chance() -> np.random.Generator:
    """The same numbers for every test, in whatever order they run."""
    return np.random.default_rng(7)


def drawn_books(count: int = 400) -> Books:
    random = chance()
    fair = random.dirichlet([4.0, 3.0, 3.0], count).clip(0.03)
    fair /= fair.sum(axis=1, keepdims=True)
    won = (random.random((count, 1)) > fair.cumsum(axis=1)).sum(axis=1).clip(max=2)
    return Books(odds=1 / (fair * 1.05), won=won, match=np.arange(count))


def test_log_loss_is_the_mean_of_minus_the_logarithm():
    losses = log_losses(np.array([[0.5, 0.3, 0.2], [0.25, 0.25, 0.5]]), np.array([0, 2]))

    assert losses.tolist() == pytest.approx([math.log(2), math.log(2)])


def test_scores_agree_with_formulas_written_as_loops():
    books = drawn_books()

    by_method = {score.method: score for score in scores(books)}

    assert set(by_method) == {method.value for method in Method}
    plain = fair_probabilities(books.odds, Method.MULTIPLICATIVE)
    for method in Method:
        fair, score = fair_probabilities(books.odds, method), by_method[method.value]
        loss = [-math.log(row[won]) for row, won in zip(fair.tolist(), books.won, strict=True)]
        base = [-math.log(row[won]) for row, won in zip(plain.tolist(), books.won, strict=True)]
        gaps = [one - other for one, other in zip(loss, base, strict=True)]
        assert score.log_loss == pytest.approx(sum(loss) / len(loss))
        assert score.difference == pytest.approx(sum(gaps) / len(gaps), abs=1e-12)
        assert score.ece == pytest.approx(slow_calibration_error(fair, books.won))
        if method is not Method.MULTIPLICATIVE:
            mean = sum(gaps) / len(gaps)
            variance = sum((gap - mean) ** 2 for gap in gaps) / (len(gaps) - 1)
            assert score.z == pytest.approx(mean / math.sqrt(variance / len(gaps)))


def slow_calibration_error(fair: np.ndarray, won: np.ndarray) -> float:
    """Bin by bin, outcome by outcome."""
    bins: dict[int, list[tuple[float, int]]] = {}
    for row, winner in zip(fair.tolist(), won.tolist(), strict=True):
        for place, probability in enumerate(row):
            bins.setdefault(int(probability * 20), []).append((probability, int(place == winner)))
    total = sum(len(one) for one in bins.values())
    gaps = 0.0
    for one in bins.values():
        said, came = sum(p for p, _c in one) / len(one), sum(c for _p, c in one) / len(one)
        gaps += len(one) / total * abs(said - came)
    return gaps


def test_the_slope_is_the_one_that_scipy_finds():
    random = chance()
    log_odds = random.normal(0, 1.2, 500)
    probability = 1 / (1 + np.exp(-log_odds))
    happened = random.random(500) < 1 / (1 + np.exp(-(0.3 + 1.4 * log_odds)))

    def minus_likelihood(line: np.ndarray) -> float:
        said = line[0] + line[1] * log_odds
        return float(np.logaddexp(0, said).sum() - said[happened].sum())

    best = minimize(minus_likelihood, [0.0, 1.0], method="BFGS", options={"gtol": 1e-4})

    assert slope_of(probability, happened) == pytest.approx(best.x[1], abs=1e-4)


def test_probabilities_too_close_to_the_middle_have_a_slope_above_one():
    random = chance()
    truth = random.uniform(0.05, 0.95, 40_000)
    happened = random.random(40_000) < truth
    timid = 1 / (1 + np.exp(-np.log(truth / (1 - truth)) / 2))  # log odds halved

    slope = slope_of(timid, happened)

    assert slope == pytest.approx(2.0, abs=0.08)


@pytest.mark.parametrize(
    ("probability", "happened"),
    [
        ([], []),
        ([0.4, 0.4], [True, False]),  # a line needs two points
        ([0.2, 0.3, 0.7, 0.8], [False, False, True, True]),  # separated: the slope is infinite
    ],
)
def test_a_slope_that_does_not_exist_is_none(probability, happened):
    assert slope_of(np.array(probability), np.array(happened, dtype=np.bool_)) is None


def test_bins_say_what_was_said_and_what_came():
    bins = reliability(np.array([0.11, 0.13, 0.52, 1.0]), np.array([True, False, True, True]))

    assert [(one.low, one.high, one.count) for one in bins] == [
        (0.1, 0.15, 2),
        (0.5, 0.55, 1),
        (0.95, 1.0, 1),
    ]
    assert (bins[0].predicted, bins[0].observed) == (pytest.approx(0.12), 0.5)
    assert calibration_error(bins) == pytest.approx((2 * 0.38 + 0.48 + 0) / 4)


def test_a_method_without_an_answer_is_compared_on_fewer_books():
    """Shin has none below a sum of 1; its difference is then over the other book alone."""
    odds = np.array([(2.0, 3.5, 4.0), (2.05, 4.1, 4.1)])  # sums 1.036 and 0.976

    by_method = {
        score.method: score
        for score in scores(Books(odds=odds, won=np.array([0, 0]), match=np.arange(2)))
    }

    fair = fair_probabilities(odds[:1], Method.SHIN)[0, 0] * 2 / (1 / 1.0357142857142858)
    assert by_method["shin"].markets == 1
    assert by_method["multiplicative"].markets == 2
    assert by_method["shin"].difference == pytest.approx(-math.log(fair))
    assert by_method["shin"].z is None


def test_z_of_nothing_but_equal_differences_is_undefined():
    assert z_of(np.array([])) is None
    assert z_of(np.array([0.1])) is None
    assert z_of(np.zeros(5)) is None
    # Mean 2, standard error 1 / root 3.
    assert z_of(np.array([1.0, 2.0, 3.0])) == pytest.approx(2 * math.sqrt(3))


def test_books_are_those_with_every_price_a_believable_margin_and_a_result():
    past = history(
        [(2, 1), (2, 1), (0, 0), (np.nan, np.nan), (0, 1)],
        {
            ("pinnacle", "at_close"): [
                (2.0, 3.5, 4.0),
                (1.2, 3.5, 4.0),  # a sum of 1.37: mistyped
                (2.0, np.nan, 4.0),
                (2.0, 3.5, 4.0),
                (2.1, 3.4, 4.0),
            ],
        },
    )

    books = books_of(past, "pinnacle", moment="at_close", market="h2h")

    assert books.match.tolist() == [0, 4]
    assert books.won.tolist() == [0, 2]
    assert margin(books.odds) == pytest.approx(
        ((1 / 2 + 1 / 3.5 + 1 / 4) + (1 / 2.1 + 1 / 3.4 + 1 / 4)) / 2 - 1
    )
    empty = books_of(past, "pinnacle", moment="before_close", market="h2h")
    assert margin(empty.odds) is None
    assert scores(empty) == ()
    assert len(books_of(past, "nobody", moment="at_close", market="h2h").odds) == 0


def test_totals_are_over_from_three_goals():
    past = history(
        [(2, 1), (1, 1), (0, 0)],
        {("pinnacle", "at_close"): [(1.9, np.nan, 2.0)] * 3},
        market=1,
    )

    books = books_of(past, "pinnacle", moment="at_close", market="totals")

    assert books.won.tolist() == [0, 1, 1]
    assert books.odds.shape == (3, 2)
