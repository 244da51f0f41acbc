"""What the engine said before its process died: it tells a want of memory from a fault of its own.

Both end in the same signal. The engine writes to the standard error of its process, which goes into
a file here; what Python has to say goes to the operator, as ever.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from triplomacy.engine.pool.board import Reason

_LAST = 4_000  # bytes
# What the allocators of Rust and of C++ say when they have nothing to give.
_OF_MEMORY = ("memory allocation of", "bad_alloc", "out of memory", "Cannot allocate memory")


def keep(folder: Path, row: int) -> None:
    """Have what the engine says in this process from now on kept for `read`."""
    operator = os.dup(2)
    kept = os.open(_path(folder, row), os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
    os.dup2(kept, 2)
    os.close(kept)
    sys.stderr = os.fdopen(operator, "w", buffering=1, errors="backslashreplace")


def read(folder: Path, row: int) -> str:
    """The end of what the process in `row` said."""
    try:
        return _path(folder, row).read_bytes()[-_LAST:].decode("utf-8", "replace").strip()
    except OSError:
        return ""


def cause(status: int, words: str) -> Reason:
    """Why a process died that nobody meant to kill.

    Args:
        status: as `os.waitpid` tells it.
        words: what it said last.
    """
    ended_by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
    if ended_by == signal.SIGSEGV:
        return "nesting"  # a parser or an evaluation that ran out of stack
    # SIGKILL: the system was short of memory, and took what it found largest.
    short = ended_by == signal.SIGKILL or any(each in words for each in _OF_MEMORY)
    return "memory" if short else "fault"


def _path(folder: Path, row: int) -> Path:
    return folder / f"said-{row}"
