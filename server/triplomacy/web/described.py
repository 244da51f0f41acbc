"""Answers with a Turtle file of the release: as RDF in every format, or as a page made from it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flask import Response, request
from pyoxigraph import Quad, RdfFormat, parse

from triplomacy.errors import ReleaseError
from triplomacy.formats import DOCUMENT_FORMATS, HTML
from triplomacy.web.current import publication
from triplomacy.web.documents import CONTEXT_PATH, write
from triplomacy.web.negotiation import Accept
from triplomacy.web.representation import Link, address, alternates, represent


def described(path: str, file: Path, page: Callable[[], str], suffix: str | None) -> Response:
    """Answer with what the Turtle in `file` says, or with a page; the document lies at `path`."""
    published = publication()
    here = address()
    format = Accept(request.headers.get("Accept"), suffix).choose(DOCUMENT_FORMATS)
    plain = here.at(path)
    canonical = published.base.under(path)

    def make() -> bytes:
        if format is HTML:
            return page().encode()
        return write(quads_of(file), format, published, here.at(CONTEXT_PATH))

    links = [Link(canonical, "canonical"), *alternates(plain, DOCUMENT_FORMATS, format)]
    return represent(
        format, make, links=links, location=f"{plain}.{format.suffix}", negotiated=suffix is None
    )


def quads_of(file: Path) -> list[Quad]:
    """What a Turtle file of the release says; raises ReleaseError if it cannot be read."""
    try:
        return list(parse(path=str(file), format=RdfFormat.TURTLE))
    except (OSError, SyntaxError) as error:
        raise ReleaseError(f"{file}: {error}", "build the release anew") from error
