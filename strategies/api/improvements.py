"""The API's routes of improvements: proposed, tested, applied, put away and taken back.

Every step is one of `strategies.lifecycle`; its refusals are answered in the original's sentences.
"""

from typing import Any, Final

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from odds.api_fields import ErrorSerializer, read_query
from strategies import lifecycle
from strategies.api.improvement_answers import (
    ActivatedSerializer,
    AppliedSerializer,
    ArchivedImprovementsSerializer,
    DoneSerializer,
    DoneToSerializer,
    ImprovementsSerializer,
    OneImprovementSerializer,
    PutAwaySerializer,
    ReactivatedSerializer,
    archived,
    detailed,
    listed,
    summary,
)
from strategies.api.improvement_requests import (
    SOME_UNKNOWN,
    UNKNOWN,
    ArchivedQuery,
    CreationBody,
    ImprovementQuery,
    ReasonBody,
    SelectionBody,
    changes_of,
    read_sent,
    refusals_answered,
    told_of,
)
from strategies.models import Improvement, Strategy

APPLIED, ARCHIVED, ACTIVE = "applied", "archived", "active"
ALREADY_APPLIED: Final = {APPLIED: "Amélioration déjà appliquée"}
REFUSED: Final = {400: ErrorSerializer, 404: ErrorSerializer}
ORIGIN: Final = "API"


class ImprovementList(APIView):
    """`GET /strategies/improvements`."""

    @extend_schema(
        operation_id="strategies_improvements_list",
        parameters=[ImprovementQuery],
        responses={200: ImprovementsSerializer, 400: ErrorSerializer},
        tags=["strategies"],
    )
    def get(self, request: Request) -> Response:
        """Improvements, the newest first; archived ones only where asked for."""
        asked = read_query(ImprovementQuery, request)
        rows: QuerySet[Improvement] = Improvement.objects.kept()
        if asked.get("status"):
            rows = Improvement.objects.filter(status__in=asked["status"])
        page = rows.select_related("strategy")[: asked["limit"]]
        found = [listed(row) for row in page]
        return Response({"success": True, "improvements": found, "total": rows.count()})


class ArchivedImprovements(APIView):
    """`GET /strategies/improvements/archived`."""

    @extend_schema(
        operation_id="strategies_improvements_archived_list",
        parameters=[ArchivedQuery],
        responses={200: ArchivedImprovementsSerializer, 400: ErrorSerializer},
        tags=["strategies"],
    )
    def get(self, request: Request) -> Response:
        """Archived improvements, the one put away last first."""
        limit = read_query(ArchivedQuery, request)["limit"]
        rows = Improvement.objects.archived()
        page = rows.select_related("strategy").order_by("-archived_at", "-pk")[:limit]
        found = [archived(row) for row in page]
        return Response({"success": True, "improvements": found, "total": rows.count()})


class ImprovementDetail(APIView):
    """`/strategies/improvements/{id}`."""

    @extend_schema(
        operation_id="strategies_improvements_retrieve",
        responses={200: OneImprovementSerializer, 404: ErrorSerializer},
        tags=["strategies"],
    )
    def get(self, _request: Request, improvement_id: int) -> Response:
        """All there is of one improvement, and where its strategy stands now."""
        rows = Improvement.objects.select_related("strategy__record__version")
        row = rows.filter(pk=improvement_id).first()
        if row is None:
            raise exceptions.NotFound(UNKNOWN)
        return Response({"success": True, "improvement": detailed(row)})

    @extend_schema(
        operation_id="strategies_improvements_destroy",
        responses={200: DoneSerializer} | REFUSED,
        tags=["strategies"],
    )
    def delete(self, _request: Request, improvement_id: int) -> Response:
        """Forget an improvement that was never applied."""
        with refusals_answered(ALREADY_APPLIED):
            lifecycle.delete(improvement_id)
        return Response({"success": True, "message": "Amélioration rejetée"})


class ImprovementArchiving(APIView):
    """`POST /strategies/improvements/{id}/archive`."""

    @extend_schema(
        operation_id="strategies_improvements_archive",
        parameters=[OpenApiParameter("reason", str, description="As in the body.")],
        request=ReasonBody,
        responses={200: PutAwaySerializer} | REFUSED,
        tags=["strategies"],
    )
    def post(self, request: Request, improvement_id: int) -> Response:
        """Put an improvement away, and end its test."""
        reason = read_sent(ReasonBody, request).get("reason") or None
        with refusals_answered(ALREADY_APPLIED | {ARCHIVED: "Amélioration déjà archivée"}):
            row = lifecycle.archive(improvement_id, reason=reason, **_stamp(request))
        return Response(_standing(row) | {"reason": row.archived_reason})


