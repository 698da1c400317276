"""Bets told apart in memory: every group is what the database says of its bets alone."""

from datetime import timedelta

import pytest

from betting.models import Bet
from betting.performance import groups, records
from betting.performance.groups import By, Group
from betting.performance.match_clv import by_match_day, by_week
from betting.performance.scopes import EVERYTHING, Scope
from betting.performance.totals import Dimension, totals_by
from tests.factories import NOON, make_bet, make_bookmaker, make_match

pytestmark = pytest.mark.django_db


def bets(count: int, key: str, *, league: str = "", odds: str = "2.00", **given) -> None:
    for number in range(count):
        match = make_match(commence_time=NOON - timedelta(days=number % 7, hours=number))
        made = make_bet(
            "won" if number % 3 == 0 else "lost", match=match, bookmaker=make_bookmaker(key),
            odds=odds, clv_status="graded", clv_fair_pct=float(number % 5) - 1, clv_pct=1.0,
            clv_reference="pinnacle", **given,
        )  # fmt: skip
        Bet.objects.filter(pk=made.pk).update(league=league)


def found(scope: Scope = EVERYTHING) -> dict[By, list[Group]]:
    return groups.groups_of(groups.read_bets(scope))


def test_a_bookmakers_evidence_is_that_of_its_bets_alone():
    bets(35, "betclic_fr")
    bets(8, "unibet_fr", odds="3.50")
    make_bet("void", bookmaker=make_bookmaker("betclic_fr"))
    make_bet(bookmaker=make_bookmaker("betclic_fr"))

    own = {one.name: one for one in found()[By.BOOKMAKER]}

    assert list(own) == ["Betclic_Fr", "Unibet_Fr"]
    for key, title in (("betclic_fr", "Betclic_Fr"), ("unibet_fr", "Unibet_Fr")):
        alone = records.evidence(Scope(bookmaker=key))
        for name in ("bets", "graded", "matches", "clv_pct", "clv_low_pct", "clv_high_pct",
                     "yield_pct", "yield_low_pct", "yield_high_pct"):  # fmt: skip
            assert getattr(own[title].evidence, name) == pytest.approx(getattr(alone, name)), name
    assert own["Betclic_Fr"].evidence.clv_low_pct is not None


@pytest.mark.parametrize(
    ("by", "dimension"), [(By.ODDS_BAND, Dimension.ODDS_BAND), (By.LEAGUE, Dimension.LEAGUE)]
)
def test_groups_sum_to_what_the_database_adds_up(by: By, dimension: Dimension):
    bets(4, "betclic_fr", odds="1.50", league="Serie A")
    bets(3, "betclic_fr", odds="1.49")
    bets(2, "betclic_fr", odds="5.00", league="Serie A")

    summed = sorted((one.bets, one.profit) for one in totals_by(dimension).values())

    assert sorted((one.evidence.bets, one.profit) for one in found()[by]) == summed


def test_a_bet_without_a_league_counts_for_its_sport():
    bets(1, "betclic_fr")

    assert [one.name for one in found()[By.LEAGUE]] == ["Soccer Epl"]


def test_the_smallest_groups_are_one_and_nothing_is_lost():
    for number in range(15):
        bets(2 if number < 12 else 1, "betclic_fr", league=f"League {number:02}")

    own = found()[By.LEAGUE]

    assert [(one.name, one.groups) for one in own[-1:]] == [("", 3)]
    assert len(own) == 13
    assert sum(one.evidence.bets for one in own) == 27
    assert sum(one.profit for one in own) == sum(Bet.objects.values_list("profit", flat=True))


def test_without_bets_there_are_no_groups():
    assert all(own == [] for own in found().values())


def test_the_mean_clv_grows_by_match_days_and_a_match_counts_once():
    match = make_match(commence_time=NOON)
    for clv in (1.0, 3.0):
        make_bet("won", match=match, clv_status="graded", clv_fair_pct=clv, clv_pct=clv,
                 clv_reference="pinnacle")  # fmt: skip
    later = make_match(commence_time=NOON + timedelta(days=2))
    make_bet("lost", match=later, clv_status="graded", clv_fair_pct=-1.0, clv_pct=0.0,
             clv_reference="pinnacle")  # fmt: skip
    make_bet("won", match=make_match(commence_time=NOON + timedelta(days=3)))

    points = by_match_day(groups.read_bets(EVERYTHING).sample)

    assert [(one["date"], one["count"], one["value"]) for one in points] == [
        ("2026-11-21", 1, 2.0),
        ("2026-11-23", 2, 0.5),
    ]
    assert all(one["low"] is None for one in points)


def test_a_week_ends_as_its_last_match_day_left_it():
    """27 December 2026 is a Sunday, and the first week of 2027 begins on 4 January."""
    days = ["2026-12-21", "2026-12-27", "2026-12-28", "2027-01-03", "2027-01-04"]
    points = [{"date": day, "value": number} for number, day in enumerate(days)]

    assert [one["value"] for one in by_week(points)] == [1, 3, 4]
    assert by_week([]) == []
