"""Requests as django-prometheus counts them, with labels no stranger can multiply."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django_prometheus.middleware import PrometheusAfterMiddleware


class CountRequestsMiddleware(PrometheusAfterMiddleware):
    """The inner of its two middlewares.

    Its histogram of times takes the method as it was sent, and each one makes series that stay
    for as long as the process: here an unknown method is counted as one.
    """

    def label_metric(
        self,
        metric: Any,
        request: HttpRequest,
        response: HttpResponseBase | None = None,
        **labels: str,
    ) -> Any:
        """The metric with its labels."""
        if "method" in labels:
            labels["method"] = self._method(request)
        return super().label_metric(metric, request, response, **labels)
