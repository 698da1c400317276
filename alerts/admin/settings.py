"""What is mailed and when, and from which numbers on there is an alert."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from alerts.models import AlertSettings, NotificationSettings
from odds.admin_facts import OneRowAdmin


@admin.register(NotificationSettings)
class NotificationSettingsAdmin(OneRowAdmin):
    """Who is told what, and when not."""

    fieldsets = [
        (_("Mails"), {"fields": ["is_mail_on", "language", "digest_minutes", "reminder_hours"]}),
        (_("Quiet hours"), {"fields": ["quiet_from", "quiet_until"]}),
        (_("Opportunities"), {"fields": ["minimum_edge_pct", "only_playable"]}),
    ]


@admin.register(AlertSettings)
class AlertSettingsAdmin(OneRowAdmin):
    """From which numbers on there is an alert."""

    fieldsets = [
        (
            _("Bankroll and results"),
            {
                "fields": [
                    *("bankroll_critical", "bankroll_warning"),
                    *("drawdown_warning_pct", "drawdown_critical_pct"),
                    *("minimum_roi_pct", "minimum_win_rate_pct", "minimum_settled"),
                    *("minimum_clv_pct", "minimum_graded"),
                ]
            },
        ),
        (
            _("Opportunities"),
            {"fields": ["many_opportunities", "opportunity_spike", "extreme_spread_pct"]},
        ),
        (
            _("Collecting"),
            {
                "fields": [
                    *("collection_silence_hours", "collection_gap_factor"),
                    *("failed_collections", "low_quota"),
                ]
            },
        ),
        (
            _("Processes"),
            {
                "fields": [
                    *("worker_silence_minutes", "long_worker_silence_minutes"),
                    *("beat_silence_minutes", "long_queue"),
                ]
            },
        ),
        (
            _("Upkeep"),
            {
                "fields": [
                    *("backup_age_hours", "restore_test_age_days"),
                    *("nightly_age_hours", "llm_budget_pct"),
                ]
            },
        ),
    ]
