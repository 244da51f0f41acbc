"""`/robots.txt` and the sitemaps: what crawlers ask first."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

from flask import Blueprint, Response
from pyoxigraph import Literal, NamedNode

from triplomacy.errors import NotFound
from triplomacy.formats import Format
from triplomacy.iris import document_path
from triplomacy.web.answering import limits_in_words
from triplomacy.web.current import Publication, publication
from triplomacy.web.representation import address, represent

routes = Blueprint("crawlers", __name__)

PER_SITEMAP = 50_000
"""URLs in one sitemap (sitemaps.org, protocol 0.9); a larger release gets an index of sitemaps."""

_DESCRIBED = "SELECT DISTINCT ?thing WHERE { ?thing a ?class FILTER(isIRI(?thing)) }"
_HOW_MANY = (
    "SELECT (COUNT(DISTINCT ?thing) AS ?total) WHERE { ?thing a ?class FILTER(isIRI(?thing)) }"
)
_SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_PAGES = (
    *("", "events", "actors", "statements", "stances", "offices", "sources", "vocab"),
    *("dataset", "dumps/", "validation", "sparql"),
)
_SERVED = ("doc/", "graph/")


@routes.get("/robots.txt")
def robots() -> Response:
    """Crawlers may read everything but the answers to queries, whose number has no end."""
    text = (
        "User-agent: *\n"
        "Disallow: /sparql?\n"
        "Disallow: /search\n"
        "Disallow: /reconcile\n"
        "Allow: /\n\n"
        + "".join(f"# {sentence}\n" for sentence in limits_in_words())
        + f"# The whole data: {address().at('dumps/')}\n\n"
        f"Sitemap: {address().at('sitemap.xml')}\n"
    )
    response = Response(text, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@routes.get("/sitemap.xml")
@routes.get("/sitemap-<int:part>.xml")
def sitemap(part: int | None = None) -> Response:
    """Every document with its date; an index of sitemaps where they are too many for one."""
    published = publication()
    parts = _sitemaps(published)
    if part is not None and not 1 <= part <= parts:
        raise NotFound(f"There are {parts} sitemaps.", "see /sitemap.xml")
    day = published.manifest.created[:10]
    at = address().at

    def make() -> bytes:
        if part is None and parts > 1:
            urls = (at(f"sitemap-{n}.xml") for n in range(1, parts + 1))
            return _xml("sitemapindex", "sitemap", urls, day)
        return _xml("urlset", "url", map(at, _documents(published, part or 1)), day)

    return represent(Format("XML", "xml", "application/xml"), make, negotiated=False)


def _sitemaps(published: Publication) -> int:
    """How many sitemaps there are."""

    def make() -> bytes:
        total = published.engine.select(_HOW_MANY)[0]["total"]
        return total.value.encode() if isinstance(total, Literal) else b"0"

    return max(1, -(-int(published.memory.get_or_make("described", make)) // PER_SITEMAP))


def _documents(published: Publication, part: int) -> list[str]:
    """The paths of the documents in one sitemap: in the first our own pages, then of all things."""
    # Numbers cannot be bound; these are ours. The store's order is fixed within a release.
    query = f"{_DESCRIBED} LIMIT {PER_SITEMAP} OFFSET {(part - 1) * PER_SITEMAP}"
    iris = {
        t.value for r in published.engine.select(query) if isinstance(t := r["thing"], NamedNode)
    }
    if part == 1:
        iris |= {g.value for g in published.engine.graphs()}
    paths = {published.base.path_of(iri) or "" for iri in iris}
    # A fragment is a part of a document that is listed itself.
    documents = {document_path(path) or path for path in paths if "#" not in path}
    served = (d for d in documents if d.startswith(_SERVED) or d in ("ontology", "shapes"))
    return [*(_PAGES if part == 1 else ()), *sorted(served)]


def _xml(root: str, item: str, urls: Iterable[str], day: str) -> bytes:
    lines = [f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} {_SITEMAP}>']
    lines += [f"<{item}><loc>{escape(url)}</loc><lastmod>{day}</lastmod></{item}>" for url in urls]
    return "\n".join([*lines, f"</{root}>\n"]).encode()
