"""Every term is named, defined, exemplified, in use, and free of the known pitfalls (OOPS!)."""

from __future__ import annotations

import re
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from rdflib import (
    DCTERMS,
    FOAF,
    ORG,
    OWL,
    PROV,
    RDF,
    RDFS,
    SDO,
    SKOS,
    TIME,
    VANN,
    BNode,
    Literal,
    Namespace,
    URIRef,
)
from rdflib.collection import Collection

EAS = Namespace("https://w3id.org/triplomacy/ontology#")
ONTOLOGY = URIRef("https://w3id.org/triplomacy/ontology")

# Vocabularies of which rdflib carries the list of terms.
LISTED = [DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SDO, SKOS, TIME, VANN]
# Vocabularies that we align with, whose terms were looked up by hand.
LOOKED_UP = [
    "http://groundedannotationframework.org/",
    "http://linkedevents.org/ontology/",
    "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
    "http://purl.org/spar/cito/",
    "http://rdfs.org/sioc/ns#",
    "http://semanticweb.cs.vu.nl/2009/11/sem/",
    "http://www.cidoc-crm.org/cidoc-crm/",
    "http://www.w3.org/ns/oa#",
    "http://www.wikidata.org/entity/Q",
    "http://www.wikidata.org/prop/direct/P",
]

# 1 Names and definitions


def english(graph, term, wanted) -> list[str]:
    return [str(o) for o in graph.objects(term, wanted) if o.language == "en"]


def is_one_sentence(text: str) -> bool:
    return bool(re.fullmatch(r"[A-Z].*\.", text)) and not re.search(r"[.;!?] +[A-Z]", text)


def mentions(text: str, label: str) -> bool:
    return bool(re.search(rf"\b{re.escape(label)}s?\b", text, re.IGNORECASE))


def test_every_term_has_a_label_and_a_definition(ontology, terms):
    # FOOPS! VOC3, VOC4; OOPS! P08
    for term in terms:
        assert len(english(ontology, term, RDFS.label)) == 1, term
        assert len(english(ontology, term, SKOS.definition)) == 1, term


def test_every_term_has_an_example_and_says_where_it_is_defined(ontology, terms):
    for term in terms:
        assert list(ontology.objects(term, SKOS.example)), term
        assert list(ontology.objects(term, RDFS.isDefinedBy)) == [ONTOLOGY], term


def test_every_definition_is_one_sentence_that_does_not_use_its_own_term(ontology, terms):
    for term in terms:
        (definition,) = english(ontology, term, SKOS.definition)
        (label,) = english(ontology, term, RDFS.label)
        assert is_one_sentence(definition), definition
        assert not mentions(definition, label), definition
        assert "refers to" not in definition, definition


def test_class_definitions_do_not_go_round_in_circles(ontology, classes):
    labels = {c: str(ontology.value(c, RDFS.label)) for c in classes}
    uses = {
        c: {d for d in classes if mentions(str(ontology.value(c, SKOS.definition)), labels[d])}
        for c in classes
    }
    TopologicalSorter(uses).prepare()  # raises CycleError


def test_no_two_terms_share_a_label_or_a_definition(ontology, terms):
    # OOPS! P32
    for wanted in (RDFS.label, SKOS.definition):
        texts = [t.lower() for term in terms for t in english(ontology, term, wanted)]
        assert len(texts) == len(set(texts))


def test_classes_are_camel_case_and_properties_lower_camel_case(classes, properties):
    # OOPS! P22, P36
    for term in classes:
        assert re.fullmatch(r"([A-Z][a-z]+)+", term.removeprefix(EAS)), term
    for term in properties:
        assert re.fullmatch(r"[a-z]+([A-Z][a-z]+)*(\d+)?", term.removeprefix(EAS)), term


def test_the_guide_at_the_top_of_the_file_counts_right(classes, properties):
    head = (Path(__file__).resolve().parents[2] / "ontology/eas.ttl").read_text("utf-8")[:1000]
    assert int(re.search(r"3 Classes +(\d+)", head).group(1)) == len(classes)
    assert int(re.search(r"4 Properties +(\d+)", head).group(1)) == len(properties)


# 2 Use


def test_every_term_that_the_site_uses_is_declared(eas_names_in_site, terms):
    declared = {t.removeprefix(EAS) for t in terms}
    undeclared = {n: files for n, files in eas_names_in_site.items() if n not in declared}
    assert not undeclared


def test_every_eas_term_in_the_ontology_file_is_declared(ontology, terms):
    mentioned = {t for triple in ontology for t in triple if isinstance(t, URIRef) and t in EAS}
    assert mentioned == terms


def test_every_declared_term_is_used_or_has_an_example(ontology, terms, eas_names_in_site):
    for term in terms:
        used = term.removeprefix(EAS) in eas_names_in_site
        assert used or list(ontology.objects(term, SKOS.example)), term


# 3 Axioms


def test_no_property_has_several_domains_or_ranges(ontology, properties):
    # OOPS! P19: several would mean their intersection
    for term in properties:
        for wanted in (RDFS.domain, RDFS.range):
            assert len(list(ontology.objects(term, wanted))) <= 1, (term, wanted)


