"""Answers that were given before: the same request gets them again without the application.

A release never changes, so an answer that depends on nothing else stays right as long as the
release is current. The application says which these are; they go with its publication.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from flask import Flask

from triplomacy.errors import TriplomacyError
from triplomacy.web.account import HEADERS
from triplomacy.web.current import Current, Memory, Publication
from triplomacy.web.environment import REPEATABLE, Repeatable
from triplomacy.web.forwarded import Origin
from triplomacy.web.gateway.wsgi import Environ, Reply
from triplomacy.web.metrics import Metrics

_OVERHEAD = 2_000  # bytes that an answer takes beside its body and key
_LONGEST = 16_384  # characters of a request that is remembered
# What makes a request other than a plain wish for the whole.
_CONDITIONAL = frozenset(
    ("if-none-match", "if-modified-since", "if-match", "if-unmodified-since", "if-range", "range")
)


@dataclass(frozen=True, slots=True)
class _Said:
    """An answer that was given: the reply, without what tells of that one request."""

    reply: Reply
    repeatable: Repeatable


class Repeats:
    """Remembers answers of `app`, and gives them again.

    Args:
        app: the application.
    """

    def __init__(self, app: Flask) -> None:
        self._current: Current = app.extensions["triplomacy"]
        self._metrics: Metrics = app.extensions["triplomacy-metrics"]

    def find(self, scope: Any, origin: Origin) -> Reply | None:
        """The answer to this very request, if it was given before."""
        began = time.perf_counter()
        key = _key(scope, origin)
        if key is None:
            return None
        try:
            said = self._memory(self._current.publication()).get(key)
        except TriplomacyError:
            return None
        if said is None:
            return None
        headers = said.reply.headers
        if said.repeatable.account is not None:
            account = said.repeatable.account.again(origin.client, len(said.reply.body or b""))
            headers = [*headers, *account.headers().items()]
            account.close(said.reply.status, self._metrics)
        self._metrics.request(
            said.repeatable.family, said.reply.status, time.perf_counter() - began
        )
        return Reply(said.reply.status, headers, said.reply.body)

    def keep(self, scope: Any, origin: Origin, environ: Environ, reply: Reply) -> None:
        """Remember an answer, if the application said that it can be given again."""
        repeatable: Repeatable | None = environ.get(REPEATABLE)
        if repeatable is None or reply.status != 200 or reply.body is None:
            return
        key = _key(scope, origin)
        if key is None:
            return
        headers = [header for header in reply.headers if header[0] not in HEADERS]
        size = len(reply.body) + sum(map(len, key)) + _OVERHEAD
        said = _Said(Reply(reply.status, headers, reply.body), repeatable)
        self._memory(repeatable.publication).keep(key, said, size)

    @staticmethod
    def _memory(publication: Publication) -> Memory[_Said]:
        memory: Memory[_Said] = publication.said
        return memory


def _key(scope: Any, origin: Origin) -> tuple[str, ...] | None:
    """What an answer can depend on beside its publication; None for a request of another kind."""
    headers = scope.headers
    if scope.method != "GET" or not _CONDITIONAL.isdisjoint(headers.keys()):
        return None
    host = origin.host or headers.get("host") or scope.authority or ""
    accept = ",".join(headers.get_all("accept"))
    key = (origin.scheme or scope.scheme, host, scope.path, scope.query_string, accept)
    return key if sum(map(len, key)) <= _LONGEST else None
