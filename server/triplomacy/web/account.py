"""The account of one query: what is known of it so far, told in headers, counted and logged.

It is opened when the query comes, and closed when its answer has left or broken off. Its headers
are those of the moment at which the answer begins.
"""

from __future__ import annotations

import contextlib
import json
import logging
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field

from flask import Flask, Response, current_app, g

from triplomacy.engine.pool.budget import MINUTE, Balance
from triplomacy.engine.pool.client import new_id
from triplomacy.errors import (
    Cancelled,
    EndpointBusy,
    EngineFault,
    Left,
    OverBudget,
    QueryTooDeep,
    QueryTooLong,
    QueryTooMuchMemory,
    ResultTooLarge,
    ServiceFailed,
    ServiceTooSlow,
    TriplomacyError,
)
from triplomacy.limits import Limits
from triplomacy.web.metrics import Metrics

log = logging.getLogger("triplomacy.queries")
"""One JSON object for each query; at the level of warnings those that are slow or were stopped."""

SLOW = 5.0
"""Seconds from which on a query is slow, and its text is logged."""
_EXCERPT = 2_000  # characters of a slow query's text
_MIB = 1024 * 1024

_STOPPED: dict[type[TriplomacyError], str] = {
    QueryTooLong: "time",
    QueryTooMuchMemory: "memory",
    QueryTooDeep: "nesting",
    EngineFault: "fault",
    Cancelled: "cancelled",
    ResultTooLarge: "size",
    ServiceFailed: "service",
    ServiceTooSlow: "service-time",
}
_TURNED_AWAY: dict[type[TriplomacyError], str] = {EndpointBusy: "busy", OverBudget: "budget"}
_LEFT: dict[type[TriplomacyError], str] = {Left: "left"}
OUTCOMES = (
    *("answered", "remembered", "left", "refused", "failed"),
    *_STOPPED.values(),
    *_TURNED_AWAY.values(),
)
"""How a query can end: `left` by its client, `refused` as the client's fault, `failed` as ours."""


def _no_balance(client: str) -> Balance | None:
    """There is no budget."""


