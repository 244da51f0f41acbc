"""HTTP manners, once for every route: validators, `Vary`, `Link`, CORS, conditional requests.

A route hands over *how to make* a body; whether it is made at all is decided here, since a client
that has it already gets 304 (RFC 9110 §13). ETags are strong: a release never changes, so release,
software, address and format name the bytes exactly (§8.8.3).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from flask import Flask, Response, request

from triplomacy import __version__
from triplomacy.errors import BadRequest
from triplomacy.formats import HTML, Format
from triplomacy.iris import Address
from triplomacy.web.current import publication
from triplomacy.web.environment import say_repeatable
from triplomacy.web.query_bundle import query_bundle

EXPOSED = (
    "Link, ETag, Last-Modified, Vary, Location, Content-Location, Retry-After, Query-Id, "
    "Query-Limits, RateLimit, RateLimit-Policy, Server-Timing"
)
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_CACHE_CONTROL = "public, max-age=60, must-revalidate"


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a `Link` header (RFC 8288)."""

    target: str
    rel: str
    type: str | None = None
    title: str | None = None

    def __str__(self) -> str:
        attributes = [f'rel="{self.rel}"']
        if self.type:
            attributes.append(f'type="{self.type}"')
        if self.title:
            attributes.append(f'title="{self.title}"')
        return f"<{self.target}>; " + "; ".join(attributes)


def address() -> Address:
    """The address at which this request reached us."""
    return Address(publication().base, request.url_root)


def represent(
    format: Format,
    make: Callable[[], bytes],
    *,
    links: Iterable[Link] = (),
    location: str | None = None,
    negotiated: bool = True,
    beside: str = "",
) -> Response:
    """Answer with a representation of a resource of the current release.

    Args:
        format: how it is written.
        make: makes the body; called only if the client needs it and no earlier call is remembered.
        links: further links; the licence is added here.
        location: the URL of this very representation, for `Content-Location`.
        negotiated: whether the `Accept` header had a say.
        beside: what else the body is made from, beside the release and the address.
    """
    key = (*_key(format), beside)
    response = _bare(format, links, location, negotiated)
    _validate(response, key)
    if response.status_code == 304:
        return response
    response.set_data(publication().memory.get_or_make(key, make))
    if not beside:
        say_repeatable()
    return response


def represent_answer(
    format: Format,
    body: bytes | Iterator[bytes],
    *,
    links: Iterable[Link] = (),
    negotiated: bool = True,
    cacheable: bool = True,
) -> Response:
    """Answer with a body that had to be made before its format was known: a query's result.

    Its ETag is weak: another run of the query may give other rows first, or another name to a blank
    node, and is still the same answer (RFC 9110 §8.8.1).

    Args:
        format, links, negotiated: as in `represent`.
        body: the body, or its pieces as they come.
        cacheable: whether another run gives the same answer; if not, it has no validators.
    """
    response = _bare(format, links, None, negotiated)
    if not cacheable:
        response.headers["Cache-Control"] = "no-store"
    else:
        _validate(response, _key(format), weak=True)
    if response.status_code != 304:
        if isinstance(body, bytes):
            response.set_data(body)
            if cacheable:
                say_repeatable()
        else:
            response.response = body
            response.headers.pop("Content-Length", None)  # of the empty body until now
    return response


def is_held(format: Format) -> bool:
    """Whether the client has this address's answer in `format` already, by its ETag.

    Only a 200 ever carried that ETag, so the query need not run again. `If-None-Match: *` does not
    count, since it does not tell that there was an answer.
    """
    held = request.if_none_match
    return not held.star_tag and held.contains_weak(_tag(_key(format)))


def _key(format: Format) -> tuple[str, ...]:
    # The address belongs to it: links in pages and in JSON-LD carry it. Pages name their scripts.
    scripts = str(query_bundle()) if format is HTML else ""
    return (request.url_root, request.full_path, format.suffix, __version__, scripts)


def _tag(key: tuple[str, ...]) -> str:
    named = "\n".join((publication().release.version, *key))
    return hashlib.sha256(named.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _bare(
    format: Format, links: Iterable[Link], location: str | None, negotiated: bool
) -> Response:
    response = Response(status=200)
    response.headers["Content-Type"] = format.content_type
    if negotiated:
        response.vary.add("Accept")
    if location:
        response.headers["Content-Location"] = location
    for link in (*links, Link(publication().manifest.licence, "license")):
        response.headers.add("Link", str(link))
    return response


def _validate(response: Response, key: tuple[str, ...], weak: bool = False) -> None:
    """Give `response` its validators; it becomes a 304 where the client has it already."""
    response.set_etag(_tag(key), weak=weak)
    response.last_modified = publication().manifest.created_at
    response.headers["Cache-Control"] = _CACHE_CONTROL
    response.make_conditional(request)


def alternates(url: str, formats: Iterable[Format], chosen: Format) -> list[Link]:
    """Links to the same resource in the other formats, by their suffixes, each with its type."""
    return [
        Link(f"{url}.{f.suffix}", "alternate", f.media_type, f.name)
        for f in formats
        if f is not chosen
    ]


def install(app: Flask) -> None:
    """Give every answer of `app`, errors included, the headers that all share."""

    @app.before_request
    def demand_a_host() -> None:
        """A `Host` that is none (RFC 9112 §3.2) would stand in every address of the answer."""
        if request.headers.get("Host") and not request.host:
            raise BadRequest(
                "The header Host is not the name of a host.",
                "send the one that stands in the address, such as example.org or 127.0.0.1:8000",
            )

    @app.after_request
    def finish(response: Response) -> Response:
        headers = response.headers
        # CORS for everybody, never with credentials.
        headers["Access-Control-Allow-Origin"] = "*"
        headers["Access-Control-Expose-Headers"] = EXPOSED
        if request.method == "OPTIONS":
            headers["Access-Control-Allow-Methods"] = headers.get("Allow", "GET, HEAD, OPTIONS")
            headers["Access-Control-Allow-Headers"] = (
                "Accept, Accept-Language, Content-Type, If-None-Match"
            )
            headers["Access-Control-Max-Age"] = "86400"
        headers["X-Content-Type-Options"] = "nosniff"
        if response.mimetype == "text/html":
            headers.setdefault("Content-Security-Policy", _POLICY)  # a preview has its own
            headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
        return response
