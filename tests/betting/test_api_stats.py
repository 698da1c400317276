"""What `/stats/…` answers: the bankroll, performance with its verdict, bookmakers, analytics."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from betting.bets import placing
from betting.bets.posting import Author
from betting.models import Bet
from odds.models import LatestQuote
from tests.api import get, signed_in
from tests.factories import make_account, make_bet, make_bookmaker, make_match, make_quote

NOW = timezone.now()
TODAY = NOW.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


def make_eight(day: datetime = TODAY) -> None:
    """Five of 10 at 2.00 won, on the day before three of 10 at 2.50 lost."""
    make_account("1000", at=day - 40 * DAY)
    for number in range(8):
        is_won = number < 5
        make_bet(
            "won" if is_won else "lost",
            odds="2.00" if is_won else "2.50",
            settled_at=day - DAY * (not is_won),
            at=day - 2 * DAY,
            bet_type="tabac" if is_won else "ligne",
        )


def grade_all(fair: float = 1.5, raw: float = 3.0) -> None:
    Bet.objects.update(
        clv_status="graded", clv_reference="pinnacle", clv_fair_pct=fair, clv_pct=raw
    )


def test_the_bankroll_answers_exactly_the_originals_keys() -> None:
    make_eight()

    assert get("/stats/bankroll") == {
        "current_bankroll": 1020.0,
        "total_bets": 8,
        "won_bets": 5,
        "lost_bets": 3,
        "pending_bets": 0,
        "total_staked": 80.0,
        "total_profit": 20.0,
        "roi": 25.0,
        "win_rate": 62.5,
    }


def test_the_bankroll_has_numbers_where_nothing_is_settled_yet() -> None:
    make_account("1000")
    make_bet(stake="25")

    answer = get("/stats/bankroll")

    assert (answer["roi"], answer["win_rate"], answer["total_profit"]) == (0.0, 0.0, 0.0)
    assert (answer["current_bankroll"], answer["pending_bets"]) == (1000.0, 1)
    assert answer["total_staked"] == 25.0


def test_pending_and_void_stakes_do_not_thin_the_roi() -> None:
    make_eight()
    make_bet(stake="500")
    make_bet("void", stake="300")

    assert get("/stats/bankroll")["roi"] == 25.0


def test_performance_sums_a_period_and_shows_its_days() -> None:
    make_eight()
    grade_all()

    answer = get("/stats/performance")

    assert (answer["period"], answer["group_by"]) == ("30d", "day")
    summary = answer["summary"]
    assert (summary["bets"], summary["staked"], summary["profit"]) == (8, 80.0, 20.0)
    assert (summary["roi"], summary["win_rate"]) == (25.0, 62.5)
    assert summary["avg_odds"] == pytest.approx(2.1875)
    assert (summary["avg_clv"], summary["avg_clv_fair"]) == (3.0, 1.5)
    assert summary["max_drawdown_pct"] == pytest.approx(3.0)
    # Mean .25; sample variance (5 x .75² + 3 x 1.25²) / 7 = 7.5 / 7.
    assert summary["sharpe"] == pytest.approx(0.25 / (7.5 / 7) ** 0.5)
    yesterday = (TODAY - DAY).date().isoformat()
    assert answer["series"] == [
        {
            "date": yesterday, "bets": 3, "staked": 30.0, "profit": -30.0, "roi": -100.0,
            "cumulative_profit": -30.0, "bankroll": 970.0,
        },
        {
            "date": TODAY.date().isoformat(), "bets": 5, "staked": 50.0, "profit": 50.0,
            "roi": 100.0, "cumulative_profit": 20.0, "bankroll": 1020.0,
        },
    ]  # fmt: skip
    assert answer["by_type"] == {
        "ligne": {"bets": 3, "roi": -100.0, "clv": 3.0},
        "tabac": {"bets": 5, "roi": 100.0, "clv": 3.0},
    }


def test_performance_tells_the_verdict_in_a_sentence() -> None:
    make_account("1000", at=TODAY - DAY)
    for number in range(40):
        make_bet("won", match=make_match(), settled_at=TODAY, at=TODAY, edge_pct=4.0)
        fair = 2 + (number % 5 - 2) / 2
        Bet.objects.filter(clv_status="pending").update(
            clv_status="graded", clv_reference="pinnacle", clv_fair_pct=fair, clv_pct=fair + 2
        )

    verdict = get("/stats/performance", period="7d")["verdict"]

    assert set(verdict) == {
        "kind", "sentence", "claimed_pct", "clv_pct", "clv_low_pct", "clv_high_pct", "luck_pct",
        "bets_needed",
    }  # fmt: skip
    assert (verdict["kind"], verdict["claimed_pct"], verdict["clv_pct"]) == ("winning", 4.0, 2.0)
    assert 0 < verdict["clv_low_pct"] < 2.0 < verdict["clv_high_pct"]
    assert verdict["luck_pct"] == pytest.approx(98.0)
    assert verdict["sentence"].startswith("You beat the closing line by 2.0% on 40 bets (+4.0%")
    assert "98.0 points (+392.00\N{NO-BREAK SPACE}€) of good luck" in verdict["sentence"]


def test_performance_without_a_bet_is_undefined_and_says_so() -> None:
    answer = get("/stats/performance", period="all")

    assert (answer["summary"]["bets"], answer["summary"]["staked"]) == (0, 0.0)
    undefined = set(answer["summary"]) - {"bets", "staked", "profit"}
    assert {answer["summary"][name] for name in undefined} == {None}
    assert (answer["series"], answer["by_type"]) == ([], {})
    assert answer["verdict"]["kind"] == "no_bets"


@pytest.mark.parametrize(("period", "expected"), [("7d", 1), ("30d", 2), ("90d", 3), ("all", 4)])
def test_a_period_is_whole_utc_days_up_to_today(period: str, expected: int) -> None:
    for days in (6, 29, 89, 400):
        make_bet("won", settled_at=TODAY - days * DAY, at=TODAY - 401 * DAY)

    assert get("/stats/performance", period=period)["summary"]["bets"] == expected


def test_a_series_goes_on_with_the_bankroll_of_before_the_period() -> None:
    make_account("1000", at=TODAY - 300 * DAY)
    make_bet("won", odds="3.00", stake="50", settled_at=TODAY - 200 * DAY, at=TODAY - 250 * DAY)
    make_bet("lost", stake="10", settled_at=TODAY, at=TODAY)

    (point,) = get("/stats/performance", period="7d", group_by="month")["series"]

    assert (point["cumulative_profit"], point["bankroll"]) == (-10.0, 1090.0)
    assert point["date"] == TODAY.date().replace(day=1).isoformat()


def test_performance_of_one_type() -> None:
    make_eight()

    answer = get("/stats/performance", bet_type="tabac")

    assert (answer["summary"]["bets"], list(answer["by_type"])) == (5, ["tabac"])


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/stats/performance", {"period": "1y"}),
        ("/stats/performance", {"group_by": "hour"}),
        ("/stats/performance", {"bet_type": "system"}),
        ("/stats/analytics/comprehensive", {"period_days": 0}),
        ("/stats/analytics/comprehensive", {"period_days": 366}),
        ("/stats/analytics/comprehensive", {"period_days": "month"}),
    ],
)
def test_unknown_values_are_refused_in_one_sentence(path: str, query: dict[str, Any]) -> None:
    response = signed_in().get(path, query)

    assert response.status_code == 400
    assert response.json()["detail"].startswith(f"{next(iter(query))}: ")


def test_bookmakers_are_listed_by_their_current_prices() -> None:
    betclic, unibet = make_bookmaker("betclic_fr"), make_bookmaker("unibet_fr")
    match, other = make_match(), make_match()
    make_quote("2.00", "3.00", "4.00", match=match, bookmaker=unibet)
    make_quote("1.50", "2.50", match=match, bookmaker=unibet, market="totals", line=Decimal("2.5"))
    make_quote("2.00", "3.00", "7.00", match=other, bookmaker=betclic)
    make_quote("5", "900", match=other, bookmaker=betclic, market="h2h_lay")
    make_bookmaker("never_quoted")

    assert get("/stats/bookmakers") == [
        {"bookmaker": "unibet_fr", "nb_cotes": 5, "avg_odds": 2.6, "nb_matches": 1},
        {"bookmaker": "betclic_fr", "nb_cotes": 3, "avg_odds": 4.0, "nb_matches": 1},
    ]


def test_at_most_twenty_bookmakers_are_listed() -> None:
    match = make_match()
    for number in range(22):
        make_quote("2.00", "2.00", match=match, bookmaker=make_bookmaker(f"book_{number:02}"))

    answer = get("/stats/bookmakers")

    assert [item["bookmaker"] for item in answer] == [f"book_{n:02}" for n in range(20)]


def test_analytics_hold_what_the_dashboard_reads_beside_the_older_keys() -> None:
    make_eight()
    grade_all()
    make_bet("won", settled_at=TODAY - 60 * DAY, at=TODAY - 61 * DAY)
    make_quote("2.00", "3.00", "4.00")

    answer = get("/stats/analytics/comprehensive")

    assert {name: answer[name] for name in ("status", "period_days", "bets_analyzed")} == {
        "status": "analytics_completed", "period_days": 30, "bets_analyzed": 8
    }  # fmt: skip
    assert (answer["total_staked"], answer["total_profit"]) == (80.0, 20.0)
    assert answer["message"] == "8 bets settled in the last 30 days."
    assert answer["global_stats"] == {
        "total_bets": 8, "total_stake": 80.0, "total_return": 100.0, "total_profit": 20.0,
        "avg_odds": pytest.approx(2.1875), "win_rate": 62.5, "roi": 25.0, "avg_clv": 3.0,
        "sharpe_ratio": pytest.approx(0.25 / (7.5 / 7) ** 0.5),
    }  # fmt: skip
    assert answer["bankroll_stats"] == get("/stats/bankroll")
    assert answer["bankroll_stats"]["total_bets"] == 9
    assert answer["bookmaker_stats"] == get("/stats/bookmakers")
    assert answer["performance_by_type"]["tabac"] == {
        "total_bets": 5, "roi": 100.0, "avg_clv": 3.0
    }  # fmt: skip
    assert answer["performance_by_type"]["value"] == {
        "total_bets": 0, "roi": None, "avg_clv": None
    }  # fmt: skip
    assert sum(month["bets_count"] for month in answer["monthly_performance"]) == 8
    assert sum(month["profit"] for month in answer["monthly_performance"]) == 20.0
    assert answer["monthly_performance"][-1]["month"] == f"{TODAY:%Y-%m}"


def test_analytics_cut_months_at_midnight_utc() -> None:
    first = TODAY.replace(day=1)
    make_bet("lost", stake="20", settled_at=first - timedelta(seconds=1), at=first - DAY)
    make_bet("won", odds="1.50", stake="10", settled_at=first, at=first - DAY)

    months = get("/stats/analytics/comprehensive", period_days=60)["monthly_performance"]

    assert months == [
        {"month": f"{first - DAY:%Y-%m}", "profit": -20.0, "roi": -100.0, "bets_count": 1},
        {"month": f"{first:%Y-%m}", "profit": 5.0, "roi": 50.0, "bets_count": 1},
    ]


def test_analytics_without_a_bet_hold_nothing() -> None:
    answer = get("/stats/analytics/comprehensive", period_days=365)

    assert (answer["bets_analyzed"], answer["total_staked"]) == (0, 0.0)
    assert (answer["global_stats"]["roi"], answer["monthly_performance"]) == (None, [])


def test_the_global_statistics_count_bets_staked_with_money() -> None:
    make_eight()
    grade_all()
    make_bet(stake="40")
    make_bet("won", is_paper=True)
    placing.cancel(make_bet("won").pk, author=Author(now=NOW))

    answer = get("/stats/global")

    expected = {
        "total_bets": 9, "total_stake": 120.0, "total_return": 100.0, "total_profit": 20.0,
        "avg_odds": pytest.approx(2.1875), "win_rate": 62.5, "roi": 25.0, "avg_clv": 3.0,
        "sharpe_ratio": pytest.approx(0.25 / (7.5 / 7) ** 0.5),
    }  # fmt: skip
    assert {name: answer[name] for name in expected} == expected


QUERIES = {
    "/stats/bankroll": 3,
    "/stats/performance": 5,
    "/stats/performance?period=all": 4,
    "/stats/bookmakers": 1,
    "/stats/analytics/comprehensive": 6,
    "/stats/global": 8,
}


@pytest.mark.parametrize("path", QUERIES)
@pytest.mark.parametrize("copies", [0, 99])
def test_the_queries_do_not_grow_with_bets(
    path: str, copies: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_account("1000", at=TODAY - 2 * DAY)
    quote = make_quote("2.00", "3.00", "4.00")
    for result in ("won", "lost", "won"):
        make_bet(result, match=quote.match, settled_at=TODAY, at=TODAY)
    multiply_bets(copies)
    grade_all()

    with django_assert_num_queries(QUERIES[path]):
        get(path)


def multiply_bets(copies: int) -> None:
    """Each bet so many times more, over as many matches, days and bookmakers."""
    books = [make_bookmaker(f"book_{number}") for number in range(copies)]
    matches = [make_match() for _ in range(copies // 10)]
    more = []
    for number, book in enumerate(books):
        for bet in Bet.objects.all():
            bet.pk, bet.bookmaker, bet.match = None, book, matches[number % len(matches)]
            bet.settled_at = TODAY - (number % 20) * DAY
            more.append(bet)
    Bet.objects.bulk_create(more)
    latest = LatestQuote.objects.get()
    LatestQuote.objects.bulk_create(
        LatestQuote(
            match=latest.match,
            bookmaker=book,
            market=latest.market,
            odds_1=latest.odds_1,
            changed_at=latest.changed_at,
            seen_at=latest.seen_at,
        )
        for book in books
    )


@pytest.mark.parametrize(
    "path",
    [
        "/stats/bankroll",
        "/stats/performance",
        "/stats/bookmakers",
        "/stats/analytics/comprehensive",
    ],
)
def test_a_stranger_learns_nothing(path: str, client: Any) -> None:
    assert client.get(path).status_code in {401, 403}
