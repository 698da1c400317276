"""Analyses, nights, and what they may spend."""

from decimal import Decimal

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("strategies", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="LearningSettings",
            fields=[
                (
                    "id",
                    models.SmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "is_nightly",
                    models.BooleanField(
                        default=True,
                        help_text="Look at the strategies after midnight UTC; asking by hand always works.",
                        verbose_name="every night",
                    ),
                ),
                (
                    "model",
                    models.CharField(
                        default="gpt-4o",
                        help_text="Asked where OPENAI_API_KEY is set; without a key statistics look.",
                        max_length=100,
                        verbose_name="model",
                    ),
                ),
                (
                    "input_price",
                    models.DecimalField(
                        decimal_places=3,
                        default=Decimal("2.5"),
                        help_text="As in the vendor's price list for this model. 0–1,000.",
                        max_digits=8,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal(0)),
                            django.core.validators.MaxValueValidator(Decimal(1000)),
                        ],
                        verbose_name="price of what is sent ($ per million tokens)",
                    ),
                ),
                (
                    "output_price",
                    models.DecimalField(
                        decimal_places=3,
                        default=Decimal(10),
                        help_text="Likewise. 0–1,000.",
                        max_digits=8,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal(0)),
                            django.core.validators.MaxValueValidator(Decimal(1000)),
                        ],
                        verbose_name="price of what is received ($ per million tokens)",
                    ),
                ),
                (
                    "monthly_budget_eur",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal(5),
                        help_text="A question that could exceed it is not asked; statistics look. 0–1,000.",
                        max_digits=8,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal(0)),
                            django.core.validators.MaxValueValidator(Decimal(1000)),
                        ],
                        verbose_name="budget of a month (€)",
                    ),
                ),
                (
                    "euros_per_dollar",
                    models.DecimalField(
                        decimal_places=4,
                        default=Decimal("0.92"),
                        help_text="To hold dollar prices against the budget. 0.1–10.",
                        max_digits=8,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0.1")),
                            django.core.validators.MaxValueValidator(Decimal(10)),
                        ],
                        verbose_name="euros per dollar",
                    ),
                ),
                (
                    "most_strategies",
                    models.PositiveSmallIntegerField(
                        default=5,
                        help_text="The worst ones first. 1–50.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(50),
                        ],
                        verbose_name="strategies a day",
                    ),
                ),
                (
                    "most_waiting",
                    models.PositiveSmallIntegerField(
                        default=3,
                        help_text="A strategy with so many gets no further one. 1–20.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(20),
                        ],
                        verbose_name="proposals waiting",
                    ),
                ),
                (
                    "held_out_share",
                    models.FloatField(
                        default=0.3,
                        help_text="Of a strategy's graded matches the last ones: analysts are not told of them, and a proposal must stand on them. 0.1–0.6.",
                        validators=[
                            django.core.validators.MinValueValidator(0.1),
                            django.core.validators.MaxValueValidator(0.6),
                        ],
                        verbose_name="held-out share",
                    ),
                ),
            ],
            options={
                "verbose_name": "learning settings",
                "verbose_name_plural": "learning settings",
                "db_table": "learning_settings",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="learning_settings_one_row"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("input_price__gte", Decimal(0)), ("input_price__lte", Decimal(1000))
                        ),
                        name="learning_settings_input_price_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("output_price__gte", Decimal(0)), ("output_price__lte", Decimal(1000))
                        ),
                        name="learning_settings_output_price_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("monthly_budget_eur__gte", Decimal(0)),
                            ("monthly_budget_eur__lte", Decimal(1000)),
                        ),
                        name="learning_settings_monthly_budget_eur_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("euros_per_dollar__gte", Decimal("0.1")),
                            ("euros_per_dollar__lte", Decimal(10)),
                        ),
                        name="learning_settings_euros_per_dollar_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("most_strategies__gte", 1), ("most_strategies__lte", 50)
                        ),
                        name="learning_settings_most_strategies_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("most_waiting__gte", 1), ("most_waiting__lte", 20)),
                        name="learning_settings_most_waiting_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("held_out_share__gte", 0.1), ("held_out_share__lte", 0.6)
                        ),
                        name="learning_settings_held_out_share_in_range",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NightlyRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(unique=True, verbose_name="day")),
                (
                    "status",
                    models.CharField(
                        choices=[("running", "Running"), ("done", "Done"), ("failed", "Failed")],
                        default="running",
                        max_length=7,
                        verbose_name="status",
                    ),
                ),
                ("step", models.CharField(blank=True, max_length=10, verbose_name="step")),
                (
                    "tries",
                    models.PositiveSmallIntegerField(default=0, verbose_name="tries of this step"),
                ),
                ("tried_at", models.DateTimeField(blank=True, null=True, verbose_name="last try")),
                ("error", models.TextField(blank=True, verbose_name="last error")),
                (
                    "failures",
                    models.JSONField(blank=True, default=list, verbose_name="steps given up"),
                ),
                ("report", models.JSONField(blank=True, default=dict, verbose_name="report")),
                ("started_at", models.DateTimeField(verbose_name="started")),
                (
                    "finished_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="finished"),
                ),
            ],
            options={
                "verbose_name": "night",
                "verbose_name_plural": "nights",
                "db_table": "nightly_runs",
                "ordering": ["-day"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at", None), ("status", "running")),
                            models.Q(
                                ("finished_at__isnull", False),
                                ("status__in", ["done", "failed"]),
                                ("step", ""),
                            ),
                            _connector="OR",
                        ),
                        name="nightly_runs_finished_with_its_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finished_at", None),
                            ("finished_at__gte", models.F("started_at")),
                            _connector="OR",
                        ),
                        name="nightly_runs_finished_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LearningRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                (
                    "analyst",
                    models.CharField(
                        choices=[("model", "Language model"), ("statistics", "Statistics")],
                        max_length=10,
                        verbose_name="analyst",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("asking", "Being asked"),
                            ("waiting", "To be asked again"),
                            ("answered", "Answered, to be judged"),
                            ("proposed", "Proposed a change"),
                            ("refused", "Proposal refused"),
                            ("nothing", "Nothing to propose"),
                            ("failed", "Failed"),
                        ],
                        default="asking",
                        max_length=8,
                        verbose_name="status",
                    ),
                ),
                (
                    "note",
                    models.TextField(
                        blank=True,
                        help_text="Why statistics looked at it and no language model.",
                        verbose_name="note",
                    ),
                ),
                ("sentence", models.TextField(blank=True, verbose_name="outcome")),
                (
                    "held_out_since",
                    models.DateTimeField(
                        help_text="The analyst was told of no match that began later.",
                        verbose_name="held out since",
                    ),
                ),
                ("evidence", models.JSONField(verbose_name="evidence")),
                ("prompt", models.TextField(blank=True, verbose_name="prompt")),
                ("model", models.CharField(blank=True, max_length=100, verbose_name="model")),
                ("raw_reply", models.TextField(blank=True, verbose_name="reply as it came")),
                (
                    "prompt_tokens",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="tokens sent"),
                ),
                (
                    "completion_tokens",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="tokens received"
                    ),
                ),
                (
                    "cost_usd",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        max_digits=10,
                        null=True,
                        verbose_name="cost ($)",
                    ),
                ),
                (
                    "is_cost_assumed",
                    models.BooleanField(
                        default=False,
                        help_text="No answer came, yet one may be charged: the most it can have cost.",
                        verbose_name="cost assumed",
                    ),
                ),
                (
                    "duration_seconds",
                    models.FloatField(blank=True, null=True, verbose_name="duration (s)"),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="tries")),
                ("proposal", models.JSONField(blank=True, null=True, verbose_name="proposal")),
                ("changes", models.JSONField(blank=True, null=True, verbose_name="changes")),
                (
                    "judgement",
                    models.JSONField(blank=True, null=True, verbose_name="on held-out matches"),
                ),
                ("asked_by", models.CharField(blank=True, max_length=150, verbose_name="asked by")),
                ("started_at", models.DateTimeField(verbose_name="started")),
                (
                    "finished_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="finished"),
                ),
                (
                    "improvement",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="analysis",
                        to="strategies.improvement",
                        verbose_name="improvement",
                    ),
                ),
                (
                    "strategy",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="analyses",
                        to="strategies.strategy",
                        verbose_name="strategy",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="strategies.strategyversion",
                        verbose_name="strategy version",
                    ),
                ),
            ],
            options={
                "verbose_name": "analysis",
                "verbose_name_plural": "analyses",
                "db_table": "llm_runs",
                "ordering": ["-started_at", "-id"],
                "indexes": [
                    models.Index(fields=["-started_at", "-id"], name="llm_runs_newest"),
                    models.Index(fields=["day"], include=("cost_usd",), name="llm_runs_day"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("strategy"), models.F("day"), name="llm_runs_once_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("finished_at", None),
                                ("status__in", ["asking", "waiting", "answered"]),
                            ),
                            models.Q(
                                ("finished_at__isnull", False),
                                ("status__in", ["proposed", "refused", "nothing", "failed"]),
                            ),
                            _connector="OR",
                        ),
                        name="llm_runs_finished_with_its_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status__in", ["answered", "proposed", "refused"]), _negated=True
                            ),
                            ("proposal__isnull", False),
                            _connector="OR",
                        ),
                        name="llm_runs_judged_with_its_proposal",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cost_usd", None), ("cost_usd__gte", 0), _connector="OR"
                        ),
                        name="llm_runs_cost_not_negative",
                    ),
                ],
            },
        ),
    ]
