"""The restore test: what it finds, what it leaves, and when it is due."""

import json
from datetime import timedelta

import pytest

from backups import making, proving
from backups.errors import BackupError, BusyError
from backups.models import Backup
from backups.server import only_one
from tests.backups.site import server
from tests.factories import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


def at(when):
    return lambda: when


def test_a_good_one_passes_and_leaves_no_database(site, folder):
    making.back_up(folder, clock=at(NOON))

    tested = proving.prove_newest(folder, clock=at(LATER))

    assert (tested.restore_tested_at, tested.is_restore_ok) == (LATER, True)
    assert site.databases() == {site.database}


def test_the_newest_is_tested_even_if_a_killed_test_left_its_database(site, folder):
    making.back_up(folder, clock=at(NOON))
    newest = making.back_up(folder, clock=at(LATER))
    with server() as made:
        made.execute(f"CREATE DATABASE {site.database}_restore_test")

    tested = proving.prove_newest(folder, clock=at(LATER))

    assert (tested.pk, tested.is_restore_ok) == (newest.pk, True)
    assert site.databases() == {site.database}


def alter(path, change):
    told = json.loads(path.read_text())
    change(told)
    path.write_text(json.dumps(told))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda told: told["rows"].update(auth_group=3),
            "The restored database is not as it was: auth_group has 2 rows instead of 3.",
        ),
        (
            lambda told: told["checksums"].update(auth_group="1"),
            "The restored database is not as it was: auth_group has other values.",
        ),
    ],
)
def test_one_that_is_not_as_it_was_fails(site, folder, change, sentence):
    made = making.back_up(folder, clock=at(NOON))
    alter(folder / f"{made.file_name}.json", change)

    tested = proving.prove_newest(folder, clock=at(LATER))

    assert (tested.is_restore_ok, tested.restore_error) == (False, sentence)
    assert site.databases() == {site.database}


def test_one_that_takes_too_long_fails(site, folder):
    site.execute("CREATE TABLE ballast AS SELECT md5(i::text) FROM generate_series(1, 200000) i")
    making.back_up(folder, clock=at(NOON), with_checksums=False)

    tested = proving.prove_newest(folder, clock=at(LATER), seconds=0.1)

    assert tested.restore_error == "It was not restored within 0.1 seconds."
    assert site.databases() == {site.database}


def test_it_is_due_once_a_week_whatever_came_of_it(site, folder):
    made = making.back_up(folder, clock=at(NOON))
    alter(folder / f"{made.file_name}.json", lambda told: told["rows"].update(auth_group=3))
    sunday = NOON.replace(hour=4) + timedelta(days=1)
    moments = [
        (NOON, True),
        (LATER, False),
        (sunday - timedelta(minutes=1), False),
        (sunday, True),
        (sunday + timedelta(days=6), False),
        (sunday + timedelta(days=20), True),
    ]

    tested = [proving.prove_newest_if_due(folder, clock=at(when)) for when, _is_due in moments]

    assert [one is not None for one in tested] == [is_due for _when, is_due in moments]


def test_there_must_be_a_backup_and_nobody_else_at_work(site, folder):
    assert proving.prove_newest_if_due(folder, clock=at(NOON)) is None
    with pytest.raises(BackupError, match="There is no backup to test: make one first"):
        proving.prove_newest(folder, clock=at(NOON))
    with only_one(), pytest.raises(BusyError):
        proving.prove_newest(folder, clock=at(NOON))

    assert not Backup.objects.exists()


def test_the_command_says_what_it_compared(site, folder):
    site.command("backup", "--checksums")
    passed = site.command("test_restore")
    (path,) = folder.glob("*.json")
    alter(path, lambda told: told["rows"].update(auth_group=3))
    failed = site.command("test_restore")

    assert passed[0] == 0
    assert "was restored; rows and checksums of" in passed[1]
    assert failed[0] == 1
    assert "auth_group has 2 rows instead of 3" in failed[1]
