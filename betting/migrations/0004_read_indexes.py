"""The leagues that were bet on and the proof of the ledger are read from indexes alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("betting", "0003_statistics_index")]

    operations = [
        migrations.AddIndex(
            model_name="bet", index=models.Index(fields=["league"], name="bets_league")
        ),
        migrations.RemoveConstraint(
            model_name="ledgerentry", name="bankroll_entries_once_per_revision"
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.UniqueConstraint(
                fields=("bet", "revision", "kind"),
                include=("amount",),
                name="bankroll_entries_once_per_revision",
            ),
        ),
    ]
