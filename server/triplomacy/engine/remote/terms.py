"""Terms on their way to a server and back: blank nodes as IRIs, literals in their own spelling."""

from __future__ import annotations

from collections.abc import Callable

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from triplomacy.engine.remote.lexis import value_of
from triplomacy.engine.remote.place import Place

AnyTerm = NamedNode | BlankNode | Literal | Triple


class Terms:
    """Turns the terms of a release into those that its server has, and back.

    Args:
        place: where the release lies.
        spelling: puts right what this kind of server writes in its own way.
    """

    def __init__(self, place: Place, spelling: Callable[[Literal], Literal]) -> None:
        self._nodes = place.nodes
        self._respelt = place.respelt
        self._spelling = spelling
        self._literals: dict[str, Literal] = {}

    def there(self, term: AnyTerm) -> AnyTerm:
        """The term that the server has for one of ours (RDF 1.1 Concepts §3.5)."""
        return NamedNode(self._nodes + term.value) if isinstance(term, BlankNode) else term

    def here(self, term: AnyTerm) -> AnyTerm:
        """The term that we have for one of the server's."""
        if isinstance(term, NamedNode):
            label = term.value.removeprefix(self._nodes)
            return term if label == term.value or not label else BlankNode(label)
        if isinstance(term, Literal):
            literal = self._spelling(term)
            original = self._respelt.get(str(literal)) if self._respelt else None
            return literal if original is None else self._original(original)
        if isinstance(term, Triple):
            subject, object = self.here(term.subject), self.here(term.object)
            return Triple(subject, term.predicate, object)  # type: ignore[arg-type]
        return term

    def _original(self, text: str) -> Literal:
        if text not in self._literals:
            self._literals[text] = literal_of(text)
        return self._literals[text]


def literal_of(text: str) -> Literal:
    """The literal that N-Triples spells so; the inverse of `str`."""
    end = text.rindex('"')
    value, rest = value_of(text[: end + 1]), text[end + 1 :]
    if rest.startswith("@"):
        return Literal(value, language=rest[1:])
    return Literal(value, datatype=NamedNode(rest[3:-1])) if rest else Literal(value)
