"""Arms: what both brought since the test began, and that a match stays whose it was."""

from datetime import timedelta

import pytest

from betting.closing.paper import LOOKS_BACK
from strategies import experiments, lifecycle
from strategies.arms import Arm, Because, assign, read_split, read_traffic
from strategies.live.settling import settle_predictions
from strategies.models import ExperimentSettings, Prediction
from strategies.traffic import is_for_b
from tests.factories import NOON, make_match, make_prediction, make_strategy
from tests.strategies.arm_rows import bring

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def improvement():
    strategy = make_strategy().strategy
    proposed = lifecycle.propose(strategy, {"minimum_edge_pct": 3.0}, now=NOON)
    (active,) = lifecycle.activate([proposed.pk], now=NOON)
    return active


def say(version, match, profit, **given):
    """A prediction an hour after the test began, settled two days later with this profit."""
    ended = {}
    if profit is not None:
        result = "won" if profit > 0 else "push" if profit == 0 else "lost"
        ended = {"result": result, "profit": profit, "settled_at": NOON + 2 * DAY}
    values = {"predicted_at": NOON + timedelta(hours=1)} | ended | given
    return make_prediction(version=version, match=match, **values)


class TestWhatTheyBrought:
    def test_a_match_has_one_figure_of_each_arm_and_none_of_an_arm_that_is_silent(
        self, improvement
    ):
        both, only_b = make_match(), make_match()
        say(improvement.version_a, both, 1.5)
        say(improvement.version_a, both, -1.0, market="totals", line="2.50", outcome="over")
        say(improvement.version_b, both, 2.0)
        say(improvement.version_b, only_b, 4.0)

        split = read_split(improvement)

        # A: 0.5 and 0; B: 2 and 4; so B less A: 1.5 and 4.
        assert (split.a.matches, split.a.mean, split.a.variance) == (2, 0.25, 0.0625)
        assert (split.b.matches, split.b.mean, split.b.variance) == (2, 3.0, 1.0)
        assert (split.difference.mean, split.difference.variance) == (2.75, 1.5625)

    def test_what_is_not_settled_void_or_spoken_of_before_the_test_is_left_out(self, improvement):
        waiting, void, before = make_match(), make_match(), make_match()
        say(improvement.version_a, waiting, 1.1)
        say(improvement.version_b, waiting, None)
        say(improvement.version_a, void, 0.0, result="void")
        say(improvement.version_b, void, 0.0, result="void")
        say(improvement.version_a, before, 1.1, predicted_at=NOON - timedelta(minutes=1))
        say(improvement.version_b, before, 1.1)
        say(make_strategy("spread_optimizer"), make_match(), 1.1)

        split = read_split(improvement)

        assert (split.difference.matches, split.share) == (0, 0.5)

    def test_it_is_the_gain_the_test_itself_measures(self, improvement):
        bring(improvement, a=-1.0, b=2.0, count=3)
        say(improvement.version_b, make_match(), 1.0)
        Prediction.objects.update(clv_status="graded", clv_fair_pct=0.0, graded_at=NOON)

        experiments.follow(now=NOON)

        improvement.refresh_from_db()
        split = read_split(improvement)
        assert split.difference.matches == improvement.paired_matches == 4
        assert split.difference.mean == pytest.approx(improvement.profit_gain)

    def test_settling_again_counts_nothing_twice(self, improvement):
        ended = NOON - 2 * DAY
        match = make_match(commence_time=ended, status="completed", home_score=2, away_score=0)
        say(improvement.version_a, match, None)
        say(improvement.version_b, match, None, outcome="away")

        settle_predictions(NOON + DAY)
        once = read_split(improvement)
        settle_predictions(NOON + DAY + LOOKS_BACK)

        assert (once.a.matches, once.a.mean, once.b.mean) == (1, pytest.approx(1.1), -1.0)
        assert read_split(improvement) == once

    def test_real_stakes_are_split_only_where_the_settings_say_so(self, improvement):
        bring(improvement, a=-1.0, b=2.0, count=40)
        off = read_traffic(improvement)
        ExperimentSettings.objects.create(splits_real_stakes=True)
        on = read_traffic(improvement)

        assert (off.is_split, off.share) == (False, 0.0)
        assert (on.is_split, on.share) == (True, 0.95)
        assert off.split == on.split


class TestWhose:
    def spoken(self, improvement, count, day, **given):
        """Matches an arm first speaks of on that day of the test."""
        matches = [make_match(commence_time=NOON + (day + 1) * DAY) for _number in range(count)]
        for match in matches:
            say(improvement.version_b, match, None, predicted_at=NOON + day * DAY, **given)
        return matches

    def arms(self, improvement, matches):
        assigned = [assign(improvement, match, is_split=True) for match in matches]
        assert {one.because for one in assigned} == {Because.DRAWN}
        return [one.arm for one in assigned]

    def drawn_by(self, improvement, matches, share):
        drawn = [is_for_b(improvement.pk, match.provider_id, share) for match in matches]
        return [Arm.B if is_b else Arm.A for is_b in drawn]

    def test_a_match_stays_whose_it_was_whatever_is_settled_later(self, improvement):
        bring(improvement, a=-1.0, b=3.0, count=40)
        early = self.spoken(improvement, 20, day=10)
        before, share = self.arms(improvement, early), read_split(improvement).share

        bring(improvement, a=-1.0, b=-9.0, count=120, settled_at=NOON + 9 * DAY)
        for match in early:
            say(improvement.version_a, match, 1.0, predicted_at=NOON + 10.5 * DAY)
            match.commence_time += 30 * DAY
            match.save()
        late = self.spoken(improvement, 20, day=13)

        assert share == 0.95
        assert read_split(improvement).share == 0.05
        assert before == self.drawn_by(improvement, early, 0.95)
        assert self.arms(improvement, early) == before
        assert self.arms(improvement, late) == self.drawn_by(improvement, late, 0.05)

    def test_what_is_settled_less_than_three_days_before_has_no_say_yet(self, improvement):
        bring(improvement, a=-1.0, b=3.0, count=40, settled_at=NOON + 7 * DAY)
        exactly = self.spoken(improvement, 30, day=10)
        later = self.spoken(improvement, 30, day=10.01)

        assert self.arms(improvement, exactly) == self.drawn_by(improvement, exactly, 0.5)
        assert self.arms(improvement, later) == self.drawn_by(improvement, later, 0.95)

    def test_nobodys_match_before_an_arm_speaks_of_it(self, improvement):
        match = make_match()
        say(make_strategy("spread_optimizer"), match, 1.1)

        found = assign(improvement, match, is_split=True)
        assert (found.arm, found.because) == (None, Because.UNSPOKEN)

    def test_as_long_as_nothing_is_split_every_match_is_arm_as(self, improvement):
        found = [
            assign(improvement, match, is_split=False)
            for match in (make_match(), *self.spoken(improvement, 10, day=10))
        ]
        assert {(one.arm, one.because) for one in found} == {(Arm.A, Because.OFF)}

    def test_a_match_a_spoke_of_before_the_test_stays_arm_as(self, improvement):
        bring(improvement, a=-1.0, b=3.0, count=40)
        matches = [make_match() for _number in range(10)]
        for match in matches:
            say(improvement.version_a, match, None, predicted_at=NOON - timedelta(minutes=1))

        found = [assign(improvement, match, is_split=True) for match in matches]
        assert {(one.arm, one.because) for one in found} == {(Arm.A, Because.EARLIER)}
