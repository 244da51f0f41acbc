"""The store of a release: a folder beside its other files, or graphs on a server.

releases/
    20250212T180000Z-1a2b3c4d/store/       the embedded engine's
    20250212T180000Z-1a2b3c4d/store.json   where the release lies on a server
    .stores/0f3c….json                     what was ever put on a server

What is put on a server is written down before, and forgotten only when it is removed again; so what
a killed build left there, and releases whose folders are gone, are found and removed by the next
build, and nothing else is.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Sequence
from pathlib import Path

from pyoxigraph import Quad

from triplomacy.engine.federation.forwarder import Services
from triplomacy.engine.oxigraph import OxigraphEngine
from triplomacy.engine.protocol import Engine
from triplomacy.engine.remote.dialects import dialect_of
from triplomacy.engine.remote.engine import RemoteEngine, is_whole
from triplomacy.engine.remote.http import Client, credentials_of_environment
from triplomacy.engine.remote.loading import load, unload
from triplomacy.engine.remote.place import Place, new_place, read_place, write_place
from triplomacy.errors import ReleaseError, StoreError, TriplomacyError
from triplomacy.release.folder import Release, Releases

_log = logging.getLogger(__name__)

_CLAIMS = ".stores"


def open_engine(release: Release, services: Services | None = None) -> Engine:
    """Open the store of a release, wherever it is. A server is not asked before the first query.

    Args:
        release: the release.
        services: what strangers' queries may call from a store in the release's own folder;
            nothing by default, and nothing in any case from a store on a server.

    Raises:
        ReleaseError: it has none that can be read.
    """
    if release.place.is_file():
        return RemoteEngine(read_place(release.place), Client(credentials_of_environment()))
    return OxigraphEngine.open(release.store, services)


def write_store(
    url: str,
    releases: Releases,
    folder: Path,
    base: str,
    version: str,
    quads: Sequence[Quad],
    n_quads: Path | None = None,
) -> dict[str, str]:
    """Write the store of a new release.

    Args:
        url: the server's endpoint; empty for a store in the release's own folder.
        releases: the folder of releases.
        folder: in which the release is being made.
        base: the base IRI of the release.
        version: its version.
        quads: its facts.
        n_quads: a file of them in canonical N-Quads, if there is one.

    Returns:
        The literals that the server spells in its own way, as they are spelt here and there; that
        is put right when they are read.

    Raises:
        ReleaseError: it cannot be written.
        StoreError: the server does not answer, or does not take it.
    """
    release = Release(folder)
    if not url:
        if n_quads is None:
            OxigraphEngine.write(release.store, quads)
        else:
            OxigraphEngine.write_file(release.store, n_quads)
        return {}
    client = Client(credentials_of_environment())
    graphs = {q.graph_name.value for q in quads}  # type: ignore[union-attr]
    place = new_place(url, dialect_of(client, url).name, base, version, graphs)
    claims = releases.folder / _CLAIMS
    claims.mkdir(exist_ok=True)
    write_place(claims / _claim(place), place)
    try:
        place = load(client, place, quads)
    except TriplomacyError:
        remove_unused(releases)  # or the next build does
        raise
    write_place(release.place, place)
    return {here: there for there, here in place.respelt.items()}


def is_held(release: Release) -> bool:
    """Whether a release that lies on a server is still there; True for every other.

    Raises:
        ReleaseError: its place cannot be read.
        StoreError: the server does not answer.
    """
    if not release.place.is_file():
        return True
    return is_whole(Client(credentials_of_environment()), read_place(release.place))


def remove_unused(releases: Releases) -> None:
    """Remove from servers what belongs to no release of the folder; what fails, next time."""
    claims = sorted((releases.folder / _CLAIMS).glob("*.json"))
    if not claims:
        return
    used = set()
    for release in releases.all():
        with contextlib.suppress(ReleaseError):
            used.add(read_place(release.place).prefix)
    client = Client(credentials_of_environment())
    for claim in claims:
        try:
            place = read_place(claim)
            if place.prefix not in used:
                unload(client, place)
                claim.unlink(missing_ok=True)
        except (ReleaseError, StoreError) as error:
            _log.warning("%s: %s", claim.name, error.detail)


def _claim(place: Place) -> str:
    return f"{place.prefix.rstrip('/').rpartition('/')[2]}.json"
