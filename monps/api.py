"""What every route of the API shares: its errors and its place in the schema."""

from typing import Any

from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler


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


def keep_canonical_paths(endpoints: list[Any], **_kwargs: Any) -> list[Any]:
    """The schema shows each route once: not the doubled prefix, not the trailing slash."""
    return [endpoint for endpoint in endpoints if _is_canonical(endpoint[0])]


def _is_canonical(path: str) -> bool:
    parts = path.strip("/").split("/")
    is_doubled = len(parts) > 1 and parts[0] == parts[1]
    return not is_doubled and (not path.endswith("/") or len(parts) == 1)
