"""How long raw answers are kept."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("odds", "0002_planner"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="collectionsettings",
            name="collection_settings_in_range",
        ),
        migrations.AddField(
            model_name="collectionsettings",
            name="payload_days",
            field=models.PositiveSmallIntegerField(
                default=30,
                help_text="Answers as they came can be read and replayed so long. 1 to 3650.",
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(3650),
                ],
                verbose_name="answers kept (days)",
            ),
        ),
        migrations.AddConstraint(
            model_name="collectionsettings",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("minimum_interval_seconds__gte", 10),
                    ("minimum_interval_seconds__lte", 86400),
                    ("monthly_credits__gte", 1),
                    ("payload_days__gte", 1),
                    ("payload_days__lte", 3650),
                    ("reserve_percent__lte", 90),
                    ("timeout_seconds__gte", 1),
                    ("timeout_seconds__lte", 120),
                ),
                name="collection_settings_in_range",
            ),
        ),
    ]
