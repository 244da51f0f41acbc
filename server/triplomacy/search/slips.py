"""Finds the words that somebody may have meant who slipped on the keyboard.

By symmetric deletion (W. Garbe, SymSpell, 2012): two words that differ by a letter left out, added,
changed or swapped with its neighbour have a spelling in common once a letter is left out of each.
These spellings of all words are a table; those of the typed word are looked up in it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

SHORTEST = 4
"""Letters of a word from which on slips are forgiven; a shorter one is too near to too many."""
LONGEST = 24
"""Letters of a word up to which slips are forgiven."""
_LONG = 7  # letters from which on a second slip may be forgiven


def forms(word: str, slips: int = 1) -> set[int]:
    """The word and its spellings without up to `slips` of its letters, as checksums.

    Checksums are small; that two spellings share one does no harm, since `distance` decides.
    """
    found = {word}
    for _ in range(slips):
        found |= {spelt[:n] + spelt[n + 1 :] for spelt in found for n in range(len(spelt))}
    return {zlib.crc32(spelt.encode()) for spelt in found}


def is_forgiven(word: str) -> bool:
    """Whether slips in `word` are forgiven: a word of letters, neither short nor very long."""
    return SHORTEST <= len(word) <= LONGEST and word.isalpha()


def allowed(word: str) -> int:
    """How many slips in `word` are forgiven."""
    return 2 if len(word) >= _LONG else 1


def distance(one: str, other: str) -> int:
    """How many slips lie between two words: optimal string alignment, a swap counting one.

    >>> distance("zelenksy", "zelensky"), distance("hegsteh", "hegseth")
    (1, 1)
    """
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(last[j] + 1, row[-1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]


def near(
    word: str, candidates: Iterable[tuple[str, int]], slips: int = 1, most: int = 3
) -> list[str]:
    """The words that lie nearest to `word`, the best first.

    Args:
        word: what was typed.
        candidates: words, each with how often it occurs.
        slips: how many lie between them at most.
        most: how many words to give.
    """
    ranked = []
    for candidate, count in candidates:
        if abs(len(candidate) - len(word)) <= slips:
            between = distance(word, candidate)
            if 0 < between <= slips:
                # The first letter is the one that people get right.
                ranked.append((between, candidate[0] != word[0], -count, candidate))
    ranked.sort()
    return [candidate for between, _, _, candidate in ranked[:most] if between == ranked[0][0]]
