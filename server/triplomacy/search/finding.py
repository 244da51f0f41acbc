"""Reads an index: from what somebody typed to things in their order, in bounded time.

What is tried, until something is found: all words as they are, and where that gives less than a
page, the last one as the beginning of a word; each as the beginning of a word (`Pres. Trump`);
words that differ by a slip; all but the most common words. Only folded words, in quotation marks,
reach the index's query language.
"""

from __future__ import annotations

import contextlib
import json
import queue
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from triplomacy.errors import NoSearchIndex, ReleaseError, SearchTooSlow
from triplomacy.search.index import INDEX, LAYOUT, kind_word
from triplomacy.search.slips import allowed, forms, is_forgiven, near
from triplomacy.search.snippets import Piece, snippet
from triplomacy.search.texts import KINDS, Kind, Role
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
_ALL = -1  # kinds, as bits
_NAMES_READ = 40  # names of things that are read for one name: some have it in many languages

_FIND = """
SELECT x.id, x.thing, t.kinds FROM words w
JOIN text x ON x.id = w.rowid JOIN thing t ON t.id = x.thing
WHERE w.words MATCH ? AND w.rowid <= ? ORDER BY w.rowid LIMIT ?
"""
_FIND_NAMES = """
SELECT x.id, x.thing, t.kinds, t.iri, t.label, t.language, x.role, x.value, x.language
FROM words w JOIN text x ON x.id = w.rowid JOIN thing t ON t.id = x.thing
WHERE w.words MATCH ? AND w.rowid > ? AND w.rowid <= ? AND t.kinds & ? ORDER BY w.rowid LIMIT ?
"""
_NEAR = """
SELECT DISTINCT word.word, texts FROM slip JOIN word ON word.id = slip.word
WHERE form IN (SELECT value FROM json_each(?))
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
        meant: the query with other words, where nothing was found for the typed ones.
        without: words that were left out, since nothing has them all.
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
    """A word of a query: its spellings, and whether it may be the beginning of a word."""

    spellings: tuple[str, ...]
    begins: bool = False

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
            query: what somebody typed, of any length and content.
            kind: only things of this kind.
            page: of `PER_PAGE` things, from 1; what is out of range becomes the nearest.

        Raises:
            SearchTooSlow: it took longer than `SECONDS`.
        """
        with self._connected() as index:
            return _Search(index, query, kind).page(page)

    def suggest(self, query: str, skip: int = 0) -> tuple[Hit, ...]:
        """The first few things whose names go on from what is typed so far, after `skip` others."""
        with self._connected() as index:
            return _Search(index, query, None, self._last_name).part(skip, SUGGESTED).hits

    def named(
        self, names: Iterable[tuple[str, tuple[Kind, ...]]], seconds: float
    ) -> Iterator[tuple[Named, ...]]:
        """Look many names up, one after the other.

        A name is found as typed, with its words in any order; where nothing has them all, as by
        `find`: by words that differ by a slip, by their beginnings, by the rarer of them.

        Args:
            names: each with the kinds of things that count; none for all.
            seconds: that all of them may take.

        Returns:
            For each name up to `NAMED` things, the shortest names first.

        Raises:
            SearchTooSlow: they took longer.
        """
        deadline = time.monotonic() + seconds
        with self._connected(seconds) as index:
            for name, kinds in names:
                if time.monotonic() > deadline:
                    raise _too_slow(seconds)
                plain, last = self._last_plain_name, self._last_name
                yield _NameSearch(index, name, kinds, plain, last).named()

    @contextlib.contextmanager
    def _connected(self, seconds: float | None = None) -> Iterator[sqlite3.Connection]:
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
                raise _too_slow(seconds) from error
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
        query: what was typed.
        kind: only things of this kind.
        last: the last text to look at; None for all.
    """

    def __init__(
        self, index: sqlite3.Connection, query: str, kind: Kind | None, last: int | None = None
    ) -> None:
        self._index = index
        self._kind = kind
        self._last = last if last is not None else 2**62
        terms = _terms(query)
        self.ignored = len(terms) > LONGEST_QUERY
        self.terms = terms[:LONGEST_QUERY]
        self.meant: tuple[str, ...] = ()
        self.without: tuple[str, ...] = ()

    def page(self, number: int) -> Found:
        """A page of what is found; what is out of range becomes the nearest."""
        return self._found((max(number, 1) - 1) * PER_PAGE, PER_PAGE, clamp=True)

    def part(self, start: int, size: int) -> Found:
        """A part of what is found, from so many things on."""
        return self._found(start, size)

    def _found(self, start: int, size: int, clamp: bool = False) -> Found:
        rows = self._rows() if self.terms else []
        texts: dict[int, int] = {}  # of each thing the best
        kinds: dict[int, int] = {}
        for text, thing, its_kinds in rows[:MOST]:
            texts.setdefault(thing, text)
            kinds[thing] = its_kinds
        if clamp:
            start = min(start, max(0, -(-len(texts) // size) - 1) * size)
        shown = [t for t in self.terms if t.spellings[0] not in self.without]
        marked = [s for term in shown for s in term.spellings]
        hits = tuple(self._hit(t, marked) for t in [*texts.values()][start : start + size])
        is_whole = len(rows) <= MOST
        counts = [(k, sum(v >> n & 1 for v in kinds.values())) for n, k in enumerate(KINDS)]
        return Found(
            hits,
            len(texts),
            is_whole,
            tuple((k, n) for k, n in counts if n) if is_whole else (),
            " ".join(_written(word, hits) for word in self.meant),
            self.without,
            self.ignored,
        )

    def _rows(self) -> list[Row]:
        """The texts that answer, in order: those of the first way that finds any."""
        *others, last = self.terms
        rows = self._look(self.terms)
        if 0 < len(rows) < PER_PAGE:
            known = {row[0] for row in rows}
            begun = self._look([*others, self._beginning(last)], self.terms)
            return [*rows, *(row for row in begun if row[0] not in known)]
        rows = rows or self._look([self._beginning(t) for t in self.terms], self.terms)
        return rows or self._corrected() or self._relaxed()

    def _corrected(self) -> list[Row]:
        """What is found with words that somebody may have meant, which are then the terms."""
        meant = [self._meant(term) for term in self.terms]
        if meant == self.terms:
            return []
        rows = self._look(meant) or self._look([self._beginning(t) for t in meant], meant)
        if rows:
            self.terms = meant
            self.meant = tuple(t.spellings[0] for t in meant)
        return rows

    def _meant(self, term: _Term) -> _Term:
        word = term.spellings[0]
        if not is_forgiven(word) or self._count(word):
            return term
        for slips in range(1, allowed(word) + 1):
            looked_up = json.dumps([*forms(word, slips)])
            candidates = self._index.execute(_NEAR, (looked_up,))
            found = near(word, candidates, slips)
            if found:
                return _Term(tuple(found))
        return term

    def _beginning(self, term: _Term) -> _Term:
        """A word or the beginning of one; the word alone where none goes on from it."""
        word = term.spellings[0]
        longer = "SELECT 1 FROM word WHERE word > ? AND word < ? LIMIT 1"
        if (
            len(term.spellings) == 1
            and not self._index.execute(longer, (word, word + chr(0x10FFFF))).fetchone()
        ):
            return term
        return _Term(term.spellings, True)

    def _relaxed(self) -> list[Row]:
        """What is found without the words that stand in most texts, or in none."""
        meant = [self._meant(term) for term in self.terms]
        counted = [(self._count(t.spellings[0]), t) for t in meant]
        left = sorted((c for c in counted if c[0] and _tells(c[1])), key=lambda c: c[0])
        for number in range(len(left) - (len(left) == len(meant)), 0, -1):
            kept = [t for _, t in left[:number]]
            rows = self._look(kept)
            if rows:
                pairs = zip(self.terms, meant, strict=True)
                self.without = tuple(t.spellings[0] for t, m in pairs if m not in kept)
                self.terms = [*(t for t in self.terms if t.spellings[0] in self.without), *kept]
                return rows
        return []

    def _count(self, word: str) -> int:
        """In how many texts a word stands."""
        found = self._index.execute("SELECT texts FROM word WHERE word = ?", (word,)).fetchone()
        return int(found[0]) if found else 0

    def _look(self, terms: Sequence[_Term], known: Sequence[_Term] = ()) -> list[Row]:
        """The texts with all the terms, in order; none where that was asked before."""
        if terms == known:
            return []
        match = " AND ".join(map(str, terms))
        if self._kind is not None:
            match += f' AND "{kind_word(self._kind.name)}"'
        return self._select(match)

    def _select(self, match: str) -> list[Row]:
        """The texts that match, in order."""
        return self._index.execute(_FIND, (match, self._last, MOST + 1)).fetchall()

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
        index, query: as for `_Search`.
        kinds: only things of these kinds; none for all.
        plain: the last of the names that come first, the shorter before the longer.
        last: the last of the others, of which the same holds.
    """

    def __init__(
        self,
        index: sqlite3.Connection,
        query: str,
        kinds: tuple[Kind, ...],
        plain: int,
        last: int,
    ) -> None:
        super().__init__(index, query, None, last)
        self._plain = plain
        self._bits = sum(1 << KINDS.index(kind) for kind in kinds) or _ALL

    def named(self) -> tuple[Named, ...]:
        """What is found."""
        things: dict[str, tuple[Row, list[tuple[Role, Words]]]] = {}
        for row in self._rows() if self.terms else ():
            _, _, _, iri, _, _, role, value, tag = row
            if iri in things or len(things) < NAMED:
                _, names = things.setdefault(iri, (row, []))
                names.append((Role(role), Words(value, tag or None)))
        return tuple(
            Named(iri, _label(iri, row[4], row[5]), _kinds(row[2]), tuple(names))
            for iri, (row, names) in things.items()
        )

    def _select(self, match: str) -> list[Row]:
        """See `_Search._select`; of very many names the shortest.

        So none is missed that consists of the words alone. Names are rare: it is faster to look at
        the kind of each thing than to have the index do so.
        """
        rows = self._between(match, 0, self._last, self._bits)
        if len(rows) == _NAMES_READ and rows[-1][0] <= self._plain:
            rows += self._between(match, self._plain, self._last, self._bits)
            rows.sort(key=lambda row: len(row[7]))
        return rows

    def _between(self, match: str, first: int, last: int, bits: int) -> list[Row]:
        values = (match, first, last, bits, _NAMES_READ)
        return self._index.execute(_FIND_NAMES, values).fetchall()

    def _rows(self) -> list[Row]:
        """The names that answer. A name of a thing of another kind is not looked for in parts."""
        rows = self._look(self.terms)
        if rows or self._is_of_another_kind():
            return rows
        return self._corrected() or self._begun() or self._relaxed()

    def _begun(self) -> list[Row]:
        return self._look([self._beginning(t) for t in self.terms], self.terms)

    def _is_of_another_kind(self) -> bool:
        match = " AND ".join(map(str, self.terms))
        values = (match, 0, self._last, _ALL, 1)
        return self._bits != _ALL and bool(self._index.execute(_FIND_NAMES, values).fetchall())