def test_a_property_without_domain_or_range_says_why(ontology, properties):
    # OOPS! P11
    for term in properties:
        note = " ".join(str(n) for n in ontology.objects(term, SKOS.scopeNote))
        for wanted, word in ((RDFS.domain, "no domain"), (RDFS.range, "no range")):
            assert ontology.value(term, wanted) or word in note, (term, word)


def test_unions_are_of_declared_classes(ontology, classes):
    # OOPS! P18
    for union in ontology.objects(None, OWL.unionOf):
        members = set(Collection(ontology, union))
        assert len(members) > 1 and members <= classes


def test_properties_have_no_characteristics_inverses_or_chains(ontology):
    # OOPS! P05, P25 to P29. Sources may contradict each other, so nothing is functional.
    for kind in (
        OWL.FunctionalProperty,
        OWL.InverseFunctionalProperty,
        OWL.SymmetricProperty,
        OWL.AsymmetricProperty,
        OWL.TransitiveProperty,
        OWL.ReflexiveProperty,
        OWL.IrreflexiveProperty,
    ):
        assert (None, RDF.type, kind) not in ontology, kind
    for axiom in (
        OWL.inverseOf,
        OWL.propertyChainAxiom,
        OWL.equivalentClass,
        OWL.equivalentProperty,
        OWL.sameAs,
        OWL.hasKey,
    ):
        assert (None, axiom, None) not in ontology, axiom
    assert (None, RDF.type, OWL.Restriction) not in ontology


def test_hierarchies_have_no_cycles(ontology):
    # OOPS! P06
    for wanted in (RDFS.subClassOf, RDFS.subPropertyOf):
        above: dict = {}
        for narrow, broad in ontology.subject_objects(wanted):
            above.setdefault(narrow, set()).add(broad)
        TopologicalSorter(above).prepare()


def test_no_term_stands_unconnected(ontology, terms):
    # OOPS! P04
    links = (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range)
    linked = {t for p in links for s, o in ontology.subject_objects(p) for t in (s, o)}
    for union in ontology.objects(None, OWL.unionOf):
        linked |= set(Collection(ontology, union))
    assert terms <= linked


def test_two_sets_of_classes_are_disjoint_and_actor_and_place_are_not(ontology):
    # OOPS! P10
    sets = [
        {m.removeprefix(EAS) for m in Collection(ontology, ontology.value(a, OWL.members))}
        for a in ontology.subjects(RDF.type, OWL.AllDisjointClasses)
    ]
    assert sorted(sets, key=len) == [
        {"Person", "Organization", "GeopoliticalEntity", "Collective"},
        {
            *("Event", "Participation", "Actor", "Office", "OfficeHolding"),
            *("Statement", "Stance", "Source", "Excerpt"),
        },
    ]
    assert (None, OWL.disjointWith, None) not in ontology


# 4 Terms of others


def test_nothing_is_said_about_terms_of_others_but_what_they_are(ontology):
    # OOPS! P40
    ours = "https://w3id.org/triplomacy/"
    for s, p, o in ontology:
        if isinstance(s, URIRef) and not s.startswith(ours):
            assert p == RDF.type, (s, p, o)
            assert o in OWL, (s, p, o)


def test_every_term_of_others_in_an_axiom_or_annotation_is_declared(ontology):
    # OOPS! P34, P35. The languages that everything is written in are built in.
    built_in = (str(RDF), str(RDFS), str(OWL))
    predicates = set(ontology.predicates())
    superterms = {
        o
        for p in (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.range)
        for o in ontology.objects(None, p)
        if isinstance(o, URIRef) and "XMLSchema#" not in o
    }
    for term in predicates | superterms:
        if not str(term).startswith((*built_in, str(EAS))):
            assert ontology.value(term, RDF.type), term


def test_a_superterm_is_of_the_kind_of_its_subterm(ontology):
    for wanted in (RDFS.subClassOf, RDFS.subPropertyOf):
        for narrow, broad in ontology.subject_objects(wanted):
            assert ontology.value(narrow, RDF.type) == ontology.value(broad, RDF.type)


def test_every_term_of_others_exists_in_its_vocabulary(vocabulary):
    listed = {str(n): n for n in LISTED}
    for term in {t for triple in vocabulary for t in triple if isinstance(t, URIRef)}:
        for start, namespace in listed.items():
            if term.startswith(start) and term != URIRef(start):
                assert term in namespace, term


@pytest.mark.parametrize("kind", [OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty])
def test_alignments_lead_only_to_vocabularies_that_were_looked_up(ontology, kind):
    known = (*(str(n) for n in LISTED), *LOOKED_UP)
    for term in ontology.subjects(RDF.type, kind):
        for target in ontology.objects(term, SKOS.closeMatch):
            assert str(target).startswith(known), target


def test_schema_org_is_written_with_https(vocabulary):
    for triple in vocabulary:
        assert not any(isinstance(t, URIRef) and t.startswith("http://schema.org") for t in triple)


def test_blank_nodes_serve_only_the_syntax_of_owl(vocabulary):
    for s, p, _ in vocabulary:
        if isinstance(s, BNode):
            assert p == RDF.type or p in OWL or p in (RDF.first, RDF.rest), p


def test_prose_has_a_language(vocabulary):
    for wanted in (RDFS.label, RDFS.comment, SKOS.definition, SKOS.scopeNote, DCTERMS.description):
        for text in vocabulary.objects(None, wanted):
            assert isinstance(text, Literal) and text.language == "en", text
