"""The API's routes of manual bets: the same bets as `/bets/`, in the words of their page."""

from typing import Any

from django.db.models import Avg, Count, Q, QuerySet, Sum
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from betting.api import bet_requests
from betting.api.bet_answers import ManualBetSerializer, manual, match_name, number, of_word
from betting.api.bet_bodies import ManualBetBody, ManualBetChangeBody, ManualBetQuery, named
from betting.api.bet_requests import digest_of, read_body, refusals_answered
from betting.api.bet_words import ENDINGS_BY_WORD, Teams, selection_words
from betting.api.bets import KEY_PARAMETER, author_of
from betting.closing import capture, grading
from betting.models import Bet, ClvStatus, Ending
from betting.performance.measures import yield_of
from odds.api_fields import ErrorSerializer, InstantField, instant_text, read_query


class ManualStatisticsSerializer(serializers.Serializer[Any]):
    """How the bets went; null where there is nothing to tell."""

    total_bets = serializers.IntegerField()
    wins = serializers.IntegerField()
    losses = serializers.IntegerField()
    avg_clv_percent = serializers.FloatField(allow_null=True, help_text="Raw, of graded bets.")
    total_profit = serializers.FloatField(allow_null=True)
    total_staked = serializers.FloatField(allow_null=True)
    roi_percent = serializers.FloatField(
        allow_null=True, help_text="Profit per amount staked on bets settled and not void."
    )


class PendingClvItemSerializer(serializers.Serializer[Any]):
    """A bet whose match began and that no closing line has graded yet."""

    id = serializers.IntegerField()
    match_name = serializers.CharField()
    selection = serializers.CharField()
    odds_obtained = serializers.FloatField()
    kickoff_time = InstantField()


class PendingClvSerializer(serializers.Serializer[Any]):
    """Bets that wait for a closing line."""

    count = serializers.IntegerField()
    bets = PendingClvItemSerializer(many=True)


class ClvResultSerializer(serializers.Serializer[Any]):
    """What a closing line said of a bet."""

    bet_id = serializers.IntegerField()
    closing_odds = serializers.FloatField()
    clv_percent = serializers.FloatField()


class ClvCalculatedSerializer(serializers.Serializer[Any]):
    """Which bets were graded now."""

    message = serializers.CharField()
    updated = serializers.IntegerField()
    results = ClvResultSerializer(many=True, required=False)


class MessageSerializer(serializers.Serializer[Any]):
    """What was done."""

    message = serializers.CharField()


class ManualBetCollection(APIView):
    """`GET /manual-bets/` and `POST /manual-bets/`."""

    @extend_schema(
        operation_id="manual_bets_list",
        parameters=[ManualBetQuery],
        responses={200: ManualBetSerializer(many=True), 400: ErrorSerializer},
        tags=["manual bets"],
    )
    def get(self, request: Request) -> Response:
        """A page of bets, the newest first."""
        asked = read_query(ManualBetQuery, request)
        found: QuerySet[Bet] = Bet.objects.real()
        if "result" in asked:
            found = of_word(found, ENDINGS_BY_WORD[asked["result"]])
        if "sport" in asked:
            found = found.filter(sport_key=asked["sport"])
        if "market_type" in asked:
            found = found.filter(market=asked["market_type"])
        return Response(manual(found[asked["offset"] : asked["offset"] + asked["limit"]]))

    @extend_schema(
        operation_id="manual_bets_create",
        parameters=[KEY_PARAMETER],
        request=ManualBetBody,
        responses={201: ManualBetSerializer, 400: ErrorSerializer},
        tags=["manual bets"],
    )
    def post(self, request: Request) -> Response:
        """Enter a bet on any match, known to MON_PS or not."""
        asked = named(read_body(ManualBetBody, request))
        teams = Teams.of(asked.pop("match_name"))
        asked |= {"home_team": teams.home, "away_team": teams.away}
        with refusals_answered():
            bet_id, _is_new = bet_requests.place(
                asked, author=author_of(request), digest=digest_of(request)
            )
        return Response(_one(bet_id), status=status.HTTP_201_CREATED)


