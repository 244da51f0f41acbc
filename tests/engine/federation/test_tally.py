"""Calls are counted by all processes together, and a process that dies takes nothing with it."""

from __future__ import annotations

from pathlib import Path

from triplomacy.engine.federation.tally import Tally

SERVICES = ("https://a.example/", "https://b.example/")


def test_the_counts_of_all_processes_add_up(tmp_path: Path) -> None:
    path = tmp_path / "calls"
    tally = Tally(path, SERVICES, rows=3)
    assert {count for *_, count in tally.totals()} == {0}
    for row in range(3):
        for _ in range(row + 1):
            Tally(path, SERVICES).count(row, SERVICES[1], "answered")
    Tally(path, SERVICES).count(2, SERVICES[0], "time")
    counted = {(service, outcome): count for service, outcome, count in tally.totals()}
    assert counted.pop((SERVICES[1], "answered")) == 6
    assert counted.pop((SERVICES[0], "time")) == 1
    assert set(counted.values()) == {0}


def test_a_service_that_is_listed_twice_is_one(tmp_path: Path) -> None:
    tally = Tally(tmp_path / "calls", SERVICES * 2, rows=1)
    tally.count(0, SERVICES[1], "failed")
    assert [count for *_, count in tally.totals()] == [0, 0, 0, 0, 0, 1]
