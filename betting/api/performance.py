"""The API's route of performance: results over a period, their series, and the verdict on them."""

from datetime import datetime
from typing import Any, Final

import numpy as np
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from betting.bankroll.curve import Curve, in_groups, sums
from betting.models import Bet, StakingSettings
from betting.performance import verdict_text
from betting.performance.measures import yield_of
from betting.performance.records import Luck, Sample, evidence_of, sample
from betting.performance.scopes import Scope, days_until
from betting.performance.totals import Dimension, Totals, in_percent, totals_by
from betting.performance.verdict import Evidence, Verdict, judge
from odds.api_fields import ErrorSerializer, read_query

PERIODS: Final = {"7d": 7, "30d": 30, "90d": 90, "all": None}
CENTS: Final = 100
GROUPS: Final = ("day", "week", "month")


class PerformanceQuery(serializers.Serializer[Any]):
    """Which settled bets, and how the series is grouped."""

    period = serializers.ChoiceField(
        list(PERIODS), default="30d", help_text="Settled in the last UTC days, today among them."
    )
    group_by = serializers.ChoiceField(
        GROUPS, default="day", help_text="UTC days, weeks from Monday, or months."
    )
    bet_type = serializers.ChoiceField(
        Bet.Type.values, required=False, help_text="All where not given."
    )


class PerformanceSummarySerializer(serializers.Serializer[Any]):
    """Settled bets, void ones left out; null where undefined."""

    bets = serializers.IntegerField()
    staked = serializers.FloatField(help_text="What the bets could lose: a lay bet's liability.")
    profit = serializers.FloatField()
    roi = serializers.FloatField(allow_null=True, help_text="Profit in percent of what was staked.")
    roi_low = serializers.FloatField(
        allow_null=True, help_text="Lower end of its 95 % interval (bootstrap by match day)."
    )
    roi_high = serializers.FloatField(allow_null=True, help_text="Upper end.")
    win_rate = serializers.FloatField(
        allow_null=True, help_text="Percent won of those won or lost; a half counts as a half."
    )
    avg_odds = serializers.FloatField(allow_null=True)
    avg_clv = serializers.FloatField(
        allow_null=True, help_text="Raw, percent; flatters by the margin of the closing odds."
    )
    avg_clv_fair = serializers.FloatField(
        allow_null=True, help_text="Against closing odds without margin, percent."
    )
    max_drawdown_pct = serializers.FloatField(
        allow_null=True, help_text="Deepest fall from a peak of the bankroll, percent of the peak."
    )
    sharpe = serializers.FloatField(
        allow_null=True, help_text="Mean return of a bet over its standard deviation."
    )


class PerformancePointSerializer(serializers.Serializer[Any]):
    """One UTC day, week or month in which bets were settled."""

    date = serializers.DateField(help_text="Its first day.")
    bets = serializers.IntegerField()
    staked = serializers.FloatField()
    profit = serializers.FloatField()
    roi = serializers.FloatField(allow_null=True)
    cumulative_profit = serializers.FloatField(help_text="Since the period began.")
    bankroll = serializers.FloatField(
        help_text="At the period's beginning, with what was paid in and these bets' profits since."
    )


class TypePerformanceSerializer(serializers.Serializer[Any]):
    """Bets of one type."""

    bets = serializers.IntegerField()
    roi = serializers.FloatField(allow_null=True)
    clv = serializers.FloatField(allow_null=True, help_text="Raw, percent.")


class VerdictSerializer(serializers.Serializer[Any]):
    """Whether the bettor beats the closing line; the interval may be looked at every day."""

    kind = serializers.ChoiceField([kind.value for kind in Verdict])
    sentence = serializers.CharField()
    claimed_pct = serializers.FloatField(allow_null=True)
    clv_pct = serializers.FloatField(
        allow_null=True, help_text="Fair, a mean over matches; null without a graded bet."
    )
    clv_low_pct = serializers.FloatField(allow_null=True)
    clv_high_pct = serializers.FloatField(allow_null=True)
    luck_pct = serializers.FloatField(
        allow_null=True, help_text="Yield less fair CLV of the graded bets."
    )
    bets_needed = serializers.IntegerField(
        allow_null=True, help_text="Graded matches in all until it is decided, at this rate."
    )


