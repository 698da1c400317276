"""The app's name in the admin."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BackupsConfig(AppConfig):
    """Named in the user's language."""

    name = "backups"
    verbose_name = _("Backups")
