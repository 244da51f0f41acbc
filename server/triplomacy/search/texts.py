"""What is indexed: which texts of which things, and the kinds by which people filter.

This is the one definition. Every graph of the release counts, so that labels which stand in a graph
of their own, such as those from elsewhere, are found too.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from triplomacy.iris import Base
from triplomacy.namespaces import DCT, FOAF, ORG, OWL, PROV, RDF, RDFS, SCHEMA, SH, SKOS


class Role(IntEnum):
    """What a text is to its thing, the most telling first."""

    LABEL = 0
    ALIAS = 1
    HIDDEN = 2
    """A spelling that is found and never shown (`skos:hiddenLabel`, SKOS Reference §5.1)."""
    DESCRIPTION = 3
    QUOTATION = 4
    PASSAGE = 5
    TEXT = 6
    """The text of a source, by paragraphs."""


LAST_NAME = Role.HIDDEN
"""The last of the roles that are names."""

TYPE = f"{RDF}type"
QUOTED_FROM = f"{PROV}wasQuotedFrom"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of things that a search can be narrowed to.

    Attributes:
        name: in addresses.
        title: for people, several of them.
        one: for people, one of them.
    """

    name: str
    title: str
    one: str


KINDS: tuple[Kind, ...] = (
    Kind("actors", "Actors", "actor"),
    Kind("events", "Events", "event"),
    Kind("statements", "Statements", "statement"),
    Kind("stances", "Stances", "stance"),
    Kind("places", "Places", "place"),
    Kind("offices", "Offices", "office"),
    Kind("topics", "Topics", "topic"),
    Kind("sources", "Sources", "source"),
    Kind("passages", "Passages", "passage"),
    Kind("vocabulary", "Vocabulary", "term"),
    Kind("others", "Others", "other"),
)
"""All kinds. A thing of several is shown as the first of them, and found under each."""
BY_NAME = {kind.name: kind for kind in KINDS}
OTHER = "others"
PASSAGES = "passages"

_OURS = {
    "Actor": "actors",
    "Person": "actors",
    "Organization": "actors",
    "GeopoliticalEntity": "actors",
    "Collective": "actors",
    "Event": "events",
    "Statement": "statements",
    "Stance": "stances",
    "Place": "places",
    "Office": "offices",
    "Source": "sources",
    "Excerpt": "passages",
}
_SHARED = {
    f"{FOAF}Agent": "actors",
    f"{FOAF}Person": "actors",
    f"{FOAF}Organization": "actors",
    f"{ORG}Organization": "actors",
    f"{SKOS}Concept": "vocabulary",
    f"{SKOS}ConceptScheme": "vocabulary",
    f"{OWL}Ontology": "vocabulary",
    f"{OWL}Class": "vocabulary",
    f"{OWL}ObjectProperty": "vocabulary",
    f"{OWL}DatatypeProperty": "vocabulary",
    f"{OWL}AnnotationProperty": "vocabulary",
    f"{RDFS}Datatype": "vocabulary",
}
_ROLES = {
    f"{RDFS}label": Role.LABEL,
    f"{SKOS}prefLabel": Role.LABEL,
    f"{DCT}title": Role.LABEL,
    f"{FOAF}name": Role.LABEL,
    f"{SCHEMA}name": Role.LABEL,
    f"{SKOS}altLabel": Role.ALIAS,
    f"{DCT}alternative": Role.ALIAS,
    f"{FOAF}nick": Role.ALIAS,
    f"{SCHEMA}alternateName": Role.ALIAS,
    f"{SKOS}hiddenLabel": Role.HIDDEN,
    f"{DCT}description": Role.DESCRIPTION,
    f"{RDFS}comment": Role.DESCRIPTION,
    f"{SKOS}definition": Role.DESCRIPTION,
    f"{SCHEMA}description": Role.DESCRIPTION,
    f"{SCHEMA}text": Role.TEXT,
}


class Texts:
    """What is indexed of a release.

    Args:
        base: the base IRI of its terms.

    Attributes:
        roles: the role of the values of each property.
        quote: the property from a statement to the passage that holds its words.
    """

    def __init__(self, base: Base) -> None:
        self.roles = _ROLES | {base.under("ontology#exactText"): Role.PASSAGE}
        self.quote = base.under("ontology#quote")
        self._kinds = _SHARED | {base.under(f"ontology#{n}"): kind for n, kind in _OURS.items()}
        self._topics = base.under("vocab/topic/")

    def kinds(self, cls: str) -> tuple[Kind, ...]:
        """The kinds that things of class `cls` can be of."""
        names = (self.kind("", cls), self.kind(self._topics, cls))
        return tuple(BY_NAME[name] for name in dict.fromkeys(names) if name)

    def kind(self, subject: str, cls: str) -> str | None:
        """The kind of a thing of class `cls`; None for what is not shown: a rule about data."""
        if cls.startswith(SH):
            return None
        kind = self._kinds.get(cls, OTHER)
        return "topics" if cls == f"{SKOS}Concept" and subject.startswith(self._topics) else kind
