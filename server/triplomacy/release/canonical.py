"""Canonical N-Quads (RDFC-1.0): the same facts are the same bytes, and so have the same hash.

Numbers, truth values and times take the spelling that the store gives them (`01` and `1` are one
integer, and the store keeps integers, not spellings), so that store, dumps and hash agree.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    parse,
    serialize,
)

from triplomacy.namespaces import RDF, XSD

_TEXTS = (f"{XSD}string", f"{RDF}langString")
_SPELT = NamedNode("urn:x-spelt")


@dataclass(frozen=True)
class Canonical:
    """A dataset in canonical form.

    Attributes:
        quads: sorted by their canonical N-Quads line, in code point order; blank nodes renamed.
        sha256: of the lines, in hex.
    """

    quads: tuple[Quad, ...]
    sha256: str


def canonical(quads: Iterable[Quad]) -> Canonical:
    """Canonicalise `quads` (RDF Dataset Canonicalization, W3C Recommendation of 2024-05-21).

    A blank node's label follows from the quads that mention blank nodes (§4.4.3), so the others,
    mostly nearly all, pass by.
    """
    ground: list[Quad] = []
    with_blanks = Dataset()
    for quad in _spelt_alike(quads):
        if _may_have_blanks(quad):
            with_blanks.add(quad)
        else:
            ground.append(quad)
    with_blanks.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    lines = {*_lines(ground), *_lines(with_blanks)}
    ordered = b"".join(sorted(lines))
    return Canonical(
        tuple(parse(input=ordered, format=RdfFormat.N_QUADS)), hashlib.sha256(ordered).hexdigest()
    )


def _may_have_blanks(quad: Quad) -> bool:
    terms = (quad.subject, quad.object, quad.graph_name)
    return any(isinstance(term, BlankNode | Triple) for term in terms)


def _lines(quads: Iterable[Quad]) -> list[bytes]:
    return (serialize(quads, format=RdfFormat.N_QUADS) or b"").splitlines(keepends=True)


def _spelt_alike(quads: Iterable[Quad]) -> Iterable[Quad]:
    """`quads` with each literal as the store spells it."""
    quads = list(quads)
    typed = {
        q.object
        for q in quads
        if isinstance(q.object, Literal) and q.object.datatype.value not in _TEXTS
    }
    numbered: dict[object, Literal] = {}
    store = Store()
    for n, literal in enumerate(typed):
        number = NamedNode(f"urn:x-literal:{n}")
        numbered[number] = literal
        store.add(Quad(number, _SPELT, literal))
    spelt: dict[object, Literal] = {
        numbered[q.subject]: q.object
        for q in store
        if isinstance(q.object, Literal) and q.object != numbered[q.subject]
    }
    if not spelt:
        return quads
    return (
        Quad(q.subject, q.predicate, spelt.get(q.object, q.object), q.graph_name) for q in quads
    )