class PerformanceSerializer(serializers.Serializer[Any]):
    """How the bets of a period did."""

    period = serializers.ChoiceField(list(PERIODS))
    group_by = serializers.ChoiceField(GROUPS)
    summary = PerformanceSummarySerializer()
    series = PerformancePointSerializer(many=True)
    by_type = serializers.DictField(
        child=TypePerformanceSerializer(), help_text="By type of bet; only types with bets."
    )
    verdict = VerdictSerializer()


class Performance(APIView):
    """`GET /stats/performance`."""

    @extend_schema(
        operation_id="stats_performance_retrieve",
        parameters=[PerformanceQuery],
        responses={200: PerformanceSerializer, 400: ErrorSerializer},
        tags=["stats"],
    )
    def get(self, request: Request) -> Response:
        """Results over a period, their series, and what the closing line says of them."""
        return Response(performance(read_query(PerformanceQuery, request), now=timezone.now()))


def performance(asked: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    """What `PerformanceQuery` asks for, as `PerformanceSerializer` describes it."""
    days = PERIODS[asked["period"]]
    scope = Scope(
        since=None if days is None else days_until(now, days),
        until=None,
        bet_type=asked.get("bet_type", ""),
    )
    by_type, bets = totals_by(Dimension.BET_TYPE, scope), sample(scope)
    summed = sum(by_type.values(), Totals())
    evidence, curve = evidence_of(summed, bets), bets.curve(scope)
    return {
        "period": asked["period"],
        "group_by": asked["group_by"],
        "summary": _summary(summed, evidence, bets, curve),
        "series": series(curve, asked["group_by"]),
        "by_type": {
            kind: {"bets": one.bets, "roi": one.roi_pct, "clv": one.average_clv_pct}
            for kind, one in by_type.items()
        },
        "verdict": _verdict(evidence, bets.luck),
    }


def _summary(summed: Totals, evidence: Evidence, bets: Sample, curve: Curve) -> dict[str, Any]:
    return {
        "bets": summed.bets,
        "staked": float(summed.risk),
        "profit": float(summed.profit),
        "roi": summed.roi_pct,
        "roi_low": evidence.yield_low_pct,
        "roi_high": evidence.yield_high_pct,
        "win_rate": summed.win_rate_pct,
        "avg_odds": summed.average_odds,
        "avg_clv": summed.average_clv_pct,
        "avg_clv_fair": summed.average_fair_clv_pct,
        "max_drawdown_pct": curve.drawdown_pct,
        "sharpe": bets.sharpe,
    }


def series(curve: Curve, unit: str) -> list[dict[str, Any]]:
    """Each UTC day, week or month with settled bets, as `PerformancePointSerializer` has it."""
    first_days, starts = in_groups(curve, unit)
    last = np.append(starts, len(curve.at))[1:] - 1  # of each group
    columns = [sums(column, starts).tolist() for column in (curve.bets, curve.risk, curve.profit)]
    points, gained = [], 0
    for first_day, bets, risk, profit, bankroll in zip(
        first_days.astype(str).tolist(), *columns, curve.after[last].tolist(), strict=True
    ):
        gained += profit
        points.append(
            {
                "date": first_day,
                "bets": bets,
                "staked": risk / CENTS,
                "profit": profit / CENTS,
                "roi": in_percent(yield_of(profit, risk)),
                "cumulative_profit": gained / CENTS,
                "bankroll": bankroll / CENTS,
            }
        )
    return points


def _verdict(evidence: Evidence, luck: Luck | None) -> dict[str, Any]:
    sentence = verdict_text.sentence(
        evidence,
        luck=None if luck is None else luck.amount,
        currency=StakingSettings.current().currency,
    )
    return {
        "kind": judge(evidence).value,
        "sentence": sentence,
        "claimed_pct": evidence.claimed_pct,
        "clv_pct": evidence.clv_pct,
        "clv_low_pct": evidence.clv_low_pct,
        "clv_high_pct": evidence.clv_high_pct,
        "luck_pct": evidence.luck_pct,
        "bets_needed": evidence.bets_needed,
    }
