"""What many tests share: this repository's site, built once, and a real server that shows it."""

from __future__ import annotations

import contextlib
import inspect
import os
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import httpx
import pytest
from hypothesis import HealthCheck, settings

from tests import stores
from tests.ports import reserved_port
from tests.waiting import PATIENCE

REPOSITORY = Path(__file__).resolve().parents[1]
# Each request on a connection of its own, so that no test depends on what the last one left.
NO_KEEP_ALIVE = httpx.Limits(max_keepalive_connections=0)
_TRUST = ssl.create_default_context()
SITE_PARTS = ("triplomacy.toml", "ontology", "data", "shapes", "queries")

# By itself httpx gives up after 5 s, and so would tests on a machine that is busy with others; and
# it reads all certificates for each request, which takes 100 times as long as the request.
for _asks in (
    httpx.get,
    httpx.head,
    httpx.post,
    httpx.request,
    httpx.stream,
    httpx.Client.__init__,
):
    inspect.unwrap(_asks).__kwdefaults__.update(timeout=PATIENCE, verify=_TRUST)

# The same examples in each run, so that a change is judged by itself and not by luck; how long they
# take is no fault. `--hypothesis-profile=default` looks for others.
settings.register_profile(
    "reproducible",
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("reproducible")


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
        timeout=5 * PATIENCE,
        check=False,
        **options,
    )


@contextlib.contextmanager
def serving(site: Path, *arguments: str) -> Iterator[Server]:
    """`triplomacy serve` for `site` on a port of its own, until the block ends."""
    # What it says goes into a file: nobody reads a pipe, and a full one would stop the server.
    with reserved_port() as port, tempfile.TemporaryFile() as said:
        url = f"http://127.0.0.1:{port}/"
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "triplomacy", "serve", "--site", str(site)),
                *("--port", str(port), *(arguments or ("--workers", "1"))),
            ],
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            wait_for(url + "health", process, said)
            yield Server(url, "https://w3id.org/triplomacy/", site, process)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def wait_for(url: str, process: subprocess.Popen[bytes], said: IO[bytes] | None = None) -> None:
    """Wait until `url` answers; fail with what the server `said` if it ends before."""
    deadline = time.monotonic() + 2 * PATIENCE  # some servers build a release first
    while time.monotonic() < deadline:
        if process.poll() is not None:
            if said is not None:
                said.seek(0)
            output = said.read().decode() if said else ""
            pytest.fail(f"the server ended with {process.returncode}:\n{output}")
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(url).status_code == 200:
                return
        time.sleep(0.02)
    pytest.fail(f"{url} did not answer")


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
    with httpx.Client(base_url=server.url, limits=NO_KEEP_ALIVE) as session:
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
