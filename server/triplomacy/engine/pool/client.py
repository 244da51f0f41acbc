"""What a web process knows of the pool: ask a query, get the answer or the reason for none."""

from __future__ import annotations

import contextlib
import secrets
import socket
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from triplomacy.engine.federation.tally import Tally
from triplomacy.engine.pool.board import Board
from triplomacy.engine.pool.budget import Balance, Budget
from triplomacy.engine.pool.caller import Caller
from triplomacy.engine.pool.frames import Conversation, Frame, Kind
from triplomacy.engine.pool.process import Request
from triplomacy.engine.pool.supervisor import BOARD, BUDGET, CALLS, SOCKET
from triplomacy.engine.protocol import Acceptance, Query
from triplomacy.errors import (
    Cancelled,
    EndpointBusy,
    EndpointStarting,
    EngineFault,
    Left,
    QueryTooDeep,
    QueryTooLong,
    QueryTooMuchMemory,
    TriplomacyError,
)
from triplomacy.formats import BY_SUFFIX, Format
from triplomacy.limits import Limits

State = Literal["answering", "busy"]
_CHECKED_WITHIN = 1.0  # seconds that a check of the state may take
_VERDICT = 10.0  # seconds that the supervisor may take to see that a process died


@dataclass(frozen=True, slots=True)
class Streamed:
    """An answer that is still being made.

    Attributes:
        id: the query's id.
        format: how it is written.
        queued: seconds for which it waited for a process.
        began: the time of `time.monotonic` from which on it ran.
        chunks: the body, which returns the number of its rows or triples; raises a TriplomacyError
            where it is cut short. Close it to leave early, which frees the query process.
    """

    id: str
    format: Format
    queued: float
    began: float
    chunks: Generator[bytes, None, int]


class _First:
    """Takes whatever format comes first. Implements `Acceptance`."""

    def choose(self, offered: Sequence[Format]) -> Format:
        return offered[0]


def new_id() -> str:
    """An id for a query."""
    return secrets.token_hex(8)


