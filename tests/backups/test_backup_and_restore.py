"""The commands on a database of their own, with real kills: what was backed up comes back."""

import resource
import signal
import subprocess
import time

import psycopg
import pytest

from tests.backups.site import server

pytestmark = [pytest.mark.e2e, pytest.mark.django_db]
REPLACED = "Restored {} as {}. Now run `manage.py prepare`, then start the site."
# Hexadecimal digits at random pack to half their size, at some 20 MB a second.
BALLAST = """
    CREATE TABLE ballast AS
    SELECT i, md5(random()::text) || md5(random()::text) || md5(random()::text) AS filling
    FROM generate_series(1, {}) AS i
"""


def wait_until(is_so, process):
    give_up_at = time.monotonic() + 60
    while not is_so():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < give_up_at
        time.sleep(0.01)


def size(path):
    return path.stat().st_size if path.exists() else 0


def names(site):
    return sorted(path.name for path in site.folder.iterdir())


def test_a_dropped_database_comes_back_as_it_was(site):
    before = site.everything()
    dump = site.back_up()
    with server() as made:
        made.execute(f"DROP DATABASE {site.database}")

    code, said = site.run("restore", dump, "--replace")  # a process of its own: no database yet

    after = site.everything()
    assert (code, said.splitlines()[-1]) == (
        0,
        REPLACED.format(dump.name, site.database),
    )
    assert len(before) > 40
    # The dumped snapshot holds the row of the backup under way; it was not there before.
    assert {name for name in before if before[name] != after[name]} <= {"public.backups"}
    assert before.keys() == after.keys()


def test_the_restored_database_knows_its_backups_again(site):
    first = site.back_up()
    time.sleep(1)  # a backup is named by its second
    second = site.back_up()
    site.command("restore", first, "--replace", "--force")
    assert [(name, status) for name, status, _error in site.rows()] == [(first.name, "running")]

    time.sleep(1)
    third = site.back_up()

    assert [(name, status) for name, status, _error in site.rows()] == [
        (first.name, "done"),
        (second.name, "done"),
        (third.name, "done"),
    ]


def test_a_backup_has_what_sha256sum_checks_and_only_its_owner_reads_it(site):
    dump = site.back_up()

    checked = subprocess.run(
        ["sha256sum", "--check", f"{dump.stem}.dump.sha256"], cwd=site.folder, check=False
    )
    assert checked.returncode == 0, checked
    assert {path.stat().st_mode & 0o777 for path in site.folder.iterdir()} == {0o600}
    assert site.folder.stat().st_mode & 0o777 == 0o700


def flip(content, place):
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


@pytest.mark.parametrize("has_sum", [True, False])
@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: flip(content, len(content) - 1000),
        lambda content: content[: len(content) * 2 // 3],
        lambda content: content[:100],
        lambda _content: b"",
    ],
    ids=["one bit", "cut off", "only a head", "empty"],
)
def test_a_spoiled_dump_is_refused_and_the_database_untouched(site, spoil, has_sum):
    dump = site.back_up()
    if not has_sum:
        dump.with_suffix(".dump.sha256").unlink()
    dump.write_bytes(spoil(dump.read_bytes()))
    before, all_databases = site.everything(), site.databases()

    code, said = site.command("restore", dump, "--replace")

    assert code == 1
    assert "is corrupted" in said
    assert "Traceback" not in said
    assert site.everything() == before
    assert site.databases() == all_databases


def test_a_database_in_use_is_replaced_only_by_force_and_kept(site):
    dump = site.back_up()
    site.execute("DELETE FROM auth_group")

    with site.connect() as other:
        refused, why = site.command("restore", dump, "--replace")
        assert site.execute("SELECT count(*) FROM auth_group") == [(0,)]
        forced, said = site.command("restore", dump, "--replace", "--force")
        with pytest.raises(psycopg.OperationalError):
            other.execute("SELECT 1")

    assert (refused, forced) == (1, 0)
    assert "is in use: stop the web server" in why
    assert site.execute("SELECT count(*) FROM auth_group") == [(2,)]
    former = said.partition("kept as ")[2].partition(";")[0]
    with psycopg.connect(f"{site.connect().info.dsn} dbname={former}") as made:
        assert made.execute("SELECT count(*) FROM auth_group").fetchone() == (0,)


