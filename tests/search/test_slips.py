"""Which words somebody may have meant."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplomacy.search.slips import allowed, distance, forms, is_forgiven, near

WORD = st.text(string.ascii_lowercase, min_size=4, max_size=12)


@pytest.mark.parametrize(
    ("typed", "meant", "slips"),
    [
        ("zelensky", "zelensky", 0),
        ("zelenksy", "zelensky", 1),
        ("zelenskyy", "zelensky", 1),
        ("selensky", "zelensky", 1),
        ("hegsteh", "hegseth", 1),
        ("ptuin", "putin", 1),
        ("pstorius", "pistorius", 1),
        ("zelenskij", "zelensky", 2),
    ],
)
def test_a_swap_a_loss_an_addition_and_a_change_are_a_slip_each(
    typed: str, meant: str, slips: int
) -> None:
    assert distance(typed, meant) == slips == distance(meant, typed)


@given(WORD, st.integers(0, 11), st.sampled_from(string.ascii_lowercase), st.integers(0, 3))
def test_every_single_slip_shares_a_form_with_the_word(
    word: str, at: int, letter: str, how: int
) -> None:
    at %= len(word)
    slipped = (
        word[:at] + word[at + 1 :],
        word[:at] + letter + word[at:],
        word[:at] + letter + word[at + 1 :],
        word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
    )[how]
    assert forms(word) & forms(slipped)
    assert distance(word, slipped) <= 1


def test_a_second_slip_is_forgiven_from_seven_letters_on() -> None:
    assert [allowed(word) for word in ("putins", "hegseth", "zelensky")] == [1, 2, 2]


def test_forms_are_the_word_and_what_is_left_of_it() -> None:
    assert forms("putin", 2) > forms("putin") > forms("putin", 0)
    assert len(forms("putin", 2)) == 1 + 5 + 10
    assert forms("puin", 0) <= forms("putin")
    assert forms("pui", 0) <= forms("putin", 2)


def test_the_nearest_come_first_then_those_that_begin_alike_then_the_frequent() -> None:
    words = [("lutin", 9), ("putin", 2), ("puttin", 5), ("potion", 50), ("puton", 1)]
    assert near("puttn", iter(words)) == ["puttin", "putin", "puton"]
    assert near("utin", iter([("putin", 1), ("lutin", 3)])) == ["lutin", "putin"]


def test_short_words_numbers_and_very_long_words_are_taken_as_they_are() -> None:
    assert not is_forgiven("eu")
    assert not is_forgiven("2025")
    assert not is_forgiven("x" * 500)
    assert is_forgiven("зеленський")
