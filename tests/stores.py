"""Servers that can hold releases: Oxigraph's and Virtuoso, each started for the tests alone."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.ports import reserved_port
from tests.waiting import PATIENCE

VARIABLE = "TRIPLOMACY_TEST_STORE"
"""Where the sites of the tests keep their facts, if not in folders of their own."""
KINDS = ("embedded", "oxigraph", "virtuoso")


@dataclass(frozen=True)
class Store:
    """A server that runs: where it takes queries, and its process."""

    url: str
    process: subprocess.Popen[bytes]


def store_url() -> str:
    """Where the sites of these tests keep their facts; empty for folders of their own."""
    return os.environ.get(VARIABLE, "")


def skip_with_virtuoso(reason: str) -> None:
    """Skip what Virtuoso cannot do at all, which `docs/remote-store.md` says, too."""
    if "/sparql" in store_url():
        pytest.skip(f"Virtuoso {reason}")


@contextlib.contextmanager
def running(kind: str, folder: Path, settings: str = "") -> Iterator[Store]:
    """Run a server until the block ends.

    Args:
        kind: one of `KINDS`.
        folder: where it may keep its files.
        settings: of Virtuoso's section [SPARQL], one a line.
    """
    with {"oxigraph": _oxigraph, "virtuoso": _virtuoso}[kind](folder, settings) as store:
        yield store


@contextlib.contextmanager
def _oxigraph(folder: Path, settings: str) -> Iterator[Store]:
    with reserved_port() as port:
        command = [_program("oxigraph"), "serve", "--bind", f"127.0.0.1:{port}", "--timeout-s", "5"]
        with _answering(command, f"http://127.0.0.1:{port}/query", folder) as store:
            yield store


@contextlib.contextmanager
def _virtuoso(folder: Path, settings: str) -> Iterator[Store]:
    with reserved_port() as sql, reserved_port() as port, pytest.MonkeyPatch.context() as patch:
        text = _INI.format(sql=sql, port=port) + (settings or "ResultSetMaxRows = 2000000\n")
        (folder / "virtuoso.ini").write_text(text)
        command = [_program("virtuoso-t"), "+foreground", "+configfile", "virtuoso.ini"]
        with _answering(command, f"http://127.0.0.1:{port}/sparql", folder) as store:
            patch.setenv("TRIPLOMACY_STORE_USER", "dba")
            patch.setenv("TRIPLOMACY_STORE_PASSWORD", "dba")
            yield store


_INI = """[Database]
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
ServerThreads = 40
CheckpointInterval = 0
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerThreads = 32
KeepAliveTimeout = 60
MaxKeepAlives = 32
[SPARQL]
MaxQueryCostEstimationTime = 0
"""


def _program(name: str) -> str:
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        pytest.skip(f"needs {name}")
    return found


@contextlib.contextmanager
def _answering(command: list[str], url: str, folder: Path) -> Iterator[Store]:
    with (folder / "output.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                urllib.request.urlopen(f"{url}?query=ASK%7B%7D", timeout=PATIENCE).close()
                break
            except (urllib.error.URLError, OSError) as error:
                if process.poll() is not None or time.monotonic() > deadline:
                    said = (folder / "output.log").read_text(errors="replace")[-2000:]
                    pytest.fail(f"{command[0]} does not answer: {error}\n{said}")
                time.sleep(0.05)
        yield Store(url, process)
    finally:
        process.kill()
        process.wait()
