"""The default graph of FROM is the merge of the graphs, which is a set; nothing is fetched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, Store

from triplomacy.engine.datasets import Dataset, dataset
from triplomacy.engine.oxigraph import OxigraphEngine
from triplomacy.engine.protocol import Query
from triplomacy.errors import BadRequest, QuerySyntaxError
from triplomacy.web.negotiation import Accept

BASE = "http://x/"
GRAPHS = [f"http://x/g{n}" for n in range(4)]
NODES = [NamedNode(f"http://x/n{n}") for n in range(4)]


def nodes(*names: str) -> tuple[NamedNode, ...]:
    return tuple(NamedNode(BASE + name) for name in names)


def answer(engine: OxigraphEngine, query: Query) -> list[str]:
    """The values of the only column."""
    return engine.answer(query, Accept("text/csv")).body.decode().split()[1:]


def asked(text: str, default: tuple[str, ...] | None = None) -> Query:
    return Query(text, default, () if default else None, BASE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT * {}", None),
        ("SELECT * { ?from ?p 'FROM <http://x/a>' } # FROM <http://x/b>", None),
        ("SELECT * FROM <a> { ?s ?p ?o }", Dataset(nodes("a"), ())),
        ("SELECT * FROM<a>FROM\n#c\nNAMED<b>{ ?s ?p ?o }", Dataset(nodes("a"), nodes("b"))),
        ("PREFIX p: <q/> ASK from p:a from named p:b {}", Dataset(nodes("q/a"), nodes("q/b"))),
        ("BASE <http://y/> ASK FROM <a> {}", Dataset((NamedNode("http://y/a"),), ())),
        (r"ASK FROM <\u0061> FROM NAMED <http://x/b> {}", Dataset(nodes("a"), nodes("b"))),
        ("CONSTRUCT FROM <a> WHERE { ?s ?p ?o }", Dataset(nodes("a"), ())),
    ],
)
def test_the_dataset_of_a_query_is_read_from_its_clauses(
    text: str, expected: Dataset | None
) -> None:
    assert dataset(asked(text)) == expected


def test_a_dataset_in_the_request_takes_the_place_of_one_in_the_text() -> None:
    query = Query("ASK FROM <a> {}", ("http://x/b",), None, BASE)
    assert dataset(query) == Dataset(nodes("b"), ())


def test_a_graph_whose_name_is_no_iri_is_told() -> None:
    with pytest.raises(BadRequest, match="not an IRI"):
        dataset(Query("ASK {}", ("no iri",), None, BASE))


def test_a_query_with_more_clauses_than_anybody_needs_is_refused() -> None:
    with pytest.raises(BadRequest, match="not clear"):
        dataset(asked("ASK " + "FROM <a> " * 65 + "{}"))


def test_a_query_that_does_not_parse_is_told_so() -> None:
    with pytest.raises(QuerySyntaxError):
        dataset(asked("ASK FROM { }"))


TRIPLES = st.sets(
    st.tuples(st.sampled_from(NODES), st.sampled_from(NODES), st.sampled_from(NODES)), max_size=6
)


@given(st.lists(TRIPLES, min_size=4, max_size=4), st.sets(st.integers(0, 3), min_size=1))
def test_each_triple_of_the_merge_counts_once(
    contents: list[set[tuple[NamedNode, NamedNode, NamedNode]]], chosen: set[int]
) -> None:
    store = Store()
    for name, content in zip(GRAPHS, contents, strict=True):
        store.extend(Quad(*triple, NamedNode(name)) for triple in content)
    engine = OxigraphEngine(store)
    expected = len(set().union(*(contents[n] for n in chosen)))
    count = "SELECT (COUNT(*) AS ?n) {} WHERE {{ ?s ?p ?o }}"
    clauses = " ".join(f"FROM <{GRAPHS[n]}>" for n in chosen)
    in_text = answer(engine, asked(count.format(clauses)))
    in_request = answer(engine, asked(count.format(""), tuple(GRAPHS[n] for n in chosen)))
    assert in_text == in_request == [str(expected)]


def test_named_graphs_beside_a_merge_are_what_they_are() -> None:
    store = Store()
    a, b, c = nodes("a", "b", "c")
    shared, own = Quad(NODES[0], NODES[1], NODES[2], a), Quad(NODES[3], NODES[3], NODES[3], c)
    store.extend([shared, Quad(*shared.triple, b), own])
    engine = OxigraphEngine(store)
    text = "SELECT (COUNT(*) AS ?n) FROM <a> FROM <b> FROM NAMED <b> FROM NAMED <c> WHERE "
    assert answer(engine, asked(text + "{ ?s ?p ?o }")) == ["1"]
    assert answer(engine, asked(text + "{ GRAPH ?g { ?s ?p ?o } }")) == ["2"]
    assert answer(engine, asked(text + "{ GRAPH <a> { ?s ?p ?o } }")) == ["0"]
    assert answer(engine, asked(text + "{ ?s ?p ?o GRAPH <b> { ?s ?p ?o } }")) == ["1"]


def test_a_graph_that_there_is_not_is_empty_and_not_fetched() -> None:
    engine = OxigraphEngine(Store())
    graphs = "FROM <http://127.0.0.1:9/a> FROM <file:///etc/passwd>"
    text = f"SELECT (COUNT(*) AS ?n) {graphs} {{ ?s ?p ?o }}"
    assert answer(engine, asked(text)) == ["0"]
