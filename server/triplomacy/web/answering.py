"""Where strangers' queries go: to the pool of query processes, past what is remembered.

An answer that is small is taken whole before the response begins, so that whatever goes wrong has a
status of its own, and is remembered with the release. A large one flows through. If that must end
early, its last words say so in a way that no reader of its format takes for a whole answer: the
server below cannot break a connection off, it would end the body as if it were complete.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterator
from dataclasses import dataclass

from flask import current_app, request

from triplomacy.engine.pool.client import Pool
from triplomacy.engine.protocol import Answer, Query
from triplomacy.errors import TriplomacyError
from triplomacy.formats import Format
from triplomacy.web.account import open_account
from triplomacy.web.current import publication
from triplomacy.web.negotiation import PageOr

_log = logging.getLogger(__name__)

_WHOLE = 256 * 1024
"""Bytes up to which an answer is taken whole."""


@dataclass(frozen=True, slots=True)
class Flowing:
    """An answer that is too large to be held.

    Attributes:
        format: how it is written.
        pieces: the body; raises TriplomacyError where it is cut short.
    """

    format: Format
    pieces: Iterator[bytes]

    def collect(self) -> Answer:
        """All of it, for a page that is made from it.

        Raises:
            TriplomacyError: it was cut short.
        """
        return Answer(self.format, b"".join(self.pieces))

    def body(self) -> Iterator[bytes]:
        """The pieces, and where they are cut short an ending that makes the whole unreadable.

        JSON and XML that stop are broken by that alone; a line with a quotation mark that is never
        closed breaks CSV, TSV, Turtle and its relatives, too.
        """
        try:
            yield from self.pieces
        except TriplomacyError as error:
            _log.warning("an answer was cut short: %s", error.detail)
            yield f'\n"THE ANSWER WAS CUT SHORT: {error.detail}\n'.encode()


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
    account = open_account(request.remote_addr or "")
    key = (query, wanted)
    held = published.answers.get(key) if repeatable else None
    if held is not None:
        return held
    pool: Pool | None = current_app.extensions["triplomacy-pool"]
    if pool is None:
        return published.engine.answer(query, wanted)
    version = published.release.version
    streamed = pool.ask(version, query, wanted, client=account.client, id=account.id)
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
