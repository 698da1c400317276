"""The page of backups: what it says, who may do what, and what the buttons send."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backups.models import Backup
from monps.celery import app

pytestmark = pytest.mark.django_db
LIST = "admin:backups_backup_changelist"


def make_backup(**given: Any) -> Backup:
    now = timezone.now()
    number = Backup.objects.count()
    defaults = {
        "file_name": f"monps-2026112{number}T120000Z.dump",
        "status": "done",
        "started_at": now - timedelta(hours=5),
        "finished_at": now - timedelta(hours=5) + timedelta(seconds=42),
        "bytes": 12_345_678,
        "sha256": "ab" * 32,
        "rows": {"bets": 1_200, "quotes": 34},
        "kept_as": "daily",
    }
    return Backup.objects.create(**defaults | given)


@pytest.fixture
def owner(client: Client, folder: Any) -> Client:
    client.force_login(User.objects.create_superuser("owner", password="a good password"))
    client.cookies["django_language"] = "en"
    return client


def queued() -> list[str]:
    """Tasks of backups that wait in the queue for long work; they are taken out of it."""
    found = []
    with app.connection_for_write() as broker:
        redis = broker.channel().client
        for message in redis.lrange("long", 0, -1):
            name = json.loads(message)["headers"]["task"]
            if name.startswith("backups.") and redis.lrem("long", 1, message):
                found.append(name)
    return sorted(found)


def page(client: Client) -> str:
    return client.get(reverse(LIST)).content.decode()


def test_an_empty_list_says_when_there_will_be_one(owner: Client):
    shown = page(owner)

    assert "No backup yet" in shown
    assert "Back up now" in shown
    assert "Test the restore now" not in shown


def test_a_row_says_age_size_contents_and_its_restore_test(owner: Client):
    make_backup(restore_tested_at=timezone.now() - timedelta(days=3), is_restore_ok=True)
    make_backup(
        restore_tested_at=timezone.now() - timedelta(days=9),
        is_restore_ok=False,
        restore_error="auth_group is missing",
    )

    shown = page(owner)

    for told in ("5 h ago", "11.8\xa0MB", "42 s", "1,234", "2 tables", "Daily", "3 d ago"):
        assert told in shown, told
    assert "auth_group is missing" in shown
    assert "Test the restore now" in shown


def test_a_failed_one_says_why_and_a_removed_one_offers_no_file(owner: Client):
    make_backup(
        status="failed", error="The disk is full.", bytes=None, sha256="", rows={}, kept_as=""
    )
    make_backup(removed_at=timezone.now(), kept_as="")

    shown = page(owner)

    assert "The disk is full." in shown
    assert "Removed" in shown
    assert "Download" not in shown


def test_without_a_folder_the_page_says_so_and_offers_nothing(owner: Client, settings: Any):
    settings.BACKUP_FOLDER = ""

    shown = page(owner)

    assert "BACKUP_FOLDER is not set" in shown
    assert "Back up now" not in shown


def test_the_buttons_hand_the_work_to_the_worker_for_long_work(owner: Client):
    queued()

    for job in ("backup", "test"):
        answer = owner.post(reverse("admin:backups_backup_start", args=[job]), follow=True)
        assert "It is handed to the worker" in answer.content.decode()

    assert queued() == ["backups.tasks.back_up_now", "backups.tasks.test_newest_now"]


def test_nothing_is_started_by_looking_or_by_a_wrong_name(owner: Client):
    looked = owner.get(reverse("admin:backups_backup_start", args=["backup"]))
    wrong = owner.post(reverse("admin:backups_backup_start", args=["drop"]))

    assert (looked.status_code, wrong.status_code) == (405, 404)


def test_a_superuser_downloads_the_file(owner: Client, folder: Any):
    backup = make_backup()
    folder.mkdir()
    (folder / backup.file_name).write_bytes(b"PGDMP and more")

    answer = owner.get(reverse("admin:backups_backup_file", args=[backup.pk]))

    assert b"".join(answer.streaming_content) == b"PGDMP and more"
    assert backup.file_name in answer["Content-Disposition"]


def test_a_file_that_is_gone_is_not_found(owner: Client, folder: Any):
    backup = make_backup()

    assert owner.get(reverse("admin:backups_backup_file", args=[backup.pk])).status_code == 404


def test_one_who_only_looks_neither_starts_nor_downloads(client: Client, folder: Any):
    backup = make_backup()
    viewer = User.objects.create_user("viewer", password="a good password", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_backup"))
    client.force_login(viewer)
    client.cookies["django_language"] = "en"

    shown = page(client)
    started = client.post(reverse("admin:backups_backup_start", args=["backup"]))
    file = client.get(reverse("admin:backups_backup_file", args=[backup.pk]))

    assert "5 h ago" in shown
    assert "Back up now" not in shown
    assert "Download" not in shown
    assert (started.status_code, file.status_code) == (403, 403)


def test_strangers_are_sent_to_the_login(client: Client):
    backup = make_backup()

    addresses = [reverse(LIST), reverse("admin:backups_backup_file", args=[backup.pk])]
    assert [client.get(one).status_code for one in addresses] == [302, 302]


def test_no_row_is_edited(owner: Client):
    backup = make_backup()

    address = reverse("admin:backups_backup_change", args=[backup.pk])
    assert owner.get(address).status_code == 200
    assert owner.post(address, {"file_name": "x"}).status_code == 403
    assert owner.get(reverse("admin:backups_backup_add")).status_code == 403


def test_the_page_asks_as_often_for_one_row_as_for_many(
    owner: Client, django_assert_max_num_queries: Any
):
    for _number in range(9):
        make_backup()

    with django_assert_max_num_queries(12):
        page(owner)
