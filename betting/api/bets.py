"""The API's routes of bets: the classic ones and those of the P&L page, over one table."""

from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from betting.api import bet_requests
from betting.api.bet_answers import (
    BetHistoryItemSerializer,
    BetSerializer,
    ChangedBetSerializer,
    classic,
    history,
    of_word,
)
from betting.api.bet_bodies import (
    BetBody,
    BetChangeBody,
    BetHistoryQuery,
    BetQuery,
    PlaceBody,
    named,
)
from betting.api.bet_requests import KEY_HEADER, digest_of, kept_bet, read_body, refusals_answered
from betting.bets import rules
from betting.bets.bookmaker_names import find_bookmaker
from betting.bets.posting import Author
from betting.models import Bet, Ending
from betting.performance.measures import win_rate, yield_of
from odds.api_fields import ErrorSerializer, InstantField, read_query

KEY_PARAMETER = OpenApiParameter(
    KEY_HEADER,
    str,
    OpenApiParameter.HEADER,
    description="Any text of your own: a repeated request makes one bet.",
)


class PlacedSerializer(serializers.Serializer[Any]):
    """A bet was placed."""

    success = serializers.BooleanField()
    bet_id = serializers.IntegerField()
    placed_at = InstantField()
    potential_payout = serializers.FloatField(help_text="If it wins, net of commission.")


class BetHistorySerializer(serializers.Serializer[Any]):
    """A page of bets."""

    bets = BetHistoryItemSerializer(many=True)
    count = serializers.IntegerField(help_text="On this page.")
    total = serializers.IntegerField(help_text="On all pages.")


class BetStatisticsSerializer(serializers.Serializer[Any]):
    """How the bets went; halves count as wins and losses, and half in the win rate."""

    total_bets = serializers.IntegerField()
    wins = serializers.IntegerField()
    losses = serializers.IntegerField()
    pending = serializers.IntegerField()
    total_staked = serializers.FloatField(help_text="Of all bets: a lay bet's liability.")
    total_profit = serializers.FloatField()
    roi_pct = serializers.FloatField(
        help_text="Profit per amount staked on bets settled and not void; 0 without any, because "
        "older clients cannot show null."
    )
    win_rate = serializers.FloatField(help_text="Percent of won and lost; 0 without any.")


def author_of(request: Request, reason: str | None = None) -> Author:
    """Who asks, now."""
    return Author(now=timezone.now(), by=request.user.get_username(), reason=reason or "")


class BetCollection(APIView):
    """`GET /bets/` and `POST /bets/`."""

    @extend_schema(
        operation_id="bets_list",
        parameters=[BetQuery],
        responses={200: BetSerializer(many=True), 400: ErrorSerializer},
        tags=["bets"],
    )
    def get(self, request: Request) -> Response:
        """Bets, the newest first; those on paper are left out unless asked for."""
        asked = read_query(BetQuery, request)
        return Response(classic(_asked_bets(asked)[: asked["limit"]]))

    @extend_schema(
        operation_id="bets_create",
        parameters=[KEY_PARAMETER],
        request=BetBody,
        responses={201: BetSerializer, 400: ErrorSerializer},
        tags=["bets"],
    )
    def post(self, request: Request) -> Response:
        """Place a bet on a known match, or enter one that is settled already."""
        asked = named(read_body(BetBody, request))
        with refusals_answered():
            bet_id, _is_new = bet_requests.place(
                asked,
                author=author_of(request),
                digest=digest_of(request),
                match_is_required=True,
            )
        [bet] = classic(Bet.objects.filter(pk=bet_id))
        return Response(bet, status=status.HTTP_201_CREATED)


