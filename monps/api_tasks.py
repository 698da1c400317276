"""The routes that start work: each queues a task and answers 202 with its id."""

from typing import Any

from celery import Task
from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from kombu.exceptions import OperationalError
from rest_framework import exceptions, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from monps import pipeline
from odds import collect_request
from odds.api_fields import ErrorSerializer, read_query
from odds.models import Sport


class BrokerUnavailableError(exceptions.APIException):
    """The task could not be queued."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_detail = "The queue does not answer, so nothing was started; try again."


def queue(
    task: "Task[..., Any]", *args: Any, to: str = settings.CELERY_TASK_DEFAULT_QUEUE, **kwargs: Any
) -> str:
    """Queue a task and give its id.

    Args:
        task: What is to be done.
        args: What it is given.
        to: Which queue.
        kwargs: What it is given by name.

    Raises:
        BrokerUnavailableError: The queue does not answer.
    """
    try:
        queued = task.apply_async(args, kwargs, queue=to)
    except OperationalError as error:
        raise BrokerUnavailableError from error
    return str(queued.id)


class RefusedError(exceptions.APIException):
    """The call may not be made now."""

    status_code = status.HTTP_409_CONFLICT


class CollectSerializer(serializers.Serializer[Any]):
    """Which sport to ask for."""

    sport = serializers.CharField(help_text="A sport's key.")
    force = serializers.BooleanField(
        default=False, help_text="Pass over the minimum interval (never over the reserve)."
    )


class AcceptedSerializer(serializers.Serializer[Any]):
    """The call is queued."""

    accepted = serializers.BooleanField()
    sport = serializers.CharField()
    task_id = serializers.CharField()


class CollectNow(APIView):
    """`POST /odds/collect`."""

    @extend_schema(
        operation_id="odds_collect",
        request=CollectSerializer,
        responses={
            202: AcceptedSerializer,
            400: ErrorSerializer,
            404: ErrorSerializer,
            409: ErrorSerializer,
            503: ErrorSerializer,
        },
        tags=["odds"],
    )
    def post(self, request: Request) -> Response:
        """Ask The Odds API for one sport now, if it is due (or forced) and credits allow it."""
        asked = CollectSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        sport_key, is_forced = asked.validated_data["sport"], asked.validated_data["force"]
        _refuse_unless_due(sport_key, is_forced=is_forced)
        task_id = queue(pipeline.collect_and_detect, sport_key, is_forced=is_forced)
        answer = {"accepted": True, "sport": sport_key, "task_id": task_id}
        return Response(AcceptedSerializer(answer).data, status=status.HTTP_202_ACCEPTED)


def _refuse_unless_due(sport_key: str, *, is_forced: bool) -> None:
    sport = Sport.objects.filter(key=sport_key).first()
    if sport is None:
        raise exceptions.NotFound(f"{sport_key} is not a sport MON_PS knows.")
    if told := collect_request.refusal(sport, now=timezone.now(), is_forced=is_forced):
        raise RefusedError(told)


class QueuedSerializer(serializers.Serializer[Any]):
    """The task is queued."""

    success = serializers.BooleanField()
    status = serializers.CharField(help_text="queued")
    task_id = serializers.CharField()


class ResultsQuery(serializers.Serializer[Any]):
    """How to wait."""

    sync = serializers.BooleanField(
        default=False, help_text="Answer when it is done, in the original's form."
    )


class ResultsSerializer(serializers.Serializer[Any]):
    """The original's answer: the results are there."""

    success = serializers.BooleanField()
    message = serializers.CharField()
    matches_processed = serializers.IntegerField(help_text="Matches with a new result.")
    output = serializers.CharField()


class FetchResults(APIView):
    """`POST /results/fetch`."""

    @extend_schema(
        operation_id="results_fetch",
        parameters=[ResultsQuery],
        request=None,
        responses={
            200: ResultsSerializer,
            202: QueuedSerializer,
            400: ErrorSerializer,
            503: ErrorSerializer,
        },
        tags=["settlement"],
    )
    def post(self, request: Request) -> Response:
        """Ask for the results that bets and opportunities wait for, and settle by them."""
        if not read_query(ResultsQuery, request)["sync"]:
            return _queued(pipeline.fetch_results)
        matches = pipeline.learn_results(now=timezone.now())
        answer = {
            "success": True,
            "message": "Résultats récupérés",
            "matches_processed": matches,
            "output": f"{matches} matches have a new result.",
        }
        return Response(ResultsSerializer(answer).data)


class RunSettlement(APIView):
    """`POST /settlement/run-settlement`."""

    @extend_schema(
        operation_id="settlement_run",
        request=None,
        responses={202: QueuedSerializer, 503: ErrorSerializer},
        tags=["settlement"],
    )
    def post(self, _request: Request) -> Response:
        """Settle every bet whose match has a result."""
        return _queued(pipeline.settle_bets)


class RunGrading(APIView):
    """`POST /settlement/run-clv`."""

    @extend_schema(
        operation_id="settlement_run_clv",
        request=None,
        responses={202: QueuedSerializer, 503: ErrorSerializer},
        tags=["settlement"],
    )
    def post(self, _request: Request) -> Response:
        """Capture closing lines and grade bets and opportunities by them."""
        return _queued(pipeline.grade_closing_lines)


def _queued(task: "Task[..., Any]") -> Response:
    answer = {"success": True, "status": "queued", "task_id": queue(task)}
    return Response(QueuedSerializer(answer).data, status=status.HTTP_202_ACCEPTED)
