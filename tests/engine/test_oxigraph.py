"""The embedded engine: datasets, DESCRIBE, and every format for its kind of result."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse
from rdflib import Dataset, Graph
from rdflib.compare import isomorphic

from triplomacy.engine.describe import describe
from triplomacy.engine.oxigraph import OxigraphEngine
from triplomacy.engine.protocol import Query, union
from triplomacy.errors import BadRequest, NotAcceptable, QuerySyntaxError
from triplomacy.formats import N_TRIPLES, RDF_FORMATS, RESULTS_FORMATS, Format
from triplomacy.web.negotiation import Accept

BASE = "http://e/"
DATA = """
@prefix : <http://e/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:g1 { :a :knows :b ; rdfs:label "A"@en, "Ä"@de ; :born "1815-04-01"^^xsd:date .
      :a :lives [ :in :c ; rdfs:label "c, \\"q\\"\\n" ] . }
:g2 { :a :knows :b . :b :knows :c . }
"""
CONSTRUCT = "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> OxigraphEngine:
    folder = tmp_path_factory.mktemp("engine") / "store"
    OxigraphEngine.write(folder, parse(DATA, RdfFormat.TRIG))
    return OxigraphEngine.open(folder)


def rows(engine: OxigraphEngine, query: Query) -> list[dict[str, str]]:
    body = engine.answer(query, Accept("text/csv")).body.decode()
    return list(csv.DictReader(io.StringIO(body, newline="")))


def count(engine: OxigraphEngine, **dataset: tuple[str, ...]) -> int:
    query = Query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", **dataset)
    return int(rows(engine, query)[0]["n"])


def test_the_default_graph_is_the_union_and_counts_each_triple_once(engine: OxigraphEngine) -> None:
    assert count(engine) == 8  # nine quads, one of them in both graphs


def test_a_graph_pattern_sees_named_graphs_only(engine: OxigraphEngine) -> None:
    query = Query("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g")
    assert [r["g"] for r in rows(engine, query)] == ["http://e/g1", "http://e/g2"]
    assert all(isinstance(q.graph_name, NamedNode) for q in engine.quads())


def test_from_limits_the_default_graph(engine: OxigraphEngine) -> None:
    query = Query("SELECT (COUNT(*) AS ?n) FROM <http://e/g2> { ?s ?p ?o }")
    assert rows(engine, query) == [{"n": "2"}]


def test_from_without_from_named_leaves_no_named_graph(engine: OxigraphEngine) -> None:
    query = Query("SELECT * FROM <http://e/g2> { GRAPH ?g { ?s ?p ?o } }")
    assert rows(engine, query) == []


def test_default_graph_uri_is_heeded(engine: OxigraphEngine) -> None:
    assert count(engine, default_graphs=("http://e/g2",), named_graphs=()) == 2


def test_named_graph_uri_alone_leaves_the_default_graph_empty(engine: OxigraphEngine) -> None:
    assert count(engine, default_graphs=(), named_graphs=("http://e/g2",)) == 0


def test_the_protocol_s_dataset_overrides_the_query_s(engine: OxigraphEngine) -> None:
    query = Query("SELECT (COUNT(*) AS ?n) FROM <http://e/g1> { ?s ?p ?o }", ("http://e/g2",), ())
    assert rows(engine, query) == [{"n": "2"}]


@pytest.mark.parametrize("iri", ["", "no iri", "g2"])
def test_a_dataset_whose_name_is_no_iri_is_a_bad_request(engine: OxigraphEngine, iri: str) -> None:
    with pytest.raises(BadRequest, match="not an IRI"):
        engine.answer(Query("ASK {}", (iri,), ()), Accept(None))


def test_relative_iris_are_resolved_against_the_base(engine: OxigraphEngine) -> None:
    assert engine.answer(Query("ASK { <a> <knows> <b> }", base=BASE), Accept(None)).body.endswith(
        b'"boolean":true}'
    )


def test_describe_says_what_the_documents_say(engine: OxigraphEngine) -> None:
    answer = engine.answer(Query("DESCRIBE <b>", base=BASE), Accept("application/n-triples"))
    said = set(parse(answer.body, RdfFormat.N_TRIPLES))
    described = union(describe(engine, NamedNode("http://e/b")))
    assert said == {Quad(*triple) for triple in described}
    incoming = Quad(NamedNode("http://e/a"), NamedNode("http://e/knows"), NamedNode("http://e/b"))
    assert incoming in said


def test_describe_of_what_is_only_an_object_says_where(engine: OxigraphEngine) -> None:
    answer = engine.answer(Query("DESCRIBE <c>", base=BASE), Accept("application/n-triples"))
    assert b"<http://e/b> <http://e/knows> <http://e/c>" in answer.body
    assert b"<http://e/in> <http://e/c>" in answer.body


def test_describe_in_a_dataset_of_its_own_keeps_to_it(engine: OxigraphEngine) -> None:
    query = Query("DESCRIBE <a> FROM <g2>", base=BASE)
    body = engine.answer(query, Accept("application/n-triples")).body
    assert body == b"<http://e/a> <http://e/knows> <http://e/b> .\n"


@pytest.mark.parametrize("format", RDF_FORMATS, ids=lambda f: f.suffix)
@pytest.mark.parametrize("query", [CONSTRUCT, "DESCRIBE <a>"])
def test_graphs_are_the_same_in_every_format(
    engine: OxigraphEngine, query: str, format: Format
) -> None:
    answer = engine.answer(Query(query, base=BASE), Accept(format.media_type))
    assert answer.format is format
    expected = engine.answer(Query(query, base=BASE), Accept(N_TRIPLES.media_type)).body
    name = {"trig": "trig", "nq": "nquads", "rdf": "xml", "jsonld": "json-ld"}
    graph = Graph()
    if format.has_graphs:
        dataset = Dataset()
        dataset.parse(data=answer.body, format=name.get(format.suffix, format.suffix))
        graph += (quad[:3] for quad in dataset.quads())
    else:
        graph.parse(data=answer.body, format=name.get(format.suffix, format.suffix))
    assert isomorphic(graph, Graph().parse(data=expected, format="nt"))


def test_language_tags_datatypes_and_blank_nodes_reach_json(engine: OxigraphEngine) -> None:
    query = Query("SELECT ?l ?d ?b { <a> <born> ?d ; <lives> ?b ; ?p ?l FILTER(LANG(?l) = 'de') }")
    answer = engine.answer(Query(query.text, base=BASE), Accept(None))
    [row] = json.loads(answer.body)["results"]["bindings"]
    assert row["l"] == {"type": "literal", "value": "Ä", "xml:lang": "de"}
    assert row["d"]["datatype"] == "http://www.w3.org/2001/XMLSchema#date"
    assert row["b"]["type"] == "bnode"
    assert not row["b"]["value"].startswith("_:")


@pytest.mark.parametrize("format", RESULTS_FORMATS, ids=lambda f: f.suffix)
def test_ask_answers_in_every_format_of_results(engine: OxigraphEngine, format: Format) -> None:
    answer = engine.answer(Query("ASK {}"), Accept(format.media_type))
    assert answer.format is format
    assert b"true" in answer.body


def test_csv_quotes_as_rfc_4180_says(engine: OxigraphEngine) -> None:
    query = Query("SELECT ?l { ?b <in> <c> ; ?p ?l FILTER(isLiteral(?l)) }", base=BASE)
    assert rows(engine, query) == [{"l": 'c, "q"\n'}]


def test_the_word_construct_in_a_literal_leaves_a_select_a_select(engine: OxigraphEngine) -> None:
    query = Query("SELECT ('CONSTRUCT DESCRIBE ASK' AS ?x) {}")
    assert rows(engine, query) == [{"x": "CONSTRUCT DESCRIBE ASK"}]


def test_prefixes_of_the_query_are_those_of_its_turtle(engine: OxigraphEngine) -> None:
    query = Query(f"PREFIX mine: <http://e/> {CONSTRUCT}")
    body = engine.answer(query, Accept("text/turtle")).body
    assert b"@prefix mine: <http://e/> ." in body
    assert b"mine:knows mine:b" in body


def test_a_format_for_the_other_kind_of_result_is_not_acceptable(engine: OxigraphEngine) -> None:
    with pytest.raises(NotAcceptable, match="text/turtle"):
        engine.answer(Query(CONSTRUCT), Accept("text/csv"))
    with pytest.raises(NotAcceptable, match="text/csv"):
        engine.answer(Query("ASK {}"), Accept("text/turtle"))


def test_a_query_that_is_wrong_only_as_a_whole_is_a_syntax_error(engine: OxigraphEngine) -> None:
    with pytest.raises(QuerySyntaxError, match="unbound"):
        engine.answer(Query("SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o }"), Accept(None))


def test_a_store_that_is_written_twice_is_not_mixed(tmp_path: Path) -> None:
    OxigraphEngine.write(tmp_path / "store", parse(DATA, RdfFormat.TRIG))
    assert len(Store.read_only(str(tmp_path / "store"))) == 9 + 8


@pytest.mark.parametrize(
    ("query", "accept"),
    [
        ("CONSTRUCT { ?s <http://x/123> 1 } { ?s ?p ?o }", "application/rdf+xml"),
        ("CONSTRUCT { ?s <http://x/> 1 } { ?s ?p ?o }", "application/rdf+xml"),
        ("CONSTRUCT { ?s ?p '\\u0001' } { ?s ?p ?o }", "application/rdf+xml"),
        ("SELECT ('\\uFFFF' AS ?x) {}", "application/sparql-results+xml"),
        ("CONSTRUCT { ?s <http://x/a> <<( ?s ?p ?o )>> } { ?s ?p ?o }", "application/ld+json"),
    ],
)
def test_what_a_format_cannot_hold_is_not_acceptable_rather_than_broken(
    engine: OxigraphEngine, query: str, accept: str
) -> None:
    with pytest.raises(NotAcceptable, match="cannot hold"):
        engine.answer(Query(query), Accept(accept))
    engine.answer(Query(query), Accept(None))
