"""The page of two strategies side by side: the paired difference, and when nothing can be said."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from strategies.admin import compare
from strategies.admin.compare_pairs import differences
from strategies.api.agent_records import read_columns
from strategies.models import Strategy, StrategyVersion
from tests.factories import make_match, make_prediction, make_strategy
from tests.strategies.admin.pages import signed_in

pytestmark = pytest.mark.django_db
NOW = timezone.now()
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BOTH = NOW - 60 * DAY


@pytest.fixture
def owner() -> Client:
    return signed_in()


@pytest.fixture
def pair() -> tuple[StrategyVersion, StrategyVersion]:
    made = make_strategy("sharp_reference"), make_strategy("consensus_value")
    StrategyVersion.objects.update(created_at=BOTH)
    return made


def say(version: StrategyVersion, match: Any, clv: float | None, **given: Any) -> None:
    graded: dict[str, Any] = {}
    if clv is not None:
        graded = {"clv_status": "graded", "clv_fair_pct": clv, "clv_pct": clv, "graded_at": NOW}
    values = {
        "predicted_at": match.commence_time - HOUR, "result": "won", "profit": 1.1,
        "settled_at": NOW,
    }  # fmt: skip
    make_prediction(version=version, match=match, **values | graded | given)


def on(days_ago: int) -> Any:
    return make_match(commence_time=NOW - days_ago * DAY)


def gaps(one: StrategyVersion, other: StrategyVersion) -> list[float]:
    rows = [read_columns(since=NOW - 90 * DAY, strategy=each.strategy_id) for each in (one, other)]
    return [round(gap, 6) for gap in differences(*rows, since=BOTH)]


def shown(client: Client, *chosen: StrategyVersion, **asked: str) -> str:
    names = ("first", "second")
    asked |= {name: str(one.strategy_id) for name, one in zip(names, chosen, strict=False)}
    answer = client.get(reverse("admin:strategies_compare"), asked)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_a_match_is_what_one_got_from_it_more_than_the_other_in_the_order_of_kick_off(pair):
    first, second = pair
    both, only_first, only_second = on(3), on(5), on(1)
    say(first, both, 4.0)
    say(first, both, 1.0, market="totals", line="2.50", outcome="over")
    say(second, both, 2.0)
    say(first, only_first, -1.5)
    say(second, only_second, 3.0)

    assert gaps(first, second) == [-1.5, 3.0, -3.0]
    assert gaps(second, first) == [1.5, -3.0, 3.0]


def test_a_match_counts_only_once_all_is_graded_and_if_both_could_speak_of_it(pair):
    first, second = pair
    half = on(3)
    say(first, half, 4.0)
    say(second, half, None)
    early = on(4)
    say(first, early, 9.0, predicted_at=BOTH - HOUR)
    say(second, early, 1.0)
    say(first, on(2), 1.0)

    assert gaps(first, second) == [1.0]


def test_the_better_prices_are_named_and_the_other_way_round_too(owner: Client, pair):
    first, second = pair
    for number in range(40):
        match = on(number + 1)
        say(first, match, 8.0 + number % 4)
        say(second, match, float(number % 2))

    told = f"{first.strategy.strategy_name} gets 9.00 points of fair CLV a match more than "
    sentence = f"{told}{second.strategy.strategy_name}."
    assert sentence in shown(owner, first, second)
    assert sentence in shown(owner, second, first)


def test_equal_records_are_not_told_apart(owner: Client, pair):
    for number in range(40):
        match = on(number + 1)
        say(pair[number % 2], match, 5.0)

    assert "On 40 matches neither is told to be better than the other." in shown(owner, *pair)


def test_too_few_matches_say_nothing_and_show_what_is_missing(owner: Client, pair):
    say(pair[0], on(1), 5.0)

    page = shown(owner, *pair)

    assert "Too early to tell: 1 of 30 matches are graded." in page
    assert "1 of 30 matches" in page
    assert "1 of 30 settled" in page


def test_without_any_match_there_is_no_chart(owner: Client, pair):
    page = shown(owner, *pair)

    assert "Nothing to compare yet" in page
    assert "difference-points" not in page
    assert "None" not in page


def test_one_strategy_has_nothing_to_stand_beside(owner: Client):
    make_strategy()

    assert "There are not two strategies to compare" in shown(owner)


def test_who_was_not_chosen_or_twice_is_chosen_for_the_user(pair):
    choices = list(Strategy.objects.order_by("pk"))
    first, second = choices

    assert compare.chosen(choices, None, None) == (first, second)
    assert compare.chosen(choices, str(second.pk), str(second.pk)) == (second, first)
    assert compare.chosen(choices, "x", str(first.pk)) == (second, first)
    assert compare.chosen([first], None, None) == (first, None)


def test_a_strategy_that_is_off_is_said_to_be(owner: Client, pair):
    Strategy.objects.filter(pk=pair[0].strategy_id).update(is_active=False)

    assert "is off: it predicts nothing more" in shown(owner, *pair)


def test_it_costs_as_many_queries_whatever_was_predicted(owner: Client, pair):
    def queries() -> int:
        shown(owner, *pair)
        with CaptureQueriesContext(connection) as asked:
            shown(owner, *pair)
        return len(asked)

    say(pair[0], on(1), 1.0)
    few = queries()
    for number in range(40):
        say(pair[number % 2], on(number + 1), 1.0)

    assert queries() == few <= 8


def test_who_may_not_see_strategies_is_refused():
    stranger = Client()
    stranger.force_login(User.objects.create(username="stranger", is_staff=True))

    assert stranger.get(reverse("admin:strategies_compare")).status_code == 403
