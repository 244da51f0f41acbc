"""The supervisor: keeps the query processes at their number, and kills what passes its deadline.

It never opens a store itself: the store's threads would not survive the fork that makes a query
process, which takes a millisecond since everything is imported already.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import signal
import socket
import time
from pathlib import Path

from triplomacy.engine.federation.forwarder import Services
from triplomacy.engine.federation.tally import Tally
from triplomacy.engine.pool import last_words
from triplomacy.engine.pool.board import Board
from triplomacy.engine.pool.budget import Budget
from triplomacy.engine.pool.process import work
from triplomacy.lifetime import die_with_parent
from triplomacy.limits import Limits
from triplomacy.processes import enrol
from triplomacy.release.folder import Releases

_log = logging.getLogger(__name__)

SOCKET = "queries.sock"
BOARD = "board"
BUDGET = "budget"
CALLS = "calls"
_TICK = 0.01  # seconds between two looks at the board: how late a deadline can be noticed
_SOON = 0.5  # a process that lives shorter than this is replaced with a pause


def supervise(
    folder: Path, releases: Releases, limits: Limits, services: tuple[str, ...] = ()
) -> None:
    """Run the pool until this process is ended; the query processes end with it.

    Args:
        folder: an empty folder that only this user may enter, for the socket and the board.
        releases: where the stores are.
        limits: how many processes, how much each may take, and how many queries may wait.
        services: the addresses of the endpoints that queries may call.
    """
    die_with_parent()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the parent, which ends us
    size = limits.processes or os.cpu_count() or 1
    board = Board(folder / BOARD, rows=size)
    budget = Budget(folder / BUDGET, limits.client_seconds)
    if services:
        Tally(folder / CALLS, services, rows=size)
    enrol(folder, "supervisor")
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    unready = folder / f"{SOCKET}.new"
    listener.bind(str(unready))
    listener.listen(limits.queue)
    unready.rename(folder / SOCKET)  # under its name from the moment on at which it can be used
    supervisor = os.getpid()
    rows: dict[int, int] = {}
    born: dict[int, float] = {}
    killed: set[int] = set()

    def spawn(row: int) -> None:
        pid = os.fork()
        if pid == 0:
            _run(supervisor, row, listener, board, folder, releases, limits, services)
        rows[pid], born[pid] = row, time.monotonic()

    for row in range(size):
        spawn(row)
    while True:
        for query in board.running():
            if query.left < 0 and not board.reason(query.row, query.id):
                board.condemn(query.row, query.id, "time")
            if board.reason(query.row, query.id):
                killed.add(query.pid)
                with contextlib.suppress(ProcessLookupError):
                    os.kill(query.pid, signal.SIGKILL)
        for pid, status in _ended():
            row = rows.pop(pid)
            for query in board.running():
                if query.row != row:
                    continue
                # Nobody meant to kill it. (A kill that was meant for the query before condemns
                # nobody; the client asks again.)
                if pid not in killed and not board.reason(row, query.id):
                    words = last_words.read(folder, row)
                    board.condemn(row, query.id, last_words.cause(status, words))
                    _log.error("the process of query %s died by itself: %s", query.id, words)
                if not query.paid:
                    budget.charge(query.client, query.seconds, functools.partial(board.pay, row))
            board.finish(row)
            killed.discard(pid)
            if time.monotonic() - born.pop(pid) < _SOON:
                time.sleep(_TICK)
            spawn(row)
        time.sleep(_TICK)


def _run(
    supervisor: int,
    row: int,
    listener: socket.socket,
    board: Board,
    folder: Path,
    releases: Releases,
    limits: Limits,
    services: tuple[str, ...],
) -> None:
    """The life of a query process, in the child of a fork; never returns."""
    try:
        die_with_parent(supervisor)
        # A file of its own: the lock of an inherited one would be everybody's at once.
        budget = Budget(folder / BUDGET, limits.client_seconds)
        enrol(folder, "query")
        last_words.keep(folder, row)
        listed = Services()
        if services:
            counted = functools.partial(Tally(folder / CALLS, services).count, row)
            listed = Services(services, limits, counted)
        work(row, listener, board, budget, releases, limits, listed)
    finally:
        os._exit(1)


def _ended() -> list[tuple[int, int]]:
    """The children that ended since the last look, each with its wait status."""
    ended = []
    with contextlib.suppress(ChildProcessError):
        while (child := os.waitpid(-1, os.WNOHANG))[0] != 0:
            ended.append(child)
    return ended
