"""`/reconcile`: the Reconciliation Service API 0.2, by which OpenRefine links tables to the site.

Batches cost time, and so count like queries: a client pays for them from its budget, and few run at
once in one process, so that pages go on being served.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge

from triplomacy.errors import (
    BadRequest,
    EndpointBusy,
    NotFound,
    TooMuchAtOnce,
    UnsupportedMediaType,
)
from triplomacy.formats import HTML, JSON
from triplomacy.reconcile.requests import BATCH, read_batch, read_extension, read_single
from triplomacy.reconcile.service import PATH, Entity, Json, Service
from triplomacy.web.answering import charged
from triplomacy.web.current import publication
from triplomacy.web.form import FORM, Fields, fields_of, media_type_of
from triplomacy.web.negotiation import Accept
from triplomacy.web.pages.embedded import of_site
from triplomacy.web.representation import address, represent

routes = Blueprint("reconcile", __name__, url_prefix=f"/{PATH}")

AT_ONCE = 2
"""Batches that one process works on at the same time; one more is refused."""
MAX_BODY = 4 * 1024 * 1024
"""Bytes of a body: a thousand names with some properties each fit, even where JSON escapes them and
the form escapes that."""
_QUERIES = ("queries", "query", "extend")
_KINDS = ("entity", "type", "property")
_MOST_SKIPPED = 10_000  # suggestions
_POLICY = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
)
"""A preview has no scripts, and is made to stand in the pages of others."""

_slots = threading.BoundedSemaphore(AT_ONCE)


@routes.get("")
def get() -> Response:
    """The manifest, or a page about it; with a query, its answer."""
    asked = _asked()
    if asked is not None:
        name, text = asked
        return represent(JSON, lambda: _json(_worked(name, text)), negotiated=False)
    format = Accept(request.headers.get("Accept"), request.args.get("format")).choose((JSON, HTML))
    service = _service()

    def make() -> bytes:
        manifest = service.manifest(address())
        if format is JSON:
            return _json(manifest)
        published = publication()
        json_ld = of_site(published.base, published.manifest)
        shown = {"service": manifest, "batch": BATCH, "json_ld": json_ld}
        return render_template("reconcile.html", **shown).encode()

    return represent(format, make)


@routes.post("")
def post() -> Response:
    """The answer to a batch, or to a data extension query, sent in a form (§4.3, §7.4)."""
    media_type = media_type_of(request.headers.get("Content-Type", ""))
    if media_type != FORM:
        raise UnsupportedMediaType(
            f"The body is {media_type or 'of no stated type'}.",
            f"send a form ({FORM}) with “queries” or “extend”",
        )
    asked = _asked(fields_of(_body(), "The form"))
    if asked is None:
        raise BadRequest("There is no query.", "send “queries” or “extend”")
    response = Response(_json(_worked(*asked)), content_type=JSON.content_type)
    response.headers["Cache-Control"] = "no-store"
    return response


def _body() -> bytes:
    """The body of a request.

    Raises:
        TooMuchAtOnce: it is longer than `MAX_BODY`.
    """
    request.max_content_length = MAX_BODY
    try:
        return request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise TooMuchAtOnce(
            f"The body has more than {MAX_BODY:,} bytes.",
            "send fewer names at a time, or fewer properties with them",
        ) from None


def _asked(form: Fields = ()) -> tuple[str, str] | None:
    """What is asked, in the URL or in a form: the parameter, and its value; None if nothing is.

    Raises:
        BadRequest: several things are, or the answer as a script.
    """
    fields = [*fields_of(request.query_string, "The URL"), *form]
    if any(name == "callback" for name, _ in fields):
        raise BadRequest(
            "Answers come as JSON, never as a script (JSONP).",
            "leave “callback” out: scripts of every origin can read the answers (CORS)",
        )
    there = [(name, value) for name, value in fields if name in _QUERIES]
    if len(there) > 1:
        raise BadRequest(f"There are {' and '.join(n for n, _ in there)}.", "send one of them")
    return there[0] if there else None


def _worked(name: str, text: str) -> Json:
    """The answer to a query, which is read and worked on in its turn: to read it costs, too."""
    service, root = _service(), request.url_root
    with _turn():
        if name == "extend":
            return service.extension(read_extension(text), root)
        batch = read_batch(text) if name == "queries" else {"": read_single(text)}
        results = service.results(batch, root)
    single: Json = results[""] if name == "query" else results
    return single


@contextmanager
def _turn() -> Iterator[None]:
    """A turn to work, for which the client pays.

    Raises:
        OverBudget: it has had its share of processing.
        EndpointBusy: others work.
    """
    with charged(request.remote_addr or ""):
        if not _slots.acquire(blocking=False):
            raise EndpointBusy("Other batches are being worked on.", "send this one again")
        try:
            yield
        finally:
            _slots.release()


@routes.get("/suggest/<kind>")
def suggest(kind: str) -> Response:
    """Entities, types or properties that go on from `prefix`, after `cursor` others (§6)."""
    service, root = _of_kind(kind), request.url_root
    prefix, skip = request.args.get("prefix", ""), _number("cursor", 0, _MOST_SKIPPED) or 0
    make: dict[str, Callable[[], Json]] = {
        "entity": lambda: service.suggest_entities(prefix, skip, root),
        "type": lambda: service.suggest_types(prefix, skip),
        "property": lambda: service.suggest_properties(prefix, skip),
    }
    return represent(JSON, lambda: _json(make[kind]()), negotiated=False)


@routes.get("/flyout/<kind>")
def flyout(kind: str) -> Response:
    """A few words in HTML about an entity, type or property (§6.5)."""
    service, id = _of_kind(kind), _id()

    def make() -> bytes:
        term = None if kind == "entity" else service.term(kind, id)
        found = service.entities(id, request.url_root) if kind == "entity" else [term]
        if not any(found):
            raise NotFound(f"There is no {kind} {id[:200]}.", f"see {PATH}/suggest/{kind}")
        return _json({"id": id, "html": render_template("flyout.html", id=id, found=found)})

    return represent(JSON, make, negotiated=False)


@routes.get("/properties")
def properties() -> Response:
    """The properties that things of a `type` have, up to `limit` of them (§7.3)."""
    service, type, limit = _service(), request.args.get("type", ""), _number("limit", 1, 10_000)
    return represent(JSON, lambda: _json(service.proposals(type, limit)), negotiated=False)


@routes.get("/preview")
def preview() -> Response:
    """A small page about an entity, made to stand in a frame of somebody else's page (§5)."""
    service, id = _service(), _id()

    def make() -> bytes:
        return render_template("preview.html", id=id, found=_entities(service, id)).encode()

    response = represent(HTML, make, negotiated=False)
    response.headers["Content-Security-Policy"] = _POLICY
    return response


def _service() -> Service:
    return publication().reconciliation


def _of_kind(kind: str) -> Service:
    if kind not in _KINDS:
        raise NotFound(f"There is no {kind[:60]!r}.", f"there is {', '.join(_KINDS)}")
    return _service()


def _id() -> str:
    id = request.args.get("id", "").strip()
    if not id:
        raise BadRequest("There is no identifier.", "send it as the parameter “id”")
    return id


def _entities(service: Service, id: str) -> list[Entity]:
    found = service.entities(id, request.url_root)
    if not found:
        raise NotFound(f"Nothing here has the identifier {id[:200]}.", "look for it in /search")
    return found


def _number(name: str, least: int, most: int) -> int | None:
    """A whole number that a parameter gives; None if it is not there."""
    text = request.args.get(name, "").strip()
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or not least <= int(text[:9]) <= most:
        raise BadRequest(
            f"{name}={text[:60]} is not a number that fits.", f"send one from {least} to {most:,}"
        )
    return int(text)


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=True, indent=1) + "\n").encode()
