"""Which words are kept where nothing has them all."""

from __future__ import annotations

import string

from hypothesis import given
from hypothesis import strategies as st

from triplomacy.search.relaxing import kept_together

TEXTS = st.lists(st.sets(st.sampled_from(string.ascii_lowercase[:12])), max_size=8)


def kept(words: str, weights: list[float], *texts: str) -> list[str]:
    """The sets of words, each a letter, where `texts` are what there is."""
    sets = kept_together(words, weights, lambda some: any({*some} <= {*t} for t in texts), 4)
    return ["".join(some) for some in sets]


def test_as_many_words_are_kept_as_stand_together() -> None:
    assert kept("abcd", [1, 1, 1, 1], "abc", "d") == ["abc", "d"]
    assert kept("abcd", [1, 1, 1, 1], "abcd") == ["abcd"]


def test_what_tells_most_is_kept_before_what_tells_little() -> None:
    assert kept("ab", [0.1, 0.9], "a", "b") == ["b", "a"]
    assert kept("abc", [0.1, 0.8, 0.9], "ab", "ac", "bc") == ["cb", "ac"]


def test_two_words_rank_before_one_that_tells_more_than_either() -> None:
    assert kept("abc", [0.8, 1.0, 0.7], "ac", "b") == ["ac", "b"]


def test_no_words_no_sets() -> None:
    assert kept("", []) == []


@given(TEXTS, st.lists(st.floats(0, 1), min_size=12, max_size=12))
def test_each_set_stands_together_none_in_another_in_few_questions(
    texts: list[set[str]], weights: list[float]
) -> None:
    words = sorted({word for text in texts for word in text})
    asked = []

    def are_together(some: list[str]) -> bool:
        asked.append(some)
        return any({*some} <= text for text in texts)

    sets = [{*some} for some in kept_together(words, weights[: len(words)], are_together, 3)]
    assert all(any(some <= text for text in texts) for some in sets)
    assert not any(one < other for one in sets for other in sets)
    assert len(sets) <= 3
    assert len(asked) <= 3 * len(words)
    assert bool(sets) == bool(words)
