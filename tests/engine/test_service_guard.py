"""No query makes this server call another one, however it is written.

Each query runs through the guard and, where that lets it pass, through the real engine against a
listener on this machine, which must never hear from it.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, QueryBoolean, Store

from tests.waiting import until
from triplomacy.engine.oxigraph import OxigraphEngine
from triplomacy.engine.protocol import Query
from triplomacy.engine.service_guard import refuse_service
from triplomacy.errors import Forbidden, QuerySyntaxError, TriplomacyError
from triplomacy.web.negotiation import Accept

_OUR_HOST = "127.0.0.2"  # no query calls from there


@dataclass
class Listener:
    """A server that counts who connects to it, and hangs up."""

    socket: socket.socket
    _others: int = 0
    _ours: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.socket.getsockname()[1]}/"

    @property
    def calls(self) -> int:
        """How many have connected until now: those who came before us, who are taken in order."""
        before = self._ours
        with socket.create_connection(self.socket.getsockname(), source_address=(_OUR_HOST, 0)):
            until(lambda: self._ours > before)
        return self._others

    def listen(self) -> None:
        while True:
            try:
                connection, (host, _) = self.socket.accept()
            except OSError:
                return
            connection.close()
            if host == _OUR_HOST:
                self._ours += 1
            else:
                self._others += 1


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(64)
        heard = Listener(server)
        threading.Thread(target=heard.listen, daemon=True).start()
        yield heard


@pytest.fixture(scope="module")
def store() -> Store:
    held = Store()
    for graph in (NamedNode("http://e/g"), None):
        quad = (NamedNode("http://e/s"), NamedNode("http://e/p"), Literal("o"))
        held.add(Quad(*quad, graph) if graph else Quad(*quad))
    return held


def run_unguarded(store: Store, query: str) -> None:
    try:
        result = store.query(query)
        if not isinstance(result, QueryBoolean):
            list(result)
    except (OSError, RuntimeError, SyntaxError, ValueError):
        pass


# `URL` stands for the listener. Each of these reaches it in an engine without a guard.
REACH = [
    "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { service <URL> { ?s ?p ?o } }",
    "SELECT * { sErViCe<URL>{} }",
    "SELECT * { SERVICE SILENT <URL> { ?s ?p ?o } }",
    "SELECT * { SERVICE\n#comment\n<URL>{} }",
    "ASK { SERVICE SILENT <URL> { ?s ?p ?o } }",
    "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <URL> { ?s ?p ?o } }",
    "DESCRIBE ?s { SERVICE <URL> { ?s ?p ?o } }",
    "PREFIX e: <http://e/> DESCRIBE e:o\\'c ?s { SERVICE <URL> { ?s ?p ?o } }",
    "DESCRIBE <http://e/x> ?s #'\n{ SERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { { SELECT * { SERVICE <URL> { ?s ?p ?o } } } }",
    "SELECT * { OPTIONAL { SERVICE <URL> { ?s ?p ?o } } }",
    "SELECT * { {} UNION { SERVICE <URL> { ?s ?p ?o } } }",
    "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE <URL> { ?s ?p ?o } } }",
    "SELECT (EXISTS { SERVICE <URL> { ?s ?p ?o } } AS ?x) {}",
    "SELECT * { GRAPH ?g { SERVICE <URL> { ?s ?p ?o } } }",
    # The parser needs no space around a keyword.
    "PREFIX : <URL> SELECT * { FILTER(true)SERVICE:x{} }",
    "PREFIX : <URL> SELECT * { ?s ?p ?o.SERVICE:x{} }",
    "PREFIX : <URL> PREFIX SERVICE: <URL> SELECT * { ?s ?p ?o . SERVICE:x{} }",
    "PREFIX : <URL> PREFIX Xervice: <URL> SELECT * { ?s ?p ?o . SERVICE:x{} }",
    "SELECT * { {}SERVICE<URL>{} }",
    # An operator or an IRI?
    "SELECT * { ?s ?p ?o FILTER(?s<?o||true)SERVICE#>\n<URL>{} }",
    "SELECT * { ?s ?p ?o FILTER(?s<?o||'>'!='')SERVICE<URL>{} }",
    # A comment, or in an IRI or a string?
    "SELECT * { FILTER(<http://e/#'>!='')SERVICE<URL>{} # '\n}",
    "SELECT * { FILTER('#'!='')SERVICE<URL>{} }",
    "SELECT * { #'\nSERVICE<URL>{} #'\n}",
    "SELECT * { #\rSERVICE<URL>{} }",
    # Three quotes begin a long string, unless an escape in it is none.
    "SELECT * { VALUES (?a ?b) {('''A')} SERVICE <URL> { ?s ?p ?o } #\\q'''\n}",
    'SELECT * { VALUES (?a ?b) {("""A")} SERVICE <URL> { ?s ?p ?o } #\\q"""\n}',
    "SELECT * { FILTER('\\'' != '')SERVICE<URL>{} # '\n}",
    "SELECT * { FILTER('\\\\' != '')SERVICE<URL>{} # '\n}",
    # An escaped sign in a local name opens nothing.
    "PREFIX e: <http://e/> SELECT * { FILTER(e:\\' != '')SERVICE<URL>{} # '\n}",
    "PREFIX e: <http://e/> SELECT * { FILTER(e:a\\# != '')SERVICE<URL>{} }",
    "PREFIX e: <http://e/> SELECT * { OPTIONAL { ?s e:o\\'clock ?o } SERVICE<URL>{} # '\n}",
]

