"""Asking the API in tests."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import User
from rest_framework.test import APIClient


def signed_in() -> APIClient:
    """A client of someone who may use the API; signing in costs its requests no query."""
    client = APIClient()
    client.force_authenticate(User(username="bettor"))
    return client


def get(path: str, **query: Any) -> Any:
    """The body of a good answer."""
    response = signed_in().get(path, query)
    assert response.status_code == 200, response.content
    return response.json()


def utc_text(instant: datetime) -> str:
    """An instant as the API writes it."""
    return f"{instant.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"
