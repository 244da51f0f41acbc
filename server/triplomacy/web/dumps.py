"""`/dumps/`: what can be downloaded, of this release and of older ones."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, redirect, render_template, request, send_file
from werkzeug.wrappers import Response as BaseResponse

from triplomacy.errors import NotFound, ReleaseError
from triplomacy.formats import HTML, JSON
from triplomacy.release.folder import Release
from triplomacy.release.manifest import File
from triplomacy.web.current import Publication, publication, releases
from triplomacy.web.negotiation import Accept
from triplomacy.web.pages import embedded
from triplomacy.web.representation import Link, address, represent

routes = Blueprint("dumps", __name__)

SUMS = "SHA256SUMS"


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
