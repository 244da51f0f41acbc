"""What the last check of the links to Wikidata said about a thing (W3C EARL, see `link.report`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from triplomacy.engine.protocol import Term
from triplomacy.namespaces import DCT, EARL, PROV, WIKIDATA
from triplomacy.web.pages.dates import in_words
from triplomacy.web.pages.reader import Reader, Text

_SUBJECT = NamedNode(f"{EARL}subject")
_RESULT = NamedNode(f"{EARL}result")
_OUTCOME = NamedNode(f"{EARL}outcome")
_PASSED = f"{EARL}passed"
_NUMBER = NamedNode(f"{DCT}identifier")
_PART_OF = NamedNode(f"{DCT}isPartOf")
_DESCRIPTION = NamedNode(f"{DCT}description")
_MADE = NamedNode(f"{PROV}generatedAtTime")


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


def link_checks(reader: Reader, thing: NamedNode) -> Mapping[str, LinkCheck]:
    """What was said about each link of `thing`, by the IRI to which it leads."""
    return dict(_checks(reader, thing))


def _checks(reader: Reader, thing: NamedNode) -> Iterator[tuple[str, LinkCheck]]:
    for assertion in reader.pointing(_SUBJECT, thing):
        number = reader.value(assertion, _NUMBER) or ""
        for result in _named(reader.objects(assertion, _RESULT)):
            outcomes = {o.value for o in _named(reader.objects(result, _OUTCOME))}
            graphs = _named(reader.objects(assertion, _PART_OF))
            made = next((m for g in graphs if (m := reader.value(g, _MADE))), "")
            check = LinkCheck(
                in_words(made[:10]) if made else "",
                outcomes == {_PASSED},
                reader.texts(result, _DESCRIPTION),
            )
            yield (number if ":" in number else WIKIDATA + number), check


def _named(terms: list[Term]) -> list[NamedNode]:
    return [t for t in terms if isinstance(t, NamedNode)]
