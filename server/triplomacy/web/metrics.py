"""What the operator's monitoring reads: counters of all web workers together, and what is now.

Each worker counts in files of its own, which the one that is asked adds up (the library's
multiprocess mode); so counters go on where a worker that died has left them. What is now, running
queries and memory, is looked up when it is asked for.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable

from flask import Flask, Response, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from triplomacy import __version__
from triplomacy.engine.pool.client import Pool
from triplomacy.errors import TriplomacyError
from triplomacy.processes import living
from triplomacy.web.current import publication

_SPANS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
_DIRECTORY = "PROMETHEUS_MULTIPROC_DIR"  # set by `serving`; the library has read it by now


class Metrics:
    """The counters of one web worker."""

    def __init__(self) -> None:
        self._own = CollectorRegistry()
        self._requests = Counter(
            "triplomacy_requests",
            "Requests, by family of addresses and status.",
            ["family", "status"],
            registry=self._own,
        )
        self._seconds = Histogram(
            "triplomacy_request_seconds",
            "Time from a request to the beginning of its answer, by family of addresses.",
            ["family"],
            buckets=_SPANS,
            registry=self._own,
        )
        self._queries = Counter(
            "triplomacy_queries",
            "Queries of strangers, by how they ended: remembered is a hit of the cache; busy and "
            "budget were turned away; time, memory, nesting, size, cancelled, service "
            "and service-time were stopped.",
            ["outcome"],
            registry=self._own,
        )
        self._queue = Histogram(
            "triplomacy_query_queue_seconds",
            "Time for which queries waited for a process.",
            buckets=_SPANS,
            registry=self._own,
        )
        self._evaluation = Histogram(
            "triplomacy_query_evaluation_seconds",
            "Time from a query's start to its answer, or to the first part of a large one.",
            buckets=_SPANS,
            registry=self._own,
        )

    def request(self, family: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(family, str(status)).inc()
        self._seconds.labels(family).observe(seconds)

    def query(self, outcome: str, queue: float | None, evaluation: float | None) -> None:
        """Count a query; a time that is not known is None."""
        self._queries.labels(outcome).inc()
        if queue is not None:
            self._queue.observe(queue)
        if evaluation is not None:
            self._evaluation.observe(evaluation)

    def text(self, now: Collector) -> bytes:
        """All counters of all workers, and what `now` tells, in the format of Prometheus."""
        registry = self._own
        if folder := os.environ.get(_DIRECTORY):
            registry = CollectorRegistry()
            MultiProcessCollector(registry, path=folder)  # type: ignore[no-untyped-call]
        at_present = CollectorRegistry()
        at_present.register(now)
        return generate_latest(registry) + generate_latest(at_present)


class Now(Collector):
    """What is at this moment.

    Args:
        pool: the query processes; None where there are none.
    """

    def __init__(self, pool: Pool | None) -> None:
        self._pool = pool

    def collect(self) -> Iterable[Metric]:
        """Running queries, memory, and the release."""
        yield from self._release()
        if self._pool is None:
            return
        running = self._pool.board.running()
        yield GaugeMetricFamily("triplomacy_queries_running", "Queries that run.", len(running))
        yield GaugeMetricFamily(
            "triplomacy_query_processes",
            "Queries that can run at the same time.",
            self._pool.board.rows,
        )
        if self._pool.calls is not None:
            calls = CounterMetricFamily(
                "triplomacy_service_calls",
                "Calls of other endpoints, by how they ended.",
                labels=["service", "outcome"],
            )
            for service, outcome, count in self._pool.calls.totals():
                calls.add_metric([service, outcome], count)
            yield calls
        memory = GaugeMetricFamily(
            "triplomacy_resident_memory_bytes",
            "Memory of each process, what it shares with others included.",
            labels=["process", "pid"],
        )
        for process in living(self._pool.folder):
            memory.add_metric([process.kind, str(process.pid)], process.resident)
        yield memory

    def _release(self) -> Iterable[Metric]:
        info = GaugeMetricFamily(
            "triplomacy_release",
            "The release that is served, and the software that serves it.",
            labels=["version", "software"],
        )
        triples = GaugeMetricFamily("triplomacy_release_triples", "Triples of that release.")
        try:
            manifest = publication().manifest
        except TriplomacyError:
            return  # there is none, which /health tells
        info.add_metric([manifest.version, __version__], 1)
        triples.add_metric([], manifest.triples)
        yield from (info, triples)


def install(app: Flask, pool: Pool | None) -> None:
    """Count the requests of `app`, and tell at `/metrics`."""
    metrics = Metrics()
    app.extensions["triplomacy-metrics"] = metrics
    now = Now(pool)

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def count(response: Response) -> Response:
        # The family is a name of ours, never a path, of which there are as many as people invent.
        family = request.blueprint or request.endpoint or "none"
        began = g.get("began", time.perf_counter())
        metrics.request(family, response.status_code, time.perf_counter() - began)
        return response

    @app.get("/metrics")
    def tell() -> Response:
        response = Response(metrics.text(now), content_type=CONTENT_TYPE_LATEST)
        response.headers["Cache-Control"] = "no-store"
        return response
