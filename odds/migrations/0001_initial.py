"""The first tables."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

CREATE_QUOTES = """
CREATE TABLE quotes (
    match_id integer NOT NULL,
    bookmaker_id smallint NOT NULL,
    market varchar(8) NOT NULL,
    line numeric(6, 2) NOT NULL DEFAULT 0,
    odds_1 numeric(8, 3),
    odds_x numeric(8, 3),
    odds_2 numeric(8, 3),
    observed_at timestamptz NOT NULL,
    source_updated_at timestamptz
);
CREATE INDEX quotes_of_match ON quotes (match_id, observed_at);
"""

# Every collection touches every current row; half-empty pages keep those updates in place.
SPARSE_LATEST_QUOTES = "ALTER TABLE latest_quotes SET (fillfactor = 50)"

# The original's table names, for SQL and dashboards written against them. It knew of no
# withdrawals, so the rows that tell of one are left out.
CREATE_VIEWS = """
CREATE VIEW odds_history AS
SELECT matches.provider_id AS match_id, sports.key AS sport, home_team, away_team, commence_time,
       bookmakers.key AS bookmaker, odds_1 AS home_odds, odds_2 AS away_odds, odds_x AS draw_odds,
       observed_at AS collected_at
FROM quotes
JOIN matches ON matches.id = quotes.match_id
JOIN sports ON sports.id = matches.sport_id
JOIN bookmakers ON bookmakers.id = quotes.bookmaker_id
WHERE market = 'h2h' AND num_nonnulls(odds_1, odds_x, odds_2) > 0;

CREATE VIEW odds_totals AS
SELECT matches.provider_id AS match_id, sports.key AS sport, home_team, away_team, commence_time,
       bookmakers.key AS bookmaker, line, odds_1 AS over_odds, odds_2 AS under_odds,
       observed_at AS collected_at
FROM quotes
JOIN matches ON matches.id = quotes.match_id
JOIN sports ON sports.id = matches.sport_id
JOIN bookmakers ON bookmakers.id = quotes.bookmaker_id
WHERE market = 'totals' AND num_nonnulls(odds_1, odds_x, odds_2) > 0;

CREATE VIEW odds AS
SELECT ('x' || substr(md5(concat_ws(':', quotes.match_id, quotes.bookmaker_id, market, line, outcome,
                                    (extract(epoch FROM observed_at) * 1000000)::bigint)),
               1, 13))::bit(52)::bigint AS id,
       matches.provider_id AS match_id, sports.key AS sport, home_team, away_team, commence_time,
       bookmakers.key AS bookmaker, market AS market_type, outcome, line, odds_value,
       observed_at AS created_at, observed_at AS collected_at
