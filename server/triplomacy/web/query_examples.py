"""What the query page says of an example beside its title: where it runs, and what it needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from triplomacy.engine.federation.clauses import clauses, may_call
from triplomacy.errors import TriplomacyError
from triplomacy.queries import Example, read_examples
from triplomacy.web.answering import services
from triplomacy.web.current import Publication
from triplomacy.web.pages.template_helpers import is_web


@dataclass(frozen=True, slots=True)
class Offered:
    """An example as the page offers it.

    Attributes:
        example: the example.
        there: a link that opens it on the query page for which it is meant; empty for this one.
        refused: the services that it calls and that this server does not.
    """

    example: Example
    there: str
    refused: tuple[str, ...]


def offered_examples(published: Publication) -> list[Offered]:
    """The examples of the release, by title."""
    allowed = services()
    return [_offered(e, allowed, published) for e in read_examples(published.release.queries)]


def _offered(example: Example, allowed: Sequence[str], published: Publication) -> Offered:
    if is_web(example.at):
        # Wikidata's query page, and those made from it, read the query after the mark.
        return Offered(example, f"{example.at}#{quote(example.text, safe='')}", ())
    called = _called(example.text, published.base.iri)
    return Offered(example, "", tuple(iri for iri in called if iri not in allowed))


def _called(text: str, base: str) -> list[str]:
    """The services that a query calls; none where it cannot be read, which running it tells."""
    if not may_call(text):
        return []
    try:
        return list(dict.fromkeys(clause.iri for clause in clauses(text, base)))
    except TriplomacyError:
        return []
