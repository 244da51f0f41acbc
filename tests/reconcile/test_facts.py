"""What is read of a release: bounded, and texts in the preferred language."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Triple

from tests.reconcile.made import Made, make
from tests.search.made import BASE
from triplomacy.errors import TooMuchAtOnce
from triplomacy.iris import Base
from triplomacy.reconcile import facts
from triplomacy.reconcile.facts import LABELS, NAMES, OTHER_NAMES, TYPE
from triplomacy.search.texts import LAST_NAME, Role, Texts

EAS = f"{BASE}ontology#"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(tmp_path_factory.mktemp("made"))


def test_names_are_what_the_search_takes_for_names() -> None:
    roles = Texts(Base(BASE)).roles
    assert {p.value for p in NAMES} == {p for p, role in roles.items() if role <= LAST_NAME}
    assert {p.value for p in LABELS} == {p for p, role in roles.items() if role is Role.LABEL}
    assert {p.value for p in OTHER_NAMES} == {p for p, role in roles.items() if role is Role.ALIAS}


def test_a_name_is_in_the_language_of_the_site_or_in_none_before_another(tmp_path: Path) -> None:
    made = make(
        tmp_path,
        """graph:g {
          actor:english a eas:Actor ; rdfs:label "Z"@en, "B", "A"@de .
          actor:plain a eas:Actor ; rdfs:label "Z", "A"@de, "B"@fr .
          actor:german a eas:Actor ; rdfs:label "B"@de, "A"@fr .
          actor:none a eas:Actor ; rdfs:label "  " .
        }""",
    )
    iris = [f"{BASE}id/actor/{slug}" for slug in ("english", "plain", "german", "none")]
    said = made.facts.about(iris, LABELS)
    assert [said.name(iri) for iri in iris] == ["Z", "Z", "A", "none"]


def test_too_many_values_are_refused(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "MOST_VALUES", 1)
    with pytest.raises(TooMuchAtOnce):
        made.facts.about([f"{BASE}id/actor/zelensky"], NAMES)


def test_only_properties_that_the_release_uses_are_read(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[NamedNode] = []
    read = made.engine.values

    def noted(
        subjects: Sequence[NamedNode], predicates: Sequence[NamedNode], most: int
    ) -> list[Triple]:
        asked.extend(predicates)
        return read(subjects, predicates, most)

    monkeypatch.setattr(made.engine, "values", noted)
    unused = NamedNode(f"{EAS}unused")
    said = made.facts.about([f"{BASE}id/actor/zelensky"], (*NAMES, unused))
    used = {row["p"] for row in made.engine.select("SELECT DISTINCT ?p { ?s ?p ?o }")}
    assert {*asked} == {*NAMES} & used
    assert said.name(f"{BASE}id/actor/zelensky") == "Volodymyr Zelensky"
    assert f"{BASE}id/actor/zelensky" not in made.facts.about(
        [f"{BASE}id/actor/zelensky"], [unused]
    )


def test_things_are_found_by_values_one_by_one_where_they_are_very_many(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    common, rare = ((TYPE, NamedNode(f"{EAS}{name}")) for name in ("Person", "Office"))
    every = made.facts.having([common, rare])
    assert (len(every[common]), len(every[rare])) == (10, 1)
    monkeypatch.setattr(facts, "_LINKS", 3)
    monkeypatch.setattr(facts, "_EACH", 2)
    some = made.facts.having([common, rare])
    assert len(some[common]) == 2
    assert {*some[common]} < {*every[common]}
    assert some[rare] == every[rare]
