"""Closing line value: worked examples, laws, and who may grade a bet."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from betting.closing.clv import Candidate, choose, fair_clv, fair_clv_of_lay, raw_clv
from odds.devig import Method, fair_probabilities
from odds.simulator.scores import Chances

odds = st.floats(1.01, 200)
probabilities = st.floats(0.005, 0.995)


def test_a_longer_price_than_the_close_is_positive():
    """The vector of CONTRACT 2.5; the inverted formula gives -5.37 %."""
    assert raw_clv(2.05, 1.94) == pytest.approx(0.0567, abs=5e-5)


def test_the_fair_close_takes_the_margin_out_first():
    """The vector of CONTRACT 2.5: over 1.94 / under 1.98, fair over 1.9798."""
    over = fair_probabilities(np.array([[1.94, 1.98]]), Method.MULTIPLICATIVE)[0, 0]

    assert 1 / over == pytest.approx(1.9798, abs=5e-5)
    assert fair_clv(2.05, over) == pytest.approx(0.0355, abs=5e-5)


def test_the_raw_close_flatters_by_the_margin():
    """At the very odds of the close the raw measure says 0, the fair one minus the margin."""
    closing = np.array([1.91, 1.91])

    fair = fair_probabilities(closing[None], Method.POWER)[0]

    assert_allclose(raw_clv(closing, closing), 0)
    assert_allclose(fair_clv(closing, fair), 1.91 / 2 - 1)


@given(probability=probabilities)
def test_a_bet_at_the_fair_closing_odds_has_no_clv(probability):
    assert fair_clv(1 / probability, probability) == pytest.approx(0, abs=1e-12)


@given(probability=probabilities)
def test_a_lay_at_the_fair_closing_odds_has_no_clv(probability):
    clv = fair_clv_of_lay(1 / probability, probability, 0.0)

    assert clv == pytest.approx(0, abs=1e-9)


@given(laid=odds, probability=probabilities, commission=st.floats(0, 0.2))
def test_a_lay_is_worth_its_expected_profit_per_unit_of_liability(laid, probability, commission):
    """Second method: a stake of 100 taken, both ends weighed."""
    kept, paid = 100 * (1 - commission), 100 * (laid - 1)

    expected = (kept * (1 - probability) - paid * probability) / paid

    assert fair_clv_of_lay(laid, probability, commission) == pytest.approx(expected, rel=1e-9)


@given(laid=odds, probability=probabilities)
def test_without_commission_a_lay_is_the_back_bet_with_its_sign_turned(laid, probability):
    """What the layer gains the backer loses: per unit of liability instead of stake."""
    lay = fair_clv_of_lay(laid, probability, 0.0)

    assert lay * (laid - 1) == pytest.approx(-fair_clv(laid, probability), abs=1e-9)


@given(
    taken=odds,
    ends=st.lists(st.floats(0.01, 1), min_size=5, max_size=5).map(
        lambda weights: [weight / sum(weights) for weight in weights]
    ),
)
def test_where_bets_can_push_it_is_the_edge_on_what_is_won_or_lost(taken, ends):
    chances = Chances(win=ends[0], half_win=ends[1], push=ends[2], half_loss=ends[3], loss=ends[4])
    at_stake = ends[0] + ends[1] / 2 + ends[3] / 2 + ends[4]

    clv = fair_clv(taken, chances.fair_probability)

    assert clv * at_stake == pytest.approx(chances.edge(taken), abs=1e-9)


def make_candidate(reference: str, *, operator: str | None = None, minutes: float = 5) -> Candidate:
    return Candidate(
        reference=reference,
        operator=reference.removeprefix("fd_") if operator is None else operator,
        odds=(2.0, None, 1.9),
        fair=(0.49, None, 0.51),
        minutes=minutes,
        source="quotes",
    )


PINNACLE = make_candidate("pinnacle")
BETFAIR = make_candidate("betfair_ex_eu", operator="betfair")
CONSENSUS = make_candidate("consensus", operator="")
CHAIN = [PINNACLE, BETFAIR, CONSENSUS]


def graded_by(
    candidates: list[Candidate], *, selected_by: str = "", operator: str = "betclic"
) -> tuple[str | None, bool]:
    chosen, is_early = choose(
        candidates, selected_by=selected_by, operator=operator, maximum_minutes=15
    )
    return chosen and chosen.reference, is_early


@pytest.mark.parametrize(
    ("selected_by", "operator", "grader"),
    [
        ("", "betclic", "pinnacle"),
        ("consensus", "betclic", "pinnacle"),
        ("pinnacle", "betclic", "betfair_ex_eu"),
        ("pinnacle", "betfair", "consensus"),
        ("betfair_ex_eu", "pinnacle", "consensus"),
        ("fd_pinnacle", "betclic", "betfair_ex_eu"),
    ],
)
def test_the_first_in_the_chain_that_neither_selected_nor_offered_the_bet(
    selected_by, operator, grader
):
    assert graded_by(CHAIN, selected_by=selected_by, operator=operator) == (grader, False)


def test_a_football_data_twin_of_the_selector_does_not_grade():
    twins = [make_candidate("fd_pinnacle", operator="pinnacle"), make_candidate("fd_average")]

    assert graded_by(twins, selected_by="pinnacle") == ("fd_average", False)


def test_another_site_of_the_selecting_operator_does_not_grade():
    sites = [BETFAIR, make_candidate("betfair_ex_uk", operator="betfair"), CONSENSUS]

    assert graded_by(sites, selected_by="betfair_ex_uk") == ("consensus", False)


def test_an_unknown_operator_does_not_shut_out_the_consensus():
    assert graded_by([CONSENSUS], operator="") == ("consensus", False)


def test_a_timely_close_further_down_the_chain_comes_before_an_early_one():
    early = make_candidate("pinnacle", minutes=15.1)

    assert graded_by([early, BETFAIR]) == ("betfair_ex_eu", False)


def test_when_all_are_early_the_first_of_the_chain_grades_and_is_called_early():
    early = [make_candidate("pinnacle", minutes=200), make_candidate("betfair", minutes=20)]

    assert graded_by(early) == ("pinnacle", True)


def test_the_limit_itself_is_timely():
    assert graded_by([make_candidate("pinnacle", minutes=15)]) == ("pinnacle", False)


@pytest.mark.parametrize("candidates", [[], [PINNACLE]])
def test_without_an_independent_reference_nobody_grades(candidates):
    assert graded_by(candidates, selected_by="pinnacle") == (None, False)
