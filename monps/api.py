"""What the routes of the API share: errors, spellings, the schema."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.views import defaults
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from monps.outage import RETRY_SECONDS, is_database_away

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
    """An unknown path: a page for people, JSON for programs."""
    if _is_read_by_people(request):
        return defaults.page_not_found(request, exception)
    return JsonResponse({"detail": "There is no such path; /api/docs/ lists them."}, status=404)


def answer_failure(request: HttpRequest) -> HttpResponseBase:
    """An unforeseen error, or a database that is away: a page for people, JSON for programs."""
    if is_database_away(sys.exc_info()[1]):
        return _answer_outage(request)
    if _is_read_by_people(request):
        return defaults.server_error(request)
    return JsonResponse({"detail": "The server failed; its log says why."}, status=500)


def _answer_outage(request: HttpRequest) -> HttpResponseBase:
    answer: HttpResponse
    if _is_read_by_people(request):
        # Only what was looked at is asked for again: a form sent twice might count twice.
        may_repeat = request.method in {"GET", "HEAD"}
        context = {"retry_seconds": RETRY_SECONDS if may_repeat else None}
        answer = HttpResponse(render_to_string("503.html", context), status=503)
    else:
        answer = JsonResponse(
            {"detail": "The database does not answer; try again in a moment."}, status=503
        )
    answer["Retry-After"] = str(RETRY_SECONDS)
    return answer


def _is_read_by_people(request: HttpRequest) -> bool:
    """Inside the admin, or asked for by a browser; `*/*` is a program's."""
    wanted = request.get_preferred_type(["application/json", "text/html"])
    return request.path.startswith("/admin") or wanted == "text/html"


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
