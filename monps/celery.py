"""The Celery application; what it runs and when is in `monps.pipeline` and in settings."""

import logging.config
import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "monps.settings")

app = Celery("monps")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["monps"], related_name="pipeline")
app.autodiscover_tasks(["alerts.metrics"])
app.autodiscover_tasks(["monps"], related_name="nightly")


@setup_logging.connect
def use_django_logging(**_kwargs: Any) -> None:
    """Workers log like the web process."""
    logging.config.dictConfig(settings.LOGGING)
