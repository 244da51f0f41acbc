"""Where strangers' queries go: to the pool of query processes, past what is remembered.

An answer that is small is taken whole before the response begins, so that whatever goes wrong has a
status of its own, and is remembered with the release. A large one flows through; if it must end early,
the connection breaks, and nobody takes a part for the whole.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from flask import current_app, request

from triplomacy.engine.pool.client import Pool
from triplomacy.engine.protocol import Answer, Query
from triplomacy.formats import Format
from triplomacy.web.current import publication
from triplomacy.web.negotiation import PageOr

_WHOLE = 256 * 1024
"""Bytes up to which an answer is taken whole."""


@dataclass(frozen=True, slots=True)
class Flowing:
    """An answer that is too large to be held.

    Attributes:
        format: how it is written.
        pieces: the body; raises where it is cut short.
    """

    format: Format
    pieces: Iterator[bytes]

    def collect(self) -> Answer:
        """All of it, for a page that is made from it."""
        return Answer(self.format, b"".join(self.pieces))


def ask(query: Query, wanted: PageOr, *, repeatable: bool) -> Answer | Flowing:
    """Answer a stranger's query.

    Args:
        query: the query with its dataset.
        wanted: chooses the format.
        repeatable: whether another run would give the same, so that an earlier answer may serve.

    Raises:
        TriplomacyError: as the engine says, or why the query was stopped.
    """
    published = publication()
    key = (query, wanted)
    held = published.answers.get(key) if repeatable else None
    if held is not None:
        return held
    pool: Pool | None = current_app.extensions["triplomacy-pool"]
    if pool is None:
        return published.engine.answer(query, wanted)
    version = published.release.version
    streamed = pool.ask(version, query, wanted, client=request.remote_addr or "")
    start: list[bytes] = []
    size = 0
    for piece in streamed.chunks:
        start.append(piece)
        size += len(piece)
        if size > _WHOLE:
            return Flowing(streamed.format, itertools.chain(start, streamed.chunks))
    answer = Answer(streamed.format, b"".join(start))
    if repeatable:
        published.answers.keep(key, answer, size)
    return answer
