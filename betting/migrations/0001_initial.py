"""The first tables."""

import django.core.validators
import django.db.models.deletion
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


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("odds", "0001_initial"),
    ]

    operations = [
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
            name="Opportunity",
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
                    "outcome",
                    models.CharField(
                        choices=[
                            ("home", "Home"),
                            ("draw", "Draw"),
                            ("away", "Away"),
                            ("over", "Over"),
                            ("under", "Under"),
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
                "indexes": [
                    models.Index(
                        models.F("kind"),
                        models.OrderBy(models.F("edge_pct"), descending=True, nulls_last=True),
                        condition=models.Q(("closed_at", None), ("rejection", "")),
                        name="opportunities_open_by_edge",
                    ),
                    models.Index(
                        models.F("kind"),
                        models.OrderBy(models.F("spread_pct"), descending=True, nulls_last=True),
                        condition=models.Q(("closed_at", None), ("rejection", "")),
                        name="opportunities_open_by_spread",
                    ),
                    models.Index(fields=["-first_seen_at", "-id"], name="opportunities_newest"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("match"),
                        models.F("market"),
                        models.F("line"),
                        models.F("outcome"),
                        models.F("kind"),
                        condition=models.Q(("closed_at", None)),
                        name="opportunities_one_unclosed_per_key",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("closing", "")),
                            models.Q(
                                ("closed_at__isnull", False),
                                models.Q(("closing", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="opportunities_closed_with_its_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("fair_probability", None),
                            models.Q(("fair_probability__gt", 0), ("fair_probability__lt", 1)),
                            _connector="OR",
                        ),
                        name="opportunities_probability_inside_0_1",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("last_seen_at__gte", models.F("first_seen_at"))),
                        name="opportunities_seen_in_order",
                    ),
                ],
            },
        ),
        migrations.RunSQL(CREATE_VIEW, "DROP VIEW v_current_opportunities"),
    ]
