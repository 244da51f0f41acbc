"""Identifiers: those of things, which are paths below the base, and those of terms, prefixed names.

A thing's identifier is what follows the identifier space, which is the base IRI: both together are
its IRI. Classes and properties are written as in Turtle, `eas:Person`, and where no prefix of the
site fits as whole IRIs.
"""

from __future__ import annotations

import re

from triplomacy.iris import Base, is_iri, spellings, thing_path
from triplomacy.namespaces import prefixes
from triplomacy.qid import item_iri, meant

LONGEST = 2_000
"""Characters of what can be an identifier."""
_LOCAL = re.compile(r"[\w.-]+")
_WHOLE = re.compile(r"https?://|urn:")
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

    def meant(self, text: str, root: str = "") -> tuple[str, ...]:
        """The IRIs that can be meant by a text, the likeliest first; none by most names.

        It can be an identifier, as it is or without `id/`; an IRI; the address of a thing or of the
        document about it at this server; or what tells an item of Wikidata: its number, `Q7747`,
        also as `wd:Q7747`, its IRI, or its page.

        Args:
            text: what somebody sent.
            root: the address of the server.
        """
        text = text.strip()
        if not 0 < len(text) <= LONGEST or _NO_IRI.search(text):
            return ()
        number = meant(text)
        if number:
            return (item_iri(number),)
        is_here = bool(root) and text.startswith(root)
        path = text[len(root) :] if is_here else self.base.path_of(text)
        whole = () if is_here or not _WHOLE.match(text) else (text,)
        if path is None and not whole and ("/" in text or "#" in text):
            path = text
        paths = [path, thing_path(path), f"id/{path}"] if path else []
        ours = (self.base.under(s) for p in paths if p for s in spellings(p))
        return tuple(iri for iri in dict.fromkeys((*whole, *ours)) if is_iri(iri))

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
