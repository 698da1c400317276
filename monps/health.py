"""Is the system up: what load balancers, compose and `make run` ask."""

from contextlib import suppress

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET


@login_not_required
@require_GET
def health(_request: HttpRequest) -> JsonResponse:
    """200 when the database and the broker answer, 503 otherwise."""
    checks = {"db": _database(), "redis": _broker()}
    is_healthy = set(checks.values()) == {"ok"}
    return JsonResponse(
        {
            "status": "healthy" if is_healthy else "unhealthy",
            "timestamp": timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "version": settings.VERSION,
            "checks": checks,
        },
        status=200 if is_healthy else 503,
    )


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM django_migrations")
    except DatabaseError:
        with suppress(DatabaseError):
            connection.close()
        return "unavailable"
    return "ok"


def _broker() -> str:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2) as broker:
            broker.ping()
    except redis.RedisError:
        return "unavailable"
    return "ok"
