"""The API's route of settlement: how many bets wait, are settled, and are graded."""

from typing import Any

from django.db.models import Avg, Count, Q
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from betting.models import Bet, ClvStatus


class SettlementStatisticsSerializer(serializers.Serializer[Any]):
    """How far settlement and closing lines have come; bets on paper are left out."""

    pending = serializers.IntegerField()
    settled = serializers.IntegerField(help_text="Void ones included.")
    auto_settled = serializers.IntegerField(help_text="By their match's result.")
    with_clv = serializers.IntegerField(help_text="Graded by a closing line.")
    avg_clv = serializers.FloatField(
        allow_null=True, help_text="Raw, percent, of graded bets; null without any."
    )


class SettlementStatistics(APIView):
    """`GET /settlement/stats`."""

    @extend_schema(
        operation_id="settlement_stats_retrieve",
        responses=SettlementStatisticsSerializer,
        tags=["settlement"],
    )
    def get(self, _request: Request) -> Response:
        """How many bets wait, are settled, and are graded."""
        is_graded = Q(clv_status=ClvStatus.GRADED)
        found = Bet.objects.real().aggregate(
            pending=Count("pk", filter=Q(status=Bet.Status.PENDING)),
            settled=Count("pk", filter=~Q(status=Bet.Status.PENDING)),
            auto_settled=Count("pk", filter=Q(settled_by=Bet.SettledBy.AUTO)),
            with_clv=Count("pk", filter=is_graded),
            avg_clv=Avg("clv_pct", filter=is_graded),
        )
        return Response(SettlementStatisticsSerializer(found).data)
