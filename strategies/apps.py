"""The app's name in the admin."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StrategiesConfig(AppConfig):
    """Named in the user's language."""

    name = "strategies"
    verbose_name = _("Strategies")