# Each of these mentions the word, and no clause.
MENTION = [
    "SELECT ?service { ?service ?p ?o }",
    "SELECT $SERVICE { $SERVICE ?p ?o }",
    "SELECT * { ?s ?p 'SERVICE <URL> {}' }",
    'SELECT * { ?s ?p """\nSERVICE <URL> {}\n""" }',
    "SELECT * { ?s ?p 'it\\'s SERVICE <URL> {}' }",
    "SELECT * { ?s ?p ?o } # SERVICE <URL> {}",
    "SELECT * { ?s ?p <URL?SERVICE> }",
    "SELECT * { ?s ?p <http://e/#service> }",
    "PREFIX service: <URL> SELECT * { service:SERVICE service: ?o }",
    "PREFIX e: <URL> SELECT * { e:service.SERVICE e:a-service ?o }",
    "SELECT * { _:service ?p ?o }",
    "SELECT * { ?s ?p 'x'@service , 'x'@en-service }",
    "SELECT * { ?s ?p ?o FILTER(?s<?o) } # SERVICE>",
    "PREFIX e: <http://e/> DESCRIBE e:o\\'c ?s { ?s ?p '} SERVICE <URL> {} #' }",
    "BASE <http://e/> SELECT * { <service> <#SERVICE> <?service> }",
]

# Each of these is no query that the engine runs.
NONSENSE = [
    "SELECT * { \\u0053ERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { \\U00000053ERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { \u017fERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { ＳＥＲＶＩＣＥ <URL> { ?s ?p ?o } }",
    "SELECT * { SER\u00adVICE <URL> { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?oSERVICE <URL> {} }",
    "SELECT * { SERVICE<URL>{ }",
    "SERVICE <URL> {}",
    "SELECT * { SERVICE <URL> }",
    "SELECT * { VALUES ?e { <URL> } SERVICE ?e { ?s ?p ?o } }",
    "INSERT DATA { <URL> <URL> 'SERVICE' }",
]


@pytest.mark.parametrize("query", REACH)
def test_every_service_clause_is_refused_before_it_runs(
    query: str, store: Store, listener: Listener
) -> None:
    query = query.replace("URL", listener.url)
    before = listener.calls
    run_unguarded(store, query)
    assert listener.calls > before, "the test itself: this query calls nobody"
    before = listener.calls
    with pytest.raises(Forbidden, match="SERVICE"):
        OxigraphEngine(store).answer(Query(query, base="http://e/"), Accept(None))
    assert listener.calls == before


