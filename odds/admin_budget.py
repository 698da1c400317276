"""The settings of the plan of calls in the admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from odds.admin_facts import OneRowAdmin
from odds.models import PlannerSettings


@admin.register(PlannerSettings)
class PlannerSettingsAdmin(OneRowAdmin):
    """What governs the plan; credits, reserve, regions and markets are in the collection's."""

    fieldsets = [
        (_("Planning"), {"fields": ["is_on", "shape"]}),
        (_("Closing odds"), {"fields": ["closing_window_minutes", "known_ahead_days"]}),
        (
            _("Scans"),
            {"fields": ["has_scans", "scan_interval_minutes", "freshness_percent"]},
        ),
        (_("Results"), {"fields": ["results_wait_hours"]}),
    ]
