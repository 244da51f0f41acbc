"""What is known about the links of a thing to Wikidata: what stands there, and the last check.

`link.local` and `link.report` have written it, each into a graph of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from triplomacy.engine.protocol import Term
from triplomacy.namespaces import DCT, EARL, PROV, SCHEMA, WIKIDATA
from triplomacy.web.pages.dates import in_words
from triplomacy.web.pages.reader import Reader, Ref, Text

_SUBJECT = NamedNode(f"{EARL}subject")
_RESULT = NamedNode(f"{EARL}result")
_OUTCOME = NamedNode(f"{EARL}outcome")
_PASSED = f"{EARL}passed"
_NUMBER = NamedNode(f"{DCT}identifier")
_PART_OF = NamedNode(f"{DCT}isPartOf")
_REMARK = NamedNode(f"{DCT}description")
_MADE = NamedNode(f"{PROV}generatedAtTime")
_DESCRIPTION = NamedNode(f"{SCHEMA}description")


@dataclass(frozen=True, slots=True)
class LinkCheck:
    """What the last check said about a link.

    Attributes:
        day: when it was, in words; empty if that is not known.
        passed: whether nothing was wrong.
        remarks: what was.
    """

    day: str
    passed: bool
    remarks: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A link to Wikidata.

    Attributes:
        description: how Wikidata describes the item; None if it was not fetched.
        check: what the last check said; None if there was none.
    """

    description: Text | None
    check: LinkCheck | None


def elsewhere(reader: Reader, thing: NamedNode, links: Iterable[Ref]) -> Mapping[str, Elsewhere]:
    """What is known about those of `links` that lead to Wikidata, by their IRI."""
    checks = _checks(reader, thing)
    return {
        ref.iri: Elsewhere(reader.text(reader.node(ref), _DESCRIPTION), checks.get(ref.iri))
        for ref in links
        if ref.iri.startswith(WIKIDATA)
    }


def _checks(reader: Reader, thing: NamedNode) -> dict[str, LinkCheck]:
    found = {}
    for assertion in reader.pointing(_SUBJECT, thing):
        number = reader.value(assertion, _NUMBER) or ""
        for result in _named(reader.objects(assertion, _RESULT)):
            outcomes = {o.value for o in _named(reader.objects(result, _OUTCOME))}
            graphs = _named(reader.objects(assertion, _PART_OF))
            made = next((m for g in graphs if (m := reader.value(g, _MADE))), "")
            found[WIKIDATA + number] = LinkCheck(
                in_words(made[:10]) if made else "",
                outcomes == {_PASSED},
                reader.texts(result, _REMARK),
            )
    return found


def _named(terms: list[Term]) -> list[NamedNode]:
    return [t for t in terms if isinstance(t, NamedNode)]
