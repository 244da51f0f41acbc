"""The words of an index: how often each is there, what goes on from it or is near, what it tells.

What was asked once is remembered, so the words that the names of a batch share are looked up once.
"""

from __future__ import annotations

import json
import math
import sqlite3

from triplomacy.search.slips import forms, near
from triplomacy.search.words import folded

TELLING = 0.25
"""The weight from which on a word tells something without the others."""

_PART = 3  # a word that is the third part of a name, or more, tells as much as the name
_RARE = 3.0  # natural logarithm of the texts for each that has the word: one of twenty
_FEW = 100  # texts that are added to their number: among a few texts no word is frequent
_NO_NAME = 0.3  # the weight of a word that stands in no name, and is not frequent

_NEAR = """
SELECT DISTINCT word.word, texts FROM slip JOIN word ON word.id = slip.word
WHERE form IN (SELECT value FROM json_each(?))
"""
_SHORTEST_NAME = """
SELECT x.value FROM words w JOIN text x ON x.id = w.rowid
WHERE w.words MATCH ? AND w.rowid <= ? ORDER BY w.rowid LIMIT 1
"""


class Vocabulary:
    """The words of an index, for one search or one batch of names.

    Args:
        index: the index.
        last_name: the last of its texts that is a name.
    """

    def __init__(self, index: sqlite3.Connection, last_name: int) -> None:
        self._index = index
        self._last_name = last_name
        self._counts: dict[str, int] = {}
        self._longer: dict[str, bool] = {}
        self._near: dict[tuple[str, int], tuple[str, ...]] = {}
        self._shares: dict[str, float] = {}
        self._texts = 0

    def count(self, word: str) -> int:
        """In how many texts a word stands."""
        if word not in self._counts:
            asked = "SELECT texts FROM word WHERE word = ?"
            found = self._index.execute(asked, (word,)).fetchone()
            self._counts[word] = found[0] if found else 0
        return self._counts[word]

    def goes_on(self, word: str) -> bool:
        """Whether longer words begin with a word."""
        if word not in self._longer:
            asked = "SELECT 1 FROM word WHERE word > ? AND word < ? LIMIT 1"
            found = self._index.execute(asked, (word, word + chr(0x10FFFF))).fetchone()
            self._longer[word] = found is not None
        return self._longer[word]

    def near(self, word: str, slips: int) -> tuple[str, ...]:
        """The words that lie nearest to a word, up to `slips` from it, but not itself."""
        key = word, slips
        if key not in self._near:
            candidates = self._index.execute(_NEAR, (json.dumps([*forms(word, slips)]),))
            self._near[key] = tuple(near(word, candidates, slips))
        return self._near[key]

    def is_name(self, word: str) -> bool:
        """Whether a name consists of this word alone."""
        return self._share(word) == 1.0

    def weight(self, word: str) -> float:
        """How much a word tells, from 0 to 1.

        As much as it makes up of the shortest name that has it: who looks for something says what
        it is called, and the `between` and `of` of any language stand in long names only. A word
        of no name tells less, and a word of very many texts.
        """
        share = self._share(word)
        if share == 1.0 or not self.count(word):
            return 1.0  # of a word that is not typed to its end nothing is known yet
        if not self._texts:
            asked = "SELECT max(id) FROM text"
            self._texts = self._index.execute(asked).fetchone()[0]
        rarity = min(1.0, math.log((self._texts + _FEW) / self.count(word)) / _RARE)
        return (min(1.0, _PART * share) ** 2 if share else _NO_NAME) * rarity**2

    def _share(self, word: str) -> float:
        """The part that a word is of the shortest name that has it; 0 where none has."""
        if word not in self._shares:
            values = f'"{word}"', self._last_name
            found = self.count(word) and self._index.execute(_SHORTEST_NAME, values).fetchone()
            letters = len(folded(found[0]).replace(" ", "")) if found else 0
            self._shares[word] = min(1.0, len(word) / letters) if letters else 0.0
        return self._shares[word]
