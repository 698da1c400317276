"""Who may read the metrics: this machine, whoever shows the token, whoever is signed in.

The token is compared without a query and this machine needs none, so that Prometheus is answered
while the database is down.
"""

import secrets
from ipaddress import ip_address
from typing import Final

from django.conf import settings
from django.db import Error
from django.http import HttpRequest

# A proxy on this machine speaks for others; it says so by one of these.
FORWARDED: Final = (
    *("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"),
    *("X-Real-IP", "Via"),
)


def may_read(request: HttpRequest) -> bool:
    """Whether the metrics are for the sender of this request; a wrong token never is."""
    if "Authorization" in request.headers:
        return _shows_token(request.headers["Authorization"])
    return settings.API_PUBLIC_READ or _is_local(request) or _is_signed_in(request)


def _shows_token(given: str) -> bool:
    scheme, _space, token = given.partition(" ")
    expected = settings.API_TOKEN.encode()
    is_right = secrets.compare_digest(token.strip().encode(), expected)
    return bool(expected) and is_right and scheme.lower() in {"token", "bearer"}


def _is_local(request: HttpRequest) -> bool:
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _is_signed_in(request: HttpRequest) -> bool:
    try:
        return request.user.is_authenticated
    except Error:
        return False  # without the database nobody is known
