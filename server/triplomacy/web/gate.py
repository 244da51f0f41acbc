"""The gate: how many threads clients can hold at once by sending or taking slowly.

A thread waits while a body comes in or a large answer goes out, at whatever pace the client likes,
and nothing below us bounds that time. So such threads are counted, and some are always left for
requests that hold none: pages, documents, queries by GET.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator

from flask import current_app

from triplomacy.errors import EndpointBusy


class Gate:
    """Lets so many through at a time.

    Args:
        places: how many.
    """

    def __init__(self, places: int) -> None:
        self._places = threading.Semaphore(places)

    def enter(self) -> Callable[[], None]:
        """Take a place; gives what gives it back, once.

        Raises:
            EndpointBusy: there is none.
        """
        if not self._places.acquire(blocking=False):
            raise EndpointBusy(
                "Too many clients send or take slowly at this moment",
                "try again in a few seconds; a query by GET needs no body",
            )
        held = contextlib.ExitStack()
        held.callback(self._places.release)
        return held.close

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Take a place for a block; raises EndpointBusy if there is none."""
        leave = self.enter()
        try:
            yield
        finally:
            leave()


def gate() -> Gate:
    """The gate of the application that handles this request."""
    found: Gate = current_app.extensions["triplomacy-gate"]
    return found
