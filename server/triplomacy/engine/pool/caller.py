"""Who waits for an answer, and may leave before it comes."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Caller:
    """Lets one thread know that another waits for nothing. Safe to use from both."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._actions: list[Callable[[], None]] = []
        self.left = False

    def leave(self) -> None:
        """Do what was to be done when the caller leaves."""
        with self._lock:
            self.left = True
            actions, self._actions = self._actions, []
        for action in actions:
            action()

    def on_leaving(self, action: Callable[[], None]) -> None:
        """Have `action` done, by whichever thread, when the caller leaves; at once if it has."""
        with self._lock:
            if not self.left:
                self._actions.append(action)
                return
        action()
