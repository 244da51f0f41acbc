"""Which candidates a query has, in which order, and when one of them is surely meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.reconcile.made import Made, make, slugs
from tests.search.made import BASE
from triplomacy.errors import SearchTooSlow
from triplomacy.reconcile import matching


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(tmp_path_factory.mktemp("made"))


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Volodymyr Zelensky", "zelensky"),
        ("ZELENSKY, volodymyr", "zelensky"),
        ("Zelensky", "zelensky"),
        ("UK", "uk"),
        ("Сполучені Штати", "us"),
        ("smithy", "smyth"),
    ],
)
def test_a_name_that_one_thing_has_is_matched(made: Made, name: str, slug: str) -> None:
    first = made.one(json.dumps({"query": name}))[0]
    assert slugs([first]) == [slug]
    assert first.is_match
    assert first.score >= 97


def test_namesakes_are_never_matched(made: Made) -> None:
    found = made.one('{"query": "John Smith"}')
    assert {*slugs(found)[:2]} == {"john-smith-uk", "john-smith-us"}
    assert [c.score for c in found[:2]] == [100.0, 100.0]
    assert not any(c.is_match for c in found)


def test_not_even_where_only_one_candidate_was_wanted(made: Made) -> None:
    [alone] = made.one('{"query": "John Smith", "limit": 1}')
    assert not alone.is_match


def test_not_even_where_a_property_tells_them_apart(made: Made) -> None:
    found = made.one(
        '{"query": "John Smith", "properties": [{"pid": "eas:country", "v": "United States"}]}'
    )
    assert slugs(found)[:2] == ["john-smith-us", "john-smith-uk"]
    assert found[0].fits == {"eas:country": 1.0}
    assert found[0].score == 100.0 > found[1].score
    assert not any(c.is_match for c in found)


def test_not_even_where_the_other_is_hidden_behind_many_longer_names(tmp_path: Path) -> None:
    many = "".join(
        f'actor:p{n} a eas:Person ; rdfs:label "Paris Number {n}"@en .\n' for n in range(200)
    )
    paris = """
      actor:city a eas:GeopoliticalEntity ; rdfs:label "Paris"@en .
      <https://example.org/s/id/ship/paris> a eas:Ship ; rdfs:label "PARIS"@en ."""
    ships = make(tmp_path, f"graph:g {{ {many} {paris} }}")
    found = ships.one('{"query": "Paris"}')
    assert {*slugs(found)[:2]} == {"city", "paris"}
    assert not any(c.is_match for c in found)
    [ship] = ships.one('{"query": "Paris", "type": "eas:Ship"}')
    assert ship.is_match


def test_a_slip_is_forgiven_and_not_matched(made: Made) -> None:
    first = made.one('{"query": "Volodymyr Zelenksy"}')[0]
    assert slugs([first]) == ["zelensky"]
    assert 80 < first.score < 95
    assert not first.is_match


def test_the_nearest_of_all_its_names_counts(made: Made) -> None:
    first = made.one('{"query": "Zelenskij"}')[0]
    assert first.likeness == pytest.approx(1 - 2 / 9, abs=0.07)


def test_a_type_leaves_its_things_and_those_of_narrower_types(made: Made) -> None:
    assert slugs(made.one('{"query": "Georgia", "type": "eas:Person"}')) == ["georgia-meloni"]
    assert {*slugs(made.one('{"query": "Georgia", "type": "eas:Actor"}'))} == {
        "georgia",
        "georgia-meloni",
    }
    [only] = made.one('{"query": "Georgia", "type": "eas:Place"}')
    assert slugs([only]) == ["georgia"]
    assert only.is_match
    assert only.of_type


def test_all_types_or_any_of_them(made: Made) -> None:
    types = '"type": ["eas:Person", "eas:Place"]'
    assert len(made.one(f'{{"query": "Georgia", {types}}}')) == 2
    assert made.one(f'{{"query": "Georgia", {types}, "type_strict": "all"}}') == []
    both = '"type": ["eas:Actor", "eas:Place"], "type_strict": "all"'
    assert slugs(made.one(f'{{"query": "Georgia", {both}}}')) == ["georgia"]


def test_a_type_that_should_be_leaves_the_others_below(made: Made) -> None:
    found = made.one('{"query": "Ukraine", "type": "eas:Person", "type_strict": "should"}')
    assert slugs(found) == ["ukraine"]
    assert found[0].score == 50.0
    assert found[0].of_type is False
    assert not found[0].is_match


@pytest.mark.parametrize("type", ["eas:Unicorn", "nope", "", "eas:<x>", "http://e/x"])
def test_nothing_has_an_unknown_type(made: Made, type: str) -> None:
    assert made.one(json.dumps({"query": "Ukraine", "type": [type]})) == []


