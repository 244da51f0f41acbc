"""The protocol's requests are read from bytes: what is asked, or an error that is the client's."""

from __future__ import annotations

from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplomacy.engine.protocol import Query
from triplomacy.errors import (
    BadRequest,
    Forbidden,
    TriplomacyError,
    UnsupportedMediaType,
)
from triplomacy.web.form import FORM
from triplomacy.web.sparql_request import QUERY, SparqlRequest, read_get, read_post

BASE = "https://example.org/"


def get(**fields: str) -> SparqlRequest:
    return read_get(urlencode(fields).encode(), BASE)


def test_a_query_by_get_is_decoded_once() -> None:
    text = "ASK { ?s ?p '%20+%2B é' }"
    assert get(query=text).query == Query(text, None, None, BASE)


def test_a_query_by_form_is_decoded_once() -> None:
    body = b"query=" + quote("ASK { ?s ?p '%20' }").encode()
    query = read_post(b"", FORM, body, BASE).query
    assert query is not None
    assert query.text == "ASK { ?s ?p '%20' }"


def test_a_query_as_the_body_is_not_percent_decoded() -> None:
    query = read_post(b"", QUERY, "ASK { ?s ?p '%20+é' }".encode(), BASE).query
    assert query is not None
    assert query.text == "ASK { ?s ?p '%20+é' }"


def test_a_byte_order_mark_is_no_part_of_a_query() -> None:
    query = read_post(b"", QUERY, "\ufeffASK {}".encode(), BASE).query
    assert query is not None
    assert query.text == "ASK {}"


def test_the_dataset_comes_from_the_url_and_from_the_form() -> None:
    url = b"default-graph-uri=http%3A%2F%2Fe%2F1"
    body = b"query=ASK%7B%7D&default-graph-uri=http://e/2&named-graph-uri=http://e/3"
    query = read_post(url, FORM, body, BASE).query
    assert query is not None
    assert query.default_graphs == ("http://e/1", "http://e/2")
    assert query.named_graphs == ("http://e/3",)


def test_one_kind_of_graph_alone_leaves_the_other_kind_empty() -> None:
    query = get(query="ASK {}", **{"named-graph-uri": "http://e/1"}).query
    assert query is not None
    assert (query.default_graphs, query.named_graphs) == ((), ("http://e/1",))


def test_format_and_output_fix_the_format() -> None:
    assert get(query="ASK {}", format="csv").format == "csv"
    assert get(query="ASK {}", output="xml").format == "xml"
    assert get(query="ASK {}", format="", output="xml").format is None


@pytest.mark.parametrize(("text", "seconds"), [("5", 5), ("0.5", 0.5), ("007", 7), ("", None)])
def test_timeout_is_a_number_of_seconds(text: str, seconds: float | None) -> None:
    assert get(query="ASK {}", timeout=text).seconds == seconds
    assert read_post(b"timeout=" + text.encode(), QUERY, b"ASK {}", BASE).seconds == seconds


@pytest.mark.parametrize(
    "text", ["0", "0.0", "-1", "+1", "1e9", "nan", "inf", "1s", "1.", ".5", "٣", " 1", "1" * 10]
)
def test_a_timeout_that_is_none_is_a_bad_request(text: str) -> None:
    with pytest.raises(BadRequest, match="is not a number of seconds"):
        get(query="ASK {}", timeout=text)
    with pytest.raises(BadRequest):
        read_get(b"query=ASK%20%7B%7D&timeout=1&timeout=2", BASE)


def test_get_without_a_query_has_none() -> None:
    assert get().query is None
    assert get(query=" \n").query is None


@pytest.mark.parametrize(
    "content_type",
    [
        "application/sparql-query; charset=utf-8",
        'application/sparql-query; charset="UTF-8"',
        "Application/SPARQL-Query",
        "application/sparql-query;charset=US-ASCII",
    ],
)
def test_parameters_and_case_of_the_media_type_are_understood(content_type: str) -> None:
    assert read_post(b"", content_type, b"ASK {}", BASE).query is not None


@pytest.mark.parametrize(
    "content_type",
    [
        *("", "text/plain", "multipart/form-data; boundary=x", "application/json", "nonsense"),
        *("application/sparql-query; charset=utf-16", FORM + "; charset=latin-1"),
    ],
)
def test_other_bodies_are_unsupported_media_types(content_type: str) -> None:
    with pytest.raises(UnsupportedMediaType):
        read_post(b"", content_type, b"ASK {}", BASE)


@pytest.mark.parametrize(
    ("url", "content_type", "body"),
    [
        (b"", FORM, b""),
        (b"", FORM, b"query="),
        (b"", FORM, b"query=ASK%7B%7D&query=ASK%7B%7D"),
        (b"query=ASK%7B%7D", FORM, b"query=ASK%7B%7D"),
        (b"query=ASK%7B%7D", FORM, b""),
        (b"query=ASK%7B%7D", QUERY, b"ASK {}"),
        (b"", FORM, b"query=%FF"),
        (b"", FORM, b"query=\xff"),
        (b"", QUERY, b"ASK { ?s ?p '\xff' }"),
        (b"", QUERY, "ASK {}".encode("utf-16")),
        (b"", FORM, b"&".join([b"a=b"] * 2000)),
    ],
)
def test_what_the_protocol_does_not_allow_is_a_bad_request(
    url: bytes, content_type: str, body: bytes
) -> None:
    with pytest.raises(BadRequest):
        request = read_post(url, content_type, body, BASE)
        assert request.query is not None, "the route refuses this"
        pytest.fail(f"was read as {request}")


@pytest.mark.parametrize("query", [b"query=ASK%7B%7D&query=ASK%7B%7D", b"query=%FF", b"query=\xff"])
def test_the_same_by_get_is_a_bad_request(query: bytes) -> None:
    with pytest.raises(BadRequest):
        read_get(query, BASE)


def test_updates_are_refused_as_read_only() -> None:
    with pytest.raises(Forbidden, match="read-only"):
        read_get(b"update=CLEAR%20ALL", BASE)
    with pytest.raises(Forbidden, match="read-only"):
        read_post(b"", FORM, b"update=CLEAR%20ALL", BASE)
    with pytest.raises(Forbidden, match="read-only"):
        read_post(b"", "application/sparql-update", b"CLEAR ALL", BASE)


@given(
    url=st.binary(max_size=60) | st.just(b"query=ASK{}"),
    content_type=st.sampled_from(["", FORM, QUERY, FORM + ";charset=\ud800", QUERY + "; charset="])
    | st.text(max_size=40),
    body=st.binary(max_size=80) | st.text(max_size=40).map(lambda t: b"query=" + quote(t).encode()),
)
def test_any_bytes_are_a_request_or_the_client_s_error(
    url: bytes, content_type: str, body: bytes
) -> None:
    for read in (lambda: read_get(url, BASE), lambda: read_post(url, content_type, body, BASE)):
        try:
            assert isinstance(read(), SparqlRequest)
        except TriplomacyError as error:
            assert 400 <= error.status < 500
