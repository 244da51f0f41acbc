"""Measures reconciliation beside a peer, and prints.

python -m bench.reconcile --labels 400 1000000
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import shutil
import sqlite3
import tempfile
from pathlib import Path
from typing import Any

from bench.engine import FACTS, run
from bench.packages import version_of
from bench.reconcile import engines
from bench.reconcile.batches import SIZE, batches
from bench.reconcile.engines import BATCHES, ENGINES
from bench.search.data import write_data

TARGET = 2.0
"""Seconds for a batch of a thousand names."""


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser("bench.reconcile", description=__doc__)
    parser.add_argument("--labels", type=int, nargs="+", default=[400, 1_000_000])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="engines, with commas; all by default")
    parser.add_argument("--keep", type=Path, help="a folder for what is made, used again")
    given = parser.parse_args()
    print(f"{platform.platform()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}", end="")
    peers = ("pyoxigraph", "datasette", "datasette-reconcile")
    print("".join(f", {name} {version_of(name)}" for name in peers))
    names = given.only.split(",") if given.only else list(ENGINES)
    with contextlib.ExitStack() as stack:
        kept = given.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for labels in given.labels:
            folder = kept / str(labels)
            folder.mkdir(parents=True, exist_ok=True)
            if not (folder / BATCHES).exists():
                write_data(folder / FACTS, labels, given.seed)
                made = batches(folder / FACTS, given.seed)
                (folder / BATCHES).write_text(json.dumps(made))
            print(f"\n{SIZE:,} names, among {labels:,}\n")
            measure(folder, names)


def measure(folder: Path, names: list[str]) -> None:
    """Build what is not built, ask, print."""
    measured: dict[str, dict[str, Any]] = {}
    for name in names:
        try:
            if not (folder / name).exists():
                run(engines.__name__, name, "build", folder)
            measured[name] = run(engines.__name__, name, "ask", folder)
        except RuntimeError as missing:
            shutil.rmtree(folder / name, ignore_errors=True)
            print(f"{name}: left out: {missing}\n")
    heads = "seconds | processor s | right thing first | matched right | matched wrong"
    print(f"| Names | | {heads} | seconds / ours |\n|---|---|---:|---:|---:|---:|---:|---:|")
    for kind in next(iter(measured.values()), {}):
        for name, of_engine in measured.items():
            m = of_engine[kind]
            ratio = m["seconds"] / measured["ours"][kind]["seconds"] if "ours" in measured else 0
            print(
                f"| {kind} | {name} | {m['seconds']:.2f} | {m['processor']:.2f} | {m['first']} | "
                f"{m['right']} | {m['wrong']} | {ratio:.2f} |"
            )
    if "ours" in measured:
        worst = max(m["seconds"] for m in measured["ours"].values())
        print(f"\nours at worst: {worst:.2f} s, target {TARGET:g} s")


if __name__ == "__main__":
    main()
