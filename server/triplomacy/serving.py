"""Runs the application on granian: one process a core, each reading the same releases."""

from __future__ import annotations

import contextlib
import functools
import logging
import multiprocessing
import os
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from triplomacy.engine.pool.client import Pool
from triplomacy.engine.pool.supervisor import SOCKET, supervise
from triplomacy.errors import CannotListen, ReleaseError
from triplomacy.lifetime import die_with_parent
from triplomacy.limits import Limits
from triplomacy.processes import enrol
from triplomacy.release.folder import Releases
from triplomacy.servers import TEMPORARY, RunningServer, announced
from triplomacy.site import Settings

_log = logging.getLogger(__name__)

_THREADS = 16
"""Threads of a worker beside those that wait; the store releases the GIL."""
_PATIENCE = 30  # seconds for the query processes to start
_TICK = 0.5  # seconds after which a signal is noticed that another thread has taken
_GRACE = 8  # seconds for a worker to finish its requests, or its start, when the server stops


class _Interrupt(threading.Event):
    """What granian's main thread waits for.

    The system may give a signal to any thread, and Python runs its handler in the main one, which
    nothing wakes up then: SIGTERM would be lost. So it wakes up by itself.
    """

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the event is set, or for so many seconds."""
        if timeout is not None:
            return super().wait(timeout)
        while not super().wait(_TICK):
            pass
        return True


def free_to_bind(host: str, port: int) -> None:
    """Check that the server will be able to listen, before anything is built.

    Raises:
        CannotListen: the address is taken, unknown, or needs other rights.
    """
    try:
        places = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        family, kind, protocol, _, place = places[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except (OSError, UnicodeError) as error:  # UnicodeError: a name that no host can have
        raise CannotListen(
            f"cannot listen on {host}:{port}: {getattr(error, 'strerror', None) or error}",
            "choose another with --host and --port",
        ) from None


def url_of(host: str, port: int) -> str:
    """The address of a server that listens there."""
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def run(
    releases: Releases,
    host: str,
    port: int,
    settings: Settings,
    workers: int | None = None,
    query_log: bool = False,
) -> None:
    """Serve until SIGTERM or SIGINT; then finish the requests that run, and return.

    Args:
        releases: what to serve.
        host, port: where to listen.
        settings: the site's.
        workers: web processes; one for each core by default.
        query_log: whether every query is logged, not only those that are slow or were stopped.
    """
    limits = settings.limits
    pool = query_processes(releases, limits, settings.services)
    with pool as folder, contextlib.ExitStack() as announcement:
        this = RunningServer(os.getpid(), url_of(host, port), str(folder))
        try:
            announcement.enter_context(announced(releases.folder, this))
        except ReleaseError as error:  # a read-only folder can be served all the same
            _log.warning("`triplomacy queries` will not find this server: %s", error.detail)
        server = Granian(
            "triplomacy.web.app",
            address=host,
            port=port,
            interface=Interfaces.RSGI,
            workers=workers or os.cpu_count() or 1,
            log_level=LogLevels.error,
            respawn_failed_workers=True,
            workers_kill_timeout=_GRACE,
        )
        server.main_loop_interrupt = _Interrupt()
        server.serve(
            target_loader=functools.partial(_load, releases, folder, settings, query_log),
            wrap_loader=False,
        )


@contextlib.contextmanager
def query_processes(
    releases: Releases, limits: Limits, services: tuple[str, ...] = ()
) -> Iterator[Path]:
    """Run the pool of query processes; gives the folder in which it can be reached.

    Args:
        releases: where the stores are.
        limits: what a query may cost.
        services: the addresses of the endpoints that queries may call.
    """
    with tempfile.TemporaryDirectory(prefix=TEMPORARY) as name:
        folder = Path(name)
        # Spawned, not forked: it must begin without a store, a thread or a socket of ours.
        process = multiprocessing.get_context("spawn").Process(
            target=supervise, args=(folder, releases, limits, services), daemon=True
        )
        process.start()
        try:
            _wait_for(folder / SOCKET, process)
            yield folder
        finally:
            process.kill()
            process.join()


def _wait_for(path: Path, process: BaseProcess) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not path.exists():
        if not process.is_alive() or time.monotonic() > deadline:
            raise ReleaseError("the query processes do not start", "see the messages above")
        time.sleep(0.005)


def _load(
    releases: Releases, folder: Path, settings: Settings, query_log: bool, *_: Any, **__: Any
) -> Any:
    """Make the application, in the worker's process."""
    die_with_parent()  # or it would hold the port for ever
    enrol(folder, "web")
    counters = folder / "metrics"
    counters.mkdir(exist_ok=True)
    # The library of the metrics reads it once, when it is imported; hence the late import.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(counters)
    from triplomacy.web.account import log_to_stderr
    from triplomacy.web.app import create_app
    from triplomacy.web.gateway.rsgi import Gateway

    log_to_stderr(every=query_log)
    limits = settings.limits
    app = create_app(releases, Pool(folder, limits, settings.services))
    # A thread waits for each query that runs or queues; some must be left for pages.
    threads = limits.queue + 2 * (limits.processes or os.cpu_count() or 1) + _THREADS
    return Gateway(app, settings.trusted_proxies, threads)
