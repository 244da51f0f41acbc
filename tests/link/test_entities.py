"""Items are asked for in batches, each once; who is interrupted goes on where it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.waiting import PATIENCE
from triplomacy.errors import Unreachable, UnusableAnswer
from triplomacy.link.cache import Cache
from triplomacy.link.client import Client, Manners
from triplomacy.link.entities import Entities
from triplomacy.link.stand_in.server import StandIn

Asker = Callable[..., Entities]


@pytest.fixture
def entities(stand_in: StandIn, tmp_path: Path) -> Asker:
    def made(days: float = 7, attempts: int = 1) -> Entities:
        client = Client("Us/1", Manners(seconds=PATIENCE, attempts=attempts), sleep=lambda s: None)
        return Entities(client, f"{stand_in.root}/w/api.php", ["en", "uk"], Cache(tmp_path, days))

    return made


def batches(stand_in: StandIn) -> list[int]:
    return [len(h.fields["ids"].split("|")) for h in stand_in.heard]


def test_items_come_by_the_number_that_was_asked_for(entities: Asker) -> None:
    found = entities().of(["Q7747", "Q900000031", "Q900000041"])
    assert list(found) == ["Q7747", "Q900000031", "Q900000041"]
    assert found["Q7747"].labels.keys() == {"en", "uk"}
    assert found["Q900000031"].id == "Q3874799"
    assert found["Q900000041"].is_missing


def test_fifty_are_asked_for_at_a_time_and_each_once(entities: Asker, stand_in: StandIn) -> None:
    ids = [f"Q{n}" for n in range(900_001_001, 900_001_121)]
    assert set(entities().of(ids + ids)) == set(ids)
    assert batches(stand_in) == [50, 50, 20]


def test_what_is_known_is_not_asked_for(entities: Asker, stand_in: StandIn) -> None:
    first = entities().of(["Q7747", "Q30"])
    again = entities().of(["Q7747", "Q30", "Q159"])
    assert batches(stand_in) == [2, 1]
    assert again["Q7747"].claims == first["Q7747"].claims
    entities(days=0).of(["Q7747"])
    assert batches(stand_in) == [2, 1, 1]


def test_what_an_answer_leaves_out_is_asked_for_again(entities: Asker, stand_in: StandIn) -> None:
    stand_in.faults[:] = ["fewer", "fewer"]
    ids = ["Q30", "Q159", "Q212", "Q183", "Q142"]
    assert set(entities().of(ids)) == set(ids)
    assert batches(stand_in)[0] == 5
    assert sum(batches(stand_in)[1:]) >= 3


def test_what_is_too_large_for_one_answer_is_asked_for_in_parts(
    entities: Asker, stand_in: StandIn
) -> None:
    stand_in.faults[:] = ["endless"]
    assert set(entities().of(["Q30", "Q159", "Q212"])) == {"Q30", "Q159", "Q212"}
    assert batches(stand_in) == [3, 2, 1]


def test_who_is_interrupted_goes_on_where_it_was(entities: Asker, stand_in: StandIn) -> None:
    ids = [f"Q{n}" for n in range(900_001_001, 900_001_121)]
    stand_in.faults[:] = ["", "503"]
    with pytest.raises(Unreachable):
        entities().of(ids)
    stand_in.heard.clear()
    assert set(entities().of(ids)) == set(ids)
    assert batches(stand_in) == [50, 20]


@pytest.mark.parametrize("fault", ["wrong-types", "no-entities", "entities-is-a-list"])
def test_nonsense_is_told_and_never_kept(entities: Asker, stand_in: StandIn, fault: str) -> None:
    stand_in.faults[:] = [fault]
    with pytest.raises(UnusableAnswer):
        entities().of(["Q7747"])
    assert entities().of(["Q7747"])["Q7747"].labels["en"] == "Vladimir Putin"


def test_a_damaged_entry_is_asked_for_again(entities: Asker, tmp_path: Path) -> None:
    Cache(tmp_path, 7).put("Q7747", {"id": "Q7747", "labels": 7})
    assert entities().of(["Q7747"])["Q7747"].labels["en"] == "Vladimir Putin"


def test_hostile_words_are_only_words(entities: Asker, stand_in: StandIn) -> None:
    assert entities().of(["Q900000051"])["Q900000051"].labels["en"].startswith("<script>")
    stand_in.faults[:] = ["script"]
    assert entities().of(["Q30"])["Q30"].labels["en"] == "<script>alert(1)</script>[31m"


def test_it_tells_how_far_it_is(entities: Asker) -> None:
    told: list[str] = []
    entities().of([f"Q{n}" for n in range(900_001_001, 900_001_061)], told.append)
    assert told == ["Asking Wikidata, 0 of 60 items", "Asking Wikidata, 50 of 60 items"]
