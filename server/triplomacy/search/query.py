"""One search: from what somebody typed to things in their order.

What is tried, until something is found: all words as they are; each as the beginning of a word
(`Pres. Trump`); words that differ by a slip, or are written as one; as many of the words as stand
together, those of names before others. What finds less than a page goes on with the last word as
the beginning of one, and without the words that tell little (`Trump and Zelensky`). Only folded
words, in quotation marks, reach the index's query language.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from triplomacy.qid import meant as qid_meant
from triplomacy.search.index import kind_word
from triplomacy.search.relaxing import kept_together
from triplomacy.search.results import Found, Hit, Words, kinds_of, label_of
from triplomacy.search.slips import allowed, is_forgiven
from triplomacy.search.snippets import snippet
from triplomacy.search.texts import KINDS, Kind, Role
from triplomacy.search.vocabulary import TELLING, Vocabulary
from triplomacy.search.words import fold, words

PER_PAGE = 20
MOST = 500
"""Texts of a search that are looked at; whoever finds more is better served by another word."""
LONGEST_QUERY = 12
"""Words of a query that count."""

_LONGEST = 20_000  # characters of a query that are read
_SPELLINGS = 300  # with two letters left out, that one search looks up: those of a dozen words

_FIND = """
SELECT x.id, x.thing, t.kinds FROM words w
JOIN text x ON x.id = w.rowid JOIN thing t ON t.id = x.thing
WHERE w.words MATCH ? AND w.rowid <= ? ORDER BY w.rowid LIMIT ?
"""
_WRITTEN_SO = """
SELECT id FROM text
WHERE id IN (SELECT value FROM json_each(?)) AND is_name AND value = ? COLLATE NOCASE
"""
_HIT = """
SELECT t.iri, t.kinds, t.label, t.language, x.role, x.value, x.language, g.iri, x.start, s.label,
  s.language
