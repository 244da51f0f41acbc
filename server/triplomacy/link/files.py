"""Writes a file of the site in one step: whoever is killed, or comes between, finds a whole one."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from pathlib import Path

from triplomacy.errors import NotWritten

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def replace_file(path: Path, content: bytes, before: bytes | None = None) -> None:
    """Write a file, with the rights that it had.

    Args:
        path: the file; its folder is made where there is none.
        content: what is to stand in it.
        before: what must stand in it until then; None for whatever does, or nothing.

    Raises:
        NotWritten: it cannot be written, or was changed by somebody else.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = path.stat().st_mode & 0o7777 if path.exists() else 0o644
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            Path(name).chmod(mode)
            if before is not None and path.read_bytes() != before:
                raise NotWritten(
                    f"{path}: somebody has just changed it, so it was left alone",
                    "run the command again",
                )
            Path(name).replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as error:
        remedy = "make room for it" if error.errno in _NO_ROOM else "make it writable"
        raise NotWritten(f"{path}: {error.strerror or error}", remedy) from error
