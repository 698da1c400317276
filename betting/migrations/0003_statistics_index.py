"""Statistics by what was bet on read the index alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("betting", "0002_old_price_minutes")]

    operations = [
        migrations.RemoveIndex(model_name="bet", name="bets_statistics"),
        migrations.AddIndex(
            model_name="bet",
            index=models.Index(
                condition=models.Q(cancelled_at=None, is_paper=False),
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
                    "bookmaker",
                    "market",
                    "league",
                    "sport_key",
                    "side",
                    "fair_probability",
                ),
                name="bets_statistics",
            ),
        ),
    ]
