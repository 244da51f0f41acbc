"""What the words of an index tell, in no language's list of words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.search.made import write
from triplomacy.search import vocabulary
from triplomacy.search.vocabulary import TELLING, Vocabulary

FACTS = """
graph:g {
  actor:trump a eas:Person ; rdfs:label "Donald Trump"@en ; skos:altLabel "Trump"@en .
  actor:arabia a eas:GeopoliticalEntity ; rdfs:label "Saudi Arabia"@en .
  event:call a eas:Event ; rdfs:label "Trump–Zelensky call"@en .
  event:talks a eas:Event ; rdfs:label "Discussions of the teams between visits and summits"@en ,
    "Gespräche der Delegationen zwischen Besuchen und Gipfeln"@de .
  statement:one a eas:Statement ; rdfs:label "One"@en ; dct:description "So productive."@en .
""" + "".join(
    f'statement:s{n} a eas:Statement ; rdfs:label "Statement {n}"@en ; '
    f'dct:description "The Kremlin said so of the talks {n}, and nothing else."@en .\n'
    for n in range(60)
)


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vocabulary]:
    folder = write(tmp_path_factory.mktemp("words") / "search", f"{FACTS} }}")
    with closing(sqlite3.connect(folder / "index.sqlite")) as index:
        [(last,)] = index.execute("SELECT value FROM about WHERE key = 'last name'")
        yield Vocabulary(index, last)


@pytest.mark.parametrize("word", ["trump", "saudi", "arabia", "zelensky", "call", "productive"])
def test_a_word_tells_that_is_much_of_a_name_or_is_rare(words: Vocabulary, word: str) -> None:
    assert words.weight(word) >= TELLING


@pytest.mark.parametrize("word", ["of", "between", "and", "der", "zwischen", "und", "said", "the"])
def test_a_word_of_long_names_or_of_most_texts_tells_little(words: Vocabulary, word: str) -> None:
    assert words.weight(word) < TELLING


def test_a_name_tells_most_and_a_word_of_no_name_less(words: Vocabulary) -> None:
    assert words.weight("trump") == 1.0 > words.weight("productive")
    assert words.is_name("trump")
    assert not words.is_name("saudi")


def test_of_a_word_that_is_not_typed_to_its_end_nothing_is_known(words: Vocabulary) -> None:
    assert words.count("zele") == 0
    assert words.weight("zele") == 1.0
    assert words.goes_on("zele")
    assert not words.goes_on("zelensky")


def test_what_was_asked_is_not_asked_again(
    words: Vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert words.near("zelenksy", 1) == ("zelensky",)
    monkeypatch.setattr(vocabulary, "forms", None)
    assert words.near("zelenksy", 1) == ("zelensky",)


def test_an_empty_index_has_no_words(tmp_path: Path) -> None:
    with closing(sqlite3.connect(write(tmp_path / "search", "") / "index.sqlite")) as index:
        words = Vocabulary(index, 0)
        assert (words.count("x"), words.goes_on("x"), words.near("word", 2)) == (0, False, ())
        assert not words.is_name("x")
