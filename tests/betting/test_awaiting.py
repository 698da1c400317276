"""Whose results are asked for, and where: free before paid, bets before opportunities."""

from datetime import timedelta

import pytest

from betting.bets.awaiting import awaited
from betting.models import SettlementSettings
from odds.models import Match
from tests.factories import NOON, make_account, make_bet, make_match, make_opportunity, make_sport

pytestmark = pytest.mark.django_db
SETTINGS = SettlementSettings(results_after_minutes=150)


def played(hours_ago: float, sport: str = "soccer_epl") -> Match:
    return make_match(sport=make_sport(key=sport), commence_time=NOON - timedelta(hours=hours_ago))


@pytest.mark.parametrize(("hours_ago", "is_awaited"), [(2.4, False), (2.6, True), (71, True)])
def test_a_bet_is_asked_about_once_its_match_can_be_over(hours_ago: float, is_awaited: bool):
    make_account()
    match = played(hours_ago)
    make_bet(match=match)

    assert awaited(NOON, SETTINGS).paid_match_ids == [match.pk] * is_awaited


def test_what_the_odds_api_forgot_waits_for_the_free_file():
    make_account()
    make_bet(match=played(73))

    found = awaited(NOON, SETTINGS)

    assert found.paid_match_ids == []
    assert found.sport_keys == ["soccer_epl"]


def test_nobody_is_asked_about_a_match_nobody_waits_for():
    played(5)

    assert awaited(NOON, SETTINGS).sport_keys == []
    assert awaited(NOON, SETTINGS).paid_match_ids == []


def test_a_settled_bet_and_a_known_result_wait_for_nothing():
    make_account()
    make_bet("won", match=played(5))
    match = played(5)
    make_bet(match=match)
    Match.objects.filter(pk=match.pk).update(status="completed", home_score=1, away_score=0)

    assert awaited(NOON, SETTINGS).paid_match_ids == []


def test_an_opportunity_of_a_covered_league_never_costs_a_credit():
    make_opportunity(match=played(65))

    found = awaited(NOON, SETTINGS)

    assert found.sport_keys == ["soccer_epl"]
    assert found.paid_match_ids == []


def test_opportunities_of_another_sport_share_one_late_call():
    late, early = played(61, "basketball_nba"), played(20, "basketball_nba")
    other = played(20, "icehockey_nhl")
    for match in (late, early, other):
        make_opportunity(match=match)

    assert awaited(NOON, SETTINGS).paid_match_ids == sorted([late.pk, early.pk])


def test_each_source_can_be_switched_off():
    make_account()
    make_bet(match=played(5))

    no_files = SettlementSettings(results_after_minutes=150, uses_football_data=False)
    no_calls = SettlementSettings(results_after_minutes=150, uses_odds_api=False)

    assert awaited(NOON, no_files).sport_keys == []
    assert awaited(NOON, no_calls).paid_match_ids == []


def test_whoever_pays_for_opportunities_learns_of_them_at_once():
    make_account()
    bet_on, missed = played(5), played(5)
    make_bet(match=bet_on)
    make_opportunity(match=missed)
    paying = SettlementSettings(results_after_minutes=150, asks_for_opportunities=True)

    assert awaited(NOON, SETTINGS).paid_match_ids == [bet_on.pk]
    assert awaited(NOON, paying).paid_match_ids == sorted([bet_on.pk, missed.pk])
