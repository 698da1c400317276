"""The folders the embedded servers work in, and the account that owns them.

As root the servers run as `nobody`, whom the folders above the data folder may shut out. So each
is started *inside* its own folder and never names it by its full path.
"""

import hashlib
import os
import pwd
import re
import stat
import tempfile
from pathlib import Path

from monps.binaries import EmbeddedError
from monps.child import Account

LONGEST_SOCKET_PATH = 100  # bytes; the limits are 107 on Linux and 103 on macOS


def server_account() -> Account | None:
    """Ourselves (None), or `nobody` when we are root: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


def name_inside(folder: Path, account: Account | None) -> str:
    """How a server that works in `folder` names it, though it may not enter the folders above."""
    return "/proc/self/cwd" if account and Path("/proc/self/cwd").exists() else str(folder)


def own_folder(folder: Path, account: Account | None) -> None:
    """Make a private folder of `account`'s own.

    Raises:
        EmbeddedError: It exists, holds something and belongs to somebody else.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    owner, wanted = folder.lstat().st_uid, account.uid if account else os.geteuid()
    if owner == wanted:
        return
    if account is None or any(folder.iterdir()):
        raise EmbeddedError(
            f"{folder} belongs to user {owner}: run as that user (as root where it is `nobody`), "
            "or choose another folder with MONPS_VAR."
        )
    os.chown(folder, account.uid, account.gid, follow_symlinks=False)


def socket_folder(folder: Path, name: str, account: Account | None) -> Path:
    """Where the socket `name` of the server in `folder` goes.

    `folder` itself, or where its path is too long for a socket or needs quoting in an address,
    always the same private folder below the temporary one.

    Raises:
        EmbeddedError: Somebody else took that folder.
    """
    path = str(folder / name)
    if len(path) <= LONGEST_SOCKET_PATH and re.fullmatch(r"[\w/.-]+", path, re.ASCII):
        return folder
    key = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    short = Path(tempfile.gettempdir()) / f"monps-{key}"
    own_folder(short, account)
    mode = short.lstat().st_mode
    if not stat.S_ISDIR(mode) or stat.S_IMODE(mode) != 0o700:
        raise EmbeddedError(f"{short} is not a private folder: remove it.")
    return short
