"""Which servers of a site run: a file for each beside the releases, locked as long as it lives.

releases/.servers/          only for the user who serves
    4711-1f3a….json         where its query processes can be reached

The kernel drops the lock of a process that ends, however it ends. So a file without a lock is what
a killed server left behind; whoever meets it next removes it, with the server's temporary folder.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from triplomacy.errors import ReleaseError

TEMPORARY = "triplomacy-"
"""How the names of servers' temporary folders begin."""
_FOLDER = ".servers"


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A server of the site.

    Attributes:
        pid: its process.
        url: where it listens.
        folder: its temporary folder, with the socket and the board of its query processes.
    """

    pid: int
    url: str
    folder: str


@contextlib.contextmanager
def announced(releases: Path, server: RunningServer) -> Iterator[None]:
    """Let the operator's commands find `server` until the block ends.

    Raises:
        ReleaseError: the folder of the releases cannot be written.
    """
    for _ in running_servers(releases):
        pass  # removes what killed servers left behind
    folder = releases / _FOLDER
    path = folder / f"{server.pid}-{secrets.token_hex(4)}.json"
    unready = path.with_suffix(".new")
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)  # whatever the umask says, and whoever made it
        file = unready.open("x")
    except OSError as error:
        raise ReleaseError(f"{folder}: {error.strerror or error}", "make it writable") from error
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        json.dump(asdict(server), file)
        file.flush()
        unready.rename(path)  # under its name from the moment on at which it is locked
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def running_servers(releases: Path) -> Iterator[RunningServer]:
    """The servers that run, the one that was started first before the others.

    Raises:
        ReleaseError: the files belong to another user.
    """
    folder = releases / _FOLDER
    try:
        paths = sorted(folder.glob("*.json"), key=_began)
        found = [server for path in paths if (server := _read(path)) is not None]
    except PermissionError as error:
        raise ReleaseError(
            f"{folder}: {error.strerror}", "run this as the user who serves the site"
        ) from error
    yield from found


def _began(path: Path) -> int:
    """When the server of a file was started, in nanoseconds."""
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0  # it ended just now, and `_read` finds nothing


def _read(path: Path) -> RunningServer | None:
    """What the file says; None if its server has ended."""
    try:
        with path.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return RunningServer(**json.load(file))
            with contextlib.suppress(ValueError, TypeError):
                _remove(Path(RunningServer(**json.load(file)).folder))
            path.unlink(missing_ok=True)
    except FileNotFoundError:
        pass  # it ended between two looks
    return None


def _remove(folder: Path) -> None:
    """Remove the temporary folder of a server that was killed, and no other folder."""
    if not folder.name.startswith(TEMPORARY) or folder.is_symlink() or not folder.is_dir():
        return
    if folder.stat().st_uid == os.getuid():
        shutil.rmtree(folder, ignore_errors=True)
