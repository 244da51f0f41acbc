"""The shapes themselves are well made: valid, named, explained, complete."""

from __future__ import annotations

import pyshacl
import pytest
from rdflib import OWL, RDF, SH, SKOS, BNode, Graph, URIRef
from rdflib.namespace import DCTERMS

SHAPES = "https://w3id.org/triplomacy/shapes#"
EAS = "https://w3id.org/triplomacy/ontology#"


def all_shapes(shapes):
    return set(shapes.subjects(RDF.type, SH.NodeShape)) | set(
        shapes.subjects(RDF.type, SH.PropertyShape)
    )


def test_shapes_are_valid_by_shacl_for_shacl(shapes):
    conforms, _, text = pyshacl.validate(Graph(), shacl_graph=shapes, meta_shacl=True)
    assert conforms, text


def test_every_shape_and_constraint_is_a_named_iri_of_ours(shapes):
    referred = set(shapes.objects(None, SH.property)) | set(shapes.objects(None, SH.sparql))
    for shape in all_shapes(shapes) | referred:
        assert isinstance(shape, URIRef)
        assert shape.startswith(SHAPES)


def test_every_shape_has_name_description_message_and_severity_of_its_own(shapes):
    for shape in all_shapes(shapes):
        explained_at = shapes.value(shape, SH.sparql) or shape  # messages with {?value} stand there
        for node, what in ((shape, SH.name), (shape, SH.description), (explained_at, SH.message)):
            texts = list(shapes.objects(node, what))
            assert [text.language for text in texts] == ["en"], (shape, what)
        assert shapes.value(shape, SH.severity) in (SH.Violation, SH.Warning, SH.Info), shape


def test_every_message_of_a_reporting_shape_says_what_to_do(shapes, reporting_shapes):
    for name in reporting_shapes:
        shape = URIRef(SHAPES + name)
        message = shapes.value(shapes.value(shape, SH.sparql) or shape, SH.message)
        assert ": " in message or "; " in message, (name, str(message))


def test_every_class_of_the_ontology_has_a_shape(shapes, ontology):
    targeted = set(shapes.objects(None, SH.targetClass)) | set(shapes.objects(None, SH["class"]))
    classes = {c for c in ontology.subjects(RDF.type, OWL.Class) if str(c).startswith(EAS)}
    assert classes
    assert classes <= targeted


def test_every_scheme_of_the_ontology_is_required_somewhere(shapes, ontology):
    schemes = set(ontology.subjects(RDF.type, SKOS.ConceptScheme))
    topics = URIRef("https://w3id.org/triplomacy/vocab/topic")  # sites bring topics of their own
    assert schemes - {topics} <= set(shapes.objects(None, SH.hasValue))


def test_every_term_in_the_shapes_is_declared_in_the_ontology(shapes, ontology):
    terms = {t for triple in shapes for t in triple if isinstance(t, URIRef) and t.startswith(EAS)}
    assert terms
    assert terms <= set(ontology.subjects(RDF.type))


def test_every_concept_in_the_shapes_is_in_the_vocabulary(shapes, ontology):
    vocabulary = "https://w3id.org/triplomacy/vocab/"
    used = {
        t for triple in shapes for t in triple if isinstance(t, URIRef) and t.startswith(vocabulary)
    }
    assert used <= set(ontology.subjects(RDF.type))


def test_blank_nodes_are_only_paths_and_lists(shapes):
    for node in set(shapes.subjects()):
        if isinstance(node, BNode):
            kinds = {SH.alternativePath, SH.inversePath, SH.zeroOrMorePath, RDF.first}
            assert kinds & set(shapes.predicates(node)), list(shapes.predicate_objects(node))


@pytest.mark.parametrize(
    "what", [DCTERMS.title, DCTERMS.license, DCTERMS.creator, OWL.versionIRI, SH.declare]
)
def test_the_shapes_graph_describes_itself(shapes, what):
    assert (URIRef("https://w3id.org/triplomacy/shapes"), what, None) in shapes


def test_the_description_of_the_shapes_graph_keeps_its_own_rules(shapes, fast):
    header = Graph()
    header += shapes.triples((URIRef("https://w3id.org/triplomacy/shapes"), None, None))
    assert fast(header) == {}
