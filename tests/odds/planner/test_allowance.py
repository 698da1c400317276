"""What scans may spend by when: never what the closing calls to come may still need."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odds.planner.allowance import Allowance
from odds.planner.forecast import moving_safety
from odds.planner.planning import plan
from odds.planner.situation import Kind, PlanSettings
from tests.odds.planner.worlds import DAY, kickoffs, situation

MINUTES = st.lists(st.integers(30, 25_000), min_size=1, max_size=30, unique=True)


def test_a_flat_allowance_is_one_pot():
    pot = Allowance.flat(3)

    pot.spend(100, 2)

    assert (pot.at(0), pot.at(100), pot.left) == (1, 1, 1)


def test_what_is_spent_late_is_missing_at_the_end_only_and_what_is_spent_early_everywhere():
    stairs = Allowance((10, 20), (1, 3, 4))

    stairs.spend(15, 2)
    assert (stairs.at(5), stairs.at(15), stairs.at(25)) == (1, 1, 2)
    stairs.spend(5, 1)

    assert (stairs.at(5), stairs.at(15), stairs.at(25)) == (0, 0, 1)


@settings(deadline=None, max_examples=40)
@given(MINUTES, st.integers(0, 120))
def test_scans_made_by_any_instant_leave_what_kick_offs_that_move_may_need(minutes, spendable):
    coming = kickoffs("first", *sorted(minutes), 30_000)
    chosen = PlanSettings(known_ahead=60 * DAY, minimum_interval=timedelta(minutes=60))

    made = plan(situation(coming, spendable=spendable, sports=("first",), settings=chosen))

    closings = [call for call in made.calls if call.kind == Kind.CLOSING]
    scans = [call for call in made.calls if call.kind == Kind.SCAN]
    for scan in scans:
        spent = sum(call.cost for call in made.calls if call.at <= scan.at)
        ahead = sum(call.cost for call in closings if call.at > scan.at)
        assert spendable - spent - ahead >= moving_safety(ahead)


def test_the_last_scans_spend_what_was_kept_when_it_was_not_needed():
    after_the_reset = 33_000
    coming = kickoffs("first", *range(2_000, 12_000, 500), 20_000, after_the_reset)

    made = plan(situation(coming, spendable=60, sports=("first",)))

    last = max(call.at for call in made.calls if call.kind == Kind.CLOSING)
    assert made.budget.safety > 0
    assert made.budget.planned == 60
    assert made.budget.left_at_reset == 50  # the reserve
    assert made.budget.is_certain
    assert made.calls[-1].at > last
