"""The ontology says what it is, whose it is and how to cite it.

The names in brackets are those of the FOOPS! tests. Those that need the public web (PURL1, CN1,
DOC1, URI1, VER2, FIND2, FIND3, FIND_3_BIS, and OM3, which wants a DOI) have no test here.
"""

from __future__ import annotations

import re

import pytest
from rdflib import DCTERMS, FOAF, OWL, RDF, RDFS, SKOS, VANN, XSD, Literal, URIRef

ONTOLOGY = URIRef("https://w3id.org/triplomacy/ontology")


def test_there_is_one_ontology_and_it_has_the_persistent_iri(vocabulary):
    # URI2, HTTP1; OOPS! P38, P39
    assert list(vocabulary.subjects(RDF.type, OWL.Ontology)) == [ONTOLOGY]


@pytest.mark.parametrize(
    "wanted",
    [
        DCTERMS.title,
        DCTERMS.description,
        DCTERMS.license,
        DCTERMS.creator,
        OWL.versionIRI,
        VANN.preferredNamespaceUri,  # OM1 to here
        VANN.preferredNamespacePrefix,
        OWL.versionInfo,
        DCTERMS.created,
        DCTERMS.bibliographicCitation,  # OM2, FIND1 to here
        DCTERMS.publisher,
        DCTERMS.issued,
        DCTERMS.modified,  # OM5.1, OM5.2 to here
        RDFS.label,
    ],
    ids=lambda iri: iri.split("/")[-1].split("#")[-1],
)
def test_header_has_it_exactly_once(ontology, wanted):
    assert len(list(ontology.objects(ONTOLOGY, wanted))) == 1


def test_title_and_description_are_in_english(ontology):
    for wanted in (DCTERMS.title, DCTERMS.description):
        assert ontology.value(ONTOLOGY, wanted).language == "en"


def test_licence_is_an_iri_that_people_can_open(ontology):
    # OM4.1; OOPS! P41
    licence = ontology.value(ONTOLOGY, DCTERMS.license)
    assert licence == URIRef("https://creativecommons.org/licenses/by/4.0/")


def test_version_iri_is_the_ontology_iri_and_a_semantic_version(ontology):
    # VER1
    version = str(ontology.value(ONTOLOGY, OWL.versionInfo))
    assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    assert ontology.value(ONTOLOGY, OWL.versionIRI) == URIRef(f"{ONTOLOGY}/{version}")


def test_a_later_version_names_the_one_before_it(ontology):
    if str(ontology.value(ONTOLOGY, OWL.versionInfo)) != "1.0.0":
        assert ontology.value(ONTOLOGY, OWL.priorVersion)


def test_namespace_is_the_ontology_iri_with_a_hash(ontology):
    assert str(ontology.value(ONTOLOGY, VANN.preferredNamespaceUri)) == f"{ONTOLOGY}#"
    assert str(ontology.value(ONTOLOGY, VANN.preferredNamespacePrefix)) == "eas"


def test_dates_are_dates_and_in_order(ontology):
    created, issued, modified = (
        ontology.value(ONTOLOGY, p) for p in (DCTERMS.created, DCTERMS.issued, DCTERMS.modified)
    )
    assert {d.datatype for d in (created, issued, modified)} == {XSD.date}
    assert created.toPython() <= issued.toPython() <= modified.toPython()


def test_citation_names_the_version_and_its_iri(ontology):
    citation = str(ontology.value(ONTOLOGY, DCTERMS.bibliographicCitation))
    assert str(ontology.value(ONTOLOGY, OWL.versionInfo)) in citation
    assert str(ontology.value(ONTOLOGY, OWL.versionIRI)) in citation


def test_creator_and_publisher_are_a_described_group(ontology):
    for wanted in (DCTERMS.creator, DCTERMS.publisher):
        agent = ontology.value(ONTOLOGY, wanted)
        assert (agent, RDF.type, FOAF.Group) in ontology
        assert (agent, FOAF.name, Literal("Triplomacy maintainers")) in ontology


def test_header_leads_to_every_scheme(ontology, vocabulary):
    schemes = set(vocabulary.subjects(RDF.type, SKOS.ConceptScheme))
    assert schemes <= set(ontology.objects(ONTOLOGY, RDFS.seeAlso))
