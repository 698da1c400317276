"""Patron: what agents with a record agree on, by hand and by its laws."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from betting.detection.board import Board
from odds.fair_prices import CONSENSUS, NOBODY, Panel
from strategies.agents.patron import Parameters, predict, weight
from strategies.predictions import AVERAGE, EVERY, MAXIMUM, NO_LEG, Predictions
from strategies.snapshots import Record, Snapshot

PINNACLE, BETFAIR, SOFT = 5, 6, 7
ONE = Parameters(minimum_agents=1, minimum_edge_pct=0.0)


def backing(*bets) -> Predictions:
    """An agent's predictions: group, place, probability, odds, and perhaps source and column."""
    rows = [(*bet, *(NOBODY, SOFT)[len(bet) - 4 :]) for bet in bets]
    group, place, probability, odds, source, column = (
        np.array(each) for each in zip(*rows, strict=True)
    )
    return Predictions(
        group=group,
        place=place,
        column=column,
        odds=odds.astype(np.float64),
        probability=probability.astype(np.float64),
        edge=probability * odds - 1,
        net_odds=odds.astype(np.float64),
        source=source,
        legs=np.full((len(rows), 3), NO_LEG),
    )


def record(clv: float, matches: int = 100) -> Record:
    return Record(matches=matches, clv=clv, variance=0.01)


def listen(opinions, records, parameters=None) -> Predictions:
    """What Patron makes of opinions on five groups whose prices it need not see."""
    groups = np.arange(5)
    unknown, prices = np.full((5, 3), np.nan), np.full((5, 0, 3), np.nan)
    no_panel = Panel(
        key=np.array([], dtype=np.str_),
        operator=np.array([], dtype=np.intp),
        is_exchange=np.array([], dtype=np.bool_),
        is_sharp=np.array([], dtype=np.bool_),
        is_playable=np.array([], dtype=np.bool_),
        commission=np.array([]),
    )
    board = Board(
        panel=no_panel,
        match_id=groups,
        market=np.zeros(5, dtype=np.intp),
        line=np.zeros(5),
        is_three_way=np.ones(5, dtype=np.bool_),
        odds=prices,
        changed_at=prices[..., 0],
        seen_at=prices[..., 0],
        source_age_seconds=prices[..., 0],
    )
    snapshot = Snapshot(
        board=board,
        as_of=np.zeros(5),
        kickoff=np.ones(5),
        sport=np.full(5, "soccer_epl"),
        home=np.full(5, "Ash"),
        away=np.full(5, "Oak"),
        opening=prices,
        opened_at=prices[..., 0],
        maximum=unknown,
        average=unknown,
        opinions=opinions,
        records=records,
    )
    return predict(snapshot, parameters or Parameters())


def assert_same(one: Predictions, other: Predictions):
    for name in Predictions.__slots__:
        assert np.array_equal(getattr(one, name), getattr(other, name))


def test_two_agents_on_one_outcome_speak_by_their_weights():
    opinions = {
        "1": backing((0, 0, 0.50, 2.10, PINNACLE, 1)),
        "2": backing((0, 0, 0.53, 2.20, CONSENSUS, 2)),
    }
    records = {"1": record(0.04, 100), "2": record(0.03, 50)}  # weights 0.02 and 0.01

    made = listen(opinions, records)

    assert (made.group.tolist(), made.place.tolist()) == ([0], [0])
    assert made.probability == pytest.approx([(0.02 * 0.50 + 0.01 * 0.53) / 0.03])  # 0.51
    assert (made.odds.tolist(), made.column.tolist()) == ([2.20], [2])
    assert made.edge == pytest.approx([0.51 * 2.20 - 1])
    assert made.legs.tolist() == [[NO_LEG] * 3]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (record(0.04, 100), 0.02),
        (record(0.04, 300), 0.03),
        (record(0.04, 29), 0.0),
        (record(0.04, 30), 0.04 * 30 / 130),
        (record(0.0, 100), 0.0),
        (record(-0.02, 5000), 0.0),
        (Record.of_sums(0, 0.0, 0.0), 0.0),
    ],
)
def test_a_weight_is_the_mean_clv_shrunk_by_the_number_of_matches(given, expected):
    assert weight(given, Parameters()) == pytest.approx(expected)


