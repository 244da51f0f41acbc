"""Runs the application on granian: one process a core, each reading the same releases."""

from __future__ import annotations

import functools
import os
import socket
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from triplomacy.errors import SiteError
from triplomacy.release.folder import Releases

_THREADS = 8
"""Threads of a worker: the store releases the GIL, and a slow client holds one up."""


def free_to_bind(host: str, port: int) -> None:
    """Check that the server will be able to listen, before anything is built.

    Raises:
        SiteError: the address is taken, unknown, or needs other rights.
    """
    try:
        places = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        family, kind, protocol, _, place = places[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except (OSError, UnicodeError) as error:  # UnicodeError: a name that no host can have
        raise SiteError(
            f"cannot listen on {host}:{port}: {getattr(error, 'strerror', None) or error}",
            "choose another with --host and --port",
        ) from None


def run(releases: Releases, host: str, port: int, workers: int | None = None) -> None:
    """Serve until SIGTERM or SIGINT; then finish the requests that run, and return."""
    server = Granian(
        "triplomacy.web.app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers or os.cpu_count() or 1,
        blocking_threads=_THREADS,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
    )
    server.serve(target_loader=functools.partial(_load, releases), wrap_loader=False)


def _load(releases: Releases, *_: Any, **__: Any) -> Any:
    """Make the application, in the worker's process."""
    from triplomacy.web.app import create_app

    return create_app(releases)
