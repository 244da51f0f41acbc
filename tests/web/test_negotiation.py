"""Negotiation chooses as RFC 9110 §12.5.1 says; the tables are the specification."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplomacy.errors import NotAcceptable
from triplomacy.formats import (
    DOCUMENT_FORMATS,
    HTML,
    JSON_LD,
    N_QUADS,
    N_TRIPLES,
    RDF_FORMATS,
    RDF_XML,
    RESULTS_CSV,
    RESULTS_FORMATS,
    RESULTS_JSON,
    RESULTS_TSV,
    RESULTS_XML,
    TRIG,
    TURTLE,
    Format,
)
from triplomacy.web.negotiation import Accept, PageOr, split_suffix

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        (None, HTML),
        ("", HTML),
        ("  ", HTML),
        ("*/*", HTML),
        (BROWSER, HTML),
        ("application/xhtml+xml", HTML),
        ("text/turtle", TURTLE),
        ("TEXT/Turtle", TURTLE),
        ("text/turtle; charset=utf-8", TURTLE),
        ("application/n-triples", N_TRIPLES),
        ("application/n-quads", N_QUADS),
        ("application/trig", TRIG),
        ("application/rdf+xml", RDF_XML),
        ("application/ld+json", JSON_LD),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', JSON_LD),
        # q-values
        ("text/turtle;q=0.5, application/ld+json", JSON_LD),
        ("text/turtle;q=0.5, application/ld+json;q=0.4", TURTLE),
        ("text/turtle;q=0.001, image/png", TURTLE),
        ("text/turtle ; q=0.2 , application/trig ; q=0.3", TRIG),
        # q=0 is a refusal, also of what a range accepts
        ("text/html;q=0, */*", TURTLE),
        ("text/html;q=0, text/turtle;q=0, */*;q=0.1", N_TRIPLES),
        ("text/*, text/html;q=0", TURTLE),
        # a range means what stands first, and the more specific one wins
        ("text/*", HTML),
        ("application/*", N_TRIPLES),
        ("text/*;q=0.9, text/turtle;q=0.1, application/*;q=0.5", HTML),
        ("*/*;q=0.1, text/turtle;q=0.2", TURTLE),
        # aliases are a courtesy to who names them
        ("application/json", JSON_LD),
        ("text/plain", N_TRIPLES),
        ("application/xml", RDF_XML),
        ("application/x-turtle", TURTLE),
        # of equals, the first; but by its own name before by an alias
        ("application/trig, text/turtle", TURTLE),
        ("application/json, application/trig", TRIG),
        # what is unknown does no harm
        ("image/png, text/turtle;q=0.1", TURTLE),
        ("application/n-triples, application/ld+json;q=0.9, application/rdf+xml;q=0.8, */*;q=0.1",
         N_TRIPLES),
        # malformed, the rest counts
        (";;;, text/turtle", TURTLE),
        ("text/turtle;q=", TURTLE),
        (",,text/turtle,,", TURTLE),
    ],
)  # fmt: skip
def test_the_best_of_a_document_s_formats_is_chosen(header: str | None, chosen: Format) -> None:
    assert Accept(header).choose(DOCUMENT_FORMATS) is chosen


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        (None, RESULTS_JSON),
        ("*/*", RESULTS_JSON),
        ("application/sparql-results+json", RESULTS_JSON),
        ("application/json", RESULTS_JSON),
        ("application/sparql-results+xml", RESULTS_XML),
        ("application/xml", RESULTS_XML),
        ("text/csv", RESULTS_CSV),
        ("text/tab-separated-values", RESULTS_TSV),
        ("text/*", RESULTS_CSV),
        ("text/csv;q=0.8, text/tab-separated-values;q=0.9", RESULTS_TSV),
        ("application/sparql-results+json;q=0, */*;q=0.5", RESULTS_XML),
        ("text/turtle, application/sparql-results+xml;q=0.1", RESULTS_XML),
        # as SPARQLWrapper and Jena send it
        ("application/sparql-results+json,application/json,text/javascript,application/javascript",
         RESULTS_JSON),
        ("application/sparql-results+json, application/sparql-results+xml;q=0.9, "
         "text/tab-separated-values;q=0.7, text/csv;q=0.5, application/json;q=0.2, "
         "application/xml;q=0.2, */*;q=0.1", RESULTS_JSON),
    ],
)  # fmt: skip
def test_the_best_of_the_formats_of_results_is_chosen(header: str | None, chosen: Format) -> None:
    assert Accept(header).choose(RESULTS_FORMATS) is chosen


@pytest.mark.parametrize(
    "header",
    [
        *("image/png", "text/csv", "text/turtle;q=0", "*/*;q=0", "application/*;q=0"),
        *("text", "/", "turtle", "text/turtle;q=high", "text/turtle'\"; DROP"),
    ],
)
def test_what_is_not_there_is_not_acceptable_and_the_answer_lists_what_is(header: str) -> None:
    with pytest.raises(NotAcceptable) as caught:
        Accept(header).choose(RDF_FORMATS)
    for format in RDF_FORMATS:
        assert format.media_type in caught.value.detail


@pytest.mark.parametrize("format", [*RDF_FORMATS, *RESULTS_FORMATS], ids=lambda f: f.suffix)
def test_a_fixed_format_wins_over_the_header(format: Format) -> None:
    offered = RDF_FORMATS if format in RDF_FORMATS else RESULTS_FORMATS
    for word in (format.suffix, format.suffix.upper(), format.name, *format.media_types):
        assert Accept(BROWSER, word).choose(offered) is format


def test_json_and_xml_mean_those_of_the_kind_of_result() -> None:
    assert Accept(None, "json").choose(RESULTS_FORMATS) is RESULTS_JSON
    assert Accept(None, "json").choose(RDF_FORMATS) is JSON_LD
    assert Accept(None, "xml").choose(RESULTS_FORMATS) is RESULTS_XML
    assert Accept(None, "xml").choose(RDF_FORMATS) is RDF_XML


def test_an_unknown_fixed_format_is_not_acceptable() -> None:
    with pytest.raises(NotAcceptable, match="docx"):
        Accept(None, "docx").choose(RDF_FORMATS)


@given(st.text(max_size=80))
def test_any_header_is_a_choice_or_not_acceptable(header: str) -> None:
    with contextlib.suppress(NotAcceptable):
        assert Accept(header).choose(DOCUMENT_FORMATS) in DOCUMENT_FORMATS


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("doc/event/call.ttl", ("doc/event/call", "ttl")),
        ("doc/event/call.v2.jsonld", ("doc/event/call.v2", "jsonld")),
        ("doc/event/call.v2", ("doc/event/call.v2", None)),
        ("doc/event/.ttl", ("doc/event/.ttl", None)),
        ("doc/event/call", ("doc/event/call", None)),
    ],
)
def test_a_suffix_is_split_off_only_if_it_names_a_format(
    path: str, parts: tuple[str, str | None]
) -> None:
    assert split_suffix(path) == parts


@pytest.mark.parametrize(
    ("header", "offered", "made", "got"),
    [
        (BROWSER, RESULTS_FORMATS, RESULTS_JSON, HTML),
        (BROWSER, RDF_FORMATS, TURTLE, HTML),
        ("*/*", RESULTS_FORMATS, RESULTS_JSON, RESULTS_JSON),
        (None, RDF_FORMATS, TURTLE, TURTLE),
        ("text/csv, text/html;q=0.9", RESULTS_FORMATS, RESULTS_CSV, RESULTS_CSV),
        ("text/csv, text/html;q=0.9", RDF_FORMATS, TURTLE, HTML),
    ],
)
def test_a_page_is_made_from_the_first_format_and_comes_only_where_it_is_preferred(
    header: str | None, offered: tuple[Format, ...], made: Format, got: Format
) -> None:
    wanted = PageOr(Accept(header))
    assert wanted.choose(offered) is made
    assert wanted.chosen(offered) is got
