"""The JSON-LD context names every term shortly and loses nothing of any graph."""

from __future__ import annotations

import json
import re

import pyoxigraph
import pytest
from pyld import jsonld
from rdflib import OWL, RDF, RDFS, XSD, Graph, Namespace, URIRef
from rdflib.compare import isomorphic

EAS = Namespace("https://w3id.org/triplomacy/ontology#")
N_QUADS = "application/n-quads"

# What a graph can hold that is not as the ontology wants it: none of it may be lost or bent.
AWKWARD = """
@prefix eas: <https://w3id.org/triplomacy/ontology#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix notation: <https://w3id.org/triplomacy/vocab/notation/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<urn:graph> {
  <urn:a> a eas:Event , skos:Concept , <urn:Type> , [] ;
    # several labels in a language, none, a subtag, not a string, not even a literal
    rdfs:label "a"@en , "b"@en , "a"@de , "a"@en-GB , "a"@zh-Hans , "a" , 1 , <urn:label> ;
    skos:altLabel "a"@en , "b"@en , "c" , <urn:label> ;
    # a date, the same as text, with a time, only a year, a thing
    eas:date "2025-02-12"^^xsd:date , "2025-02-12" , "2025-02-12T00:00:00Z"^^xsd:dateTime ,
      "2025"^^xsd:gYear , "2025-02-30"^^xsd:date , <urn:day> ;
    dct:issued "2026-11-23"^^xsd:date , "2026-11-23T00:00:00Z"^^xsd:dateTime ;
    eas:startOffset "17"^^xsd:nonNegativeInteger , "017"^^xsd:nonNegativeInteger , 17 , "17" ;
    eas:textSha256 "ab0f"^^xsd:hexBinary , "AB0F"^^xsd:hexBinary , "ab0f" ;
    skos:notation "041"^^notation:cameo , "CONSULT/phone"^^notation:plover , "041" , "041"@en ;
    # a literal where a thing is due; a thing without a name
    eas:speaker "Donald Trump" , "Donald Trump"@en , <urn:b> , [ rdfs:label "c"@en ] ;
    eas:realization "occurred" , <urn:r> , <urn:s> ;
    # lists, in lists, and empty
    eas:role ( <urn:b> "b" ( 1 2 ) ( ) ) , ( ) , <urn:b> ;
    # IRIs that look like keys of the context, like names of terms, like namespaces
    eas:about <label:x> , <place:x> , <Event:x> , <id:x> , eas:Event , eas:date , <urn:graph> ,
      <https://w3id.org/triplomacy/ontology#> , <https://w3id.org/triplomacy/ontology> ,
      <https://w3id.org/triplomacy/id/source/a#char=0,10> , <https://é.test/ü?q=1#f> ;
    # names that the context does not know, or knows from elsewhere
    eas:unknown <urn:b> ; dct:date "2025" ; <http://schema.org/text> "t" ; <urn:p:q> true , 1.5 ;
    schema:text "“t”"@en , "line\\nline \\\\ \\"t\\"" .
}
<urn:a> rdfs:label "in the default graph"@en .
<urn:graph> dct:title "about the graph"@en .
"""


@pytest.fixture(scope="module")
def keys(context) -> dict[str, dict]:
    """Key → its definition, always in the long form."""
    return {
        k: v if isinstance(v, dict) else {"@id": v}
        for k, v in context["@context"].items()
        if not k.startswith("@")
    }


@pytest.fixture(scope="module")
def prefixes(keys) -> dict[str, str]:
    return {k: v["@id"] for k, v in keys.items() if v["@id"][-1] in "/#"}


@pytest.fixture(scope="module")
def compact(context):
    """N-Quads → compact JSON-LD."""

    def to_json(nquads: str) -> dict:
        return jsonld.compact(jsonld.from_rdf(nquads), context)

    return to_json


def nquads_of(path) -> str:
    parsed = pyoxigraph.parse(path=str(path), format=pyoxigraph.RdfFormat.TURTLE)
    return pyoxigraph.serialize(parsed, format=pyoxigraph.RdfFormat.N_QUADS).decode()


def test_every_term_has_a_key_of_its_own_name(keys, prefixes, terms):
    for term in terms:
        name = term.removeprefix(EAS)
        assert name in keys, name
        assert keys[name]["@id"] == f"eas:{name}", name


def test_every_eas_key_is_a_declared_term(keys, terms):
    for key, definition in keys.items():
        if definition["@id"].startswith("eas:"):
            assert EAS[definition["@id"].removeprefix("eas:")] in terms, key


def test_a_key_has_the_kind_of_its_property(keys, ontology, properties):
    for term in properties:
        definition = keys[term.removeprefix(EAS)]
        range_ = ontology.value(term, RDFS.range)
        if (term, RDF.type, OWL.ObjectProperty) in ontology:
            assert definition["@type"] == "@id", term
        elif range_ == XSD.string:
            assert "@type" not in definition, term
        else:
            assert definition["@type"] == f"xsd:{range_.removeprefix(str(XSD))}", term


