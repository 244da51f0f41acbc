"""The properties that link a thing to one elsewhere, by how much they claim."""

from __future__ import annotations

from pyoxigraph import NamedNode

from triplomacy.namespaces import DCT, OWL, SCHEMA, SKOS

SAME = (
    NamedNode(f"{OWL}sameAs"),
    NamedNode(f"{SKOS}exactMatch"),
    NamedNode(f"{SCHEMA}sameAs"),
)
"""Both are the same: what the one is called, so is the other."""
CLOSE = NamedNode(f"{SKOS}closeMatch")
"""Both are nearly the same, and that is all."""
LINKS = (*SAME, CLOSE)
"""The properties by which things are linked to elsewhere."""
DIFFERENT = NamedNode(f"{OWL}differentFrom")
"""Somebody has looked, and they are not the same."""
REPLACED = NamedNode(f"{DCT}isReplacedBy")
"""The one was merged into the other, as items of Wikidata are."""
