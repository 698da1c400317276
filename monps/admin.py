"""The admin site's frame: what every page shows, and third-party models in the same theme."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _


def market_label(_request: HttpRequest) -> list[str] | None:
    """The badge on every page that says the market is simulated."""
    return [_("Simulated market"), "warning"] if settings.SIMULATED else None