def test_no_two_keys_mean_the_same(keys):
    meant = [v["@id"] for v in keys.values()]
    assert len(meant) == len(set(meant))


def test_prefixes_are_those_of_the_turtle_files(prefixes, turtle_file):
    for name, iri in Graph(bind_namespaces="none").parse(turtle_file).namespaces():
        if name in prefixes:
            assert prefixes[name] == str(iri), name


def test_prefixes_are_those_of_the_server(prefixes):
    namespaces = pytest.importorskip("triplomacy.namespaces")
    for name, iri in namespaces.SHARED_PREFIXES.items():
        if name != "wd":  # a prefix for things: see test_names_of_things_stay_whole_iris
            assert prefixes[name] == iri, name


def test_every_property_of_the_data_has_a_short_key(keys, prefixes, data):
    def full(name: str) -> str:
        prefix, _, local = name.partition(":")
        return prefixes.get(prefix, f"{prefix}:") + local

    known = {full(v["@id"]) for v in keys.values()}
    assert {str(p) for p in data.predicates()} - known - {str(RDF.type)} == set()


def test_a_file_of_the_site_survives_compaction(turtle_file, compact, canonical):
    nquads = nquads_of(turtle_file)
    back = jsonld.to_rdf(compact(nquads), {"format": N_QUADS})
    assert canonical(back) == canonical(nquads)


def test_an_awkward_dataset_survives_compaction(compact, canonical):
    parsed = pyoxigraph.parse(AWKWARD, format=pyoxigraph.RdfFormat.TRIG)
    nquads = pyoxigraph.serialize(parsed, format=pyoxigraph.RdfFormat.N_QUADS).decode()
    document = compact(nquads)
    back = jsonld.to_rdf(document, {"format": N_QUADS})
    assert canonical(back) == canonical(nquads)
    through_oxigraph = canonical(json.dumps(document), pyoxigraph.RdfFormat.JSON_LD)
    assert through_oxigraph == canonical(nquads)


def test_expanding_and_compacting_again_changes_nothing(turtle_file, compact, context):
    document = compact(nquads_of(turtle_file))
    assert jsonld.compact(jsonld.expand(document), context) == document


def test_other_readers_get_the_same_graph_from_the_compact_form(turtle_file, compact, canonical):
    nquads = nquads_of(turtle_file)
    text = json.dumps(compact(nquads))
    assert canonical(text, pyoxigraph.RdfFormat.JSON_LD) == canonical(nquads)
    assert isomorphic(Graph().parse(data=text, format="json-ld"), Graph().parse(turtle_file))


def test_numbers_are_accepted_where_people_write_json_by_hand(context, canonical):
    document = context | {
        "id": "urn:x",
        "type": "Excerpt",
        "startOffset": 0,
        "endOffset": 10,
        "label": {"en": "ten characters"},
    }
    back = canonical(jsonld.to_rdf(document, {"format": N_QUADS}))
    offsets = {q.object.value: q.object.datatype.value for q in back if "Offset" in str(q)}
    assert offsets == {"0": str(XSD.nonNegativeInteger), "10": str(XSD.nonNegativeInteger)}


def test_names_of_things_stay_whole_iris(compact):
    """A plain JSON client can follow every link: prefixes abbreviate vocabularies only."""
    wikidata = "http://www.wikidata.org/entity/Q7747"
    nquads = (
        f"<https://w3id.org/triplomacy/id/actor/vladimir-putin> <{OWL.sameAs}> <{wikidata}> .\n"
        f"<https://w3id.org/triplomacy/id/event/trump-putin-call> <{EAS.realization}> "
        "<https://w3id.org/triplomacy/vocab/realization/occurred> .\n"
    )
    text = json.dumps(compact(nquads)["graph"])
    for iri in re.findall(r"<(https?://[^>]*/(?:id|vocab|entity)/[^>]*)>", nquads):
        assert f'"{iri}"' in text


def test_what_can_be_several_is_always_a_list_and_what_is_one_never(compact):
    def one_event(*, places: int, follows: int) -> dict:
        lines = [f"<urn:e> <{EAS.place}> <urn:p{n}> ." for n in range(places)]
        lines += [f"<urn:e> <{EAS.follows}> <urn:f{n}> ." for n in range(follows)]
        return compact("\n".join(lines) + "\n")

    document = one_event(places=1, follows=1)
    assert document["place"] == "urn:p0"
    assert document["follows"] == ["urn:f0"]


def test_context_is_self_contained(context):
    assert "@import" not in json.dumps(context)
    assert set(context) == {"@context"}
    assert context["@context"]["@version"] == 1.1
    for definition in context["@context"].values():
        if isinstance(definition, dict):
            assert URIRef(definition["@id"])
