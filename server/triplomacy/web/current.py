"""The publication: the current release, opened; switched between requests, never within one."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar

from flask import current_app, g
from pyoxigraph import Literal

from triplomacy.engine.protocol import Answer, Engine
from triplomacy.errors import ReleaseError
from triplomacy.iris import Base
from triplomacy.namespaces import RDFS, SKOS, WIKIDATA
from triplomacy.reconcile.ids import Ids
from triplomacy.reconcile.service import Service
from triplomacy.reconcile.terms import Terms
from triplomacy.release.description import used
from triplomacy.release.folder import Release, Releases
from triplomacy.release.manifest import Manifest
from triplomacy.release.store import open_engine
from triplomacy.sameness import SAME
from triplomacy.search.finding import SearchIndex

_log = logging.getLogger(__name__)

_NAMES = "SELECT DISTINCT ?thing WHERE { ?thing a ?type FILTER(isIRI(?thing)) }"
_LINKED = f"""
SELECT DISTINCT ?item ?label WHERE {{
  ?thing {"|".join(map(str, SAME))} ?item ;
    <{RDFS}label>|<{SKOS}prefLabel> ?label
  FILTER(isIRI(?item) && STRSTARTS(STR(?item), "{WIKIDATA}"))
}}
"""
_NAMED_TRIPLES = 100_000
_REMEMBERED_BYTES = 64 * 1024 * 1024


Value = TypeVar("Value")


class Memory(Generic[Value]):
    """What was made for one release, the last used kept, bounded in bytes.

    A release never changes, so nothing in it can be stale; it goes with its publication.

    Args:
        limit: in bytes.
    """

    def __init__(self, limit: int = _REMEMBERED_BYTES) -> None:
        self._values: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._size = 0
        self._limit = limit
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Value | None:
        """The value for `key`, if it is there."""
        with self._lock:
            held = self._values.get(key)
            if held is None:
                return None
            self._values.move_to_end(key)
            return held[0]

    def keep(self, key: Hashable, value: Value, size: int) -> None:
        """Remember a value of `size` bytes, unless it would push out too much else."""
        if size > self._limit // 8:
            return
        with self._lock:
            if key not in self._values:
                self._values[key] = (value, size)
                self._size += size
            while self._size > self._limit:
                _, (_, dropped) = self._values.popitem(last=False)
                self._size -= dropped


class Bodies(Memory[bytes]):
    """Rendered bodies, by whatever tells them apart."""

    def get_or_make(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        """The body for `key`; made by `make` if it is not there."""
        body = self.get(key)
        if body is None:
            body = make()
            self.keep(key, body, len(body))
        return body


@dataclass(frozen=True)
class Publication:
    """A release with its engine, and what was made from it.

    Attributes:
        release: the release.
        engine: reads it.
        memory: rendered bodies.
        answers: answers to queries.
        said: what was said to requests (see `web.gateway.repeats`).
    """

    release: Release
    engine: Engine
    memory: Bodies = field(default_factory=Bodies)
    answers: Memory[Answer] = field(default_factory=Memory)
    said: Memory[Any] = field(default_factory=Memory)

    @property
    def manifest(self) -> Manifest:
        """What the release says about itself."""
        return self.release.manifest

    @property
    def base(self) -> Base:
        """The base IRI of the release's terms."""
        return Base(self.manifest.base)

    @cached_property
    def search(self) -> SearchIndex:
        """The index of the release's texts.

        Raises:
            ReleaseError: it has none (`NoSearchIndex`), or it cannot be read.
        """
        return SearchIndex(self.release.search)

    @cached_property
    def is_searchable(self) -> bool:
        """Whether the release has an index of its texts that can be read."""
        try:
            return self.search is not None
        except ReleaseError as error:
            _log.warning("%s: %s", error.title, error.detail)
            return False

    @cached_property
    def reconciliation(self) -> Service:
        """What matches names in people's tables to the things of the release.

        Raises:
            ReleaseError: it has no index of its texts (`NoSearchIndex`), or is damaged.
        """
        description, ids = self.release.description, Ids(self.base)
        classes, properties = used(description, "class"), used(description, "property")
        terms = Terms(self.engine, self.base, self.manifest.languages, classes, properties)
        return Service(self.engine, self.search, self.manifest, terms, ids)

    @cached_property
    def names(self) -> list[str]:
        """IRIs under the base that are described, for “did you mean”; empty in a huge release."""
        rows = self.engine.select(_NAMES) if self.manifest.triples <= _NAMED_TRIPLES else []
        iris = (row["thing"].value for row in rows)
        return sorted(iri for iri in iris if iri.startswith(self.base.iri))

    @cached_property
    def linked(self) -> dict[str, str]:
        """Entities of Wikidata that are linked here, with our names; none if it is huge."""
        rows = self.engine.select(_LINKED) if self.manifest.triples <= _NAMED_TRIPLES else []
        names: dict[str, tuple[int, str]] = {}
        order = {tag: rank for rank, tag in enumerate(self.manifest.languages)}
        for row in rows:
            label = row["label"]
            if isinstance(label, Literal):
                ranked = (order.get(label.language or "", len(order)), label.value)
                names[row["item"].value] = min(ranked, names.get(row["item"].value, ranked))
        return {iri: name for iri, (_, name) in sorted(names.items(), key=lambda n: n[1][1])}


class Current:
    """Gives the publication of the release that is current; opens a new one when it changes."""

    def __init__(self, releases: Releases) -> None:
        self.releases = releases
        self._publication: Publication | None = None
        self._refused: str | None = None
        self._lock = threading.Lock()

    def publication(self) -> Publication:
        """The current publication.

        Raises:
            ReleaseError: there is no release yet, or the new one cannot be opened and there is
                no older one to go on with.
        """
        version = self.releases.current_version()
        known = self._publication
        if known is not None and version in (None, self._refused, known.release.version):
            return known
        with self._lock:
            known = self._publication
            if known is not None and version in (self._refused, known.release.version):
                return known
            if version is None:
                raise ReleaseError(f"{self.releases.folder}: no release yet", "triplomacy build")
            try:
                self._publication = self._open(version)
            except ReleaseError as error:
                if known is None:
                    raise
                _log.error("going on with %s: %s", known.release.version, error.detail)
                self._refused = version
                return known
            return self._publication

    def _open(self, version: str) -> Publication:
        release = self.releases.get(version)
        release.manifest  # noqa: B018 - read it now, so that a damaged release fails here
        return Publication(release, open_engine(release))


def publication() -> Publication:
    """The publication that this request reads, the same from its beginning to its end."""
    if "publication" not in g:
        current: Current = current_app.extensions["triplomacy"]
        g.publication = current.publication()
    found: Publication = g.publication
    return found


def releases() -> Releases:
    """All releases of the site that is served, for downloads of older ones."""
    current: Current = current_app.extensions["triplomacy"]
    return current.releases
