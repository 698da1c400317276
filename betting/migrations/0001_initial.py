"""The first tables."""

from decimal import Decimal

import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.math
import django.db.models.lookups
from django.db import migrations, models

# One row per match, over quotes the newest collection of the sport still offered; the original
# looked back two hours whatever the pace of collection. Exchanges, whose prices are before
# commission, do not make a spread.
CREATE_VIEW = """
CREATE VIEW v_current_opportunities AS
SELECT * FROM (
    SELECT matches.provider_id AS match_id, sports.key AS sport, home_team, away_team,
           commence_time,
           max(odds_1) AS max_home_odds, min(odds_1) AS min_home_odds,
           max(odds_2) AS max_away_odds, min(odds_2) AS min_away_odds,
           max(odds_x) AS max_draw_odds, min(odds_x) AS min_draw_odds,
           count(*) AS bookmaker_count,
           round((max(odds_1) / min(odds_1) - 1) * 100, 2) AS home_spread_pct,
           round((max(odds_2) / min(odds_2) - 1) * 100, 2) AS away_spread_pct,
           round((max(odds_x) / min(odds_x) - 1) * 100, 2) AS draw_spread_pct,
           max(seen_at) AS last_update
    FROM latest_quotes
    JOIN matches ON matches.id = latest_quotes.match_id
    JOIN sports ON sports.id = matches.sport_id
    JOIN bookmakers ON bookmakers.id = latest_quotes.bookmaker_id
    WHERE market = 'h2h'
      AND bookmakers.kind <> 'exchange'
      AND commence_time > now()
      AND seen_at > now() - make_interval(mins => coalesce(
          (SELECT maximum_seen_age_minutes::integer FROM detection_settings), 240))
    GROUP BY matches.id, sports.id
    HAVING count(*) >= 2
) AS by_match
WHERE greatest(home_spread_pct, away_spread_pct, draw_spread_pct) >= 1.0
ORDER BY home_spread_pct DESC;
"""

# Money once posted stays: a mistake is undone by a second entry, and a log is not rewritten.
APPEND_ONLY = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: post an entry that undoes the other', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER bankroll_entries_append_only BEFORE UPDATE OR DELETE ON bankroll_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER bet_changes_append_only BEFORE UPDATE OR DELETE ON bet_changes
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
NOT_APPEND_ONLY = """
DROP TRIGGER bankroll_entries_append_only ON bankroll_entries;
DROP TRIGGER bet_changes_append_only ON bet_changes;
DROP FUNCTION refuse_change;
"""

