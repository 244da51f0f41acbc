"""HTTP manners, in one place for every route: validators, `Vary`, `Link`, CORS, conditional requests.

A route hands over *how to make* a body; whether it is made at all is decided here, since a client
that has it already gets 304 (RFC 9110 §13). ETags are strong: a release never changes, so release,
software, address and format name the bytes exactly (§8.8.3).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import Flask, Response, request

from triplomacy import __version__
from triplomacy.formats import Format
from triplomacy.iris import Address
from triplomacy.web.current import publication

EXPOSED = "Link, ETag, Last-Modified, Vary, Location, Content-Location, Retry-After"
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
) -> Response:
    """Answer with a representation of a resource of the current release.

    Args:
        format: how it is written.
        make: makes the body; called only if the client needs it and no earlier call is remembered.
        links: further links; the licence is added here.
        location: the URL of this very representation, for `Content-Location`.
        negotiated: whether the `Accept` header had a say.
    """
    published = publication()
    manifest = published.manifest
    # The address belongs to the key: links in pages and in JSON-LD carry it.
    key = (request.url_root, request.full_path, format.suffix, __version__)
    tag = hashlib.sha256("\n".join((published.release.version, *key)).encode()).hexdigest()[:24]
    response = Response(status=200)
    response.headers["Content-Type"] = format.content_type
    response.set_etag(tag)
    response.last_modified = manifest.created_at
    response.headers["Cache-Control"] = _CACHE_CONTROL
    if negotiated:
        response.vary.add("Accept")
    if location:
        response.headers["Content-Location"] = location
    for link in (*links, Link(manifest.licence, "license")):
        response.headers.add("Link", str(link))
    response.make_conditional(request)
    if response.status_code == 304:
        return response
    response.set_data(published.memory.get_or_make(key, make))
    return response


def alternates(url: str, formats: Iterable[Format], chosen: Format) -> list[Link]:
    """Links to the same resource in the other formats, by their suffixes, each with its type."""
    return [
        Link(f"{url}.{f.suffix}", "alternate", f.media_type, f.name)
        for f in formats
        if f is not chosen
    ]


def install(app: Flask) -> None:
    """Give every answer of `app`, errors included, the headers that all share."""

    @app.after_request
    def finish(response: Response) -> Response:
        headers = response.headers
        # CORS for everybody, never with credentials.
        headers["Access-Control-Allow-Origin"] = "*"
        headers["Access-Control-Expose-Headers"] = EXPOSED
        if request.method == "OPTIONS":
            headers["Access-Control-Allow-Methods"] = headers.get("Allow", "GET, HEAD, OPTIONS")
            headers["Access-Control-Allow-Headers"] = "Accept, Accept-Language, Content-Type, If-None-Match"
            headers["Access-Control-Max-Age"] = "86400"
        headers["X-Content-Type-Options"] = "nosniff"
        if response.mimetype == "text/html":
            headers["Content-Security-Policy"] = (
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
                "frame-ancestors 'none'"
            )
            headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
        return response
