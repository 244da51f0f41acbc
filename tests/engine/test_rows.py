"""Rows are counted exactly as they are written, whatever stands in them, however they are cut."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, QueryResultsFormat, Store

from triplomacy.engine.oxigraph import OxigraphEngine
from triplomacy.engine.protocol import Query
from triplomacy.engine.rows import Counted, counter
from triplomacy.errors import ResultTooLarge
from triplomacy.formats import RESULTS_FORMATS, RESULTS_JSON, TURTLE, Format
from triplomacy.web.negotiation import Accept

AWKWARD = st.text('"\\{},[]:\n\r\t<>/result a', max_size=12)


class Kept:
    """A sink that keeps what it takes."""

    def __init__(self) -> None:
        self.body = b""

    def begin(self, format: Format) -> None: ...

    def write(self, data: bytes) -> int:
        self.body += data
        return len(data)


@settings(max_examples=200, deadline=None)
@given(st.lists(AWKWARD, min_size=1, max_size=6, unique=True), st.integers(1, 9), st.booleans())
def test_rows_are_counted_exactly_in_every_format(texts: list[str], size: int, bare: bool) -> None:
    store = Store()
    for text in texts:
        store.add(Quad(NamedNode("http://x/s"), NamedNode("http://x/p"), Literal(text)))
    query = "SELECT ?o ?none ?s { ?s ?p ?o }"
    if bare:  # rows without any value
        query = "SELECT * { " + " UNION ".join("{}" for _ in texts) + " }"
    for format in RESULTS_FORMATS:
        written = store.query(query).serialize(None, format.results)  # type: ignore[union-attr]
        assert written is not None
        count = counter(format)
        counts = [count(written[i : i + size]) for i in range(0, len(written), size)]
        # In JSON a row without any value is two characters that a text may contain, too.
        expected = 1 if bare and format == RESULTS_JSON else len(texts)
        assert counts[-1] == expected, written
        assert counts == sorted(counts)


@pytest.mark.parametrize("format", RESULTS_FORMATS, ids=lambda f: f.suffix)
def test_rows_up_to_the_limit_pass_unchanged_and_one_more_does_not(format: Format) -> None:
    whole = Store().query("SELECT * { VALUES ?x { 1 2 3 } }").serialize(None, format.results)  # type: ignore[union-attr]
    assert whole is not None
    for limit, enough in ((3, True), (2, False)):
        kept = Kept()
        sink = Counted(kept, limit)
        sink.begin(format)
        if enough:
            sink.write(whole)
            assert kept.body == whole
        else:
            with pytest.raises(ResultTooLarge, match="more than 2 rows"):
                sink.write(whole)
            assert kept.body == b""


def test_a_result_without_rows_and_a_truth_value_pass() -> None:
    engine = OxigraphEngine(Store())
    for text in ("ASK {}", "SELECT * { ?s ?p ?o }"):
        for format in RESULTS_FORMATS:
            kept = Kept()
            rows = engine.answer_to(Query(text), Accept(None, format.suffix), kept, rows=1)
            assert rows == 0
            assert kept.body == engine.answer(Query(text), Accept(None, format.suffix)).body


def test_triples_of_a_graph_are_counted_too() -> None:
    store = Store()
    for number in range(3):
        store.add(Quad(NamedNode("http://x/s"), NamedNode("http://x/p"), Literal(number)))
    engine, query = OxigraphEngine(store), Query("CONSTRUCT WHERE { ?s ?p ?o }")
    assert engine.answer_to(query, Accept(None, TURTLE.suffix), Kept(), rows=3) == 3
    with pytest.raises(ResultTooLarge, match="more than 2 triples"):
        engine.answer_to(query, Accept(None, TURTLE.suffix), Kept(), rows=2)


@pytest.mark.parametrize("format", RESULTS_FORMATS, ids=lambda f: f.suffix)
def test_an_answer_says_how_many_rows_it_has(format: Format) -> None:
    values = "SELECT * { VALUES ?x { 'a' 'b' 'c,\"},{\"d' } }"
    answer = OxigraphEngine(Store()).answer(Query(values), Accept(None, format.suffix))
    assert answer.rows == 3


def test_the_formats_of_results_are_those_that_can_be_counted() -> None:
    known = {QueryResultsFormat.JSON, QueryResultsFormat.XML, QueryResultsFormat.CSV}
    assert {f.results for f in RESULTS_FORMATS} == known | {QueryResultsFormat.TSV}
