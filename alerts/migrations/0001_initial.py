"""The first tables."""

import datetime
from decimal import Decimal

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="process")),
                ("seen_at", models.DateTimeField(verbose_name="last sign of life")),
            ],
            options={
                "verbose_name": "heartbeat",
                "verbose_name_plural": "heartbeats",
                "db_table": "heartbeats",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Alert",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[("alertmanager", "Alertmanager"), ("own", "MON_PS")],
                        max_length=12,
                        verbose_name="found by",
                    ),
                ),
                ("fingerprint", models.CharField(max_length=64, verbose_name="fingerprint")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("severity", models.CharField(blank=True, max_length=20, verbose_name="severity")),
                ("labels", models.JSONField(default=dict, verbose_name="labels")),
                (
                    "annotations",
                    models.JSONField(blank=True, default=dict, verbose_name="annotations"),
                ),
                (
                    "pending_since",
                    models.DateTimeField(blank=True, null=True, verbose_name="holds since"),
                ),
                ("starts_at", models.DateTimeField(blank=True, null=True, verbose_name="began")),
                ("ends_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                ("seen_at", models.DateTimeField(verbose_name="last seen")),
                ("mailed_at", models.DateTimeField(blank=True, null=True, verbose_name="mailed")),
                (
                    "acknowledged_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="acknowledged"),
                ),
                (
                    "acknowledged_by",
                    models.CharField(blank=True, max_length=150, verbose_name="acknowledged by"),
                ),
                ("note", models.TextField(blank=True, verbose_name="note")),
            ],
            options={
                "verbose_name": "alert",
                "verbose_name_plural": "alerts",
                "db_table": "alerts",
                "ordering": [
                    models.OrderBy(models.F("ends_at"), descending=True, nulls_first=True),
                    models.OrderBy(models.F("starts_at"), descending=True),
                    "-id",
                ],
                "indexes": [
                    models.Index(
                        models.OrderBy(models.F("ends_at"), descending=True, nulls_first=True),
                        models.OrderBy(models.F("starts_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="alerts_open_then_newest",
                    ),
                    models.Index(
                        models.F("name"),
                        condition=models.Q(("ends_at", None), ("source", "own")),
                        name="alerts_own_unended",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("source"),
                        models.F("fingerprint"),
                        models.F("starts_at"),
                        name="alerts_one_row_per_episode",
                    ),
                    models.UniqueConstraint(
                        models.F("fingerprint"),
                        condition=models.Q(("ends_at", None), ("source", "own")),
                        name="alerts_one_own_unended_per_alert",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("starts_at__isnull", False),
                            models.Q(
                                ("ends_at", None),
                                ("mailed_at", None),
                                ("pending_since__isnull", False),
                                ("source", "own"),
                            ),
                            _connector="OR",
                        ),
                        name="alerts_begun_or_pending",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("acknowledged_at", None), ("acknowledged_by", "")),
                            models.Q(
                                ("acknowledged_at__isnull", False),
                                models.Q(("acknowledged_by", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="alerts_acknowledged_by_someone",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AlertmanagerState",
            fields=[
                (
                    "id",
                    models.SmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "pushed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="last pushed"),
                ),
                (
                    "failing_since",
                    models.DateTimeField(blank=True, null=True, verbose_name="failing since"),
                ),
                ("failure", models.CharField(blank=True, max_length=200, verbose_name="failure")),
            ],
            options={
                "verbose_name": "state of Alertmanager",
                "verbose_name_plural": "state of Alertmanager",
                "db_table": "alertmanager_state",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="alertmanager_state_one_row"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("failing_since", None), ("failure", "")),
                            models.Q(
                                ("failing_since__isnull", False),
                                models.Q(("failure", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="alertmanager_state_fails_with_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AlertSettings",
            fields=[
                (
                    "id",
                    models.SmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "bankroll_critical",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal(900),
                        help_text="Below it for five minutes: stop betting. 0 switches it off.",
                        max_digits=12,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(10000000),
                        ],
                        verbose_name="critical bankroll (€)",
                    ),
                ),
                (
                    "bankroll_warning",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal(950),
                        help_text="Below it for five minutes; at or above the critical one. 0 switches it off.",
                        max_digits=12,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(10000000),
                        ],
                        verbose_name="low bankroll (€)",
                    ),
                ),
                (
                    "drawdown_warning_pct",
                    models.FloatField(
                        default=10.0,
                        help_text="Fall from the highest bankroll. 1 to 100.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="drawdown, warning (%)",
                    ),
                ),
                (
                    "drawdown_critical_pct",
                    models.FloatField(
                        default=18.0,
                        help_text="Fall from the highest bankroll at which betting should stop. 1 to 100.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="drawdown, critical (%)",
                    ),
                ),
                (
                    "minimum_roi_pct",
                    models.FloatField(
                        default=0.0,
                        help_text="Of settled bets, once there are enough of them. -100 to 100.",
                        validators=[
                            django.core.validators.MinValueValidator(-100),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="lowest yield (%)",
                    ),
                ),
                (
                    "minimum_win_rate_pct",
                    models.FloatField(
                        default=50.0,
                        help_text="Of settled bets, once there are enough of them. 0 to 100.",
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="lowest win rate (%)",
                    ),
                ),
                (
                    "minimum_settled",
                    models.PositiveIntegerField(
                        default=30,
                        help_text="With fewer, yield and win rate are luck and raise nothing. 1 to 10,000.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10000),
                        ],
                        verbose_name="settled bets needed",
                    ),
                ),
                (
                    "minimum_clv_pct",
                    models.FloatField(
                        default=0.0,
                        help_text="Mean of graded bets, once there are enough of them. -50 to 50.",
                        validators=[
                            django.core.validators.MinValueValidator(-50),
                            django.core.validators.MaxValueValidator(50),
                        ],
                        verbose_name="lowest fair CLV (%)",
                    ),
                ),
                (
                    "minimum_graded",
                    models.PositiveIntegerField(
                        default=100,
                        help_text="With fewer, the mean CLV raises nothing. 1 to 10,000.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10000),
                        ],
                        verbose_name="graded bets needed",
                    ),
                ),
                (
                    "many_opportunities",
                    models.PositiveIntegerField(
                        default=20,
                        help_text="More value opportunities than this at once. 1 to 1,000.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1000),
                        ],
                        verbose_name="many opportunities",
                    ),
                ),
                (
                    "opportunity_spike",
                    models.PositiveIntegerField(
                        default=5,
                        help_text="More new ones than this in five minutes. 1 to 1,000.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1000),
                        ],
                        verbose_name="spike of opportunities",
                    ),
                ),
                (
                    "extreme_spread_pct",
                    models.FloatField(
                        default=50.0,
                        help_text="Bookmakers further apart: more often an error than a gift. 5 to 1,000.",
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(1000),
                        ],
                        verbose_name="extreme spread (%)",
                    ),
                ),
                (
                    "collection_silence_hours",
                    models.FloatField(
                        default=4.0,
                        help_text="At least; a longer planned gap counts instead, see below. 0.25 to 168.",
                        validators=[
                            django.core.validators.MinValueValidator(0.25),
                            django.core.validators.MaxValueValidator(168),
                        ],
                        verbose_name="no collection for (hours)",
                    ),
                ),
                (
                    "collection_gap_factor",
                    models.FloatField(
                        default=1.5,
                        help_text="So many times the planned gap may pass without a collection. 1 to 10.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10),
                        ],
                        verbose_name="planned gap, times",
                    ),
                ),
                (
                    "failed_collections",
                    models.PositiveIntegerField(
                        default=5,
                        help_text="From so many on. 1 to 1,000.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1000),
                        ],
                        verbose_name="failed collections in a day",
                    ),
                ),
                (
                    "low_quota",
                    models.PositiveIntegerField(
                        default=50,
                        help_text="Fewer than this above the reserve. 0 to 1,000,000.",
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(1000000),
                        ],
                        verbose_name="credits left",
                    ),
                ),
                (
                    "worker_silence_minutes",
                    models.FloatField(
                        default=10.0,
                        help_text="2 to 1,440.",
                        validators=[
                            django.core.validators.MinValueValidator(2),
                            django.core.validators.MaxValueValidator(1440),
                        ],
                        verbose_name="worker silent for (minutes)",
                    ),
                ),
                (
                    "long_worker_silence_minutes",
                    models.FloatField(
                        default=70.0,
                        help_text="A backtest may keep it for 55 minutes. 2 to 1,440.",
                        validators=[
                            django.core.validators.MinValueValidator(2),
                            django.core.validators.MaxValueValidator(1440),
                        ],
                        verbose_name="worker of long jobs silent for (minutes)",
                    ),
                ),
                (
                    "beat_silence_minutes",
                    models.FloatField(
                        default=10.0,
                        help_text="2 to 1,440.",
                        validators=[
                            django.core.validators.MinValueValidator(2),
                            django.core.validators.MaxValueValidator(1440),
                        ],
                        verbose_name="scheduler silent for (minutes)",
                    ),
                ),
                (
                    "long_queue",
                    models.PositiveIntegerField(
                        default=100,
                        help_text="More than this for a quarter of an hour. 1 to 1,000,000.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1000000),
                        ],
                        verbose_name="tasks waiting",
                    ),
                ),
                (
                    "backup_age_hours",
                    models.FloatField(
                        default=26.0,
                        help_text="It is made every night. 1 to 720.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(720),
                        ],
                        verbose_name="age of the last backup (hours)",
                    ),
                ),
                (
                    "restore_test_age_days",
                    models.FloatField(
                        default=9.0,
                        help_text="It is made every week. 1 to 90.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(90),
                        ],
                        verbose_name="age of the last restore test (days)",
                    ),
                ),
                (
                    "nightly_age_hours",
                    models.FloatField(
                        default=30.0,
                        help_text="Since the last one that succeeded. 1 to 720.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(720),
                        ],
                        verbose_name="age of the last nightly analysis (hours)",
                    ),
                ),
                (
                    "llm_budget_pct",
                    models.FloatField(
                        default=80.0,
                        help_text="From this share on. 1 to 100.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="share of the month's LLM budget (%)",
                    ),
                ),
            ],
            options={
                "verbose_name": "alert thresholds",
                "verbose_name_plural": "alert thresholds",
                "db_table": "alert_settings",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="alert_settings_one_row"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("bankroll_critical__gte", 0), ("bankroll_critical__lte", 10000000)
                        ),
                        name="alert_settings_bankroll_critical_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("bankroll_warning__gte", 0), ("bankroll_warning__lte", 10000000)
                        ),
                        name="alert_settings_bankroll_warning_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("drawdown_warning_pct__gte", 1), ("drawdown_warning_pct__lte", 100)
                        ),
                        name="alert_settings_drawdown_warning_pct_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("drawdown_critical_pct__gte", 1), ("drawdown_critical_pct__lte", 100)
                        ),
                        name="alert_settings_drawdown_critical_pct_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("minimum_roi_pct__gte", -100), ("minimum_roi_pct__lte", 100)
                        ),
                        name="alert_settings_minimum_roi_pct_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("minimum_win_rate_pct__gte", 0), ("minimum_win_rate_pct__lte", 100)
                        ),
                        name="alert_settings_minimum_win_rate_pct_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("minimum_settled__gte", 1), ("minimum_settled__lte", 10000)
                        ),
                        name="alert_settings_minimum_settled_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("minimum_clv_pct__gte", -50), ("minimum_clv_pct__lte", 50)
                        ),
                        name="alert_settings_minimum_clv_pct_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("minimum_graded__gte", 1), ("minimum_graded__lte", 10000)
                        ),
                        name="alert_settings_minimum_graded_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("many_opportunities__gte", 1), ("many_opportunities__lte", 1000)
                        ),
                        name="alert_settings_many_opportunities_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("opportunity_spike__gte", 1), ("opportunity_spike__lte", 1000)
                        ),
                        name="alert_settings_opportunity_spike_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("extreme_spread_pct__gte", 5), ("extreme_spread_pct__lte", 1000)
                        ),
                        name="alert_settings_extreme_spread_pct_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("collection_silence_hours__gte", 0.25),
                            ("collection_silence_hours__lte", 168),
                        ),
                        name="alert_settings_collection_silence_hours_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("collection_gap_factor__gte", 1), ("collection_gap_factor__lte", 10)
                        ),
                        name="alert_settings_collection_gap_factor_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("failed_collections__gte", 1), ("failed_collections__lte", 1000)
                        ),
                        name="alert_settings_failed_collections_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("low_quota__gte", 0), ("low_quota__lte", 1000000)),
                        name="alert_settings_low_quota_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("worker_silence_minutes__gte", 2),
                            ("worker_silence_minutes__lte", 1440),
                        ),
                        name="alert_settings_worker_silence_minutes_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("long_worker_silence_minutes__gte", 2),
                            ("long_worker_silence_minutes__lte", 1440),
                        ),
                        name="alert_settings_long_worker_silence_minutes_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("beat_silence_minutes__gte", 2), ("beat_silence_minutes__lte", 1440)
                        ),
                        name="alert_settings_beat_silence_minutes_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("long_queue__gte", 1), ("long_queue__lte", 1000000)),
                        name="alert_settings_long_queue_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("backup_age_hours__gte", 1), ("backup_age_hours__lte", 720)
                        ),
                        name="alert_settings_backup_age_hours_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("restore_test_age_days__gte", 1), ("restore_test_age_days__lte", 90)
                        ),
                        name="alert_settings_restore_test_age_days_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("nightly_age_hours__gte", 1), ("nightly_age_hours__lte", 720)
                        ),
                        name="alert_settings_nightly_age_hours_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("llm_budget_pct__gte", 1), ("llm_budget_pct__lte", 100)
                        ),
                        name="alert_settings_llm_budget_pct_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("bankroll_warning", 0),
                            ("bankroll_warning__gte", models.F("bankroll_critical")),
                            _connector="OR",
                        ),
                        name="alert_settings_bankroll_warns_first",
                        violation_error_message="The low bankroll must not lie below the critical one.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("drawdown_warning_pct__lte", models.F("drawdown_critical_pct"))
                        ),
                        name="alert_settings_drawdown_warns_first",
                        violation_error_message="The drawdown must warn before it is critical.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CountedTotal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "counter",
                    models.CharField(
                        choices=[
                            ("quotes", "Quotes stored"),
                            ("opportunities", "Opportunities detected"),
                        ],
                        max_length=13,
                        verbose_name="counter",
                    ),
                ),
                ("sport_id", models.PositiveSmallIntegerField(verbose_name="sport")),
                ("total", models.PositiveBigIntegerField(verbose_name="total")),
                ("counted_until", models.DateTimeField(verbose_name="counted until")),
            ],
            options={
                "verbose_name": "counted total",
                "verbose_name_plural": "counted totals",
                "db_table": "counted_totals",
                "ordering": ["counter", "sport_id"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("counter"), models.F("sport_id"), name="counted_totals_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Mail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=200, unique=True, verbose_name="key")),
                (
                    "severity",
                    models.CharField(
                        choices=[
                            ("critical", "Critical"),
                            ("warning", "Warning"),
                            ("info", "Information"),
                        ],
                        max_length=8,
                        verbose_name="severity",
                    ),
                ),
                ("subject", models.CharField(max_length=200, verbose_name="subject")),
                ("text", models.TextField(verbose_name="text")),
                ("html", models.TextField(blank=True, verbose_name="HTML")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("sending", "Being sent"),
                            ("handed_over", "Being handed over"),
                            ("sent", "Sent"),
                            ("in_doubt", "In doubt"),
                            ("failed", "Refused"),
                        ],
                        default="waiting",
                        max_length=11,
                        verbose_name="status",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="posted")),
                ("due_at", models.DateTimeField(verbose_name="next attempt")),
                ("claim", models.PositiveIntegerField(default=0, verbose_name="attempts")),
                (
                    "claimed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="last attempt"),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent")),
                ("failure", models.CharField(blank=True, max_length=300, verbose_name="failure")),
            ],
            options={
                "verbose_name": "mail",
                "verbose_name_plural": "mails",
                "db_table": "notifications",
                "ordering": [models.OrderBy(models.F("created_at"), descending=True), "-id"],
                "indexes": [
                    models.Index(fields=["-created_at", "-id"], name="notifications_newest"),
                    models.Index(
                        models.F("status"),
                        models.F("due_at"),
                        condition=models.Q(("status", "sent"), _negated=True),
                        name="notifications_unsent",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", False), ("status", "sent")),
                            models.Q(
                                models.Q(("status", "sent"), _negated=True), ("sent_at", None)
                            ),
                            _connector="OR",
                        ),
                        name="notifications_sent_with_its_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "waiting"),
                            models.Q(("claim__gt", 0), ("claimed_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="notifications_claimed_with_its_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["failed", "in_doubt"]), _negated=True),
                            models.Q(("failure", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="notifications_failed_with_its_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NotificationSettings",
            fields=[
                (
                    "id",
                    models.SmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "is_mail_on",
                    models.BooleanField(
                        default=True,
                        help_text="Off: nothing is sent, and nothing new is kept for sending.",
                        verbose_name="send mails",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("fr", "French"), ("en", "English")],
                        default="fr",
                        max_length=2,
                        verbose_name="language of the mails",
                    ),
                ),
                (
                    "quiet_from",
                    models.TimeField(
                        default=datetime.time(0, 0),
                        help_text="From then on only critical mails are sent. In the zone of the pages.",
                        verbose_name="quiet from",
                    ),
                ),
                (
                    "quiet_until",
                    models.TimeField(
                        default=datetime.time(0, 0),
                        help_text="The rest is sent then. The same as the beginning: never quiet.",
                        verbose_name="quiet until",
                    ),
                ),
                (
                    "digest_minutes",
                    models.PositiveSmallIntegerField(
                        default=60,
                        help_text="What is found in between is gathered in the next one. 1 to 1440.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1440),
                        ],
                        verbose_name="between digests (minutes)",
                    ),
                ),
                (
                    "reminder_hours",
                    models.PositiveSmallIntegerField(
                        default=24,
                        help_text="A critical alert that is open and not acknowledged is mailed again. 0 (never) to 168.",
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(168),
                        ],
                        verbose_name="remind after (hours)",
                    ),
                ),
                (
                    "minimum_edge_pct",
                    models.FloatField(
                        default=0,
                        help_text="Claimed edge, or an arbitrage's profit. 0 to 50.",
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(50),
                        ],
                        verbose_name="smallest edge worth a message (%)",
                    ),
                ),
                (
                    "only_playable",
                    models.BooleanField(
                        default=False,
                        help_text="Tell only of prices at bookmakers you can bet with.",
                        verbose_name="only playable bookmakers",
                    ),
                ),
            ],
            options={
                "verbose_name": "notification settings",
                "verbose_name_plural": "notification settings",
                "db_table": "notification_settings",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="notification_settings_one_row"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("digest_minutes__gte", 1), ("digest_minutes__lte", 1440)
                        ),
                        name="notification_settings_digest_minutes_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reminder_hours__gte", 0), ("reminder_hours__lte", 168)
                        ),
                        name="notification_settings_reminder_hours_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("minimum_edge_pct__gte", 0), ("minimum_edge_pct__lte", 50)
                        ),
                        name="notification_settings_minimum_edge_pct_in_range",
                    ),
                ],
            },
        ),
    ]
