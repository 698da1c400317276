"""Living through a past: in order, without looking ahead, and on after it was interrupted."""

from datetime import UTC, datetime, timedelta

import pytest

from betting.models import Bet, LedgerEntry
from monps.demonstration import PastRefusedError
from monps.demonstration_steps import BEFORE_KICK_OFF, Market, steps_of
from odds.models import Match, Sport
from odds.simulator.sports import SPORTS
from strategies.models import Prediction
from tests.factories import make_collection
from tests.monps.pasts import (
    CUP,
    LATER,
    TRUTH,
    UNTIL,
    everything,
    in_another_world,
    live,
    opened,
    take,
)

pytestmark = pytest.mark.django_db
BOTH = (CUP, "soccer_epl")


def unrounded(value):
    """Without the last bits of a float, which may depend on how many matches are on offer."""
    return round(value, 12) if isinstance(value, float) else value


class TestSteps:
    def test_instants_are_in_order_and_each_once(self):
        past = opened(sport_keys=BOTH)

        instants = [step.at for step in steps_of(past, Market())]

        assert instants == sorted(set(instants))
        assert (instants[0], instants[-1]) == (past.begin, past.until)

    def test_every_sport_is_looked_at_in_each_round(self):
        past = opened(sport_keys=BOTH)

        rounds = [step for step in steps_of(past, Market()) if step.is_round]

        assert [step.at for step in rounds] == [
            past.begin + number * timedelta(hours=8) for number in range(7)
        ]
        assert {step.sport_keys for step in rounds} == {tuple(sorted(BOTH))}

    def test_only_the_sport_that_kicks_off_is_looked_at_between_rounds(self):
        past = opened(days=7, sport_keys=BOTH)

        looks = 0
        for step in steps_of(past, Market()):
            if not step.is_round:
                soon = (step.at + BEFORE_KICK_OFF).timestamp()
                kicking_off = {
                    key for key in BOTH if TRUTH.calendar.between(SPORTS[key], soon, soon)
                }
                assert set(step.sport_keys) <= kicking_off
                looks += len(step.sport_keys)
        assert looks > 40

    def test_each_midnight_is_called_once_in_order(self):
        past, market, nights = opened(days=3), Market(), []

        for step in steps_of(past, market):
            if not step.sport_keys:
                take(step, past, market, nights)

        assert nights == [datetime(2026, 3, day, tzinfo=UTC) for day in (2, 3, 4)]

    def test_only_sports_asked_for_are_looked_at(self):
        live(opened(days=1, sport_keys=["basketball_nba"]))

        assert set(Match.objects.values_list("sport__title", flat=True)) == {"NBA"}

    def test_all_collected_sports_of_the_market_are_where_none_is_named(self):
        Sport.objects.create(key="soccer_on_no_market", title="None", is_collected=True)
        Sport.objects.create(key="soccer_epl", title="EPL", is_collected=True)

        assert opened(sport_keys=[]).sport_keys == ("soccer_epl", CUP)

    def test_bets_are_only_placed_where_one_can_bet(self):
        live(opened(days=1, is_playable=False))

        assert Prediction.objects.exists()
        assert not Bet.objects.exists()

    def test_what_comes_later_changes_nothing_of_what_was_said_before(self):
        soon = UNTIL - timedelta(days=1)  # matches of both pasts begin by then

        def said(until):
            live(opened(until=until, days=(until - UNTIL) / timedelta(days=1) + 2))
            early = Prediction.objects.filter(match__commence_time__lt=soon)
            columns = ("match__provider_id", "market", "line", "outcome", "odds", "probability")
            rows = early.values_list(*columns, "predicted_at", "clv_fair_pct", "profit")
            return sorted(tuple(map(unrounded, row)) for row in rows)

        longer = in_another_world(lambda: said(UNTIL))

        assert longer
        assert in_another_world(lambda: said(soon + timedelta(hours=4))) == longer


class TestGoingOn:
    def test_every_step_taken_again_changes_nothing(self):
        def all_of(times):
            live(opened(days=1), times=times)
            return everything()

        once = in_another_world(lambda: all_of(1))

        assert once["bets"]
        assert in_another_world(lambda: all_of(2)) == once

    def test_a_past_that_was_interrupted_goes_on_where_it_stopped(self):
        def whole():
            live(opened(days=1))
            return everything()

        def interrupted():
            past, market = opened(days=1), Market()
            for step in steps_of(past, market)[:5]:
                take(step, past, market)
            live(opened(days=30))  # its beginning is that of before
            return everything()

        assert in_another_world(interrupted) == in_another_world(whole)

    def test_a_past_can_be_made_longer(self):
        live(opened(until=UNTIL - timedelta(days=1), days=1))
        before = Match.objects.count()

        past = live(opened())

        assert past.begin == UNTIL - timedelta(days=2)
        assert Match.objects.count() >= before + 6
        assert not Match.objects.filter(status=Match.Status.SCHEDULED).exists()


class TestRefusals:
    def test_a_database_that_was_collected_into_since_is_left_alone(self):
        make_collection(sport=Sport.objects.create(key=CUP), started_at=UNTIL - timedelta(hours=1))

        with pytest.raises(PastRefusedError, match=r"on 2026-03-04 09:00 UTC.* use an empty one"):
            opened()

        assert not LedgerEntry.objects.exists()

    def test_odds_collected_before_it_begins_do_not_matter(self):
        make_collection(sport=Sport.objects.create(key=CUP), started_at=UNTIL - timedelta(days=9))

        assert opened().begin == UNTIL - timedelta(days=2)

    @pytest.mark.parametrize(
        ("given", "sentence"),
        [
            ({"until": LATER + timedelta(minutes=1)}, "2026-11-21 00:01 UTC is yet to come"),
            ({"days": 90}, "The simulated market began on 2026-01-05, after 2025-12-04"),
            ({"every": timedelta(minutes=29)}, "every 30 minutes to every 24 hours"),
            ({"every": timedelta(hours=25)}, "every 30 minutes to every 24 hours"),
            ({"sport_keys": ["tennis"]}, "tennis is not on the simulated market, which has socc"),
        ],
    )
    def test_what_cannot_be_is_refused_in_one_sentence(self, given, sentence):
        with pytest.raises(PastRefusedError, match=sentence):
            opened(**given)

    def test_a_past_cannot_end_before_it_began(self):
        past = opened()
        take(steps_of(past, Market())[0], past, Market())

        with pytest.raises(PastRefusedError, match="cannot end on 2026-03-01 10:00"):
            opened(until=UNTIL - timedelta(days=3))

    def test_the_sports_of_a_market_without_a_collected_one_must_be_named(self):
        opened()
        Sport.objects.update(is_collected=False)

        with pytest.raises(PastRefusedError, match="name one"):
            opened(sport_keys=[])
