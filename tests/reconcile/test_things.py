"""What identifies a thing, what it is called, and what describes it."""

from __future__ import annotations

import pytest

from tests.reconcile.made import Made, make
from tests.search.made import BASE
from triplomacy.namespaces import WIKIDATA
from triplomacy.reconcile.things import Identified, Things

US = f"{BASE}id/actor/us"
HERE = "http://127.0.0.1:8000/"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(tmp_path_factory.mktemp("made"))


@pytest.fixture
def things(made: Made) -> Things:
    return Things(made.facts, made.ids)


def test_an_identifier_means_a_thing_and_what_is_the_same_elsewhere(things: Things) -> None:
    found = things.identified(["actor/us", f"{HERE}doc/actor/us", "Q30"], HERE)
    assert found["actor/us"] == Identified((US, f"{WIKIDATA}Q30"), (US,))
    assert found[f"{HERE}doc/actor/us"] == found["actor/us"]
    assert found["Q30"] == Identified((f"{WIKIDATA}Q30", US), (US,))


def test_what_is_not_here_is_still_identified(things: Things) -> None:
    [nobody, item, name] = things.identified(["id/actor/x", "Q99", "Vladimir Putin"]).values()
    assert f"{BASE}id/actor/x" in nobody.iris
    assert item.iris == (f"{WIKIDATA}Q99",)
    assert (nobody.here, item.here, name) == ((), (), Identified())


def test_one_number_can_mean_two_things(things: Things) -> None:
    here = things.identified(["Q111"])["Q111"].here
    assert {*here} == {f"{BASE}id/actor/twin", f"{BASE}id/actor/other-twin"}


def test_a_thing_is_called_what_it_is_called_elsewhere_too(things: Things) -> None:
    office, smyth = f"{BASE}id/office/president", f"{BASE}id/actor/smyth"
    names = things.names([office, smyth, US])
    assert names[office] == ("President", "Präsident", "POTUS")
    assert names[smyth] == ("Jon Smyth", "Smithy")
    assert names[US] == ("United States", "Сполучені Штати")


def test_a_description_of_ours_comes_before_wikidatas(things: Things) -> None:
    zelensky, nobody = (f"{BASE}id/actor/{slug}" for slug in ("zelensky", "nobody"))
    assert things.described([zelensky, US, nobody]) == {
        zelensky: "President of Ukraine.",
        US: "country in North America (Wikidata)",
        nobody: "",
    }