# The original's view, for SQL and dashboards written against it; money staked, not on paper.
CREATE_BETS_STATS = """
CREATE VIEW bets_stats AS
SELECT count(*) AS total_bets,
       count(*) FILTER (WHERE result IN ('won', 'half_won')) AS wins,
       count(*) FILTER (WHERE result IN ('lost', 'half_lost')) AS losses,
       count(*) FILTER (WHERE status = 'pending') AS pending,
       coalesce(sum(risk), 0) AS total_staked,
       coalesce(sum(payout), 0) AS total_returned,
       coalesce(sum(profit), 0) AS total_profit,
       round(avg(odds), 3) AS avg_odds,
       round(100 * sum(profit) FILTER (WHERE status = 'settled')
             / nullif(sum(risk) FILTER (WHERE status = 'settled'), 0), 2) AS roi_pct
FROM bets
WHERE cancelled_at IS NULL AND NOT is_paper;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("odds", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, unique=True, verbose_name="name")),
                ("created_at", models.DateTimeField(verbose_name="created")),
                (
                    "bookmaker",
                    models.OneToOneField(
                        blank=True,
                        help_text="Empty for cash, which pays for bets where you keep no account.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="account",
                        to="odds.bookmaker",
                        verbose_name="bookmaker",
                    ),
                ),
            ],
            options={
                "verbose_name": "account",
                "verbose_name_plural": "accounts",
                "db_table": "accounts",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Bet",
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
                ("home_team", models.CharField(max_length=160, verbose_name="home team")),
                (
                    "away_team",
                    models.CharField(blank=True, max_length=160, verbose_name="away team"),
                ),
                ("sport_key", models.CharField(blank=True, max_length=80, verbose_name="sport")),
                ("league", models.CharField(blank=True, max_length=120, verbose_name="league")),
                ("commence_time", models.DateTimeField(verbose_name="kick-off")),
                (
                    "market",
                    models.CharField(
                        choices=[
                            ("h2h", "Match winner"),
                            ("totals", "Over / under"),
                            ("spreads", "Handicap"),
                            ("draw_no_bet", "Draw no bet"),
                            ("double_chance", "Double chance"),
                            ("other", "Other"),
                        ],
                        default="h2h",
                        max_length=13,
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
                (
                    "selection",
                    models.CharField(
                        blank=True,
                        help_text="In words, where no market above fits: an accumulator, a scorer.",
                        max_length=300,
                        verbose_name="selection",
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("back", "Back"), ("lay", "Lay")],
                        default="back",
                        max_length=4,
                        verbose_name="side",
                    ),
                ),
                ("odds", models.DecimalField(decimal_places=3, max_digits=8, verbose_name="odds")),
                (
                    "stake",
                    models.DecimalField(decimal_places=2, max_digits=12, verbose_name="stake"),
                ),
                (
                    "risk",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="What the bet can lose.",
                        max_digits=12,
                        verbose_name="risk",
                    ),
                ),
                (
                    "commission",
                    models.DecimalField(
                        decimal_places=3,
                        default=0,
                        max_digits=4,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(Decimal("0.2")),
                        ],
                        verbose_name="commission",
                    ),
                ),
                (
                    "bet_type",
                    models.CharField(
                        choices=[
                            ("value", "Value"),
                            ("arbitrage", "Arbitrage"),
                            ("tabac", "In a shop"),
                            ("ligne", "Online"),
                        ],
                        default="value",
                        max_length=9,
                        verbose_name="type",
                    ),
                ),
                (
                    "is_paper",
                    models.BooleanField(
                        default=False,
                        help_text="Followed and graded, but no money is staked.",
                        verbose_name="on paper",
                    ),
                ),
                (
                    "edge_pct",
                    models.FloatField(blank=True, null=True, verbose_name="claimed edge (%)"),
                ),
                (
                    "fair_probability",
                    models.FloatField(blank=True, null=True, verbose_name="fair probability"),
                ),
                (
                    "reference",
                    models.CharField(
                        blank=True,
                        help_text="Whose fair probability chose it: a bookmaker's key, or consensus.",
                        max_length=60,
                        verbose_name="selected by",
                    ),
                ),
                (
                    "agent_recommended",
                    models.CharField(blank=True, max_length=120, verbose_name="recommended by"),
                ),
                (
                    "patron_score",
                    models.CharField(blank=True, max_length=60, verbose_name="Patron's label"),
                ),
                (
                    "patron_confidence",
                    models.FloatField(blank=True, null=True, verbose_name="Patron's confidence"),
                ),
                ("notes", models.TextField(blank=True, verbose_name="notes")),
                (
                    "status",
                    models.CharField(
                        choices=[("pending", "Pending"), ("settled", "Settled"), ("void", "Void")],
                        default="pending",
                        editable=False,
                        max_length=7,
                        verbose_name="status",
                    ),
                ),
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
                        editable=False,
                        max_length=9,
                        verbose_name="result",
                    ),
                ),
                (
                    "dead_heat_ways",
                    models.PositiveSmallIntegerField(
                        blank=True, editable=False, null=True, verbose_name="winners in a dead heat"
                    ),
                ),
                (
                    "final_score",
                    models.CharField(blank=True, max_length=20, verbose_name="final score"),
                ),
                (
                    "commission_paid",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        editable=False,
                        max_digits=12,
                        verbose_name="commission paid",
                    ),
                ),
                (
                    "payout",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        editable=False,
                        max_digits=12,
                        null=True,
                        verbose_name="payout",
                    ),
                ),
                (
                    "profit",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        editable=False,
                        max_digits=12,
                        null=True,
                        verbose_name="profit",
                    ),
                ),
                (
                    "settled_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("auto", "By its result"),
                            ("manual", "By hand"),
                            ("import", "Imported"),
                        ],
                        editable=False,
                        max_length=6,
                        verbose_name="settled",
                    ),
                ),
                (
                    "settled_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="settled at"
                    ),
                ),
                ("placed_at", models.DateTimeField(verbose_name="placed")),
                ("updated_at", models.DateTimeField(verbose_name="updated")),
                (
                    "cancelled_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="cancelled"
                    ),
                ),
                (
                    "revision",
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, verbose_name="revision"
                    ),
                ),
                (
                    "idempotency_key",
                    models.CharField(
                        blank=True,
                        editable=False,
                        max_length=120,
                        null=True,
                        unique=True,
                        verbose_name="idempotency key",
                    ),
                ),
                ("request_digest", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who pays; empty for a bet on paper.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bets",
                        to="betting.account",
                        verbose_name="account",
                    ),
                ),
                (
                    "bookmaker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bets",
                        to="odds.bookmaker",
                        verbose_name="bookmaker",
                    ),
                ),
                (
                    "match",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty when MON_PS does not know the match; it is then settled by hand.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bets",
                        to="odds.match",
                        verbose_name="match",
                    ),
                ),
            ],
            options={
                "verbose_name": "bet",
                "verbose_name_plural": "bets",
                "db_table": "bets",
                "ordering": ["-placed_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="BetChange",
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
                            ("placed", "Placed"),
                            ("settled", "Settled"),
                            ("corrected", "Corrected"),
                            ("reopened", "Reopened"),
                            ("cancelled", "Cancelled"),
                            ("noted", "Noted"),
                        ],
                        max_length=9,
                        verbose_name="kind",
                    ),
                ),
                ("before", models.JSONField(default=dict, verbose_name="before")),
                ("after", models.JSONField(default=dict, verbose_name="after")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                ("by", models.CharField(blank=True, max_length=150, verbose_name="by")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "bet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="betting.bet",
                        verbose_name="bet",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of a bet",
                "verbose_name_plural": "changes of bets",
                "db_table": "bet_changes",
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="BetImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="file")),
                ("content", models.TextField(verbose_name="content")),
                ("uploaded_at", models.DateTimeField(verbose_name="uploaded")),
                ("uploaded_by", models.CharField(blank=True, max_length=150, verbose_name="by")),
                ("applied_at", models.DateTimeField(blank=True, null=True, verbose_name="applied")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="undone")),
            ],
            options={
                "verbose_name": "import of bets",
                "verbose_name_plural": "imports of bets",
                "db_table": "bet_imports",
                "ordering": ["-uploaded_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("undone_at", None), ("applied_at__isnull", False), _connector="OR"
                        ),
                        name="bet_imports_undone_after_applied",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="bet",
            name="batch",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bets",
                to="betting.betimport",
                verbose_name="imported with",
            ),
        ),
        migrations.CreateModel(
            name="ClosingLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                    "reference",
                    models.CharField(blank=True, max_length=60, verbose_name="reference"),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("quotes", "Own collection"),
                            ("football_data", "football-data.co.uk"),
                        ],
                        max_length=13,
                        verbose_name="source",
                    ),
                ),
                (
                    "odds_1",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=8,
                        null=True,
                        verbose_name="home or over",
                    ),
                ),
                (
                    "odds_x",
                    models.DecimalField(
                        blank=True, decimal_places=3, max_digits=8, null=True, verbose_name="draw"
                    ),
                ),
                (
                    "odds_2",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=8,
                        null=True,
                        verbose_name="away or under",
                    ),
                ),
                (
                    "fair_1",
                    models.FloatField(blank=True, null=True, verbose_name="fair home or over"),
                ),
                ("fair_x", models.FloatField(blank=True, null=True, verbose_name="fair draw")),
                (
                    "fair_2",
                    models.FloatField(blank=True, null=True, verbose_name="fair away or under"),
                ),
                (
                    "bookmaker_count",
                    models.PositiveSmallIntegerField(default=0, verbose_name="bookmakers"),
                ),
                ("seen_at", models.DateTimeField(blank=True, null=True, verbose_name="last seen")),
                ("kickoff_at", models.DateTimeField(verbose_name="kick-off")),
                (
                    "minutes_before_kickoff",
                    models.FloatField(
                        blank=True, null=True, verbose_name="minutes before kick-off"
                    ),
                ),
                (
                    "missing",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_collected", "Market not collected before kick-off"),
                            ("not_offered", "Nobody offered this line any more"),
                            ("no_reference", "Offered by too few"),
                        ],
                        max_length=13,
                        verbose_name="missing because",
                    ),
                ),
                ("captured_at", models.DateTimeField(verbose_name="captured")),
                (
                    "match",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="closing_lines",
                        to="odds.match",
                        verbose_name="match",
                    ),
                ),
            ],
            options={
                "verbose_name": "closing line",
                "verbose_name_plural": "closing lines",
                "db_table": "closing_lines",
                "ordering": ["-kickoff_at", "match", "market", "line", "reference"],
            },
        ),
        migrations.CreateModel(
            name="Detection",
            fields=[
                (
                    "sport",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="detection",
                        serialize=False,
                        to="odds.sport",
                        verbose_name="sport",
                    ),
                ),
                ("detected_at", models.DateTimeField(verbose_name="detected")),
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
                "verbose_name": "detection",
                "verbose_name_plural": "detections",
                "db_table": "detections",
            },
        ),
        migrations.CreateModel(
            name="DetectionSettings",
            fields=[
                (
                    "id",
                    models.SmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "devig",
                    models.CharField(
                        choices=[
                            ("multiplicative", "Multiplicative"),
                            ("additive", "Additive"),
                            ("power", "Power"),
                            ("shin", "Shin"),
                            ("odds_ratio", "Odds ratio"),
                        ],
                        default="power",
                        help_text="How a bookmaker's margin is removed; an exchange's is always multiplicative.",
                        max_length=14,
                        verbose_name="devig method",
                    ),
                ),
                (
                    "minimum_edge_pct",
                    models.FloatField(
                        default=1.0,
                        help_text="A price becomes a value opportunity from this claimed edge on. 0 to 50.",
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(50),
                        ],
                        verbose_name="minimum edge (%)",
                    ),
                ),
                (
                    "maximum_edge_pct",
                    models.FloatField(
                        default=20.0,
                        help_text="Above it a price is taken for an error and rejected. 1 to 100.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="maximum edge (%)",
                    ),
                ),
                (
                    "minimum_spread_pct",
                    models.FloatField(
                        default=5.0,
                        help_text="Spreads below it are not kept. A spread says nothing about value. 0 to 100.",
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="minimum spread (%)",
                    ),
                ),
                (
                    "minimum_bookmakers",
                    models.PositiveSmallIntegerField(
                        default=3,
                        help_text="How many must offer an outcome before it is looked at. 2 to 20.",
                        validators=[
                            django.core.validators.MinValueValidator(2),
                            django.core.validators.MaxValueValidator(20),
                        ],
                        verbose_name="minimum bookmakers",
                    ),
                ),
                (
                    "minimum_consensus_operators",
                    models.PositiveSmallIntegerField(
                        default=4,
                        help_text="Independent operators besides the one that offers the price. 2 to 20.",
                        validators=[
                            django.core.validators.MinValueValidator(2),
                            django.core.validators.MaxValueValidator(20),
                        ],
                        verbose_name="minimum operators in a consensus",
                    ),
                ),
                (
                    "maximum_source_age_minutes",
                    models.PositiveSmallIntegerField(
                        default=30,
                        help_text="Older when collected: the bookmaker's feed is stuck. 1 to 1440.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1440),
                        ],
                        verbose_name="maximum age of a bookmaker's update (minutes)",
                    ),
                ),
                (
                    "maximum_seen_age_minutes",
                    models.PositiveSmallIntegerField(
                        default=240,
                        help_text="Not seen for longer: no longer an opportunity. 1 to 2880.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(2880),
                        ],
                        verbose_name="maximum age of a price (minutes)",
                    ),
                ),
                (
                    "lowest_overround",
                    models.FloatField(
                        default=0.99,
                        help_text="A bookmaker below it has an error in its prices. 0.8 to 1.",
                        validators=[
                            django.core.validators.MinValueValidator(0.8),
                            django.core.validators.MaxValueValidator(1),
                        ],
                        verbose_name="lowest overround",
                    ),
                ),
                (
                    "highest_overround",
                    models.FloatField(
                        default=1.15,
                        help_text="A bookmaker above it is not taken seriously. 1 to 1.5.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1.5),
                        ],
                        verbose_name="highest overround",
                    ),
                ),
                (
                    "shrinkage",
                    models.FloatField(
                        default=0.5,
                        help_text="Share of a claimed edge that is expected to be real. 0 to 1.",
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(1),
                        ],
                        verbose_name="shrinkage",
                    ),
                ),
                (
                    "rejects_lagging",
                    models.BooleanField(
                        default=True,
                        help_text="Reject the only price above fair if its bookmaker stood still and three others moved.",
                        verbose_name="reject lagging prices",
                    ),
                ),
                (
                    "detects_arbitrage",
                    models.BooleanField(
                        default=True,
                        help_text="Most last seconds or are errors; each leg is shown with its age.",
                        verbose_name="detect arbitrages",
                    ),
                ),
                (
                    "only_playable",
                    models.BooleanField(
                        default=False,
                        help_text="Look for value only at bookmakers you can bet with.",
                        verbose_name="only playable bookmakers",
                    ),
                ),
            ],
            options={
                "verbose_name": "detection settings",
                "verbose_name_plural": "detection settings",
                "db_table": "detection_settings",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="detection_settings_one_row"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("minimum_edge_pct__gte", 0), ("minimum_edge_pct__lte", 50)
                        ),
                        name="detection_settings_minimum_edge_pct_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("maximum_edge_pct__gte", 1), ("maximum_edge_pct__lte", 100)
                        ),
                        name="detection_settings_maximum_edge_pct_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("minimum_spread_pct__gte", 0), ("minimum_spread_pct__lte", 100)
                        ),
                        name="detection_settings_minimum_spread_pct_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("minimum_bookmakers__gte", 2), ("minimum_bookmakers__lte", 20)
                        ),
                        name="detection_settings_minimum_bookmakers_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("minimum_consensus_operators__gte", 2),
                            ("minimum_consensus_operators__lte", 20),
                        ),
                        name="detection_settings_minimum_consensus_operators_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("maximum_source_age_minutes__gte", 1),
                            ("maximum_source_age_minutes__lte", 1440),
                        ),
                        name="detection_settings_maximum_source_age_minutes_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("maximum_seen_age_minutes__gte", 1),
                            ("maximum_seen_age_minutes__lte", 2880),
                        ),
                        name="detection_settings_maximum_seen_age_minutes_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lowest_overround__gte", 0.8), ("lowest_overround__lte", 1)
                        ),
                        name="detection_settings_lowest_overround_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("highest_overround__gte", 1), ("highest_overround__lte", 1.5)
                        ),
                        name="detection_settings_highest_overround_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("shrinkage__gte", 0), ("shrinkage__lte", 1)),
                        name="detection_settings_shrinkage_in_range",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerEntry",
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
                            ("initial", "Initial balance"),
                            ("deposit", "Deposit"),
                            ("withdrawal", "Withdrawal"),
                            ("bonus", "Bonus"),
                            ("adjustment", "Adjustment"),
                            ("transfer", "Transfer"),
                            ("stake", "Stake"),
                            ("payout", "Payout"),
                            ("reversal", "Reversal"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="Positive enters the account.",
                        max_digits=12,
                        verbose_name="amount",
                    ),
                ),
                (
                    "revision",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="revision of the bet"
                    ),
                ),
                ("transfer", models.UUIDField(blank=True, null=True, verbose_name="transfer")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "recorded_by",
                    models.CharField(blank=True, max_length=150, verbose_name="recorded by"),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="betting.account",
                        verbose_name="account",
                    ),
                ),
                (
                    "bet",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="betting.bet",
                        verbose_name="bet",
                    ),
                ),
                (
                    "reverses",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="betting.ledgerentry",
                        verbose_name="undoes",
                    ),
                ),
            ],
            options={
                "verbose_name": "ledger entry",
                "verbose_name_plural": "ledger",
                "db_table": "bankroll_entries",
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Opportunity",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("value", "Value"),
                            ("spread", "Spread"),
                            ("arbitrage", "Arbitrage"),
                        ],
                        max_length=9,
                        verbose_name="kind",
                    ),
                ),
                (
                    "rejection",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("stale", "Bookmaker's update too old"),
                            ("lagging", "Has not moved while others did"),
                            ("overround", "Margin out of bounds"),
                            ("incomplete", "Outcome missing"),
                            ("too_good", "Too good to be true"),
                            ("few_bookmakers", "Too few independent bookmakers"),
                        ],
                        max_length=14,
                        verbose_name="rejected because",
                    ),
                ),
                (
                    "best_odds",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=8,
                        null=True,
                        verbose_name="best odds",
                    ),
                ),
                (
                    "worst_odds",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=8,
                        null=True,
                        verbose_name="worst odds",
                    ),
                ),
                ("bookmaker_count", models.PositiveSmallIntegerField(verbose_name="bookmakers")),
                ("spread_pct", models.FloatField(blank=True, null=True, verbose_name="spread (%)")),
                (
                    "fair_probability",
                    models.FloatField(blank=True, null=True, verbose_name="fair probability"),
                ),
                (
                    "reference",
                    models.CharField(
                        blank=True,
                        help_text="Whose fair probability: a bookmaker's key, or consensus.",
                        max_length=60,
                        verbose_name="reference",
                    ),
                ),
                (
                    "edge_pct",
                    models.FloatField(
                        blank=True,
                        help_text="Claimed, for an arbitrage its profit.",
                        null=True,
                        verbose_name="edge (%)",
                    ),
                ),
                (
                    "shrunk_edge_pct",
                    models.FloatField(blank=True, null=True, verbose_name="expected edge (%)"),
                ),
                ("legs", models.JSONField(blank=True, default=list, verbose_name="legs")),
                (
                    "price_seen_at",
                    models.DateTimeField(
                        help_text="Last collection that offered it; the oldest leg's.",
                        verbose_name="price seen",
                    ),
                ),
                (
                    "first_odds",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=8,
                        null=True,
                        verbose_name="first odds",
                    ),
                ),
                (
                    "first_reference",
                    models.CharField(blank=True, max_length=60, verbose_name="first reference"),
                ),
                (
                    "first_edge_pct",
                    models.FloatField(blank=True, null=True, verbose_name="first edge (%)"),
                ),
                (
                    "peak_edge_pct",
                    models.FloatField(blank=True, null=True, verbose_name="peak edge (%)"),
                ),
                ("peak_at", models.DateTimeField(verbose_name="peak")),
                ("first_seen_at", models.DateTimeField(verbose_name="first seen")),
                ("last_seen_at", models.DateTimeField(verbose_name="last seen")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                (
                    "closing",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("kicked_off", "Kicked off"),
                            ("price_moved", "Price or fair price moved"),
                            ("withdrawn", "No longer offered"),
                            ("expired", "Price too old"),
                            ("judged_anew", "A guard decided otherwise"),
                        ],
                        max_length=11,
                        verbose_name="closed because",
                    ),
                ),
                (
                    "paper_result",
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
                        verbose_name="paper result",
                    ),
                ),
                (
                    "paper_profit",
                    models.FloatField(
                        blank=True,
                        help_text="Of one unit at the first odds.",
                        null=True,
                        verbose_name="paper profit",
                    ),
                ),
                (
                    "best_bookmaker",
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
                    "first_bookmaker",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="odds.bookmaker",
                        verbose_name="first at",
                    ),
                ),
                (
                    "match",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="opportunities",
                        to="odds.match",
                        verbose_name="match",
                    ),
                ),
                (
                    "worst_bookmaker",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="odds.bookmaker",
                        verbose_name="worst at",
                    ),
                ),
            ],
            options={
                "verbose_name": "opportunity",
                "verbose_name_plural": "opportunities",
                "db_table": "opportunities",
                "ordering": ["-first_seen_at", "-id"],
            },
        ),
        migrations.AddField(
            model_name="bet",
            name="opportunity",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bets",
                to="betting.opportunity",
                verbose_name="opportunity",
            ),
        ),
        migrations.CreateModel(
            name="SettlementSettings",
            fields=[
                (
                    "id",
                    models.SmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "uses_football_data",
                    models.BooleanField(
                        default=True,
                        help_text="Free; the leagues it covers are asked there first.",
                        verbose_name="results from football-data.co.uk",
                    ),
                ),
                (
                    "uses_odds_api",
                    models.BooleanField(
                        default=True,
                        help_text="Two credits a sport, only when a bet or an opportunity waits for a result.",
                        verbose_name="results from The Odds API",
                    ),
                ),
                (
                    "asks_for_opportunities",
                    models.BooleanField(
                        default=False,
                        help_text="Ask The Odds API at once for opportunities nobody bet on; else they wait for the free file, or for one call in three days.",
                        verbose_name="pay for results of opportunities",
                    ),
                ),
                (
                    "results_after_minutes",
                    models.PositiveSmallIntegerField(
                        default=150,
                        help_text="Counted from the kick-off. 1 to 1440.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1440),
                        ],
                        verbose_name="ask for a result after (minutes)",
                    ),
                ),
                (
                    "results_interval_minutes",
                    models.PositiveSmallIntegerField(
                        default=360,
                        help_text="A sport's results are not asked for again before. 1 to 1440.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1440),
                        ],
                        verbose_name="ask again after (minutes)",
                    ),
                ),
                (
                    "postponed_void_hours",
                    models.PositiveSmallIntegerField(
                        default=48,
                        help_text="Most bookmakers: 48. A bet stands if the match is played before. 0 to 720.",
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(720),
                        ],
                        verbose_name="void after a postponement of (hours)",
                    ),
                ),
                (
                    "closing_max_age_minutes",
                    models.PositiveSmallIntegerField(
                        default=60,
                        help_text="Last seen earlier before kick-off, it is marked and not counted. 1 to 1440.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1440),
                        ],
                        verbose_name="oldest closing line (minutes)",
                    ),
                ),
                (
                    "closing_minimum_operators",
                    models.PositiveSmallIntegerField(
                        default=4,
                        help_text="Independent operators besides the one bet with. 2 to 20.",
                        validators=[
                            django.core.validators.MinValueValidator(2),
                            django.core.validators.MaxValueValidator(20),
                        ],
                        verbose_name="operators in a closing consensus",
                    ),
                ),
            ],
            options={
                "verbose_name": "settlement settings",
                "verbose_name_plural": "settlement settings",
                "db_table": "settlement_settings",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="settlement_settings_one_row"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("results_after_minutes__gte", 1), ("results_after_minutes__lte", 1440)
                        ),
                        name="settlement_settings_results_after_minutes_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("results_interval_minutes__gte", 1),
                            ("results_interval_minutes__lte", 1440),
                        ),
                        name="settlement_settings_results_interval_minutes_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("postponed_void_hours__gte", 0), ("postponed_void_hours__lte", 720)
                        ),
                        name="settlement_settings_postponed_void_hours_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closing_max_age_minutes__gte", 1),
                            ("closing_max_age_minutes__lte", 1440),
                        ),
                        name="settlement_settings_closing_max_age_minutes_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closing_minimum_operators__gte", 2),
                            ("closing_minimum_operators__lte", 20),
                        ),
                        name="settlement_settings_closing_minimum_operators_in_range",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StakingSettings",
            fields=[
                (
                    "id",
                    models.SmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kelly_fraction",
                    models.FloatField(
                        default=0.25,
                        help_text="Share of the full Kelly stake. 0.01 to 1.",
                        validators=[
                            django.core.validators.MinValueValidator(0.01),
                            django.core.validators.MaxValueValidator(1),
                        ],
                        verbose_name="Kelly fraction",
                    ),
                ),
                (
                    "uses_expected_edge",
                    models.BooleanField(
                        default=True,
                        help_text="Shrink the claimed edge before it is staked on.",
                        verbose_name="stake on the expected edge",
                    ),
                ),
                (
                    "cap_bet_pct",
                    models.FloatField(
                        default=2.0,
                        help_text="Of the bankroll. 0.1 to 100.",
                        validators=[
                            django.core.validators.MinValueValidator(0.1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="most on a bet (%)",
                    ),
                ),
                (
                    "cap_match_pct",
                    models.FloatField(
                        default=5.0,
                        help_text="Of the bankroll, all bets on one match together. 0.1 to 100.",
                        validators=[
                            django.core.validators.MinValueValidator(0.1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="most on a match (%)",
                    ),
                ),
                (
                    "cap_day_pct",
                    models.FloatField(
                        default=25.0,
                        help_text="Of the bankroll, all pending bets on one day's matches. 0.1 to 100.",
                        validators=[
                            django.core.validators.MinValueValidator(0.1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="most on a day (%)",
                    ),
                ),
                (
                    "stake_step",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0.50"),
                        help_text="Stakes are rounded down to a multiple. 0.01 to 1000.",
                        max_digits=7,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0.01")),
                            django.core.validators.MaxValueValidator(1000),
                        ],
                        verbose_name="stakes in steps of",
                    ),
                ),
                (
                    "minimum_stake",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("1.00"),
                        help_text="A smaller suggestion is not worth placing. 0 to 10000.",
                        max_digits=8,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(10000),
                        ],
                        verbose_name="smallest stake",
                    ),
                ),
                (
                    "currency",
                    models.CharField(
                        default="€",
                        help_text="Shown behind amounts.",
                        max_length=8,
                        verbose_name="currency",
                    ),
                ),
            ],
            options={
                "verbose_name": "staking settings",
                "verbose_name_plural": "staking settings",
                "db_table": "staking_settings",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="staking_settings_one_row"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kelly_fraction__gte", 0.01), ("kelly_fraction__lte", 1)
                        ),
                        name="staking_settings_kelly_fraction_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cap_bet_pct__gte", 0.1), ("cap_bet_pct__lte", 100)),
                        name="staking_settings_cap_bet_pct_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cap_match_pct__gte", 0.1), ("cap_match_pct__lte", 100)
                        ),
                        name="staking_settings_cap_match_pct_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cap_day_pct__gte", 0.1), ("cap_day_pct__lte", 100)),
                        name="staking_settings_cap_day_pct_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stake_step__gte", Decimal("0.01")), ("stake_step__lte", 1000)
                        ),
                        name="staking_settings_stake_step_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("minimum_stake__gte", 0), ("minimum_stake__lte", 10000)
                        ),
                        name="staking_settings_minimum_stake_in_range",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(
                models.F("bookmaker"),
                condition=models.Q(("bookmaker", None)),
                name="accounts_one_for_cash",
                nulls_distinct=False,
            ),
        ),
        migrations.AddIndex(
            model_name="closingline",
            index=models.Index(fields=["-kickoff_at"], name="closing_lines_newest"),
        ),
        migrations.AddConstraint(
            model_name="closingline",
            constraint=models.UniqueConstraint(
                models.F("match"),
                models.F("market"),
                models.F("line"),
                models.F("reference"),
                models.F("source"),
                name="closing_lines_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="closingline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("fair_1__isnull", False),
                        ("fair_2__isnull", False),
                        ("minutes_before_kickoff__gte", 0),
                        ("missing", ""),
                        models.Q(("reference", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("missing", ""), _negated=True),
                        ("fair_1", None),
                        ("fair_2", None),
                        ("fair_x", None),
                        ("reference", ""),
                    ),
                    _connector="OR",
                ),
                name="closing_lines_known_or_missing_with_its_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="ledgerentry",
            index=models.Index(
                fields=["account", "-at"], include=("amount",), name="bankroll_entries_of_account"
            ),
        ),
        migrations.AddIndex(
            model_name="ledgerentry",
            index=models.Index(fields=["-at", "-id"], name="bankroll_entries_newest"),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.UniqueConstraint(
                models.F("bet"),
                models.F("revision"),
                models.F("kind"),
                name="bankroll_entries_once_per_revision",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.UniqueConstraint(
                models.F("account"),
                condition=models.Q(("kind", "initial")),
                name="bankroll_entries_one_initial",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("bet", None), ("revision", None)),
                    models.Q(("bet__isnull", False), ("revision__isnull", False)),
                    _connector="OR",
                ),
                name="bankroll_entries_bet_with_revision",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["stake", "payout"]), _negated=True),
                    ("bet__isnull", False),
                    _connector="OR",
                ),
                name="bankroll_entries_stakes_and_payouts_have_a_bet",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount__lt", 0), ("kind__in", ["withdrawal", "stake"])),
                    models.Q(("amount__gt", 0), ("kind__in", ["deposit", "bonus"])),
                    models.Q(("amount__gte", 0), ("kind__in", ["initial", "payout"])),
                    ("kind__in", ["adjustment", "transfer", "reversal"]),
                    _connector="OR",
                ),
                name="bankroll_entries_right_sign",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "transfer"), ("transfer__isnull", False)),
                    models.Q(models.Q(("kind", "transfer"), _negated=True), ("transfer", None)),
                    ("kind", "reversal"),
                    _connector="OR",
                ),
                name="bankroll_entries_transfers_have_their_number",
            ),
        ),
        migrations.AddIndex(
            model_name="opportunity",
            index=models.Index(
                models.F("kind"),
                models.OrderBy(models.F("edge_pct"), descending=True, nulls_last=True),
                condition=models.Q(("closed_at", None), ("rejection", "")),
                name="opportunities_open_by_edge",
            ),
        ),
        migrations.AddIndex(
            model_name="opportunity",
            index=models.Index(
                models.F("kind"),
                models.OrderBy(models.F("spread_pct"), descending=True, nulls_last=True),
                condition=models.Q(("closed_at", None), ("rejection", "")),
                name="opportunities_open_by_spread",
            ),
        ),
        migrations.AddIndex(
            model_name="opportunity",
            index=models.Index(fields=["-first_seen_at", "-id"], name="opportunities_newest"),
        ),
        migrations.AddIndex(
            model_name="opportunity",
            index=models.Index(
                condition=models.Q(
                    ("clv_status", "pending"), ("paper_result", ""), _connector="OR"
                ),
                fields=["match"],
                name="opportunities_ungraded",
            ),
        ),
        migrations.AddConstraint(
            model_name="opportunity",
            constraint=models.UniqueConstraint(
                models.F("match"),
                models.F("market"),
                models.F("line"),
                models.F("outcome"),
                models.F("kind"),
                condition=models.Q(("closed_at", None)),
                name="opportunities_one_unclosed_per_key",
            ),
        ),
        migrations.AddConstraint(
            model_name="opportunity",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at", None), ("closing", "")),
                    models.Q(
                        ("closed_at__isnull", False), models.Q(("closing", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="opportunities_closed_with_its_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="opportunity",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("fair_probability", None),
                    models.Q(("fair_probability__gt", 0), ("fair_probability__lt", 1)),
                    _connector="OR",
                ),
                name="opportunities_probability_inside_0_1",
            ),
        ),
        migrations.AddConstraint(
            model_name="opportunity",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_seen_at__gte", models.F("first_seen_at"))),
                name="opportunities_seen_in_order",
            ),
        ),
        migrations.AddIndex(
            model_name="bet",
            index=models.Index(fields=["-placed_at", "-id"], name="bets_newest"),
        ),
        migrations.AddIndex(
            model_name="bet",
            index=models.Index(
                condition=models.Q(("cancelled_at", None), ("status", "pending")),
                fields=["commence_time"],
                name="bets_pending_by_kickoff",
            ),
        ),
        migrations.AddIndex(
            model_name="bet",
            index=models.Index(
                condition=models.Q(("cancelled_at", None), ("is_paper", False)),
                fields=["settled_at"],
                include=(
                    "id",
                    "status",
                    "result",
                    "bet_type",
                    "odds",
                    "risk",
                    "payout",
                    "profit",
                    "edge_pct",
                    "clv_status",
                    "clv_pct",
                    "clv_fair_pct",
                    "match",
                    "commence_time",
                ),
                name="bets_statistics",
            ),
        ),
        migrations.AddConstraint(
            model_name="bet",
            constraint=models.CheckConstraint(
                condition=models.Q(("odds__gt", 1)), name="bets_odds_above_1"
            ),
        ),
        migrations.AddConstraint(
            model_name="bet",
            constraint=models.CheckConstraint(
                condition=models.Q(("risk__gt", 0), ("stake__gt", 0)),
                name="bets_stake_and_risk_above_0",
            ),
        ),
        migrations.AddConstraint(
            model_name="bet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("side", "back"), _negated=True),
                    ("risk", models.F("stake")),
                    _connector="OR",
                ),
                name="bets_back_risks_its_stake",
            ),
        ),
        migrations.AddConstraint(
            model_name="bet",
            constraint=models.CheckConstraint(
                condition=models.Q(("commission__gte", 0), ("commission__lte", Decimal("0.2"))),
                name="bets_commission_from_0_to_20_percent",
            ),
        ),
        migrations.AddConstraint(
            model_name="bet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("market", "h2h"), ("outcome__in", ["home", "draw", "away"])),
                    models.Q(("market", "totals"), ("outcome__in", ["over", "under"])),
                    models.Q(("market", "spreads"), ("outcome__in", ["home", "away"])),
                    models.Q(("market", "draw_no_bet"), ("outcome__in", ["home", "away"])),
                    models.Q(("market", "double_chance"), ("outcome__in", ["1x", "12", "x2"])),
                    models.Q(("market", "other"), ("outcome__in", ["other"])),
                    _connector="OR",
                ),
                name="bets_outcome_of_its_market",
            ),
        ),
        migrations.AddConstraint(
            model_name="bet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("market", "other"), _negated=True),
                    models.Q(("selection", ""), _negated=True),
                    _connector="OR",
                ),
                name="bets_other_markets_say_what_was_bet_on",
            ),
        ),
        migrations.AddConstraint(
            model_name="bet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("market__in", ["totals", "spreads"]), ("line", 0), _connector="OR"
                ),
                name="bets_line_where_the_market_has_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="bet",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.Exact(
                    django.db.models.functions.math.Mod(
                        models.F("line"), models.Value(Decimal("0.25"))
                    ),
                    models.Value(Decimal(0)),
                ),
                name="bets_line_in_quarters",
            ),
        ),
        migrations.AddConstraint(
            model_name="bet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("commission_paid", 0),
                        ("payout", None),
                        ("profit", None),
                        ("result", ""),
                        ("settled_at", None),
                        ("settled_by", ""),
                        ("status", "pending"),
                    ),
                    models.Q(
                        ("payout__isnull", False),
                        (
                            "profit",
                            django.db.models.expressions.CombinedExpression(
                                models.F("payout"), "-", models.F("risk")
                            ),
                        ),
                        ("settled_at__isnull", False),
                        models.Q(("settled_by", ""), _negated=True),
                        models.Q(
                            models.Q(("profit", 0), ("result", "void"), ("status", "void")),
                            models.Q(
                                ("status", "settled"),
                                models.Q(("result__in", ["", "void"]), _negated=True),
                            ),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="bets_pending_has_no_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="bet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("dead_heat_ways__gte", 2), ("result", "dead_heat")),
                    models.Q(
                        models.Q(("result", "dead_heat"), _negated=True), ("dead_heat_ways", None)
                    ),
                    _connector="OR",
                ),
                name="bets_dead_heat_with_its_winners",
            ),
        ),
        migrations.AddConstraint(
            model_name="bet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("account", None), ("is_paper", True)),
                    models.Q(("account__isnull", False), ("is_paper", False)),
                    _connector="OR",
                ),
                name="bets_paid_by_an_account_unless_on_paper",
            ),
        ),
        migrations.AddConstraint(
            model_name="bet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("clv_status__in", ["graded", "early"]), _negated=True),
                    models.Q(
                        ("clv_fair_pct__isnull", False),
                        models.Q(("clv_reference", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="bets_graded_with_its_closing_line",
            ),
        ),
        migrations.RunSQL(CREATE_VIEW, "DROP VIEW v_current_opportunities"),
        migrations.RunSQL(APPEND_ONLY, NOT_APPEND_ONLY),
        migrations.RunSQL(CREATE_BETS_STATS, "DROP VIEW bets_stats"),
    ]
