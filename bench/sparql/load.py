"""Sends requests and counts: `wrk`, whose one thread drives all connections.

wrk is C and does not parse bodies. How much of a core it takes is measured with every row, from the
times that the system keeps of ended children; a share far under one says that it does not hold back.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import tempfile
import time
import urllib.parse
from dataclasses import dataclass
from pathlib import Path

from bench.sparql.engines import Engine, Missing

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
        driver: the share of a core that the driver took.
    """

    rate: float
    p50: float
    p99: float
    worst: float
    requests: int
    failed: int
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
        driver=used / wall,
    )
