"""Ports for servers that tests start, and ports at which nobody listens."""

from __future__ import annotations

import contextlib
import functools
import socket
from collections.abc import Iterator


@contextlib.contextmanager
def reserved_port() -> Iterator[int]:
    """A port of 127.0.0.1 that the system gives to nobody else until the block ends.

    It is bound here and does not listen, so that a connection is refused. A server that is told
    to can bind it all the same, since it says SO_REUSEADDR as we do (socket(7)); a port that was
    only found free might be another's by then.
    """
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        yield int(holder.getsockname()[1])


def deaf_port() -> int:
    """A port of 127.0.0.1 at which nobody listens as long as this process lives."""
    return int(_deaf().getsockname()[1])


@functools.cache
def _deaf() -> socket.socket:
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind(("127.0.0.1", 0))
    return holder
