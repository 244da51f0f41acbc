"""What counts as a word, and as the same word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplomacy.search.words import LONGEST_WORD, fold, folded, words


def cut(text: str) -> list[str]:
    return [word.folded for word in words(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lecornu", "LECORNU"),
        ("Sébastien", "Sebastien"),
        ("Sébastien", "Se\u0301bastien"),
        ("Łukasz", "Lukasz"),
        ("Straße", "STRASSE"),
        ("Зеленський", "ЗЕЛЕНСЬКИЙ"),
        ("U.S.", "US"),
        ("U.S", "us"),
        ("Ｎａｔｏ", "NATO"),  # full width
        ("ﬁre", "fire"),
    ],
)
def test_case_accents_and_width_do_not_count(one: str, other: str) -> None:
    assert cut(one) == cut(other) != []


def test_an_english_genitive_is_the_word_itself() -> None:
    assert cut("Ukraine's, Ukraine’s") == ["ukraine", "ukraine"]


def test_an_abbreviation_is_its_letters() -> None:
    assert cut("Pres. Trump") == ["pres", "trump"]


def test_of_a_script_without_spaces_each_pair_is_a_word() -> None:
    found = list(words("中国 与乌克兰"))
    assert [w.folded for w in found] == ["中国", "国", "与乌", "乌克", "克兰", "兰"]
    assert [w.is_rest for w in found] == [False, True, False, False, False, True]


def test_signs_that_make_up_a_syllable_are_part_of_the_word() -> None:
    assert len(cut("हिन्दी भाषा")) == 2
    assert len(cut("العَرَبِيَّة")) == 1
    assert cut("العَرَبِيَّة") == cut("العربية")


@given(st.text())
def test_nothing_but_letters_digits_and_their_marks_is_left(text: str) -> None:
    for word in words(text):
        assert word.folded
        assert not set(word.folded) & set(" \"'*():^+-{}\0_.")
        assert text[word.start : word.end].strip()
        assert fold(word.folded) == word.folded or not word.folded.isascii()


@given(st.text(st.characters(max_codepoint=127)))
def test_the_short_way_for_plain_letters_leads_to_the_same_words(text: str) -> None:
    assert folded(text) == " ".join(cut(text))


def test_a_word_of_a_megabyte_is_cut() -> None:
    assert cut("x" * 1_000_000) == ["x" * LONGEST_WORD]
