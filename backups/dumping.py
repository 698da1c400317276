"""Dumping the whole database into a file that is whole or not there."""

import hashlib
import os
import subprocess
import tempfile
from datetime import datetime
from pathlib import Path
from typing import IO, Final

from backups import files
from backups.contents import read_contents
from backups.errors import BackupError
from backups.files import Manifest, Watch
from backups.server import (
    Connection,
    connect,
    database_name,
    server_major,
    tool_address,
    tool_environment,
)
from backups.tools import Tools, find_tools

# The image of docker-compose.yml makes this one in every database. Nothing of ours uses it, and
# a dump that holds it can be restored to no server without it.
LEFT_OUT: Final = "timescaledb"
BEGIN: Final = b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


def dump(
    path: Path, *, started_at: datetime, clock: files.Clock, with_checksums: bool, watch: Watch
) -> Manifest:
    """Write the database to `path`, and beside it what it holds.

    The rows are counted in the very snapshot that is dumped, whatever is written meanwhile.

    Args:
        path: The file to be; there is none of that name.
        started_at: When the backup was begun.
        clock: Tells the time.
        with_checksums: Whether a checksum of each table is computed too.
        watch: Told how many bytes more were written.

    Raises:
        BackupError: There is no backup; nothing but an unfinished file may have been left.
    """
    unfinished = path.with_name(path.name + files.UNFINISHED)
    with connect(database_name()) as made:
        tools = find_tools(server_major(made))
        made.execute(BEGIN)
        snapshot = _first(made, b"SELECT pg_export_snapshot()")
        contents = read_contents(made, with_checksums=with_checksums)
        command = [
            *(tools.command("pg_dump"), "--format", "custom", "--snapshot", snapshot),
            *(f"--extension={name}" for name in _extensions(made)),
            *("--dbname", tool_address(made)),
        ]
        with files.said_plainly(path.parent):
            size, total = _write(unfinished, command, tool_environment(made), watch)
        _list(unfinished, tools)
        manifest = Manifest(
            started_at=started_at.isoformat(),
            finished_at=clock().isoformat(),
            database=made.info.dbname,
            server_version=made.info.server_version,
            bytes=size,
            sha256=total,
            rows=contents.rows,
            checksums=contents.checksums,
        )
    with files.said_plainly(path.parent):
        files.finish(unfinished, path, manifest)
    return manifest


def error_of(said: IO[bytes], program: str) -> str:
    """What a tool complained of, in one line."""
    said.seek(0)
    lines = [line.strip() for line in said.read().decode(errors="replace").splitlines()]
    told = [line for line in lines if "error:" in line] or [line for line in lines if line]
    return told[0].removeprefix(f"{program}: error: ") if told else "it did not say why"


def _write(
    path: Path, command: list[str], environment: dict[str, str], watch: Watch
) -> tuple[int, str]:
    """Copy what the tool prints into a new file; its size and SHA-256.

    Through us and not by the tool itself: it ends when we do, however that is, and what is summed
    is what it said and not what a disk made of it.
    """
    size, digest = 0, hashlib.sha256()
    with (
        tempfile.TemporaryFile() as said,
        files.create(path) as file,
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said, env=environment
        ) as tool,
    ):
        assert tool.stdout is not None
        try:
            while block := tool.stdout.read(files.BLOCK):
                file.write(block)
                digest.update(block)
                size += len(block)
                watch(len(block))
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            tool.kill()
            raise
        if tool.wait() != 0:
            raise BackupError(f"pg_dump failed: {error_of(said, 'pg_dump')}")
    return size, digest.hexdigest()


def _list(path: Path, tools: Tools) -> None:
    """Raise where the table of contents of a dump cannot be read back from the disk."""
    with tempfile.TemporaryFile() as said:
        command = [tools.command("pg_restore"), "--list", str(path)]
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=said, check=False)
        if done.returncode != 0:
            raise BackupError(f"The dump cannot be read back: {error_of(said, 'pg_restore')}")


def _extensions(made: Connection) -> list[str]:
    query = b"SELECT extname FROM pg_extension WHERE extname <> %s ORDER BY 1"
    return [row[0] for row in made.execute(query, [LEFT_OUT]).fetchall()]


def _first(made: Connection, query: bytes) -> str:
    found = made.execute(query).fetchone()
    assert found is not None
    return str(found[0])
