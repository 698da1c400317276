"""The API's routes of betting: each reads its query and the clock and calls one function."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from betting.api.opportunities import (
    ArbitrageQuery,
    ArbitrageSerializer,
    OpportunityQuery,
    OpportunitySerializer,
    TopQuery,
    arbitrages,
    opportunities,
    top,
)
from betting.api.stats import BetStatisticsFields, bet_statistics
from odds.api_fields import ErrorSerializer, read_query
from odds.api_status import StoreStatisticsSerializer, store_statistics


class OpportunityList(APIView):
    """`GET /opportunities/`."""

    @extend_schema(
        operation_id="opportunities_list",
        parameters=[OpportunityQuery],
        responses={200: OpportunitySerializer(many=True), 400: ErrorSerializer},
        tags=["opportunities"],
    )
    def get(self, request: Request) -> Response:
        """Spreads, the widest first; with `min_edge` values, the best edge first."""
        found = opportunities(read_query(OpportunityQuery, request), now=timezone.now())
        return Response(OpportunitySerializer(found, many=True).data)


class TopOpportunities(APIView):
    """`GET /opportunities/top`."""

    @extend_schema(
        operation_id="opportunities_top_list",
        parameters=[TopQuery],
        responses={200: OpportunitySerializer(many=True), 400: ErrorSerializer},
        tags=["opportunities"],
    )
    def get(self, request: Request) -> Response:
        """Values, the best true edge first, then the next kick-off."""
        found = top(read_query(TopQuery, request), now=timezone.now())
        return Response(OpportunitySerializer(found, many=True).data)


class ArbitrageList(APIView):
    """`GET /opportunities/arbitrage`."""

    @extend_schema(
        operation_id="opportunities_arbitrage_list",
        parameters=[ArbitrageQuery],
        responses={200: ArbitrageSerializer(many=True), 400: ErrorSerializer},
        tags=["opportunities"],
    )
    def get(self, request: Request) -> Response:
        """Markets that pay whatever happens, the most profitable first."""
        found = arbitrages(read_query(ArbitrageQuery, request), now=timezone.now())
        return Response(ArbitrageSerializer(found, many=True).data)


class GlobalStatisticsSerializer(StoreStatisticsSerializer, BetStatisticsFields):
    """What the odds store holds, and how the bets went."""


class GlobalStatistics(APIView):
    """`GET /stats/global`."""

    @extend_schema(
        operation_id="stats_global_retrieve", responses=GlobalStatisticsSerializer, tags=["stats"]
    )
    def get(self, _request: Request) -> Response:
        """What the odds store holds, and how the bets staked with money went."""
        found = store_statistics(now=timezone.now()) | bet_statistics()
        return Response(GlobalStatisticsSerializer(found).data)
