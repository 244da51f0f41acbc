"""`/sparql`: the SPARQL 1.1 Protocol, the service description and the query page at one address."""

from __future__ import annotations

import re

from flask import Blueprint, Response, request

from triplomacy.engine.federation.clauses import may_call
from triplomacy.engine.protocol import Answer
from triplomacy.errors import NotAcceptable, Stopped, TriplomacyError
from triplomacy.formats import HTML, RDF_FORMATS, RESULTS_FORMATS, Format
from triplomacy.web.answering import ask, limits_in_words, services
from triplomacy.web.current import publication
from triplomacy.web.negotiation import Accept, PageOr
from triplomacy.web.query_page import answer_page, empty_page, error_page
from triplomacy.web.representation import Link, address, is_held, represent, represent_answer
from triplomacy.web.service_description import write_service_description
from triplomacy.web.sparql_request import SparqlRequest, missing_query, read_get, read_post

routes = Blueprint("sparql", __name__)

_PATH = "sparql"
# SPARQL 1.1 Query §17.4: these give something else at each call.
_VOLATILE = re.compile(r"(?:now|rand|uuid|bnode)\s*[(#]", re.IGNORECASE)


@routes.get(f"/{_PATH}")
def get() -> Response:
    """A query by GET; without one, the query page or the service description."""
    asked = read_get(request.query_string, publication().base.iri)
    wanted = PageOr(Accept(request.headers.get("Accept"), asked.format))
    if asked.query is None:
        return _without_query(asked, wanted.accept)
    held = _held(wanted) if request.if_none_match else None
    if held is not None:
        return represent_answer(held, b"", negotiated=asked.format is None)
    return _answer(asked, wanted, by_get=True)


@routes.route(f"/{_PATH}", methods=["POST", "QUERY"])
def post() -> Response:
    """A query by POST or QUERY, in a form or as the body; its answer carries no validators.

    QUERY is POST that is safe to repeat (draft-ietf-httpbis-safe-method-w-body); nothing here is
    unsafe, so they do the same.
    """
    content_type = request.headers.get("Content-Type", "")
    body = request.get_data(cache=False)
    asked = read_post(request.query_string, content_type, body, publication().base.iri)
    if asked.query is None:
        raise missing_query()
    wanted = PageOr(Accept(request.headers.get("Accept"), asked.format))
    return _answer(asked, wanted, by_get=False)


def _answer(asked: SparqlRequest, wanted: PageOr, by_get: bool) -> Response:
    assert asked.query is not None, "the callers have looked"
    negotiated = asked.format is None
    # What a service says is not the release's to promise.
    repeatable = _VOLATILE.search(asked.query.text) is None and not may_call(asked.query.text)
    cacheable = by_get and repeatable
    try:
        answer = ask(asked.query, wanted, repeatable=repeatable, seconds=asked.seconds)
        if _chosen(wanted, answer.format) is not HTML:
            body = answer.body if isinstance(answer, Answer) else answer.body()
            return represent_answer(answer.format, body, negotiated=negotiated, cacheable=cacheable)
        whole = answer if isinstance(answer, Answer) else answer.collect()
        page = answer_page(publication(), asked, whole)
    except TriplomacyError as error:
        if not _prefers_page(wanted):
            raise
        return _error(asked, error)
    return represent_answer(HTML, page, negotiated=negotiated, cacheable=cacheable)


def _error(asked: SparqlRequest, error: TriplomacyError) -> Response:
    """The query page with what is wrong beside the editor."""
    page = error_page(publication(), asked, error)
    response = Response(page, status=error.status, content_type=HTML.content_type)
    response.vary.add("Accept")
    response.headers["Cache-Control"] = "no-store"
    if isinstance(error, Stopped) and error.retry_after is not None:
        response.retry_after = error.retry_after
    return response


def _chosen(wanted: PageOr, format: Format) -> Format:
    """What the client gets, now that the kind of the result is known."""
    kind = RDF_FORMATS if format.rdf is not None else RESULTS_FORMATS
    return wanted.chosen(kind)


def _held(wanted: PageOr) -> Format | None:
    """The format, of those that the answer can have, in which the client has it already."""
    for kind in (RESULTS_FORMATS, RDF_FORMATS):
        try:
            format = wanted.chosen(kind)
        except NotAcceptable:
            continue
        if is_held(format):
            return format
    return None


def _prefers_page(wanted: PageOr) -> bool:
    try:
        return wanted.chosen((*RESULTS_FORMATS, *RDF_FORMATS)) is HTML
    except NotAcceptable:
        return False


def _without_query(asked: SparqlRequest, accept: Accept) -> Response:
    published, here, limits = publication(), address(), limits_in_words()
    try:
        # SPARQL 1.1 Service Description §2: RDF, unless the client names HTML.
        format = accept.choose((*RDF_FORMATS, HTML))
    except NotAcceptable:
        # Who wants results has forgotten the query.
        raise missing_query() from None
    endpoint = here.at(_PATH)
    links = [
        Link(f"{endpoint}?format={f.suffix}", "alternate", f.media_type, f.name)
        for f in (HTML, *RDF_FORMATS)
        if f is not format
    ]

    def make() -> bytes:
        if format is HTML:
            return empty_page(published, asked)
        federated = bool(services())
        return write_service_description(published, endpoint, limits, format, federated)

    beside = " ".join(limits)
    return represent(format, make, links=links, negotiated=asked.format is None, beside=beside)
