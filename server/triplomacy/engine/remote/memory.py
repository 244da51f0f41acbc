"""What was read of a release, remembered, and what will be asked next, read along.

A page looks up things one after the other, most often things that the last answer named; over HTTP
each look-up costs a round trip. So what answers name is kept in mind, and the next look-up that
goes out takes along what is in mind. A release never changes, so nothing remembered is ever stale.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence

from pyoxigraph import BlankNode, NamedNode, Quad

Subject = NamedNode | BlankNode
Fetch = Callable[[Sequence[Subject], int], list[Quad] | None]
"""Reads the quads of subjects, up to a number; None if there are more."""

FetchLinks = Callable[[NamedNode, Sequence[Subject], int], list[tuple[Subject, Subject]] | None]

_QUADS = 200_000  # remembered
_ALONG = 150  # subjects read along with one
_IN_MIND = 5_000
_MOST = 5_000  # quads that one answer may have


class Links:
    """Remembers the links that come in to things, and reads them along with those of their like.

    Args:
        fetch: reads the subjects of several objects of a predicate, up to a number of links; None
            if there are more.
    """

    def __init__(self, fetch: FetchLinks) -> None:
        self._fetch = fetch
        self._known: OrderedDict[tuple[NamedNode, Subject], tuple[Subject, ...]] = OrderedDict()
        self._size = 0
        self._alike: OrderedDict[Subject, None] = OrderedDict()
        self._lock = threading.Lock()

    def subjects(self, predicate: NamedNode, object: Subject) -> tuple[Subject, ...] | None:
        """All that link to `object`; None if they are too many to be remembered.

        Raises:
            StoreError: as `fetch`.
        """
        with self._lock:
            found = self._known.get((predicate, object))
            along = [
                o
                for o in reversed(self._alike)
                if o != object and (predicate, o) not in self._known
            ]
        if found is None:
            objects = [object, *along[:_ALONG]]
            read = self._fetch(predicate, objects, _MOST)
            if read is None and along:
                objects = [object]
                read = self._fetch(predicate, objects, _MOST)
            if read is None:
                return None
            with self._lock:
                self._keep(predicate, objects, read)
            found = tuple(dict.fromkeys(s for o, s in read if o == object))
        self.mention(found)
        return found

    def mention(self, terms: Iterable[object]) -> None:
        """Keep in mind what an answer named together."""
        with self._lock:
            for term in terms:
                if isinstance(term, NamedNode | BlankNode):
                    self._alike[term] = None
                    self._alike.move_to_end(term)
            while len(self._alike) > _IN_MIND:
                self._alike.popitem(last=False)

    def _keep(
        self,
        predicate: NamedNode,
        objects: Sequence[Subject],
        read: Iterable[tuple[Subject, Subject]],
    ) -> None:
        by_object: dict[Subject, dict[Subject, None]] = {o: {} for o in objects}
        for object, subject in read:
            by_object[object][subject] = None
        for object, subjects in by_object.items():
            self._size += len(subjects) + 1 - len(self._known.pop((predicate, object), ()))
            self._known[predicate, object] = tuple(subjects)
        while self._size > _QUADS and len(self._known) > 1:
            self._size -= len(self._known.popitem(last=False)[1]) + 1


class Memory:
    """Remembers the quads of subjects, the last used longest.

    Args:
        fetch: reads them.
    """

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._known: OrderedDict[Subject, tuple[Quad, ...]] = OrderedDict()
        self._size = 0
        self._in_mind: OrderedDict[Subject, None] = OrderedDict()
        self._lock = threading.Lock()

    def quads(self, subject: Subject) -> tuple[Quad, ...] | None:
        """All quads of a subject; None if they are too many to be remembered.

        Raises:
            StoreError: as `fetch`.
        """
        with self._lock:
            found = self._known.get(subject)
            if found is not None:
                self._known.move_to_end(subject)
                return found
            along = self._along(subject)
        read = self._fetch([subject, *along], _MOST)
        if read is None and along:
            along = []
            read = self._fetch([subject], _MOST)
        if read is None:
            return None
        with self._lock:
            self._keep([subject, *along], read)
            return self._known[subject]

    def mention(self, terms: Iterable[object]) -> None:
        """Keep in mind what an answer named."""
        with self._lock:
            for term in terms:
                if isinstance(term, NamedNode | BlankNode) and term not in self._known:
                    self._in_mind[term] = None
            while len(self._in_mind) > _IN_MIND:
                self._in_mind.popitem(last=False)

    def _along(self, subject: Subject) -> list[Subject]:
        """What is in mind and not known yet, what came in last first."""
        self._in_mind.pop(subject, None)
        found: list[Subject] = []
        while self._in_mind and len(found) < _ALONG:
            found.append(self._in_mind.popitem()[0])
        return found

    def _keep(self, subjects: Sequence[Subject], quads: Iterable[Quad]) -> None:
        found: dict[Subject, list[Quad]] = {s: [] for s in subjects}
        for quad in quads:
            found[quad.subject].append(quad)  # type: ignore[index]
        for subject in reversed(subjects):  # what was asked for itself, last
            held = self._known.pop(subject, ())
            self._known[subject] = tuple(found[subject])
            self._size += len(found[subject]) + 1 - (len(held) + 1 if held else 0)
        for quad_list in found.values():
            for quad in quad_list:
                if isinstance(quad.object, NamedNode | BlankNode) and (
                    quad.object not in self._known
                ):
                    self._in_mind[quad.object] = None
                if quad.predicate not in self._known:
                    self._in_mind[quad.predicate] = None
        while len(self._in_mind) > _IN_MIND:
            self._in_mind.popitem(last=False)
        while self._size > _QUADS and len(self._known) > 1:
            _, dropped = self._known.popitem(last=False)
            self._size -= len(dropped) + 1
