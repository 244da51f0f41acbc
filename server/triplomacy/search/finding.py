"""The index of a release, as the other parts use it: opened once, read by many, in bounded time."""

from __future__ import annotations

import contextlib
import queue
import sqlite3
import time
from collections.abc import Iterable, Iterator
from functools import lru_cache, partial
from pathlib import Path

from triplomacy.errors import NoSearchIndex, ReleaseError, SearchTooSlow
from triplomacy.search.index import INDEX, LAYOUT
from triplomacy.search.names import NameSearch, read_names
from triplomacy.search.query import Search
from triplomacy.search.results import Found, Hit
from triplomacy.search.results import Named as Named
from triplomacy.search.texts import Kind
from triplomacy.search.vocabulary import Vocabulary

SUGGESTED = 8
SECONDS = 2.0
"""Seconds that a search may take. It takes a few milliseconds."""

_OPCODES = 2_000  # steps of SQLite between two looks at the clock
_MMAP = 1 << 30  # bytes of the index that processes share as mapped pages
_REMEMBERED = 256  # questions of a batch of names that many of them have in common


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
            page: of `query.PER_PAGE` things, from 1; what is out of range becomes the nearest.

        Raises:
            SearchTooSlow: it took longer than `SECONDS`.
        """
        with self._connected() as index:
            kinds = (kind,) if kind else ()
            return Search(index, self._vocabulary(index), query, kinds).page(page)

    def suggest(self, query: str, skip: int = 0) -> tuple[Hit, ...]:
        """The first few things whose names go on from what is typed so far, after `skip` others."""
        with self._connected() as index:
            search = Search(index, self._vocabulary(index), query, (), self._last_name)
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
            For each name up to `names.NAMED` things, the most alike first.

        Raises:
            SearchTooSlow: they took longer.
        """
        deadline = time.monotonic() + seconds
        with self._connected(seconds, "send fewer names at a time") as index:
            vocabulary = self._vocabulary(index)
            read = lru_cache(_REMEMBERED)(
                partial(read_names, index, self._last_plain_name, self._last_name)
            )
            for name, kinds in names:
                if time.monotonic() > deadline:
                    raise _too_slow(seconds, "send fewer names at a time")
                yield NameSearch(index, vocabulary, name, kinds, self._last_name, read).named()

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


def _too_slow(seconds: float, remedy: str) -> SearchTooSlow:
    return SearchTooSlow(f"The search was stopped after {seconds:g} seconds.", remedy)
