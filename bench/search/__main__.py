"""Measures search beside its peers, and prints.

python -m bench.search --labels 1000000
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import shutil
import sqlite3
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.engine import FACTS, run
from bench.packages import version_of
from bench.search import engines
from bench.search.data import write_data
from bench.search.engines import ENGINES, QUERIES

TARGET = 0.020
"""Seconds: p95 of every kind of query."""
_MIB = 1024 * 1024


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser("bench.search", description=__doc__)
    parser.add_argument("--labels", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=200, help="of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="engines, with commas; all by default")
    parser.add_argument("--keep", type=Path, help="a folder for data and indexes, used again")
    given = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = given.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(exist_ok=True)
        print(f"{platform.platform()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}", end="")
        print("".join(f", {name} {version_of(name)}" for name in ("pyoxigraph", "tantivy")))
        if not (folder / QUERIES).exists():
            began = time.perf_counter()
            data = write_data(folder / FACTS, given.labels, given.seed, given.queries)
            (folder / QUERIES).write_text(json.dumps(data.queries))
            seconds = time.perf_counter() - began
            print(f"{data.labels:,} names, {data.quads:,} quads, made in {seconds:.0f} s")
        names = given.only.split(",") if given.only else list(ENGINES)
        measure(folder, names)


def measure(folder: Path, names: list[str]) -> None:
    """Build what is not built, ask, print."""
    print("\n| | seconds | processor s | peak MiB | disk MiB | memory when asked, MiB |")
    print("|---|---:|---:|---:|---:|---:|")
    answers: dict[str, dict[str, Any]] = {}
    for name in names:
        try:
            made = None
            if name != "suggest" and not (folder / name).exists():
                made = run(engines.__name__, name, "build", folder)
            answers[name] = run(engines.__name__, name, "ask", folder)
        except RuntimeError as missing:
            shutil.rmtree(folder / name, ignore_errors=True)
            print(f"| {name} | left out: {missing} |")
            continue
        memory = answers[name]["memory"] / _MIB
        cells = (
            f"{made['seconds']:.0f} | {made['processor']:.0f} | {made['peak'] / _MIB:.0f} | "
            f"{made['disk'] / _MIB:.0f}"
            if made
            else "| | | "
        )
        print(f"| {name} | {cells} | {memory:.0f} |", flush=True)
    if "ours" not in answers:
        return
    ours = answers["ours"]
    others = [name for name in answers if name != "ours"]
    heads = "".join(f" {name} | p95 / ours |" for name in others)
    print(f"\n| p50 / p95, ms | ours |{heads}\n|---|---:|{'---:|---:|' * len(others)}")
    for kind, times in ours["times"].items():
        cells = f"| {kind} | {_shown(ours, kind)} |"
        for name in others:
            ratio = p95(answers[name]["times"][kind]) / p95(times)
            cells += f" {_shown(answers[name], kind)} | {ratio:.3g} |"
        print(cells)
    print("\nThe same, milliseconds of processor; other work on the machine changes these least.\n")
    print(f"| p50 / p95, ms | {' | '.join(answers)} |\n|---|{'---:|' * len(answers)}")
    for kind in ours["processor"]:
        cells = " | ".join(_shown(a, kind, "processor") for a in answers.values())
        print(f"| {kind} | {cells} |")
    for what in ("times", "processor"):
        worst = max(p95(times) for times in ours[what].values())
        print(f"\nworst p95, {what}: {1000 * worst:.1f} ms, target {1000 * TARGET:.0f} ms")


def p95(times: list[float]) -> float:
    """The time that 95 of 100 stay under."""
    return statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]


def _shown(answer: dict[str, Any], kind: str, what: str = "times") -> str:
    times = answer[what][kind]
    found = 100 * answer["found"][kind] / len(times)
    middle = statistics.median(times)
    return f"{1000 * middle:.2f} / {1000 * p95(times):.2f} ({found:.0f} %)"


if __name__ == "__main__":
    main()