class BetDetail(APIView):
    """`/bets/{id}`."""

    @extend_schema(
        operation_id="bets_retrieve",
        responses={200: BetSerializer, 404: ErrorSerializer},
        tags=["bets"],
    )
    def get(self, _request: Request, bet_id: int) -> Response:
        """One bet."""
        return Response(_one(bet_id))

    @extend_schema(
        operation_id="bets_partial_update",
        request=BetChangeBody,
        responses={200: ChangedBetSerializer, 400: ErrorSerializer, 404: ErrorSerializer},
        tags=["bets"],
    )
    def patch(self, request: Request, bet_id: int) -> Response:
        """Correct a bet, settle it by hand, or open it again; its money follows."""
        return _changed(request, bet_id)

    @extend_schema(
        operation_id="bets_update",
        request=BetChangeBody,
        responses={200: ChangedBetSerializer, 400: ErrorSerializer, 404: ErrorSerializer},
        tags=["bets"],
    )
    def put(self, request: Request, bet_id: int) -> Response:
        """The same as PATCH: what is not named stays as it is."""
        return _changed(request, bet_id)

    @extend_schema(
        operation_id="bets_destroy",
        responses={204: None, 404: ErrorSerializer},
        tags=["bets"],
    )
    def delete(self, request: Request, bet_id: int) -> Response:
        """Take a bet back; the ledger and the log keep what was."""
        bet_requests.cancel(bet_id, author=author_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class BetPlacing(APIView):
    """`POST /bets/place`."""

    @extend_schema(
        operation_id="bets_place",
        parameters=[KEY_PARAMETER],
        request=PlaceBody,
        responses={200: PlacedSerializer, 400: ErrorSerializer},
        tags=["bets"],
    )
    def post(self, request: Request) -> Response:
        """Place a bet from an opportunity."""
        asked = named(read_body(PlaceBody, request))
        with refusals_answered():
            bet_id, _is_new = bet_requests.place(
                asked, author=author_of(request), digest=digest_of(request)
            )
        bet = Bet.objects.get(pk=bet_id)
        answer = {
            "success": True,
            "bet_id": bet.pk,
            "placed_at": bet.placed_at,
            "potential_payout": _payout_if_won(bet),
        }
        return Response(PlacedSerializer(answer).data)


class BetHistory(APIView):
    """`GET /bets/history`."""

    @extend_schema(
        operation_id="bets_history_retrieve",
        parameters=[BetHistoryQuery],
        responses={200: BetHistorySerializer, 400: ErrorSerializer},
        tags=["bets"],
    )
    def get(self, request: Request) -> Response:
        """A page of bets, the newest first."""
        asked = read_query(BetHistoryQuery, request)
        found: QuerySet[Bet] = Bet.objects.real()
        if "status" in asked:
            found = of_word(found, asked["status"])
        if "sport" in asked:
            found = found.filter(sport_key=asked["sport"])
        page = history(found[asked["offset"] : asked["offset"] + asked["limit"]])
        return Response({"bets": page, "count": len(page), "total": found.count()})


class BetStatistics(APIView):
    """`GET /bets/stats`."""

    @extend_schema(
        operation_id="bets_stats_retrieve", responses=BetStatisticsSerializer, tags=["bets"]
    )
    def get(self, _request: Request) -> Response:
        """How the bets went, those on paper left out."""
        return Response(BetStatisticsSerializer(bet_statistics()).data)


def bet_statistics() -> dict[str, Any]:
    """As `BetStatisticsSerializer` takes it: the numbers of the view `bets_stats`, in one query."""
    decided = Q(status=Bet.Status.SETTLED)
    found = Bet.objects.real().aggregate(
        staked=Sum("risk"),
        decided=Sum("risk", filter=decided),
        total_profit=Sum("profit"),
        pending=Count("pk", filter=Q(status=Bet.Status.PENDING)),
        total=Count("pk"),
        **{ending: Count("pk", filter=Q(result=ending)) for ending in Ending.values},
    )
    profit = float(found["total_profit"] or 0)
    roi = yield_of(profit, float(found["decided"] or 0)) or 0.0
    return {
        "total_bets": found["total"],
        "wins": found[Ending.WON] + found[Ending.HALF_WON],
        "losses": found[Ending.LOST] + found[Ending.HALF_LOST],
        "pending": found["pending"],
        "total_staked": found["staked"] or 0,
        "total_profit": profit,
        "roi_pct": round(100 * roi, 2),
        "win_rate": round(100 * (win_rate({name: found[name] for name in Ending.values}) or 0), 2),
    }


def _asked_bets(asked: dict[str, Any]) -> QuerySet[Bet]:
    bets: QuerySet[Bet] = Bet.objects.kept().filter(is_paper=asked["is_paper"])
    for word in (asked[name] for name in ("result", "status") if name in asked):
        bets = of_word(bets, word)
    if "bet_type" in asked:
        bets = bets.filter(bet_type=asked["bet_type"])
    if "bookmaker" in asked:
        bets = bets.filter(bookmaker=find_bookmaker(asked["bookmaker"]))
    return bets


def _one(bet_id: int) -> dict[str, Any]:
    return classic(Bet.objects.filter(pk=kept_bet(bet_id).pk))[0]


def _changed(request: Request, bet_id: int) -> Response:
    asked = named(read_body(BetChangeBody, request))
    reason = asked.pop("reason", None)
    if not asked:
        raise exceptions.ValidationError(
            {"detail": "Nothing in it can be changed; give a result, odds_value, stake or notes."}
        )
    with refusals_answered():
        bet_requests.change(bet_id, asked, author=author_of(request, reason))
    return Response(_one(bet_id) | {"success": True, "bet_id": bet_id})


def _payout_if_won(bet: Bet) -> float:
    gross = rules.gross_payout(
        stake=bet.stake, odds=bet.odds, ending=rules.Ending.WON, side=bet.side
    )
    [commission] = rules.commissions([gross - bet.risk], bet.commission)
    return float(gross - commission)
