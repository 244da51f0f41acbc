"""Every SERVICE clause is found, nothing else is touched, and what is unclear is refused."""

from __future__ import annotations

import pytest

from triplomacy.engine.federation.clauses import MOST, clauses, may_call, redirected
from triplomacy.errors import Forbidden, QuerySyntaxError

BASE = "https://site.example/"
ADDRESS = "http://127.0.0.1:9/token"


def named(text: str) -> list[str]:
    return [clause.iri for clause in clauses(text, BASE)]


def run(text: str) -> str:
    return redirected(text, clauses(text, BASE), ADDRESS, BASE)


@pytest.mark.parametrize(
    ("text", "iri"),
    [
        ("SELECT * { SERVICE <http://a/> {} }", "http://a/"),
        ("select*{service<http://a/>{}}", "http://a/"),
        ("SELECT * { SERVICE # a comment\n # and one\r<http://a/> #\n {} }", "http://a/"),
        ("SELECT * { SERVICE SILENT<http://a/>{} }", "http://a/"),
        ("SELECT * { SERVICESILENT<http://a/>{} }", "http://a/"),
        ("PREFIX e: <http://a/> SELECT * { SERVICE e:x.y {} }", "http://a/x.y"),
        ("PREFIX e: <http://a/> SELECT * { SERVICE e:x\\,y {} }", "http://a/x,y"),
        ("PREFIX e: <http://a/> SELECT * { SERVICE e:%41 {} }", "http://a/%41"),
        ("PREFIX : <http://a/> SELECT * { SERVICE:x{} }", "http://a/x"),
        ("PREFIX : <http://a/> SELECT * { SERVICE SILENT:x{} }", "http://a/x"),
        ("PREFIX SERVICE: <http://a/> SELECT * { SERVICE SERVICE:x {} }", "http://a/x"),
        ("PREFIX e: <http://b/> PREFIX e: <http://a/> SELECT * { SERVICE e: {} }", "http://a/"),
        ("PREFIX e: <http://a/> #PREFIX e: <http://b/>\nASK { SERVICE e: {} }", "http://a/"),
        ("PREFIX select: <http://b/> PREFIX e: <http://a/> ASK{ SERVICE e: {} }", "http://a/"),
        ("PREFIX e: <http://ask/select> #ask\n#select\nASK { SERVICE e: {} }", "http://ask/select"),
        ("BASE <http://a/b/> SELECT * { SERVICE <c> {} }", "http://a/b/c"),
        ("BASE <http://a/b/> SELECT * { SERVICE <../c> {} }", "http://a/c"),
        ("BASE <http://a/b/> BASE <c/> SELECT * { SERVICE <> {} }", "http://a/b/c/"),
        ("SELECT * { SERVICE </sparql> {} }", "https://site.example/sparql"),
        ("SELECT * { SERVICE <//evil/> {} }", "https://evil/"),
        ("SELECT * { SERVICE <\\u0068ttp://a/> {} }", "http://a/"),
        ("SELECT * { SERVICE <\\U00000068ttp://a/> {} }", "http://a/"),
        ("SELECT * { SERVICE <http://a@b/> {} }", "http://a@b/"),
        ("SELECT * { SERVICE <HTTP://A/> {} }", "HTTP://A/"),
        ("SELECT * { SERVICE <http://a./> {} }", "http://a./"),
        ("SELECT * { SERVICE <http://%61/> {} }", "http://%61/"),
        ("SELECT * { SERVICE <http://ä/> {} }", "http://ä/"),
        ("SELECT * { SERVICE <file:///etc/passwd> {} }", "file:///etc/passwd"),
        ("SELECT * { { SELECT * { SERVICE <http://a/> {} } } }", "http://a/"),
        ("ASK { ?s ?p ?o FILTER NOT EXISTS { SERVICE <http://a/> {} } }", "http://a/"),
        ("ASK { FILTER(1<2)SERVICE<http://a/>{} FILTER(1>2) }", "http://a/"),
        ("ASK { # SERVICE <http://b/> {}\n SERVICE <http://a/> {} }", "http://a/"),
        ("ASK { ?s ?p 'SERVICE <http://b/> {}' . SERVICE <http://a/> {} }", "http://a/"),
        ("SELECT ?service { ?service ?p ?o . SERVICE <http://a/> {} }", "http://a/"),
        ("SELECT ?service { SERVICE <http://a/> {?service ?p ?o} } GROUP BY ?service", "http://a/"),
    ],
)
def test_a_clause_is_found_with_the_iri_that_the_engine_reads(text: str, iri: str) -> None:
    assert may_call(text)
    assert named(text) == [iri]
    assert f"<{ADDRESS}/0>" in run(text)


