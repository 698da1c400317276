"""The frame: settings, processes, embedded servers, the admin site, the API map and the pipeline.

It stands on top of the stack (monps → betting → odds) and may import every app; no app imports
it. The sequence collect → detect is composed here and nowhere else (`monps.pipeline`).
"""

from monps.celery import app as celery_app

__all__ = ["celery_app"]
