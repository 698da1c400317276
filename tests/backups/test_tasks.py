"""The ticks: they do what is due, say what is wrong, and stay below the broker's patience."""

import logging

import pytest
from django.conf import settings as project
from django.utils import timezone

from backups import tasks
from backups.models import Backup
from backups.server import only_one

pytestmark = pytest.mark.django_db


def test_a_tick_makes_one_backup_and_the_next_none(site, folder):
    tasks.back_up()
    tasks.back_up()

    made = Backup.objects.get()
    assert made.status == "done"
    assert made.started_at <= timezone.now()


def test_a_tick_tests_the_newest_and_the_next_nothing(site, folder):
    tasks.back_up()
    tasks.test_newest()
    first = Backup.objects.get().restore_tested_at
    tasks.test_newest()

    backup = Backup.objects.get()
    assert backup.is_restore_ok
    assert backup.restore_tested_at == first


def test_what_is_asked_for_is_done_though_it_is_not_due(site, folder):
    tasks.back_up()
    tasks.test_newest()
    first = Backup.objects.get().restore_tested_at

    tasks.test_newest_now()

    assert Backup.objects.get().restore_tested_at > first


def test_a_failure_is_a_sentence_in_the_log_and_in_the_row(site, folder, caplog):
    folder.parent.joinpath("backups").write_text("in the way")

    with caplog.at_level(logging.ERROR):
        tasks.back_up_now()

    sentence = f"Nothing can be written to {folder}: File exists."
    assert [one.getMessage() for one in caplog.records] == [sentence]
    assert Backup.objects.get().error == sentence


def test_a_tick_beside_another_backup_only_says_so(site, folder, caplog):
    with caplog.at_level(logging.INFO), only_one():
        tasks.back_up()

    assert "Another backup or restore test is running" in caplog.text
    assert not Backup.objects.exists()


def test_without_a_folder_nothing_is_done(settings):
    settings.BACKUP_FOLDER = ""

    tasks.back_up()
    tasks.back_up_now()

    assert not Backup.objects.exists()


@pytest.mark.parametrize("task", [tasks.back_up, tasks.back_up_now, tasks.test_newest])
def test_limits_stay_below_what_the_broker_takes_for_lost(task):
    visibility = project.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]

    assert tasks.proving.LONGEST_SECONDS < task.soft_time_limit < task.time_limit < visibility
