"""What the routes of the API share (errors, the schema), and the one that starts a collection."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.utils import timezone, translation
from django.views import defaults
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import extend_schema
from kombu.exceptions import OperationalError
from rest_framework import exceptions, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler

from monps.pipeline import collect_and_detect
from odds import gate
from odds.api_fields import ErrorSerializer
from odds.models import Sport

View = Callable[..., Any]


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """Errors are `{"detail": "one sentence"}`, never a list and never a stack trace."""
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, exceptions.ValidationError):
        response.data = {"detail": _sentence(error.detail)}
    elif isinstance(error, Http404) and error.args and isinstance(error.args[0], str):
        response.data = {"detail": error.args[0]}
    return response


def _sentence(detail: Any) -> str:
    if isinstance(detail, dict):
        name, value = next(iter(detail.items()))
        text = _sentence(value)
        return text if name in {"detail", "non_field_errors"} else f"{name}: {text}"
    if isinstance(detail, list):
        return _sentence(detail[0])
    return str(detail)


def answer_not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """An unknown path: a page inside the admin, JSON everywhere else."""
    if request.path.startswith("/admin"):
        return defaults.page_not_found(request, exception)
    return JsonResponse({"detail": "There is no such path; /api/docs/ lists them."}, status=404)


def answer_failure(request: HttpRequest) -> HttpResponseBase:
    """An unforeseen error: a page inside the admin, JSON everywhere else."""
    if request.path.startswith("/admin"):
        return defaults.server_error(request)
    return JsonResponse({"detail": "The server failed; its log says why."}, status=500)


def as_route(view: View, *, is_alias: bool = False) -> View:
    """The view, its sentences in English for programs and logs; an alias is not in the schema."""

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> Any:
        with translation.override("en"):
            return view(*args, **kwargs)

    answer.__dict__["is_alias"] = is_alias
    return answer


def keep_canonical_paths(endpoints: list[Any], **_kwargs: Any) -> list[Any]:
    """The schema shows each route once, under its canonical path."""
    return [endpoint for endpoint in endpoints if not getattr(endpoint[-1], "is_alias", False)]


class TokenScheme(OpenApiAuthenticationExtension):
    """How the schema describes the token."""

    target_class = "monps.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:  # noqa: ARG002
        """A header that carries `Bearer …`."""
        return {"type": "http", "scheme": "bearer"}


class BrokerUnavailableError(exceptions.APIException):
    """The task could not be queued."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_detail = "The queue does not answer, so nothing was collected; try again."


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
        try:
            task = collect_and_detect.delay(sport_key, is_forced=is_forced)
        except OperationalError as error:
            raise BrokerUnavailableError from error
        answer = {"accepted": True, "sport": sport_key, "task_id": task.id}
        return Response(AcceptedSerializer(answer).data, status=status.HTTP_202_ACCEPTED)


def _refuse_unless_due(sport_key: str, *, is_forced: bool) -> None:
    sport = Sport.objects.filter(key=sport_key).first()
    if sport is None:
        raise exceptions.NotFound(f"{sport_key} is not a sport MON_PS knows.")
    now = timezone.now()
    try:
        gate.check(sport, now=now, is_forced=is_forced, terms=gate.terms_at(now))
    except gate.CollectionRefusedError as refusal:
        raise RefusedError(str(refusal)) from refusal
