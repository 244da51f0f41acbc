"""What the application and the gateway tell each other of a request, in its WSGI environment."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g, request

from triplomacy.engine.pool.caller import Caller
from triplomacy.web.account import Account
from triplomacy.web.current import Publication, publication

CALLER = "triplomacy.caller"
REPEATABLE = "triplomacy.repeatable"


@dataclass(frozen=True, slots=True)
class Repeatable:
    """What an answer depends on beside the request's address and its `Accept`.

    Attributes:
        publication: what it was made from.
        family: the family of addresses under which its requests are counted.
        account: the account of the query that it answers, if it answers one.
    """

    publication: Publication
    family: str
    account: Account | None


def caller() -> Caller | None:
    """Who waits for the answer to this request, and may leave; None if that cannot be known."""
    found: Caller | None = request.environ.get(CALLER)
    return found


def say_repeatable() -> None:
    """Say that the answer to this request stays right as long as its publication is current."""
    family = request.blueprint or request.endpoint or "none"
    said = Repeatable(publication(), family, g.get("account"))
    request.environ[REPEATABLE] = said