def test_a_restore_beside_leaves_the_database_alone(site):
    dump = site.back_up()
    before = site.everything()

    code, said = site.command("restore", dump, "--into", f"{site.database}_copy")
    again, why = site.command("restore", dump, "--into", f"{site.database}_copy")

    assert (code, again) == (0, 1), (said, why)
    assert "already" in why
    assert site.everything() == before
    assert f"{site.database}_copy" in site.databases()


def test_a_kill_while_dumping_leaves_the_previous_one_and_nothing_else(site):
    previous = site.back_up()
    content = previous.read_bytes()
    site.execute(BALLAST.format(400_000))
    process = site.start("backup", "--folder", site.folder)
    wait_until(lambda: any(size(p) > 1 << 20 for p in site.folder.glob("*.unfinished")), process)

    process.send_signal(signal.SIGKILL)
    process.communicate()

    assert previous.read_bytes() == content
    assert len(list(site.folder.glob("*.dump"))) == 1
    assert [status for _name, status, _error in site.rows()] == ["done", "running"]
    assert site.command("restore", previous, "--into", f"{site.database}_copy")[0] == 0

    site.execute("DROP TABLE ballast")
    site.back_up()

    assert not list(site.folder.glob("*.unfinished"))
    (_first, interrupted, last) = site.rows()
    assert interrupted[1:] == (
        "failed",
        "It was interrupted before it was finished; what it had written is removed.",
    )
    assert last[1] == "done"
    assert len(names(site)) == 6  # two dumps, each with its manifest and its sum


def test_a_kill_while_restoring_leaves_the_database_and_the_next_one_succeeds(site):
    site.execute(BALLAST.format(200_000))
    dump = site.back_up()
    before = site.everything()
    process = site.start("restore", dump, "--replace")
    wait_until(lambda: f"{site.database}_restoring" in site.databases(), process)
    time.sleep(0.3)

    process.send_signal(signal.SIGKILL)
    process.communicate()

    assert site.everything() == before
    give_up_at = time.monotonic() + 30
    while (answer := site.command("restore", dump, "--replace"))[0] != 0:
        assert time.monotonic() < give_up_at, answer
    assert f"{site.database}_restoring" not in site.databases()


def test_a_second_backup_meanwhile_is_refused(site):
    with site.connect() as other, other.transaction():
        other.execute('LOCK TABLE extra."Größe" IN ACCESS EXCLUSIVE MODE')
        first = site.start("backup", "--folder", site.folder)
        waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = %s"
        wait_until(lambda: site.execute(waiting, site.database), first)

        code, said = site.command("backup")

    assert code == 1
    assert "Another backup or restore test is running" in said
    assert first.wait(60) == 0, first.communicate()
    first.communicate()
    assert [status for _name, status, _error in site.rows()] == ["done"]


def test_a_full_disk_is_said_and_leaves_nothing(site):
    site.execute(BALLAST.format(20_000))
    previous = site.back_up()
    kept = names(site)
    limit = previous.stat().st_size // 2
    time.sleep(1)

    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, usual[1]))
    try:
        code, said = site.command("backup")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)

    assert code == 1
    assert said.endswith(f"Nothing can be written to {site.folder}: File too large.")
    assert names(site) == kept
    assert site.rows("status, error")[-1] == (
        "failed",
        f"Nothing can be written to {site.folder}: File too large.",
    )


def test_a_pg_dump_that_fails_is_said(site):
    site.execute("CREATE TABLE broken (id int CHECK (id > 0))")
    site.execute("UPDATE pg_constraint SET conbin = NULL WHERE conrelid = 'broken'::regclass")

    code, said = site.command("backup")

    assert code == 1, said
    assert "pg_dump failed: " in said
    assert site.rows("status")[-1] == ("failed",)
    assert names(site) == []


def test_what_cannot_be_restored_from_is_one_sentence(site):
    missing = site.folder / "monps-none.dump"

    assert site.run("restore", missing, "--replace") == (
        1,
        f"CommandError: There is no file {missing}.",
    )
    assert "one of the arguments --into --replace is required" in site.run("restore", missing)[1]


def test_the_list_needs_no_database(site):
    dump = site.back_up()
    with server() as made:
        made.execute(f"DROP DATABASE {site.database}")

    code, said = site.command("list_backups")

    assert code == 0
    assert str(dump) in said
