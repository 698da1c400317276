"""`GET /metrics` and `GET /metrics/collector`: the page Prometheus reads."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from alerts.metrics.access import may_read
from alerts.metrics.exposition import page


@login_not_required
@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponseBase:
    """All metrics, read while it is asked."""
    if not may_read(request):
        refusal = "Show the token (Authorization: Token …), or sign in, to read the metrics."
        return JsonResponse({"detail": refusal}, status=401, headers={"WWW-Authenticate": "Token"})
    return HttpResponse(page(now=timezone.now()), content_type=CONTENT_TYPE_PLAIN_0_0_4)
