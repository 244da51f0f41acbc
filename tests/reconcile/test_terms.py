"""Types and properties: what is offered, what is above what, what things of a type have."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reconcile.made import Made, make
from tests.search.made import BASE
from triplomacy.reconcile.terms import beginning

EAS = f"{BASE}ontology#"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(tmp_path_factory.mktemp("made"))


def ids(terms: object) -> list[str]:
    return [t.id for t in terms]  # type: ignore[attr-defined]


def test_types_that_name_things_are_offered_the_most_used_first(made: Made) -> None:
    offered = made.terms.default_types()
    assert ids(offered) == [
        *("eas:Person", "eas:GeopoliticalEntity", "eas:Collective", "eas:Office")
    ]
    assert [t.count for t in offered] == [10, 5, 3, 1]


def test_a_type_above_one_that_is_used_can_be_asked_for(made: Made) -> None:
    assert made.terms.types[f"{EAS}Actor"].count == 0
    assert made.terms.below(f"{EAS}Actor") == {
        f"{EAS}{name}" for name in ("Actor", "Person", "GeopoliticalEntity")
    }


def test_a_type_has_its_name_and_definition_in_the_language_of_the_site(made: Made) -> None:
    person = made.terms.types[f"{EAS}Person"]
    assert (person.name, person.description) == ("Person", "A human being.")
    assert person.broader == (f"{EAS}Actor",)


def test_the_narrower_type_comes_first(made: Made) -> None:
    classes = [f"{EAS}Actor", f"{EAS}Person", "http://nowhere.example/x"]
    assert ids(made.terms.narrowest_first(classes)) == ["eas:Person", "eas:Actor"]


def test_classes_in_a_ring_are_no_trouble(tmp_path: Path) -> None:
    ring = """graph:g { eas:A rdfs:subClassOf eas:B . eas:B rdfs:subClassOf eas:A .
      actor:x a eas:A ; rdfs:label "X" . }"""
    terms = make(tmp_path, ring).terms
    assert terms.below(f"{EAS}A") == {f"{EAS}A", f"{EAS}B"}


def test_the_properties_of_a_type_are_those_that_its_things_have(made: Made) -> None:
    of_persons = ids(made.terms.of_type(f"{EAS}Person", 50))
    assert of_persons[:2] == ["rdf:type", "rdfs:label"]
    assert "eas:born" in of_persons
    assert "eas:active" not in of_persons
    assert "eas:active" in ids(made.terms.of_type(f"{EAS}Actor", 50))
    assert len(made.terms.of_type(None, 3)) == 3
    assert made.terms.of_type("http://nowhere.example/x", 9) == []


@pytest.mark.parametrize("prefix", ["per", "PERSON", "eas:Per", f"{EAS}Pers"])
def test_a_term_goes_on_from_its_name_or_identifier(made: Made, prefix: str) -> None:
    assert ids(beginning(made.terms.types, prefix, 0, 9)) == ["eas:Person"]


def test_a_later_word_of_a_name_counts_too(made: Made) -> None:
    assert ids(beginning(made.terms.types, "entity", 0, 9)) == ["eas:GeopoliticalEntity"]
    assert beginning(made.terms.types, "!!", 0, 9) == []


def test_suggestions_are_skipped_and_counted(made: Made) -> None:
    every = beginning(made.terms.types, "", 0, 99)
    assert beginning(made.terms.types, "", 1, 2) == every[1:3]
