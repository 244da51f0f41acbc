"""Reads an index: from what somebody typed to things in their order, in bounded time.

What is tried, until something is found: all words as they are; each as the beginning of a word
(`Pres. Trump`); words that differ by a slip, or are written as one; as many of the words as stand
together, those of names before others. What finds less than a page goes on with the last word as
the beginning of one, and without the words that tell little (`Trump and Zelensky`). Only folded
words, in quotation marks, reach the index's query language.
"""

from __future__ import annotations

import contextlib
import json
import queue
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from triplomacy.errors import NoSearchIndex, ReleaseError, SearchTooSlow
from triplomacy.qid import meant as qid_meant
from triplomacy.search.index import INDEX, LAYOUT, kind_word
from triplomacy.search.relaxing import kept_together
from triplomacy.search.slips import allowed, is_forgiven
from triplomacy.search.snippets import Piece, snippet
from triplomacy.search.texts import KINDS, Kind, Role
from triplomacy.search.vocabulary import TELLING, Vocabulary
from triplomacy.search.words import fold, words

PER_PAGE = 20
MOST = 500
"""Texts of a search that are looked at; whoever finds more is better served by another word."""
LONGEST_QUERY = 12
"""Words of a query that count."""
SUGGESTED = 8
SECONDS = 2.0
"""Seconds that a search may take. It takes a few milliseconds."""
NAMED = 12
"""Things that one of many names is looked up for."""

_LONGEST = 20_000  # characters of a query that are read
_OPCODES = 2_000  # steps of SQLite between two looks at the clock
_MMAP = 1 << 30  # bytes of the index that processes share as mapped pages
_NAMES_READ = 2_000  # names that are read for one name: a thing can have it in very many languages
_PARTS = 4  # parts of a name that may be names of their own
_REMEMBERED = 256  # questions of a batch of names that many of them have in common
_SPELLINGS = 300  # with two letters left out, that one search looks up: those of a dozen words

_FIND = """
SELECT x.id, x.thing, t.kinds FROM words w
JOIN text x ON x.id = w.rowid JOIN thing t ON t.id = x.thing
WHERE w.words MATCH ? AND w.rowid <= ? ORDER BY w.rowid LIMIT ?
"""
_FIND_NAMES = """
SELECT x.id, x.thing, t.kinds, t.iri, t.label, t.language, x.role, x.value, x.language
FROM words w JOIN text x ON x.id = w.rowid JOIN thing t ON t.id = x.thing
WHERE w.words MATCH ? AND w.rowid > ? AND w.rowid <= ? ORDER BY w.rowid
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
class Words:
    """Words for people, in a language if that is known."""

    value: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that was found, and the text of it that answers best.

    Attributes:
        iri: the thing.
        label: what it is called; its IRI's end where it has no name.
        kinds: its kinds, the first of which is what it is shown as.
        role: what the text is to it.
        text: the text, or the part of it around the words; None where it may not be shown.
        pieces: the same, cut so that the words stand out.
        graph: the named graph that says it, where that is not the thing's own.
        place: where a paragraph begins and ends in its source's text, in characters (RFC 5147);
            None for other texts.
        source: the document that a passage is from.
    """

    iri: str
    label: Words
    kinds: tuple[Kind, ...]
    role: Role
    text: Words | None
    pieces: tuple[Piece, ...]
    graph: str | None
    place: tuple[int, int] | None
    source: Words | None


