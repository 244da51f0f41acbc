"""The account of one query: what is known of it so far, told in the headers of its answer."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, g

from triplomacy.engine.pool.client import new_id

QUERY_ID = "Query-Id"


@dataclass(slots=True)
class Account:
    """A stranger's query, from its coming to the end of its answer.

    Attributes:
        id: its id, by which the operator knows it.
        client: the address of who sent it.
    """

    id: str
    client: str


def open_account(client: str) -> Account:
    """The account of the query of this request."""
    g.account = Account(new_id(), client)
    account: Account = g.account
    return account


def install(app: Flask) -> None:
    """Give every answer to a query, errors included, the headers that tell of it."""

    @app.after_request
    def tell(response: Response) -> Response:
        account: Account | None = g.get("account")
        if account is not None:
            response.headers[QUERY_ID] = account.id
        return response
