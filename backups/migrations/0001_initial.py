"""The first tables."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Backup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file_name", models.CharField(max_length=100, unique=True, verbose_name="file")),
                (
                    "status",
                    models.CharField(
                        choices=[("running", "Running"), ("done", "Done"), ("failed", "Failed")],
                        default="running",
                        max_length=7,
                        verbose_name="status",
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="started")),
                (
                    "finished_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="finished"),
                ),
                (
                    "bytes",
                    models.BigIntegerField(
                        blank=True, help_text="In bytes.", null=True, verbose_name="size"
                    ),
                ),
                ("sha256", models.CharField(blank=True, max_length=64, verbose_name="SHA-256")),
                (
                    "rows",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="Of each table, in the dumped snapshot.",
                        verbose_name="rows",
                    ),
                ),
                (
                    "checksums",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="Of each table, if they were made.",
                        verbose_name="checksums",
                    ),
                ),
                ("error", models.CharField(blank=True, max_length=500, verbose_name="error")),
                (
                    "kept_as",
                    models.CharField(
                        blank=True,
                        choices=[("daily", "Daily"), ("weekly", "Weekly"), ("monthly", "Monthly")],
                        max_length=7,
                        verbose_name="kept as",
                    ),
                ),
                (
                    "removed_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Since when the file is gone.",
                        null=True,
                        verbose_name="removed",
                    ),
                ),
                (
                    "restore_tested_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="restore tested"),
                ),
                (
                    "is_restore_ok",
                    models.BooleanField(blank=True, null=True, verbose_name="restore test passed"),
                ),
                (
                    "restore_error",
                    models.CharField(
                        blank=True, max_length=500, verbose_name="restore test’s error"
                    ),
                ),
            ],
            options={
                "verbose_name": "backup",
                "verbose_name_plural": "backups",
                "db_table": "backups",
                "ordering": ["-started_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at", None), ("status", "running")),
                            models.Q(
                                ("finished_at__isnull", False), ("status__in", ["done", "failed"])
                            ),
                            _connector="OR",
                        ),
                        name="backups_finished_with_its_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "done"), _negated=True),
                            models.Q(("bytes__gt", 0), models.Q(("sha256", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="backups_done_with_its_size_and_sum",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "failed"), _negated=True),
                            models.Q(("error", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="backups_failed_with_its_error",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "done"),
                            models.Q(("kept_as", ""), ("removed_at", None)),
                            _connector="OR",
                        ),
                        name="backups_only_done_ones_are_kept_or_removed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("is_restore_ok", None),
                                ("restore_error", ""),
                                ("restore_tested_at", None),
                            ),
                            models.Q(
                                ("is_restore_ok", True),
                                ("restore_error", ""),
                                ("restore_tested_at__isnull", False),
                            ),
                            models.Q(
                                ("is_restore_ok", False),
                                ("restore_tested_at__isnull", False),
                                models.Q(("restore_error", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="backups_tested_with_its_result",
                    ),
                ],
            },
        ),
    ]