FROM text x JOIN thing t ON t.id = x.thing LEFT JOIN graph g ON g.id = x.graph
LEFT JOIN thing s ON s.id = t.source WHERE x.id = ?
"""

Row = tuple[Any, ...]
"""A text that was found: its number, its thing, the kinds of that, and what else is read."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a query.

    Attributes:
        spellings: any of which it may be.
        begins: whether it may be the beginning of a word.
        typed: what was typed for it, mostly the same.
    """

    spellings: tuple[str, ...]
    begins: bool = False
    typed: tuple[str, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        star = " *" if self.begins else ""
        return "(" + " OR ".join(f'"{s}"{star}' for s in self.spellings) + ")"


class Search:
    """One search.

    Args:
        index: where to look.
        vocabulary: its words.
        query: what was typed.
        kinds: only things of these kinds; none for all.
        last: the last text to look at; None for all.
    """

    _most_kept = LONGEST_QUERY  # words of which some are kept where nothing has them all
    _most_sets = 4  # sets of them

    def __init__(
        self,
        index: sqlite3.Connection,
        vocabulary: Vocabulary,
        query: str,
        kinds: tuple[Kind, ...],
        last: int | None = None,
    ) -> None:
        self._index = index
        self._words = vocabulary
        number = qid_meant(query)
        self._is_number = number is not None
        self._query = number or query[:_LONGEST].strip()
        self._kinds = " OR ".join(f'"{kind_word(kind.name)}"' for kind in kinds)
        self._last = last if last is not None else 2**62
        terms = _terms(self._query)
        self._ignored = len(terms) > LONGEST_QUERY
        self._terms = terms[:LONGEST_QUERY]
        self._shown = self._terms  # what is marked in the texts
        self._meant: tuple[str, ...] = ()
        self._without: tuple[str, ...] = ()
        self._spellings = _SPELLINGS
        self._apart: list[frozenset[Term]] = []

    def page(self, number: int) -> Found:
        """A page of what is found; what is out of range becomes the nearest."""
        return self._found((max(number, 1) - 1) * PER_PAGE, PER_PAGE, clamp=True)

    def part(self, start: int, size: int) -> Found:
        """A part of what is found, from so many things on."""
        return self._found(start, size)

    def _found(self, start: int, size: int, clamp: bool = False) -> Found:
        rows = self._rows() if self._terms else []
        texts: dict[int, int] = {}  # of each thing the best
        kinds: dict[int, int] = {}
        for text, thing, its_kinds in self._as_written_first(rows[:MOST]):
            texts.setdefault(thing, text)
            kinds[thing] = its_kinds
        if clamp:
            start = min(start, max(0, -(-len(texts) // size) - 1) * size)
        marked = [s for term in self._shown for s in term.spellings]
        hits = tuple(self._hit(t, marked) for t in [*texts.values()][start : start + size])
        is_whole = len(rows) <= MOST
        counts = [(k, sum(v >> n & 1 for v in kinds.values())) for n, k in enumerate(KINDS)]
        return Found(
            hits,
            len(texts),
            is_whole,
            tuple((k, n) for k, n in counts if n) if is_whole else (),
            " ".join(_written(word, hits) for word in self._meant),
            self._without,
            self._ignored,
        )

    def _as_written_first(self, rows: list[Row]) -> list[Row]:
        """The rows; of names that differ in signs alone, `C` and `C++`, the one as typed first."""
        if not rows or all(c.isalnum() or c.isspace() for c in self._query):
            return rows
        typed = self._query.encode(errors="replace").decode()  # half a character is no character
        values = json.dumps([row[0] for row in rows]), typed
        so = {text for (text,) in self._index.execute(_WRITTEN_SO, values)}
        return sorted(rows, key=lambda row: row[0] not in so)

    # Ways to find

    def _rows(self) -> list[Row]:
        """The texts that answer, in order."""
        rows = self._look(self._terms)
        if self._is_number:  # one that goes on so is of something else
            return rows
        if 0 < len(rows) < PER_PAGE:
            *others, last = self._terms
            rows = joined(rows, self._look([*others, self._beginning(last)], self._terms))
        rows = rows or self._begun(self._terms)
        if not rows:
            return self._corrected() or self._relaxed()
        if len(rows) >= PER_PAGE:
            return rows
        telling = self._telling(self._terms)
        if 0 < len(telling) < len(self._terms):
            rows = joined(rows, self._look(telling) or self._begun(telling))
        return rows

    def _begun(self, terms: Sequence[Term]) -> list[Row]:
        return self._look([self._beginning(t) for t in terms], terms)

    def _corrected(self) -> list[Row]:
        """What is found with words that somebody may have meant."""
        for meant in (as_one := self._as_one(), [self._corrected_word(t) for t in as_one]):
            if meant != self._terms:
                rows = self._look(meant) or self._begun(meant)
                if rows:
                    self._tell(meant, [meant])
                    return rows
        return []

    def _relaxed(self) -> list[Row]:
        """What is found with as many words as stand together, those of names before others."""
        meant = [self._corrected_word(term) for term in self._as_one()]
        known = [t for t in meant if self._has([t])]
        known = self._telling(known) or [t for t in known if _is_more_than_letters(t)]
        # The rarer first, where two tell as much.
        known.sort(key=lambda t: (-self._weight(t), self._words.count(t.spellings[0])))
        known = known[: self._most_kept]
        rows: list[Row] = []
        shown = []
        for kept in kept_together(known, [*map(self._weight, known)], self._has, self._most_sets):
            if len(rows) < PER_PAGE:
                rows = joined(rows, self._look(kept))
                shown.append(kept)
        if shown:
            self._tell(meant, shown)
        return rows

    def _tell(self, meant: Sequence[Term], sets: Sequence[Sequence[Term]]) -> None:
        """Note which words were looked for, and which the first things lack."""
        first = [t for t in meant if t in sets[0]]
        self._shown = [t for t in meant if any(t in kept for kept in sets)]
        self._without = tuple(w for t in meant if t not in first for w in t.typed)
        if any(t.typed != t.spellings for t in first):
            self._meant = tuple(t.spellings[0] for t in first)

    # Words

    def _is_known(self, term: Term) -> bool:
        return bool(self._words.count(term.spellings[0]))

    def _weight(self, term: Term) -> float:
        return max(map(self._words.weight, term.spellings))

    def _telling(self, terms: Sequence[Term]) -> list[Term]:
        return [t for t in terms if self._weight(t) >= TELLING]

    def _as_one(self) -> list[Term]:
        """The words, those written as one that texts have so: `cease-fire`."""
        found: list[Term] = []
        for term in self._terms:
            if found and len(found[-1].typed) == 1:
                word = found[-1].spellings[0] + term.spellings[0]
                if self._words.count(word):
                    found[-1] = Term((word,), typed=(*found[-1].typed, *term.typed))
                    continue
            found.append(term)
        return found

    def _corrected_word(self, term: Term) -> Term:
        """What somebody may have meant who slipped; the word itself where nothing is near."""
        word = term.spellings[0]
        if not is_forgiven(word) or self._is_known(term):
            return term
        for slips in range(1, allowed(word) + 1):
            if slips > 1:
                if self._spellings <= 0:
                    break
                self._spellings -= len(word) * (len(word) - 1) // 2
            found = self._words.near(word, slips)
            if found:
                return Term(found, typed=term.typed)
        return term

    def _beginning(self, term: Term) -> Term:
        """A word or the beginning of one; the word alone where none goes on from it."""
        if len(term.spellings) == 1 and not self._words.goes_on(term.spellings[0]):
            return term
        return Term(term.spellings, True, term.typed)

    # Texts

    def _has(self, terms: Sequence[Term]) -> bool:
        """Whether some text has all the terms."""
        return self._can_be(terms) and self._noted(terms, bool(self._select(self._match(terms), 1)))

    def _look(self, terms: Sequence[Term], known: Sequence[Term] = ()) -> list[Row]:
        """The texts with all the terms, in order; none where that was asked before."""
        if terms == known or not self._can_be(terms):
            return []
        rows = self._select(self._match(terms), MOST + 1)
        self._noted(terms, bool(rows))
        return rows

    def _can_be(self, terms: Sequence[Term]) -> bool:
        """Whether a text may have all the terms, as far as that is known without looking."""
        is_word = (t.begins or any(map(self._words.count, t.spellings)) for t in terms)
        return all(is_word) and not any(some <= {*terms} for some in self._apart)

    def _noted(self, terms: Sequence[Term], are_together: bool) -> bool:
        """Note that no text has all the terms; looking for frequent words takes milliseconds."""
        if not are_together:
            self._apart.append(frozenset(terms))
        return are_together

    def _match(self, terms: Sequence[Term]) -> str:
        match = " AND ".join(map(str, terms))
        return f"{match} AND ({self._kinds})" if self._kinds else match

    def _select(self, match: str, most: int) -> list[Row]:
        """The texts that match, in order."""
        return self._index.execute(_FIND, (match, self._last, most)).fetchall()

    def _hit(self, text: int, marked: Sequence[str]) -> Hit:
        row = self._index.execute(_HIT, (text,)).fetchone()
        iri, kinds, label, language, role, value, tag, graph, start, source, source_tag = row
        is_hidden = role == Role.HIDDEN
        around = snippet(value, marked)
        return Hit(
            iri,
            label_of(iri, label, language),
            kinds_of(kinds),
            Role(role),
            None if is_hidden else Words("".join(p.text for p in around), tag or None),
            () if is_hidden else around,
            graph,
            None if start is None else (start, start + len(value)),
            Words(source, source_tag or None) if source else None,
        )


def joined(rows: list[Row], more: Iterable[Row]) -> list[Row]:
    """The rows, and after them those that are new."""
    known = {row[0] for row in rows}
    return [*rows, *(row for row in more if row[0] not in known)]


def _written(word: str, hits: Sequence[Hit]) -> str:
    """How the texts that were found write a word."""
    marked = (piece.text for hit in hits for piece in hit.pieces if piece.marked)
    return next((text for text in marked if fold(text) == word), word)


def _is_more_than_letters(term: Term) -> bool:
    """Whether it makes sense to look for a word that tells little without the others."""
    return len(term.spellings[0]) > 2 or not term.spellings[0].isascii()


def _terms(query: str) -> list[Term]:
    """The words of a query, each once; a few more than count."""
    found: dict[str, None] = {}
    for word in words(query[:_LONGEST]):
        if not word.is_rest:
            found[word.folded] = None
        if len(found) > LONGEST_QUERY:
            break
    return [Term((word,), typed=(word,)) for word in found]
