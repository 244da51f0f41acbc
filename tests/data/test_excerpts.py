"""Every passage is the article's, to the character, and no word of the article is left out."""

import hashlib
import re
from pathlib import Path

import pytest
from rdflib import RDF, XSD, Graph
from rdflib.namespace import PROV

DATA = Path(__file__).parents[2] / "data"
ARTICLE = (DATA / "sources/article.txt").read_bytes().decode("utf-8")
TURTLE = (DATA / "sources/article.ttl").read_text("utf-8")
FACTS = Graph(bind_namespaces="none").parse(data=TURTLE, format="turtle")
EXCERPTS = sorted(
    FACTS.subjects(
        RDF.type, next(o for o in FACTS.objects(None, RDF.type) if o.endswith("#Excerpt"))
    ),
    key=lambda iri: [int(n) for n in iri.rsplit("=", 1)[1].split(",")],
)

each_excerpt = pytest.mark.parametrize("excerpt", EXCERPTS, ids=lambda iri: iri.rsplit("#", 1)[1])


def span(facts, name, excerpt):
    start, end = (facts.value(excerpt, p) for p in (name.eas.startOffset, name.eas.endOffset))
    return start.toPython(), end.toPython()


def test_article_is_the_one_that_was_read(inventory):
    assert hashlib.sha256(ARTICLE.encode()).hexdigest() == inventory["article"]["sha256"]
    assert len(ARTICLE) == inventory["article"]["codePoints"]


def test_text_of_the_article_is_not_in_the_turtle(facts):
    assert not [o for o in facts.objects() if len(o) > 300]


@each_excerpt
def test_offsets_delimit_exactly_the_text(facts, name, excerpt):
    start, end = span(facts, name, excerpt)
    [text] = facts.objects(excerpt, name.eas.exactText)
    assert start < end
    assert ARTICLE[start:end] == str(text)
    assert text.language is None


@each_excerpt
def test_excerpt_is_named_after_its_offsets_and_belongs_to_the_article(facts, name, excerpt):
    start, end = span(facts, name, excerpt)
    assert str(excerpt) == f"{name.source}#char={start},{end}"
    assert list(facts.objects(excerpt, PROV.wasQuotedFrom)) == [name.source]
    for offset in (name.eas.startOffset, name.eas.endOffset):
        assert facts.value(excerpt, offset).datatype == XSD.nonNegativeInteger


@each_excerpt
def test_excerpt_begins_and_ends_with_whole_words(facts, name, excerpt):
    start, end = span(facts, name, excerpt)
    for before, after in ((start - 1, start), (end - 1, end)):
        assert not re.fullmatch(r"\w\w", ARTICLE[max(before, 0) : after + 1])


@each_excerpt
def test_excerpt_bears_out_something(facts, name, excerpt):
    assert set(facts.subjects(name.eas.evidence, excerpt)) | set(
        facts.subjects(name.eas.quote, excerpt)
    )


def test_quotations_stand_between_quotation_marks(facts, name):
    quotes = set(facts.objects(None, name.eas.quote))
    assert len(quotes) == 3
    for quote in quotes:
        start, end = span(facts, name, quote)
        assert ARTICLE[start - 1] == "“"
        assert ARTICLE[end] == "”"


def test_everything_between_quotation_marks_is_a_quotation(facts, name):
    quoted = {match.span(1) for match in re.finditer("“([^”]*)”", ARTICLE)}
    assert {span(facts, name, quote) for quote in facts.objects(None, name.eas.quote)} == quoted


@pytest.mark.parametrize("number", range(1, 24))
def test_sentence_is_evidence_of_something(facts, name, inventory, number):
    sentence = inventory["sentences"][number - 1]
    assert (sentence["start"], sentence["end"]) in {span(facts, name, x) for x in EXCERPTS}


def test_no_letter_of_the_article_is_left_out(facts, name):
    covered = {at for excerpt in EXCERPTS for at in range(*span(facts, name, excerpt))}
    left_out = [
        at for at, character in enumerate(ARTICLE) if character.isalnum() and at not in covered
    ]
    assert left_out == []


COMMENTED = re.findall(
    r"^\s+(?:eas:\w+ )?<#char=(\d+),(\d+)> [,;.] # (S\d+)(?: “(.*)”)?$", TURTLE, re.M
)


def test_comments_beside_evidence_quote_it_exactly(inventory):
    sentences = {s["id"]: s for s in inventory["sentences"]}
    pointers = re.findall(r"^ .*<#char=", TURTLE, re.M)
    assert len(COMMENTED) == len(pointers)
    for start, end, sentence, text in COMMENTED:
        assert ARTICLE[int(start) : int(end)] == (text or sentences[sentence]["text"])
        assert sentences[sentence]["start"] <= int(start) < int(end) <= sentences[sentence]["end"]
