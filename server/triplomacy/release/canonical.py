"""Canonical N-Quads (RDFC-1.0): the same facts are the same bytes, and so have the same hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse, serialize


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
    """Canonicalise `quads` (RDF Dataset Canonicalization, W3C Recommendation of 2024-05-21)."""
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    lines = serialize(dataset, format=RdfFormat.N_QUADS)
    assert lines is not None
    ordered = b"".join(sorted(lines.splitlines(keepends=True)))
    return Canonical(
        tuple(parse(input=ordered, format=RdfFormat.N_QUADS)), hashlib.sha256(ordered).hexdigest()
    )
