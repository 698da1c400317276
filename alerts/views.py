"""`POST /alerts/webhook`: where Alertmanager tells of alerts, with the secret it was given."""

import secrets

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from alerts import channels, webhook


@csrf_exempt
@login_not_required
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """Store what Alertmanager tells: 200, or 400 and 401 with one sentence."""
    if not _knows_the_secret(request):
        return _answer(401, "The secret is missing or wrong (ALERTS_WEBHOOK_SECRET).")
    try:
        delivered = webhook.read(request.body)
    except RequestDataTooBig:
        return _answer(400, "The delivery is too large.")
    except webhook.MalformedDeliveryError as error:
        return _answer(400, str(error))
    webhook.store(delivered, now=timezone.now())
    return JsonResponse({"stored": len(delivered)})


def _knows_the_secret(request: HttpRequest) -> bool:
    expected = channels.webhook_secret().encode()
    scheme, _space, shown = request.headers.get("Authorization", "").partition(" ")
    is_right = secrets.compare_digest(shown.strip().encode(), expected)
    return bool(expected) and scheme.lower() == "bearer" and is_right


def _answer(status: int, detail: str) -> JsonResponse:
    return JsonResponse({"detail": detail}, status=status)
