"""The app's name in the admin."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AlertsConfig(AppConfig):
    """Named in the user's language."""

    name = "alerts"
    verbose_name = _("Alerts")
