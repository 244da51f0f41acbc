"""What is found for what people type, in which order, and what nobody can do by typing."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.search.made import BASE, index_of, named, write
from tests.waiting import PATIENCE
from triplomacy.errors import NoSearchIndex, ReleaseError, SearchTooSlow
from triplomacy.search import finding, vocabulary
from triplomacy.search.finding import SearchIndex
from triplomacy.search.query import MOST, PER_PAGE
from triplomacy.search.results import Named
from triplomacy.search.slips import forms
from triplomacy.search.texts import BY_NAME, Role

FACTS = """
graph:article {
  actor:zelensky a eas:Person, eas:Actor ; rdfs:label "Volodymyr Zelensky"@en ;
    skos:altLabel "Zelensky"@en ; owl:sameAs wd:Q3874799 .
  actor:trump a eas:Person, eas:Actor ; rdfs:label "Donald Trump"@en ;
    skos:altLabel "President Trump"@en , "Trump"@en .
  actor:lecornu a eas:Person, eas:Actor ; rdfs:label "Sébastien Lecornu"@en .
  actor:hegseth a eas:Person, eas:Actor ; rdfs:label "Pete Hegseth"@en .
  actor:ukraine a eas:GeopoliticalEntity, eas:Place ; rdfs:label "Ukraine"@en .
  event:call a eas:Event ; rdfs:label "Trump–Zelensky call"@en .
  statement:options a eas:Statement ; rdfs:label "Hegseth on the options"@en ;
    dct:description "Troops may be reduced in Europe."@en ; eas:quote <#quote> .
  <https://example.org/s/id/source/article#char=10,42> a eas:Excerpt ;
    rdfs:label "S1: “all options”" ; eas:exactText "all options are being considered" ;
    prov:wasQuotedFrom source:article .
  source:article a eas:Source ; rdfs:label "The article"@en ;
    schema:text "A first paragraph.\\nHe said “all options are being considered” of the garrison." .
  topic:membership a skos:Concept ; rdfs:label "Ukraine's NATO membership"@en .
  eas:Rule a sh:NodeShape ; rdfs:label "A rule of Zelensky"@en .
}
graph:wikidata {
  wd:Q3874799 rdfs:label "Володимир Зеленський"@uk , "Wolodymyr Selenskyj"@de , "Zelensky"@en ;
    skos:altLabel "Zelenskiy"@en ; skos:hiddenLabel "Zelenskee"@en .
  actor:lecornu skos:altLabel "司汤达的勒科尔尼"@zh .
}
""".replace("<#quote>", f"<{BASE}id/source/article#char=10,42>")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    return index_of(tmp_path_factory.mktemp("finding"), FACTS)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("Zelensky", "zelensky"),
        ("ZELENSKY", "zelensky"),
        ("volodymyr zel", "zelensky"),
        ("Зеленський", "zelensky"),
        ("Selenskyj", "zelensky"),
        ("Zelenskee", "zelensky"),
        ("Pres. Trump", "trump"),
        ("trump president", "trump"),
        ("lecornu", "lecornu"),
        ("sebastien", "lecornu"),
        ("勒科尔尼", "lecornu"),
        ("NATO membership", "membership"),
        ("ukraine’s nato", "membership"),
        ("troops europe", "options"),
    ],
)
def test_a_thing_is_found_by_any_name_in_any_language_and_spelling(
    index: SearchIndex, query: str, first: str
) -> None:
    found = index.find(query)
    assert named(found)[0] == first
    assert not found.meant
    assert not found.without


@pytest.mark.parametrize(
    ("query", "meant", "first"),
    [
        ("Zelenksy", "Zelensky", "zelensky"),
        ("Hegsteh", "Hegseth", "hegseth"),
        ("hegsteh OPTIONS", "Hegseth options", "options"),
        ("Зеленский", "Зеленський", "zelensky"),
    ],
)
def test_a_slip_is_forgiven_and_told(
    index: SearchIndex, query: str, meant: str, first: str
) -> None:
    found = index.find(query)
    assert found.meant == meant
    assert named(found)[0] == first


def test_a_word_that_stands_in_nothing_is_left_out_and_told(index: SearchIndex) -> None:
    found = index.find("Trump unicorns")
    assert found.without == ("unicorns",)
    assert named(found)[0] == "trump"
    assert index.find("unicorns").total == 0


@pytest.mark.parametrize("query", ["on unicorns", "the unicorns"])
def test_a_word_of_two_letters_that_tells_little_is_not_looked_for_alone(
    index: SearchIndex, query: str
) -> None:
    assert ("the" in query) == bool(index.find(query).total)


def test_a_word_that_nothing_of_the_kind_has_is_left_out_and_told(index: SearchIndex) -> None:
    for query in ("Ukraine Lecornu", "Lecornu Ukraine"):
        found = index.find(query, BY_NAME["places"])
        assert named(found) == ["ukraine"]
        assert found.without == ("lecornu",)
    assert index.find("Lecornu Hegseth", BY_NAME["places"]).without == ()


def test_words_of_texts_take_nothing_from_suggestions(index: SearchIndex) -> None:
    assert [hit.label.value for hit in index.suggest("lecornu garrison")] == ["Sébastien Lecornu"]


def test_a_slip_is_told_where_another_word_is_left_out_too(index: SearchIndex) -> None:
    found = index.find("Zelenksy unicorns")
    assert (found.meant, found.without) == ("Zelensky", ("unicorns",))
    assert named(found)[0] == "zelensky"
    assert [p.text for p in found.hits[0].pieces if p.marked] == ["Zelensky"]


def test_two_words_are_one_where_texts_have_them_so(tmp_path: Path) -> None:
    index = index_of(
        tmp_path,
        'graph:g { event:x a eas:Event ; rdfs:label "Ceasefire"@en . '
        'event:y a eas:Event ; rdfs:label "The case of the fire"@en . }',
    )
    for query, first in {"cease-fire": "x", "cease fire unicorns": "x", "case fire": "y"}.items():
        found = index.find(query)
        assert named(found) == [first]
        assert found.meant == ("Ceasefire" if first == "x" else "")
    assert index.find("cease fire unicorns").without == ("unicorns",)


def test_what_lacks_only_words_that_tell_little_follows_what_has_them_all(tmp_path: Path) -> None:
    more = "".join(
        f'statement:s{n} a eas:Statement ; rdfs:label "Neither the one and nor the other, {n}" .\n'
        for n in range(30)
    )
    index = index_of(
        tmp_path,
        f"""graph:g {{ {more}
          actor:t a eas:Person ; rdfs:label "Trump" .
          actor:z a eas:Person ; rdfs:label "Zelensky" .
          event:call a eas:Event ; rdfs:label "Trump–Zelensky call" .
          source:s a eas:Source ; rdfs:label "News" ; schema:text "Trump and Zelensky." . }}""",
    )
    for query in ("Trump and Zelensky", "trump and zel"):
        found = index.find(query)
        assert named(found) == ["s", "call"]
        assert not found.without
    assert named(index.find("Trump Zelensky call")) == ["call"], "each of these words tells"


def test_of_two_words_that_stand_nowhere_together_the_rarer_comes_first(tmp_path: Path) -> None:
    more = "".join(f'event:e{n} a eas:Event ; rdfs:label "Ada {n}" .\n' for n in range(3))
    facts = (
        'actor:ada a eas:Person ; rdfs:label "Ada" . actor:bea a eas:Person ; rdfs:label "Bea" .'
    )
    index = index_of(tmp_path, f"graph:g {{ {more} {facts} }}")
    for query in ("Ada Bea", "Bea Ada"):
        assert named(index.find(query))[:2] == ["bea", "ada"]
        assert index.find(query).without == ("ada",)


def test_a_name_with_signs_comes_first_for_who_types_them(tmp_path: Path) -> None:
    index = index_of(
        tmp_path,
        'graph:g { topic:c a skos:Concept ; rdfs:label "C" . topic:s a skos:Concept ; rdfs:label '
        '"C#" . topic:p a skos:Concept ; rdfs:label "C++" ; skos:altLabel "CPP" . }',
    )
    assert named(index.find("C"))[0] == "c"
    assert named(index.find("c++"))[0] == "p"
    assert named(index.find("C#"))[0] == "s"


def test_the_name_that_is_just_the_word_comes_first_then_names_then_texts(
    index: SearchIndex,
) -> None:
    assert named(index.find("zelensky")) == ["zelensky", "call"]
    assert named(index.find("options")) == ["options", "article#char=10,42", "article"]


def test_what_is_found_says_where_and_marks_the_words(index: SearchIndex) -> None:
    hit = index.find("considered garrison").hits[0]
    assert hit.role is Role.TEXT
    assert hit.label.value == "The article"
    assert [p.text for p in hit.pieces if p.marked] == ["considered", "garrison"]
    text = "A first paragraph.\nHe said “all options are being considered” of the garrison."
    assert hit.place == (19, len(text))


def test_a_statement_is_found_by_the_words_that_were_said(index: SearchIndex) -> None:
    found = index.find("being considered", BY_NAME["statements"])
    assert named(found) == ["options"]
    assert found.hits[0].role is Role.QUOTATION


def test_a_passage_is_of_its_source(index: SearchIndex) -> None:
    hit = index.find("being considered", BY_NAME["passages"]).hits[0]
    assert hit.source is not None
    assert hit.source.value == "The article"


def test_a_name_from_elsewhere_is_ours_and_tells_its_graph_and_language(
    index: SearchIndex,
) -> None:
    hit = index.find("Зеленський").hits[0]
    assert (hit.iri, hit.label.value) == (f"{BASE}id/actor/zelensky", "Volodymyr Zelensky")
    assert hit.graph == f"{BASE}graph/wikidata"
    assert hit.text is not None
    assert hit.text.language == "uk"
    assert index.find("zelensky").hits[0].graph is None, "our own graph says it, too"


def test_a_hidden_spelling_finds_and_is_not_shown(index: SearchIndex) -> None:
    hit = index.find("Zelenskee").hits[0]
    assert hit.text is None
    assert hit.pieces == ()


def test_a_thing_of_two_kinds_is_found_under_each(index: SearchIndex) -> None:
    for kind in ("actors", "places"):
        assert named(index.find("ukraine", BY_NAME[kind])) == ["ukraine"]
    assert named(index.find("ukraine", BY_NAME["topics"])) == ["membership"]
    counts = {k.name: n for k, n in index.find("ukraine").kinds}
    assert counts == {"actors": 1, "places": 1, "topics": 1}


def test_rules_about_data_are_no_things_to_find(index: SearchIndex) -> None:
    assert named(index.find("rule")) == []


def test_suggestions_are_names_alone(index: SearchIndex) -> None:
    assert [h.iri.rpartition("/")[2] for h in index.suggest("opt")] == ["options"]
    assert index.suggest("considered") == ()
    assert [h.label.value for h in index.suggest("зелен")] == ["Volodymyr Zelensky"]
    assert index.suggest("") == ()


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        "!!! ??? …",
        "\0",
        "trump\0",
        '"',
        "'; DROP TABLE text; --",
        'text:"a" OR *',
        "NEAR(a b, 2)",
        "a AND OR NOT",
        "^trump*",
        "{text}: x",
        "_actors",
        "🇺🇦 🚀",
        "\u202eزيلينسكي\u202c",
        "\U0001e900\U0001e901 x\U0001e900y",  # letters that are newer than SQLite's tables
        "½ ﷺ",
        "\ud800",
        "x" * 10_000,
        "a " * 10_000,
        "trump " * 5_000,
        "乌" * 10_000,
        "\u0301" * 10_000,
        "." * 10_000 + "a.",
        "a." * 5_000,
    ],
)
def test_whatever_is_typed_is_words_and_nothing_else(index: SearchIndex, query: str) -> None:
    index.find(query)
    index.suggest(query)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
@given(st.text(st.characters(codec=None), max_size=40))
def test_nothing_that_is_typed_fails(index: SearchIndex, query: str) -> None:
    index.find(query)


def test_the_kinds_of_things_cannot_be_typed(index: SearchIndex) -> None:
    assert index.find("_actors").total == 0
    assert index.find("actors").total == 0


def test_more_words_than_count_are_told(index: SearchIndex) -> None:
    assert index.find("trump " + " ".join(f"w{n}" for n in range(30))).ignored
    assert not index.find("trump " * 30).ignored


def test_pages_cover_all_results_once(tmp_path: Path) -> None:
    many = "".join(f'actor:a{n} a eas:Actor ; rdfs:label "Envoy {n}" .\n' for n in range(45))
    index = index_of(tmp_path, f"graph:g {{ {many} }}")
    pages = [index.find("envoy", None, n) for n in (1, 2, 3)]
    assert [len(p.hits) for p in pages] == [PER_PAGE, PER_PAGE, 5]
    assert len({hit.iri for p in pages for hit in p.hits}) == 45
    assert index.find("envoy", None, 99).hits == pages[2].hits
    assert index.find("envoy", None, -(2**70)).hits == pages[0].hits


def test_where_there_are_too_many_it_says_so(tmp_path: Path) -> None:
    many = "".join(f'actor:a{n} a eas:Actor ; rdfs:label "Envoy {n}" .\n' for n in range(MOST + 9))
    found = index_of(tmp_path, f"graph:g {{ {many} }}").find("envoy")
    assert (found.total, found.is_whole, found.kinds) == (MOST, False, ())


def test_many_threads_search_at_once(index: SearchIndex) -> None:
    wrong = []

    def ask() -> None:
        for _ in range(30):
            if named(index.find("Zelenksy"))[0] != "zelensky":
                wrong.append(1)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_search_ends_at_its_deadline(index: SearchIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "SECONDS", -1.0)
    monkeypatch.setattr(finding, "_OPCODES", 1)
    with pytest.raises(SearchTooSlow):
        index.find("trump")
    monkeypatch.undo()
    assert index.find("trump").total


def test_many_names_are_looked_up_at_once(index: SearchIndex) -> None:
    names = [("zelensky", ()), ("Zelenksy", ()), ("", ()), ("nobody at all", ())]
    exact, slipped, none, nobody = index.named(names, PATIENCE)
    assert exact[0].iri == slipped[0].iri
    assert exact[0].iri.endswith("zelensky")
    assert any("ensky" in words.value for _, words in exact[0].names)
    assert none == nobody == ()


def test_names_are_looked_up_among_things_of_some_kinds(index: SearchIndex) -> None:
    kinds = BY_NAME["statements"], BY_NAME["events"]
    [found] = index.named([("trump", kinds)], PATIENCE)
    assert found
    assert all({*thing.kinds} & {*kinds} for thing in found)


def test_looking_names_up_ends_at_its_deadline(index: SearchIndex) -> None:
    with pytest.raises(SearchTooSlow) as caught:
        list(index.named([("trump", ())], -1.0))
    assert caught.value.remedy == "send fewer names at a time"


def slugs(things: tuple[Named, ...]) -> list[str]:
    return [thing.iri.rpartition("/")[2] for thing in things]


def test_a_namesake_is_found_beside_a_thing_that_has_the_name_in_many_languages(
    tmp_path: Path,
) -> None:
    languages = [f"{a}{b}" for a in "abcdefgh" for b in "abcdefgh"]
    labels = " , ".join(f'"Maria Kovacs"@{tag}' for tag in languages)
    index = index_of(
        tmp_path,
        f"graph:g {{ actor:one a eas:Person ; rdfs:label {labels} . "
        'actor:other a eas:Person ; rdfs:label "Maria Kovacs"@hu . }',
    )
    both, turned, typed = index.named(
        [("Maria Kovacs", ()), ("Kovacs, Maria", ()), ("Maria Kovacs", (BY_NAME["actors"],))], 2.0
    )
    assert {*slugs(both)} == {*slugs(turned)} == {*slugs(typed)} == {"one", "other"}


STATES = """
graph:g {
  actor:us a eas:GeopoliticalEntity ; rdfs:label "United States" ; skos:altLabel "America" .
  <https://example.org/s/id/office/president> a eas:Office ;
    rdfs:label "President of the United States of America" .
  event:cut a eas:Event ; rdfs:label "Reduction of American troops" .
}
"""


@pytest.mark.parametrize(
    ("name", "kinds", "found"),
    [
        ("United States of America (the)", (), {"us", "president"}),
        ("United States of America (the)", ("actors",), {"us"}),
        ("American", ("actors",), {"us"}),
        ("the president", ("actors",), set()),
        ("the America", ("actors",), {"us"}),
        ("troops of America", (), {"cut", "us", "president"}),
        ("United States", (), {"us", "president"}),
    ],
)
def test_a_name_that_is_part_of_what_was_sent_is_found_beside_what_has_all_of_it(
    tmp_path: Path, name: str, kinds: tuple[str, ...], found: set[str]
) -> None:
    index = index_of(tmp_path, STATES)
    [things] = index.named([(name, tuple(BY_NAME[kind] for kind in kinds))], 2.0)
    assert {*slugs(things)} == found


def test_of_the_parts_of_a_name_those_that_are_names_count_the_most_alike_first(
    tmp_path: Path,
) -> None:
    index = index_of(
        tmp_path,
        """graph:g {
          actor:trump a eas:Person ; rdfs:label "Donald Trump" ; skos:altLabel "Trump" .
          actor:team a eas:Collective ; rdfs:label "Trump's team" .
          actor:tower a eas:Place ; rdfs:label "Trump Tower" .
          event:visit a eas:Event ; rdfs:label "Visit of Trump to his team in Abu Dhabi" .
          actor:states a eas:Place ; rdfs:label "The Donald States of Ado" . }""",
    )
    team, donald = index.named(
        [("Trump and his team", ()), ("Donald Trump of the States", ())], 2.0
    )
    assert slugs(team) == ["team", "trump", "visit"], "and no tower: its name has another word"
    assert slugs(donald)[0] == "trump"
    assert "states" in slugs(donald)


def test_a_name_of_two_words_among_others_is_found(tmp_path: Path) -> None:
    index = index_of(
        tmp_path,
        """graph:g {
          actor:us a eas:GeopoliticalEntity ; rdfs:label "United States" .
          event:e a eas:Event ; rdfs:label "United States in talks with Russia in Istanbul" . }""",
    )
    [us] = index.named([("United States (USA)", ())], 2.0)
    assert "us" in slugs(us)
    [found] = index.named([("Istanbul, Russia, United States", ())], 2.0)
    assert {*slugs(found)} == {"us", "e"}


def test_the_number_of_an_item_is_no_name(tmp_path: Path) -> None:
    index = index_of(
        tmp_path, 'graph:g { actor:x a eas:Actor ; rdfs:label "X" ; owl:sameAs wd:Q11 . }'
    )
    assert [*index.named([("Q11", ()), ("Q1", ()), ("wd:Q11", ())], 2.0)] == [(), (), ()]


def test_the_work_for_a_name_is_bounded_and_shared(
    index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []

    def counted(word: str, slips: int = 1) -> set[int]:
        found = forms(word, slips)
        made.append(len(found))
        return found

    monkeypatch.setattr(vocabulary, "forms", counted)
    longest = " ".join(chr(ord("a") + n) * 3 + "qxzwjkqxzwjkqxzwjkqxz" for n in range(12))
    assert [*index.named([(longest, ())], 2.0)] == [()]
    assert 500 < sum(made) < 1_000, "spellings of twelve words of 24 letters"
    made.clear()
    assert [*index.named([(f"qxzwjkv {'ab' * n}", ()) for n in range(100)], 9.0)] == [()] * 100
    assert len([n for n in made if n == max(made)]) <= 12


def test_each_name_of_a_batch_is_answered_as_if_it_were_alone(index: SearchIndex) -> None:
    long = "abcdefghijklmnopqrstuvwx bcdefghijklmnopqrstuvwxy"
    names = [f"{long} Zelneksiy", "Zelneksiy", f"Zelneksiy {long}", "Trump", "Putin", "Trump"]
    together = [*index.named([(name, ()) for name in names], 5.0)]
    for name, found in zip(names, together, strict=True):
        assert [*index.named([(name, ())], 5.0)] == [found]


def test_suggestions_go_on_after_those_that_are_known(index: SearchIndex) -> None:
    first = index.suggest("t")
    assert index.suggest("t", 1)[: len(first) - 1] == first[1:]
    assert index.suggest("t", 9_999) == ()


def test_a_release_without_an_index_says_so(tmp_path: Path) -> None:
    with pytest.raises(NoSearchIndex, match="without an index") as caught:
        SearchIndex(tmp_path / "search")
    assert "build" in caught.value.remedy


@pytest.mark.parametrize("content", [b"", b"no database " * 1000])
def test_a_damaged_index_is_told(tmp_path: Path, content: bytes) -> None:
    folder = write(tmp_path / "search", FACTS)
    (folder / "index.sqlite").write_bytes(content)
    with pytest.raises(ReleaseError, match=r"index\.sqlite") as caught:
        SearchIndex(folder)
    assert "--force" in caught.value.remedy


def test_an_index_of_another_layout_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "search", FACTS)
    with sqlite3.connect(folder / "index.sqlite") as index:
        index.execute("UPDATE about SET value = 99 WHERE key = 'layout'")
    with pytest.raises(ReleaseError, match="layout 99"):
        SearchIndex(folder)