def test_types_are_told_the_narrowest_first(made: Made) -> None:
    [found] = made.one('{"query": "Ukraine"}')
    assert [t.id for t in found.types] == ["eas:GeopoliticalEntity"]


@pytest.mark.parametrize(
    "text",
    [
        *("id/actor/us", "actor/us", f"{BASE}id/actor/us", "http://127.0.0.1:8000/id/actor/us"),
        *("Q30", "q30", "http://www.wikidata.org/entity/Q30"),
    ],
)
def test_an_identifier_is_matched(made: Made, text: str) -> None:
    [found] = made.one(json.dumps({"query": text}))
    assert (found.iri, found.name) == (f"{BASE}id/actor/us", "United States")
    assert found.by_id
    assert found.is_match
    assert found.score == 100.0


@pytest.mark.parametrize("text", ["id/actor/nobody", "Q999999", "Q30x", "http://e.example/x"])
def test_an_identifier_of_nothing_is_not_matched(made: Made, text: str) -> None:
    assert not any(c.by_id or c.is_match for c in made.one(json.dumps({"query": text})))


@pytest.mark.parametrize(
    ("pid", "value"),
    [
        ("eas:born", "1978-01-25"),
        ("eas:terms", 1),
        ("eas:terms", "1"),
        ("eas:country", {"id": "id/actor/ukraine"}),
        ("eas:country", "actor/ukraine"),
        (f"{BASE}ontology#country", f"{BASE}id/actor/ukraine"),
        ("skos:altLabel", "Zelensky"),
    ],
)
def test_a_property_alone_finds_what_has_its_value(made: Made, pid: str, value: object) -> None:
    [found] = made.one(json.dumps({"properties": [{"pid": pid, "v": value}]}))
    assert slugs([found]) == ["zelensky"]
    assert found.is_match
    assert found.score == 100.0


def test_a_property_that_nothing_has_is_ignored(made: Made) -> None:
    [found] = made.one('{"query": "Ukraine", "properties": [{"pid": "eas:nope", "v": 1}]}')
    assert found.fits == {}
    assert found.is_match


def test_a_property_that_a_candidate_has_not_speaks_against_it(made: Made) -> None:
    [found] = made.one('{"query": "Ukraine", "properties": [{"pid": "eas:born", "v": "1978"}]}')
    assert found.fits == {"eas:born": 0.0}
    assert found.score == pytest.approx(71.43)
    assert not found.is_match


def test_a_blank_value_speaks_neither_for_nor_against(made: Made) -> None:
    [found] = made.one('{"query": "Ukraine", "properties": [{"pid": "eas:born", "v": ""}]}')
    assert found.fits == {}
    assert found.is_match


def test_a_property_that_comes_twice_must_fit_twice(made: Made) -> None:
    born = '{"pid": "eas:born", "v": "1978"}, {"pid": "eas:born", "v": "1900"}'
    [found] = made.one(f'{{"query": "Volodymyr Zelensky", "properties": [{born}]}}')
    assert found.fits == {"eas:born": 0.0}


def test_of_several_values_the_best_counts(made: Made) -> None:
    [found] = made.one(
        '{"query": "Volodymyr Zelensky", "properties": [{"pid": "eas:born", "v": ["1900", 1978]}]}'
    )
    assert found.fits == {"eas:born": 1.0}


def test_no_more_candidates_come_than_were_wanted(made: Made) -> None:
    assert len(made.one('{"query": "John", "limit": 1}')) == 1


def test_a_description_is_in_the_language_of_the_site(made: Made) -> None:
    [found] = made.one('{"query": "Volodymyr Zelensky"}')
    assert found.description == "President of Ukraine."


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "   ",
            '"',
            "'; DROP TABLE thing",
            "* OR 1",
            "_actors",
            "NEAR(a b)",
            "\x00",
            "a" * 9_999,
        ),
        *("!?.,", "🦄", "a " * 5_000, "\u202e\u0000\uffff"),
    ],
)
def test_nothing_that_is_typed_breaks_it(made: Made, text: str) -> None:
    assert isinstance(made.one(json.dumps({"query": text})), list)


def test_each_query_of_a_batch_is_answered_as_if_it_were_alone(made: Made) -> None:
    names = ["Ukraine", "John Smith", "Zelensky", "Ukraine", "nobody", "Q30"]
    together = made.match(json.dumps({str(n): {"query": x} for n, x in enumerate(names)}))
    assert [*together] == [str(n) for n in range(len(names))]
    for number, name in enumerate(names):
        assert together[str(number)] == made.one(json.dumps({"query": name}))


def test_a_batch_ends_at_its_deadline(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "SECONDS", -1.0)
    for query in ('{"query": "Ukraine"}', '{"query": ""}'):
        with pytest.raises(SearchTooSlow):
            made.one(query)
