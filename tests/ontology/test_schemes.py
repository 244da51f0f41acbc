"""Every concept is labelled, defined and in its place; every notation is a code of its list."""

from __future__ import annotations

import re
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from rdflib import DCTERMS, RDF, RDFS, SKOS, Graph, Namespace, URIRef

ROOT = Path(__file__).resolve().parents[2]
VOCAB = "https://w3id.org/triplomacy/vocab/"
NOTATION = Namespace(f"{VOCAB}notation/")
EAS = Namespace("https://w3id.org/triplomacy/ontology#")

PLOVER_TYPES = (
    "AGREE|CONSULT|SUPPORT|CONCEDE|COOPERATE|AID|RETREAT|REQUEST|ACCUSE|REJECT|THREATEN|"
    "PROTEST|SANCTION|MOBILIZE|COERCE|ASSAULT"
)
PATTERNS = {
    NOTATION.cameo: r"[0-2][0-9]{1,3}",
    NOTATION.iptc: r"eos[0-6]",
    NOTATION.plover: rf"({PLOVER_TYPES})(/[a-z]+(-[a-z]+)*)?",
}
SCHEME_OF = {
    EAS.eventType: "event-type",
    EAS.realization: "realization",
    EAS.role: "role",
    EAS.speechAct: "speech-act",
    EAS.stanceValue: "stance",
    EAS.reportingMode: "reporting-mode",
}


@pytest.fixture
def graph(scheme) -> Graph:
    return Graph().parse(ROOT / f"ontology/{scheme}.ttl")


@pytest.fixture
def iri(scheme) -> URIRef:
    return URIRef(f"{VOCAB}{scheme}")


@pytest.fixture
def concepts(graph) -> set[URIRef]:
    return set(graph.subjects(RDF.type, SKOS.Concept))


def test_the_file_holds_one_scheme_with_title_licence_and_creator(graph, iri):
    assert list(graph.subjects(RDF.type, SKOS.ConceptScheme)) == [iri]
    for wanted in (DCTERMS.title, DCTERMS.description, RDFS.label):
        assert graph.value(iri, wanted).language == "en"
    for wanted in (DCTERMS.license, DCTERMS.creator, DCTERMS.publisher):
        assert isinstance(graph.value(iri, wanted), URIRef)


def test_every_concept_is_under_its_scheme_and_in_it_alone(graph, iri, concepts):
    assert concepts
    for concept in concepts:
        assert re.fullmatch(rf"{re.escape(iri)}/[a-z]+(-[a-z]+)*", concept), concept
        assert list(graph.objects(concept, SKOS.inScheme)) == [iri], concept


def test_every_concept_has_one_label_and_one_definition(graph, concepts):
    for concept in concepts:
        (label,) = graph.objects(concept, SKOS.prefLabel)
        (definition,) = graph.objects(concept, SKOS.definition)
        assert label.language == definition.language == "en"
        assert list(graph.objects(concept, RDFS.label)) == [label], concept


def test_a_definition_is_one_sentence_that_does_not_use_its_own_label(graph, concepts):
    for concept in concepts:
        definition = str(graph.value(concept, SKOS.definition))
        label = str(graph.value(concept, SKOS.prefLabel))
        assert re.fullmatch(r"[A-Z].*\.", definition), definition
        assert not re.search(r"[.;!?] +[A-Z]", definition), definition
        assert not re.search(rf"\b{re.escape(label)}s?\b", definition, re.I), definition


def test_a_narrower_concept_is_defined_as_a_kind_of_the_broader_one(graph):
    for narrow, broad in graph.subject_objects(SKOS.broader):
        label = str(graph.value(broad, SKOS.prefLabel))
        opening = str(graph.value(narrow, SKOS.definition)).split(", ")[0]
        assert re.search(rf"\b{re.escape(label)}\b", opening, re.I), opening


def test_labels_are_unique_in_a_scheme(graph, concepts):
    kinds = (SKOS.prefLabel, SKOS.altLabel)
    labels = [str(x).lower() for c in concepts for k in kinds for x in graph.objects(c, k)]
    assert len(labels) == len(set(labels))


def test_every_concept_has_a_broader_one_or_is_at_the_top(graph, iri, concepts):
    for concept in concepts:
        broader = set(graph.objects(concept, SKOS.broader))
        at_top = (concept, SKOS.topConceptOf, iri) in graph
        assert bool(broader) != at_top, concept
        assert broader <= concepts, concept
        assert ((iri, SKOS.hasTopConcept, concept) in graph) == at_top, concept


def test_broader_has_no_cycles(graph, concepts):
    TopologicalSorter({c: set(graph.objects(c, SKOS.broader)) for c in concepts}).prepare()


def test_notations_are_codes_of_the_list_that_their_datatype_names(graph):
    for concept, code in graph.subject_objects(SKOS.notation):
        assert re.fullmatch(PATTERNS[code.datatype], code), (concept, code)


def test_a_concept_has_at_most_one_code_of_each_list(graph, concepts):
    for concept in concepts:
        lists = [code.datatype for code in graph.objects(concept, SKOS.notation)]
        assert len(lists) == len(set(lists)), concept


@pytest.mark.parametrize("code", ["3", "300", "0871", "08711", "04A", " 040"])
def test_the_cameo_pattern_can_tell_codes_from_others(code):
    assert bool(re.fullmatch(PATTERNS[NOTATION.cameo], code)) == (code in {"0871"})


def test_the_notation_datatypes_are_declared_and_all_in_use(vocabulary):
    declared = set(vocabulary.subjects(RDF.type, RDFS.Datatype))
    used = {code.datatype for code in vocabulary.objects(None, SKOS.notation)}
    assert declared == used == set(PATTERNS)
    for datatype in declared:
        assert vocabulary.value(datatype, RDFS.label).language == "en"
        assert vocabulary.value(datatype, SKOS.definition).language == "en"
        assert vocabulary.value(datatype, RDFS.isDefinedBy) == URIRef(f"{VOCAB}notation")


def test_every_scheme_property_leads_to_its_scheme(ontology):
    ranged = set(ontology.subjects(RDFS.range, SKOS.Concept))
    assert ranged == set(SCHEME_OF)
    for term, scheme in SCHEME_OF.items():
        assert list(ontology.objects(term, RDFS.seeAlso)) == [URIRef(VOCAB + scheme)]


def test_the_data_uses_only_concepts_that_exist_each_of_the_right_scheme(vocabulary, data):
    for term, scheme in SCHEME_OF.items():
        for subject, concept in data.subject_objects(term):
            where = (concept, SKOS.inScheme, URIRef(VOCAB + scheme))
            assert where in vocabulary, (subject, term, concept)


def test_every_concept_iri_in_the_site_is_a_concept(vocabulary, data):
    for triple in data:
        for term in triple:
            if isinstance(term, URIRef) and re.match(rf"{VOCAB}[^/]+/.", term):
                assert (term, RDF.type, SKOS.Concept) in vocabulary, term
