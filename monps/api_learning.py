"""The route that has the strategies analysed, by a worker or while the caller waits."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from monps.api_tasks import QueuedSerializer, RefusedError, ResultsQuery, queue
from odds.api_fields import ErrorSerializer, read_query
from strategies.learning.analyses import BusyError, Summary, analyse_strategies
from strategies.models import LearningRun
from strategies.tasks import QUEUE, run_analyses


class SkippedSerializer(serializers.Serializer[Any]):
    """A strategy that was not looked at."""

    strategy_id = serializers.IntegerField()
    reason = serializers.CharField()


class AnalysedSerializer(serializers.Serializer[Any]):
    """The original's answer, and what it left out."""

    success = serializers.BooleanField()
    message = serializers.CharField()
    improvements_created = serializers.IntegerField(help_text="That wait for a decision.")
    output = serializers.CharField(help_text="A line for each strategy looked at.")
    cost_usd = serializers.FloatField(help_text="Of these analyses, those assumed among them.")
    strategies_analyzed = serializers.IntegerField()
    skipped = SkippedSerializer(many=True)


class AnalyseStrategies(APIView):
    """`POST /strategies/meta-learning/analyze`."""

    @extend_schema(
        operation_id="strategies_meta_learning_analyze",
        parameters=[ResultsQuery],
        request=None,
        responses={
            200: AnalysedSerializer,
            202: QueuedSerializer,
            400: ErrorSerializer,
            409: ErrorSerializer,
            503: ErrorSerializer,
        },
        tags=["strategies"],
    )
    def post(self, request: Request) -> Response:
        """Look at the strategies whose turn it is; each at most once a UTC day."""
        by = request.user.get_username()
        if not read_query(ResultsQuery, request)["sync"]:
            task_id = queue(run_analyses, by, to=QUEUE)
            answer = {"success": True, "status": "queued", "task_id": task_id}
            return Response(QueuedSerializer(answer).data, status=status.HTTP_202_ACCEPTED)
        try:
            found = analyse_strategies(clock=timezone.now, by=by)
        except BusyError as busy:
            raise RefusedError(str(busy)) from busy
        return Response(AnalysedSerializer(_answer(found)).data)


def _answer(found: Summary) -> dict[str, Any]:
    by_model = [run for run in found.runs if run.analyst == LearningRun.Analyst.MODEL]
    return {
        "success": True,
        "message": "Analyse GPT-4o terminée" if by_model else "Analyse statistique terminée",
        "improvements_created": found.proposed,
        "output": "\n".join(f"{run.strategy}: {run.status}. {run.sentence}" for run in found.runs),
        "cost_usd": float(found.cost_usd),
        "strategies_analyzed": len(found.runs),
        "skipped": [
            {"strategy_id": skip.strategy.pk, "reason": skip.reason} for skip in found.skipped
        ],
    }
