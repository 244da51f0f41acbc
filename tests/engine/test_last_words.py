"""Why a process died is read from its signal and its last words, and kept apart from our log."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from triplomacy.engine.pool import last_words


@pytest.mark.parametrize(
    ("ended_by", "words", "cause"),
    [
        (signal.SIGSEGV, "", "nesting"),
        (signal.SIGKILL, "", "memory"),
        (signal.SIGABRT, "memory allocation of 64 bytes failed", "memory"),
        (
            signal.SIGABRT,
            "terminate called after throwing 'std::bad_alloc'",
            "memory",
        ),
        (signal.SIGABRT, "user-provided comparison function is not a total order", "fault"),
        (signal.SIGBUS, "", "fault"),
    ],
)
def test_the_cause_of_a_death(ended_by: signal.Signals, words: str, cause: str) -> None:
    assert last_words.cause(int(ended_by), words) == cause


def test_an_exit_is_a_fault() -> None:
    assert last_words.cause(1 << 8, "") == "fault"


def test_what_the_engine_says_is_kept_and_what_python_says_is_not(tmp_path: Path) -> None:
    operator, told = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.dup2(told, 2)
        last_words.keep(tmp_path, 3)
        os.write(2, b"a panic\n" * 1000)
        print("a log", file=sys.stderr, flush=True)
        os._exit(0)
    os.close(told)
    os.waitpid(pid, 0)
    words = last_words.read(tmp_path, 3)
    assert words.endswith("a panic")
    assert len(words) <= 4000
    assert os.read(operator, 100) == b"a log\n"
    os.close(operator)


def test_a_process_that_said_nothing_has_no_last_words(tmp_path: Path) -> None:
    assert last_words.read(tmp_path, 0) == ""
