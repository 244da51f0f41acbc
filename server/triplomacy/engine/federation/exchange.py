"""One call of a service: a query goes out, results come in, within a time and a size.

Nothing of the client's request goes with it, no redirect is followed, no cookie kept. Whatever
fails is a ServiceFailed that says what.
"""

from __future__ import annotations

from urllib.parse import urlencode

from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

from triplomacy.errors import ServiceFailed, ServiceTooSlow
from triplomacy.fetching.connection import TooMuch
from triplomacy.fetching.endpoints import Endpoint
from triplomacy.fetching.exchange import FAILURES, Terms, Unfit, asked, whole_body, why
from triplomacy.fetching.nesting import is_shallow
from triplomacy.formats import RESULTS_JSON

_ASK_LESS = "ask it for less: its part of the query is sent without what the rest of it binds"
_REDIRECTS = range(300, 400)
_DEEPEST = 32  # lists and objects within each other; results have five


def call(service: Endpoint, query: str, terms: Terms) -> bytes:
    """Ask a service.

    The query goes in a form (SPARQL 1.1 Protocol §2.1.2), which every endpoint takes, and results
    come in JSON, which every endpoint gives. (The engine's reader of XML takes what breaks off for
    the whole.)

    Args:
        service: the endpoint.
        query: a SELECT query.
        terms: the terms.

    Returns:
        The results in JSON, whole and well-formed.

    Raises:
        ServiceFailed: there are no results, and why.
    """
    try:
        return _call(service, query, terms)
    except TimeoutError:
        raise ServiceTooSlow(
            f"The service {service.iri} took longer than {terms.seconds:g} s",
            _ASK_LESS,
        ) from None
    except FAILURES as error:
        raise failed(service.iri, why(error, terms.mib), _remedy(error)) from None


def failed(iri: str, what: str, remedy: str = "") -> ServiceFailed:
    """The error about a service: `what` goes on where “The service … failed: ” ends."""
    otherwise = "try again later, or write SERVICE SILENT to do without it"
    return ServiceFailed(f"The service {iri} failed: {what}", remedy or otherwise)


def _remedy(error: Exception) -> str:
    if isinstance(error, TooMuch):
        return _ASK_LESS
    if isinstance(error, PermissionError):
        return "tell the publisher"
    return error.remedy if isinstance(error, Unfit) else ""


def _call(service: Endpoint, query: str, terms: Terms) -> bytes:
    form = urlencode({"query": query}).encode("ascii")
    with asked(service, terms, RESULTS_JSON.media_type, form) as response:
        if response.status in _REDIRECTS:
            raise Unfit(
                f"it redirects ({response.status}), which is not followed",
                "tell the publisher, who may list the address to which it leads",
            )
        if response.status != 200:
            raise Unfit(f"it answers with the status {response.status}")
        media_type = response.headers.get_content_type()
        if media_type not in RESULTS_JSON.media_types:
            raise Unfit(f"it answers with {media_type[:60]}, not with results in JSON")
        return _checked(whole_body(response, terms.mib))


def _checked(body: bytes) -> bytes:
    """`body`, if it is solutions to the last of them.

    Raises:
        Unfit: it is a truth value, or not well-formed.
    """
    try:
        # Before the engine reads it: its reader's stack is as deep as terms are in each other.
        if not is_shallow(body, _DEEPEST):
            raise SyntaxError
        found = parse_query_results(body, QueryResultsFormat.JSON)
        if not isinstance(found, QuerySolutions):
            raise Unfit("it answers with true or false, not with solutions")
        for _ in found:
            pass
    except SyntaxError:
        raise Unfit("its answer is not well-formed JSON") from None
    return body
