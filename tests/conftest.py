"""What many tests share: this repository's site, built once, and a real server that shows it."""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests import stores

REPOSITORY = Path(__file__).resolve().parents[1]
# Each request on a connection of its own, so that no test depends on what the last one left.
NO_KEEP_ALIVE = httpx.Limits(max_keepalive_connections=0)
SITE_PARTS = ("triplomacy.toml", "ontology", "data", "shapes", "queries")


@dataclass(frozen=True)
class Server:
    """A running server: where it listens, the base IRI of its data, and its process."""

    url: str
    base: str
    site: Path
    process: subprocess.Popen[bytes]

    def local(self, iri: str) -> str:
        """The address at which this server shows an IRI under the base."""
        assert iri.startswith(self.base), iri
        return self.url + iri.removeprefix(self.base)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def copy_site(folder: Path) -> Path:
    """Copy this repository's site, without its releases, into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in SITE_PARTS:
        source = REPOSITORY / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        else:
            shutil.copyfile(source, folder / name)
    if stores.store_url():
        settings = folder / "triplomacy.toml"
        settings.write_text(f'store = "{stores.store_url()}"\n' + settings.read_text())
    return folder


def triplomacy(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    """Run a command of ours as people do, in a process of its own."""
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        [sys.executable, "-m", "triplomacy", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        **options,
    )


@contextlib.contextmanager
def serving(site: Path, *arguments: str) -> Iterator[Server]:
    """`triplomacy serve` for `site` on a free port, until the block ends."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "triplomacy", "serve", "--site", str(site)),
            *("--port", str(port), *(arguments or ("--workers", "1"))),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        wait_for(url + "health", process)
        yield Server(url, "https://w3id.org/triplomacy/", site, process)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        assert process.stdout is not None
        process.stdout.close()


def wait_for(url: str, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    """Wait until `url` answers; fail with the server's output if it ends before."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            output = process.stdout.read().decode() if process.stdout else ""
            pytest.fail(f"the server ended with {process.returncode}:\n{output}")
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(url).status_code == 200:
                return
        time.sleep(0.05)
    pytest.fail(f"{url} did not answer within {seconds} s")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`pytest --store=virtuoso tests/web`: the sites of the tests keep their facts there."""
    parser.addoption("--store", choices=stores.KINDS, default="embedded")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One worker more than cores, since tests wait for servers and browsers."""
    return (os.cpu_count() or 1) + 1


def pytest_configure(config: pytest.Config) -> None:
    """Markers of ours."""
    config.addinivalue_line("markers", "embedded: is about the embedded engine alone")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With another store, leave out what is about the embedded engine alone."""
    if config.getoption("--store") != "embedded":
        items[:] = [item for item in items if item.get_closest_marker("embedded") is None]


@pytest.fixture(scope="session", autouse=True)
def one_reading_of_the_certificates() -> Iterator[None]:
    """`httpx.get` reads the certificates of all authorities each time; no server here has one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", functools.cache(ssl.create_default_context))
        yield


@pytest.fixture(scope="session", autouse=True)
def server_of_facts(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """The server that holds the facts of the tests' sites, if they are not in folders of theirs."""
    kind = request.config.getoption("--store")
    if kind == "embedded":
        yield
        return
    with (
        pytest.MonkeyPatch.context() as patch,
        stores.running(kind, tmp_path_factory.mktemp("store")) as server,
    ):
        patch.setenv(stores.VARIABLE, server.url)
        yield


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this repository's site."""
    return copy_site(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="session")
def server(site: Path) -> Iterator[Server]:
    """A server of this repository's site, shared by all tests that only read."""
    with serving(site) as running:
        yield running


@pytest.fixture(scope="session")
def client(server: Server) -> Iterator[httpx.Client]:
    """An HTTP client for `server` that does not follow redirects by itself."""
    with httpx.Client(base_url=server.url, timeout=30, limits=NO_KEEP_ALIVE) as session:
        yield session


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator:  # type: ignore[type-arg]
    """Where every program is installed on purpose (`.ci/run`), a test that needs one must run."""
    report = yield
    if (
        report.skipped
        and os.environ.get("TRIPLOMACY_NO_SKIPS")
        and "needs " in str(report.longrepr)
    ):
        report.outcome = "failed"
    return report
