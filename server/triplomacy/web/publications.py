"""What the release says about itself, its downloads, its report, and what crawlers ask first."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from flask import Blueprint, Response, redirect, render_template, request, send_file
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse
from werkzeug.wrappers import Response as BaseResponse

from triplomacy import __version__
from triplomacy.errors import NotFound, ReleaseError
from triplomacy.formats import DOCUMENT_FORMATS, HTML, Format
from triplomacy.iris import document_path
from triplomacy.release.folder import Release
from triplomacy.release.manifest import File
from triplomacy.web import schema_org
from triplomacy.web.answering import limits_in_words, state_of_queries
from triplomacy.web.current import Publication, publication, releases
from triplomacy.web.documents import CONTEXT_PATH, write
from triplomacy.web.negotiation import Accept
from triplomacy.web.pages import embedded
from triplomacy.web.pages.entity import reader_of
from triplomacy.web.pages.graphs import graph_list
from triplomacy.web.pages.reader import Ref, Text
from triplomacy.web.representation import Link, address, alternates, represent

routes = Blueprint("publications", __name__)

JSON = Format("JSON", "json", "application/json")
SUMS = "SHA256SUMS"
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
_SEVERITIES = ("unreadable", "violation", "warning", "info")


# The dataset


@routes.get("/dataset")
@routes.get("/dataset.<suffix>")
@routes.get("/.well-known/void", endpoint="void")
def dataset(suffix: str | None = None) -> Response:
    """The VoID and DCAT description, or a page of it."""
    published = publication()

    def page() -> str:
        here = address()
        reader = reader_of(published)
        iri = published.base.under("dataset")
        json_ld = schema_org.write(
            [schema_org.dataset(iri, here.at("dataset"), published.manifest, here.at("dumps/"))]
        )
        return render_template(
            "dataset.html",
            facts=_about_dataset(published, published.release.description, iri),
            graphs=graph_list(reader),
            json_ld=json_ld,
        )

    return _negotiated("dataset", published.release.description, page, suffix)


# The report


@dataclass(frozen=True, slots=True)
class Found:
    """A finding of the check, as the page shows it."""

    severity: str
    rule: Ref
    message: str
    subject: Ref | None
    value: str
    place: str


@routes.get("/validation")
@routes.get("/validation.<suffix>")
def validation(suffix: str | None = None) -> Response:
    """The report of the check that this release passed: a page, or SHACL's report in RDF."""
    published = publication()

    def page() -> str:
        findings = _findings(published)
        counts = [(s, sum(f.severity == s for f in findings)) for s in _SEVERITIES]
        json_ld = embedded.of_site(published.base, published.manifest)
        return render_template("validation.html", findings=findings, counts=counts, json_ld=json_ld)

    return _negotiated("validation", published.release.report, page, suffix)


def _findings(published: Publication) -> list[Found]:
    """The findings, the worst first; what the file does not say is left empty."""
    try:
        document: Any = json.loads(published.release.problems.read_bytes())
    except (OSError, ValueError) as error:
        raise ReleaseError(f"{published.release.problems}: {error}", "build anew") from error
    values = document.get("findings", []) if isinstance(document, dict) else document
    findings = []
    for value in values:
        rule = str(value.get("rule") or value.get("shape") or "")
        subject = value.get("subject")
        place = ":".join(str(p) for p in (value.get("file"), value.get("line")) if p)
        findings.append(
            Found(
                str(value.get("severity", "")).lower(),
                _ref(published, rule),
                str(value.get("message", "")),
                _ref(published, str(subject)) if subject else None,
                str(value.get("value") or "") if value.get("value") != subject else "",
                place,
            )
        )
    known = {s: i for i, s in enumerate(_SEVERITIES)}
    return sorted(findings, key=lambda f: (known.get(f.severity, 9), f.place, str(f.rule)))


def _ref(published: Publication, name: str) -> Ref:
    """An IRI with its label; anything else as it stands."""
    try:
        return reader_of(published).ref(NamedNode(name))
    except ValueError:
        return Ref("", Text(name))


# Downloads


@dataclass(frozen=True, slots=True)
class Version:
    """A release that still exists, with what can be downloaded of it."""

    version: str
    created: str
    triples: int
    is_current: bool
    files: tuple[File, ...]


@routes.get("/dumps")
@routes.get("/dumps/")
def dumps() -> Response:
    """What can be downloaded, of this release and of older ones: a page, or JSON."""
    published = publication()
    here = address()
    fixed = request.args.get("format")
    format = Accept(request.headers.get("Accept"), fixed).choose((HTML, JSON))

    def make() -> bytes:
        versions = _versions(published)
        if format is HTML:
            json_ld = embedded.of_site(published.base, published.manifest)
            return render_template("dumps.html", versions=versions, json_ld=json_ld).encode()
        listing = {
            "latest": published.release.version,
            "releases": [_listed(v) for v in versions],
        }
        return (json.dumps(listing, ensure_ascii=False, indent=2) + "\n").encode()

    links = [Link(here.at("dumps/") + "?format=json", "alternate", JSON.media_type, JSON.name)]
    there_are = " ".join(release.version for release in releases().all())
    return represent(format, make, links=links, negotiated=fixed is None, beside=there_are)


def _versions(published: Publication) -> list[Version]:
    """The releases that exist, the newest first; one that cannot be read is left out."""
    found = []
    for release in reversed(releases().all()):
        try:
            manifest = release.manifest
        except ReleaseError:
            continue
        is_current = release.version == published.release.version
        found.append(
            Version(release.version, manifest.created, manifest.triples, is_current, manifest.files)
        )
    return found


