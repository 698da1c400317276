"""The notification settings of a test: in English, so that sentences can be compared."""

from typing import Any

from alerts.models import NotificationSettings


def choose(**given: Any) -> NotificationSettings:
    values = {"language": "en"} | given
    return NotificationSettings.objects.update_or_create(pk=1, defaults=values)[0]
