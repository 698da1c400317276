"""What calls watched and found, against sums done by hand."""

import math
from datetime import timedelta

import pytest

from odds.budget import learning, situation
from odds.budget.learning import Opening
from odds.planner.rates import Rates
from tests.factories import NOON, make_collection, make_match, make_sport

pytestmark = pytest.mark.django_db
SIX_HOURS = 6 * (1 - math.exp(-1))  # of the last six, an opening lasting six on average is seen


def test_each_call_watches_each_match_for_the_time_since_the_call_before():
    sport = make_sport(is_collected=True)
    match = make_match(sport=sport, commence_time=NOON + timedelta(hours=10))
    make_match(sport=sport, commence_time=NOON + timedelta(hours=10))
    make_collection(sport=sport, started_at=NOON)
    make_collection(sport=sport, started_at=NOON + timedelta(hours=6))
    seen = NOON + timedelta(hours=6)

    found = learning.observations(
        [Opening(sport=sport.key, seen_at=seen, kickoff=match.commence_time)],
        since=NOON - timedelta(days=1),
        now=NOON + timedelta(days=1),
    )

    by_hour = {one.hour: one for one in found}
    assert set(by_hour) == {12, 18}
    # The second call is four hours before both kick-offs, in the bin from three to six.
    assert by_hour[18].hours_to_kickoff == 3
    assert by_hour[18].match_hours == pytest.approx(2 * SIX_HOURS)
    assert (by_hour[12].opened, by_hour[18].opened) == (0, 1)


def test_what_was_learned_is_what_plans_are_made_with():
    sport = make_sport(is_collected=True)
    kickoff = NOON + timedelta(hours=10)
    make_match(sport=sport, commence_time=kickoff)
    make_collection(sport=sport, started_at=NOON)
    opened = Opening(sport=sport.key, seen_at=NOON, kickoff=kickoff, hours_open=3.0)

    rates = learning.learn([opened] * 50, now=NOON + timedelta(hours=1))

    assert situation.stored_rates() == rates
    assert rates.by_sport[sport.key] > 1
    # Twenty of the prior's six hours, fifty of three.
    assert rates.lifetime_hours == pytest.approx((20 * 6 + 50 * 3) / 70)
    assert situation.read(NOON).rates == rates != Rates()