@dataclass(slots=True)
class Account:
    """A stranger's query, from its coming to the end of its answer.

    Attributes:
        id: its id, by which the operator knows it.
        client: the address of who sent it.
        text: the query.
        limits: the value of the header that tells what its answer may cost, before it comes.
        balance: gives what a client has left of its budget.
        queue: seconds for which it waited; None as long as that is not known.
        evaluation: seconds from its start to the end of its answer, or to its first part where that
            is large; None as long as that is not known.
        outcome: how it ended, one of `OUTCOMES`; empty before.
        size: bytes of its answer so far.
        rows: rows or triples of its answer; None as long as that is not known.
    """

    id: str
    client: str
    text: str
    limits: str = ""
    balance: Callable[[str], Balance | None] = _no_balance
    queue: float | None = None
    evaluation: float | None = None
    outcome: str = ""
    size: int = 0
    rows: int | None = None
    _opened: float = field(default_factory=time.monotonic)

    def allow(self, seconds: float, limits: Limits) -> None:
        """Note what the query may take, and its answer have (a dictionary of RFC 9651)."""
        allowed = {"seconds": f"{seconds:g}", "rows": limits.rows}
        allowed |= {"bytes": limits.result_mib * _MIB, "memory": limits.memory_mib * _MIB}
        self.limits = ", ".join(f"{name}={value}" for name, value in allowed.items())

    def remembered(self, size: int, rows: int | None) -> None:
        """Note that an earlier answer serves, of `size` bytes and so many rows."""
        self.outcome, self.size, self.rows = "remembered", size, rows

    def fail(self, error: TriplomacyError) -> None:
        """Note why there is no answer, or no whole one."""
        fault = "refused" if error.status < 500 else "failed"
        self.outcome = (_STOPPED | _TURNED_AWAY | _LEFT).get(type(error), fault)

    def follow(self, pieces: Generator[bytes, None, int]) -> Iterator[bytes]:
        """`pieces` of the answer, noted as they pass; in the end they return its rows."""
        with contextlib.closing(pieces):
            try:
                while True:
                    piece = next(pieces)
                    self.size += len(piece)
                    yield piece
            except StopIteration as end:
                self.rows = end.value
            except TriplomacyError as error:
                self.fail(error)
                raise
        self.outcome = "answered"

    def server_timing(self) -> str:
        """What is known of where the time went (the header `Server-Timing`, in milliseconds)."""
        hit = self.outcome == "remembered"
        known = {"queue": self.queue, "evaluation": self.evaluation}
        spans = [f"{name};dur={1000 * s:.2f}" for name, s in known.items() if s is not None]
        total = f"total;dur={1000 * (time.monotonic() - self._opened):.2f}"
        return ", ".join([f"cache;desc={'hit' if hit else 'miss'}", *spans, total])

    def headers(self) -> dict[str, str]:
        """The headers that tell of the query, as far as it has come."""
        limits = {"Query-Limits": self.limits} if self.limits else {}
        timing = {"Server-Timing": self.server_timing(), "Timing-Allow-Origin": "*"}
        return {"Query-Id": self.id} | limits | _balance_headers(self.balance(self.client)) | timing

    def again(self, client: str, size: int) -> Account:
        """The account of the same query, asked by `client`, whose answer of `size` is there."""
        repeated = Account(new_id(), client, self.text, self.limits, self.balance)
        repeated.remembered(size, self.rows)
        return repeated

    def close(self, status: int, metrics: Metrics) -> None:
        """Count and log the query; its client is gone, with or without the whole answer."""
        outcome = self.outcome or "left"
        seconds = time.monotonic() - self._opened
        metrics.query(outcome, self.queue, self.evaluation)
        slow = seconds >= SLOW and outcome not in _TURNED_AWAY.values()
        noteworthy = slow or outcome == "failed" or outcome in _STOPPED.values()
        level = logging.WARNING if noteworthy else logging.INFO
        if not log.isEnabledFor(level):
            return
        line: dict[str, object] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "id": self.id,
            "client": self.client,
            "status": status,
            "outcome": outcome,
            "seconds": round(seconds, 4),
            "queue": _rounded(self.queue),
            "evaluation": _rounded(self.evaluation),
            "rows": self.rows,
            "bytes": self.size,
        }
        if slow:  # no text of others, since people write what they look for into queries
            line["query"] = self.text[:_EXCERPT]
        log.log(level, json.dumps(line, ensure_ascii=False))


def log_to_stderr(every: bool) -> None:
    """Write the log to standard error; every query, or only those that are worth a warning."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    log.handlers = [handler]
    log.propagate = False
    log.setLevel(logging.INFO if every else logging.WARNING)


def open_account(client: str, text: str) -> Account:
    """The account of the query of this request."""
    g.account = Account(new_id(), client, text)
    account: Account = g.account
    return account


def install(app: Flask) -> None:
    """Give every answer to a query, errors included, the headers that tell of it."""

    @app.after_request
    def tell(response: Response) -> Response:
        account: Account | None = g.pop("account", None)
        if account is None:
            return response
        response.headers.update(account.headers())
        metrics: Metrics = current_app.extensions["triplomacy-metrics"]
        status = response.status_code
        response.call_on_close(lambda: account.close(status, metrics))
        return response


def _balance_headers(balance: Balance | None) -> dict[str, str]:
    """What tells a client its budget and the rest (draft-ietf-httpapi-ratelimit-headers)."""
    if balance is None:
        return {}
    policy, left = '"processing-seconds"', max(0, int(balance.left))
    until = balance.wait if balance.refused else balance.until_full
    return {
        "RateLimit-Policy": f"{policy};q={balance.budget};w={MINUTE}",
        "RateLimit": f"{policy};r={left};t={until}",
    }


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 4)
