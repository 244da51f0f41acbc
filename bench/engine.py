"""What is measured: something that is built from facts, then opened and asked."""

from __future__ import annotations

import json
import subprocess
import sys
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

FACTS = "facts.nq.gz"


class Engine(ABC):
    """Ours, or a peer.

    Args:
        folder: of its own.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @abstractmethod
    def build(self, facts: Path) -> None:
        """Make of the facts what it reads."""

    @abstractmethod
    def open(self) -> None:
        """Open what was made."""


def run(module: str, name: str, what: str, folder: Path) -> dict[str, Any]:
    """Build or ask an engine in a process of its own, `python -m MODULE NAME WHAT FOLDER`.

    Returns:
        What the process measured: the last line that it prints, in JSON.

    Raises:
        RuntimeError: it cannot be done, with the last words of the process.
    """
    command = [sys.executable, "-W", "ignore", "-m", module, name, what, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"]
        raise RuntimeError(said[-1])
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return measured
