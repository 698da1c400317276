import pytest

from odds.planner.situation import PlanSettings
from odds.planner.trade import trades
from tests.odds.planner.worlds import DAY, kickoffs, situation

ALL_KNOWN = PlanSettings(known_ahead=31 * DAY)


def test_the_slider_trades_leagues_for_opportunities_and_spends_the_same():
    busy = kickoffs("first", *range(2_000, 5_000, 60))
    coming = busy + kickoffs("second", 3_000) + kickoffs("third", 9_000)

    first, *_between, last = trades(situation(coming, spendable=70, settings=ALL_KNOWN))

    assert first.sports >= last.sports
    assert first.opportunities < last.opportunities
    assert first.credits_spent == last.credits_spent > 0


def test_hours_between_are_those_of_the_day_before_the_kick_off():
    (trade,) = trades(situation(kickoffs("first", 3_000), spendable=1, settings=ALL_KNOWN), [0.5])

    assert trade.hours_between == pytest.approx(24.0)  # the closing call alone
    assert trades(situation([]), [0.5])[0].hours_between is None
