"""Every IRI under the base has one address, and the other way round."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplomacy.iris import (
    Address,
    Base,
    as_uri,
    document_path,
    is_base_iri,
    is_iri,
    local_name,
    spellings,
    thing_path,
)

BASE = Base("https://w3id.org/triplomacy/")
HERE = Address(BASE, "http://127.0.0.1:8000/")
SLUG = st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters="/"), min_size=1)


@given(st.text())
def test_a_path_below_the_base_comes_back(path: str) -> None:
    assert BASE.path_of(BASE.under(path)) == path


@pytest.mark.parametrize(
    "iri",
    ["https://w3id.org/triplomacy", "https://w3id.org/other/", "http://w3id.org/triplomacy/", ""],
)
def test_what_is_not_below_the_base_has_no_path(iri: str) -> None:
    assert BASE.path_of(iri) is None


@pytest.mark.parametrize(
    ("path", "graph"),
    [
        ("data/links.ttl", "links"),
        ("data/sources/article.ttl", "sources/article"),
        ("ontology/role.ttl", "ontology/role"),
        ("data/a b/ü.ttl", "a%20b/%C3%BC"),
        ("data/v1.2.ttl", "v1.2"),
        ("data/a#b?.ttl", "a%23b%3F"),
    ],
)
def test_a_file_holds_the_graph_that_its_path_names(path: str, graph: str) -> None:
    iri = BASE.graph_of(PurePosixPath(path))
    assert iri == f"{BASE}graph/{graph}"
    assert is_iri(iri)


@given(st.text())
def test_an_address_is_a_uri_and_encoding_twice_changes_nothing(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    uri = as_uri(text)
    assert uri.isascii()
    assert as_uri(uri) == uri


def test_links_lead_here_for_iris_under_the_base_and_elsewhere_for_others() -> None:
    assert (
        HERE.link(BASE.under("id/place/Besançon")) == "http://127.0.0.1:8000/id/place/Besan%C3%A7on"
    )
    assert HERE.link(BASE.under("ontology#Event")) == "http://127.0.0.1:8000/ontology#Event"
    assert HERE.link("https://é.example/ü?x=%20#y") == "https://%C3%A9.example/%C3%BC?x=%20#y"
    assert HERE.at("sparql") == "http://127.0.0.1:8000/sparql"


@given(st.sampled_from(["id/event/", "id/actor/", "vocab/", "vocab/role/"]), SLUG)
def test_a_thing_and_its_document_name_each_other(head: str, slug: str) -> None:
    document = document_path(head + slug)
    assert document is not None
    assert document.startswith("doc/")
    assert thing_path(document) == head + slug


@pytest.mark.parametrize("path", ["ontology", "graph/links", "dataset", "doc/event/x", "ids/x", ""])
def test_a_document_is_its_own(path: str) -> None:
    assert document_path(path) is None


@pytest.mark.parametrize("path", ["id/event/x", "ontology", "document/x"])
def test_what_is_no_document_is_about_no_thing(path: str) -> None:
    assert thing_path(path) is None


@given(SLUG)
def test_a_path_is_looked_up_in_every_spelling_once(slug: str) -> None:
    found = spellings("id/" + slug)
    assert len(found) == len(set(found))
    assert found[0] == "id/" + slug
    assert as_uri("id/" + slug) in spellings(as_uri("id/" + slug))


def test_a_place_is_found_by_its_name_and_by_its_percent_encoding() -> None:
    assert set(spellings("id/Besan%C3%A7on")) == {"id/Besan%C3%A7on", "id/Besançon"}
    assert set(spellings("id/Besançon")) == {"id/Besan%C3%A7on", "id/Besançon"}


@pytest.mark.parametrize(
    ("iri", "name"),
    [
        ("https://e.example/a/b", "b"),
        ("https://e.example/a#B", "B"),
        ("https://e.example/a/", "a"),
        ("https://e.example/%C3%BC", "ü"),
        ("https://e.example/a#", "a"),
    ],
)
def test_the_last_piece_of_an_iri_stands_for_a_label(iri: str, name: str) -> None:
    assert local_name(iri) == name


@pytest.mark.parametrize(
    ("iri", "fit"),
    [
        ("https://e.example/", True),
        ("http://e.example:80/a/", True),
        ("https://e.example", False),
        ("https:///", False),
        ("https://e.example/\n/", False),
        ("https://[/", False),
        ("mailto:a@e.example/", False),
    ],
)
def test_a_base_is_an_absolute_iri_that_ends_with_a_slash(iri: str, fit: bool) -> None:
    assert is_base_iri(iri) is fit
