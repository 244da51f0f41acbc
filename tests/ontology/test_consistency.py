"""OWL 2 RL reasoning over ontology and data finds no contradiction, and would find one."""

from __future__ import annotations

import owlrl
import pytest
from owlrl.Namespaces import ERRNS
from rdflib import RDF, SKOS, Graph, Namespace, URIRef

EAS = Namespace("https://w3id.org/triplomacy/ontology#")
SEM = Namespace("http://semanticweb.cs.vu.nl/2009/11/sem/")
PROV_AGENT = URIRef("http://www.w3.org/ns/prov#Agent")

PREFIXES = """
    @prefix eas: <https://w3id.org/triplomacy/ontology#> .
    @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

INCONSISTENT = {
    "an event that is a statement": ("<urn:a> a eas:Event , eas:Statement .", "Event"),
    "a person that is an organization": ("<urn:a> a eas:Person , eas:Organization .", "Person"),
    "a speaker that is an event": (
        "<urn:s> a eas:Statement ; eas:speaker <urn:a> . <urn:a> a eas:Event .",
        "Actor",
    ),
    "a narrator that is a person": (
        "<urn:s> eas:narratedBy <urn:a> . <urn:a> a eas:Person .",
        "Source",
    ),
    "a quotation that is no excerpt": (
        "<urn:s> eas:quote <urn:a> . <urn:a> a eas:Source .",
        "Excerpt",
    ),
    "a day that does not exist": (
        '<urn:a> a eas:Event ; eas:date "2025-02-30"^^xsd:date .',
        "2025-02-30",
    ),
}


def closure(*graphs: Graph) -> Graph:
    merged = Graph()
    for graph in graphs:
        for triple in graph:
            merged.add(triple)
    reasoner = owlrl.DeductiveClosure(
        owlrl.OWLRL_Semantics, axiomatic_triples=False, datatype_axioms=False
    )
    reasoner.expand(merged)
    return merged


def contradictions(graph: Graph) -> list[str]:
    """What owlrl found wrong: it adds a node of type ErrorMessage for each."""
    nodes = graph.subjects(RDF.type, ERRNS.ErrorMessage)
    return sorted(str(m) for node in nodes for m in graph.objects(node, ERRNS.error))


@pytest.fixture(scope="module")
def closed(vocabulary, data) -> Graph:
    return closure(vocabulary, data)


def test_ontology_and_data_are_consistent(closed):
    assert contradictions(closed) == []


@pytest.mark.parametrize("case", INCONSISTENT)
def test_a_contradiction_is_found(vocabulary, case):
    turtle, named = INCONSISTENT[case]
    found = contradictions(closure(vocabulary, Graph().parse(data=PREFIXES + turtle)))
    assert any(named in message for message in found), found


def test_a_country_may_be_actor_and_place(vocabulary):
    turtle = "<urn:a> a eas:GeopoliticalEntity , eas:Actor , eas:Place ."
    assert not contradictions(closure(vocabulary, Graph().parse(data=PREFIXES + turtle)))


def test_readers_of_sem_and_prov_get_what_they_know(vocabulary):
    turtle = """
        <urn:e> a eas:Event ; eas:place <urn:p> .
        <urn:s> eas:speaker <urn:a> ; eas:about <urn:e> ; eas:quote <urn:x> .
    """
    closed = closure(vocabulary, Graph().parse(data=PREFIXES + turtle))
    event, place, actor = URIRef("urn:e"), URIRef("urn:p"), URIRef("urn:a")
    assert (event, RDF.type, SEM.Event) in closed
    assert (event, SEM.hasPlace, place) in closed
    assert (actor, RDF.type, PROV_AGENT) in closed
    assert (URIRef("urn:s"), EAS.evidence, URIRef("urn:x")) in closed


def test_reasoning_makes_no_concept_of_a_term(closed):
    """skos:closeMatch is an annotation here; as a SKOS mapping it would type its two ends."""
    for term in closed.subjects(RDF.type, SKOS.Concept):
        assert not str(term).startswith(str(EAS)), term
