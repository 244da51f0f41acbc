"""What a web process knows of the pool: ask a query, get the answer or the reason for none."""

from __future__ import annotations

import contextlib
import secrets
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from triplomacy.engine.pool.board import Board, Reason
from triplomacy.engine.pool.frames import Frame, Kind, receive, send
from triplomacy.engine.pool.process import Request, Started
from triplomacy.engine.pool.supervisor import BOARD, SOCKET
from triplomacy.engine.protocol import Acceptance, Query
from triplomacy.errors import (
    Cancelled,
    EndpointBusy,
    QueryTooDeep,
    QueryTooLong,
    QueryTooMuchMemory,
    TriplomacyError,
)
from triplomacy.formats import BY_SUFFIX, Format
from triplomacy.limits import Limits

_VERDICT = 0.5  # seconds that the supervisor may take to write why a process died


@dataclass(frozen=True, slots=True)
class Streamed:
    """An answer that is still being made.

    Attributes:
        id: the query's id.
        format: how it is written.
        chunks: the body; raises a TriplomacyError where it is cut short. Close it to leave early,
            which frees the query process.
    """

    id: str
    format: Format
    chunks: Iterator[bytes]


def new_id() -> str:
    """An id for a query."""
    return secrets.token_hex(8)


class Pool:
    """The pool behind a folder.

    Args:
        folder: with the socket and the board of the supervisor.
        limits: the same that the supervisor has.
    """

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._socket = str(folder / SOCKET)
        self.board = Board(folder / BOARD)
        self._limits = limits

    def ask(
        self,
        version: str,
        query: Query,
        accepted: Acceptance,
        *,
        seconds: float | None = None,
        client: str = "",
        id: str | None = None,
    ) -> Streamed:
        """Send a query, and wait until its answer begins.

        Args:
            version: the release to ask.
            query: the query with its dataset.
            accepted: chooses the format; sent to the query process, so it can be pickled.
            seconds: a deadline shorter than the limit; None for the limit.
            client: the address of who asks.
            id: the query's id, of 16 hex digits, by which the operator knows it; new by default.

        Raises:
            EndpointBusy: the queue is full.
            QueryTooLong, QueryTooMuchMemory, Cancelled: it was killed, and why.
            TriplomacyError: what the engine says about the query.
        """
        allowed = min(seconds or self._limits.seconds, self._limits.seconds)
        request = Request(id or new_id(), version, query, accepted, allowed, client)
        for _ in range(2):
            answer = self._ask(request)
            if answer is not None:
                return answer
            # It was killed in the place of another, whose deadline passed as that one ended.
        raise EndpointBusy("The query was interrupted twice", "try again")

    def _ask(self, request: Request) -> Streamed | None:
        connection = self._connect(request)
        try:
            frames = receive(connection)
            started = self._started(connection, frames, request)
            frame = _next(frames)
            if frame is None:
                connection.close()
                error = self._death(started, request)
                if error is None:
                    return None
                raise error
            if frame.kind is Kind.ERROR:
                connection.close()
                raise _error(frame)
        except TimeoutError:
            connection.close()
            raise QueryTooLong(*self._too_long(request)) from None
        except BaseException:
            connection.close()
            raise
        format = BY_SUFFIX[frame.value()]
        chunks = self._chunks(connection, frames, started, request)
        return Streamed(request.id, format, chunks)

    def _connect(self, request: Request) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.setblocking(False)  # so that a full queue is refused at once (unix(7))
        try:
            connection.connect(self._socket)
        except OSError as error:
            connection.close()
            raise EndpointBusy(
                f"{self._limits.queue} queries wait already, and no process is free"
                if isinstance(error, BlockingIOError)
                else "The query processes are starting",
                "try again in a few seconds",
            ) from None
        connection.settimeout(request.seconds)
        send(connection, Kind.REQUEST, request)
        return connection

    def _started(
        self, connection: socket.socket, frames: Iterator[Frame], request: Request
    ) -> Started:
        """Wait in the queue; then the deadline counts."""
        try:
            frame = _next(frames)
        except TimeoutError:
            frame = None
        if frame is None:
            raise EndpointBusy(
                f"No query process was free within {request.seconds:g} s", "try again later"
            )
        # The supervisor ends it; if it should not, this does.
        connection.settimeout(request.seconds + _VERDICT)
        started: Started = frame.value()
        return started

    def _chunks(
        self,
        connection: socket.socket,
        frames: Iterator[Frame],
        started: Started,
        request: Request,
    ) -> Iterator[bytes]:
        with connection:
            while True:
                try:
                    frame = _next(frames)
                except TimeoutError:
                    raise QueryTooLong(*self._too_long(request)) from None
                if frame is None:
                    raise self._death(started, request) or EndpointBusy("The query was interrupted")
                if frame.kind is Kind.DATA:
                    yield frame.body
                elif frame.kind is Kind.END:
                    return
                else:
                    raise _error(frame)

    def _death(self, started: Started, request: Request) -> TriplomacyError | None:
        """Why the process died that ran the query; None if it was not meant."""
        deadline = time.monotonic() + _VERDICT
        reason: Reason = ""
        while not reason and time.monotonic() < deadline:
            reason = self.board.reason(started.row, request.id)
            if not reason:
                time.sleep(0.005)
        if reason == "time":
            return QueryTooLong(*self._too_long(request))
        if reason == "memory":
            return QueryTooMuchMemory(
                f"The query needed more than {self._limits.memory_mib} MiB and was stopped",
                "join fewer patterns without a shared variable, aggregate less, or add LIMIT",
            )
        if reason == "nesting":
            return QueryTooDeep(
                "The query is nested deeper than the engine can follow",
                "flatten brackets, and write long alternatives with VALUES or IN",
            )
        if reason == "cancelled":
            return Cancelled(
                "The operator cancelled the query", "ask the publisher before you repeat it"
            )
        return None

    def _too_long(self, request: Request) -> tuple[str, str]:
        return (
            f"The query took longer than {request.seconds:g} s and was stopped",
            "bind a subject or an object, restrict property paths, add LIMIT, or download the dump",
        )


def _next(frames: Iterator[Frame]) -> Frame | None:
    """The next frame; None if the other end stopped, in whichever way."""
    try:
        return next(frames, None)
    except TimeoutError:
        raise
    except OSError:
        return None


def _error(frame: Frame) -> TriplomacyError:
    error: TriplomacyError = frame.value()
    return error
