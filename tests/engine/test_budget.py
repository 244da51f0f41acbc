"""Each client has so many seconds of processing a minute, whichever process it meets."""

from __future__ import annotations

import dataclasses
import multiprocessing
import pickle
from dataclasses import dataclass
from pathlib import Path

import pytest

from triplomacy.engine.pool.board import Board, Running
from triplomacy.engine.pool.budget import Balance, Budget, key_of
from triplomacy.errors import OverBudget

ALICE, BOB = "192.0.2.1", "192.0.2.2"


@dataclass
class Clock:
    """A clock that is set by hand."""

    time: float = 1000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def budget(tmp_path: Path, clock: Clock) -> Budget:
    """A budget of 30 seconds a minute."""
    return Budget(tmp_path / "budget", 30, clock)


def left(budget: Budget, client: str) -> float:
    balance = budget.balance(client)
    assert balance is not None
    assert balance.refused == (balance.left <= 0)
    return balance.left


def test_a_client_has_its_budget_and_nobody_elses(budget: Budget) -> None:
    budget.charge(ALICE, 12)
    assert (left(budget, ALICE), left(budget, BOB)) == (18, 30)


def test_a_client_that_waits_gets_its_budget_back_and_no_more(budget: Budget, clock: Clock) -> None:
    budget.charge(ALICE, 20)
    clock.time += 20
    assert left(budget, ALICE) == 20
    clock.time += 3600
    assert left(budget, ALICE) == 30


def test_a_client_over_its_budget_is_told_when_it_has_some_again(
    budget: Budget, clock: Clock
) -> None:
    budget.charge(ALICE, 35)
    balance = budget.balance(ALICE)
    assert balance is not None
    assert balance.refused
    error = balance.refusal()
    assert (error.status, error.retry_after) == (429, 11)
    clock.time += 11
    assert left(budget, ALICE) == 0.5
    assert balance.until_full == 70


def test_queries_that_still_run_count(budget: Budget) -> None:
    running = [
        Running(0, 1, "a", 25.0, 5.0, ALICE, ""),
        Running(1, 2, "b", 6.0, 5.0, ALICE, ""),
        Running(2, 3, "c", 29.0, 1.0, BOB, ""),
    ]
    alice, bob = (budget.balance(who, lambda: running) for who in (ALICE, BOB))
    assert alice is not None
    assert bob is not None
    assert (alice.left, alice.refused, bob.left, bob.refused) == (-1, True, 1, False)


def test_a_query_that_ends_counts_once_at_every_moment(
    budget: Budget, clock: Clock, tmp_path: Path
) -> None:
    board = Board(tmp_path / "board", rows=1)
    board.start(0, 1, "a", 0.0, ALICE, "")
    running = [dataclasses.replace(q, seconds=25.0) for q in board.running()]
    assert budget.balance(ALICE, lambda: running) == Balance(30, 5)
    budget.charge(ALICE, 25, lambda: board.pay(0))  # and now its answer goes out
    assert [q.paid for q in board.running()] == [True]
    assert budget.balance(ALICE, board.running) == Balance(30, 5)
    board.finish(0)
    assert budget.balance(ALICE, board.running) == Balance(30, 5)
    board.start(0, 1, "b", 0.0, ALICE, "")
    assert [q.paid for q in board.running()] == [False]


@pytest.mark.parametrize("client", ["127.0.0.1", "127.3.2.1", "::1", "::ffff:127.0.0.1", ""])
def test_this_machine_has_no_budget_to_keep_to(budget: Budget, client: str) -> None:
    budget.charge(client, 1000)
    assert budget.balance(client) is None


def test_a_budget_of_zero_is_none(tmp_path: Path) -> None:
    budget = Budget(tmp_path / "budget", 0)
    budget.charge(ALICE, 1000)
    assert budget.balance(ALICE) is None


def test_an_ipv6_network_is_one_client_and_mapped_addresses_are_ipv4() -> None:
    assert key_of("2001:db8:1:2::3") == key_of("2001:db8:1:2:ffff::") != key_of("2001:db8:1:3::3")
    assert key_of("::ffff:192.0.2.1") == key_of("192.0.2.1") != key_of("192.0.2.2")
    assert key_of("a socket") != key_of("another")


def test_a_crowd_does_not_make_the_table_grow_or_forget_who_owes_most(
    budget: Budget, tmp_path: Path
) -> None:
    size = (tmp_path / "budget").stat().st_size
    budget.charge(ALICE, 1000)
    for number in range(20_000):
        budget.charge(f"10.0.{number // 256}.{number % 256}", 0.001)
    assert left(budget, ALICE) == -970
    assert (tmp_path / "budget").stat().st_size == size


def charge_often(path: Path) -> None:
    budget = Budget(path, 30, lambda: 0.0)
    for _ in range(500):
        budget.charge(ALICE, 0.5)


def test_processes_that_charge_at_once_lose_nothing(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=charge_often, args=(tmp_path / "b",)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert left(Budget(tmp_path / "b", 30, lambda: 0.0), ALICE) == 30 - 750


def test_the_error_goes_from_process_to_process_whole() -> None:
    error = pickle.loads(pickle.dumps(OverBudget("why", "what to do", 7)))
    assert (error.detail, error.remedy, error.retry_after) == ("why", "what to do", 7)