def test_nothing_but_the_clauses_is_touched() -> None:
    text = (
        "PREFIX a: <http://a/> # SERVICE a: {}\nSELECT ?service { ?service a:p 'SERVICE a: {}' , "
        "'''SERVICE\n<http://a/> {''' . SERVICE a: { ?s ?p <http://a/> } OPTIONAL { SERVICE "
        "SILENT <http://b/> { ?s ?p 'SERVICE SILENT <http://a/> {}' } } }"
    )
    assert named(text) == ["http://a/", "http://b/"]
    changed = run(text)
    changed = changed.replace(f"SERVICE <{ADDRESS}/0> ", "SERVICE a:")
    changed = changed.replace(f"SERVICE SILENT <{ADDRESS}/1> ", "SERVICE SILENT <http://b/>")
    assert changed == text


def test_nested_clauses_are_found_too() -> None:
    text = "ASK { SERVICE <http://a/> { { SERVICE SILENT <http://b/> {} } } }"
    assert [(c.iri, c.silent) for c in clauses(text)] == [("http://a/", False), ("http://b/", True)]


@pytest.mark.parametrize("variable", ["?e", "$e"])
@pytest.mark.parametrize("bound", ["VALUES ?e { <http://a/> }", "BIND(<http://a/> AS ?e)", ""])
@pytest.mark.parametrize("silent", ["", "SILENT"])
def test_a_clause_of_a_variable_is_refused(variable: str, bound: str, silent: str) -> None:
    with pytest.raises(Forbidden, match="names no service") as caught:
        clauses(f"SELECT * {{ {bound} SERVICE {silent} {variable} {{ ?s ?p ?o }} }}")
    assert "address of the service" in caught.value.remedy


@pytest.mark.parametrize(
    "text",
    [
        "ASK { ?s ?p 1SERVICE<http://a/>{} }",
        "ASK { ?s ?p trueSERVICE<http://a/>{} }",
        "SELECT (1 AS ?SERVICE) (2 AS ?XERVICE) { FILTER(true) } # SERVICE",
        "ASK { #SERVICE\nSERVICE:x {} }".replace("ASK", "PREFIX : <http://a/> ASK"),
    ],
)
def test_what_cannot_be_told_for_sure_is_refused(text: str) -> None:
    with pytest.raises(Forbidden):
        run(text)


def test_a_query_has_only_so_many_clauses() -> None:
    clause = "{ SERVICE <http://a/> {} }"
    assert len(named(f"ASK {{ {clause * MOST} }}")) == MOST
    with pytest.raises(Forbidden, match=f"more than {MOST}"):
        clauses(f"ASK {{ {clause * (MOST + 1)} }}")
    with pytest.raises(Forbidden, match=f"more than {MOST}"):
        clauses(f"ASK {{ {clause} # {clause * 5000}\n }}")


def test_a_query_that_does_not_parse_is_told_where() -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        clauses("ASK {\n SERVICE e: {} }")
    assert caught.value.line == 2


def test_a_clause_that_was_not_found_is_noticed() -> None:
    text = "ASK { SERVICE <http://a/> {} SERVICE <http://b/> {} }"
    found = clauses(text)
    for some in ([], found[:1], found[1:]):
        with pytest.raises(Forbidden, match="not clear which services"):
            redirected(text, some, ADDRESS)


@pytest.mark.parametrize(
    "text",
    [
        "SERVICE" + "#" * 200_000,
        "SERVICE " * 30_000,
        "SERVICE" + "#\n " * 60_000,
        "SERVICE SILENT " * 15_000,
        "SERVICE " + "a" * 200_000,
        "SERVICE " + "a." * 100_000,
        "SERVICE a:" + "\\a" * 100_000,
    ],
)
def test_no_text_makes_the_search_slow(text: str) -> None:
    import time

    start = time.monotonic()
    may_call(text)
    assert time.monotonic() - start < 1
