"""The search for the things that bear a name, for many names one after the other.

It is stricter than a search of what somebody types, since a program decides by what it gives: a
namesake must not be missed, and a thing that is named by a part of a name is found, too.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise

from triplomacy.search.query import Row, Search, Term, joined
from triplomacy.search.results import Named, Words, kinds_of, label_of
from triplomacy.search.texts import Kind, Role
from triplomacy.search.vocabulary import Vocabulary
from triplomacy.search.words import words

NAMED = 12
"""Things that one of many names is looked up for."""

_NAMES_READ = 2_000  # names that are read for one name: a thing can have it in very many languages
_LONGEST_NAME = 1_000  # characters of a name that are compared
_REMEMBERED = 4_096  # names cut into words: those of one batch come again and again
_PARTS = 4  # parts of a name that may be names of their own

_FIND_NAMES = """
SELECT x.id, x.thing, t.kinds, t.iri, t.label, t.language, x.role, x.value, x.language
FROM words w JOIN text x ON x.id = w.rowid JOIN thing t ON t.id = x.thing
WHERE w.words MATCH ? AND w.rowid > ? AND w.rowid <= ? ORDER BY w.rowid
"""


class NameSearch(Search):
    """A search for the things that bear a name.

    Args:
        index, vocabulary, query, kinds: as for `Search`.
        last: the last of the names.
        read: reads the names that match.
    """

    _most_kept = 6
    _most_sets = 2

    def __init__(
        self,
        index: sqlite3.Connection,
        vocabulary: Vocabulary,
        query: str,
        kinds: tuple[Kind, ...],
        last: int,
        read: Callable[[str], list[Row]],
    ) -> None:
        super().__init__(index, vocabulary, query, kinds, last)
        self._read = read

    def named(self) -> tuple[Named, ...]:
        """What is found."""
        things: dict[str, tuple[Row, list[tuple[Role, Words]]]] = {}
        for row in self._rows() if self._terms and not self._is_number else ():
            _, _, _, iri, _, _, role, value, tag = row
            if iri in things or len(things) < NAMED:
                _, names = things.setdefault(iri, (row, []))
                names.append((Role(role), Words(value, tag or None)))
        return tuple(
            Named(iri, label_of(iri, row[4], row[5]), kinds_of(row[2]), tuple(names))
            for iri, (row, names) in things.items()
        )

    def _rows(self) -> list[Row]:
        """The names that answer; where none is of just these words, the most alike first.

        Those of some of the words count then, too: all words of `United States of America (the)`
        may stand in the name of an office alone.
        """
        rows = self._look(self._terms)
        rows = rows or self._corrected() or self._begun(self._terms) or self._relaxed()
        asked = frozenset(s for term in self._shown for s in term.spellings)
        if not self._without and any(_words_of(row[7]) == asked for row in rows):
            return rows
        of_parts = (row for row in self._of_parts() if _words_of(row[7]) <= asked)
        return sorted(joined(rows, of_parts), key=lambda row: -_alike(_words_of(row[7]), asked))

    def _of_parts(self) -> list[Row]:
        """Names of some of the words: of one alone, or of two that stand side by side."""
        parts = [[t] for t in self._shown if self._words.is_name(t.spellings[0])]
        if len(self._shown) > 2:
            parts += [[*pair] for pair in pairwise(self._shown)]
        parts.sort(key=lambda part: -sum(map(self._weight, part)))
        return [row for part in parts[:_PARTS] for row in self._look(part)]

    def _is_known(self, term: Term) -> bool:
        return bool(self._look([term]))

    def _beginning(self, term: Term) -> Term:
        """See `Search._beginning`; what is a word itself is no beginning in people's tables."""
        return term if any(map(self._words.count, term.spellings)) else super()._beginning(term)

    def _select(self, match: str, most: int) -> list[Row]:
        return self._read(match)


def read_names(index: sqlite3.Connection, plain: int, last: int, match: str) -> list[Row]:
    """The names that match of up to `NAMED` things, the shortest first.

    So none is missed that consists of the words alone.

    Args:
        index: where to look.
        plain: the last of the names that come first, the shorter before the longer.
        last: the last of the others, of which the same holds.
        match: the words.
    """

    def after(first: int) -> list[Row]:
        rows: list[Row] = []
        things = set()
        for row in index.execute(_FIND_NAMES, (match, first, last)):
            things.add(row[1])
            if len(things) > NAMED or len(rows) == _NAMES_READ:
                break
            rows.append(row)
        return rows

    rows = after(0)
    if len(rows) >= NAMED and rows[-1][0] <= plain:
        rows += after(plain)
    return sorted(rows, key=lambda row: len(row[7]))


def _words_of(name: str) -> frozenset[str]:
    return _cut(name[:_LONGEST_NAME])


@lru_cache(_REMEMBERED)
def _cut(name: str) -> frozenset[str]:
    return frozenset(w.folded for w in words(name) if not w.is_rest)


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of words that both have (Jaccard's index)."""
    return len(one & other) / len(one | other)
