"""Identifiers: those of things, which are paths below the base, and those of terms, prefixed names.

A thing's identifier is what follows the identifier space, which is the base IRI: both together are
its IRI. Classes and properties are written as in Turtle, `eas:Person`, and where no prefix of the
site fits as whole IRIs.
"""

from __future__ import annotations

import re

from triplomacy.iris import Base, is_iri
from triplomacy.namespaces import prefixes
from triplomacy.qid import item_iri, meant

LONGEST = 2_000
"""Characters of what can be an identifier."""
_LOCAL = re.compile(r"[\w.-]+")
_NO_IRI = re.compile(r"[\s<>\"{}|\\^`\x00-\x1f]")


class Ids:
    """The identifiers of a site.

    Args:
        base: the base IRI of its terms; also an attribute.
    """

    def __init__(self, base: Base) -> None:
        self.base = base
        self._prefixes = prefixes(base.iri)

    @property
    def space(self) -> str:
        """The identifier space: what an identifier is put after."""
        return self.base.iri

    def of(self, iri: str) -> str:
        """The identifier of a thing; its IRI where that is not below the base."""
        return self.base.path_of(iri) or iri

    def is_ours(self, iri: str) -> bool:
        """Whether an IRI has an identifier in the identifier space."""
        return bool(self.base.path_of(iri))

    def things(self, text: str, root: str = "") -> tuple[str, ...]:
        """The IRIs that can be meant by an identifier, as it is or without `id/`, or by an IRI.

        Args:
            text: what somebody sent.
            root: the address of the server, whose links count as the IRIs that they show.
        """
        text = text.strip()
        if not 0 < len(text) <= LONGEST or _NO_IRI.search(text):
            return ()
        if root and text.startswith(root):
            text = text[len(root) :]
        whole = (text,) if text.startswith(("http://", "https://", "urn:")) else ()
        is_path = not whole and ("/" in text or "#" in text)
        paths = (text, f"id/{text}") if is_path else ()
        found = (*whole, *map(self.base.under, paths))
        return tuple(iri for iri in found if is_iri(iri))

    @staticmethod
    def item(text: str) -> str | None:
        """The IRI of the item of Wikidata that a number or an address of it tells: `Q7747`."""
        number = meant(text)
        return item_iri(number) if number else None

    def term(self, iri: str) -> str:
        """The identifier of a class or property."""
        for prefix, space in self._prefixes.items():
            if iri.startswith(space) and _LOCAL.fullmatch(iri, len(space)):
                return f"{prefix}:{iri[len(space) :]}"
        return iri

    def term_iri(self, id: str) -> str | None:
        """The IRI of a class or property by its identifier or IRI; None where it can be none."""
        if len(id) > LONGEST:
            return None
        prefix, colon, local = id.strip().partition(":")
        if colon and prefix in self._prefixes:
            id = self._prefixes[prefix] + local
        return id.strip() if not _NO_IRI.search(id.strip()) and is_iri(id.strip()) else None
