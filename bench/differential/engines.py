"""Starts engines, each in a process of its own, asks them, and survives what they do."""

from __future__ import annotations

import contextlib
import json
import select
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_WORKER = Path(__file__).with_name("worker.py")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an engine made of a question: an answer, an error, or an end.

    Attributes:
        answer: as `worker` describes it; None if there is none.
        error: why there is none: the engine's own words, `crashed …` or `still running …`.
        died: whether the process ended, or had to be ended.
    """

    answer: dict[str, Any] | None
    error: str = ""
    died: bool = False


class Engine:
    """One engine in one process, started anew when it has died.

    Args:
        spec: `NAME`, or `NAME=PYTHON` for another interpreter, with another version of it.
        patience: seconds to wait for an answer.
    """

    def __init__(self, spec: str, patience: float = 10) -> None:
        self.name, _, python = spec.partition("=")
        self._python = python or sys.executable
        self._patience = patience
        self._process: subprocess.Popen[bytes] | None = None
        self._data: str | None = None

    def ask(self, data: str, query: str) -> Outcome:
        """What the engine answers to `query` on `data`, which is N-Quads."""
        if self._process is None:
            self._data = None
        process = self._running()
        assert process.stdin is not None, "it was started with pipes"
        assert process.stdout is not None, "it was started with pipes"
        asked = {"data": data if data != self._data else None, "query": query}
        self._data = data
        try:
            process.stdin.write(json.dumps(asked).encode() + b"\n")
            process.stdin.flush()
            ready, _, _ = select.select([process.stdout], [], [], self._patience)
            line = process.stdout.readline() if ready else None
        except BrokenPipeError:
            line = b""
        if line is None:
            self.close()
            return Outcome(None, f"still running after {self._patience:g} s", died=True)
        if not line:
            code = process.wait()
            self.close()
            return Outcome(None, f"crashed with {code}", died=True)
        answer = json.loads(line)
        if "error" in answer:
            self._data = None  # after a panic, an engine may be good for nothing: load again
            return Outcome(None, answer["error"])
        return Outcome(answer)

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()
            self._process = None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = subprocess.Popen(
                [self._python, "-W", "ignore", str(_WORKER), self.name],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._process