def test_agents_are_counted_where_they_agree_on_an_outcome_not_where_all_are_sure():
    opinions = {"1": backing((0, 0, 0.6, 2.0)), "2": backing((0, 2, 0.4, 3.0))}

    assert not len(listen(opinions, {"1": record(0.04), "2": record(0.04)}))


def test_of_two_outcomes_the_one_with_more_weight_is_taken_not_the_dearer_one():
    opinions = {
        "1": backing((0, 0, 0.55, 2.0)),
        "2": backing((0, 0, 0.55, 2.0)),
        "3": backing((0, 2, 0.40, 3.5)),
        "4": backing((0, 2, 0.40, 3.5)),
    }
    records = {"1": record(0.04), "2": record(0.03), "3": record(0.01), "4": record(0.01)}

    made = listen(opinions, records)

    assert made.place.tolist() == [0]
    assert made.edge == pytest.approx([0.10])


def test_an_agent_that_lost_to_the_close_makes_no_agreement():
    opinions = {"1": backing((0, 0, 0.6, 2.0)), "2": backing((0, 0, 0.6, 2.0))}

    assert not len(listen(opinions, {"1": record(0.04), "2": record(-0.01)}))


def test_without_records_nothing_is_taken():
    opinions = {"1": backing((0, 0, 0.6, 2.0)), "2": backing((0, 0, 0.6, 2.0))}

    assert not len(listen(opinions, {}))


def test_without_opinions_nothing_is_taken():
    assert not len(listen({}, {"1": record(0.04)}))
    assert not len(listen({"1": Predictions.nothing()}, {"1": record(0.04)}, ONE))


def test_an_arbitrage_is_no_opinion_on_an_outcome():
    opinions = {"1": backing((0, EVERY, 1.0, 1.05)), "2": backing((0, 0, 0.6, 2.0))}
    records = {"1": record(0.04), "2": record(0.04)}

    assert not len(listen(opinions, records))
    assert listen(opinions, records, ONE).place.tolist() == [0]
    assert not len(listen({"1": opinions["1"]}, records, ONE))


def test_a_combined_edge_that_is_not_above_the_minimum_is_left():
    opinions = {"1": backing((0, 0, 0.50, 2.2)), "2": backing((0, 0, 0.52, 2.2))}
    records = {"1": record(0.04), "2": record(0.04)}  # together 0.51 * 2.2 - 1: 12.2 %

    assert len(listen(opinions, records, Parameters(minimum_edge_pct=12.1))) == 1
    assert not len(listen(opinions, records, Parameters(minimum_edge_pct=12.3)))


@pytest.mark.parametrize(
    ("light", "heavy", "expected"),
    [
        (PINNACLE, PINNACLE, PINNACLE),
        (NOBODY, NOBODY, NOBODY),
        (PINNACLE, NOBODY, PINNACLE),
        (PINNACLE, CONSENSUS, PINNACLE),
        (CONSENSUS, NOBODY, CONSENSUS),
        (AVERAGE, CONSENSUS, CONSENSUS),
        (PINNACLE, BETFAIR, BETFAIR),
    ],
)
def test_the_heaviest_bookmaker_that_selected_it_may_not_grade_it(light, heavy, expected):
    opinions = {
        "1": backing((0, 0, 0.55, 2.0, light, SOFT)),
        "2": backing((0, 0, 0.55, 2.0, heavy, SOFT)),
    }

    made = listen(opinions, {"1": record(0.02), "2": record(0.04)})

    assert made.source.tolist() == [expected]


