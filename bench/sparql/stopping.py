"""What a query that must be stopped costs: the client that sent it, and everybody else."""

from __future__ import annotations

import contextlib
import statistics
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

from bench.sparql.engines import Engine
from bench.sparql.load import Load, drive
from bench.sparql.queries import ENDLESS, RESULTS


def after_deadline(engine: Engine, deadline: float, times: int = 5) -> tuple[list[float], str]:
    """For an endless query, milliseconds from the deadline to the whole error.

    Returns:
        The times, sorted, and what the client saw, such as `503`.
    """
    late, seen = [], set()
    for number in range(times):
        start = time.perf_counter()
        try:
            engine.get(f"{ENDLESS} # {number}", RESULTS, timeout=deadline + 20)
            seen.add("200")
        except urllib.error.HTTPError as error:
            error.read()
            seen.add(str(error.code))
        except (urllib.error.URLError, OSError) as error:
            seen.add(f"no answer: {error}")
        late.append((time.perf_counter() - start - deadline) * 1000)
    return sorted(late), ", ".join(sorted(seen))


def beside(engine: Engine, queries: list[str], accept: str, seconds: float) -> Load:
    """The load of others while one client sends one endless query after the other."""
    with _endless(engine):
        time.sleep(0.3)
        return drive(engine, queries, accept, connections=8, seconds=seconds)


@contextlib.contextmanager
def _endless(engine: Engine) -> Iterator[None]:
    """Keep one endless query running, sent anew as often as it is stopped."""
    over = threading.Event()

    def send() -> None:
        number = 0
        while not over.is_set():
            number += 1
            with contextlib.suppress(OSError):  # HTTPError is one
                engine.get(f"{ENDLESS} # beside {number}", RESULTS, timeout=120)

    thread = threading.Thread(target=send, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()


def first_bytes(engine: Engine, queries: list[str], accept: str) -> tuple[float, float, float]:
    """For each query the first byte of the body and the last.

    Returns:
        Medians: milliseconds to the first byte and to the last, and MB of the body.
    """
    first, last, sizes = [], [], []
    for query in queries:
        request = urllib.request.Request(engine.url(query), headers={"Accept": accept})
        start = time.perf_counter()
        with urllib.request.urlopen(request, timeout=300) as answer:
            size = len(answer.read(1))
            first.append(time.perf_counter() - start)
            while piece := answer.read(1 << 20):
                size += len(piece)
        last.append(time.perf_counter() - start)
        sizes.append(size / 1e6)
    return (
        statistics.median(first) * 1000,
        statistics.median(last) * 1000,
        statistics.median(sizes),
    )
