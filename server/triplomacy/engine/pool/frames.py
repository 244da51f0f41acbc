"""Frames: how a query process and a web process talk, over a Unix socket that only they reach.

A frame is a kind (one byte), a length (four bytes, big-endian) and that many bytes. A conversation
that ends without `END` or `ERROR` was cut short, whatever came before.
"""

from __future__ import annotations

import pickle
import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

_HEADER = struct.Struct(">BI")
_LARGEST = 64 * 1024 * 1024


class Kind(IntEnum):
    """What a frame holds."""

    REQUEST = 1
    STARTED = 2
    HEAD = 3
    DATA = 4
    END = 5
    ERROR = 6


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame."""

    kind: Kind
    body: bytes

    def value(self) -> Any:
        """What was sent, for every kind but DATA. Both ends are this program."""
        return pickle.loads(self.body)  # noqa: S301 - a socket in a folder that only we may enter


def send(connection: socket.socket, kind: Kind, value: object) -> None:
    """Send one frame; `value` is bytes for DATA, anything that can be pickled for the others."""
    body = value if isinstance(value, bytes) else pickle.dumps(value)
    connection.sendall(_HEADER.pack(kind, len(body)) + body)


def receive(connection: socket.socket) -> Iterator[Frame]:
    """The frames that come in, until the other end stops.

    Raises:
        TimeoutError: nothing came within the connection's time-out.
        OSError: the connection broke.
    """
    while header := _exactly(connection, _HEADER.size):
        kind, size = _HEADER.unpack(header)
        if size > _LARGEST:
            raise OSError(f"a frame of {size} bytes")
        body = _exactly(connection, size) if size else b""
        if size and not body:
            return
        yield Frame(Kind(kind), body)


def _exactly(connection: socket.socket, size: int) -> bytes:
    """`size` bytes; none if the other end stops before."""
    pieces = bytearray()
    while len(pieces) < size:
        piece = connection.recv(min(size - len(pieces), 1024 * 1024))
        if not piece:
            return b""
        pieces += piece
    return bytes(pieces)
