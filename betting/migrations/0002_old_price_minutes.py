"""How many minutes a price may be old before the user is warned."""

import django.core.validators
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("betting", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="stakingsettings",
            name="old_price_minutes",
            field=models.PositiveSmallIntegerField(
                default=10,
                help_text=(
                    "A price seen longer ago is marked, and you are warned before you bet on it. "
                    "1 to 240."
                ),
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(240),
                ],
                verbose_name="minutes until a price is old",
            ),
        ),
        migrations.AddConstraint(
            model_name="stakingsettings",
            constraint=models.CheckConstraint(
                condition=Q(old_price_minutes__gte=1, old_price_minutes__lte=240),
                name="staking_settings_old_price_minutes_in_range",
            ),
        ),
    ]
