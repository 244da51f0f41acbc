"""How long processes live: none of ours outlives the one that started it, however that one ends."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
from types import FrameType

_PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int | None = None) -> None:
    """Have the kernel kill this process when its parent ends (prctl(2); Linux only).

    Args:
        parent: the parent's process id; the one that `multiprocessing` knows by default. If it is
            gone already, this process ends at once: the kernel tells only of deaths to come.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    starter = multiprocessing.parent_process()
    if os.getppid() != (parent or (starter and starter.pid)):
        os._exit(1)


def end_on_sigterm() -> None:
    """End with exit code 0 on SIGTERM, running what stands in `finally`, at any moment."""

    def end(number: int, frame: FrameType | None) -> None:
        sys.exit(0)

    signal.signal(signal.SIGTERM, end)
