"""Makes a service from a few facts in TriG: the same index, engine and terms as a release has."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, parse

from tests.search.made import BASE, PREFIXES, write
from triplomacy.engine.oxigraph import OxigraphEngine
from triplomacy.engine.protocol import union
from triplomacy.iris import Base
from triplomacy.reconcile.facts import TYPE, Facts
from triplomacy.reconcile.ids import Ids
from triplomacy.reconcile.matching import Candidate, Matcher
from triplomacy.reconcile.requests import read_batch
from triplomacy.reconcile.terms import Terms
from triplomacy.search.finding import SearchIndex
from triplomacy.search.texts import Texts

FACTS = """
graph:ontology {
  eas:Actor a owl:Class ; rdfs:label "Actor"@en .
  eas:Person a owl:Class ; rdfs:label "Person"@en, "Persona"@es ; rdfs:subClassOf eas:Actor ;
    skos:definition "A human being."@en .
  eas:GeopoliticalEntity a owl:Class ; rdfs:label "Geopolitical entity"@en ;
    rdfs:subClassOf eas:Actor, eas:Place .
  eas:Office a owl:Class ; rdfs:label "Office"@en .
}
graph:facts {
  actor:zelensky a eas:Person ; rdfs:label "Volodymyr Zelensky"@en ; eas:country actor:ukraine ;
    skos:altLabel "Zelensky"@en ; eas:born "1978-01-25"^^xsd:date ; eas:terms 1 ;
    dct:description "President of Ukraine."@en, "Präsident der Ukraine."@de .
  actor:john-smith-uk a eas:Person ; rdfs:label "John Smith"@en ; eas:country actor:uk .
  actor:john-smith-us a eas:Person ; rdfs:label "John Smith"@en ; eas:country actor:us .
  actor:ukraine a eas:GeopoliticalEntity ; rdfs:label "Ukraine"@en ; eas:active true .
  actor:uk a eas:GeopoliticalEntity ; rdfs:label "United Kingdom"@en ; skos:altLabel "U.K."@en .
  actor:us a eas:GeopoliticalEntity ; rdfs:label "United States"@en ; owl:sameAs wd:Q30 .
  actor:merged a eas:GeopoliticalEntity ; rdfs:label "Merged"@en ; owl:sameAs wd:Q666 .
  actor:georgia a eas:GeopoliticalEntity ; rdfs:label "Georgia"@en .
  actor:georgia-meloni a eas:Person ; rdfs:label "Georgia"@en .
  actor:brown-john a eas:Person ; rdfs:label "Brown John"@en .
  actor:john-brown a eas:Person ; rdfs:label "John Brown"@en .
  actor:xi a eas:Person ; rdfs:label "习近平"@zh ; skos:exactMatch wd:Q15031 ;
    eas:office <https://example.org/s/id/office/president> .
  actor:twin a eas:Person ; rdfs:label "Twin"@en ; owl:sameAs wd:Q111 ;
    eas:born "1950-01-01"^^xsd:date .
  actor:other-twin a eas:Person ; rdfs:label "Other twin"@en ; owl:sameAs wd:Q111 .
  actor:b-plus a eas:Collective ; rdfs:label "B+"@en .
  actor:c a eas:Collective ; rdfs:label "C"@en .
  actor:c-plus a eas:Collective ; rdfs:label "C++"@en .
  topic:troops a skos:Concept ; skos:prefLabel "Troops"@en .
  actor:smyth a eas:Person ; rdfs:label "Jon Smyth"@en ; skos:hiddenLabel "Smithy"@en .
  <https://example.org/s/id/office/president> a eas:Office ; rdfs:label "President"@en ;
    owl:sameAs wd:Q11696 .
}
graph:items {
  wd:Q30 rdfs:label "Сполучені Штати"@uk ; schema:description "country in North America"@en .
  wd:Q555 dct:isReplacedBy wd:Q30 . wd:Q666 dct:isReplacedBy wd:Q777 .
  wd:Q11696 rdfs:label "Präsident"@de ; skos:altLabel "POTUS"@en .
}
"""


@dataclass(frozen=True)
class Made:
    """What was made."""

    engine: OxigraphEngine
    search: SearchIndex
    facts: Facts
    terms: Terms
    ids: Ids
    matcher: Matcher

    def match(self, queries: str) -> dict[str, list[Candidate]]:
        """The candidates of a batch in JSON."""
        return self.matcher.match(read_batch(queries), "http://127.0.0.1:8000/")

    def one(self, query: str) -> list[Candidate]:
        """The candidates of one query in JSON."""
        return self.match(f'{{"q": {query}}}')["q"]


def make(folder: Path, facts: str = FACTS) -> Made:
    """Make a service of `facts`."""
    facts = f"@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n{facts}"
    quads = list(parse(PREFIXES + facts, RdfFormat.TRIG))
    OxigraphEngine.write(folder / "store", quads)
    engine = OxigraphEngine.open(folder / "store")
    search = SearchIndex(write(folder / "search", facts))
    triples = list(union(quads))
    classes = Counter(
        t.object.value for t in triples if t.predicate == TYPE and isinstance(t.object, NamedNode)
    )
    properties = Counter(t.predicate.value for t in triples)
    base, languages = Base(BASE), ("en",)
    read, ids = Facts(engine, languages), Ids(base)
    terms = Terms(engine, base, languages, classes, properties)
    return Made(engine, search, read, terms, ids, Matcher(search, read, terms, ids, Texts(base)))


def slugs(candidates: list[Candidate]) -> list[str]:
    """The ends of the IRIs of candidates."""
    return [c.iri.rpartition("/")[2] for c in candidates]
