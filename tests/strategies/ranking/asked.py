"""Asking the routes of the ranking in tests, and holding answers against their schema."""

from typing import Any

from django.contrib.auth.models import User
from rest_framework.test import APIRequestFactory, force_authenticate


def ask(view: Any, query: Any = None, *, is_signed_in: bool = True, **path: Any) -> Any:
    """The answer of a view to someone who may use the API, or to a stranger."""
    request = APIRequestFactory().get("/", query or {})
    if is_signed_in:
        force_authenticate(request, User(username="bettor"))
    return view.as_view()(request, **path)


def get(view: Any, query: Any = None, **path: Any) -> Any:
    """The body of a good answer."""
    response = ask(view, query, **path)
    assert response.status_code == 200, response.data
    return response.data


def assert_as_described(serializer_class: Any, answer: Any) -> None:
    """Every field the schema promises is there, and no other."""

    def names(serializer):
        fields = getattr(serializer, "child", serializer).fields
        return dict(fields.items())

    def check(serializer, value):
        for one in value if isinstance(value, list) else [value]:
            described = names(serializer)
            assert one.keys() == described.keys()
            for name, field in described.items():
                if hasattr(field, "fields") or hasattr(getattr(field, "child", None), "fields"):
                    check(field, one[name])

    check(serializer_class(), answer)
