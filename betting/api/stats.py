"""The API's routes of statistics: the bankroll, the bookmakers' quotes, and all of it together."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
from django.db import connection
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from numpy.typing import NDArray
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from betting.bankroll import ledger
from betting.models import Bet, Ending
from betting.performance import bet_columns, measures
from betting.performance.scopes import EVERYTHING, Scope, days_until
from betting.performance.totals import Dimension, Totals, book, in_percent, totals_by
from odds.api_fields import ErrorSerializer, read_query
from odds.models import Market

Integers = NDArray[np.int64]
Instants = NDArray[np.datetime64]

MOST_BOOKMAKERS: Final = 20
LATELY: Final = timedelta(days=30)  # or the answer would take longer with every season
# Matches are counted by grouping twice: count(DISTINCT) would sort every quote.
CURRENT_ODDS: Final = """
SELECT bookmakers.key, sum(odds)::bigint AS odds, sum(total) AS total, count(*) AS matches
FROM (
    SELECT bookmaker_id, match_id, count(odds_1) + count(odds_x) + count(odds_2) AS odds,
           coalesce(sum(odds_1), 0) + coalesce(sum(odds_x), 0) + coalesce(sum(odds_2), 0) AS total
    FROM latest_quotes
    JOIN matches ON matches.id = match_id
    WHERE market <> %(lay)s AND commence_time > %(since)s
    GROUP BY bookmaker_id, match_id
) AS offered
JOIN bookmakers ON bookmakers.id = bookmaker_id
WHERE odds > 0
GROUP BY bookmakers.key
ORDER BY 2 DESC, bookmakers.key
LIMIT %(most)s
"""
DAYS: Final = (30, 1, 365)  # as given by default, and the bounds


class BankrollStatisticsSerializer(serializers.Serializer[Any]):
    """The bankroll and all bets staked with money; rates are 0 while nothing is settled."""

    current_bankroll = serializers.FloatField(
        help_text="What is available, and what pending bets can lose."
    )
    total_bets = serializers.IntegerField(help_text="Pending and void ones included.")
    won_bets = serializers.IntegerField(help_text="Half won ones included.")
    lost_bets = serializers.IntegerField(help_text="Half lost ones included.")
    pending_bets = serializers.IntegerField()
    total_staked = serializers.FloatField(help_text="Of all bets, pending and void ones included.")
    total_profit = serializers.FloatField()
    roi = serializers.FloatField(help_text="Percent, of settled bets without the void ones.")
    win_rate = serializers.FloatField(
        help_text="Percent won of those won or lost; a half counts as a half."
    )


class BetStatisticsFields(serializers.Serializer[Any]):
    """How bets did; sums are 0 and rates null where there are none."""

    total_bets = serializers.IntegerField()
    total_stake = serializers.FloatField()
    total_return = serializers.FloatField(help_text="Paid out, stakes included.")
    total_profit = serializers.FloatField()
    avg_odds = serializers.FloatField(allow_null=True, help_text="Of settled bets.")
    win_rate = serializers.FloatField(allow_null=True, help_text="Percent.")
    roi = serializers.FloatField(allow_null=True, help_text="Percent, of settled bets.")
    avg_clv = serializers.FloatField(allow_null=True, help_text="Raw, percent, of graded bets.")
    sharpe_ratio = serializers.FloatField(
        allow_null=True, help_text="Mean return of a bet over its standard deviation."
    )


class BookmakerStatisticsSerializer(serializers.Serializer[Any]):
    """A bookmaker's newest odds of each market and line, on coming matches and of 30 days."""

    bookmaker = serializers.CharField(help_text="The bookmaker's key.")
    nb_cotes = serializers.IntegerField(help_text="Single prices; lay prices are left out.")
    avg_odds = serializers.FloatField(help_text="Of those prices.")
    nb_matches = serializers.IntegerField()


class AnalyticsQuery(serializers.Serializer[Any]):
    """Which settled bets."""

    period_days = serializers.IntegerField(
        default=DAYS[0],
        min_value=DAYS[1],
        max_value=DAYS[2],
        help_text="Settled in the last UTC days, today among them.",
    )


class TypeStatisticsSerializer(serializers.Serializer[Any]):
    """Settled bets of one type."""

    total_bets = serializers.IntegerField()
    roi = serializers.FloatField(allow_null=True)
    avg_clv = serializers.FloatField(allow_null=True, help_text="Raw, percent.")


class MonthStatisticsSerializer(serializers.Serializer[Any]):
    """Bets settled in one month."""

    month = serializers.CharField(help_text="A UTC month: 2026-11.")
    profit = serializers.FloatField()
    roi = serializers.FloatField(allow_null=True)
    bets_count = serializers.IntegerField()


class AnalyticsSerializer(serializers.Serializer[Any]):
    """Bets settled in a period, void ones left out; bankroll and bookmakers as they are now."""

    status = serializers.CharField(help_text="Always analytics_completed.")
    period_days = serializers.IntegerField()
    bets_analyzed = serializers.IntegerField()
    message = serializers.CharField()
    total_staked = serializers.FloatField()
    total_profit = serializers.FloatField()
    global_stats = BetStatisticsFields()
    bankroll_stats = BankrollStatisticsSerializer()
    bookmaker_stats = BookmakerStatisticsSerializer(many=True)
    performance_by_type = serializers.DictField(child=TypeStatisticsSerializer())
    monthly_performance = MonthStatisticsSerializer(many=True)


