"""Goals Model: what past goals say of prices, and what it does not look at."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from betting.detection.board import MARKETS, Board
from odds.fair_prices import NOBODY, Panel
from strategies.agents.goals_model import Parameters, predict, probabilities
from strategies.predictions import Predictions
from strategies.snapshots import Past, Snapshot
from tests.strategies.goals.peer_ratings import (
    ASH_OAK_HANDICAP,
    ASH_OAK_OVER,
    ASH_OAK_WINNER,
    EPL,
    KNOWN_UNTIL,
    past_of,
)

# As good as without a prior and without ageing, which is what penaltyblog's figures are.
PLAIN = Parameters(half_life_days=2000, ridge=0.1)
EVERYTHING = replace(PLAIN, minimum_edge_pct=0.0, maximum_edge_pct=1000.0)


def offer(*odds, market="h2h", line=0.0, home="Ash", away="Oak", sport=EPL):
    """One group, as one bookmaker prices it; a pair of odds is a market without draw."""
    prices = odds if len(odds) == 3 else (odds[0], np.nan, odds[1])
    return {
        "odds": prices,
        "market": MARKETS.index(market),
        "line": line,
        "home": home,
        "away": away,
        "sport": sport,
    }


def snapshot_of(*offers, past=None, commission=0.0) -> Snapshot:
    count = len(offers)
    odds = np.array([each["odds"] for each in offers], dtype=np.float64).reshape(count, 1, 3)
    instant = np.full(count, KNOWN_UNTIL + 3600.0)
    unknown = np.full((count, 3), np.nan)

    def of_each(name):
        return np.array([each[name] for each in offers])

    panel = Panel(
        key=np.array(["soft"]),
        operator=np.array([0]),
        is_exchange=np.array([commission > 0]),
        is_sharp=np.array([False]),
        is_playable=np.array([True]),
        commission=np.array([commission]),
    )
    board = Board(
        panel=panel,
        match_id=np.arange(count),
        market=of_each("market"),
        line=of_each("line"),
        is_three_way=~np.isnan(odds[:, 0, 1]),
        odds=odds,
        changed_at=instant[:, None],
        seen_at=instant[:, None],
        source_age_seconds=np.full((count, 1), np.nan),
    )
    return Snapshot(
        board=board,
        as_of=instant,
        kickoff=instant + 86400,
        sport=of_each("sport"),
        home=of_each("home"),
        away=of_each("away"),
        opening=odds,
        opened_at=instant[:, None],
        maximum=unknown,
        average=unknown,
        past=past_of() if past is None else past,
    )


def assert_same(one: Predictions, other: Predictions):
    for name in Predictions.__slots__:
        assert np.array_equal(getattr(one, name), getattr(other, name))


def with_results(past: Past, *rows, sport=EPL, days=1.0) -> Past:
    """More results: home, away, goals, goals, so many days after what is known."""
    home, away, home_score, away_score = zip(*rows, strict=True)
    return Past(
        known_until=past.known_until,
        sport=np.append(past.sport, [sport] * len(rows)),
        home=np.append(past.home, home),
        away=np.append(past.away, away),
        home_score=np.append(past.home_score, home_score),
        away_score=np.append(past.away_score, away_score),
        kickoff=np.append(past.kickoff, [past.known_until + days * 86400] * len(rows)),
    )


def test_a_price_that_pays_more_than_goals_say_is_predicted():
    made = predict(snapshot_of(offer(1.30, 5.0, 11.0)), PLAIN)

    assert (made.group.tolist(), made.place.tolist(), made.column.tolist()) == ([0], [0], [0])
    assert made.probability == pytest.approx([ASH_OAK_WINNER[0]], abs=0.01)
    assert made.edge == pytest.approx(made.probability * 1.30 - 1)
    assert made.source.tolist() == [NOBODY]


def test_commission_is_taken_off_before_the_edge_is_known():
    made = predict(snapshot_of(offer(1.30, 6.0, 14.0), commission=0.05), PLAIN)

    assert made.net_odds == pytest.approx([1 + 0.95 * 0.30])
    assert made.edge == pytest.approx(made.probability * 1.285 - 1)


def test_prices_at_what_goals_say_are_left():
    assert not len(predict(snapshot_of(offer(1.12, 8.0, 30.0)), PLAIN))


def test_an_edge_beyond_the_cap_is_left():
    snapshot = snapshot_of(offer(1.30, 5.0, 11.0))

    assert not len(predict(snapshot, replace(PLAIN, maximum_edge_pct=8.0)))


@pytest.mark.parametrize("line", [2.0, 2.25, 2.5, 2.75, 3.0])
def test_totals_are_chances_among_decided_stakes(line):
    lost, _given_back, won = ASH_OAK_OVER[line]

    chances = probabilities(snapshot_of(offer(1.9, 1.9, market="totals", line=line)), PLAIN)[0]

    assert chances[[0, 2]] == pytest.approx(np.array([won, lost]) / (won + lost), abs=0.02)
    assert chances[[0, 2]].sum() == pytest.approx(1)
    assert np.isnan(chances[1])


@pytest.mark.parametrize("line", [-1.0, -0.75, -0.5, 0.0, 0.25])
def test_a_handicap_is_that_of_the_home_team(line):
    lost, _given_back, won = ASH_OAK_HANDICAP[line]

    chances = probabilities(snapshot_of(offer(1.9, 1.9, market="spreads", line=line)), PLAIN)[0]

    assert chances[[0, 2]] == pytest.approx(np.array([won, lost]) / (won + lost), abs=0.02)


def test_where_nobody_offers_the_draw_it_gives_stakes_back():
    with_draw, without = snapshot_of(offer(1.3, 5.0, 11.0)), snapshot_of(offer(1.15, 7.0))

    home, _draw, away = probabilities(with_draw, PLAIN)[0]

    assert probabilities(without, PLAIN)[0, [0, 2]] == pytest.approx(
        np.array([home, away]) / (home + away)
    )


@pytest.mark.parametrize(
    "asked",
    [
        offer(1.3, 5.0, 11.0, away="Yew"),
        offer(1.3, 5.0, 11.0, home="Yew"),
        offer(1.3, 5.0, 11.0, sport="soccer_italy_serie_a"),
    ],
)
def test_a_team_without_past_in_the_competition_is_not_predicted(asked):
    assert not len(predict(snapshot_of(asked), EVERYTHING))


def test_a_team_with_too_few_matches_is_not_predicted():
    snapshot = snapshot_of(offer(1.3, 5.0, 11.0))  # each team has played 40

    assert len(predict(snapshot, replace(PLAIN, minimum_matches=40)))
    assert not len(predict(snapshot, replace(PLAIN, minimum_matches=41)))


def test_other_sports_are_not_counted_in_goals():
    past = past_of(sport="basketball_nba")
    snapshot = snapshot_of(offer(1.3, 5.0, 11.0, sport="basketball_nba"), past=past)

    assert np.isnan(probabilities(snapshot, EVERYTHING)).all()


def test_competitions_known_from_football_data_alone_are_football():
    past = past_of(sport="football_data_ec")
    snapshot = snapshot_of(offer(1.3, 5.0, 11.0, sport="football_data_ec"), past=past)

    assert len(predict(snapshot, EVERYTHING)) == 1


def test_nothing_asked_is_nothing_said():
    assert not len(predict(snapshot_of(), EVERYTHING))


def test_without_past_nothing_is_said():
    assert not len(predict(snapshot_of(offer(1.3, 5.0, 11.0), past=Past.nothing()), EVERYTHING))


def test_results_that_were_not_known_yet_change_nothing():
    asked = offer(1.3, 5.0, 11.0)
    later = with_results(past_of(), *[("Oak", "Ash", 9, 0)] * 20)

    made = predict(snapshot_of(asked, past=later), EVERYTHING)

    assert_same(made, predict(snapshot_of(asked), EVERYTHING))


def test_results_of_another_competition_change_nothing():
    asked = offer(1.3, 5.0, 11.0)
    other = with_results(past_of(), *[("Oak", "Ash", 9, 0)] * 20, sport="soccer_cup", days=-1)

    made = predict(snapshot_of(asked, past=other), EVERYTHING)

    assert_same(made, predict(snapshot_of(asked), EVERYTHING))


def test_a_corrected_result_is_learnt_although_nothing_else_differs():
    snapshot, past = snapshot_of(offer(1.3, 5.0, 11.0)), past_of()
    corrected = past.away_score.copy()
    corrected[4] += 5
    before = probabilities(snapshot, PLAIN)

    after = probabilities(replace(snapshot, past=replace(past, away_score=corrected)), PLAIN)

    assert after[0, 0] < before[0, 0]
    assert np.array_equal(probabilities(snapshot, PLAIN), before)


def test_teams_that_change_places_in_the_names_are_told_apart():
    snapshot, past = snapshot_of(offer(1.3, 5.0, 11.0)), past_of()
    swapped = replace(past, home=past.away, away=past.home)

    assert not np.array_equal(
        probabilities(replace(snapshot, past=swapped), PLAIN), probabilities(snapshot, PLAIN)
    )


@settings(max_examples=25)
@given(data=st.data())
def test_every_group_is_judged_by_itself(data):
    teams = st.permutations(["Ash", "Birch", "Cedar", "Elm", "Yew"]).map(lambda names: names[:2])
    lines = st.sampled_from([1.0, 2.25, 2.5, 3.75])
    offers = []
    for (home, away), line in data.draw(st.lists(st.tuples(teams, lines), min_size=2, max_size=6)):
        offers.append(offer(1.95, 1.95, market="totals", line=line, home=home, away=away))

    together = probabilities(snapshot_of(*offers), PLAIN)

    alone = np.concatenate([probabilities(snapshot_of(each), PLAIN) for each in offers])
    assert together == pytest.approx(alone, rel=1e-12, nan_ok=True)


@settings(max_examples=25)
@given(low=st.floats(0, 20), more=st.floats(0, 20))
def test_with_a_higher_minimum_there_are_never_more_predictions(low, more):
    snapshot = snapshot_of(
        offer(1.30, 5.0, 11.0), offer(1.9, 1.9, market="totals", line=2.5), offer(1.12, 8.0, 30.0)
    )

    few = predict(snapshot, replace(PLAIN, minimum_edge_pct=low + more))

    assert set(few.group) <= set(predict(snapshot, replace(PLAIN, minimum_edge_pct=low)).group)
