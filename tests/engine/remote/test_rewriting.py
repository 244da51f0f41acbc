"""A query that is written anew for a server means the same there, and nothing else is reachable."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from triplomacy.engine.oxigraph import OxigraphEngine
from triplomacy.engine.protocol import Query, union
from triplomacy.engine.remote.place import NAMES_LINK, Place
from triplomacy.engine.remote.rewriting import Rewritten, rewrite
from triplomacy.errors import Forbidden, QuerySyntaxError, StoreCannot, TriplomacyError
from triplomacy.web.negotiation import Accept

GRAPHS = ("http://e/g1", "http://e/g2", "http://e/g3")
PLACE = Place("http://store/", "oxigraph", "http://e/release/1/", "1", GRAPHS)
OTHER = Place("http://store/", "oxigraph", "http://e/release/2/", "2", GRAPHS)


def sent(text: str, **dataset: tuple[str, ...]) -> str:
    return rewrite(Query(text, base="http://e/", **dataset), PLACE).text


# What is written


def test_the_default_graph_is_the_union_of_the_release() -> None:
    assert sent("SELECT ?s { ?s ?p ?o }") == (
        "SELECT ?s WHERE { GRAPH <http://e/release/1/union> { ?s ?p ?o } }"
    )


def test_a_named_graph_is_the_release_s_graph() -> None:
    text = sent("PREFIX e: <> SELECT ?s WHERE { GRAPH e:g2 { ?s ?p ?o } }")
    assert "GRAPH <http://e/release/1/graph/2> { ?s ?p ?o }" in text
    assert "<http://e/g2>" not in text


def test_the_variable_of_a_graph_has_the_names_that_people_know() -> None:
    text = sent("SELECT * { GRAPH ?g { ?s ?p ?o } }")
    assert text == (
        "SELECT ?g ?o ?p ?s WHERE { GRAPH <http://e/release/1/union> { GRAPH ?h1 "
        f"{{ GRAPH <http://e/release/1/names> {{ ?h1 {NAMES_LINK} ?g }} ?s ?p ?o }} }} }}"
    )


@pytest.mark.parametrize("iri", ["http://e/g9", "http://e/release/2/graph/1", "urn:x"])
def test_a_graph_of_somebody_else_is_empty(iri: str) -> None:
    text = sent(f"ASK {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}")
    assert f"<{iri}>" not in text
    assert "GRAPH <http://e/release/1/nothing> { FILTER(1 = 0)" in text


def test_a_dataset_keeps_to_the_release() -> None:
    text = sent("SELECT ?s FROM <g1> FROM NAMED <g3> FROM <http://other/> { ?s ?p ?o }")
    assert "FROM <http://e/release/1/graph/1> FROM <http://e/release/1/nothing>" in text
    assert "FROM NAMED <http://e/release/1/graph/3>" in text
    assert "other" not in text


def test_ask_construct_and_describe_are_sent_as_select() -> None:
    assert sent("ASK { ?s ?p ?o }").startswith("SELECT (1 AS ?h0) WHERE {")
    construct = rewrite(Query("CONSTRUCT { ?s <http://e/p> [] } { ?s ?p ?o } LIMIT 3"), PLACE)
    assert construct.text.startswith("SELECT ?s WHERE {")
    assert construct.text.endswith("} LIMIT 3")
    assert construct.template == "?s <http://e/p> []"
    describe = rewrite(Query("DESCRIBE ?s <http://e/a> { ?s ?p ?o }"), PLACE)
    assert describe.text.startswith("SELECT DISTINCT ?s WHERE {")
    assert describe.terms == (NamedNode("http://e/a"),)


def test_an_exists_outside_the_pattern_reads_the_union_too() -> None:
    text = sent("SELECT (EXISTS { ?s ?p ?x } AS ?e) { ?s ?p ?o } ORDER BY EXISTS { ?o ?p ?s }")
    assert text.count("EXISTS { GRAPH <http://e/release/1/union> {") == 2


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p 'GRAPH ?g { FROM' } # GRAPH <http://other/> {",
        'SELECT * { ?s ?p """GRAPH <http://other/> {"} """ }',
        "SELECT ?graph { ?graph <http://e/graph> ?from }",
        "PREFIX graph: <http://e/> SELECT * { graph:a graph:from 'x'@en-GRAPH }",
        "SELECT * { ?a ?p ?c FILTER(?a<?c&&?c>?a) }",
        "SELECT * { ?a ?p ?c FILTER(?a<=?c&&?c>?a) }",
    ],
)
def test_words_that_are_no_keywords_stay(text: str) -> None:
    [graph] = [g for g in [sent(text).count("GRAPH <http://e/release/1/")] if g]
    assert graph == 1  # the union alone


