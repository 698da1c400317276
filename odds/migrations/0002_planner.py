"""What the planner of calls keeps."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("odds", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="collection",
            name="bookmakers",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="Those asked for by name, instead of regions.",
                max_length=1000,
                verbose_name="bookmakers",
            ),
        ),
        migrations.AddField(
            model_name="match",
            name="listed_at",
            field=models.DateTimeField(
                blank=True,
                help_text="When the source first told of it.",
                null=True,
                verbose_name="listed",
            ),
        ),
        migrations.AddField(
            model_name="sport",
            name="priority",
            field=models.PositiveSmallIntegerField(
                db_default=50,
                default=50,
                help_text="Where credits do not suffice for all, the lowest number comes first.",
                verbose_name="priority",
            ),
        ),
        migrations.AlterField(
            model_name="collection",
            name="endpoint",
            field=models.CharField(
                choices=[("odds", "Odds"), ("scores", "Scores"), ("events", "Kick-offs")],
                default="odds",
                max_length=6,
                verbose_name="asked for",
            ),
        ),
        migrations.AlterField(
            model_name="collection",
            name="reason",
            field=models.CharField(
                choices=[
                    ("interval", "Interval passed"),
                    ("request", "On request"),
                    ("command", "Command line"),
                    ("replay", "Replay"),
                    ("results", "Results to settle"),
                    ("closing", "Closing odds"),
                    ("scan", "Planned scan"),
                    ("kickoffs", "Kick-offs to know"),
                ],
                max_length=8,
                verbose_name="reason",
            ),
        ),
        migrations.CreateModel(
            name="CurrentPlan",
            fields=[
                (
                    "id",
                    models.SmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(blank=True, null=True, verbose_name="made")),
                ("fingerprint", models.CharField(blank=True, max_length=64)),
                ("budget", models.JSONField(blank=True, default=dict)),
                ("left_out", models.JSONField(blank=True, default=list)),
                ("rates", models.JSONField(blank=True, default=dict)),
                (
                    "checked_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="checked until"),
                ),
            ],
            options={
                "verbose_name": "plan in force",
                "verbose_name_plural": "plan in force",
                "db_table": "current_plan",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="current_plan_one_row"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PlannerSettings",
            fields=[
                (
                    "id",
                    models.SmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "is_on",
                    models.BooleanField(
                        default=False,
                        help_text="Calls are made when the plan says: closing odds first, scans with what is left. Off: each sport in turn, as often as the credits allow.",
                        verbose_name="planned",
                    ),
                ),
                (
                    "shape",
                    models.CharField(
                        choices=[
                            ("cheapest", "The cheapest with your bookmakers and the references"),
                            ("regions", "The regions of the collection settings"),
                        ],
                        default="cheapest",
                        help_text="Ten named bookmakers cost as much as one region.",
                        max_length=8,
                        verbose_name="asks for",
                    ),
                ),
                (
                    "closing_window_minutes",
                    models.PositiveSmallIntegerField(
                        default=15,
                        help_text="Odds seen this long before the kick-off are closing odds. 6 to 60.",
                        validators=[
                            django.core.validators.MinValueValidator(6),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="closing window (minutes)",
                    ),
                ),
                (
                    "has_scans",
                    models.BooleanField(
                        default=True,
                        help_text="Look for opportunities with the credits that closing odds leave.",
                        verbose_name="scans",
                    ),
                ),
                (
                    "scan_interval_minutes",
                    models.PositiveSmallIntegerField(
                        default=120,
                        help_text="The shortest time between two calls for a sport's odds. 5 to 1440.",
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(1440),
                        ],
                        verbose_name="between two scans (minutes)",
                    ),
                ),
                (
                    "freshness_percent",
                    models.PositiveSmallIntegerField(
                        default=50,
                        help_text="0: scans are spread over the leagues. 100: where they find most. 0 to 100.",
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="more leagues ↔ fresher odds (%)",
                    ),
                ),
                (
                    "known_ahead_days",
                    models.PositiveSmallIntegerField(
                        default=14,
                        help_text="How far ahead matches are listed, until it has been measured. 0 to 60.",
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="kick-offs known ahead (days)",
                    ),
                ),
                (
                    "results_wait_hours",
                    models.PositiveSmallIntegerField(
                        default=12,
                        help_text="How long results wait for others, to be asked for with one call. 0 to 48.",
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(48),
                        ],
                        verbose_name="paid results wait (hours)",
                    ),
                ),
            ],
            options={
                "verbose_name": "planner settings",
                "verbose_name_plural": "planner settings",
                "db_table": "planner_settings",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="planner_settings_one_row"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closing_window_minutes__gte", 6), ("closing_window_minutes__lte", 60)
                        ),
                        name="planner_settings_closing_window_minutes_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("scan_interval_minutes__gte", 5), ("scan_interval_minutes__lte", 1440)
                        ),
                        name="planner_settings_scan_interval_minutes_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("freshness_percent__gte", 0), ("freshness_percent__lte", 100)
                        ),
                        name="planner_settings_freshness_percent_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("known_ahead_days__gte", 0), ("known_ahead_days__lte", 60)
                        ),
                        name="planner_settings_known_ahead_days_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("results_wait_hours__gte", 0), ("results_wait_hours__lte", 48)
                        ),
                        name="planner_settings_results_wait_hours_in_range",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlannedCall",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("closing", "Closing odds"),
                            ("results", "Results"),
                            ("scan", "Scan"),
                        ],
                        max_length=7,
                        verbose_name="for",
                    ),
                ),
                (
                    "endpoint",
                    models.CharField(
                        choices=[("odds", "Odds"), ("scores", "Scores"), ("events", "Kick-offs")],
                        max_length=6,
                        verbose_name="asks for",
                    ),
                ),
                ("markets", models.CharField(blank=True, max_length=80, verbose_name="markets")),
                ("regions", models.CharField(blank=True, max_length=80, verbose_name="regions")),
                (
                    "bookmakers",
                    models.CharField(blank=True, max_length=1000, verbose_name="bookmakers"),
                ),
                ("at", models.DateTimeField(verbose_name="due")),
                ("until", models.DateTimeField(verbose_name="until")),
                ("kickoff", models.DateTimeField(blank=True, null=True, verbose_name="kick-off")),
                (
                    "cost",
                    models.PositiveSmallIntegerField(verbose_name="credits"),
                ),
                ("value", models.FloatField(default=0, verbose_name="expected")),
                (
                    "match_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=64),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="matches",
                    ),
                ),
                ("reason", models.CharField(max_length=16, verbose_name="reason")),
                ("numbers", models.JSONField(blank=True, default=dict, verbose_name="numbers")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("claimed", "Being made"),
                            ("done", "Made"),
                            ("failed", "Failed"),
                            ("missed", "Missed"),
                        ],
                        default="planned",
                        max_length=7,
                        verbose_name="status",
                    ),
                ),
                ("planned_at", models.DateTimeField(verbose_name="planned")),
                ("claimed_at", models.DateTimeField(blank=True, null=True, verbose_name="begun")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                ("error", models.TextField(blank=True, verbose_name="message")),
                (
                    "collection",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="planned_calls",
                        to="odds.collection",
                        verbose_name="collection",
                    ),
                ),
                (
                    "sport",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="planned_calls",
                        to="odds.sport",
                        verbose_name="sport",
                    ),
                ),
            ],
            options={
                "verbose_name": "planned call",
                "verbose_name_plural": "planned calls",
                "db_table": "planned_calls",
                "ordering": ["at", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ["planned", "claimed"])),
                        fields=["at"],
                        name="planned_calls_open",
                    ),
                    models.Index(fields=["at", "status"], name="planned_calls_by_time"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__gte", models.F("at"))),
                        name="planned_calls_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["planned", "missed"]), ("claimed_at", None)),
                            models.Q(
                                ("status__in", ["claimed", "done", "failed"]),
                                ("claimed_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="planned_calls_begun_unless_waiting",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["planned", "claimed"]), ("ended_at", None)),
                            models.Q(
                                ("status__in", ["done", "failed", "missed"]),
                                ("ended_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="planned_calls_ended_unless_open",
                    ),
                ],
            },
        ),
    ]
