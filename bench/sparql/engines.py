"""What is measured: each engine loaded, started on a free port of 127.0.0.1, stopped at the end."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bench.sparql.data import BASE, Dataset
from triplomacy.engine.oxigraph import OxigraphEngine
from triplomacy.release.folder import Release, Releases
from triplomacy.release.manifest import Manifest, write_manifest

_RELEASE = "20250212T180000Z-1a2b3c4d"
_PATIENCE = 120  # seconds for a server to answer its first query


class Missing(Exception):
    """An engine cannot be measured here; the message says why."""


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine that runs.

    Attributes:
        name: as in the table.
        endpoint: where it takes queries.
        pid: its first process.
    """

    name: str
    endpoint: str
    pid: int

    def url(self, query: str) -> str:
        """The URL of a query by GET."""
        return f"{self.endpoint}?{urllib.parse.urlencode({'query': query})}"

    def get(self, query: str, accept: str, timeout: float = 300) -> bytes:
        """The answer to a query."""
        request = urllib.request.Request(self.url(query), headers={"Accept": accept})
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            body: bytes = answer.read()
            return body


def make_site(folder: Path, data: Dataset) -> Path:
    """Make a site with one release of `data`, checked by nobody, and index it."""
    folder.mkdir()
    releases = Releases(folder / "releases")
    release = Release(releases.folder / _RELEASE)
    release.queries.mkdir(parents=True)
    release.dumps.mkdir()
    OxigraphEngine.write_file(release.store, data.quads)
    release.context.write_text('{"@context": {}}\n')
    release.description.write_text("")
    release.report.write_text("")
    release.problems.write_text("[]\n")
    manifest = Manifest(
        version=_RELEASE,
        created="2025-02-12T18:00:00+00:00",
        facts=hashlib.sha256(data.quads.name.encode()).hexdigest(),
        inputs="0" * 64,
        base=BASE,
        title="Benchmark",
        description="Made-up diplomacy.",
        licence="https://creativecommons.org/licenses/by/4.0/",
        publisher="Triplomacy",
        publisher_url="https://example.org/",
        languages=("en",),
        source_text="full",
        quads=data.count,
        triples=data.count,
        files=(),
        software=version("triplomacy"),
    )
    write_manifest(release.folder, manifest)
    releases.switch(_RELEASE)
    return folder


@contextlib.contextmanager
def ours(site: Path, limits: str = "") -> Iterator[Engine]:
    """Triplomacy on `site`; `limits` is what stands in `[limits]` of its settings."""
    text = f'base = "{BASE}"\ntitle = "Benchmark"\n[limits]\n{limits}\n'
    (site / "triplomacy.toml").write_text(text)
    port = _free_port()
    arguments = ["serve", "--no-build", "--site", str(site), "--port", str(port)]
    command = [sys.executable, "-m", "triplomacy", *arguments]
    with _running(command, "Triplomacy", f"http://127.0.0.1:{port}/sparql") as engine:
        yield engine


@contextlib.contextmanager
def oxigraph(folder: Path, data: Dataset, seconds: int | None = None) -> Iterator[Engine]:
    """Oxigraph's server, on a store of its own; `seconds` is its deadline.

    Raises:
        Missing: it is not installed.
    """
    program = _program("oxigraph", "pip install oxigraph")
    store = folder / f"oxigraph-{data.count}"
    if not store.exists():
        load = [program, "load", "-l", str(store), "-f", str(data.triples)]
        subprocess.run(load, check=True, capture_output=True)
    port = _free_port()
    command = [program, "serve-read-only", "-l", str(store), "-b", f"127.0.0.1:{port}"]
    command += [] if seconds is None else ["--timeout-s", str(seconds)]
    with _running(command, "Oxigraph", f"http://127.0.0.1:{port}/query") as engine:
        yield engine


