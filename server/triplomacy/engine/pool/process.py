"""A query process: takes one query at a time from the socket, and answers it in frames."""

from __future__ import annotations

import contextlib
import logging
import os
import resource
import signal
import socket
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from triplomacy.engine.federation.forwarder import Services
from triplomacy.engine.pool.board import Board
from triplomacy.engine.pool.budget import Budget
from triplomacy.engine.pool.frames import Conversation, Kind
from triplomacy.engine.protocol import Acceptance, Engine, Query
from triplomacy.errors import ResultTooLarge, TriplomacyError
from triplomacy.formats import Format
from triplomacy.limits import Limits
from triplomacy.release.folder import Releases
from triplomacy.release.store import open_engine

_log = logging.getLogger(__name__)

_CHUNK = 64 * 1024
_MIB = 1024 * 1024
_OPEN_STORES = 2  # the current release's, and the one before while its requests run out
_PATIENCE = 10.0  # seconds for a web process to send its request once it is accepted


@dataclass(frozen=True, slots=True)
class Request:
    """What a web process asks.

    Attributes:
        id: 16 hex digits.
        version: the release to ask.
        query: the query with its dataset.
        accepted: chooses the format.
        seconds: the time it may take.
        client: the address of who asks, for the operator.
    """

    id: str
    version: str
    query: Query
    accepted: Acceptance
    seconds: float
    client: str


def work(
    row: int,
    listener: socket.socket,
    board: Board,
    budget: Budget,
    releases: Releases,
    limits: Limits,
    services: Services,
) -> None:
    """Answer queries until killed.

    Args:
        row: this process's row on `board`.
        listener: the socket that all query processes accept from.
        budget: what each client has had, where this process writes what its queries took.
        releases: where the stores are.
        limits: the memory and the bytes that a query may take.
        services: what queries may call.
    """
    stores: OrderedDict[str, Engine] = OrderedDict()

    def engine(version: str) -> Engine:
        if version not in stores:
            stores[version] = open_engine(releases.get(version), services)
            while len(stores) > _OPEN_STORES:
                stores.popitem(last=False)
            _limit_memory(limits.memory_mib)
        stores.move_to_end(version)
        return stores[version]

    with contextlib.suppress(TriplomacyError):
        engine(releases.existing().version)  # opened now, so that the first query need not wait
    while True:
        connection, _ = listener.accept()
        connection.settimeout(_PATIENCE)
        with connection, contextlib.suppress(OSError):  # a web process that left is no concern
            _answer(connection, row, board, budget, engine, limits)


def _limit_memory(mib: int) -> None:
    """Let this process take `mib` more than it has now; past that, allocations fail."""
    with open("/proc/self/statm") as statm:  # noqa: PTH123 - no path, the kernel
        now = int(statm.read().split()[0]) * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (now + mib * _MIB, hard))


def _answer(
    connection: socket.socket,
    row: int,
    board: Board,
    budget: Budget,
    engine: Callable[[str], Engine],
    limits: Limits,
) -> None:
    conversation = Conversation(connection)
    start = time.monotonic()
    frame = conversation.receive(start + _PATIENCE)
    if frame is None or frame.kind is not Kind.REQUEST:
        return
    request: Request = frame.value()
    balance = budget.balance(request.client, board.running)
    if balance is not None and balance.refused:  # others of its queries ran while it waited
        conversation.put(Kind.ERROR, balance.refusal())
        conversation.flush()
        return
    pid = os.getpid()
    deadline = start + request.seconds
    board.start(row, pid, request.id, deadline, request.client, request.query.text)
    connection.settimeout(request.seconds + _PATIENCE)
    charged = False

    def charge() -> None:
        """Write what the query took, before its client knows that it has ended."""
        nonlocal charged
        if not charged:
            budget.charge(request.client, time.monotonic() - start, lambda: board.pay(row))
        charged = True

    try:
        if conversation.is_over():  # its client left while it waited
            return
        sink = _Frames(conversation, start, limits.result_mib * _MIB)
        rows = engine(request.version).answer_to(
            request.query, request.accepted, sink, limits.rows, request.seconds
        )
        charge()
        sink.end(rows)
    except TriplomacyError as error:
        charge()
        conversation.put(Kind.ERROR, error)
        conversation.flush()
    except OSError:
        raise  # the web process left
    except MemoryError:
        board.condemn(row, request.id, "memory")
        os.kill(pid, signal.SIGKILL)
    except Exception:
        _log.exception("unexpected error while answering query %s", request.id)
        conversation.put(Kind.ERROR, TriplomacyError("The error was logged.", "tell the publisher"))
        conversation.flush()
    finally:
        charge()
        board.finish(row)


class _Frames:
    """Sends an answer on, in chunks, as it is made. Implements `engine.protocol.Sink`."""

    def __init__(self, conversation: Conversation, start: float, limit: int) -> None:
        self._conversation = conversation
        self._start = start
        self._limit = limit
        self._waiting = bytearray()
        self._head: tuple[str, float] | None = None
        self._sent = 0

    def begin(self, format: Format) -> None:
        """The answer is about to come, in this format; told with the first piece.

        So that what goes wrong before is an error with its own status, not an answer cut short.
        """
        self._head = (format.suffix, self._start)

    def write(self, data: bytes) -> int:
        """A piece of the answer."""
        self._sent += len(data)
        if self._sent > self._limit:
            raise ResultTooLarge(
                f"The answer is longer than {self._limit // _MIB} MiB",
                "ask for less with LIMIT, or download the data whole from /dumps/",
            )
        self._waiting += data
        if len(self._waiting) >= _CHUNK:
            self._put()
            self._conversation.flush()
        return len(data)

    def end(self, rows: int) -> None:
        """Send what waits, and that it was all; of a small answer, everything at once."""
        self._put()
        self._conversation.put(Kind.END, rows)
        self._conversation.flush()

    def _put(self) -> None:
        if self._head is not None:
            self._conversation.put(Kind.HEAD, self._head)
            self._head = None
        if self._waiting:
            self._conversation.put(Kind.DATA, bytes(self._waiting))
            self._waiting.clear()
