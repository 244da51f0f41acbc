"""The supervisor: keeps the query processes at their number, and kills what passes its deadline.

It never opens a store itself: the store's threads would not survive the fork that makes a query
process, which takes a millisecond since everything is imported already.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import time
from pathlib import Path

from triplomacy.engine.pool.board import Board
from triplomacy.engine.pool.process import work
from triplomacy.limits import Limits
from triplomacy.release.folder import Releases

SOCKET = "queries.sock"
BOARD = "board"
_TICK = 0.01  # seconds between two looks at the board: how late a deadline can be noticed
_SOON = 0.5  # a process that lives shorter than this is replaced with a pause
_PR_SET_PDEATHSIG = 1


def supervise(folder: Path, releases: Releases, limits: Limits) -> None:
    """Run the pool until this process is ended; the query processes end with it.

    Args:
        folder: an empty folder that only this user may enter, for the socket and the board.
        releases: where the stores are.
        limits: how many processes, how much each may take, and how many queries may wait.
    """
    _die_with_parent()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the parent, which ends us
    size = limits.processes or os.cpu_count() or 1
    board = Board(folder / BOARD, rows=size)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(folder / SOCKET))
    listener.listen(limits.queue)
    rows: dict[int, int] = {}
    born: dict[int, float] = {}

    def spawn(row: int) -> None:
        pid = os.fork()
        if pid == 0:
            _run(row, listener, board, releases, limits)
        rows[pid], born[pid] = row, time.monotonic()

    for row in range(size):
        spawn(row)
    while True:
        for query in board.running():
            if query.left < 0:
                board.condemn(query.row, query.id, "time")
                with contextlib.suppress(ProcessLookupError):
                    os.kill(query.pid, signal.SIGKILL)
        for pid in _ended():
            row = rows.pop(pid)
            for query in board.running():
                # Nobody meant to kill it, so it died of an allocation that failed.
                if query.row == row and not board.reason(row, query.id):
                    board.condemn(row, query.id, "memory")
            board.finish(row)
            if time.monotonic() - born.pop(pid) < _SOON:
                time.sleep(_TICK)
            spawn(row)
        time.sleep(_TICK)


def _run(
    row: int, listener: socket.socket, board: Board, releases: Releases, limits: Limits
) -> None:
    """The life of a query process, in the child of a fork; never returns."""
    try:
        _die_with_parent()
        work(row, listener, board, releases, limits)
    finally:
        os._exit(1)


def _ended() -> list[int]:
    """The children that ended since the last look."""
    ended = []
    with contextlib.suppress(ChildProcessError):
        while (pid := os.waitpid(-1, os.WNOHANG)[0]) != 0:
            ended.append(pid)
    return ended


def _die_with_parent() -> None:
    """Have the kernel kill this process when its parent ends, however it ends (prctl(2))."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