@dataclass(frozen=True, slots=True)
class Named:
    """A thing that may bear a name.

    Attributes:
        iri: the thing.
        label: what it is called; its IRI's end where it has no name.
        kinds: its kinds.
        names: those of its names that were found, each with its role.
    """

    iri: str
    label: Words
    kinds: tuple[Kind, ...]
    names: tuple[tuple[Role, Words], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The outcome of a search.

    Attributes:
        hits: those of the page that was asked for.
        total: how many things there are.
        is_whole: whether there are no more than `total`.
        kinds: how many there are of each kind; only where they are all counted.
        meant: the words that were looked for, where these are others than the typed ones.
        without: words that the first things lack, since nothing has them all.
        ignored: whether the query had more words than count.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    is_whole: bool = True
    kinds: tuple[tuple[Kind, int], ...] = ()
    meant: str = ""
    without: tuple[str, ...] = ()
    ignored: bool = False


@dataclass(frozen=True, slots=True)
class _Term:
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


class SearchIndex:
    """The index of a release, for many threads at once.

    Args:
        folder: the folder of the index.

    Raises:
        NoSearchIndex: the release has none.
        ReleaseError: it is damaged, or of another layout.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / INDEX
        self._idle: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue()
        if not self._path.is_file():
            raise NoSearchIndex(
                f"{folder.parent.name} was built without an index of its texts",
                "build the release anew, triplomacy build; the lists of this site show all things",
            )
        with self._connected() as index:
            known = dict(index.execute("SELECT key, value FROM about"))
        if known.get("layout") != LAYOUT:
            raise ReleaseError(
                f"{self._path}: layout {known.get('layout')!r}, this software reads {LAYOUT}",
                "build the release anew: triplomacy build --force",
            )
        self._last_name: int = known["last name"]
        # An index from before it was noted has all names in one row.
        self._last_plain_name: int = known.get("last plain name", self._last_name)

    def find(self, query: str, kind: Kind | None = None, page: int = 1) -> Found:
        """Find things.

        Args:
            query: what somebody typed, of any length and content. The number of an item of
                Wikidata finds what is the same.
            kind: only things of this kind.
            page: of `PER_PAGE` things, from 1; what is out of range becomes the nearest.

        Raises:
            SearchTooSlow: it took longer than `SECONDS`.
        """
        with self._connected() as index:
            kinds = (kind,) if kind else ()
            return _Search(index, self._vocabulary(index), query, kinds).page(page)

    def suggest(self, query: str, skip: int = 0) -> tuple[Hit, ...]:
        """The first few things whose names go on from what is typed so far, after `skip` others."""
        with self._connected() as index:
            search = _Search(index, self._vocabulary(index), query, (), self._last_name)
            return search.part(skip, SUGGESTED).hits

    def named(
        self, names: Iterable[tuple[str, tuple[Kind, ...]]], seconds: float
    ) -> Iterator[tuple[Named, ...]]:
        """Look many names up, one after the other.

        A name is found as typed, with its words in any order. Where no name is of just these
        words, what is named by a part of them comes, too; where none has them all, what `find`
        would try: words that differ by a slip, beginnings, fewer words. An identifier, such as
        the number of an item of Wikidata, is no name.

        Args:
            names: each with the kinds of things that count; none for all.
            seconds: that all of them may take.

        Returns:
            For each name up to `NAMED` things, the most alike first.

        Raises:
            SearchTooSlow: they took longer.
        """
        deadline = time.monotonic() + seconds
        with self._connected(seconds, "send fewer names at a time") as index:
            vocabulary = self._vocabulary(index)
            read = lru_cache(_REMEMBERED)(
                partial(_read_names, index, self._last_plain_name, self._last_name)
            )
            for name, kinds in names:
                if time.monotonic() > deadline:
                    raise _too_slow(seconds, "send fewer names at a time")
                yield _NameSearch(index, vocabulary, name, kinds, self._last_name, read).named()

    def _vocabulary(self, index: sqlite3.Connection) -> Vocabulary:
        return Vocabulary(index, self._last_name)

    @contextlib.contextmanager
    def _connected(
        self, seconds: float | None = None, remedy: str = "look for rarer words, or fewer"
    ) -> Iterator[sqlite3.Connection]:
        seconds = SECONDS if seconds is None else seconds
        try:
            index = self._idle.get_nowait()
        except queue.Empty:
            index = self._open()
        deadline = time.monotonic() + seconds
        index.set_progress_handler(lambda: time.monotonic() > deadline, _OPCODES)
        try:
            yield index
        except sqlite3.OperationalError as error:
            if "interrupted" in str(error):
                raise _too_slow(seconds, remedy) from error
            raise self._damaged(error) from error
        except sqlite3.DatabaseError as error:
            raise self._damaged(error) from error
        self._idle.put(index)

    def _open(self) -> sqlite3.Connection:
        """A reader. Nobody ever writes, so SQLite needs neither a lock nor a file beside it."""
        try:
            address = f"{self._path.absolute().as_uri()}?mode=ro&immutable=1"
            index = sqlite3.connect(address, uri=True, check_same_thread=False)
            index.execute(f"PRAGMA mmap_size = {_MMAP}")
            index.execute("PRAGMA query_only = ON")
            index.execute("PRAGMA trusted_schema = OFF")
        except sqlite3.Error as error:
            raise self._damaged(error) from error
        return index

    def _damaged(self, error: sqlite3.Error) -> ReleaseError:
        return ReleaseError(
            f"{self._path}: the index cannot be read: {error}",
            "build the release anew, triplomacy build --force, or switch to another",
        )


class _Search:
    """One search.

    Args:
        index: where to look.
        vocabulary: its words.
        query: what was typed.
        kinds: only things of these kinds; none for all.
        last: the last text to look at; None for all.
    """

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
            rows = _joined(rows, self._look([*others, self._beginning(last)], self._terms))
        rows = rows or self._begun(self._terms)
        if not rows:
            return self._corrected() or self._relaxed()
        telling = self._telling(self._terms)
        if len(rows) < PER_PAGE and 0 < len(telling) < len(self._terms):
            rows = _joined(rows, self._look(telling) or self._begun(telling))
        return rows

    def _begun(self, terms: Sequence[_Term]) -> list[Row]:
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
        known = [t for t in meant if self._is_known(t)]
        known = self._telling(known) or [t for t in known if _is_more_than_letters(t)]
        # The rarer first, where two tell as much.
        known.sort(key=lambda t: self._words.count(t.spellings[0]))
        rows: list[Row] = []
        shown = []
        for kept in kept_together(known, [self._weight(t) for t in known], self._has):
            if len(rows) < PER_PAGE:
                rows = _joined(rows, self._look(kept))
                shown.append(kept)
        if shown:
            self._tell(meant, shown)
        return rows

    def _tell(self, meant: Sequence[_Term], sets: Sequence[Sequence[_Term]]) -> None:
        """Note which words were looked for, and which the first things lack."""
        first = [t for t in meant if t in sets[0]]
        self._shown = [t for t in meant if any(t in kept for kept in sets)]
        self._without = tuple(w for t in meant if t not in first for w in t.typed)
        if any(t.typed != t.spellings for t in first):
            self._meant = tuple(t.spellings[0] for t in first)

    # Words

    def _is_known(self, term: _Term) -> bool:
        return bool(self._words.count(term.spellings[0]))

    def _weight(self, term: _Term) -> float:
        return max(map(self._words.weight, term.spellings))

    def _telling(self, terms: Sequence[_Term]) -> list[_Term]:
        return [t for t in terms if self._weight(t) >= TELLING]

    def _as_one(self) -> list[_Term]:
        """The words, those written as one that texts have so: `cease-fire`."""
        found: list[_Term] = []
        for term in self._terms:
            if found and len(found[-1].typed) == 1:
                word = found[-1].spellings[0] + term.spellings[0]
                if self._words.count(word):
                    found[-1] = _Term((word,), typed=(*found[-1].typed, *term.typed))
                    continue
            found.append(term)
        return found

    def _corrected_word(self, term: _Term) -> _Term:
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
                return _Term(found, typed=term.typed)
        return term

    def _beginning(self, term: _Term) -> _Term:
        """A word or the beginning of one; the word alone where none goes on from it."""
        if len(term.spellings) == 1 and not self._words.goes_on(term.spellings[0]):
            return term
        return _Term(term.spellings, True, term.typed)

    # Texts

    def _has(self, terms: Sequence[_Term]) -> bool:
        """Whether some text has all the terms."""
        return bool(self._select(self._match(terms), 1))

    def _look(self, terms: Sequence[_Term], known: Sequence[_Term] = ()) -> list[Row]:
        """The texts with all the terms, in order; none where that was asked before."""
        if terms == known or not all(map(self._can_be, terms)):
            return []
        return self._select(self._match(terms), MOST + 1)

    def _can_be(self, term: _Term) -> bool:
        """Whether any text has a word; that is told faster than by looking."""
        return term.begins or any(map(self._words.count, term.spellings))

    def _match(self, terms: Sequence[_Term]) -> str:
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
            _label(iri, label, language),
            _kinds(kinds),
            Role(role),
            None if is_hidden else Words("".join(p.text for p in around), tag or None),
            () if is_hidden else around,
            graph,
            None if start is None else (start, start + len(value)),
            Words(source, source_tag or None) if source else None,
        )


class _NameSearch(_Search):
    """A search for the things that bear a name.

    Args:
        index, vocabulary, query, kinds: as for `_Search`.
        last: the last of the names.
        read: reads the names that match.
    """

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
            Named(iri, _label(iri, row[4], row[5]), _kinds(row[2]), tuple(names))
            for iri, (row, names) in things.items()
        )

    def _rows(self) -> list[Row]:
        """The names that answer; where none is of just these words, the most alike first.

        Those of some of the words count then, too: all words of `United States of America (the)`
        may stand in the name of an office alone.
        """
        rows = self._look(self._terms)
        rows = rows or self._corrected() or self._begun(self._terms) or self._relaxed()
        asked = {s for term in self._shown for s in term.spellings}
        if not self._without and any(_words_of(row[7]) == asked for row in rows):
            return rows
        of_parts = (row for row in self._of_parts() if _words_of(row[7]) <= asked)
        return sorted(_joined(rows, of_parts), key=lambda row: -_alike(_words_of(row[7]), asked))

    def _of_parts(self) -> list[Row]:
        """Names of some of the words: of one alone, or of two that stand side by side."""
        parts = [[t] for t in self._shown if self._words.is_name(t.spellings[0])]
        if len(self._shown) > 2:
            parts += [[*pair] for pair in pairwise(self._shown)]
        parts.sort(key=lambda part: -sum(map(self._weight, part)))
        return [row for part in parts[:_PARTS] for row in self._look(part)]

    def _is_known(self, term: _Term) -> bool:
        return bool(self._look([term]))

    def _beginning(self, term: _Term) -> _Term:
        """See `_Search._beginning`; what is a word itself is no beginning in people's tables."""
        return term if any(map(self._words.count, term.spellings)) else super()._beginning(term)

    def _select(self, match: str, most: int) -> list[Row]:
        return self._read(match)


def _read_names(index: sqlite3.Connection, plain: int, last: int, match: str) -> list[Row]:
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


def _words_of(name: str) -> set[str]:
    return {w.folded for w in words(name) if not w.is_rest}


def _alike(one: set[str], other: set[str]) -> float:
    """The share of words that both have (Jaccard's index)."""
    return len(one & other) / len(one | other)


def _joined(rows: list[Row], more: Iterable[Row]) -> list[Row]:
    """The rows, and after them those that are new."""
    known = {row[0] for row in rows}
    return [*rows, *(row for row in more if row[0] not in known)]


def _label(iri: str, label: str | None, language: str | None) -> Words:
    """What a thing is called; its IRI's end where it has no name."""
    return Words(label, language or None) if label else Words(iri.rstrip("/").rpartition("/")[2])


def _kinds(bits: int) -> tuple[Kind, ...]:
    return tuple(k for place, k in enumerate(KINDS) if bits >> place & 1)


def _too_slow(seconds: float, remedy: str) -> SearchTooSlow:
    return SearchTooSlow(f"The search was stopped after {seconds:g} seconds.", remedy)


def _written(word: str, hits: Sequence[Hit]) -> str:
    """How the texts that were found write a word."""
    marked = (piece.text for hit in hits for piece in hit.pieces if piece.marked)
    return next((text for text in marked if fold(text) == word), word)


def _is_more_than_letters(term: _Term) -> bool:
    """Whether it makes sense to look for a word that tells little without the others."""
    return len(term.spellings[0]) > 2 or not term.spellings[0].isascii()


def _terms(query: str) -> list[_Term]:
    """The words of a query, each once; a few more than count."""
    found: dict[str, None] = {}
    for word in words(query[:_LONGEST]):
        if not word.is_rest:
            found[word.folded] = None
        if len(found) > LONGEST_QUERY:
            break
    return [_Term((word,), typed=(word,)) for word in found]
