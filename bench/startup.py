"""From nothing to the first page: check, build and start, on the article, in a new folder.

    python bench/startup.py [runs]

Prints the machine, the versions, and the seconds of each run until `/` answers with a page.
"""

from __future__ import annotations

import platform
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from importlib.metadata import version
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
PARTS = ("triplomacy.toml", "ontology", "data", "shapes", "queries")


def main() -> None:
    """Measure and print."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    print(f"{platform.platform()}, Python {platform.python_version()}")
    print(", ".join(f"{p} {version(p)}" for p in ("pyoxigraph", "shacl", "granian", "flask")))
    seconds = []
    for number in range(1, runs + 1):
        with tempfile.TemporaryDirectory() as folder:
            seconds.append(first_page(Path(folder)))
        print(f"run {number}: {seconds[-1]:.2f} s")
    print(f"median {statistics.median(seconds):.2f} s, worst {max(seconds):.2f} s, target 5 s")


def first_page(folder: Path) -> float:
    """Seconds from the command to the first page of a site that was never built."""
    for name in PARTS:
        source = REPOSITORY / name
        copy = shutil.copytree if source.is_dir() else shutil.copyfile
        copy(source, folder / name)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    start = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "-m", "triplomacy", "serve", "--site", str(folder), "--port", str(port)],
        stdout=subprocess.DEVNULL,
    )
    try:
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as page:
                    assert page.status == 200
                return time.perf_counter() - start
            except urllib.error.URLError:
                if server.poll() is not None:
                    raise SystemExit(f"the server ended with {server.returncode}") from None
                time.sleep(0.01)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


if __name__ == "__main__":
    main()