FROM quotes
JOIN matches ON matches.id = quotes.match_id
JOIN sports ON sports.id = matches.sport_id
JOIN bookmakers ON bookmakers.id = quotes.bookmaker_id
CROSS JOIN LATERAL (VALUES
    (CASE market WHEN 'totals' THEN 'over' ELSE 'home' END, odds_1),
    ('draw', odds_x),
    (CASE market WHEN 'totals' THEN 'under' ELSE 'away' END, odds_2)
) AS sides (outcome, odds_value)
WHERE odds_value IS NOT NULL;
"""
DROP_VIEWS = "DROP VIEW odds; DROP VIEW odds_totals; DROP VIEW odds_history"


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Collection",
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
                        choices=[("api", "The Odds API"), ("replay", "Replay of a recording")],
                        default="api",
                        max_length=6,
                        verbose_name="source",
                    ),
                ),
                (
                    "endpoint",
                    models.CharField(
                        choices=[("odds", "Odds"), ("scores", "Scores")],
                        default="odds",
                        max_length=6,
                        verbose_name="asked for",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("interval", "Interval passed"),
                            ("request", "On request"),
                            ("command", "Command line"),
                            ("replay", "Replay"),
                            ("results", "Results to settle"),
                        ],
                        max_length=8,
                        verbose_name="reason",
                    ),
                ),
                (
                    "markets",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        size=None,
                        verbose_name="markets",
                    ),
                ),
                ("regions", models.CharField(blank=True, max_length=80, verbose_name="regions")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("running", "Running"),
                            ("stored", "Stored"),
                            ("failed", "Failed"),
                            ("abandoned", "Abandoned"),
                        ],
                        default="running",
                        max_length=9,
                        verbose_name="status",
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="started")),
                (
                    "finished_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="finished"),
                ),
                (
                    "observed_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When the answer was given.",
                        null=True,
                        verbose_name="observed",
                    ),
                ),
                (
                    "http_status",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="HTTP status"
                    ),
                ),
                (
                    "failure",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("wrong_key", "Key refused"),
                            ("out_of_credits", "Out of credits"),
                            ("plan_limit", "Not in this plan"),
                            ("rate_limited", "Too many calls"),
                            ("bad_request", "Bad request"),
                            ("unavailable", "Unavailable"),
                            ("malformed", "Unreadable answer"),
                        ],
                        max_length=14,
                        verbose_name="failure",
                    ),
                ),
                ("error", models.TextField(blank=True, verbose_name="message")),
                (
                    "credits_used",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="credits used"),
                ),
                (
                    "credits_remaining",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="credits left"),
                ),
                (
                    "credits_used_this_month",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="credits used this month"
                    ),
                ),
                (
                    "matches_received",
                    models.PositiveIntegerField(default=0, verbose_name="matches"),
                ),
                (
                    "quotes_received",
                    models.PositiveIntegerField(default=0, verbose_name="quotes received"),
                ),
                ("quotes_stored", models.PositiveIntegerField(default=0, verbose_name="stored")),
                (
                    "quotes_unchanged",
                    models.PositiveIntegerField(default=0, verbose_name="unchanged"),
                ),
                (
                    "quotes_rejected",
                    models.PositiveIntegerField(default=0, verbose_name="rejected"),
                ),
                (
                    "odds_stored",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="Single prices: two or three in a quote.",
                        verbose_name="odds stored",
                    ),
                ),
                ("tally", models.JSONField(blank=True, default=dict, verbose_name="by market")),
            ],
            options={
                "verbose_name": "collection",
                "verbose_name_plural": "collections",
                "db_table": "collections",
                "ordering": ["-started_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Match",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "provider_id",
                    models.CharField(max_length=64, unique=True, verbose_name="provider id"),
                ),
                ("home_team", models.CharField(max_length=160, verbose_name="home team")),
                ("away_team", models.CharField(max_length=160, verbose_name="away team")),
                ("commence_time", models.DateTimeField(db_index=True, verbose_name="kick-off")),
                (
                    "is_swapped_at_source",
                    models.BooleanField(
                        default=False,
                        help_text="The source now lists the two teams the other way round.",
                        verbose_name="swapped at the source",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("scheduled", "Scheduled"),
                            ("completed", "Completed"),
                            ("postponed", "Postponed"),
                            ("abandoned", "Abandoned"),
                        ],
                        default="scheduled",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "home_score",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="home score"
                    ),
                ),
                (
                    "away_score",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="away score"
                    ),
                ),
            ],
            options={
                "verbose_name": "match",
                "verbose_name_plural": "matches",
                "db_table": "matches",
                "ordering": ["commence_time", "id"],
            },
        ),
        migrations.CreateModel(
            name="Sport",
            fields=[
                ("id", models.SmallAutoField(primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=80, unique=True, verbose_name="key")),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("group", models.CharField(blank=True, max_length=80, verbose_name="group")),
                (
                    "is_collected",
                    models.BooleanField(
                        default=False,
                        help_text="Ask The Odds API for this sport's odds.",
                        verbose_name="collected",
                    ),
                ),
            ],
            options={
                "verbose_name": "sport",
                "verbose_name_plural": "sports",
                "db_table": "sports",
                "ordering": ["key"],
            },
        ),
        migrations.CreateModel(
            name="Bookmaker",
            fields=[
                ("id", models.SmallAutoField(primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=60, unique=True, verbose_name="key")),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                (
                    "operator",
                    models.CharField(
                        help_text="Bookmakers of one operator count once in a consensus.",
                        max_length=60,
                        verbose_name="operator",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("soft", "Soft"),
                            ("sharp", "Sharp"),
                            ("exchange", "Exchange"),
                            ("aggregate", "Maximum or average of a market"),
                        ],
                        default="soft",
                        max_length=9,
                        verbose_name="kind",
                    ),
                ),
                (
                    "commission",
                    models.DecimalField(
                        decimal_places=3,
                        default=0,
                        help_text="Share of net winnings kept by the exchange, from 0 to 0.2.",
                        max_digits=4,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(0.2),
                        ],
                        verbose_name="commission",
                    ),
                ),
                (
                    "is_playable",
                    models.BooleanField(
                        default=False,
                        help_text="You can bet with this bookmaker.",
                        verbose_name="playable",
                    ),
                ),
            ],
            options={
                "verbose_name": "bookmaker",
                "verbose_name_plural": "bookmakers",
                "db_table": "bookmakers",
                "ordering": ["title", "key"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("commission__gte", 0), ("commission__lte", 0.2)),
                        name="bookmakers_commission_from_0_to_20_percent",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RawPayload",
            fields=[
                (
                    "collection",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="raw_payload",
                        serialize=False,
                        to="odds.collection",
                    ),
                ),
                ("body", models.BinaryField()),
            ],
            options={
                "verbose_name": "raw payload",
                "verbose_name_plural": "raw payloads",
                "db_table": "raw_payloads",
            },
        ),
        migrations.CreateModel(
            name="CollectionSettings",
            fields=[
                (
                    "id",
                    models.SmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "minimum_interval_seconds",
                    models.PositiveIntegerField(
                        default=7200,
                        help_text="A sport is not asked again before this time has passed, unless forced. 10 to 86400.",
                        validators=[
                            django.core.validators.MinValueValidator(10),
                            django.core.validators.MaxValueValidator(86400),
                        ],
                        verbose_name="minimum interval (seconds)",
                    ),
                ),
                (
                    "monthly_credits",
                    models.PositiveIntegerField(
                        default=500,
                        help_text="What your plan gives (free: 500). Used until an answer tells the true number.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(15000000),
                        ],
                        verbose_name="credits a month",
                    ),
                ),
                (
                    "reserve_percent",
                    models.PositiveSmallIntegerField(
                        default=10,
                        help_text="Share of the month's credits that is never touched, not even when forced. 0 to 90.",
                        validators=[django.core.validators.MaxValueValidator(90)],
                        verbose_name="reserve (%)",
                    ),
                ),
                (
                    "regions",
                    models.CharField(
                        default="eu",
                        help_text="Comma-separated: us, us2, uk, eu, au, fr, se. Each one costs a credit per market.",
                        max_length=80,
                        verbose_name="regions",
                    ),
                ),
                (
                    "markets",
                    models.CharField(
                        default="h2h",
                        help_text="Comma-separated: h2h, totals, spreads. Each one costs a credit per region.",
                        max_length=80,
                        verbose_name="markets",
                    ),
                ),
                (
                    "timeout_seconds",
                    models.PositiveSmallIntegerField(
                        default=30,
                        help_text="How long an answer may take. 1 to 120.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(120),
                        ],
                        verbose_name="timeout (seconds)",
                    ),
                ),
            ],
            options={
                "verbose_name": "collection settings",
                "verbose_name_plural": "collection settings",
                "db_table": "collection_settings",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="collection_settings_one_row"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("minimum_interval_seconds__gte", 10),
                            ("minimum_interval_seconds__lte", 86400),
                            ("monthly_credits__gte", 1),
                            ("reserve_percent__lte", 90),
                            ("timeout_seconds__gte", 1),
                            ("timeout_seconds__lte", 120),
                        ),
                        name="collection_settings_in_range",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MatchChange",
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
                            ("kickoff", "Kick-off moved"),
                            ("swapped", "Home and away swapped"),
                            ("renamed", "Team renamed"),
                        ],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("before", models.CharField(max_length=330, verbose_name="before")),
                ("after", models.CharField(max_length=330, verbose_name="after")),
                ("observed_at", models.DateTimeField(verbose_name="observed")),
                (
                    "match",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="odds.match",
                        verbose_name="match",
                    ),
                ),
            ],
            options={
                "verbose_name": "change at the source",
                "verbose_name_plural": "changes at the source",
                "db_table": "match_changes",
                "ordering": ["-observed_at", "-id"],
            },
        ),
        migrations.AddField(
            model_name="match",
            name="sport",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="matches",
                to="odds.sport",
                verbose_name="sport",
            ),
        ),
        migrations.AddField(
            model_name="collection",
            name="sport",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="collections",
                to="odds.sport",
                verbose_name="sport",
            ),
        ),
        migrations.CreateModel(
            name="TeamAlias",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(max_length=160, verbose_name="name at football-data.co.uk"),
                ),
                ("team", models.CharField(max_length=160, verbose_name="team")),
                (
                    "sport",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="team_aliases",
                        to="odds.sport",
                        verbose_name="sport",
                    ),
                ),
            ],
            options={
                "verbose_name": "team name",
                "verbose_name_plural": "team names",
                "db_table": "team_aliases",
                "ordering": ["sport", "name"],
            },
        ),
        migrations.CreateModel(
            name="LatestQuote",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "match",
                        "bookmaker",
                        "market",
                        "line",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
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
                    ),
                ),
                ("line", models.DecimalField(decimal_places=2, default=0, max_digits=6)),
                ("odds_1", models.DecimalField(decimal_places=3, max_digits=8, null=True)),
                ("odds_x", models.DecimalField(decimal_places=3, max_digits=8, null=True)),
                ("odds_2", models.DecimalField(decimal_places=3, max_digits=8, null=True)),
                ("changed_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                (
                    "is_offered",
                    models.BooleanField(
                        db_default=True,
                        default=True,
                        help_text="The newest look at its market still offered it.",
                    ),
                ),
                ("source_updated_at", models.DateTimeField(null=True)),
                (
                    "bookmaker",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="latest_quotes",
                        to="odds.bookmaker",
                    ),
                ),
                (
                    "match",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="latest_quotes",
                        to="odds.match",
                    ),
                ),
            ],
            options={
                "verbose_name": "current quote",
                "verbose_name_plural": "current quotes",
                "db_table": "latest_quotes",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("odds_1", None), ("odds_1__gt", 1), _connector="OR"),
                            models.Q(("odds_x", None), ("odds_x__gt", 1), _connector="OR"),
                            models.Q(("odds_2", None), ("odds_2__gt", 1), _connector="OR"),
                        ),
                        name="latest_quotes_odds_above_1",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("seen_at__gte", models.F("changed_at"))),
                        name="latest_quotes_seen_after_changed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MatchResult",
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
                        choices=[
                            ("hand", "By hand"),
                            ("football_data", "football-data.co.uk"),
                            ("odds_api", "The Odds API"),
                        ],
                        max_length=13,
                        verbose_name="source",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("scheduled", "Scheduled"),
                            ("completed", "Completed"),
                            ("postponed", "Postponed"),
                            ("abandoned", "Abandoned"),
                        ],
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "home_score",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="home score"
                    ),
                ),
                (
                    "away_score",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="away score"
                    ),
                ),
                ("observed_at", models.DateTimeField(verbose_name="observed")),
                (
                    "recorded_by",
                    models.CharField(blank=True, max_length=150, verbose_name="recorded by"),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                (
                    "match",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="results",
                        to="odds.match",
                        verbose_name="match",
                    ),
                ),
            ],
            options={
                "verbose_name": "result",
                "verbose_name_plural": "results",
                "db_table": "results",
                "ordering": ["-observed_at", "-id"],
                "indexes": [models.Index(fields=["-observed_at", "-id"], name="results_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("away_score__isnull", False),
                                ("home_score__isnull", False),
                                ("status", "completed"),
                            ),
                            models.Q(
                                ("status__in", ["scheduled", "postponed", "abandoned"]),
                                models.Q(
                                    models.Q(("away_score", None), ("home_score", None)),
                                    models.Q(
                                        ("away_score__isnull", False), ("home_score__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="results_completed_with_a_score",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="match",
            index=models.Index(
                models.F("sport"), models.F("commence_time"), name="matches_sport_kickoff"
            ),
        ),
        migrations.AddConstraint(
            model_name="match",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("away_score", None), ("home_score", None)),
                    models.Q(("away_score__isnull", False), ("home_score__isnull", False)),
                    _connector="OR",
                ),
                name="matches_scores_come_in_pairs",
            ),
        ),
        migrations.AddIndex(
            model_name="collection",
            index=models.Index(fields=["sport", "-started_at"], name="collections_last_of_sport"),
        ),
        migrations.AddIndex(
            model_name="collection",
            index=models.Index(fields=["-started_at"], name="collections_last"),
        ),
        migrations.AddConstraint(
            model_name="collection",
            constraint=models.UniqueConstraint(
                models.F("sport"),
                condition=models.Q(("status", "running")),
                name="collections_one_running_per_sport",
            ),
        ),
        migrations.AddConstraint(
            model_name="collection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("finished_at", None), ("status", "running")),
                    models.Q(
                        models.Q(("status", "running"), _negated=True),
                        ("finished_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="collections_finished_unless_running",
            ),
        ),
        migrations.AddConstraint(
            model_name="collection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "failed"), models.Q(("failure", ""), _negated=True)),
                    models.Q(models.Q(("status", "failed"), _negated=True), ("failure", "")),
                    _connector="OR",
                ),
                name="collections_failed_with_its_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="collection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "quotes_received",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("quotes_stored"), "+", models.F("quotes_unchanged")
                            ),
                            "+",
                            models.F("quotes_rejected"),
                        ),
                    )
                ),
                name="collections_every_quote_accounted_for",
            ),
        ),
        migrations.AddConstraint(
            model_name="teamalias",
            constraint=models.UniqueConstraint(
                models.F("sport"), models.F("name"), name="team_aliases_one_team_per_name"
            ),
        ),
        migrations.CreateModel(
            name="LeagueUpdate",
            fields=[
                (
                    "sport",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="league_update",
                        serialize=False,
                        to="odds.sport",
                    ),
                ),
                ("tried_at", models.DateTimeField(verbose_name="asked")),
                (
                    "failure",
                    models.CharField(blank=True, max_length=300, verbose_name="failure"),
                ),
            ],
            options={
                "verbose_name": "league update",
                "verbose_name_plural": "league updates",
                "db_table": "league_updates",
            },
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(CREATE_QUOTES, "DROP TABLE quotes")],
            state_operations=[
                migrations.CreateModel(
                    name="Quote",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "match",
                                "bookmaker",
                                "market",
                                "line",
                                "observed_at",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
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
                            ),
                        ),
                        ("line", models.DecimalField(decimal_places=2, default=0, max_digits=6)),
                        ("odds_1", models.DecimalField(decimal_places=3, max_digits=8, null=True)),
                        ("odds_x", models.DecimalField(decimal_places=3, max_digits=8, null=True)),
                        ("odds_2", models.DecimalField(decimal_places=3, max_digits=8, null=True)),
                        (
                            "match",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="quotes",
                                to="odds.match",
                            ),
                        ),
                        (
                            "bookmaker",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="quotes",
                                to="odds.bookmaker",
                            ),
                        ),
                        ("observed_at", models.DateTimeField()),
                        ("source_updated_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "verbose_name": "quote",
                        "verbose_name_plural": "quotes",
                        "db_table": "quotes",
                    },
                ),
            ],
        ),
        migrations.RunSQL(SPARSE_LATEST_QUOTES, "ALTER TABLE latest_quotes RESET (fillfactor)"),
        migrations.RunSQL(CREATE_VIEWS, DROP_VIEWS),
    ]
