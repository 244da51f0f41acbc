"""The items are in Wikidata's model, about what the site links, and invent no number in silence."""

from __future__ import annotations

import json
import re

import pytest

from tests.conftest import REPOSITORY
from triplomacy.link.stand_in.items import Items, shipped

LINKED = set(re.findall(r"wd:(Q\d+)", (REPOSITORY / "data/links.ttl").read_text("utf-8")))
FIRST_INVENTED = 900_000_001


@pytest.fixture(scope="module")
def items() -> Items:
    return shipped()


def test_every_item_that_the_site_links_is_there_and_no_other_of_wikidata(items: Items) -> None:
    real = {id for id in items.entities if int(id[1:]) < FIRST_INVENTED}
    assert real == LINKED
    assert len(real) == 17


CLASSES = {"Q5", "Q43229", "Q4164871"}
"""The classes of Wikidata that the ontology is close to."""


def test_every_number_in_an_item_is_linked_or_invented(items: Items) -> None:
    """But for the calendar and the globe, which are words of the model, and classes of ours."""
    numbers = set(re.findall(r'"(?:[^"]*/)?(Q\d+)"', json.dumps(items.entities)))
    others = numbers - LINKED - {"Q1985727", "Q2"} - CLASSES
    assert others
    assert all(int(id[1:]) >= FIRST_INVENTED for id in others)
    assert others - set(items.entities) == set()


def test_an_item_has_the_form_that_wikidata_gives_it(items: Items) -> None:
    for id, entity in items.entities.items():
        assert (entity["type"], entity["id"], entity["title"]) == ("item", id, id)
        assert isinstance(entity["lastrevid"], int)
        for kind in ("labels", "descriptions"):
            assert all(t.keys() == {"language", "value"} for t in entity[kind].values())
            assert all(code == t["language"] for code, t in entity[kind].items())
        for property, statements in entity["claims"].items():
            assert property in items.properties
            for statement in statements:
                assert statement["id"].startswith(f"{id}$")
                assert statement["rank"] in ("preferred", "normal", "deprecated")
                snak = statement["mainsnak"]
                assert snak["property"] == property
                assert snak["datatype"] == items.properties[property]["datatype"]
                for name in ("qualifiers-order",):
                    assert list(statement.get("qualifiers", {})) == statement.get(name, [])


def test_no_two_statements_have_one_id(items: Items) -> None:
    ids = [s["id"] for e in items.entities.values() for ss in e["claims"].values() for s in ss]
    assert len(ids) == len(set(ids))


def test_what_was_merged_or_deleted_is_no_item(items: Items) -> None:
    assert items.redirects and items.deleted
    assert not {*items.redirects, *items.deleted} & set(items.entities)
    assert set(items.redirects.values()) <= set(items.entities)


def test_the_offices_that_are_not_linked_have_a_candidate_each(items: Items) -> None:
    labels = {e["labels"]["en"]["value"] for e in items.entities.values()}
    assert {
        "President of Russia", "President of Ukraine", "Federal Minister of Defence",
        "Minister of the Armed Forces",
    } <= labels  # fmt: skip
