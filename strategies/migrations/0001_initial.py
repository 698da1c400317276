"""The first tables."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import strategies.models.strategies

# The original's names, for SQL and dashboards written against them.
CREATE_VIEWS = """
CREATE VIEW strategies_ranking AS
SELECT strategies.id, agent_name, strategy_name, strategy_versions.number AS version, is_active,
       coalesce(total_predictions, 0) AS total_predictions, coalesce(settled, 0) AS settled,
       win_rate, roi, roi_low, roi_high, roi_shrunk,
       coalesce(graded_matches, 0) AS graded_matches, clv, clv_low, clv_high, raw_clv,
       tier, legacy_tier, global_score, coalesce(trend, 'stable') AS trend,
       EXISTS (
           SELECT FROM strategy_improvements
           WHERE strategy_improvements.strategy_id = strategies.id AND status = 'active'
       ) AS has_improvement_test,
       computed_at
FROM strategies
JOIN strategy_versions ON strategy_versions.strategy_id = strategies.id AND is_current
LEFT JOIN strategy_records ON strategy_records.strategy_id = strategies.id
      AND strategy_records.version_id = strategy_versions.id;

CREATE VIEW archived_improvements AS
SELECT strategy_improvements.*, agent_name, strategy_name
FROM strategy_improvements
JOIN strategies ON strategies.id = strategy_id
WHERE status = 'archived';
"""
DROP_VIEWS = "DROP VIEW archived_improvements; DROP VIEW strategies_ranking"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("odds", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Backtest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("cancelled", "Cancelled"),
                            ("failed", "Failed"),
                        ],
                        default="queued",
                        max_length=9,
                        verbose_name="status",
                    ),
                ),
                (
                    "progress",
                    models.FloatField(default=0, help_text="From 0 to 1.", verbose_name="progress"),
                ),
                ("step", models.CharField(blank=True, max_length=200, verbose_name="step")),
                (
                    "is_cancel_asked",
                    models.BooleanField(default=False, verbose_name="cancel asked"),
                ),
                ("error", models.CharField(blank=True, max_length=500, verbose_name="error")),
                ("code_version", models.CharField(blank=True, max_length=80, verbose_name="code")),
                ("fingerprint", models.CharField(blank=True, max_length=64, verbose_name="data")),
                ("result", models.JSONField(blank=True, null=True, verbose_name="result")),
                ("asked_by", models.CharField(blank=True, max_length=150, verbose_name="asked by")),
                ("created_at", models.DateTimeField(verbose_name="asked")),
                ("started_at", models.DateTimeField(blank=True, null=True, verbose_name="started")),
                (
                    "finished_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="finished"),
                ),
                (
                    "agent",
                    models.CharField(
                        max_length=20,
                        validators=[strategies.models.strategies.known_agent],
                        verbose_name="agent",
                    ),
                ),
                ("parameters", models.JSONField(verbose_name="parameters")),
                ("sport_keys", models.JSONField(default=list, verbose_name="competitions")),
                ("markets", models.JSONField(default=list, verbose_name="markets")),
                ("since", models.DateField(verbose_name="from")),
                ("until", models.DateField(help_text="The last day, included.", verbose_name="to")),
                (
                    "earliest_hours",
                    models.FloatField(
                        default=168.0,
                        validators=[
                            django.core.validators.MinValueValidator(0.0),
                            django.core.validators.MaxValueValidator(1000.0),
                        ],
                        verbose_name="from hours before kick-off",
                    ),
                ),
                (
                    "latest_minutes",
                    models.FloatField(
                        default=10.0,
                        help_text="Later prices are not looked at; 0 takes closing prices too.",
                        validators=[
                            django.core.validators.MinValueValidator(0.0),
                            django.core.validators.MaxValueValidator(10000.0),
                        ],
                        verbose_name="until minutes before kick-off",
                    ),
                ),
                (
                    "commission",
                    models.FloatField(
                        default=0.0,
                        help_text="Share of winnings taken from every bet, on top of an exchange's own. 0–0.2.",
                        validators=[
                            django.core.validators.MinValueValidator(0.0),
                            django.core.validators.MaxValueValidator(0.2),
                        ],
                        verbose_name="extra commission",
                    ),
                ),
                (
                    "delay_minutes",
                    models.FloatField(
                        default=0.0,
                        help_text="From seeing a price to taking it; what is offered then is taken. 0–1440.",
                        validators=[
                            django.core.validators.MinValueValidator(0.0),
                            django.core.validators.MaxValueValidator(1440.0),
                        ],
                        verbose_name="delay (minutes)",
                    ),
                ),
                (
                    "haircut",
                    models.FloatField(
                        default=0.0,
                        help_text="Share of the odds above 1 that is not obtained. 0–0.5.",
                        validators=[
                            django.core.validators.MinValueValidator(0.0),
                            django.core.validators.MaxValueValidator(0.5),
                        ],
                        verbose_name="haircut",
                    ),
                ),
                (
                    "kelly_fraction",
                    models.FloatField(
                        default=0.25,
                        help_text="Of the Kelly stakes shown beside flat ones. 0–1.",
                        validators=[
                            django.core.validators.MinValueValidator(0.0),
                            django.core.validators.MaxValueValidator(1.0),
                        ],
                        verbose_name="Kelly fraction",
                    ),
                ),
                (
                    "holdout",
                    models.FloatField(
                        default=0.2,
                        help_text="Of the match days, the last ones, reported apart. 0–0.9.",
                        validators=[
                            django.core.validators.MinValueValidator(0.0),
                            django.core.validators.MaxValueValidator(0.9),
                        ],
                        verbose_name="held-out share",
                    ),
                ),
            ],
            options={
                "verbose_name": "backtest",
                "verbose_name_plural": "backtests",
                "db_table": "backtests",
                "ordering": ["-created_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Improvement",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("active", "In test"),
                            ("applied", "Applied"),
                            ("archived", "Archived"),
                        ],
                        default="proposed",
                        max_length=8,
                        verbose_name="status",
                    ),
                ),
                ("new_parameters", models.JSONField(verbose_name="changed parameters")),
                ("old_parameters", models.JSONField(verbose_name="parameters before")),
                ("old_threshold", models.FloatField(verbose_name="threshold before")),
                ("new_threshold", models.FloatField(verbose_name="threshold after")),
                (
                    "baseline_win_rate",
                    models.FloatField(blank=True, null=True, verbose_name="win rate before (%)"),
                ),
                (
                    "baseline_roi",
                    models.FloatField(blank=True, null=True, verbose_name="yield before (%)"),
                ),
                (
                    "baseline_samples",
                    models.PositiveIntegerField(default=0, verbose_name="settled before"),
                ),
                (
                    "failure_pattern",
                    models.TextField(blank=True, verbose_name="pattern of failures"),
                ),
                (
                    "missing_factors",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        default=list,
                        size=None,
                        verbose_name="missing factors",
                    ),
                ),
                (
                    "recommended_adjustments",
                    models.JSONField(
                        blank=True, default=list, verbose_name="recommended adjustments"
                    ),
                ),
                ("llm_reasoning", models.TextField(blank=True, verbose_name="reasoning")),
                (
                    "expected_improvement",
                    models.FloatField(blank=True, null=True, verbose_name="expected gain (points)"),
                ),
                ("origin", models.CharField(blank=True, max_length=120, verbose_name="origin")),
                (
                    "ab_test_start",
                    models.DateTimeField(blank=True, null=True, verbose_name="test began"),
                ),
                (
                    "ab_test_end",
                    models.DateTimeField(blank=True, null=True, verbose_name="test ended"),
                ),
                (
                    "ab_test_matches_a",
                    models.PositiveIntegerField(default=0, verbose_name="matches of A"),
                ),
                (
                    "ab_test_matches_b",
                    models.PositiveIntegerField(default=0, verbose_name="matches of B"),
                ),
                ("ab_test_wins_a", models.PositiveIntegerField(default=0, verbose_name="won by A")),
                ("ab_test_wins_b", models.PositiveIntegerField(default=0, verbose_name="won by B")),
                (
                    "plan_effect",
                    models.FloatField(
                        blank=True,
                        help_text="The plan is fixed when the test begins.",
                        null=True,
                        verbose_name="smallest gain that counts (points of CLV)",
                    ),
                ),
                (
                    "plan_alpha",
                    models.FloatField(blank=True, null=True, verbose_name="error probability"),
                ),
                (
                    "plan_horizon",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="matches at most"
                    ),
                ),
                (
                    "paired_matches",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="On which an arm predicted, all graded.",
                        verbose_name="matches compared",
                    ),
                ),
                (
                    "clv_gain",
                    models.FloatField(
                        blank=True, null=True, verbose_name="gain of B in fair CLV (points)"
                    ),
                ),
                (
                    "clv_gain_low",
                    models.FloatField(blank=True, null=True, verbose_name="gain, from (points)"),
                ),
                (
                    "clv_gain_high",
                    models.FloatField(blank=True, null=True, verbose_name="gain, to (points)"),
                ),
                (
                    "profit_gain",
                    models.FloatField(
                        blank=True, null=True, verbose_name="gain of B in profit (units a match)"
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("better", "Better"),
                            ("worse", "Worse"),
                            ("undecided", "Undecided"),
                        ],
                        max_length=9,
                        verbose_name="verdict",
                    ),
                ),
                (
                    "verdict_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="verdict reached"),
                ),
                (
                    "performance_gain",
                    models.FloatField(blank=True, null=True, verbose_name="gain (points)"),
                ),
                ("applied_at", models.DateTimeField(blank=True, null=True, verbose_name="applied")),
                (
                    "archived_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="archived"),
                ),
                (
                    "archived_reason",
                    models.TextField(blank=True, null=True, verbose_name="archived because"),
                ),
                ("created_at", models.DateTimeField(verbose_name="proposed")),
                (
                    "analyzed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="analysed"),
                ),
            ],
            options={
                "verbose_name": "improvement",
                "verbose_name_plural": "improvements",
                "db_table": "strategy_improvements",
                "ordering": ["-created_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Strategy",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "agent",
                    models.CharField(
                        max_length=20,
                        validators=[strategies.models.strategies.known_agent],
                        verbose_name="agent",
                    ),
                ),
                (
                    "agent_name",
                    models.CharField(editable=False, max_length=60, verbose_name="agent's name"),
                ),
                ("strategy_name", models.CharField(max_length=60, verbose_name="strategy")),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="It predicts on every collection, on paper.",
                        verbose_name="active",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="created")),
            ],
            options={
                "verbose_name": "strategy",
                "verbose_name_plural": "strategies",
                "db_table": "strategies",
                "ordering": ["agent", "strategy_name"],
            },
        ),
        migrations.CreateModel(
            name="StrategyDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                ("predictions", models.PositiveIntegerField(verbose_name="predictions")),
                ("won", models.FloatField(verbose_name="won")),
                ("lost", models.FloatField(verbose_name="lost")),
                ("risk", models.FloatField(verbose_name="units decided")),
                ("profit", models.FloatField(verbose_name="profit")),
                ("graded", models.PositiveIntegerField(verbose_name="graded")),
                ("graded_matches", models.PositiveIntegerField(verbose_name="matches graded")),
                ("clv_sum", models.FloatField(verbose_name="sum of fair CLV (%)")),
                ("clv_squares", models.FloatField(verbose_name="sum of its squares")),
                ("raw_clv_sum", models.FloatField(verbose_name="sum of raw CLV (%)")),
            ],
            options={
                "verbose_name": "strategy's day",
                "verbose_name_plural": "strategies' days",
                "db_table": "strategy_days",
                "ordering": ["version", "day"],
            },
        ),
        migrations.CreateModel(
            name="StrategyVersion",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                ("parameters", models.JSONField(verbose_name="parameters")),
                ("is_current", models.BooleanField(default=False, verbose_name="current")),
                ("origin", models.CharField(blank=True, max_length=120, verbose_name="origin")),
                ("created_at", models.DateTimeField(verbose_name="created")),
            ],
            options={
                "verbose_name": "strategy version",
                "verbose_name_plural": "strategy versions",
                "db_table": "strategy_versions",
                "ordering": ["strategy", "-number"],
            },
        ),
        migrations.CreateModel(
            name="AgentRun",
            fields=[
                (
                    "sport",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="agent_run",
                        serialize=False,
                        to="odds.sport",
                        verbose_name="sport",
                    ),
                ),
                ("predicted_at", models.DateTimeField(verbose_name="predicted")),
                (
                    "collection",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="odds.collection",
                        verbose_name="collection",
                    ),
                ),
            ],
            options={
                "verbose_name": "agents' run",
                "verbose_name_plural": "agents' runs",
                "db_table": "agent_runs",
            },
        ),
        migrations.CreateModel(
            name="ExperimentSettings",
            fields=[
                (
                    "id",
                    models.SmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "smallest_gain",
                    models.FloatField(
                        default=0.5,
                        help_text="Per match judged: a change that is better by less is not called better. 0–10.",
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(10),
                        ],
                        verbose_name="smallest gain that counts (points of CLV)",
                    ),
                ),
                (
                    "alpha",
                    models.FloatField(
                        default=0.05,
                        help_text="That a test ever calls better or worse what is neither. 0.001–0.2.",
                        validators=[
                            django.core.validators.MinValueValidator(0.001),
                            django.core.validators.MaxValueValidator(0.2),
                        ],
                        verbose_name="error probability",
                    ),
                ),
                (
                    "horizon",
                    models.PositiveIntegerField(
                        default=300,
                        help_text="After so many compared matches without a verdict it is undecided. 30–10,000.",
                        validators=[
                            django.core.validators.MinValueValidator(30),
                            django.core.validators.MaxValueValidator(10000),
                        ],
                        verbose_name="matches at most",
                    ),
                ),
                (
                    "splits_real_stakes",
                    models.BooleanField(
                        default=False,
                        help_text="Each match is bet by one arm, the more often the likelier it brings more profit. Off, all follow the version in force; on paper both arms judge every match.",
                        verbose_name="split real stakes between the arms",
                    ),
                ),
            ],
            options={
                "verbose_name": "test settings",
                "verbose_name_plural": "test settings",
                "db_table": "experiment_settings",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="experiment_settings_one_row"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("smallest_gain__gte", 0), ("smallest_gain__lte", 10)),
                        name="experiment_settings_smallest_gain_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("alpha__gte", 0.001), ("alpha__lte", 0.2)),
                        name="experiment_settings_alpha_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("horizon__gte", 30), ("horizon__lte", 10000)),
                        name="experiment_settings_horizon_in_range",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImprovementChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("old_status", models.CharField(blank=True, max_length=8, verbose_name="from")),
                (
                    "new_status",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("active", "In test"),
                            ("applied", "Applied"),
                            ("archived", "Archived"),
                        ],
                        max_length=8,
                        verbose_name="to",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("changed_by", models.CharField(blank=True, max_length=150, verbose_name="by")),
                ("changed_at", models.DateTimeField(verbose_name="changed")),
                (
                    "improvement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="strategies.improvement",
                        verbose_name="improvement",
                    ),
                ),
            ],
            options={
                "verbose_name": "step of an improvement",
                "verbose_name_plural": "steps of improvements",
                "db_table": "improvement_status_history",
                "ordering": ["-changed_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Prediction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "clv_status",
                    models.CharField(
                        choices=[
                            ("pending", "Before kick-off"),
                            ("graded", "Graded"),
                            ("early", "Last seen too early"),
                            ("line_moved", "Line moved away"),
                            ("missing", "No closing line"),
                        ],
                        default="pending",
                        max_length=10,
                        verbose_name="CLV status",
                    ),
                ),
                (
                    "clv_reference",
                    models.CharField(
                        blank=True,
                        help_text="Whose closing line: a bookmaker's key, or consensus.",
                        max_length=60,
                        verbose_name="graded by",
                    ),
                ),
                (
                    "closing_odds",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=8,
                        null=True,
                        verbose_name="closing odds",
                    ),
                ),
                (
                    "closing_probability",
                    models.FloatField(
                        blank=True, null=True, verbose_name="closing fair probability"
                    ),
                ),
                (
                    "closing_minutes",
                    models.FloatField(
                        blank=True,
                        help_text="When the closing line was last seen.",
                        null=True,
                        verbose_name="minutes before kick-off",
                    ),
                ),
                ("clv_pct", models.FloatField(blank=True, null=True, verbose_name="raw CLV (%)")),
                ("clv_fair_pct", models.FloatField(blank=True, null=True, verbose_name="CLV (%)")),
                ("graded_at", models.DateTimeField(blank=True, null=True, verbose_name="graded")),
                (
                    "market",
                    models.CharField(
                        choices=[
                            ("h2h", "Match winner"),
                            ("totals", "Over / under"),
                            ("spreads", "Handicap"),
                            ("h2h_lay", "Match winner, lay side"),
                        ],
                        max_length=8,
                        verbose_name="market",
                    ),
                ),
                (
                    "line",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=6, verbose_name="line"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("home", "Home"),
                            ("draw", "Draw"),
                            ("away", "Away"),
                            ("over", "Over"),
                            ("under", "Under"),
                            ("1x", "Home or draw"),
                            ("12", "Home or away"),
                            ("x2", "Draw or away"),
                            ("other", "Other"),
                            ("all", "All outcomes"),
                        ],
                        max_length=5,
                        verbose_name="outcome",
                    ),
                ),
                ("odds", models.DecimalField(decimal_places=3, max_digits=8, verbose_name="odds")),
                (
                    "probability",
                    models.FloatField(
                        help_text="What the agent holds the outcome's chance to be.",
                        verbose_name="probability",
                    ),
                ),
                (
                    "edge_pct",
                    models.FloatField(
                        help_text="Claimed, net of commission.", verbose_name="edge (%)"
                    ),
                ),
                (
                    "kelly",
                    models.FloatField(
                        help_text="Of the bankroll, uncut.", verbose_name="Kelly fraction"
                    ),
                ),
                (
                    "confidence",
                    models.FloatField(
                        blank=True,
                        help_text="Share of the other operators whose own fair price also makes it value, from 0 to 1.",
                        null=True,
                        verbose_name="agreement",
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        blank=True,
                        help_text="Whose probability: a bookmaker's key, consensus, or empty for a model's own.",
                        max_length=60,
                        verbose_name="reference",
                    ),
                ),
                ("legs", models.JSONField(blank=True, default=list, verbose_name="legs")),
                ("predicted_at", models.DateTimeField(verbose_name="predicted")),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("won", "Won"),
                            ("half_won", "Half won"),
                            ("push", "Push"),
                            ("half_lost", "Half lost"),
                            ("lost", "Lost"),
                            ("void", "Void"),
                            ("dead_heat", "Dead heat"),
                        ],
                        max_length=9,
                        verbose_name="result",
                    ),
                ),
                (
                    "profit",
                    models.FloatField(
                        blank=True,
                        help_text="Of one unit, net of commission.",
                        null=True,
                        verbose_name="profit",
                    ),
                ),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="settled")),
                (
                    "was_correct",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Case(
                            models.When(
                                result__in=["won", "half_won"], then=models.Value(value=True)
                            ),
                            models.When(
                                result__in=["lost", "half_lost"], then=models.Value(value=False)
                            ),
                        ),
                        output_field=models.BooleanField(null=True, verbose_name="correct"),
                    ),
                ),
                (
                    "bookmaker",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="odds.bookmaker",
                        verbose_name="at",
                    ),
                ),
                (
                    "match",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="predictions",
                        to="odds.match",
                        verbose_name="match",
                    ),
                ),
            ],
            options={
                "verbose_name": "prediction",
                "verbose_name_plural": "predictions",
                "db_table": "predictions",
                "ordering": ["-predicted_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Proof",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("cancelled", "Cancelled"),
                            ("failed", "Failed"),
                        ],
                        default="queued",
                        max_length=9,
                        verbose_name="status",
                    ),
                ),
                (
                    "progress",
                    models.FloatField(default=0, help_text="From 0 to 1.", verbose_name="progress"),
                ),
                ("step", models.CharField(blank=True, max_length=200, verbose_name="step")),
                (
                    "is_cancel_asked",
                    models.BooleanField(default=False, verbose_name="cancel asked"),
                ),
                ("error", models.CharField(blank=True, max_length=500, verbose_name="error")),
                ("code_version", models.CharField(blank=True, max_length=80, verbose_name="code")),
                ("fingerprint", models.CharField(blank=True, max_length=64, verbose_name="data")),
                ("result", models.JSONField(blank=True, null=True, verbose_name="result")),
                ("asked_by", models.CharField(blank=True, max_length=150, verbose_name="asked by")),
                ("created_at", models.DateTimeField(verbose_name="asked")),
                ("started_at", models.DateTimeField(blank=True, null=True, verbose_name="started")),
                (
                    "finished_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="finished"),
                ),
                (
                    "sport_keys",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="Empty for all imported ones.",
                        verbose_name="competitions",
                    ),
                ),
                ("since", models.DateField(blank=True, null=True, verbose_name="from")),
                (
                    "until",
                    models.DateField(
                        blank=True,
                        help_text="The last day, included.",
                        null=True,
                        verbose_name="to",
                    ),
                ),
            ],
            options={
                "verbose_name": "proof",
                "verbose_name_plural": "proofs",
                "db_table": "proofs",
                "ordering": ["-created_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("progress__gte", 0), ("progress__lte", 1)),
                        name="proofs_progress_from_0_to_1",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at", None), ("status__in", ["queued", "running"])),
                            models.Q(
                                ("finished_at__isnull", False),
                                ("status__in", ["done", "cancelled", "failed"]),
                            ),
                            _connector="OR",
                        ),
                        name="proofs_finished_with_its_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "done"), _negated=True),
                            ("result__isnull", False),
                            _connector="OR",
                        ),
                        name="proofs_done_with_its_result",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RankingSettings",
            fields=[
                (
                    "id",
                    models.SmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "prior_bets",
                    models.FloatField(
                        default=50.0,
                        help_text="So many bets of no profit are added to a record before it is judged. 0–1000.",
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(1000),
                        ],
                        verbose_name="prior bets",
                    ),
                ),
                (
                    "minimum_settled",
                    models.PositiveSmallIntegerField(
                        default=10,
                        help_text="With fewer a strategy is unrated. 1–1000.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1000),
                        ],
                        verbose_name="settled predictions for a tier",
                    ),
                ),
                (
                    "minimum_for_top",
                    models.PositiveSmallIntegerField(
                        default=30,
                        help_text="And the interval of its CLV must lie above 0. 10–5000.",
                        validators=[
                            django.core.validators.MinValueValidator(10),
                            django.core.validators.MaxValueValidator(5000),
                        ],
                        verbose_name="settled predictions for S or A",
                    ),
                ),
                (
                    "s_roi",
                    models.FloatField(
                        default=5.0,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(50),
                        ],
                        verbose_name="tier S: shrunken yield (%)",
                    ),
                ),
                (
                    "s_clv",
                    models.FloatField(
                        default=2.0,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(50),
                        ],
                        verbose_name="tier S: fair CLV (%)",
                    ),
                ),
                (
                    "a_roi",
                    models.FloatField(
                        default=2.0,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(50),
                        ],
                        verbose_name="tier A: shrunken yield (%)",
                    ),
                ),
                (
                    "a_clv",
                    models.FloatField(
                        default=1.0,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(50),
                        ],
                        verbose_name="tier A: fair CLV (%)",
                    ),
                ),
                (
                    "c_roi",
                    models.FloatField(
                        default=-5.0,
                        help_text="Tier B takes a yield or a CLV of 0 or more; below this yield it is D.",
                        validators=[
                            django.core.validators.MinValueValidator(-100),
                            django.core.validators.MaxValueValidator(0),
                        ],
                        verbose_name="tier C: shrunken yield (%)",
                    ),
                ),
                (
                    "legacy_s",
                    models.FloatField(
                        default=60.0,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="by win rate, S (%)",
                    ),
                ),
                (
                    "legacy_a",
                    models.FloatField(
                        default=55.0,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="by win rate, A (%)",
                    ),
                ),
                (
                    "legacy_b",
                    models.FloatField(
                        default=45.0,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="by win rate, B (%)",
                    ),
                ),
                (
                    "legacy_c",
                    models.FloatField(
                        default=35.0,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="by win rate, C (%)",
                    ),
                ),
                (
                    "trend_dead_band",
                    models.FloatField(
                        default=2.0,
                        help_text="Smaller differences of the weekly yield are no trend. 0–50.",
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(50),
                        ],
                        verbose_name="trend: dead band (points)",
                    ),
                ),
                (
                    "alpha",
                    models.FloatField(
                        default=0.05,
                        help_text="That any of the strategies compared is ever held to be better than it is. 0.001–0.2.",
                        validators=[
                            django.core.validators.MinValueValidator(0.001),
                            django.core.validators.MaxValueValidator(0.2),
                        ],
                        verbose_name="error probability",
                    ),
                ),
            ],
            options={
                "verbose_name": "ranking settings",
                "verbose_name_plural": "ranking settings",
                "db_table": "ranking_settings",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="ranking_settings_one_row"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("prior_bets__gte", 0), ("prior_bets__lte", 1000)),
                        name="ranking_settings_prior_bets_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("minimum_settled__gte", 1), ("minimum_settled__lte", 1000)
                        ),
                        name="ranking_settings_minimum_settled_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("minimum_for_top__gte", 10), ("minimum_for_top__lte", 5000)
                        ),
                        name="ranking_settings_minimum_for_top_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("s_roi__gte", 0), ("s_roi__lte", 50)),
                        name="ranking_settings_s_roi_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("s_clv__gte", 0), ("s_clv__lte", 50)),
                        name="ranking_settings_s_clv_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("a_roi__gte", 0), ("a_roi__lte", 50)),
                        name="ranking_settings_a_roi_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("a_clv__gte", 0), ("a_clv__lte", 50)),
                        name="ranking_settings_a_clv_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("c_roi__gte", -100), ("c_roi__lte", 0)),
                        name="ranking_settings_c_roi_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("legacy_s__gte", 0), ("legacy_s__lte", 100)),
                        name="ranking_settings_legacy_s_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("legacy_a__gte", 0), ("legacy_a__lte", 100)),
                        name="ranking_settings_legacy_a_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("legacy_b__gte", 0), ("legacy_b__lte", 100)),
                        name="ranking_settings_legacy_b_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("legacy_c__gte", 0), ("legacy_c__lte", 100)),
                        name="ranking_settings_legacy_c_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("trend_dead_band__gte", 0), ("trend_dead_band__lte", 50)
                        ),
                        name="ranking_settings_trend_dead_band_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("alpha__gte", 0.001), ("alpha__lte", 0.2)),
                        name="ranking_settings_alpha_in_range",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StrategyRecord",
            fields=[
                (
                    "strategy",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="record",
                        serialize=False,
                        to="strategies.strategy",
                        verbose_name="strategy",
                    ),
                ),
                ("computed_at", models.DateTimeField(verbose_name="computed")),
                ("total_predictions", models.PositiveIntegerField(verbose_name="predictions")),
                ("settled", models.PositiveIntegerField(verbose_name="settled")),
                ("win_rate", models.FloatField(null=True, verbose_name="win rate (%)")),
                ("roi", models.FloatField(null=True, verbose_name="yield (%)")),
                ("roi_low", models.FloatField(null=True, verbose_name="yield, from (%)")),
                ("roi_high", models.FloatField(null=True, verbose_name="yield, to (%)")),
                ("roi_shrunk", models.FloatField(null=True, verbose_name="shrunken yield (%)")),
                ("graded_matches", models.PositiveIntegerField(verbose_name="matches graded")),
                ("clv", models.FloatField(null=True, verbose_name="fair CLV (%)")),
                ("clv_low", models.FloatField(null=True, verbose_name="fair CLV, from (%)")),
                ("clv_high", models.FloatField(null=True, verbose_name="fair CLV, to (%)")),
                ("raw_clv", models.FloatField(null=True, verbose_name="raw CLV (%)")),
                (
                    "strategies_tried",
                    models.PositiveSmallIntegerField(
                        help_text="The interval allows for so many.",
                        verbose_name="strategies compared",
                    ),
                ),
                (
                    "tier",
                    models.CharField(
                        choices=[
                            ("S", "Excellent"),
                            ("A", "Good"),
                            ("B", "Fair"),
                            ("C", "To improve"),
                            ("D", "Critical"),
                        ],
                        max_length=1,
                        null=True,
                        verbose_name="tier",
                    ),
                ),
                (
                    "legacy_tier",
                    models.CharField(
                        choices=[
                            ("S", "Excellent"),
                            ("A", "Good"),
                            ("B", "Fair"),
                            ("C", "To improve"),
                            ("D", "Critical"),
                        ],
                        max_length=1,
                        null=True,
                        verbose_name="tier by win rate",
                    ),
                ),
                ("global_score", models.FloatField(null=True, verbose_name="score")),
                (
                    "trend",
                    models.CharField(
                        choices=[("up", "Up"), ("down", "Down"), ("stable", "Stable")],
                        default="stable",
                        max_length=6,
                        verbose_name="trend",
                    ),
                ),
            ],
            options={
                "verbose_name": "ranking",
                "verbose_name_plural": "ranking",
                "db_table": "strategy_records",
                "ordering": [
                    models.OrderBy(models.F("global_score"), descending=True, nulls_last=True),
                    "strategy",
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="strategy",
            constraint=models.UniqueConstraint(
                models.F("agent"), models.F("strategy_name"), name="strategies_one_of_a_name"
            ),
        ),
        migrations.AddField(
            model_name="improvement",
            name="strategy",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="improvements",
                to="strategies.strategy",
                verbose_name="strategy",
            ),
        ),
        migrations.AddField(
            model_name="strategyversion",
            name="strategy",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="versions",
                to="strategies.strategy",
                verbose_name="strategy",
            ),
        ),
        migrations.AddField(
            model_name="strategyday",
            name="version",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="days",
                to="strategies.strategyversion",
                verbose_name="strategy version",
            ),
        ),
        migrations.AddField(
            model_name="prediction",
            name="version",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="predictions",
                to="strategies.strategyversion",
                verbose_name="strategy",
            ),
        ),
        migrations.AddField(
            model_name="improvement",
            name="version_a",
            field=models.ForeignKey(
                blank=True,
                help_text="The version that was current when the test began.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tests_as_a",
                to="strategies.strategyversion",
                verbose_name="arm A",
            ),
        ),
        migrations.AddField(
            model_name="improvement",
            name="version_b",
            field=models.ForeignKey(
                blank=True,
                help_text="The same with the change; applying makes it current.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tests_as_b",
                to="strategies.strategyversion",
                verbose_name="arm B",
            ),
        ),
        migrations.AddField(
            model_name="backtest",
            name="version",
            field=models.ForeignKey(
                blank=True,
                help_text="Empty where parameters were tried that no version has.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="backtests",
                to="strategies.strategyversion",
                verbose_name="strategy",
            ),
        ),
        migrations.AddField(
            model_name="strategyrecord",
            name="version",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="strategies.strategyversion",
                verbose_name="strategy version",
            ),
        ),
        migrations.AddConstraint(
            model_name="strategyversion",
            constraint=models.UniqueConstraint(
                models.F("strategy"), models.F("number"), name="strategy_versions_numbered"
            ),
        ),
        migrations.AddConstraint(
            model_name="strategyversion",
            constraint=models.UniqueConstraint(
                models.F("strategy"),
                condition=models.Q(("is_current", True)),
                name="strategy_versions_one_current",
            ),
        ),
        migrations.AddConstraint(
            model_name="strategyday",
            constraint=models.UniqueConstraint(
                models.F("version"), models.F("day"), name="strategy_days_once"
            ),
        ),
        migrations.AddIndex(
            model_name="prediction",
            index=models.Index(fields=["-predicted_at", "-id"], name="predictions_newest"),
        ),
        migrations.AddIndex(
            model_name="prediction",
            index=models.Index(
                fields=["version", "-predicted_at"], name="predictions_of_a_version"
            ),
        ),
        migrations.AddIndex(
            model_name="prediction",
            index=models.Index(
                condition=models.Q(("clv_status", "pending"), ("result", ""), _connector="OR"),
                fields=["match"],
                name="predictions_unfinished",
            ),
        ),
        migrations.AddConstraint(
            model_name="prediction",
            constraint=models.UniqueConstraint(
                models.F("version"),
                models.F("match"),
                models.F("market"),
                models.F("line"),
                name="predictions_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="prediction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("odds__gt", 1), models.Q(("odds__gte", 1), ("outcome", "all")), _connector="OR"
                ),
                name="predictions_odds_above_1",
            ),
        ),
        migrations.AddConstraint(
            model_name="prediction",
            constraint=models.CheckConstraint(
                condition=models.Q(("probability__gt", 0), ("probability__lte", 1)),
                name="predictions_probability_inside_0_to_1",
            ),
        ),
        migrations.AddConstraint(
            model_name="prediction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("profit", None), ("result", ""), ("settled_at", None)),
                    models.Q(
                        models.Q(("result", ""), _negated=True),
                        ("profit__isnull", False),
                        ("settled_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="predictions_result_with_its_profit",
            ),
        ),
        migrations.AddIndex(
            model_name="improvement",
            index=models.Index(fields=["-created_at", "-id"], name="improvements_newest"),
        ),
        migrations.AddConstraint(
            model_name="improvement",
            constraint=models.UniqueConstraint(
                models.F("strategy"),
                condition=models.Q(("status", "active")),
                name="improvements_one_test_a_strategy",
            ),
        ),
        migrations.AddConstraint(
            model_name="improvement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("archived_at__isnull", False), ("status", "archived")),
                    models.Q(
                        models.Q(("status", "archived"), _negated=True),
                        ("archived_at", None),
                        ("archived_reason", None),
                    ),
                    _connector="OR",
                ),
                name="improvements_archived_with_its_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="improvement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("applied_at__isnull", False), ("status", "applied")),
                    models.Q(models.Q(("status", "applied"), _negated=True), ("applied_at", None)),
                    _connector="OR",
                ),
                name="improvements_applied_with_its_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="improvement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["active", "applied"]), _negated=True),
                    models.Q(
                        ("ab_test_start__isnull", False),
                        ("plan_alpha__isnull", False),
                        ("plan_effect__isnull", False),
                        ("plan_horizon__isnull", False),
                        ("version_a__isnull", False),
                        ("version_b__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="improvements_tested_with_both_arms",
            ),
        ),
        migrations.AddConstraint(
            model_name="improvement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("verdict", ""), ("verdict_at", None)),
                    models.Q(
                        models.Q(("verdict", ""), _negated=True), ("verdict_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="improvements_verdict_with_its_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="improvement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "active"), _negated=True),
                    ("ab_test_end", None),
                    _connector="OR",
                ),
                name="improvements_test_ends_when_it_is_over",
            ),
        ),
        migrations.AddIndex(
            model_name="backtest",
            index=models.Index(fields=["-created_at", "-id"], name="backtests_newest"),
        ),
        migrations.AddConstraint(
            model_name="backtest",
            constraint=models.CheckConstraint(
                condition=models.Q(("progress__gte", 0), ("progress__lte", 1)),
                name="backtests_progress_from_0_to_1",
            ),
        ),
        migrations.AddConstraint(
            model_name="backtest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("finished_at", None), ("status__in", ["queued", "running"])),
                    models.Q(
                        ("finished_at__isnull", False),
                        ("status__in", ["done", "cancelled", "failed"]),
                    ),
                    _connector="OR",
                ),
                name="backtests_finished_with_its_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="backtest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "done"), _negated=True),
                    ("result__isnull", False),
                    _connector="OR",
                ),
                name="backtests_done_with_its_result",
            ),
        ),
        migrations.AddConstraint(
            model_name="backtest",
            constraint=models.CheckConstraint(
                condition=models.Q(("until__gte", models.F("since"))),
                name="backtests_from_before_to",
            ),
        ),
        migrations.RunSQL(CREATE_VIEWS, DROP_VIEWS),
    ]