@pytest.mark.parametrize("query", MENTION)
def test_a_query_that_only_mentions_the_word_runs(
    query: str, store: Store, listener: Listener
) -> None:
    query = query.replace("URL", listener.url)
    before = listener.calls
    OxigraphEngine(store).answer(Query(query, base="http://e/"), Accept(None))
    assert listener.calls == before


@pytest.mark.parametrize("query", NONSENSE)
def test_what_is_not_spelt_as_the_parser_wants_it_does_not_run(
    query: str, store: Store, listener: Listener
) -> None:
    query = query.replace("URL", listener.url)
    before = listener.calls
    run_unguarded(store, query)
    with pytest.raises((Forbidden, QuerySyntaxError)):
        OxigraphEngine(store).answer(Query(query, base="http://e/"), Accept(None))
    assert listener.calls == before


def test_a_syntax_error_beside_the_word_is_a_syntax_error() -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        refuse_service("SELECT ?service {\n  ?service foaf:name ?o }")
    assert (caught.value.line, caught.value.column) == (2, 12)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM <URL> { ?s ?p ?o }",
        "SELECT * FROM NAMED <URL> { GRAPH ?g { ?s ?p ?o } }",
        "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
        "ASK FROM <URL> { ?s ?p ?o }",
    ],
)
def test_from_never_fetches_what_it_names_and_gives_an_empty_graph(
    query: str, store: Store, listener: Listener
) -> None:
    query = query.replace("URL", listener.url)
    before = listener.calls
    body = OxigraphEngine(store).answer(Query(query), Accept("text/csv")).body
    assert listener.calls == before
    assert body.count(b"\n") == 1 or body == b"false"


FRAGMENTS = st.sampled_from(
    [
        *("SERVICE", "service", "SeRvIcE", "SILENT", "<URL>", "<URL", ">", "<", "{", "}", "{}"),
        *("{ ?s ?p ?o }", "?s", "?p", "?a<?b", "(", ")", "FILTER(", "true", "1", ".", ";", ","),
        *("'", '"', "'''", '"""', "\\", "\\q", "\\'", "\\u0053", "#", "#\n", "\n", "\r", " ", "\t"),
        *("e:", "e:x", "e:o\\'c", ":x", "SERVICE:", "_:b", "@en", "^^e:x", "<<", ">>"),
        *("<http://e/#", "<http://e/#'>"),
        *("VALUES ?e { <URL> }", "?e", "UNION", "OPTIONAL", "EXISTS", "SELECT * {", "GRAPH ?g"),
        *("BIND(", " AS ?x)", "||", "&&", "=", "('", "')", "} SERVICE <URL> {", "SERVICE:x{}"),
    ]
)

HEADS = st.sampled_from(
    [
        *("SELECT * {", "ASK {", "CONSTRUCT WHERE {", "SELECT (EXISTS {", "DESCRIBE ?s {"),
        *("DESCRIBE e:o\\'c ?s {", "DESCRIBE <http://e/#'> ?s WHERE {", "DESCRIBE e:x #'\n {"),
    ]
)


@settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))
@given(head=HEADS, parts=st.lists(FRAGMENTS, max_size=14), close=st.booleans())
@example(
    head="SELECT * {", parts=["VALUES (?a ?b) {('''A')}", "SERVICE<URL>{}", "#\\q'''\n"], close=True
)
def test_no_mixture_of_fragments_gets_past_the_guard(
    head: str, parts: list[str], close: bool, store: Store, listener: Listener
) -> None:
    body = "".join(parts).replace("URL", listener.url)
    prologue = f"PREFIX e: <http://e/> PREFIX : <{listener.url}> "
    query = f"{prologue}{head} {body}" + (" }" if close else "")
    before = listener.calls
    try:
        OxigraphEngine(store).answer(Query(query, base=listener.url), Accept(None))
    except TriplomacyError as error:
        assert error.status < 500, error.detail
    assert listener.calls == before, query
