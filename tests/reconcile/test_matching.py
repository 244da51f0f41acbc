"""Which candidates a query has, in which order, and when one of them is surely meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.reconcile.made import Made, make, slugs
from tests.search.made import BASE
from triplomacy.errors import SearchTooSlow, TooMuchAtOnce
from triplomacy.reconcile import facts, matching


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


def test_not_even_where_the_other_has_the_words_in_another_order(made: Made) -> None:
    for name, first in (("John Brown", "john-brown"), ("Brown, John", "brown-john")):
        found = made.one(json.dumps({"query": name}))
        assert slugs(found)[0] == first
        assert {*slugs(found)[:2]} == {"john-brown", "brown-john"}
        assert not any(c.is_match for c in found)


def test_not_even_where_one_identifier_means_both(made: Made) -> None:
    found = made.one('{"query": "Q111"}')
    assert {*slugs(found)} == {"twin", "other-twin"}
    assert all(c.by_id for c in found)
    assert not any(c.is_match for c in found)


@pytest.mark.parametrize(
    ("name", "slug"),
    [("B-", "b-plus"), ("B*", "b-plus"), ("B", "b-plus"), ("Ukraine’s", "ukraine")],
)
def test_a_name_that_differs_in_signs_is_not_matched(made: Made, name: str, slug: str) -> None:
    first = made.one(json.dumps({"query": name}))[0]
    assert slugs([first]) == [slug]
    assert first.likeness == 1.0
    assert not first.is_match


@pytest.mark.parametrize(("name", "slug"), [("C++", "c-plus"), ("C", "c"), ("b+", "b-plus")])
def test_the_same_signs_come_first_and_are_matched(made: Made, name: str, slug: str) -> None:
    first = made.one(json.dumps({"query": name}))[0]
    assert slugs([first]) == [slug]
    assert first.is_match


def test_all_words_of_a_long_name_count(tmp_path: Path) -> None:
    weimar = "Meeting of the foreign ministers of the Weimar Triangle and the United Kingdom in"
    embassy = "中华人民共和国驻美利坚合众国大使馆"
    long = make(
        tmp_path,
        f"""graph:g {{
          event:weimar a eas:Event ; rdfs:label "{weimar} Paris on 12 February 2025"@en .
          actor:embassy a eas:Actor ; rdfs:label "{embassy}"@zh .
        }}""",
    )
    for other in (
        f"{weimar} London on 24 June 2031",
        "中华人民共和国驻美利坚合众国总领事馆",
        embassy[:14],
    ):
        for found in long.one(json.dumps({"query": other})):
            assert found.score <= 90
            assert not found.is_match
    for name in (f"{weimar} Paris on 12 February 2025", embassy):
        [found] = long.one(json.dumps({"query": name}))
        assert found.is_match


def test_three_properties_do_not_make_a_name_the_same(tmp_path: Path) -> None:
    alike = make(
        tmp_path,
        """graph:g { actor:a a eas:Person ; rdfs:label "Volodymyr Zelensky" ;
          eas:one 1 ; eas:two 2 ; eas:three 3 ; eas:four 4 ; eas:five 5 . }""",
    )
    hints = [
        {"pid": f"eas:{name}", "v": n}
        for n, name in enumerate(("one", "two", "three", "four", "five"), 1)
    ]
    [found] = alike.one(json.dumps({"query": "Volodymyr Zelenksy", "properties": hints}))
    assert found.score >= 95
    assert not found.is_match


def test_the_best_is_not_matched_where_another_has_the_name(tmp_path: Path) -> None:
    groups = make(
        tmp_path,
        """graph:g { actor:plus a eas:Actor ; rdfs:label "B+" ; eas:one 1 .
          actor:minus a eas:Actor ; rdfs:label "B-" ; eas:one 2 . }""",
    )
    found = groups.one('{"query": "B-", "properties": [{"pid": "eas:one", "v": 1}]}')
    assert slugs(found) == ["plus", "minus"]
    assert found[0].score == 100.0
    assert not any(c.is_match for c in found)


def test_an_identifier_is_what_it_says_before_it_is_an_abbreviation(tmp_path: Path) -> None:
    both = make(
        tmp_path,
        """graph:g { <https://example.org/s/actor/x> rdfs:label "X" .
          actor:x rdfs:label "Another" . }""",
    )
    [found] = both.one('{"query": "actor/x"}')
    assert found.iri == f"{BASE}actor/x"
    assert found.is_match
    [found] = both.one('{"query": "id/actor/x"}')
    assert found.iri == f"{BASE}id/actor/x"


def test_what_fits_in_nothing_is_no_candidate(made: Made) -> None:
    assert made.one('{"query": "平"}') == []
    hint = {"pid": "eas:born", "v": "1978"}
    [found] = made.one(json.dumps({"query": "Zelensky", "properties": [hint]}))
    assert found.score == 100.0


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


@pytest.mark.parametrize(
    ("number", "slug"), [("Q555", "us"), ("Q666", "merged"), ("Q777", "merged")]
)
def test_an_item_that_was_merged_is_known_by_both_numbers(
    made: Made, number: str, slug: str
) -> None:
    [found] = made.one(json.dumps({"query": number}))
    assert slugs([found]) == [slug]
    assert found.is_match
    same = {"properties": [{"pid": "owl:sameAs", "v": number}]}
    assert slugs(made.one(json.dumps(same))) == [slug]


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
    assert found.score == 100.0
    assert not found.is_match  # a birthday identifies nobody


@pytest.mark.parametrize("value", ["Q15031", "wd:Q15031", {"id": "Q15031"}, "id/actor/xi"])
def test_a_property_alone_is_enough_where_it_leads_to_the_same(made: Made, value: object) -> None:
    [found] = made.one(json.dumps({"properties": [{"pid": "skos:exactMatch", "v": value}]}))
    assert slugs([found]) == ["xi"]
    assert found.is_match


def test_but_not_where_two_things_are_the_same(made: Made) -> None:
    same = {"pid": "owl:sameAs", "v": "Q111"}
    found = made.one(json.dumps({"properties": [same]}))
    assert {*slugs(found)} == {"twin", "other-twin"}
    assert not any(c.is_match for c in found)
    born = {"pid": "eas:born", "v": "1950-01-01"}
    first, other = made.one(json.dumps({"properties": [same, born]}))
    assert (slugs([first]), first.score, other.score) == (["twin"], 100.0, 50.0)
    assert not first.is_match


OFFICE = f"{BASE}id/office/president"


@pytest.mark.parametrize(
    "value",
    [
        *(
            "id/office/president",
            "office/president",
            OFFICE,
            "http://127.0.0.1:8000/office/president",
        ),
        *(
            "http://127.0.0.1:8000/id/office/president",
            "http://127.0.0.1:8000/doc/office/president",
        ),
        *("Q11696", "q11696", "wd:Q11696", "http://www.wikidata.org/entity/Q11696"),
        "https://www.wikidata.org/wiki/Q11696",
        *("President", "PRÄSIDENT", "potus"),
    ],
)
def test_a_value_is_read_as_a_name_or_an_identifier_is(made: Made, value: str) -> None:
    for sent in (value, {"id": value}) if "/" in value or "11696" in value else (value,):
        hint = {"pid": "eas:office", "v": sent}
        [found] = made.one(json.dumps({"query": "习近平", "properties": [hint]}))
        assert found.fits == {"eas:office": 1.0}
        assert found.is_match
    [meant] = made.one(json.dumps({"query": value}))
    assert meant.iri == OFFICE
    assert meant.is_match


@pytest.mark.parametrize("value", ["ab/office/president", "Q116960", "office", {"id": "President"}])
def test_what_identifies_something_else_does_not_fit(made: Made, value: object) -> None:
    hint = {"pid": "eas:office", "v": value}
    [found] = made.one(json.dumps({"query": "习近平", "properties": [hint]}))
    assert found.fits["eas:office"] < 1  # though it may be like its name
    assert not found.is_match


@pytest.mark.parametrize("value", ["office/president", "http://127.0.0.1:8000/id/office/president"])
def test_what_is_found_by_a_value_fits_it(made: Made, value: str) -> None:
    [found] = made.one(json.dumps({"properties": [{"pid": "eas:office", "v": value}]}))
    assert (slugs([found]), found.score) == (["xi"], 100.0)


def test_a_value_that_was_never_described_is_still_an_identifier(tmp_path: Path) -> None:
    loose = make(tmp_path, 'graph:g { actor:x rdfs:label "X" ; eas:knows actor:nobody . }')
    for value in ("actor/nobody", {"id": "id/actor/nobody"}):
        [found] = loose.one(
            json.dumps({"query": "X", "properties": [{"pid": "eas:knows", "v": value}]})
        )
        assert found.fits == {"eas:knows": 1.0}


def test_a_value_that_many_have_finds_several_of_them(made: Made) -> None:
    every = {"properties": [{"pid": "rdf:type", "v": f"{BASE}ontology#Person"}], "limit": 12}
    assert len(made.one(json.dumps(every))) == 10


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
    for years in (("1978", "1900"), ("1900", "1978")):
        born = [{"pid": "eas:born", "v": year} for year in years]
        [found] = made.one(json.dumps({"query": "Volodymyr Zelensky", "properties": born}))
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


def test_a_description_is_wikidatas_where_there_is_none_of_ours(made: Made) -> None:
    [found] = made.one('{"query": "United States"}')
    assert found.description == "country in North America (Wikidata)"
    [found] = made.one('{"query": "Troops"}')
    assert found.description == ""


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
        with pytest.raises(SearchTooSlow, match="batch") as caught:
            made.one(query)
        assert caught.value.remedy == "send fewer names at a time, or shorter ones"


def test_a_batch_is_worked_on_in_parts(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    queries = {
        str(n): {
            "query": name,
            "properties": [{"pid": "eas:born", "v": ["1978", "1979"]}] * (n % 3),
        }
        for n, name in enumerate(
            ["Ukraine", "John Smith", "Zelensky", "nobody", "Q30", "Twin", "习近平", "C"]
        )
    }
    whole = made.match(json.dumps(queries))
    monkeypatch.setattr(matching, "_TOGETHER", 4)
    monkeypatch.setattr(matching, "_VALUES", 5)
    assert made.match(json.dumps(queries)) == whole
    assert [*whole] == [*queries]
    # Each part may read so much, not all together.
    monkeypatch.setattr(facts, "MOST_VALUES", 9)
    assert made.match(json.dumps(queries)) == whole
    monkeypatch.setattr(matching, "_TOGETHER", 100)
    monkeypatch.setattr(matching, "_VALUES", 100)
    with pytest.raises(TooMuchAtOnce):
        made.match(json.dumps(queries))
