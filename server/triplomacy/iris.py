"""IRIs and paths: what an IRI under the base means, and at which address a server shows it.

Terms in data always carry the base IRI. Only *links* (href, `Location`, `Link`) are mapped to the
address at which a server runs; that is the job of `Address`, and of nothing else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import quote, unquote

from pyoxigraph import NamedNode

_BASE = re.compile(r"https?://[^\s/?#]+/(?:[^\s?#]+/)?")
# RFC 3986 §3.3: characters of a path that stay as they are. `%` is quoted by the callers' choice.
_PATH_SAFE = "/:@!$&'()*+,;=-._~"


def is_base_iri(iri: str) -> bool:
    """Whether `iri` can be a site's base: an absolute http(s) IRI that ends with a slash."""
    return _BASE.fullmatch(iri) is not None and is_iri(iri)


def is_iri(text: str) -> bool:
    """Whether `text` is an absolute IRI."""
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Base:
    """A site's base IRI, such as `https://w3id.org/triplomacy/`, and the IRIs under it."""

    iri: str

    def __str__(self) -> str:
        return self.iri

    def under(self, path: str) -> str:
        """The IRI of a path below the base: `id/event/x` → `https://…/id/event/x`."""
        return self.iri + path

    def path_of(self, iri: str) -> str | None:
        """The path of an IRI below the base, fragment included; None if it is not below it."""
        return iri[len(self.iri) :] if iri.startswith(self.iri) else None

    def graph_of(self, path: PurePosixPath) -> str:
        """The IRI of the named graph that a file holds, from its path in the site.

        Facts lie in `data/`, which does not show: `data/links.ttl` → `…/graph/links`,
        `ontology/role.ttl` → `…/graph/ontology/role`.
        """
        parts = path.with_suffix("").parts
        if parts and parts[0] == "data":
            parts = parts[1:]
        return self.under("graph/" + "/".join(quote(p, safe="-._~") for p in parts))


@dataclass(frozen=True, slots=True)
class Address:
    """The address at which a server shows the IRIs under a base.

    >>> here = Address(Base("https://w3id.org/triplomacy/"), "http://127.0.0.1:8000/")
    >>> here.link("https://w3id.org/triplomacy/id/event/call")
    'http://127.0.0.1:8000/id/event/call'
    >>> here.link("http://www.wikidata.org/entity/Q30")
    'http://www.wikidata.org/entity/Q30'
    """

    base: Base
    root: str

    def link(self, iri: str) -> str:
        """The link by which a client of this server reaches `iri`, as a URI (RFC 3987 §3.1)."""
        path = self.base.path_of(iri)
        return as_uri(iri) if path is None else self.root + as_uri(path)

    def at(self, path: str) -> str:
        """The link to a path of this server: `sparql` → `http://127.0.0.1:8000/sparql`."""
        return self.root + as_uri(path)


def as_uri(iri: str) -> str:
    """Percent-encode what RFC 3986 does not allow; existing escapes and delimiters stay.

    >>> as_uri("id/place/Besançon")
    'id/place/Besan%C3%A7on'
    """
    return quote(iri, safe=_PATH_SAFE + "?#[]%")


def document_path(path: str) -> str | None:
    """The path of the document about the thing at `path`, or None where they are one.

    Things (`id/…`, and SKOS concepts and schemes, `vocab/…`) are not documents, so they answer
    303 (httpRange-14): `id/event/call` → `doc/event/call`, `vocab/role` → `doc/vocab/role`.
    """
    if path.startswith("id/"):
        return "doc/" + path.removeprefix("id/")
    if path.startswith("vocab/"):
        return "doc/" + path
    return None


def thing_path(document: str) -> str | None:
    """The inverse of `document_path`: `doc/event/call` → `id/event/call`."""
    rest = document.removeprefix("doc/")
    if rest == document:
        return None
    return rest if rest.startswith("vocab/") else "id/" + rest


def spellings(path: str) -> list[str]:
    """The spellings under which data may hold the IRI that a client asked for by `path`.

    A server sees a decoded path; data may hold the IRI decoded (`Besançon`) or percent-encoded.
    """
    decoded = unquote(path)
    candidates = [path, decoded, as_uri(decoded)]
    return list(dict.fromkeys(candidates))


def local_name(iri: str) -> str:
    """The last piece of an IRI, for people, where there is no label."""
    return re.split(r"[/#]", unquote(iri).rstrip("/#"))[-1] or iri