def test_comments_are_not_sent() -> None:
    assert "secret" not in sent("SELECT * { ?s ?p ?o # secret\n}")


@pytest.mark.parametrize(
    "text",
    [
        "PREFIX f: <bif:> SELECT (f:file_to_string('/etc/passwd') AS ?x) {}",
        "SELECT * { ?s ?p ?o FILTER(<sql:x>(?o)) }",
        "ASK { ?s ?p ?o BIND(<http://e/f>(?o) AS ?x) }",
        "CONSTRUCT WHERE { ?s ?p ?o } ORDER BY <bif:x>(?o)",
        "DESCRIBE ?s { ?s ?p ?o FILTER(<bif:x>(?o)) }",
    ],
)
def test_no_functions_run_but_those_that_the_embedded_engine_has(text: str) -> None:
    with pytest.raises(TriplomacyError, match="custom function"):
        sent(text)


@pytest.mark.parametrize("name", ["bif:contains", "BIF:contains", "sql:x"])
def test_words_of_a_server_are_refused_wherever_they_stand(name: str) -> None:
    with pytest.raises(Forbidden, match="function of the store"):
        sent(f"SELECT * {{ ?s <{name}> 'x' }}")


def test_what_does_not_parse_is_told_with_its_place() -> None:
    with pytest.raises(QuerySyntaxError, match="line 1, column"):
        sent("SELECT * { GRAPH ?g }")


def test_integers_are_divided_exactly_where_the_server_would_not() -> None:
    text = "SELECT (?a/?b AS ?c) { ?x <http://e/a>/<http://e/b> ?a ; <http://e/c> ?b }"
    changed = rewrite(Query(text), PLACE, strict=False).text
    assert "(?a * 1.0 /?b AS ?c)" in changed
    assert changed.count("1.0") == 1


# What it means, found out with the embedded engine on a server's dataset


DATA = """
@prefix : <http://e/> .
:g1 { :a :p :b , 1 , "GRAPH" . :b :p :c . :g2 :p :a . _:x :p :a ; :q _:y . }
:g2 { :a :p :b . :c :q "x"@en-gb , 2.5 . :a :q :g1 . }
:g3 { :c :p :a ; :q :a . }
"""


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[OxigraphEngine, Store]]:
    """The embedded engine on a dataset, and a store that holds it as a server does, twice."""
    quads = list(parse(DATA, RdfFormat.TRIG))
    folder: Path = tmp_path_factory.mktemp("embedded") / "store"
    OxigraphEngine.write(folder, quads)
    server = Store()
    for place in (PLACE, OTHER):
        for quad in quads:
            there = place.there[quad.graph_name.value]  # type: ignore[union-attr]
            server.add(Quad(*quad.triple, there))
        server.extend(Quad(*t, place.union) for t in union(quads))
        for name, there in place.there.items():
            server.add(Quad(there, NAMES_LINK, NamedNode(name), place.names))
    server.add(Quad(NamedNode("http://e/a"), NamedNode("http://e/p"), NamedNode("http://secret/")))
    server.add(
        Quad(*[NamedNode("http://e/a"), NamedNode("http://e/p"), NamedNode("http://secret/")],
             NamedNode("http://secret/graph"))
    )  # fmt: skip
    yield OxigraphEngine.open(folder), server


TERMS = st.sampled_from(["?s", "?o", "?g", "?x", "<a>", "<b>", "<c>", "<g1>", "e:g2", "[]"])
PREDICATES = st.sampled_from(["?p", "<p>", "<q>", "<p>/<q>", "^<p>"])
OBJECTS = TERMS | st.sampled_from(["'GRAPH ?g {'", '"""FROM <g>"""', "1", "'x'@en-GB", "-1", "2.5"])
TRIPLES = st.builds("{} {} {} .".format, TERMS, PREDICATES, OBJECTS) | st.builds(
    "{} {} {} .".format, TERMS, st.sampled_from(["<p>*", "(<p>|<q>)+"]), TERMS
)
NAMES = st.sampled_from(["?g", "?g", "?x", "<g1>", "e:g2", "<g9>", "<http://secret/graph>"])
EXPRESSIONS = st.sampled_from(
    ["?s!=?o", "?s<?o&&?o>?x", "isBlank(?s)||true", "isIRI(?o)", "BOUND(?g)", "STR(?o)='GRAPH'",
     "?o IN(<a>,<b>)", "?g=<g2>", "!(?o<=1)", "COALESCE(?o/2>0,true)", "LANG(?o)=''"]
)  # fmt: skip
COMMENTS = st.sampled_from([" ", "\n", " # GRAPH <http://secret/graph> { \n", "\t"])


