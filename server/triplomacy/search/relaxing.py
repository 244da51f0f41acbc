"""Which words of a query are kept together where nothing has them all: a pure function.

The best would be all sets of words that some text has, the largest first; of twelve words there are
4,095. What is tried instead is as many words as fit together, those that tell most first: fewer
questions than words, for each set that is given.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Word = TypeVar("Word")


def kept_together(
    words: Sequence[Word],
    weights: Sequence[float],
    are_together: Callable[[list[Word]], bool],
    most: int,
) -> list[list[Word]]:
    """The sets of words to look for, the one that tells most first.

    Each word begins a set, unless one before has it; to it come as many others as some text has
    together with it. So no set is a part of another.

    Args:
        words: different words, each of which some text has.
        weights: how much each tells.
        are_together: whether some text has all of these words.
        most: how many sets to give.

    >>> words = ["visit", "putin", "moon"]
    >>> kept_together(words, [0.5, 0.9, 0.7], lambda some: "moon" not in some, 4)
    [['putin', 'visit'], ['moon']]
    """
    order = sorted(range(len(words)), key=lambda n: -weights[n])
    sets: list[list[int]] = []
    for first in order:
        if len(sets) == most or any(first in known for known in sets):
            continue
        kept = [first]
        for other in order:
            if other != first and are_together([words[n] for n in (*kept, other)]):
                kept.append(other)
        sets.append(kept)
    sets.sort(key=lambda kept: -sum(weights[n] for n in kept))
    return [[words[n] for n in kept] for kept in sets]
