"""Reads a SPARQL 1.1 Protocol request (§2.1): bytes in, a request or an error out. No Flask."""

from __future__ import annotations

import re
from dataclasses import dataclass

from triplomacy.engine.protocol import Query
from triplomacy.errors import BadRequest, Forbidden, UnsupportedMediaType
from triplomacy.web.form import FORM, Fields, fields_of, media_type_of

QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
_SECONDS = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")


@dataclass(frozen=True, slots=True)
class SparqlRequest:
    """What a client asks of the endpoint.

    Attributes:
        query: the query with its dataset; None where there is none.
        format: the format that `format` or `output` fixes, a courtesy to clients that cannot send
            an `Accept` header; None where there is none.
        example: the name of the example query that the query page is to show.
        seconds: the time that the client gives the query, `timeout`; None where it says nothing.
    """

    query: Query | None
    format: str | None = None
    example: str | None = None
    seconds: float | None = None


def read_get(query_string: bytes, base: str) -> SparqlRequest:
    """Read a GET request (§2.1.1).

    Args:
        query_string: what follows the `?` of the URL.
        base: the IRI against which relative IRIs in the query are resolved.

    Raises:
        BadRequest: two queries, or text that is not UTF-8.
        Forbidden: an update.
    """
    return _request(fields_of(query_string, "The URL"), base)


def read_post(query_string: bytes, content_type: str, body: bytes, base: str) -> SparqlRequest:
    """Read a POST request, by form (§2.1.2) or with the query as its body (§2.1.3).

    Args:
        query_string: what follows the `?` of the URL.
        content_type: the value of the `Content-Type` header; empty where there is none.
        body: the body.
        base: the IRI against which relative IRIs in the query are resolved.

    Raises:
        BadRequest: no query, two queries, or text that is not UTF-8.
        UnsupportedMediaType: the body is neither a form nor a query in UTF-8.
        Forbidden: an update.
    """
    media_type = media_type_of(content_type)
    if media_type == UPDATE:
        raise _read_only()
    if media_type not in (FORM, QUERY):
        raise UnsupportedMediaType(
            f"The body is {media_type or 'of no stated type'}.",
            f"say in Content-Type that it is {QUERY} or {FORM}, as it may be",
        )
    in_url = fields_of(query_string, "The URL")
    if media_type == QUERY:
        return _request([*in_url, ("query", _decoded(body))], base)
    if any(name == "query" for name, _ in in_url):
        raise BadRequest(
            "The query stands in the URL of a POST request with a form.",
            "put it into the form, or use GET",
        )
    asked = _request([*in_url, *fields_of(body, "The form")], base)
    if asked.query is None:
        raise missing_query()
    return asked


def missing_query() -> BadRequest:
    """The error for a request that should have a query and has none."""
    return BadRequest("There is no query.", "send it as the parameter “query”")


def _request(fields: Fields, base: str) -> SparqlRequest:
    if _values(fields, "update"):
        raise _read_only()
    queries = _values(fields, "query")
    if len(queries) > 1:
        raise BadRequest(
            f"There are {len(queries)} queries; the protocol (§2.1) allows one.", "send one"
        )
    default, named = _values(fields, "default-graph-uri"), _values(fields, "named-graph-uri")
    query = None
    if queries and queries[0].strip():
        own = bool(default or named)  # §2.1.4: one of both makes a dataset
        query = Query(queries[0], default if own else None, named if own else None, base)
    formats = _values(fields, "format") or _values(fields, "output")
    examples = _values(fields, "example")
    format, example = (formats or ("",))[0] or None, (examples or ("",))[0] or None
    return SparqlRequest(query, format, example, _seconds(_values(fields, "timeout")))


def _seconds(values: tuple[str, ...]) -> float | None:
    """The value of `timeout`; an empty one says nothing, as a form sends it."""
    if values in ((), ("",)):
        return None
    fits = len(values) == 1 and _SECONDS.fullmatch(values[0])
    if not fits or float(values[0]) == 0:
        raise BadRequest(
            f"timeout={','.join(values)[:50]} is not a number of seconds.",
            "give one above zero, such as timeout=5 or timeout=0.5; it can only shorten the limit",
        )
    return float(values[0])


def _values(fields: Fields, name: str) -> tuple[str, ...]:
    return tuple(value for each, value in fields if each == name)


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")  # a byte order mark is no part of the query
    except UnicodeDecodeError as error:
        raise BadRequest(
            f"The query is not UTF-8: byte {error.start} is {body[error.start]:#04x}.",
            "send it in UTF-8",
        ) from None


def _read_only() -> Forbidden:
    return Forbidden(
        "The endpoint is read-only: it takes queries, not updates.",
        "change the site's files and build a new release",
    )
