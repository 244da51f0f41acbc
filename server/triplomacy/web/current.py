"""The publication: the current release, opened; switched between requests, never within one."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cached_property

from flask import current_app, g

from triplomacy.engine.oxigraph import OxigraphEngine
from triplomacy.engine.protocol import Engine
from triplomacy.errors import ReleaseError
from triplomacy.iris import Base
from triplomacy.release.folder import Release, Releases
from triplomacy.release.manifest import Manifest

_NAMES = "SELECT DISTINCT ?thing WHERE { ?thing a ?type FILTER(isIRI(?thing)) }"
_NAMED_TRIPLES = 100_000
_REMEMBERED_BYTES = 64 * 1024 * 1024


class Memory:
    """Bodies that were rendered for one release, the last used kept, bounded in bytes.

    A release never changes, so nothing in it can be stale; it goes with its publication.
    """

    def __init__(self, limit: int = _REMEMBERED_BYTES) -> None:
        self._bodies: OrderedDict[Hashable, bytes] = OrderedDict()
        self._size = 0
        self._limit = limit
        self._lock = threading.Lock()

    def get_or_make(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        """The body for `key`; made by `make` if it is not there."""
        with self._lock:
            if key in self._bodies:
                self._bodies.move_to_end(key)
                return self._bodies[key]
        body = make()
        with self._lock:
            if key not in self._bodies and len(body) <= self._limit // 8:
                self._bodies[key] = body
                self._size += len(body)
                while self._size > self._limit:
                    _, dropped = self._bodies.popitem(last=False)
                    self._size -= len(dropped)
        return body


@dataclass(frozen=True)
class Publication:
    """A release with its engine and what was rendered from it."""

    release: Release
    engine: Engine
    memory: Memory = field(default_factory=Memory)

    @property
    def manifest(self) -> Manifest:
        """What the release says about itself."""
        return self.release.manifest

    @property
    def base(self) -> Base:
        """The base IRI of the release's terms."""
        return Base(self.manifest.base)

    @cached_property
    def names(self) -> list[str]:
        """IRIs under the base that are described, for “did you mean”; empty in a huge release."""
        rows = self.engine.select(_NAMES) if self.manifest.triples <= _NAMED_TRIPLES else []
        iris = (row["thing"].value for row in rows)
        return sorted(iri for iri in iris if iri.startswith(self.base.iri))


class Current:
    """Gives the publication of the release that is current; opens a new one when it changes."""

    def __init__(self, releases: Releases) -> None:
        self.releases = releases
        self._publication: Publication | None = None
        self._lock = threading.Lock()

    def publication(self) -> Publication:
        """The current publication.

        Raises:
            ReleaseError: there is no release yet, or the new one cannot be opened and there is
                no older one to go on with.
        """
        version = self.releases.current_version()
        known = self._publication
        if known is not None and (version is None or version == known.release.version):
            return known
        with self._lock:
            known = self._publication
            if known is not None and version == known.release.version:
                return known
            if version is None:
                raise ReleaseError(f"{self.releases.folder}: no release yet", "triplomacy build")
            release = self.releases.get(version)
            release.manifest  # noqa: B018 - read it now, so that a damaged release fails here
            self._publication = Publication(release, OxigraphEngine.open(release.store))
            return self._publication


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