NOT = st.sampled_from(["", "NOT "])


def nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("{}{}{}".format, inner, COMMENTS, inner),
        # With a pattern of its own: without one the embedded engine forgets the graph's variable.
        st.builds("GRAPH {}{}{{ {} {} }}".format, NAMES, COMMENTS, TRIPLES, inner),
        st.builds("OPTIONAL {{ {} }}".format, inner),
        st.builds("{{ {} }} UNION {{ {} }}".format, inner, inner),
        st.builds("{} MINUS {{ {} }}".format, inner, inner),
        st.builds("{} FILTER({})".format, inner, EXPRESSIONS),
        st.builds(
            "{} FILTER {}EXISTS {{ {} }}".format, inner, st.sampled_from(["", "NOT "]), inner
        ),
        st.builds("{{ SELECT {} {{ {} }} }}".format, st.sampled_from(["*", "?s ?o", "?g"]), inner),
        st.builds("{} VALUES ?x {{ <a> 'FROM' }}".format, inner),
    )


PATTERNS = st.recursive(TRIPLES, nested, max_leaves=4)
HEADS = st.sampled_from(
    ["SELECT *", "SELECT DISTINCT ?g", "SELECT ?s ?o ?g", "SELECT (COUNT(*) AS ?n)", "ASK",
     "CONSTRUCT { ?s <p> ?o . ?g <q> ?x }"]
)  # fmt: skip
DATASETS = st.sampled_from(
    ["", "", "", "FROM <g1>", "FROM NAMED <g1> FROM NAMED e:g2", "FROM <g9>",
     "FROM e:g2 FROM NAMED <g3>", "FROM <http://secret/graph>"]
)  # fmt: skip


def answers(found: object, variables: tuple[str, ...] | None = None) -> list[str]:
    """What a query gives, order and blank nodes' names aside."""
    rows = json.loads(found.serialize(format=found_format(found)))  # type: ignore[attr-defined]
    return sorted(json.dumps(r, sort_keys=True) for r in rows["results"]["bindings"])


def found_format(_: object) -> object:
    from pyoxigraph import QueryResultsFormat

    return QueryResultsFormat.JSON


@pytest.mark.parametrize(
    "inside", ["{ SELECT * { ?s ?p ?o } }", "?a ?b ?c OPTIONAL { { SELECT ?s { ?s ?p ?o } } }"]
)
def test_a_subquery_never_looks_into_graphs_of_others(inside: str) -> None:
    with pytest.raises(StoreCannot, match="subquery inside GRAPH"):
        rewrite(Query(f"SELECT * {{ GRAPH ?g {{ {inside} }} }}"), PLACE)


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(head=HEADS, dataset=DATASETS, pattern=PATTERNS)
def test_the_answer_is_that_of_the_embedded_engine(
    engines: tuple[OxigraphEngine, Store], head: str, dataset: str, pattern: str
) -> None:
    embedded, server = engines
    text = f"PREFIX e: <http://e/> {head} {dataset} WHERE {{ {pattern} }}"
    query = Query(text, base="http://e/")
    try:
        rewritten = rewrite(query, PLACE)
    except StoreCannot:  # which the embedded engine can, in its own way
        return
    except TriplomacyError as error:
        with pytest.raises(type(error)):
            embedded.answer(query, Accept(None))
        return
    expected = plain(embedded, query, rewritten)
    assert there(server, rewritten) == expected, (text, rewritten.text)


def plain(embedded: OxigraphEngine, query: Query, rewritten: Rewritten) -> list[tuple[str, ...]]:
    """The embedded engine's solutions of the SELECT that stands for a query."""
    text = query.text
    if rewritten.form == "ASK":
        answer = embedded.answer(query, Accept(None)).body
        return [()] if b"true" in answer else []
    if rewritten.form == "CONSTRUCT":
        names = " ".join(f"?{v}" for v in rewritten.variables)
        head, _, rest = text.partition("CONSTRUCT { ?s <p> ?o . ?g <q> ?x }")
        text = f"{head} SELECT {names} {rest}"
    solutions = embedded._store.query(text, base_iri=query.base)
    return rows(solutions, rewritten.variables)


def there(server: Store, rewritten: Rewritten) -> list[tuple[str, ...]]:
    """The server's solutions."""
    if rewritten.form == "ASK":
        return [()] if any(True for _ in server.query(rewritten.text)) else []
    return rows(server.query(rewritten.text), rewritten.variables)


def rows(solutions: object, variables: tuple[str, ...]) -> list[tuple[str, ...]]:
    return sorted(
        tuple("_" if str(s[v]).startswith("_:") else str(s[v]) for v in variables)
        for s in solutions  # type: ignore[attr-defined]
    )
