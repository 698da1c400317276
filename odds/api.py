"""The API's routes of odds: each reads its query and the clock and calls one function."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from odds.api_fields import ErrorSerializer, read_query
from odds.api_matches import (
    MatchDetailSerializer,
    MatchQuery,
    MatchSerializer,
    match_detail,
    matches,
)
from odds.api_quotes import (
    HistoryQuery,
    HistorySerializer,
    QuoteQuery,
    QuoteSerializer,
    current_quotes,
    history,
)
from odds.api_status import StatusSerializer, status
from odds.models import Match

MATCH_NOT_FOUND = "Match not found"


class QuoteList(APIView):
    """`GET /odds/`."""

    @extend_schema(
        operation_id="odds_list",
        parameters=[QuoteQuery],
        responses={200: QuoteSerializer(many=True), 400: ErrorSerializer},
        tags=["odds"],
    )
    def get(self, request: Request) -> Response:
        """Current quotes, one item per outcome, the newest change first."""
        found = current_quotes(read_query(QuoteQuery, request), now=timezone.now())
        return Response(found)


class MatchList(APIView):
    """`GET /odds/matches`."""

    @extend_schema(
        operation_id="odds_matches_list",
        parameters=[MatchQuery],
        responses={200: MatchSerializer(many=True), 400: ErrorSerializer},
        tags=["odds"],
    )
    def get(self, request: Request) -> Response:
        """Matches with the best odds on offer now, the next kick-off first."""
        found = matches(read_query(MatchQuery, request), now=timezone.now())
        return Response(found)


class MatchDetail(APIView):
    """`GET /odds/matches/{match_id}`."""

    @extend_schema(
        operation_id="odds_matches_retrieve",
        responses={200: MatchDetailSerializer, 404: ErrorSerializer},
        tags=["odds"],
    )
    def get(self, _request: Request, match_id: str) -> Response:
        """One match with every bookmaker's current quotes and the best of them."""
        found = match_detail(match_id)
        if found is None:
            raise NotFound(MATCH_NOT_FOUND)
        return Response(found)


class QuoteHistory(APIView):
    """`GET /odds/history/{match_id}`."""

    @extend_schema(
        operation_id="odds_history_retrieve",
        parameters=[HistoryQuery],
        responses={200: HistorySerializer, 400: ErrorSerializer, 404: ErrorSerializer},
        tags=["odds"],
    )
    def get(self, request: Request, match_id: str) -> Response:
        """How one match's odds moved: an item for each change, the oldest first."""
        asked = read_query(HistoryQuery, request)
        match = Match.objects.filter(provider_id=match_id).first()
        if match is None:
            raise NotFound(MATCH_NOT_FOUND)
        return Response(history(match, asked))


class CollectorStatus(APIView):
    """`GET /metrics/status`."""

    @extend_schema(
        operation_id="metrics_status_retrieve", responses=StatusSerializer, tags=["metrics"]
    )
    def get(self, _request: Request) -> Response:
        """When odds were and will be collected, and what is left of the month's credits."""
        return Response(StatusSerializer(status(now=timezone.now())).data)
