"""What has no link, and what helps to find it."""

from __future__ import annotations

import pytest

from tests.conftest import REPOSITORY
from tests.link.suggest.case import BORIS, OFFICE, TOPIC, Case
from triplomacy.errors import BadRequest
from triplomacy.link.linked import links_of
from triplomacy.link.suggest.unlinked import Hint, chosen, unlinked
from triplomacy.read.reading import read_site
from triplomacy.site import open_site


def test_actors_offices_and_topics_without_a_link_are_found_by_kind(case: Case) -> None:
    found = [(t.thing.iri, t.kind) for t in case.things()]
    assert found == [(BORIS, "actor"), (OFFICE, "office"), (TOPIC, "topic")]
    assert [t.kind for t in case.things("office")] == ["office"]


@pytest.mark.parametrize("link", ["owl:sameAs", "skos:exactMatch", "skos:closeMatch"])
def test_what_has_a_link_of_any_kind_is_left_out(case: Case, link: str) -> None:
    case.add(f"o:german {link} wd:Q900000013 .")
    assert OFFICE not in {t.thing.iri for t in case.things()}


def test_the_ontology_tells_type_and_hints(case: Case) -> None:
    [office] = case.things("office")
    assert office.types == ("Q4164871",)
    assert office.hints == (
        Hint("P1001", "Q183", True, "represents Germany"),
        Hint("P1308", "Boris Pistorius", False, "held by Boris Pistorius"),
    )


def test_a_person_is_looked_for_by_birth_and_office(case: Case) -> None:
    [person] = case.things("actor")
    assert person.types == ("Q5",)
    assert Hint("P569", "1960-03-14", False, "dated 1960-03-14") in person.hints
    name = "German Defense Minister"
    assert Hint("P39", name, False, f"holds the office {name}") in person.hints


def test_names_of_the_sites_languages_come_first(case: Case) -> None:
    (case.folder / "data/facts.ttl").open("a").write('o:german rdfs:label "Ministre"@fr, "A"@de .')
    found = unlinked(case.reading, case.site.base, ("fr", "en"), ("office",))
    assert found[0].names == ("Ministre", "German Defense Minister", "A")


def test_what_somebody_said_it_is_not_is_known(case: Case) -> None:
    case.add("o:german owl:differentFrom wd:Q900000014 .")
    assert case.things("office")[0].rejected == {"Q900000014"}


def test_what_lies_outside_the_base_is_not_ours_to_link(case: Case) -> None:
    (case.folder / "data/facts.ttl").open("a").write(
        '<https://elsewhere.example/o> a eas:Office ; rdfs:label "Elsewhere"@en .'
    )
    assert [t.thing.iri for t in case.things("office")] == [OFFICE]


def test_the_type_is_no_hint_besides(case: Case) -> None:
    (case.folder / "data/facts.ttl").open("a").write(
        'eas:kind skos:closeMatch wdt:P31 . o:german eas:kind "minister" .'
    )
    assert "P31" not in {h.property for h in case.things("office")[0].hints}


def test_an_empty_name_is_none(case: Case) -> None:
    (case.folder / "data/facts.ttl").open("a").write('o:german rdfs:label "", " "@aa .')
    assert case.things("office")[0].names == ("German Defense Minister",)


def choose(case: Case, *names: str) -> list[str]:
    links = links_of(case.reading.facts, case.site.base)
    return [t.thing.iri for t in chosen(case.things(), names, links, case.site.base)]


@pytest.mark.parametrize("name", [OFFICE, "office/german", "id/office/german"])
def test_a_thing_can_be_named_by_the_end_of_its_iri(case: Case, name: str) -> None:
    assert choose(case, name) == [OFFICE]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("actor/germany", "is linked already, to http://www.wikidata.org/entity/Q183"),
        ("actor/nobody", "no thing of this site that could be linked"),
    ],
)
def test_a_name_of_nothing_to_link_is_told(case: Case, name: str, words: str) -> None:
    with pytest.raises(BadRequest, match=words):
        choose(case, name)


def test_the_article_has_four_offices_without_a_link() -> None:
    site = open_site(REPOSITORY)
    found = unlinked(read_site(site), site.base, site.settings.languages, ("office",))
    assert [t.names[0] for t in found] == [
        "French Defense Minister",
        "German Defense Minister",
        "Russian President",
        "Ukrainian President",
    ]
    assert all({h.property for h in t.hints} == {"P1001", "P1308"} for t in found)
