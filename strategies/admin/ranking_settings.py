"""The thresholds of the ranking, and the plan of tests, in the admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from odds.admin_facts import OneRowAdmin
from strategies.models import ExperimentSettings, RankingSettings


@admin.register(RankingSettings)
class RankingSettingsAdmin(OneRowAdmin):
    """When a record is long enough, and how good it must be for a tier."""

    fieldsets = [
        (
            _("How sure a record must be"),
            {"fields": ["prior_bets", "minimum_settled", "minimum_for_top", "alpha"]},
        ),
        (_("Tiers"), {"fields": ["s_roi", "s_clv", "a_roi", "a_clv", "c_roi"]}),
        (_("Tiers by win rate"), {"fields": ["legacy_s", "legacy_a", "legacy_b", "legacy_c"]}),
        (_("Trend"), {"fields": ["trend_dead_band"]}),
    ]


@admin.register(ExperimentSettings)
class ExperimentSettingsAdmin(OneRowAdmin):
    """How a change must prove itself."""

    fieldsets = [
        (_("The plan of a test"), {"fields": ["smallest_gain", "alpha", "horizon"]}),
        (_("Real stakes while it runs"), {"fields": ["splits_real_stakes"]}),
    ]
