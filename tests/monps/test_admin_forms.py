"""Forms of the admin: jobs are only switched, settings of one row are kept or refused."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_celery_beat import models as beat

from odds.models import CollectionSettings

pytestmark = pytest.mark.django_db


def make_job() -> Any:
    interval = beat.IntervalSchedule.objects.create(every=20, period="seconds")
    return beat.PeriodicTask.objects.create(
        name="collect", task="monps.pipeline.collect_due_sports", interval=interval, enabled=True
    )


def test_the_form_of_a_job_changes_only_whether_it_runs(desk: Client) -> None:
    job = make_job()
    address = reverse("admin:django_celery_beat_periodictask_change", args=[job.pk])

    answer = desk.post(address, {"name": "other", "task": "os.system", "args": '["x"]'})

    assert answer.status_code == 302
    changed = beat.PeriodicTask.objects.get()
    assert (changed.name, changed.task, changed.args) == (job.name, job.task, job.args)
    assert changed.enabled is False


def test_beat_is_told_when_jobs_are_switched(desk: Client) -> None:
    job = make_job()
    beat.PeriodicTasks.objects.all().delete()

    desk.post(
        reverse("admin:django_celery_beat_periodictask_changelist"),
        {"action": "disable_tasks", "_selected_action": [job.pk]},
    )

    assert beat.PeriodicTask.objects.get().enabled is False
    assert beat.PeriodicTasks.last_change() is not None


def test_settings_of_one_row_are_kept_where_none_was_saved_before(desk: Client) -> None:
    address = reverse("admin:odds_collectionsettings_change", args=[1])

    answer = desk.post(
        address,
        {
            "regions": ["eu", "fr"],
            "markets": ["h2h", "totals"],
            "minimum_interval_seconds": 600,
            "monthly_credits": 20000,
            "reserve_percent": 5,
            "timeout_seconds": 20,
            "payload_days": 30,
        },
    )

    assert answer.headers["Location"] == address
    kept = CollectionSettings.objects.get()
    assert (kept.regions, kept.markets, kept.reserve_percent) == ("eu,fr", "h2h,totals", 5)


def test_a_setting_out_of_its_range_is_refused_with_the_reason(desk: Client) -> None:
    address = reverse("admin:odds_collectionsettings_change", args=[1])

    answer = desk.post(address, {"regions": ["mars"], "markets": [], "reserve_percent": 95})

    assert answer.status_code == 200
    assert {"regions", "markets", "reserve_percent"} <= answer.context["adminform"].errors.keys()
    assert not CollectionSettings.objects.exists()
