"""How far settlement and closing lines have come, over the API."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from betting.bets.settlement import settle_finished
from tests.api import get
from tests.factories import NOON, make_account, make_bet, make_match

pytestmark = pytest.mark.django_db


def test_without_bets_there_is_no_average():
    assert get("/settlement/stats") == {
        "pending": 0, "settled": 0, "auto_settled": 0, "with_clv": 0, "avg_clv": None,
    }  # fmt: skip


def test_it_counts_what_waits_what_is_settled_and_how_and_what_is_graded():
    make_account()
    graded = {"clv_status": "graded", "clv_reference": "pinnacle", "clv_fair_pct": 0.0}
    make_bet(match=make_match(status="completed", home_score=2, away_score=1))
    settle_finished(now=NOON + timedelta(days=2))
    make_bet("won", clv_pct=3.0, **graded)
    make_bet("void", clv_pct=-1.0, **graded)
    make_bet(clv_status="early", clv_reference="pinnacle", clv_pct=50.0, clv_fair_pct=50.0)
    make_bet("won", is_paper=True, clv_pct=99.0, **graded)

    with CaptureQueriesContext(connection) as queries:
        answer = get("/settlement/stats")

    assert answer == {
        "pending": 1, "settled": 3, "auto_settled": 1, "with_clv": 2, "avg_clv": 1.0,
    }  # fmt: skip
    assert len(queries) == 1