class ImprovementReactivation(APIView):
    """`POST /strategies/improvements/{id}/reactivate`."""

    @extend_schema(
        operation_id="strategies_improvements_reactivate",
        request=None,
        responses={200: ReactivatedSerializer} | REFUSED,
        tags=["strategies"],
    )
    def post(self, request: Request, improvement_id: int) -> Response:
        """Take an archived improvement back among the proposed ones."""
        with refusals_answered({}, otherwise="Amélioration n'est pas archivée"):
            row = lifecycle.reactivate(improvement_id, **_stamp(request))
        return Response(_standing(row))


class SelectionActivation(APIView):
    """`POST /strategies/improvements/activate-selected`."""

    @extend_schema(
        operation_id="strategies_improvements_activate_selected",
        request=SelectionBody,
        responses={200: ActivatedSerializer} | REFUSED,
        tags=["strategies"],
    )
    def post(self, request: Request) -> Response:
        """Begin the tests of several improvements, all of them or none."""
        ids = list(dict.fromkeys(read_sent(SelectionBody, request)["improvement_ids"]))
        if not ids:
            raise exceptions.ValidationError({"detail": "Aucune amélioration sélectionnée"})
        refused = "Certaines améliorations ne peuvent pas être activées (status: {status})"
        with refusals_answered({}, otherwise=refused, unknown=SOME_UNKNOWN):
            lifecycle.activate(ids, **_stamp(request))
        rows = Improvement.objects.select_related("strategy").in_bulk(ids)
        answer = {"success": True, "activated": ids, "count": len(ids), "ids": ids}
        return Response(answer | {"improvements": [summary(rows[pk]) for pk in ids]})


class ImprovementTest(APIView):
    """`POST /strategies/improvements/{id}/activate-test`."""

    @extend_schema(
        operation_id="strategies_improvements_activate_test",
        request=None,
        responses={200: DoneToSerializer} | REFUSED,
        tags=["strategies"],
    )
    def post(self, request: Request, improvement_id: int) -> Response:
        """Begin the test of one improvement; its counters start at zero."""
        with refusals_answered(ALREADY_APPLIED | {ACTIVE: "A/B test déjà actif"}):
            lifecycle.activate([improvement_id], **_stamp(request))
        return Response(_done("A/B test activé", improvement_id))


class ImprovementApplication(APIView):
    """`POST /strategies/improvements/{id}/apply`."""

    @extend_schema(
        operation_id="strategies_improvements_apply",
        request=None,
        responses={200: AppliedSerializer} | REFUSED,
        tags=["strategies"],
    )
    def post(self, request: Request, improvement_id: int) -> Response:
        """Make the tested change the strategy's version in force."""
        not_tested = "A/B test n'est pas actif (status: {status})"
        with refusals_answered({APPLIED: "Déjà appliquée"}, otherwise=not_tested):
            row = lifecycle.apply(improvement_id, **_stamp(request))
        answer = _done("Amélioration appliquée", improvement_id)
        return Response(answer | {"performance_gain": row.performance_gain})


class ImprovementCreation(APIView):
    """`POST /strategies/improvement/create`."""

    @extend_schema(
        operation_id="strategies_improvement_create",
        parameters=[
            OpenApiParameter("strategy_id", int, description="As in the body."),
            OpenApiParameter("failure_pattern", str, description="As in the body."),
            OpenApiParameter("llm_reasoning", str, description="As in the body."),
        ],
        request=CreationBody,
        responses={200: DoneToSerializer} | REFUSED,
        tags=["strategies"],
    )
    def post(self, request: Request) -> Response:
        """Propose a change of a strategy's parameters."""
        asked = read_sent(CreationBody, request)
        strategies = Strategy.objects.select_related("record__version")
        strategy = strategies.filter(pk=asked["strategy_id"]).first()
        if strategy is None:
            raise exceptions.NotFound(f"Stratégie {asked['strategy_id']} non trouvée")
        changes, told = changes_of(asked, strategy), told_of(asked)
        with refusals_answered({}):
            row = lifecycle.propose(strategy, changes, origin=ORIGIN, **_stamp(request), **told)
        return Response(_done("Amélioration créée", row.pk))


def _stamp(request: Request) -> dict[str, Any]:
    """When, and by whom."""
    return {"now": timezone.now(), "by": request.user.get_username()}


def _standing(row: Improvement) -> dict[str, Any]:
    return {
        "success": True,
        "improvement_id": row.pk,
        "agent_name": row.strategy.agent_name,
        "status": row.status,
    }


def _done(message: str, improvement_id: int) -> dict[str, Any]:
    return {"success": True, "message": message, "improvement_id": improvement_id}
