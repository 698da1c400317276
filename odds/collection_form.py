"""The form of the collection settings: regions and markets are ticked, not typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from odds.models import CollectionSettings, Market

REGIONS = {
    "eu": _("Europe"),
    "uk": _("United Kingdom"),
    "fr": _("France"),
    "se": _("Sweden"),
    "us": _("United States"),
    "us2": _("United States, second list"),
    "au": _("Australia"),
}
MARKETS = {market.value: market.label for market in (Market.H2H, Market.TOTALS, Market.SPREADS)}


class KeysField(forms.MultipleChoiceField):
    """Ticked keys, stored as one comma-separated text."""

    widget = UnfoldAdminCheckboxSelectMultipleWidget

    def prepare_value(self, value: Any) -> Any:
        """The stored text as a list of keys."""
        return [key.strip() for key in value.split(",")] if isinstance(value, str) else value

    def clean(self, value: Any) -> Any:
        """The ticked keys as text."""
        return ",".join(super().clean(value))


class CollectionSettingsForm(forms.ModelForm):  # type: ignore[type-arg]  # no subscript at run time
    """The settings with the API's regions and the stored markets to choose from."""

    regions = KeysField(
        label=_("Regions"), choices=REGIONS, help_text=_("Each one costs a credit per market.")
    )
    markets = KeysField(
        label=_("Markets"), choices=MARKETS, help_text=_("Each one costs a credit per region.")
    )

    class Meta:
        model = CollectionSettings
        fields = [
            "minimum_interval_seconds",
            "monthly_credits",
            "reserve_percent",
            "regions",
            "markets",
            "timeout_seconds",
            "payload_days",
        ]
