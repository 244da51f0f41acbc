"""Identifiers lead to IRIs and back."""

from __future__ import annotations

import pytest

from triplomacy.iris import Base
from triplomacy.reconcile.ids import Ids

BASE = "https://example.org/s/"
PUTIN = f"{BASE}id/actor/putin"
ids = Ids(Base(BASE))


@pytest.mark.parametrize("path", ["id/actor/putin", "vocab/topic/peace", "ontology#Person"])
def test_an_identifier_put_after_the_space_is_the_iri(path: str) -> None:
    iri = BASE + path
    assert ids.space + ids.of(iri) == iri
    assert iri in ids.meant(ids.of(iri))
    assert ids.is_ours(iri)


@pytest.mark.parametrize(
    "text",
    [
        *("id/actor/putin", "actor/putin", PUTIN, f" {PUTIN}\n"),
        *("http://here/id/actor/putin", "http://here/doc/actor/putin", "doc/actor/putin"),
    ],
)
def test_a_thing_is_identified_in_several_ways(text: str) -> None:
    assert PUTIN in ids.meant(text, "http://here/")


@pytest.mark.parametrize("text", ["place/Besan%C3%A7on", "http://here/id/place/Besançon"])
def test_an_escape_does_not_matter(text: str) -> None:
    here = ids.meant(text, "http://here/")
    assert {f"{BASE}id/place/Besan%C3%A7on", f"{BASE}id/place/Besançon"} <= {*here}


def test_the_likeliest_reading_comes_first() -> None:
    assert ids.meant("actor/putin")[0] == f"{BASE}actor/putin"
    assert ids.meant("vocab/topic/peace")[0] == f"{BASE}vocab/topic/peace"


@pytest.mark.parametrize("iri", ["http://elsewhere.example/x", "urn:isbn:1", "https://e.example/"])
def test_an_iri_from_elsewhere_is_that_alone(iri: str) -> None:
    assert ids.meant(iri, "http://here/") == (iri,)


@pytest.mark.parametrize(
    "text",
    [
        *("", "Putin", "Vladimir Putin", "a b/c", "x" * 3_000 + "/y", "http://[bad", "a/<b>"),
        'a/"b"',
        "a/b\\c",
        "a/{b}",
        "a/b\x00",
    ],
)
def test_what_can_be_no_identifier_is_none(text: str) -> None:
    assert ids.meant(text) == ()


def test_an_iri_from_elsewhere_stays_as_it_is() -> None:
    assert ids.of("http://elsewhere.example/x") == "http://elsewhere.example/x"
    assert not ids.is_ours("http://elsewhere.example/x")
    assert not ids.is_ours(BASE)


@pytest.mark.parametrize(
    "text",
    [
        *("Q7747", "q7747", " Q7747 ", "http://www.wikidata.org/entity/Q7747"),
        *("https://www.wikidata.org/wiki/Q7747", "wd:Q7747"),
    ],
)
def test_an_item_of_wikidata_is_known_by_its_number(text: str) -> None:
    assert ids.meant(text) == ("http://www.wikidata.org/entity/Q7747",)


@pytest.mark.parametrize("text", ["", "Q", "Q0", "P39", "7747", "Q7747a", "Queen", "Q" + "9" * 20])
def test_what_is_no_number_of_an_item_is_none(text: str) -> None:
    assert ids.meant(text) == ()


@pytest.mark.parametrize(
    ("iri", "id"),
    [
        (f"{BASE}ontology#Person", "eas:Person"),
        ("http://www.w3.org/2000/01/rdf-schema#label", "rdfs:label"),
        ("https://schema.org/startDate", "schema:startDate"),
        ("http://elsewhere.example/x", "http://elsewhere.example/x"),
        (f"{BASE}ontology#a/b", f"{BASE}ontology#a/b"),
    ],
)
def test_a_term_is_a_prefixed_name_where_it_can_be(iri: str, id: str) -> None:
    assert ids.term(iri) == id
    assert ids.term_iri(id) == iri
    assert ids.term_iri(iri) == iri


@pytest.mark.parametrize("id", ["", "Person", "nope", "eas:a b", "x" * 3_000, "eas:<x>"])
def test_what_can_be_no_term_is_none(id: str) -> None:
    assert ids.term_iri(id) is None