class BankrollStatistics(APIView):
    """`GET /stats/bankroll`."""

    @extend_schema(
        operation_id="stats_bankroll_retrieve",
        responses=BankrollStatisticsSerializer,
        tags=["stats"],
    )
    def get(self, _request: Request) -> Response:
        """The bankroll, and how all bets did."""
        return Response(bankroll_statistics())


class BookmakerStatistics(APIView):
    """`GET /stats/bookmakers`."""

    @extend_schema(
        operation_id="stats_bookmakers_list",
        responses=BookmakerStatisticsSerializer(many=True),
        tags=["stats"],
    )
    def get(self, _request: Request) -> Response:
        """The bookmakers with the most odds on coming matches and of 30 days, at most 20."""
        return Response(bookmaker_statistics(now=timezone.now()))


class Analytics(APIView):
    """`GET /stats/analytics/comprehensive`."""

    @extend_schema(
        operation_id="stats_analytics_retrieve",
        parameters=[AnalyticsQuery],
        responses={200: AnalyticsSerializer, 400: ErrorSerializer},
        tags=["stats"],
    )
    def get(self, request: Request) -> Response:
        """Everything a dashboard shows, in one answer."""
        asked = read_query(AnalyticsQuery, request)
        return Response(analytics(asked["period_days"], now=timezone.now()))


def bankroll_statistics() -> dict[str, Any]:
    """As `BankrollStatisticsSerializer` describes it."""
    kept = book()
    summed, ended = kept.decided, Counter(kept.decided.endings)
    return {
        "current_bankroll": float(ledger.balance().bankroll),
        "total_bets": kept.bets,
        "won_bets": ended[Ending.WON] + ended[Ending.HALF_WON],
        "lost_bets": ended[Ending.LOST] + ended[Ending.HALF_LOST],
        "pending_bets": kept.pending,
        "total_staked": float(kept.risk),
        "total_profit": float(summed.profit),
        "roi": summed.roi_pct or 0.0,
        "win_rate": summed.win_rate_pct or 0.0,
    }


def bet_statistics() -> dict[str, Any]:
    """All bets staked with money, as `BetStatisticsFields` describes them."""
    kept = book()
    profit, risk = bet_columns.read(EVERYTHING, "profit", "risk")
    return _rates(kept.decided, measures.sharpe(profit / risk)) | {
        "total_bets": kept.bets,
        "total_stake": float(kept.risk),
        "total_return": float(kept.payout),
        "total_profit": float(kept.decided.profit),
    }


def _rates(summed: Totals, sharpe: float | None) -> dict[str, Any]:
    return {
        "avg_odds": summed.average_odds,
        "win_rate": summed.win_rate_pct,
        "roi": summed.roi_pct,
        "avg_clv": summed.average_clv_pct,
        "sharpe_ratio": sharpe,
    }


def bookmaker_statistics(*, now: datetime) -> list[dict[str, Any]]:
    """As `BookmakerStatisticsSerializer` describes them, the most odds first."""
    with connection.cursor() as cursor:
        cursor.execute(
            CURRENT_ODDS, {"lay": Market.H2H_LAY, "most": MOST_BOOKMAKERS, "since": now - LATELY}
        )
        rows = cursor.fetchall()
    return [
        {"bookmaker": key, "nb_cotes": odds, "avg_odds": float(total / odds), "nb_matches": matches}
        for key, odds, total, matches in rows
    ]


def analytics(period_days: int, *, now: datetime) -> dict[str, Any]:
    """As `AnalyticsSerializer` describes it."""
    scope = Scope(since=days_until(now, period_days))
    by_type = totals_by(Dimension.BET_TYPE, scope)
    summed = sum(by_type.values(), Totals())
    staked, gained = float(summed.risk), float(summed.profit)
    profit, risk, settled_at = bet_columns.read(scope, "profit", "risk", "settled_at")
    return {
        "status": "analytics_completed",
        "period_days": period_days,
        "bets_analyzed": summed.bets,
        "message": f"{summed.bets} bets settled in the last {period_days} days.",
        "total_staked": staked,
        "total_profit": gained,
        "global_stats": _rates(summed, measures.sharpe(profit / risk))
        | {
            "total_bets": summed.bets,
            "total_stake": staked,
            "total_return": float(summed.payout),
            "total_profit": gained,
        },
        "bankroll_stats": bankroll_statistics(),
        "bookmaker_stats": bookmaker_statistics(now=now),
        "performance_by_type": {kind: _of_type(by_type.get(kind)) for kind in Bet.Type.values},
        "monthly_performance": _months(profit, risk, settled_at),
    }


def _months(profit: Integers, risk: Integers, settled_at: Instants) -> list[dict[str, Any]]:
    """As `MonthStatisticsSerializer` describes them; whole cents stay exact in a float's sums."""
    months, place, bets = np.unique(
        settled_at.astype("datetime64[M]"), return_inverse=True, return_counts=True
    )
    gained = np.bincount(place, weights=profit, minlength=len(months)).tolist()
    risked = np.bincount(place, weights=risk, minlength=len(months)).tolist()
    return [
        {
            "month": str(month),
            "profit": cents / 100,
            "roi": in_percent(measures.yield_of(cents, risk_cents)),
            "bets_count": count,
        }
        for month, cents, risk_cents, count in zip(
            months, gained, risked, bets.tolist(), strict=True
        )
    ]


def _of_type(summed: Totals | None) -> dict[str, Any]:
    one = summed or Totals()
    return {"total_bets": one.bets, "roi": one.roi_pct, "avg_clv": one.average_clv_pct}