def _listed(version: Version) -> dict[str, object]:
    at = address().at
    return {
        "version": version.version,
        "created": version.created,
        "triples": version.triples,
        "checksums": at(f"dumps/{version.version}/{SUMS}"),
        "files": [
            {
                "url": at(f"dumps/{version.version}/{f.name}"),
                "title": f.title,
                "mediaType": f.media_type,
                "compression": f.compression,
                "bytes": f.bytes,
                "sha256": f.sha256,
            }
            for f in version.files
        ],
    }


@routes.get("/dumps/latest/<name>")
def latest(name: str) -> BaseResponse:
    """A file of the current release: temporarily at the address of its version."""
    release = publication().release
    _dump(release, name)
    response = redirect(address().at(f"dumps/{release.version}/{name}"), code=307)
    response.headers["Cache-Control"] = "public, max-age=60"
    return response


@routes.get("/dumps/<version>/<name>")
def dump(version: str, name: str) -> Response:
    """A file of any release that exists; ranges and conditional requests work."""
    try:
        release = releases().get(version)
        path, file = _dump(release, name)
    except ReleaseError as error:
        raise NotFound(f"There is no release {version} here.", "see /dumps/") from error
    digest = file.sha256 if file else hashlib.sha256(path.read_bytes()).hexdigest()
    response = send_file(
        path,
        mimetype=_content_type(file),
        as_attachment=file is not None,
        download_name=name,
        conditional=True,
        etag=digest,
        last_modified=release.manifest.created_at,
        max_age=31_536_000,
    )
    response.cache_control.public = True
    response.cache_control.immutable = True
    # RFC 9530: the digest of the whole file, whatever range is asked for.
    encoded = base64.b64encode(bytes.fromhex(digest)).decode()
    response.headers["Repr-Digest"] = f"sha-256=:{encoded}:"
    response.headers.add("Link", str(Link(release.manifest.licence, "license")))
    return response


def _content_type(file: File | None) -> str:
    if file is None:
        return "text/plain"  # Flask adds the character set
    return file.compression or file.media_type


def _dump(release: Release, name: str) -> tuple[Path, File | None]:
    """The path of a file for download and what the manifest says of it; None for the checksums.

    Raises:
        NotFound: the manifest does not list it, or it is not a plain file in its folder.
    """
    file = next((f for f in release.manifest.files if f.name == name), None)
    path = release.dumps / name
    inside = path.parent.resolve() == release.dumps.resolve()
    if (file is None and name != SUMS) or not inside or path.is_symlink() or not path.is_file():
        raise NotFound(f"Release {release.version} has no file {name!r}.", "see /dumps/")
    return path.resolve(), file


# For machines


@routes.get("/robots.txt")
def robots() -> Response:
    """Crawlers may read everything but the answers to queries, whose number has no end."""
    text = (
        "User-agent: *\n"
        "Disallow: /sparql?\n"
        "Disallow: /search\n"
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


@routes.get("/health")
def health() -> Response:
    """Whether a release is being served, and which; 503 with a problem document if none is.

    An answer of any kind says that the server lives; 200 that it is ready, too. `queries` tells
    whether SPARQL is answered, or all its processes are busy.
    """
    release = publication().release
    body = {
        "status": "ok",
        "live": True,
        "ready": True,
        "release": release.version,
        "queries": state_of_queries(),
        "software": __version__,
    }
    response = Response(json.dumps(body) + "\n", content_type=JSON.content_type)
    response.headers["Cache-Control"] = "no-store"
    return response


# Shared


def _negotiated(path: str, file: Path, page: Any, suffix: str | None) -> Response:
    """Answer with what the Turtle in `file` says, or with a page; the document lies at `path`."""
    published = publication()
    here = address()
    format = Accept(request.headers.get("Accept"), suffix).choose(DOCUMENT_FORMATS)
    plain = here.at(path)
    canonical = published.base.under(path)

    def make() -> bytes:
        if format is HTML:
            return str(page()).encode()
        return write(_quads(file), format, published, here.at(CONTEXT_PATH))

    links = [Link(canonical, "canonical"), *alternates(plain, DOCUMENT_FORMATS, format)]
    return represent(
        format, make, links=links, location=f"{plain}.{format.suffix}", negotiated=suffix is None
    )


def _quads(file: Path) -> list[Quad]:
    try:
        return list(parse(path=str(file), format=RdfFormat.TURTLE))
    except (OSError, SyntaxError) as error:
        raise ReleaseError(f"{file}: {error}", "build the release anew") from error


def _about_dataset(published: Publication, file: Path, iri: str) -> list[tuple[Ref, Ref | Text]]:
    """What the description says of the dataset itself in values and links to elsewhere.

    Its partitions and distributions are nodes of their own; the formats for data have them.
    """
    reader = reader_of(published)
    rows: list[tuple[Ref, Ref | Text]] = []
    for quad in _quads(file):
        if not isinstance(quad.subject, NamedNode) or quad.subject.value != iri:
            continue
        value = quad.object
        if isinstance(value, Literal):
            rows.append((reader.ref(quad.predicate), Text(value.value, value.language)))
        elif isinstance(value, NamedNode) and not value.value.startswith((f"{iri}/", f"{iri}#")):
            rows.append((reader.ref(quad.predicate), reader.ref(value)))
    return sorted(rows, key=lambda row: (str(row[0]).casefold(), str(row[1])))
