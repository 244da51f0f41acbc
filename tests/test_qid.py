"""What people write in the place of a number is told with what they meant."""

from __future__ import annotations

import pytest

from triplomacy.errors import BadRequest
from triplomacy.qid import id_of, is_qid, item_iri, meant, qid

MEANT = [
    ("q7747", "Q7747"),
    ("Q07", "Q7"),
    (" Q7747 ", "Q7747"),
    ("wd:Q7747", "Q7747"),
    ("https://www.wikidata.org/wiki/Q7747", "Q7747"),
    ("http://www.wikidata.org/wiki/Q7747#sitelinks-wikipedia", "Q7747"),
    ("https://www.wikidata.org/wiki/Q7747?uselang=de", "Q7747"),
    ("https://m.wikidata.org/wiki/Q7747", "Q7747"),
    ("https://wikidata.org/entity/Q7747", "Q7747"),
    ("https://www.wikidata.org/entity/Q7747", "Q7747"),
    ("//www.wikidata.org/entity/Q7747/", "Q7747"),
    ("https://www.wikidata.org/wiki/Special:EntityData/Q7747.json", "Q7747"),
    ("https://www.wikidata.org/wiki/Special:EntityPage/Q7747", "Q7747"),
]


@pytest.mark.parametrize(("text", "id"), MEANT)
def test_the_number_that_was_meant_is_offered(text: str, id: str) -> None:
    assert meant(text) == id
    with pytest.raises(BadRequest) as caught:
        qid(text)
    assert f"write {id}" in caught.value.remedy
    assert caught.value.status == 400


@pytest.mark.parametrize("text", ["Q7747", "Q1", "Q900000001"])
def test_a_number_is_taken_as_it_is(text: str) -> None:
    assert qid(text) == text
    assert id_of(item_iri(text)) == text


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("P39", "P39 is a property"),
        ("https://www.wikidata.org/wiki/Property:P39", "P39 is a property"),
        ("l7", "L7 is a lexeme"),
        ("https://en.wikipedia.org/wiki/Vladimir_Putin", "a page of Wikipedia"),
        ("Putin", "look the item up"),
        ("", "look the item up"),
        ("Q", "look the item up"),
        ("Q0", "look the item up"),
        ("Q-1", "look the item up"),
        ("Q٧", "look the item up"),
        ("Q7747 Q30", "look the item up"),
        ("https://evil.example/entity/Q7747", "look the item up"),
        ("https://www.wikidata.org.evil.example/wiki/Q7747", "look the item up"),
        ("Q" + "9" * 10_000, "look the item up"),
        ("https://www.wikidata.org/wiki/" + "Special:EntityData/" * 10_000, "look the item up"),
    ],
)
def test_nothing_is_offered_where_nothing_was_meant(text: str, remedy: str) -> None:
    assert not is_qid(text)
    assert meant(text) is None
    with pytest.raises(BadRequest) as caught:
        qid(text)
    assert remedy in caught.value.remedy
    assert len(caught.value.detail) < 200


@pytest.mark.parametrize(
    "iri",
    ["https://www.wikidata.org/entity/Q7747", "http://www.wikidata.org/entity/q7747",
     "http://www.wikidata.org/entity/P39", "http://www.wikidata.org/wiki/Q7747", "Q7747"],
)  # fmt: skip
def test_only_the_iri_of_wikidatas_own_data_is_that_of_an_item(iri: str) -> None:
    assert id_of(iri) is None
