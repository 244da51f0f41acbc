"""Waiting for what happens, never for time: a busy machine takes longer, and fails no test."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import pytest

PATIENCE = 120.0
"""Seconds after which what has not happened never will; nothing that goes well takes as long."""

Found = TypeVar("Found")


def until(look: Callable[[], Found], seconds: float = PATIENCE) -> Found:
    """Look again and again until there is something, and return it; fail if there never is."""
    deadline = time.monotonic() + seconds
    pause = 0.0005
    while not (found := look()):
        if time.monotonic() > deadline:
            pytest.fail(f"not within {seconds:g} s; at last there was {found!r}")
        time.sleep(pause)
        pause = min(2 * pause, 0.02)
    return found


def is_done_within(seconds: float, work: Callable[[], object]) -> bool:
    """Whether `work` takes no longer at one of three tries, in the time that this thread runs."""
    for _ in range(3):
        began = time.thread_time()
        work()
        if time.thread_time() - began < seconds:
            return True
    return False
