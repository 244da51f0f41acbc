"""Strangers' queries run where they can be stopped, each for its own reason; no other suffers."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.waiting import until
from tests.web.small_release import make_site
from triplomacy.engine.pool.board import Running
from triplomacy.engine.pool.caller import Caller
from triplomacy.engine.pool.client import Pool
from triplomacy.engine.protocol import Query
from triplomacy.errors import (
    Cancelled,
    EndpointBusy,
    EngineFault,
    Left,
    QuerySyntaxError,
    QueryTooDeep,
    QueryTooLong,
    QueryTooMuchMemory,
    ResultTooLarge,
)
from triplomacy.limits import Limits
from triplomacy.release.folder import Releases
from triplomacy.serving import query_processes
from triplomacy.web.negotiation import Accept

LIMITS = Limits(seconds=120, memory_mib=64, result_mib=1, processes=2, queue=1)
VERSION = "20250212T180000Z-1a2b3c4d"
EASY = "SELECT (1 AS ?one) WHERE {}"
# 400 subjects: four of them joined without a shared variable are 25,600,000,000 solutions.
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
GREEDY = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?d ?g"
LARGE = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f }"


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pool]:
    """A pool of two processes on a store with 400 triples."""
    folder = tmp_path_factory.mktemp("pool")
    data = folder / "many.trig"
    triples = (f"<http://x/{n}> <http://x/p> <http://x/o{n}> ." for n in range(400))
    data.write_text(f"<http://x/g> {{ {' '.join(triples)} }}")
    releases = Releases(make_site(folder / "site", VERSION, data) / "releases")
    with query_processes(releases, LIMITS) as place:
        yield Pool(place, LIMITS)


def ask(pool: Pool, text: str, **options: object) -> bytes:
    """The whole answer in CSV."""
    answer = pool.ask(VERSION, Query(text), Accept("text/csv"), **options)  # type: ignore[arg-type]
    return b"".join(answer.chunks)


def assert_healthy(pool: Pool) -> None:
    """Soon nothing is left on the board, and both processes answer."""
    for _ in range(4):
        assert ask_in_the_end(pool, EASY) == b"one\r\n1\r\n"
    until(lambda: not pool.board.running())


def ask_in_the_end(pool: Pool, text: str, **options: object) -> bytes:
    """The answer, as soon as a process is free, or what was killed has been replaced."""

    def answer() -> bytes:
        with contextlib.suppress(EndpointBusy):
            return ask(pool, text, **options)
        return b""

    return until(answer)


def wait_until_one_runs(pool: Pool) -> Running:
    """The query that runs."""
    (query,) = until(pool.board.running)
    return query


def stop(pool: Pool, *threads: threading.Thread) -> None:
    """End whatever runs as if its time were over, until these threads have their answers."""
    while any(thread.is_alive() for thread in threads):
        for query in pool.board.running():
            pool.board.stop(query.id, "time")
        time.sleep(0.005)


def test_an_easy_query_is_answered(pool: Pool) -> None:
    assert ask(pool, EASY) == b"one\r\n1\r\n"
    assert_healthy(pool)


def test_an_error_of_the_query_comes_back_as_it_was_raised(pool: Pool) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        ask(pool, "SELECT * WHERE { ?s ?p }")
    assert (caught.value.line, caught.value.remedy) == (1, "correct the query at that place")
    assert_healthy(pool)


def test_a_query_that_never_ends_is_stopped_soon_after_its_deadline(pool: Pool) -> None:
    start = time.monotonic()
    with pytest.raises(QueryTooLong, match=r"longer than 0\.3 s"):
        ask_in_the_end(pool, ENDLESS, seconds=0.3)
    assert time.monotonic() - start >= 0.3
    assert_healthy(pool)


def test_a_request_can_lower_the_deadline_and_not_raise_it(pool: Pool) -> None:
    hasty = Pool(pool.folder, dataclasses.replace(LIMITS, seconds=1))
    with pytest.raises(QueryTooLong, match="longer than 1 s"):
        ask_in_the_end(hasty, ENDLESS, seconds=1000)
    assert_healthy(pool)


def test_a_query_that_eats_memory_is_stopped_for_that(pool: Pool) -> None:
    with pytest.raises(QueryTooMuchMemory, match="more than 64 MiB"):
        ask(pool, GREEDY)
    assert_healthy(pool)


@pytest.mark.parametrize("nested", ["(", "{", "!"])
def test_a_query_nested_deeper_than_the_stack_is_told_so(pool: Pool, nested: str) -> None:
    text = {
        "(": "SELECT * { FILTER" + "(" * 30_000 + "1" + ")" * 30_000 + " }",
        "{": "SELECT * " + "{" * 30_000 + "}" * 30_000,
        "!": "SELECT * { FILTER(" + "!" * 60_000 + "true) }",
    }[nested]
    with pytest.raises((QueryTooDeep, QueryTooLong, QuerySyntaxError)):
        ask_in_the_end(pool, text, seconds=3)
    assert_healthy(pool)


def test_an_answer_that_is_too_large_ends_in_an_error_not_in_silence(pool: Pool) -> None:
    answer = pool.ask(VERSION, Query(LARGE), Accept("text/csv"))
    assert next(answer.chunks)
    with pytest.raises(ResultTooLarge, match="longer than 1 MiB"):
        list(answer.chunks)
    assert_healthy(pool)


def test_a_client_that_leaves_frees_its_process(pool: Pool) -> None:
    answer = pool.ask(VERSION, Query(LARGE), Accept("text/csv"))
    next(answer.chunks)
    answer.chunks.close()  # type: ignore[attr-defined]
    assert_healthy(pool)


def test_a_caller_that_leaves_before_the_answer_frees_its_process_at_once(pool: Pool) -> None:
    caller = Caller()
    caught: list[BaseException] = []

    def run() -> None:
        with pytest.raises(Left) as info:
            ask(pool, ENDLESS, caller=caller)
        caught.append(info.value)

    thread = threading.Thread(target=run)
    thread.start()
    query = wait_until_one_runs(pool)
    caller.leave()
    thread.join()
    assert caught
    until(lambda: not pool.board.running(), query.left / 2)
    assert_healthy(pool)


def test_the_query_of_a_caller_that_leaves_the_queue_never_runs(pool: Pool) -> None:
    outcomes: list[str] = []

    def run(text: str, caller: Caller) -> None:
        try:
            ask(pool, text, caller=caller)
        except (Left, QueryTooLong, EndpointBusy) as error:
            outcomes.append(type(error).__name__)

    waiting = Caller()
    busy = [threading.Thread(target=run, args=(ENDLESS, Caller())) for _ in range(LIMITS.processes)]
    for thread in busy:
        thread.start()
    until(lambda: len(pool.board.running()) == LIMITS.processes)
    queued = threading.Thread(target=run, args=(f"{ENDLESS} # queued", waiting))
    queued.start()
    time.sleep(0.2)  # it may be in the queue by now, which cannot be seen
    waiting.leave()
    queued.join()
    stop(pool, *busy)
    assert sorted(outcomes) == ["Left", "QueryTooLong", "QueryTooLong"]
    assert_healthy(pool)


def test_a_caller_that_has_left_already_gets_nothing(pool: Pool) -> None:
    caller = Caller()
    caller.leave()
    with pytest.raises(Left):
        ask(pool, EASY, caller=caller)
    assert_healthy(pool)


def test_a_full_queue_is_refused_at_once_and_running_queries_go_on(pool: Pool) -> None:
    outcomes: list[type[Exception]] = []

    def run() -> None:
        try:
            ask(pool, ENDLESS)
        except (QueryTooLong, EndpointBusy) as error:
            outcomes.append(type(error))

    threads = [threading.Thread(target=run) for _ in range(12)]
    for thread in threads:
        thread.start()
    room = LIMITS.processes + LIMITS.queue + 1  # Linux lets one more wait than it is told
    until(lambda: len(outcomes) >= 12 - room)
    until(lambda: len(pool.board.running()) == LIMITS.processes)
    assert {*outcomes} == {EndpointBusy}
    stop(pool, *threads)
    assert outcomes.count(QueryTooLong) >= LIMITS.processes
    assert len(outcomes) == 12
    assert_healthy(pool)


def test_running_queries_are_listed_with_client_and_beginning(pool: Pool) -> None:
    def run() -> None:
        with pytest.raises(QueryTooLong):
            ask(pool, ENDLESS, client="192.0.2.7")

    thread = threading.Thread(target=run)
    thread.start()
    query = wait_until_one_runs(pool)
    assert (query.client, query.excerpt) == ("192.0.2.7", ENDLESS)
    assert query.left > 0
    stop(pool, thread)
    assert_healthy(pool)


def test_an_engine_that_fails_by_itself_is_told_so_and_not_blamed_on_memory(pool: Pool) -> None:
    caught: list[BaseException] = []

    def run() -> None:
        with pytest.raises(EngineFault) as info:
            ask(pool, ENDLESS)
        caught.append(info.value)

    thread = threading.Thread(target=run)
    thread.start()
    os.kill(wait_until_one_runs(pool).pid, signal.SIGABRT)
    thread.join()
    assert caught
    assert_healthy(pool)


def test_a_supervisor_that_stands_still_for_a_moment_is_waited_for(pool: Pool) -> None:
    caught: list[BaseException] = []

    def run() -> None:
        with pytest.raises(EngineFault) as info:
            ask(pool, ENDLESS)
        caught.append(info.value)

    thread = threading.Thread(target=run)
    thread.start()
    pid = wait_until_one_runs(pool).pid
    supervisor = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    os.kill(supervisor, signal.SIGSTOP)
    os.kill(pid, signal.SIGABRT)
    time.sleep(1)
    os.kill(supervisor, signal.SIGCONT)
    thread.join()
    assert caught
    assert_healthy(pool)


def test_the_operator_can_cancel_a_query(pool: Pool) -> None:
    caught: list[BaseException] = []

    def run() -> None:
        with pytest.raises(Cancelled) as info:
            ask(pool, ENDLESS)
        caught.append(info.value)

    thread = threading.Thread(target=run)
    thread.start()
    assert pool.board.stop(wait_until_one_runs(pool).id, "cancelled")
    thread.join()
    assert caught
    assert not pool.board.stop("0123456789abcdef", "cancelled")
    assert_healthy(pool)


def test_many_short_queries_from_many_threads_all_get_their_own_answer(pool: Pool) -> None:
    wrong: list[int] = []

    def run(number: int) -> None:
        for _ in range(5):
            answer = ask_in_the_end(pool, f"SELECT ({number} AS ?n) WHERE {{}}")
            if answer != f"n\r\n{number}\r\n".encode():
                wrong.append(number)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert_healthy(pool)


def test_a_pool_whose_supervisor_is_gone_says_so(tmp_path: Path) -> None:
    releases = Releases(make_site(tmp_path / "site", VERSION) / "releases")
    with query_processes(releases, LIMITS) as place:
        pool = Pool(place, LIMITS)
    with pytest.raises(EndpointBusy):
        ask(pool, EASY)