class Pool:
    """The pool behind a folder.

    Args:
        folder: with the socket and the board of the supervisor.
        limits: the same that the supervisor has.
        services: the same, too.
    """

    def __init__(self, folder: Path, limits: Limits, services: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self._socket = str(folder / SOCKET)
        self.board = Board(folder / BOARD)
        self._budget = Budget(folder / BUDGET, limits.client_seconds)
        self.limits = limits
        self.services = services
        self.calls = Tally(folder / CALLS, services) if services else None

    def ask(
        self,
        version: str,
        query: Query,
        accepted: Acceptance,
        *,
        seconds: float | None = None,
        client: str = "",
        id: str | None = None,
        caller: Caller | None = None,
    ) -> Streamed:
        """Send a query, and wait until its answer begins.

        Args:
            version: the release to ask.
            query: the query with its dataset.
            accepted: chooses the format; sent to the query process, so it can be pickled.
            seconds: a deadline shorter than the limit; None for the limit.
            client: the address of who asks.
            id: the query's id, of 16 hex digits, by which the operator knows it; new by default.
            caller: who waits; when it leaves, the query is stopped.

        Raises:
            Left: the caller left.
            OverBudget: the client has had its share of processing.
            EndpointBusy: the queue is full.
            QueryTooLong, QueryTooMuchMemory, Cancelled: it was killed, and why.
            TriplomacyError: what the engine says about the query.
        """
        balance = self.balance(client)
        if balance is not None and balance.refused:
            raise balance.refusal()
        allowed = self.deadline(seconds)
        request = Request(id or new_id(), version, query, accepted, allowed, client)
        for _ in range(2):
            answer = self._ask(request, caller or Caller())
            if answer is not None:
                return answer
            # It was killed in the place of another, whose deadline passed as that one ended.
        raise EndpointBusy("The query was interrupted twice", "try again")

    def deadline(self, seconds: float | None) -> float:
        """The seconds that a query gets which asks for so many; None asks for the limit."""
        return min(seconds or self.limits.seconds, self.limits.seconds)

    def state(self, version: str) -> State:
        """Whether queries are answered, found out with one of our own.

        Args:
            version: the release to ask.

        Raises:
            TriplomacyError: they are not, and why.
        """
        if len(self.board.running()) >= self.board.rows:
            return "busy"
        try:
            easy = self.ask(version, Query("ASK {}"), _First(), seconds=_CHECKED_WITHIN)
            for _ in easy.chunks:
                pass
        except EndpointStarting:
            raise
        except EndpointBusy:
            return "busy"
        return "answering"

    def balance(self, client: str) -> Balance | None:
        """What a client has left of its budget; None if it has no budget to keep to."""
        return self._budget.balance(client, self.board.running)

    def charge(self, client: str, seconds: float) -> None:
        """Have a client pay from its budget for what was done for it outside the pool."""
        self._budget.charge(client, seconds)

    def _ask(self, request: Request, caller: Caller) -> Streamed | None:
        came = time.monotonic()
        conversation = Conversation(self._connect(request.seconds))

        def abandon() -> None:
            # In this order: a query process looks for one after it has written the other.
            conversation.break_off()
            self.board.stop(request.id, "left")

        try:
            caller.on_leaving(abandon)
            conversation.put(Kind.REQUEST, request)
            with contextlib.suppress(OSError):  # nobody takes it, as `_first` will find
                conversation.flush()
            frame = self._first(conversation, request, came)
            if caller.left:
                raise Left("The client hung up")
            if frame is None:
                conversation.close()
                error = self._death(request)
                if error is None:
                    return None
                raise error
            if frame.kind is Kind.ERROR:
                raise _error(frame)
        except BaseException:
            conversation.close()
            raise
        suffix, began = frame.value()
        chunks = self._chunks(conversation, request, began + request.seconds)
        return Streamed(request.id, BY_SUFFIX[suffix], began - came, began, chunks)

    def _connect(self, seconds: float) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.setblocking(False)  # so that a full queue is refused at once (unix(7))
        try:
            connection.connect(self._socket)
        except OSError as error:
            connection.close()
            remedy = "try again in a few seconds"
            if not isinstance(error, BlockingIOError):
                raise EndpointStarting("The query processes do not answer yet", remedy) from None
            raise EndpointBusy(
                f"{self.limits.queue} queries wait already, and no process is free", remedy
            ) from None
        connection.settimeout(seconds)  # a long query is not taken before a process is free
        return connection

    def _first(self, conversation: Conversation, request: Request, came: float) -> Frame | None:
        """Wait in the queue, and then until the deadline, which counts from when it runs."""
        until = came + request.seconds
        while True:
            with contextlib.suppress(TimeoutError):
                return conversation.receive(until)
            running = self.board.find(request.id)
            if running is None:
                if self.board.fate(request.id):  # it has just been stopped
                    return None
                with contextlib.suppress(TimeoutError):  # it may just have ended
                    return conversation.receive(0)
                raise EndpointBusy(
                    f"No query process was free within {request.seconds:g} s", "try again later"
                )
            if running.left <= 0:  # the supervisor ends it; who waits need not see its end
                raise QueryTooLong(*self._too_long(request))
            until = time.monotonic() + running.left

    def _chunks(
        self, conversation: Conversation, request: Request, deadline: float
    ) -> Generator[bytes, None, int]:
        try:
            while True:
                try:
                    frame = conversation.receive(deadline)
                except TimeoutError:
                    raise QueryTooLong(*self._too_long(request)) from None
                if frame is None:
                    raise self._death(request) or EndpointBusy("The query was interrupted")
                if frame.kind is Kind.DATA:
                    yield frame.body
                elif frame.kind is Kind.END:
                    return int(frame.value())
                else:
                    raise _error(frame)
        except GeneratorExit:
            self.board.stop(request.id, "left")  # or it would go on until it writes again
            raise
        finally:
            conversation.close()

    def _death(self, request: Request) -> TriplomacyError | None:
        """Why the process died that ran the query; None if it was not meant."""
        deadline = time.monotonic() + _VERDICT
        # The supervisor writes why, and then takes the query from the board; hence this order.
        while self.board.find(request.id) is not None and not self.board.fate(request.id):
            if time.monotonic() > deadline:
                break
            time.sleep(0.005)
        reason = self.board.fate(request.id)
        if reason == "time":
            return QueryTooLong(*self._too_long(request))
        if reason == "memory":
            return QueryTooMuchMemory(
                f"The query needed more than {self.limits.memory_mib} MiB and was stopped",
                "join fewer patterns without a shared variable, aggregate less, or add LIMIT",
            )
        if reason == "nesting":
            return QueryTooDeep(
                "The query is nested deeper than the engine can follow",
                "flatten brackets, and write long alternatives with VALUES or IN",
            )
        if reason == "fault":
            return EngineFault(
                "The query made the engine fail; the other queries go on, and the fault was logged",
                "say the same in another way, perhaps without ORDER BY, and tell the publisher",
            )
        if reason == "cancelled":
            return Cancelled(
                "The operator cancelled the query", "ask the publisher before you repeat it"
            )
        return Left("The client hung up") if reason == "left" else None

    def _too_long(self, request: Request) -> tuple[str, str]:
        return (
            f"The query took longer than {request.seconds:g} s and was stopped",
            "bind a subject or an object, restrict property paths, add LIMIT, or download the dump",
        )


def _error(frame: Frame) -> TriplomacyError:
    error: TriplomacyError = frame.value()
    return error