def _label(iri: str, label: str | None, language: str | None) -> Words:
    """What a thing is called; its IRI's end where it has no name."""
    return Words(label, language or None) if label else Words(iri.rstrip("/").rpartition("/")[2])


def _kinds(bits: int) -> tuple[Kind, ...]:
    return tuple(k for place, k in enumerate(KINDS) if bits >> place & 1)


def _too_slow(seconds: float) -> SearchTooSlow:
    return SearchTooSlow(
        f"The search was stopped after {seconds:g} seconds.", "look for rarer words, or fewer"
    )


def _written(word: str, hits: Sequence[Hit]) -> str:
    """How the texts that were found write a word."""
    marked = (piece.text for hit in hits for piece in hit.pieces if piece.marked)
    return next((text for text in marked if fold(text) == word), word)


def _tells(term: _Term) -> bool:
    """Whether a word alone tells enough to look for it without the others."""
    return len(term.spellings[0]) > 2 or not term.spellings[0].isascii()


def _terms(query: str) -> list[_Term]:
    """The words of a query, each once; a few more than count."""
    found: dict[str, None] = {}
    for word in words(query[:_LONGEST]):
        if not word.is_rest:
            found[word.folded] = None
        if len(found) > LONGEST_QUERY:
            break
    return [_Term((word,)) for word in found]
