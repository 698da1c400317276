"""Making backups in this process: what a row says, when one is due, and what a folder says."""

import json
import threading
from datetime import timedelta

import pytest

from backups import files, making, records
from backups.contents import Contents, differences
from backups.errors import BackupError, BusyError
from backups.models import Backup
from backups.restoring import restore_into
from backups.server import only_one
from backups.tools import find_tools
from tests.factories import NOON

pytestmark = pytest.mark.django_db


def at(when):
    return lambda: when


def test_the_row_says_what_the_manifest_says(site, folder):
    made = making.back_up(folder, clock=at(NOON))

    told = json.loads((folder / f"{made.file_name}.json").read_text())
    assert made.file_name == "monps-20261121T120000Z.dump"
    assert (made.status, made.kept_as) == ("done", "daily")
    assert made.bytes == (folder / made.file_name).stat().st_size == told["bytes"]
    assert made.sha256 == told["sha256"] == files.sum_of(folder / made.file_name)
    assert made.rows == told["rows"]
    assert made.rows["extra.Größe"] == 2000
    assert (made.rows["parent"], made.rows["child"]) == (1, 2)
    assert made.checksums.keys() == made.rows.keys()


def test_rows_are_counted_in_the_snapshot_that_is_dumped(site, folder):
    """Somebody writes all the while; a restore compares with what was counted, and raises."""
    site.execute("CREATE TABLE growing (id int)")
    is_over = threading.Event()

    def write():
        with site.connect() as other:
            while not is_over.is_set():
                other.execute("INSERT INTO growing VALUES (1)")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [making.back_up(folder, clock=at(NOON + timedelta(seconds=i))) for i in range(3)]
    finally:
        is_over.set()
        writer.join()

    counts = [one.rows["growing"] for one in made]
    assert counts == sorted(set(counts))
    for one in made:
        found = restore_into(folder / one.file_name, f"{site.database}_{one.pk}")
        assert found.rows["growing"] == one.rows["growing"]


def test_checksums_see_one_changed_value_and_not_the_order(site, folder):
    making.back_up(folder, clock=at(NOON))
    site.execute('CREATE TABLE copied AS TABLE extra."Größe" ORDER BY id DESC')
    site.execute('DELETE FROM extra."Größe"')
    site.execute('INSERT INTO extra."Größe" TABLE copied')
    site.execute("DROP TABLE copied")
    reordered = making.back_up(folder, clock=at(NOON + timedelta(hours=1)))
    site.execute('UPDATE extra."Größe" SET ratio = ratio + 1e-12 WHERE id = 7')
    changed = making.back_up(folder, clock=at(NOON + timedelta(hours=2)))

    first = Backup.objects.get(started_at=NOON)
    assert reordered.checksums["extra.Größe"] == first.checksums["extra.Größe"]
    assert changed.checksums["extra.Größe"] != first.checksums["extra.Größe"]
    assert changed.checksums["auth_group"] == first.checksums["auth_group"]


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (Contents(rows={"a": 1, "b": 2}), []),
        (Contents(rows={"a": 1}), ["b is missing"]),
        (Contents(rows={"a": 1, "b": 2, "c": 0}), ["c was not there"]),
        (Contents(rows={"a": 0, "b": 2}), ["a has 0 rows instead of 1"]),
        (
            Contents(rows={"a": 1, "b": 2}, checksums={"a": "5", "b": "6"}),
            ["b has other values"],
        ),
    ],
)
def test_differences_are_told_in_words(found, told):
    expected = Contents(rows={"a": 1, "b": 2}, checksums={"a": "5", "b": "4"})

    assert differences(expected, found) == told


def test_one_a_night_and_a_missed_one_is_made_up(site, folder):
    nights = [
        (timedelta(0), True),  # none yet
        (timedelta(minutes=10), False),
        (timedelta(hours=14, minutes=29), False),
        (timedelta(hours=14, minutes=30), True),  # 2:30 UTC
        (timedelta(hours=15), False),
        (timedelta(days=3), True),  # the machine was off
        (timedelta(days=3, minutes=10), False),
    ]

    made = [making.back_up_if_due(folder, clock=at(NOON + later)) for later, _is_due in nights]

    assert [one is not None for one in made] == [is_due for _later, is_due in nights]


def test_a_failure_is_tried_again_after_an_hour_and_an_interruption_at_once(site, folder):
    Backup.objects.create(
        file_name="a", status="failed", started_at=NOON, finished_at=NOON, error="The disk is full."
    )

    early = making.back_up_if_due(folder, clock=at(NOON + timedelta(minutes=50)))
    Backup.objects.create(file_name="b", started_at=NOON)
    also_early = making.back_up_if_due(folder, clock=at(NOON + timedelta(minutes=51)))
    Backup.objects.filter(file_name="a").delete()
    at_once = making.back_up_if_due(folder, clock=at(NOON + timedelta(minutes=52)))

    assert (early, also_early) == (None, None)
    assert Backup.objects.get(file_name="b").error == records.INTERRUPTED
    assert at_once.status == "done"


def test_nothing_is_done_while_another_is_under_way(site, folder):
    with only_one(), pytest.raises(BusyError, match="Another backup or restore test is running"):
        making.back_up_if_due(folder, clock=at(NOON))

    assert not Backup.objects.exists()


def test_rows_follow_the_folder(site, folder):
    kept = making.back_up(folder, clock=at(NOON))
    lost = making.back_up(folder, clock=at(NOON + timedelta(hours=1)))
    unknown = making.back_up(folder, clock=at(NOON + timedelta(hours=2)))
    (folder / lost.file_name).unlink()
    Backup.objects.filter(pk=unknown.pk).delete()

    records.catch_up(folder, now=NOON + timedelta(hours=3))
    records.catch_up(folder, now=NOON + timedelta(hours=4))

    lost.refresh_from_db()
    assert (lost.removed_at, lost.kept_as) == (NOON + timedelta(hours=3), "")
    found = Backup.objects.good().values_list("file_name", "sha256")
    assert set(found) == {
        (kept.file_name, kept.sha256),
        (unknown.file_name, unknown.sha256),
    }


def test_the_rotation_removes_files_and_keeps_their_rows(site, folder):
    for day in range(9):
        made = making.back_up(folder, clock=at(NOON + timedelta(days=day)), with_checksums=False)

    gone = Backup.objects.exclude(removed_at=None)
    assert [one.started_at for one in gone.order_by("started_at")] == [NOON + timedelta(days=0)]
    assert Backup.objects.good().newest() == made
    # Saturday's is gone; Sunday's, now eight days old, is the last of its week.
    reasons = list(Backup.objects.good().order_by("started_at").values_list("kept_as", flat=True))
    assert reasons == ["weekly", *["daily"] * 7]
    assert len(list(folder.iterdir())) == 3 * 8


def test_tools_of_another_version_are_refused_in_one_sentence():
    with pytest.raises(BackupError, match="install postgresql-client-99") as refused:
        find_tools(99)

    assert "is here" in str(refused.value)


def test_newer_tools_are_not_used_where_an_older_server_would_refuse_what_they_write():
    found = {}
    for server in (15, 16, 17, 18):
        try:
            found[server] = find_tools(server).major
        except BackupError:
            found[server] = None

    assert found[18] is None or found[18] >= 18
    assert all(found[old] is None or old <= found[old] < 17 for old in (15, 16))
