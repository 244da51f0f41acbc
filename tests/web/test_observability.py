"""The operator sees what the server does: its health, its metrics, and a log of queries."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.conftest import Server, serving, wait_for
from tests.ports import reserved_port
from tests.test_operating import ENDLESS, site_with_many
from tests.waiting import until
from tests.web.sending import of_one_that_ran
from tests.web.small_release import make_site
from tests.web.test_limits import alive, descendants

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def metrics(url: str) -> Samples:
    """All samples by name and labels."""
    answer = httpx.get(f"{url}metrics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=")
    assert answer.headers["Cache-Control"] == "no-store"
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def value(samples: Samples, name: str, **labels: str) -> float:
    return samples.get((name, tuple(sorted(labels.items()))), 0.0)


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory) -> object:
    """A server of two workers and two query processes."""
    site = site_with_many(tmp_path_factory.mktemp("observed"))
    with (site / "triplomacy.toml").open("a") as settings:
        settings.write("[limits]\nseconds = 120\nprocesses = 2\nqueue = 1\n")
    with serving(site, "--no-build", "--workers", "2") as running:
        yield running


def ask(server: Server, text: str, **fields: str) -> int:
    """The status of a query, on a new connection, so that any worker gets it."""
    url, data = f"{server.url}sparql", {"query": text, **fields}
    return of_one_that_ran(lambda: httpx.post(url, data=data)).status_code


def test_queries_are_counted_by_how_they_ended_over_all_workers(observed: Server) -> None:
    before = metrics(observed.url)
    for number in range(20):
        assert ask(observed, f"SELECT ({number} AS ?n) {{}}") == 200
    for _ in range(4):
        assert ask(observed, "ASK {") == 400
    assert ask(observed, ENDLESS, timeout="0.2") == 503
    with httpx.Client() as same_worker:
        for _ in range(3):
            same_worker.get(f"{observed.url}sparql", params={"query": "ASK { ?a ?b 'remembered' }"})
    after = metrics(observed.url)
    found = {
        outcome: value(after, "triplomacy_queries_total", outcome=outcome)
        - value(before, "triplomacy_queries_total", outcome=outcome)
        for outcome in ("answered", "refused", "time", "remembered", "failed", "left")
    }
    assert found == {
        "answered": 21,
        "refused": 4,
        "time": 1,
        "remembered": 2,
        "failed": 0,
        "left": 0,
    }
    assert value(after, "triplomacy_query_evaluation_seconds_count") >= 21
    assert value(after, "triplomacy_query_queue_seconds_count") >= 21


def test_requests_are_counted_by_family_and_status(observed: Server) -> None:
    before = metrics(observed.url)
    for path in ("robots.txt", "dataset", "no/such/page", "no/other/page"):
        httpx.get(observed.url + path)
    after = metrics(observed.url)

    def more(**labels: str) -> float:
        name = "triplomacy_requests_total"
        return value(after, name, **labels) - value(before, name, **labels)

    assert more(family="dataset", status="200") == more(family="crawlers", status="200") == 1
    assert more(family="none", status="404") == 2
    assert not any("no/such" in str(labels) for _, labels in after)
    assert value(after, "triplomacy_request_seconds_count", family="dataset") >= 1


def memory_of(samples: Samples) -> list[tuple[dict[str, str], float]]:
    """The memory of each process, with its labels."""
    return [(dict(labels), v) for (name, labels), v in samples.items() if "resident" in name]


def at_rest(server: Server) -> Samples:
    """The metrics, as soon as all processes live and none runs a query."""

    def look() -> Samples:
        samples = metrics(server.url)
        kinds = sorted(labels["process"] for labels, _ in memory_of(samples))
        complete = kinds == ["query", "query", "supervisor", "web", "web"]
        return samples if complete and not value(samples, "triplomacy_queries_running") else {}

    return until(look)


def test_what_is_now_is_told(observed: Server) -> None:
    samples = at_rest(observed)
    assert value(samples, "triplomacy_query_processes") == 2
    assert value(samples, "triplomacy_release_triples") == 200
    memory = memory_of(samples)
    family = descendants(observed.process.pid)
    assert all(int(labels["pid"]) in family and v > 1_000_000 for labels, v in memory)
    [release] = [dict(labels) for (name, labels) in samples if name == "triplomacy_release"]
    assert release["version"] == until(lambda: healthy(observed)).json()["release"]


def test_a_killed_query_process_is_told_no_more(observed: Server) -> None:
    before = {labels["pid"] for labels, _ in memory_of(at_rest(observed))}
    assert ask(observed, ENDLESS, timeout="0.2") == 503
    after = until(lambda: pids_without_one_of(before, at_rest(observed)), 60)
    assert all(alive(int(pid)) for pid in after)


def pids_without_one_of(before: set[str], samples: Samples) -> set[str]:
    """The processes, if one of those that were there before is gone; none otherwise."""
    after = {labels["pid"] for labels, _ in memory_of(samples)}
    return after if before - after else set()


def test_health_says_that_it_is_live_and_ready_and_answers_queries(observed: Server) -> None:
    at_rest(observed)
    answer = until(lambda: healthy(observed))
    body = answer.json()
    assert (body["status"], body["live"], body["ready"]) == ("ok", True, True)
    assert body["queries"] == "answering"


def healthy(server: Server) -> httpx.Response | None:
    """What `/health` says, if that is good; where the machine stands still, it says so."""
    answer = httpx.get(server.url + "health")
    return answer if answer.status_code == 200 else None


def test_health_is_503_where_queries_cannot_be_answered(tmp_path: Path) -> None:
    site = make_site(tmp_path / "site")
    with serving(site, "--no-build", "--workers", "1") as running:
        samples = metrics(running.url)
        [supervisor] = [
            int(dict(labels)["pid"])
            for name, labels in samples
            if ("process", "supervisor") in labels
        ]
        os.kill(supervisor, signal.SIGKILL)
        until(lambda: httpx.get(running.url + "health").status_code == 503)
        answer = httpx.get(running.url + "health")
        assert answer.status_code == 503
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["Retry-After"]
        assert httpx.get(running.url + "dataset").status_code == 200


def test_every_query_is_a_line_of_the_log_without_its_text(tmp_path: Path) -> None:
    site = site_with_many(tmp_path)
    with (site / "triplomacy.toml").open("a") as settings:
        settings.write("[limits]\nseconds = 120\n")
    for option in ([], ["--query-log"]):
        log = tmp_path / "log"
        command = [sys.executable, "-m", "triplomacy", "serve", "--site", str(site), "--no-build"]
        with reserved_port() as port, log.open("wb") as errors:
            url = f"http://127.0.0.1:{port}/"
            process = subprocess.Popen(
                [*command, "--port", str(port), "--workers", "1", *option],
                stdout=subprocess.DEVNULL,
                stderr=errors,
            )
            try:
                wait_for(url + "health", process)
                three = {"query": "SELECT ?secret { ?secret ?a ?b } LIMIT 3"}
                quick, again = (httpx.get(url + "sparql", params=three) for _ in range(2))
                endless = {"query": ENDLESS, "timeout": "1"}
                stopped = of_one_that_ran(lambda: httpx.get(url + "sparql", params=endless))  # noqa: B023
            finally:
                process.terminate()
                process.wait()
        text = log.read_text()
        assert "secret" not in text
        assert "Traceback" not in text
        lines = {line["id"]: line for line in map(json.loads, text.splitlines())}
        killed = lines[stopped.headers["Query-Id"]]
        assert (killed["outcome"], killed["status"], killed["client"]) == (
            *("time", 503, "127.0.0.1"),
        )
        assert killed["seconds"] >= 1
        if option:
            answered = lines[quick.headers["Query-Id"]]
            assert (answered["outcome"], answered["bytes"]) == ("answered", len(quick.content))
            assert answered["evaluation"] > 0
            assert answered["rows"] == lines[again.headers["Query-Id"]]["rows"] == 3
            assert lines[again.headers["Query-Id"]]["outcome"] == "remembered"
        else:
            assert quick.headers["Query-Id"] not in lines


def test_the_text_of_a_slow_query_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    from triplomacy.web import account
    from triplomacy.web.metrics import Metrics

    caplog.set_level("INFO", logger="triplomacy.queries")
    for ago, outcome in ((account.SLOW + 1, "answered"), (0.0, "answered"), (99.0, "budget")):
        slow = account.Account("0" * 16, "192.0.2.1", "SELECT * {}", outcome=outcome)
        slow._opened -= ago
        slow.close(200, Metrics())
    logged = [(record.levelname, json.loads(record.message)) for record in caplog.records]
    assert [(level, line.get("query")) for level, line in logged] == [
        ("WARNING", "SELECT * {}"),
        ("INFO", None),
        ("INFO", None),
    ]
