"""Frames: how a query process and a web process talk, over a Unix socket that only they reach.

A frame is a kind (one byte), a length (four bytes, big-endian) and that many bytes. A conversation
that ends without `END` or `ERROR` was cut short, whatever came before.
"""

from __future__ import annotations

import contextlib
import pickle
import socket
import struct
import threading
import time
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

_HEADER = struct.Struct(">BI")
_LARGEST = 64 * 1024 * 1024
_PIECE = 256 * 1024


class Kind(IntEnum):
    """What a frame holds."""

    REQUEST = 1
    HEAD = 2
    DATA = 3
    END = 4
    ERROR = 5


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame."""

    kind: Kind
    body: bytes

    def value(self) -> Any:
        """What was sent, for every kind but DATA. Both ends are this program."""
        return pickle.loads(self.body)  # noqa: S301 - a socket in a folder that only we may enter


class Conversation:
    """One end of a conversation. Frames that are put wait for `flush`, which sends them as one.

    Args:
        connection: a connected socket; who needs no `break_off` may close it without `close`.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._ending = threading.Lock()
        self._going = bytearray()
        self._coming = bytearray()

    def put(self, kind: Kind, value: object) -> None:
        """Have a frame sent; `value` is bytes for DATA, what can be pickled for the others."""
        body = value if isinstance(value, bytes) else pickle.dumps(value)
        self._going += _HEADER.pack(kind, len(body))
        self._going += body

    def flush(self) -> None:
        """Send what was put; raises OSError if nobody takes it."""
        self._connection.sendall(self._going)
        self._going.clear()

    def receive(self, until: float) -> Frame | None:
        """The next frame; None if the other end stopped, in whichever way.

        Args:
            until: the time of `time.monotonic` until which to wait for it.

        Raises:
            TimeoutError: it did not come until then.
        """
        while (frame := self._received()) is None:
            try:
                # Zero would mean not to wait even for what is there.
                self._connection.settimeout(max(0.001, until - time.monotonic()))
                piece = self._connection.recv(_PIECE)
            except TimeoutError:
                raise
            except OSError:
                return None
            if not piece:
                return None
            self._coming += piece
        return frame

    def is_over(self) -> bool:
        """Whether the other end has gone already; looks, and does not wait."""
        timeout = self._connection.gettimeout()
        self._connection.setblocking(False)
        try:
            return not self._connection.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        except OSError:
            return True
        finally:
            self._connection.settimeout(timeout)

    def break_off(self) -> None:
        """Have both ends see an end. Safe to call from another thread, at any time.

        Never while the socket is closed: its number may be that of another the moment after.
        """
        with self._ending, contextlib.suppress(OSError):  # it has ended already
            self._connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the socket."""
        with self._ending:
            self._connection.close()

    def _received(self) -> Frame | None:
        """The first frame of what has come, if it is whole."""
        if len(self._coming) < _HEADER.size:
            return None
        kind, size = _HEADER.unpack_from(self._coming)
        if size > _LARGEST:
            raise OSError(f"a frame of {size} bytes")
        end = _HEADER.size + size
        if len(self._coming) < end:
            return None
        body = bytes(memoryview(self._coming)[_HEADER.size : end])
        del self._coming[:end]
        return Frame(Kind(kind), body)