class ManualBetDetail(APIView):
    """`/manual-bets/{id}`."""

    @extend_schema(
        operation_id="manual_bets_retrieve",
        responses={200: ManualBetSerializer, 404: ErrorSerializer},
        tags=["manual bets"],
    )
    def get(self, _request: Request, bet_id: int) -> Response:
        """One bet."""
        return Response(_one(bet_id))

    @extend_schema(
        operation_id="manual_bets_update",
        request=ManualBetChangeBody,
        responses={200: ManualBetSerializer, 400: ErrorSerializer, 404: ErrorSerializer},
        tags=["manual bets"],
    )
    def put(self, request: Request, bet_id: int) -> Response:
        """Settle a bet by hand or note something; what is not named stays as it is."""
        asked = named(read_body(ManualBetChangeBody, request))
        _refuse_unknown(bet_id)
        if not asked:
            raise exceptions.ValidationError({"detail": "Aucune mise à jour fournie"})
        with refusals_answered():
            bet_requests.change(bet_id, asked, author=author_of(request))
        return Response(_one(bet_id))

    @extend_schema(
        operation_id="manual_bets_destroy",
        responses={200: MessageSerializer, 404: ErrorSerializer},
        tags=["manual bets"],
    )
    def delete(self, request: Request, bet_id: int) -> Response:
        """Take a bet back; the ledger and the log keep what was."""
        _refuse_unknown(bet_id)
        bet_requests.cancel(bet_id, author=author_of(request))
        return Response({"message": f"Pari {bet_id} supprimé avec succès"})


class ManualBetStatistics(APIView):
    """`GET /manual-bets/stats`."""

    @extend_schema(
        operation_id="manual_bets_stats_retrieve",
        responses=ManualStatisticsSerializer,
        tags=["manual bets"],
    )
    def get(self, _request: Request) -> Response:
        """How the bets went, those on paper left out."""
        won, lost = [Ending.WON, Ending.HALF_WON], [Ending.LOST, Ending.HALF_LOST]
        decided = Sum("risk", filter=Q(status=Bet.Status.SETTLED))
        found = Bet.objects.real().aggregate(
            total_bets=Count("pk"),
            wins=Count("pk", filter=Q(result__in=won)),
            losses=Count("pk", filter=Q(result__in=lost)),
            avg_clv_percent=Avg("clv_pct", filter=Q(clv_status=ClvStatus.GRADED)),
            total_profit=Sum("profit"),
            total_staked=Sum("risk"),
            decided=decided,
        )
        roi = yield_of(float(found["total_profit"] or 0), float(found["decided"] or 0))
        found["roi_percent"] = None if roi is None else round(100 * roi, 2)
        return Response(ManualStatisticsSerializer(found).data)


class PendingClv(APIView):
    """`GET /manual-bets/pending-clv`."""

    @extend_schema(
        operation_id="manual_bets_pending_clv_retrieve",
        responses=PendingClvSerializer,
        tags=["manual bets"],
    )
    def get(self, _request: Request) -> Response:
        """Bets whose match began and that no closing line has graded yet, the newest first."""
        items = [
            {
                "id": bet.pk,
                "match_name": match_name(bet),
                "selection": selection_words(bet),
                "odds_obtained": float(bet.odds),
                "kickoff_time": instant_text(bet.commence_time),
            }
            for bet in _waiting_for_clv()
        ]
        return Response({"count": len(items), "bets": items})


class ClvCalculation(APIView):
    """`POST /manual-bets/calculate-clv`."""

    @extend_schema(
        operation_id="manual_bets_calculate_clv",
        request=None,
        responses=ClvCalculatedSerializer,
        tags=["manual bets"],
    )
    def post(self, _request: Request) -> Response:
        """Capture the closing lines that bets wait for, and grade the bets."""
        now = timezone.now()
        waiting = dict(_waiting_for_clv().values_list("pk", "match_id"))
        if not waiting:
            return Response({"message": "Aucun pari en attente de CLV", "updated": 0})
        capture.capture(set(capture.pending_match_ids(now)) & set(waiting.values()), now=now)
        grading.grade_bets(now)
        graded = Bet.objects.filter(pk__in=waiting, clv_pct__isnull=False)
        results = [
            {
                "bet_id": bet.pk,
                "closing_odds": number(bet.closing_odds),
                "clv_percent": round(bet.clv_pct or 0.0, 4),
            }
            for bet in graded.order_by("pk")
        ]
        plural = "s" if len(results) > 1 else ""
        message = f"CLV calculé pour {len(results)} pari{plural}"
        return Response({"message": message, "updated": len(results), "results": results})


def _waiting_for_clv() -> QuerySet[Bet]:
    waiting = Bet.objects.real().filter(clv_status=ClvStatus.PENDING)
    return waiting.kicked_off(timezone.now())


def _refuse_unknown(bet_id: int) -> None:
    if not Bet.objects.kept().filter(pk=bet_id).exists():
        raise exceptions.NotFound(f"Pari {bet_id} non trouvé")


def _one(bet_id: int) -> dict[str, Any]:
    found = manual(Bet.objects.kept().filter(pk=bet_id))
    if not found:
        raise exceptions.NotFound(f"Pari {bet_id} non trouvé")
    return found[0]
