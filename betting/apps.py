"""The app's name in the admin."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BettingConfig(AppConfig):
    """Named in the user's language."""

    name = "betting"
    verbose_name = _("Betting")