def test_groups_come_in_their_order():
    opinions = {"1": backing((1, 0, 0.6, 2.0), (4, 2, 0.6, 2.0)), "2": backing((2, 0, 0.6, 2.0))}

    made = listen(opinions, {"1": record(0.04), "2": record(0.04)}, ONE)

    assert made.group.tolist() == [1, 2, 4]


@st.composite
def spoken(draw):
    """Some agents' opinions on four groups, and their records."""
    opinions, records = {}, {}
    for number in range(draw(st.integers(1, 5))):
        bets = []
        for group in sorted(draw(st.sets(st.integers(0, 3), min_size=1))):
            place = draw(st.sampled_from([0, 1, 2, EVERY]))
            chance, odds = draw(st.floats(0.05, 0.9)), draw(st.floats(1.1, 12.0))
            source = draw(st.sampled_from([PINNACLE, BETFAIR, CONSENSUS, AVERAGE, NOBODY]))
            bets.append((group, place, chance, odds, source, draw(st.integers(MAXIMUM, 7))))
        opinions[str(number)] = backing(*bets)
        records[str(number)] = record(draw(st.floats(-0.05, 0.1)), draw(st.integers(0, 500)))
    return opinions, records


@given(given=spoken(), agents=st.integers(1, 3))
def test_an_agent_without_weight_changes_nothing(given, agents):
    opinions, records = given
    parameters = Parameters(minimum_agents=agents)
    silent = {"silent": backing((0, 0, 0.9, 12.0), (1, 2, 0.9, 12.0))}

    made = listen(opinions | silent, records | {"silent": record(-0.01, 400)}, parameters)

    assert_same(made, listen(opinions, records, parameters))


@given(given=spoken(), agents=st.integers(1, 3), order=st.randoms(use_true_random=False))
def test_the_order_of_opinions_does_not_matter(given, agents, order):
    opinions, records = given
    parameters = Parameters(minimum_agents=agents)
    keys = list(opinions)
    order.shuffle(keys)

    made = listen({key: opinions[key] for key in keys}, records, parameters)

    assert_same(made, listen(opinions, records, parameters))


@pytest.mark.parametrize("keys", list(permutations("123")))
def test_not_even_the_rounding_of_sums_depends_on_the_order(keys):
    clv = {"1": 0.1, "2": 0.2, "3": 0.3}  # (0.1 + 0.2) + 0.3 is not 0.1 + (0.2 + 0.3)
    chance = {"1": 0.51, "2": 0.52, "3": 0.57}
    exactly = Parameters(prior_matches=0)

    def asked(order):
        opinions = {key: backing((0, 0, chance[key], 2.5)) for key in order}
        return listen(opinions, {key: record(clv[key]) for key in order}, exactly)

    assert_same(asked(keys), asked("123"))


@given(given=spoken())
def test_an_agent_alone_is_repeated_where_it_holds_a_price_to_be_value(given):
    opinions, _records = given
    alone = opinions["0"]
    assume((np.abs(alone.edge) > 1e-9).all())

    made = listen({"0": alone}, {"0": record(0.04)}, ONE)

    kept = np.flatnonzero((alone.place != EVERY) & (alone.edge > 0))
    assert np.array_equal(made.group, alone.group[kept])
    assert np.array_equal(made.place, alone.place[kept])
    assert made.edge == pytest.approx(alone.edge[kept])
    assert np.array_equal(made.source, alone.source[kept])


@given(given=spoken(), agents=st.integers(1, 3), low=st.floats(0, 10), more=st.floats(0, 10))
def test_with_a_higher_minimum_there_are_never_more_predictions(given, agents, low, more):
    few = listen(*given, Parameters(minimum_agents=agents, minimum_edge_pct=low + more))
    many = listen(*given, Parameters(minimum_agents=agents, minimum_edge_pct=low))

    assert set(few.group) <= set(many.group)
    assert len(set(few.group)) == len(few)