@contextlib.contextmanager
def virtuoso(folder: Path, data: Dataset) -> Iterator[Engine]:
    """Virtuoso 7, loaded by its bulk loader.

    Raises:
        Missing: it is not installed, or does not load.
    """
    program = _program("virtuoso-t", "apt-get install virtuoso-opensource-7-bin")
    isql = _program("isql-vt", "apt-get install virtuoso-opensource-7-bin")
    place = folder / f"virtuoso-{data.count}"
    fresh = not place.exists()
    place.mkdir(exist_ok=True)
    sql, port = _free_port(), _free_port()
    (place / "virtuoso.ini").write_text(_VIRTUOSO.format(sql=sql, port=port, data=folder))
    command = [program, "+foreground", "+configfile", "virtuoso.ini"]
    endpoint = f"http://127.0.0.1:{port}/sparql"
    with _running(command, "Virtuoso", endpoint, cwd=place) as engine:
        if fresh:
            orders = (
                f"ld_add('{data.triples}', '{BASE}graph/all');\nrdf_loader_run();\n"
                "checkpoint;\nselect ll_error from load_list where ll_error is not null;\n"
            )
            done = subprocess.run(
                [isql, f"127.0.0.1:{sql}", "dba", "dba", "VERBOSE=OFF", "BANNER=OFF"],
                input=orders,
                capture_output=True,
                text=True,
            )
            if done.returncode or "Error" in done.stderr:
                raise Missing(f"it does not load: {done.stderr.strip()[:300]}")
        yield engine


_VIRTUOSO = """[Database]
DatabaseFile = v.db
ErrorLogFile = v.log
LockFile = v.lck
TransactionFile = v.trx
xa_persistent_file = v.pxa
[TempDatabase]
DatabaseFile = vt.db
TransactionFile = vt.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
ServerThreads = 20
CheckpointInterval = 0
NumberOfBuffers = 340000
MaxDirtyBuffers = 250000
DirsAllowed = {data}
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerThreads = 16
KeepAliveTimeout = 60
MaxKeepAlives = 16
[SPARQL]
ResultSetMaxRows = 2000000
MaxQueryCostEstimationTime = 0
MaxQueryExecutionTime = 0
"""


@contextlib.contextmanager
def rdflib(data: Dataset) -> Iterator[Engine]:
    """rdflib-endpoint, which holds everything in memory.

    Raises:
        Missing: it is not installed.
    """
    program = _program("rdflib-endpoint", "pip install rdflib-endpoint uvicorn")
    port = _free_port()
    command = [program, "serve", "--host", "127.0.0.1", "--port", str(port), str(data.triples)]
    with _running(command, "rdflib-endpoint", f"http://127.0.0.1:{port}/") as engine:
        yield engine


def versions() -> list[str]:
    """Each engine that is here, with its version."""
    found = [f"triplomacy {version('triplomacy')}"]
    found += [f"{p} {version(p)}" for p in ("pyoxigraph", "granian", "flask")]
    for package in ("oxigraph", "rdflib", "rdflib-endpoint"):
        with contextlib.suppress(PackageNotFoundError):
            found.append(f"{package} {version(package)}")
    with contextlib.suppress(Missing):
        told = subprocess.run(
            [_program("virtuoso-t", ""), "--version"], capture_output=True, text=True
        )
        line = next(t for t in (told.stdout + told.stderr).splitlines() if "Version" in t)
        found.append(f"virtuoso {line.split()[1]}")
    return found


def memory(pid: int) -> int:
    """Bytes that a process and its descendants hold for themselves."""
    total = 0
    for one in _family(pid):
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
                if line.startswith(("Private_Clean", "Private_Dirty")):
                    total += int(line.split()[1]) * 1024
    return total


def processor(pid: int) -> float:
    """Seconds of processor that a process and its descendants have used."""
    ticks = 0
    for one in _family(pid):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _family(pid: int) -> list[int]:
    """A process and its descendants."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parent = int(entry.read_text().rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(entry.parent.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def _program(name: str, remedy: str) -> str:
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        raise Missing(f"{name} is not installed: {remedy}")
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def _running(
    command: list[str], name: str, endpoint: str, cwd: Path | None = None
) -> Iterator[Engine]:
    """Run a server until the block ends; enter it once the server answers."""
    server = subprocess.Popen(
        command,
        cwd=cwd,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONWARNINGS": "ignore"},
    )
    engine = Engine(name, endpoint, server.pid)
    try:
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                engine.get("ASK {}", "application/sparql-results+json", timeout=5)
                break
            except (urllib.error.URLError, OSError) as error:
                if server.poll() is not None:
                    raise Missing(f"it ended with {server.returncode}") from None
                if time.monotonic() > deadline:
                    raise Missing(f"it does not answer: {error}") from None
                time.sleep(0.05)
        yield engine
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
