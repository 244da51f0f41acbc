"""Measures the endpoint beside its peers, and prints.

python -m bench.sparql --triples 1000000
"""

from __future__ import annotations

import argparse
import contextlib
import os
import platform
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from bench.sparql import building, engines
from bench.sparql.agreement import is_empty, same
from bench.sparql.data import Dataset, write_dataset
from bench.sparql.engines import Engine, Missing
from bench.sparql.load import Load, drive, drive_fitly
from bench.sparql.queries import KINDS, Kind
from bench.sparql.stopping import after_deadline, beside, first_bytes

_VARIANTS = 60_000
_COMPARED = 20
_DEADLINE = 2  # seconds


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says."""

    triples: int
    rounds: int
    seconds: float
    seed: int
    only: str
    folder: Path


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser("bench.sparql", description=__doc__)
    parser.add_argument("--triples", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3, help="of each query and engine")
    parser.add_argument("--seconds", type=float, default=3, help="of each round")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--only", default="", help="queries, stopping or building; all three by default"
    )
    parser.add_argument("--keep", type=Path, help="a folder for data and stores, used again")
    given = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = given.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        options = Options(
            given.triples, given.rounds, given.seconds, given.seed, given.only, folder
        )
        options.folder.mkdir(parents=True, exist_ok=True)
        _run(options)


def _run(options: Options) -> None:
    print(f"{time.strftime('%Y-%m-%d %H:%M')} {platform.platform()}, {_machine()}")
    print(", ".join(engines.versions()))
    start = time.perf_counter()
    data = write_dataset(options.folder, options.triples, options.seed)
    print(
        f"{data.count:,} triples, seed {options.seed}: {data.actors:,} actors, {data.events:,} "
        f"events, {data.statements:,} statements ({time.perf_counter() - start:.0f} s to make)"
    )
    if options.only in ("", "building"):
        _building(options, data)
    site = options.folder / f"site-{data.count}"
    if not site.exists():
        engines.make_site(site, data)
    if options.only in ("", "queries"):
        _queries(options, data, site)
    if options.only in ("", "stopping"):
        _stopping(options, data, site)
    print(f"\nload average at the end: {os.getloadavg()[0]:.1f}")


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, load average {load:.1f} at the start"


def _queries(options: Options, data: Dataset, site: Path) -> None:
    with contextlib.ExitStack() as stack:
        running = _start(stack, _all(options.folder, data, site))
        _compare(options, data, running)
        print(
            f"\n{options.rounds} rounds of {options.seconds:g} s each, medians; ratio: ours/peer; "
            "*: some queries came twice, so our cache helped"
        )
        columns = [e.name for e in running]
        _header(columns)
        for kind in KINDS:
            # As many as no engine answers in all rounds: each round goes on with others.
            texts = kind.texts(data, _VARIANTS if kind.small else 3000, options.seed)
            _row(kind, "", running, columns, texts, options)
            _row(kind, ", cached", running, columns, texts[:1], options)
        large = KINDS[-1]
        print("\nlarge CONSTRUCT: first byte ms, last byte ms, MB")
        for engine in running:
            texts = large.texts(data, 9, options.seed + 1)
            first, last, size = first_bytes(engine, texts, large.accept)
            print(f"  {engine.name:16}{first:9.1f}{last:9.1f}{size:8.2f}")
        print("\nmemory of the processes' own after this, MiB")
        for engine in running:
            print(f"  {engine.name:16}{engines.memory(engine.pid) / 2**20:9.0f}")


def _all(
    folder: Path, data: Dataset, site: Path
) -> list[tuple[str, Callable[[], AbstractContextManager[Engine]]]]:
    found: list[tuple[str, Callable[[], AbstractContextManager[Engine]]]] = [
        ("Triplomacy", lambda: engines.ours(site)),
        ("Oxigraph", lambda: engines.oxigraph(folder, data)),
        ("Virtuoso", lambda: engines.virtuoso(folder, data)),
    ]
    if data.count <= 150_000:  # in memory, and slow: measured at its size
        found.append(("rdflib-endpoint", lambda: engines.rdflib(data)))
    return found


def _start(
    stack: contextlib.ExitStack,
    wanted: list[tuple[str, Callable[[], AbstractContextManager[Engine]]]],
) -> list[Engine]:
    running = []
    for name, start in wanted:
        try:
            running.append(stack.enter_context(start()))
        except Missing as reason:
            print(f"not measured: {name}: {reason}")
    return running


def _compare(options: Options, data: Dataset, running: list[Engine]) -> None:
    """Compare the answers of all engines with Oxigraph's server's, the reference."""
    reference = next((e for e in running if e.name == "Oxigraph"), running[0])
    compared = empty = 0
    for kind in KINDS:
        count = _COMPARED if kind.small else _COMPARED // 4
        for text in kind.texts(data, count, options.seed + 7):
            answer = reference.get(text, kind.accept)
            empty += is_empty(kind, answer)
            for engine in running:
                if engine is reference:
                    continue
                compared += 1
                if not same(kind, answer, engine.get(text, kind.accept)):
                    raise SystemExit(f"{engine.name} and {reference.name} differ:\n{text}")
    print(f"\nanswers agree: {compared} compared with {reference.name}'s, {empty} queries of none")


def _header(columns: list[str]) -> None:
    peers = columns[1:]
    titles = "".join(f" | {n[:10]:>10}{'p50':>8}{'p99':>8}{'cpu':>8}{'ratio':>7}" for n in peers)
    print(f"{'requests/s, ms':30}{'ours':>9}{'p50':>8}{'p99':>8}{'cpu':>8}{titles} | driver")


def _row(
    kind: Kind,
    suffix: str,
    running: list[Engine],
    columns: list[str],
    texts: list[str],
    options: Options,
) -> None:
    """One line of the table: the engines take turns, round by round."""
    loads: dict[str, list[Load]] = {name: [] for name in columns}
    per_round = max(1, len(texts) // options.rounds)
    for number in range(options.rounds):
        part = texts[number * per_round : (number + 1) * per_round] or texts
        turns = list(running)  # in another order each time
        random.Random(number).shuffle(turns)
        for engine in turns:
            connections = 8 if kind.small or suffix else 2
            try:
                load = drive_fitly(
                    engine, part, kind.accept, connections=connections, seconds=options.seconds
                )
            except OSError as error:
                if engine is running[0]:
                    raise
                print(f"{engine.name} is measured no more, it fails: {error}")
                running.remove(engine)
                loads[engine.name].clear()
                continue
            loads[engine.name].append(load)
            # Only a server that remembers answers gains by a query that comes twice.
            if engine is running[0] and not suffix and loads[engine.name][-1].requests > len(part):
                suffix += "*"
    ours = _median([r.rate for r in loads[running[0].name]])
    cells = []
    for name in columns:
        of = loads[name]
        if not of:
            cells.append(f"{'fails':>10}")
            continue
        rate, p50, p99, cost = (
            _median([getattr(r, a) for r in of]) for a in ("rate", "p50", "p99", "cost")
        )
        cell = f"{rate:{9 if name == columns[0] else 10}.1f}{p50:8.1f}{p99:8.1f}{cost:8.2f}"
        if name != columns[0]:
            cell += f"{ours / rate if rate else float('inf'):7.2f}"
        if any(r.failed for r in of):
            cell += f" ({sum(r.failed for r in of)} failed)"
        cells.append(cell)
    driver = max(r.driver for of in loads.values() for r in of)
    print(f"{kind.name + suffix:30}{' | '.join(cells)} | {driver:5.0%}", flush=True)


def _median(values: list[float]) -> float:
    return statistics.median(values)


def _stopping(options: Options, data: Dataset, site: Path) -> None:
    small = KINDS[0]
    texts = small.texts(data, _VARIANTS, options.seed + 2)
    third = len(texts) // 3
    print(f"\nan endless query, deadline {_DEADLINE} s: ms from the deadline to the error's end")
    with engines.ours(site, f"seconds = {_DEADLINE}") as engine:
        _late(engine)
    with contextlib.ExitStack() as stack:
        peers: list[tuple[str, Callable[[], AbstractContextManager[Engine]]]] = [
            ("Oxigraph", lambda: engines.oxigraph(options.folder, data, _DEADLINE))
        ]
        for peer in _start(stack, peers):
            _late(peer)
    print(f"\n{small.name} of 8 clients, {options.rounds} rounds: requests/s, p50, p99, worst ms")
    cases = (
        ("alone", "seconds = 1", False),
        ("beside an endless query that is never killed", "seconds = 600", True),
        ("beside endless queries, one killed each second", "seconds = 1", True),
    )
    seconds = max(4.0, options.seconds)
    loads: dict[str, list[Load]] = {name: [] for name, _, _ in cases}
    for number in range(options.rounds):
        part = texts[number * third : (number + 1) * third] or texts
        for name, limits, crowded in cases:
            with engines.ours(site, limits) as engine:
                drive(engine, texts[-2000:], small.accept, connections=8, seconds=1)  # warm
                if crowded:
                    load = beside(engine, part, small.accept, seconds)
                else:
                    load = drive(engine, part, small.accept, connections=8, seconds=seconds)
                loads[name].append(load)
    for name, of in loads.items():
        rate, p50, p99, worst = (
            _median([getattr(r, a) for r in of]) for a in ("rate", "p50", "p99", "worst")
        )
        failed = sum(r.failed for r in of)
        print(f"  {name:50}{rate:9.0f}{p50:8.1f}{p99:8.1f}{worst:8.0f}   {failed} failed")


def _late(engine: Engine) -> None:
    late, seen = after_deadline(engine, _DEADLINE)
    print(f"  {engine.name:16} median {_median(late):8.0f}, worst {late[-1]:8.0f}   ({seen})")


def _building(options: Options, data: Dataset) -> None:
    print("\nN-Quads to a store")
    for method, what in building.METHODS.items():
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            built = building.build(method, data.quads, Path(folder, "store"))
        if built is None:
            print(f"  {method:10} failed ({what})")
            continue
        print(
            f"  {method:10}{data.count / built.seconds:10,.0f} triples/s{built.seconds:8.1f} s"
            f"{built.processor / data.count * 1e6:6.1f} µs of processor a triple"
            f"{built.peak / 2**20:8,.0f} MiB at most{built.disk / 2**20:8,.0f} MiB on disk",
            f"({what})",
            flush=True,
        )


if __name__ == "__main__":
    main()
