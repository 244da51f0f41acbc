"""What servers bend, and how it reads once it is put right: one test for each, on real servers."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from tests import stores
from triplomacy.engine.oxigraph import OxigraphEngine
from triplomacy.engine.protocol import Query
from triplomacy.engine.remote.dialects import dialect_of
from triplomacy.engine.remote.dialects.standard import Standard
from triplomacy.engine.remote.engine import RemoteEngine
from triplomacy.engine.remote.http import Client, credentials_of_environment
from triplomacy.engine.remote.loading import load
from triplomacy.engine.remote.place import new_place
from triplomacy.errors import QueryTooLong, StoreCannot, StoreTooSmall
from triplomacy.formats import RDF_FORMATS, RESULTS_FORMATS
from triplomacy.release.canonical import canonical
from triplomacy.web.negotiation import Accept

XSD = "http://www.w3.org/2001/XMLSchema#"
DATA = f"""
@prefix : <http://e/> .
@prefix xsd: <{XSD}> .
:g1 {{
  :a :p :b ; :one 1 ; :true true ; :false false ; :half 0.5 ; :uri <http://e/Besan%C3%A7on> ;
     :label "A"@en-GB , "ä"@de ; :when "2025-02-12T18:00:00+00:00"^^xsd:dateTime ;
     :day "2025-02-12"^^xsd:date ; :notation "010"^^:notation ; :text "a\\u0001b\\n\\"\\\\" ;
     :lives [ :in :c ; :with [ :in :d ] ] .
  :b :two "1"^^xsd:int ; :three 1.0 .
}}
:g2 {{ :a :p :b . :c :one 2 . }}
"""
QUADS = canonical(parse(DATA, RdfFormat.TRIG)).quads


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> OxigraphEngine:
    folder = tmp_path_factory.mktemp("embedded") / "store"
    OxigraphEngine.write(folder, QUADS)
    return OxigraphEngine.open(folder)


def loaded(server: stores.Store, dialect: str | None = None) -> RemoteEngine:
    client = Client(credentials_of_environment())
    name = dialect or dialect_of(client, server.url).name
    graphs = ("http://e/g1", "http://e/g2")
    return RemoteEngine(
        load(client, new_place(server.url, name, "http://e/", "1", graphs), QUADS), client
    )


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso", "standard"])
def remote(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RemoteEngine]:
    """The engine on each kind of server; `standard` is one that we take for no kind we know."""
    kind = "oxigraph" if request.param == "standard" else request.param
    with stores.running(kind, tmp_path_factory.mktemp(request.param)) as server:
        yield loaded(server, request.param)


@pytest.fixture(scope="module")
def small_virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RemoteEngine]:
    """A Virtuoso that gives ten rows at most."""
    folder: Path = tmp_path_factory.mktemp("small")
    with stores.running("virtuoso", folder, "ResultSetMaxRows = 100\n") as server:
        yield loaded(server)


SAME = [
    "SELECT * { ?s ?p ?o }",
    "SELECT * { GRAPH ?g { ?s ?p ?o } }",
    "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
    "SELECT ?g { GRAPH ?g {} }",
    "SELECT * { GRAPH <http://e/g9> {} }",
    "SELECT * { GRAPH <http://e/g2> { ?s ?p ?o } }",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "SELECT (COUNT(*) AS ?n) FROM <http://e/g2> { ?s ?p ?o }",
    "SELECT (COUNT(*) AS ?n) FROM <http://e/g1> FROM NAMED <http://e/g2> { GRAPH ?g { ?s ?p ?o } }",
    "SELECT * FROM NAMED <http://e/g2> { ?s ?p ?o }",
    "SELECT (COUNT(*) AS ?n) FROM <http://e/g1> FROM <http://e/g2> { ?s ?p ?o }",
    "SELECT * {}",
    "SELECT DISTINCT * { GRAPH ?g { ?s <http://e/p> ?o } }",
    "SELECT (true AS ?t) (1 = 2 AS ?f) (isIRI(<http://e/a>) && true AS ?i) {}",
    "SELECT ?s (EXISTS { ?s <http://e/p> ?x } AS ?e) { ?s <http://e/one> ?o }",
    "SELECT (5/2 AS ?d) (4/2 AS ?i) (1 + 1 AS ?s) (7 - 2*3 AS ?m) {}",
    "SELECT ?s ?p { ?s ?p 1 }",
    "SELECT ?s ?p { ?s ?p true }",
    "SELECT ?s ?p { ?s ?p 1.0 }",
    f"SELECT ?s ?p {{ ?s ?p '1'^^<{XSD}int> }}",
    "SELECT ?s ?p { ?s ?p 'A'@en-gb , 'A'@EN-GB . ?s ?q '010'^^<http://e/notation> }",
    "SELECT ?o { ?s <http://e/one>|<http://e/two>|<http://e/three> ?o FILTER(?o = 1) }",
    "SELECT ?o (DATATYPE(?o) AS ?d) { ?s ?p ?o FILTER(isNumeric(?o)) }",
    "SELECT ?o { ?s ?p ?o FILTER(isBlank(?o)) }",
    "SELECT ?o { ?s ?p ?o FILTER(isIRI(?o)) }",
    "SELECT ?o { ?s ?p ?o FILTER(!isBlank(?o) && !isURI(?o)) }",
    "SELECT ?o (isBlank(?o) AS ?b) { <http://e/a> ?p ?o }",
    "SELECT ?o { <http://e/a> <http://e/lives>/<http://e/with>/<http://e/in> ?o }",
    f"SELECT ?s {{ ?s ?p ?o FILTER(?o > '2025-01-01T00:00:00Z'^^<{XSD}dateTime>) }}",
    "SELECT ?o { ?s ?p ?o FILTER(LANG(?o) = 'en-gb') }",
    "SELECT ?s { ?s <http://e/uri> <http://e/Besan%C3%A7on> }",
    "SELECT ?x { VALUES ?x { <http://e/a> 'GRAPH ?g {' 'x'@en } }",
    "SELECT ?x ?y { VALUES (?x ?y) { (<http://e/a> 'b'@en) ('<c>' 2.5) (UNDEF 1) } }",
    "SELECT ?x { ?s <http://e/p> ?o } VALUES ?x { <http://e/a> 1 }",
    f"SELECT ?o {{ ?s ?p ?o FILTER(?o >= '2025-01-01'^^<{XSD}date>) }}",
    "SELECT ?o { ?s ?p ?o FILTER(?o < 2) }",
    "SELECT ?s ?n { ?s <http://e/p> ?o { SELECT (COUNT(*) AS ?n) { ?a ?b ?c } } }",
    "SELECT ?s { ?s ?p ?o MINUS { ?s <http://e/one> ?x } }",
    "SELECT ?s ?x { ?s <http://e/p> ?o OPTIONAL { ?s <http://e/none> ?x } }",
    "ASK { ?s <http://e/p> ?o }",
    "ASK { ?s <http://e/none> ?o }",
    "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }",
    "CONSTRUCT { ?o <http://e/of> [ <http://e/is> ?s ] ; ?s 1 } { ?s <http://e/one> ?o }",
    "CONSTRUCT WHERE { ?s <http://e/p> ?o }",
    "CONSTRUCT { <http://e/x> <http://e/y> 'z' } { ?s <http://e/p> ?o }",
    "DESCRIBE <http://e/a>",
    "DESCRIBE ?s { ?s <http://e/one> 2 }",
    "DESCRIBE <http://e/a> FROM <http://e/g2>",
    "DESCRIBE <http://e/a> FROM <http://e/g1>",
    "DESCRIBE * { ?s <http://e/p> ?o }",
]


def plain(engine: OxigraphEngine | RemoteEngine, text: str) -> list[str]:
    """The answer, the order of its rows and the names of its blank nodes aside."""
    answer = engine.answer(Query(text), Accept(None))
    if answer.format.rdf is not None:
        quads = parse(answer.body, answer.format.rdf)
        return sorted(" ".join(_plain(str(t)) for t in q.triple) for q in quads)
    results = json.loads(answer.body)
    if "boolean" in results:
        return [str(results["boolean"])]
    rows = results["results"]["bindings"]
    for row in rows:
        for term in row.values():
            term["value"] = "_" if term["type"] == "bnode" else term["value"]
    return [str(results["head"]["vars"]), *sorted(json.dumps(r, sort_keys=True) for r in rows)]


def _plain(term: str) -> str:
    return "_" if term.startswith("_:") else term


@pytest.mark.parametrize("text", SAME)
def test_the_answer_is_that_of_the_embedded_engine(
    embedded: OxigraphEngine, remote: RemoteEngine, text: str
) -> None:
    assert plain(remote, text) == plain(embedded, text)


@pytest.mark.parametrize("format", (*RESULTS_FORMATS, *RDF_FORMATS), ids=lambda f: f.suffix)
def test_every_format_is_the_same_to_the_byte(
    embedded: OxigraphEngine, remote: RemoteEngine, format: object
) -> None:
    text = "SELECT ?s ?o { ?s <http://e/p>|<http://e/label>|<http://e/true>|<http://e/when> ?o }"
    where = "{ ?s <http://e/label> ?o } ORDER BY ?o"
    if format in RDF_FORMATS:
        text = f"CONSTRUCT {{ ?s <http://e/label> ?o }} WHERE {where}"
    else:
        text += " ORDER BY STR(?o)"
    accept = Accept(format.media_type)  # type: ignore[attr-defined]
    assert remote.answer(Query(text), accept).body == embedded.answer(Query(text), accept).body


def test_the_facts_themselves_are_the_same(embedded: OxigraphEngine, remote: RemoteEngine) -> None:
    graph, subject = NamedNode("http://e/g1"), NamedNode("http://e/a")
    for pattern in (
        {},
        {"graph": graph},
        {"subject": subject},
        {"predicate": NamedNode("http://e/p")},
    ):
        here, there = (sorted(map(_loose, e.quads(**pattern))) for e in (embedded, remote))  # type: ignore[arg-type]
        assert there == here
    assert remote.graphs() == embedded.graphs()


def _loose(quad: object) -> str:
    return " ".join(_plain(str(t)) for t in quad)  # type: ignore[attr-defined]


def test_what_links_to_a_thing_is_told_each_once(
    embedded: OxigraphEngine, remote: RemoteEngine
) -> None:
    predicate, thing = NamedNode("http://e/p"), NamedNode("http://e/b")
    for engine in (embedded, remote):
        assert engine.subjects(predicate, thing, 10) == [NamedNode("http://e/a")]
        assert engine.subjects(predicate, NamedNode("http://e/none"), 10) == []
        assert len(engine.subjects(NamedNode("http://e/in"), NamedNode("http://e/c"), 1)) == 1


def test_values_of_many_things_are_read_together(
    embedded: OxigraphEngine, remote: RemoteEngine
) -> None:
    things = sorted(
        {q.subject for q in embedded.quads() if isinstance(q.subject, NamedNode)}, key=str
    )
    predicates = sorted({q.predicate for q in embedded.quads()}, key=str)
    here = embedded.values(things, predicates, 10_000)
    assert {*here} == {q.triple for t in things for q in embedded.quads(t)}
    assert len(here) == len({*here})
    there = remote.values(things, predicates, 10_000)
    assert sorted(map(_loose, there)) == sorted(map(_loose, here))
    for engine in (embedded, remote):
        assert len(engine.values(things, predicates, 2)) == 2
        assert engine.values(things, [], 9) == engine.values([], predicates, 9) == []
        assert engine.values([NamedNode("http://e/nobody")], predicates, 9) == []


def test_a_blank_node_can_be_asked_about_again(remote: RemoteEngine) -> None:
    [home] = [q.object for q in remote.quads(NamedNode("http://e/a"), NamedNode("http://e/lives"))]
    assert {str(q.predicate) for q in remote.quads(home)} == {"<http://e/in>", "<http://e/with>"}  # type: ignore[arg-type]


def test_no_graph_of_the_server_itself_shows(remote: RemoteEngine) -> None:
    answer = remote.answer(
        Query("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"), Accept("text/csv")
    )
    assert set(answer.body.split()) == {b"g", b"http://e/g1", b"http://e/g2"}


# What is left


def test_more_rows_than_virtuoso_gives_are_an_error_and_no_part(
    small_virtuoso: RemoteEngine,
) -> None:
    many = "SELECT * { ?a ?b ?c . ?d ?e ?f }"  # more than 400
    with pytest.raises(StoreTooSmall, match="no more than 100 rows"):
        small_virtuoso.answer(Query(many), Accept(None))
    few = small_virtuoso.answer(Query(f"{many} LIMIT 90"), Accept("text/csv")).body
    assert len(list(csv.reader(io.StringIO(few.decode(), newline="")))) == 91


def test_a_query_that_takes_virtuoso_too_long_is_an_error_and_no_part(
    small_virtuoso: RemoteEngine,
) -> None:
    joined = " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(9))
    query = Query(f"SELECT (COUNT(*) AS ?n) {{ {joined} }}")
    with pytest.raises(QueryTooLong):
        small_virtuoso.answer_to(query, Accept(None), _Sink(), None, 0.5)


class _Sink:
    def begin(self, format: object) -> None:
        pass

    def write(self, data: bytes) -> int:
        return len(data)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT (BNODE() AS ?x) {}",
        "SELECT * { ?s (<http://e/p>|!<http://e/p>)* ?o }",
        "SELECT * { VALUES (?x ?y) { (<http://e/a> 'b') ('c' <http://e/d>) } }",
    ],
)
def test_what_virtuoso_cannot_do_is_501_and_says_why(
    small_virtuoso: RemoteEngine, text: str
) -> None:
    with pytest.raises(StoreCannot, match=r"Its server says: Virtuoso|VALUES has IRIs") as caught:
        small_virtuoso.answer(Query(text), Accept(None))
    assert "release/" not in caught.value.detail


def test_an_unknown_server_is_taken_to_keep_to_the_standard() -> None:
    assert Standard.page is None
    assert Standard().address_of_updates("http://h/ds/sparql") == "http://h/ds/update"
