"""The app's name in the admin."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OddsConfig(AppConfig):
    """Named in the user's language."""

    name = "odds"
    verbose_name = _("Odds")
