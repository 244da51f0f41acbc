"""Where strangers' queries go: to the pool of query processes, past what is remembered.

An answer that is small is taken whole before the response begins, so that whatever goes wrong has a
status of its own, and is remembered with the release. A large one flows through. If that must end
early, its last words say so in a way that no reader of its format takes for a whole answer: the
server below cannot break a connection off, it would end the body as if it were complete.
"""

from __future__ import annotations

import contextlib
import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass

from flask import current_app, request

from triplomacy.engine.pool.client import Pool, State
from triplomacy.engine.protocol import Answer, Query
from triplomacy.errors import NotAcceptable, TriplomacyError
from triplomacy.formats import RDF_FORMATS, RESULTS_FORMATS, Format
from triplomacy.web.account import open_account
from triplomacy.web.current import Publication, publication
from triplomacy.web.environment import caller
from triplomacy.web.negotiation import PageOr

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
        """The pieces, and where they are cut short an ending that makes the whole unreadable."""
        try:
            yield from self.pieces
        except TriplomacyError as error:
            yield ending(self.format, error)


def ending(format: Format, error: TriplomacyError) -> bytes:
    """The last words of an answer that is cut short, unreadable after whatever came before.

    JSON and XML that stop are broken by that alone; but some readers of XML do not mind a missing
    end, so an end of nothing is added, twice since an open tag would swallow one. A quotation mark
    that is never closed in its line breaks CSV, TSV, Turtle and its relatives.
    """
    words = f'\n"THE ANSWER WAS CUT SHORT: {error.detail}\n'
    return (words + ("</cut-short></cut-short>\n" if "xml" in format.media_type else "")).encode()


def limits_in_words() -> tuple[str, ...]:
    """What a stranger's query may cost, a sentence each; nothing where nothing stops it."""
    pool = _pool()
    return () if pool is None else pool.limits.in_words(pool.services)


def services() -> tuple[str, ...]:
    """The endpoints that a stranger's query may call."""
    pool = _pool()
    return () if pool is None else pool.services


def _pool() -> Pool | None:
    pool: Pool | None = current_app.extensions["triplomacy-pool"]
    return pool


def state_of_queries() -> State:
    """Whether strangers' queries are answered; raises TriplomacyError if they cannot be."""
    pool = _pool()
    return "answering" if pool is None else pool.state(publication().release.version)


@contextlib.contextmanager
def charged(client: str) -> Iterator[None]:
    """Work for a client in this process, for which it pays from the budget of its queries.

    Raises:
        OverBudget: it has had its share.
    """
    pool = _pool()
    balance = pool.balance(client) if pool else None
    if balance is not None and balance.refused:
        raise balance.refusal()
    began = time.monotonic()
    try:
        yield
    finally:
        if pool is not None:
            pool.charge(client, time.monotonic() - began)


def ask(
    query: Query, wanted: PageOr, *, repeatable: bool, seconds: float | None = None
) -> Answer | Flowing:
    """Answer a stranger's query.

    Args:
        query: the query with its dataset.
        wanted: chooses the format.
        repeatable: whether another run would give the same, so that an earlier answer may serve.
        seconds: a deadline shorter than the limit; None for the limit.

    Raises:
        TriplomacyError: as the engine says, or why the query was stopped.
    """
    published = publication()
    account = open_account(request.remote_addr or "", query.text)
    pool = _pool()
    if pool is not None:
        account.allow(pool.deadline(seconds), pool.limits)
        account.balance = pool.balance
    held = _remembered(published, query, wanted) if repeatable else None
    if held is not None:
        account.remembered(len(held.body), held.rows)
        return held
    try:
        if pool is None:
            return published.engine.answer(query, wanted)
        version = published.release.version
        streamed = pool.ask(
            version,
            query,
            wanted,
            seconds=seconds,
            client=account.client,
            id=account.id,
            caller=caller(),
        )
    except TriplomacyError as error:
        account.fail(error)
        raise
    account.queue = streamed.queued
    pieces = account.follow(streamed.chunks)
    start: list[bytes] = []
    for piece in pieces:
        start.append(piece)
        if account.size > _WHOLE:
            account.evaluation = time.monotonic() - streamed.began
            return Flowing(streamed.format, itertools.chain(start, pieces))
    account.evaluation = time.monotonic() - streamed.began
    answer = Answer(streamed.format, b"".join(start), account.rows or 0)
    if repeatable:
        published.answers.keep((query, answer.format), answer, account.size)
    return answer


def _remembered(published: Publication, query: Query, wanted: PageOr) -> Answer | None:
    """An earlier answer in the format that is wanted: by a header, a parameter, or for a page.

    Whether the query gives results or RDF is not known before it is read, but what is remembered
    of it is of the right kind.
    """
    for kind in (RESULTS_FORMATS, RDF_FORMATS):
        try:
            format = wanted.choose(kind)
        except NotAcceptable:
            continue
        held = published.answers.get((query, format))
        if held is not None:
            return held
    return None
