"""The service description says what the endpoint does, in every format, and is true."""

from __future__ import annotations

import httpx
import pytest
from rdflib import RDF, RDFS, XSD, BNode, Dataset, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic

from tests.web.small_release import BASE
from triplomacy.formats import RDF_FORMATS, RESULTS_FORMATS, Format

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
VOID = Namespace("http://rdfs.org/ns/void#")
NAMES = {"nq": "nquads", "rdf": "xml", "jsonld": "json-ld"}

# The terms of the vocabulary that we use, with their domains and ranges (§3 of the specification).
CLASSES = {"Service", "Dataset", "Graph", "NamedGraph"}
PROPERTIES = {
    "endpoint": ("Service", None),
    "supportedLanguage": ("Service", None),
    "resultFormat": ("Service", None),
    "feature": ("Service", None),
    "defaultDataset": ("Service", "Dataset"),
    "defaultGraph": ("Dataset", "Graph"),
    "namedGraph": ("Dataset", "NamedGraph"),
    "name": ("NamedGraph", None),
    "graph": ("NamedGraph", "Graph"),
}
FEATURES = {
    "DereferencesURIs",
    "UnionDefaultGraph",
    "RequiresDataset",
    "EmptyGraphs",
    "BasicFederatedQuery",
}


@pytest.fixture(scope="module")
def description(small: httpx.Client) -> Graph:
    return Graph().parse(data=small.get("sparql").text, format="turtle")


@pytest.mark.parametrize("format", RDF_FORMATS, ids=lambda f: f.suffix)
def test_it_comes_in_every_rdf_format(
    small: httpx.Client, description: Graph, format: Format
) -> None:
    response = small.get("sparql", headers={"Accept": format.media_type})
    assert response.headers["Content-Type"] == format.content_type
    assert small.get("sparql", params={"format": format.suffix}).content == response.content
    dataset = Dataset()
    dataset.parse(data=response.content, format=NAMES.get(format.suffix, format.suffix))
    graph = Graph()
    graph += (quad[:3] for quad in dataset.quads())
    assert isomorphic(graph, description)


def test_it_uses_the_vocabulary_as_it_is_defined(description: Graph) -> None:
    def is_a(node: object, name: str) -> bool:
        return (node, RDF.type, SD[name]) in description

    for subject, predicate, object_ in description:
        if str(predicate).startswith(str(SD)):
            domain, range_ = PROPERTIES[str(predicate).removeprefix(str(SD))]
            assert is_a(subject, domain)
            assert range_ is None or is_a(object_, range_)
        if predicate == RDF.type:
            assert str(object_).removeprefix(str(SD)) in CLASSES
    features = {str(f).removeprefix(str(SD)) for f in description.objects(None, SD.feature)}
    assert features <= FEATURES


def test_it_tells_the_limits_in_words(description: Graph) -> None:
    [service] = description.subjects(RDF.type, SD.Service)
    told = " ".join(str(c) for c in description.objects(service, RDFS.comment))
    assert "30 seconds" in told
    assert "1,000,000 rows" in told


def test_it_names_this_address_as_the_endpoint(small: httpx.Client, description: Graph) -> None:
    [service] = description.subjects(RDF.type, SD.Service)
    [endpoint] = description.objects(service, SD.endpoint)
    assert str(endpoint) == f"{small.base_url}sparql"
    assert small.get(str(endpoint), params={"query": "ASK {}"}).json()["boolean"] is True


def test_it_promises_a_union_default_graph_and_neither_federation_nor_fetching(
    description: Graph,
) -> None:
    assert set(description.objects(None, SD.feature)) == {SD.UnionDefaultGraph}
    assert set(description.objects(None, SD.supportedLanguage)) == {
        SD.SPARQL10Query,
        SD.SPARQL11Query,
    }


def test_it_lists_every_format_that_the_endpoint_writes(description: Graph) -> None:
    listed = {str(f) for f in description.objects(None, SD.resultFormat)}
    assert listed == {f.iri for f in (*RESULTS_FORMATS, *RDF_FORMATS)}


def test_its_counts_are_those_of_queries(small: httpx.Client, description: Graph) -> None:
    def counted(query: str) -> int:
        row = small.get("sparql", params={"query": query}).json()["results"]["bindings"][0]
        return int(row["n"]["value"])

    [default] = description.objects(None, SD.defaultGraph)
    total = counted("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert description.value(default, VOID.triples) == Literal(str(total), datatype=XSD.integer)
    named = list(description.objects(None, SD.namedGraph))
    assert len(named) == 5
    for each in named:
        assert isinstance(each, BNode)
        name = description.value(each, SD.name)
        triples = description.value(description.value(each, SD.graph), VOID.triples)
        assert triples is not None
        query = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{name}> {{ ?s ?p ?o }} }}"
        assert counted(query) == triples.toPython()
    assert URIRef(f"{BASE}graph/people") in set(description.objects(None, SD.name))


def test_it_has_validators_and_links_to_its_other_formats(small: httpx.Client) -> None:
    first = small.get("sparql")
    assert first.headers["Vary"] == "Accept"
    assert 'rel="alternate"; type="application/ld+json"' in first.headers["Link"]
    again = small.get("sparql", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert small.head("sparql").headers["ETag"] == first.headers["ETag"]


def test_the_bytes_are_the_same_at_each_request(small: httpx.Client) -> None:
    bodies = {small.get("sparql", params={"format": "nt", "x": str(n)}).content for n in range(3)}
    assert len(bodies) == 1
