"""What a query does is what the engine's own parser says, and errors show the place."""

from __future__ import annotations

import pytest

from triplomacy.engine.described import select_described
from triplomacy.engine.parser import parse, place_of_keyword, uses_keyword
from triplomacy.errors import Forbidden, QuerySyntaxError

BASE = "https://example.org/"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM <http://e/g> { ?s ?p ?o }",
        "SELECT * from<http://e/g>{}",
        "SELECT * FROM NAMED <http://e/g> { ?s ?p ?o }",
        "PREFIX from: <http://e/> SELECT * FROM from:from { ?from from:from 'from' } # from",
    ],
)
def test_a_keyword_is_found(query: str) -> None:
    assert uses_keyword(query, "FROM")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p ?o }",
        "SELECT ?from { ?from ?p 'FROM <http://e/g>' }",
        "PREFIX from: <http://e/from/> SELECT * { from:from from:FROM ?o } # FROM <http://e/g>",
        "SELECT * { ?s ?p '''\nFROM <x>\n''', 'x'@from }",
    ],
)
def test_a_word_that_is_no_keyword_is_not_found(query: str) -> None:
    assert not uses_keyword(query, "FROM")


def test_the_place_of_a_keyword_is_not_that_of_the_same_word_elsewhere() -> None:
    query = "# DESCRIBE\nPREFIX describe: <http://e/> Describe describe:x # DESCRIBE"
    assert place_of_keyword(query, "DESCRIBE") == query.index("Describe")
    assert place_of_keyword("ASK { ?describe ?p 'describe' }", "DESCRIBE") is None


@pytest.mark.parametrize(
    ("query", "line", "column", "said"),
    [
        ("SELECT * { ?s foaf:name ?o }", 1, 15, "the prefix “foaf:” is not declared"),
        ("SELECT * {\n  ?s ?p ?o\n  ?a ?b ?c\n}", 3, 3, "?a"),
        ("SELECT * { ?s ?p ?o", 1, 20, "ends too early"),
        ("SELCT * {}", 1, 1, "SELCT"),
        ("ASK {}\nORDER ?s", 2, 7, "?s"),
        ("SELECT * {\n  ?s ?p 'abc\n}", 2, 13, "the line ends too early"),
        ("SELECT * { FILTER(?a = ) }", 1, 24, ")"),
        ("SELECT * { FILTER(foo(?x)) }", 1, 19, "foo"),
        ("SELECT (1 AS ?x) (2 AS ?x) {}", 1, 30, "Duplicated variable"),
        ("", 1, 1, "ends too early"),
    ],
)
def test_a_syntax_error_has_line_column_and_the_offending_text(
    query: str, line: int, column: int, said: str
) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        parse(query)
    error = caught.value
    assert (error.line, error.column) == (line, column), error.detail
    assert error.detail.startswith(f"line {line}, column {column}: ")
    assert said in error.detail
    *_, excerpt, caret = error.detail.split("\n")
    assert excerpt in query
    assert caret.index("^") == min(column, 61) - 1


def test_a_long_line_is_cut_around_the_place_of_the_error() -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        parse("SELECT * { ?s ?p " + "1 , " * 100 + "foaf:x }")
    _, excerpt, caret = caught.value.detail.split("\n")
    assert len(excerpt) <= 120
    assert excerpt[caret.index("^") :].startswith("foaf:x")


@pytest.mark.parametrize(
    ("name", "base", "declaration"),
    [
        ("wd:Q7747", None, "wd: <http://www.wikidata.org/entity/>"),
        ("eas:about", "https://e.example/", "eas: <https://e.example/ontology#>"),
        ("eas:about", None, "eas: <…>"),
        ("mine:x", "https://e.example/", "mine: <…>"),
    ],
)
def test_a_missing_prefix_is_named_with_what_to_do(
    name: str, base: str | None, declaration: str
) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        parse(f"SELECT * {{ ?s {name} ?o }}", base)
    assert caught.value.remedy == f"declare it at the top: PREFIX {declaration}"


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <http://e/s> <http://e/p> 1 }",
        "# why\nPREFIX e: <http://e/>\ndelete where { ?s ?p ?o }",
        "LOAD <http://127.0.0.1:9/>",
        "CLEAR ALL",
        "DROP SILENT GRAPH <http://e/g>",
        "WITH <http://e/g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "COPY DEFAULT TO <http://e/g>",
    ],
)
def test_an_update_as_a_query_is_refused_as_read_only(update: str) -> None:
    with pytest.raises(Forbidden, match="read-only"):
        parse(update)


def test_an_error_survives_the_way_between_processes() -> None:
    import pickle

    with pytest.raises(QuerySyntaxError) as caught:
        parse("SELECT * { ?s foaf:name ?o }")
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.detail, again.remedy, again.line, again.column) == (
        caught.value.detail,
        caught.value.remedy,
        1,
        15,
    )


@pytest.mark.parametrize(
    ("query", "select"),
    [
        ("DESCRIBE <x>", "SELECT DISTINCT (<x> AS ?described0)"),
        ("DESCRIBE ?x WHERE { ?x ?p 1 } LIMIT 1", "SELECT DISTINCT ?x WHERE"),
        ("DESCRIBE * { ?x ?p 1 }", "SELECT DISTINCT * {"),
        (
            "PREFIX e: <http://e/> DESCRIBE ?x e:y\n# e:z\n<z>{ ?x ?p 1 }",
            "SELECT DISTINCT ?x (e:y AS ?described1) (<z> AS ?described2)",
        ),
    ],
)
def test_a_describe_query_becomes_the_select_of_what_it_describes(query: str, select: str) -> None:
    turned = select_described(query, BASE)
    assert turned is not None
    assert select in " ".join(turned.split())


@pytest.mark.parametrize(
    "query",
    ["SELECT * { ?describe ?p ?o }", "DESCRIBE <x> FROM <g>", "CONSTRUCT { ?s ?p 'DESCRIBE' } {}"],
)
def test_another_query_and_one_with_its_own_dataset_are_left_alone(query: str) -> None:
    assert select_described(query, BASE) is None
