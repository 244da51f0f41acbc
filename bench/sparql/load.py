"""Sends requests and counts: `wrk`, whose one thread drives all connections.

Queries that take long are sent one after the other instead, a few of them, however long they take:
in a short round wrk would see none of them end.

wrk is C and does not parse bodies. How much of a core it takes is measured with every row, from
the times that the system keeps of ended children; a share far under one says that it does not hold
the engines back.
"""

from __future__ import annotations

import itertools
import json
import resource
import shutil
import statistics
import subprocess
import tempfile
import time
import urllib.parse
from dataclasses import dataclass
from pathlib import Path

from bench.sparql.engines import Engine, Missing, processor

_SCRIPT = """
local paths, n = {}, 0
for line in io.lines(os.getenv("BENCH_PATHS")) do paths[#paths + 1] = line end
function request()
  n = n % #paths + 1
  return wrk.format("GET", paths[n])
end
function done(summary, latency)
  local e = summary.errors
  io.stderr:write(string.format(
    '{"requests": %d, "micros": %d, "p50": %d, "p99": %d, "max": %d, "failed": %d, "broken": %d}',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    latency.max, e.status, e.connect + e.read + e.write + e.timeout))
end
"""


@dataclass(frozen=True, slots=True)
class Load:
    """What a run of requests showed.

    Attributes:
        rate: requests a second.
        p50, p99, worst: milliseconds.
        requests: how many were answered.
        failed: how many of them with another status than 200, or not at all.
        cost: milliseconds of processor that the engine took for one, which a busy machine changes
            far less than it changes times.
        driver: the share of a core that the driver took.
    """

    rate: float
    p50: float
    p99: float
    worst: float
    requests: int
    failed: int
    cost: float
    driver: float


def drive(
    engine: Engine, queries: list[str], accept: str, *, connections: int, seconds: float
) -> Load:
    """Send `queries`, in their order, over and over, for `seconds`.

    Raises:
        Missing: wrk is not installed.
    """
    program = shutil.which("wrk")
    if program is None:
        raise Missing("wrk is not installed: apt-get install wrk")
    where = urllib.parse.urlsplit(engine.endpoint)
    with tempfile.TemporaryDirectory() as name:
        script, paths = Path(name, "script.lua"), Path(name, "paths")
        script.write_text(_SCRIPT)
        lines = (f"{where.path}?{urllib.parse.urlencode({'query': q})}\n" for q in queries)
        paths.write_text("".join(lines))
        command = [program, "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s"]
        command += ["--timeout", "60s", "-s", str(script), "-H", f"Accept: {accept}"]
        spent = processor(engine.pid)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        done = subprocess.run(
            [*command, f"http://{where.netloc}"],
            env={"BENCH_PATHS": str(paths)},
            capture_output=True,
            text=True,
            check=True,
        )
        wall = time.perf_counter() - start
        spent = processor(engine.pid) - spent
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    told = json.loads(done.stderr)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Load(
        rate=told["requests"] / (told["micros"] / 1e6),
        p50=told["p50"] / 1000,
        p99=told["p99"] / 1000,
        worst=told["max"] / 1000,
        requests=told["requests"],
        failed=told["failed"] + told["broken"],
        cost=1000 * spent / max(1, told["requests"]),
        driver=used / wall,
    )


_LONG = 0.1  # seconds
_AT_LEAST = 3  # queries


def drive_fitly(
    engine: Engine, queries: list[str], accept: str, *, connections: int, seconds: float
) -> Load:
    """As `drive`, or one query after the other where they take long."""
    for query in (queries * 2)[-2:]:  # the second tells: a single query is remembered by then
        start = time.perf_counter()
        engine.get(query, accept)
    if time.perf_counter() - start < _LONG:
        return drive(engine, queries, accept, connections=connections, seconds=seconds)
    taken: list[float] = []
    spent = processor(engine.pid)
    for query in itertools.cycle(queries):
        start = time.perf_counter()
        engine.get(query, accept)
        taken.append((time.perf_counter() - start) * 1000)
        if len(taken) >= _AT_LEAST and sum(taken) >= seconds * 1000:
            break
    middle, worst = statistics.median(taken), max(taken)
    cost = 1000 * (processor(engine.pid) - spent) / len(taken)
    return Load(1000 / middle, middle, worst, worst, len(taken), 0, cost, 0.0)
