"""A connection to a service, to the very address that was looked at, that ends in time."""

from __future__ import annotations

import functools
import io
import queue
import socket
import ssl
import threading
import time
from typing import Any

from triplomacy.fetching.addresses import Resolver, addresses
from triplomacy.fetching.endpoints import Endpoint


class TooMuch(Exception):
    """More bytes have come than may."""


def connected(service: Endpoint, resolver: Resolver, deadline: float) -> socket.socket:
    """A connection to an address of the service that may be called.

    Args:
        service: the endpoint.
        resolver: looks up its name.
        deadline: the time of `time.monotonic` until which it must be there, TLS included.

    Raises:
        TimeoutError: it was not there in time.
        PermissionError: the name leads to an address that is not public.
        OSError: there is none.
    """
    found = _within(deadline, functools.partial(addresses, service, resolver))
    line = _first(found, service.port, deadline)
    if service.scheme == "http":
        return line
    try:
        line.settimeout(_left(deadline))
        return _trust().wrap_socket(line, server_hostname=service.host)
    except BaseException:
        line.close()
        raise


def _first(found: list[str], port: int, deadline: float) -> socket.socket:
    """A connection to the first of these addresses that takes one."""
    for number, address in enumerate(found):
        share = _left(deadline) / (len(found) - number)
        try:
            return socket.create_connection((address, port), share)
        except OSError:
            if number == len(found) - 1:
                raise
    raise AssertionError("there is an address, or an error")


@functools.cache
def _trust() -> ssl.SSLContext:
    """The authorities that this machine trusts; OpenSSL reads `SSL_CERT_FILE`, too."""
    return ssl.create_default_context()


def _within(deadline: float, look_up: functools.partial[list[str]]) -> list[str]:
    """What a look-up gives; the resolver has no time-out that we could set."""
    answer: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()

    def run() -> None:
        try:
            answer.put(look_up())
        except Exception as error:
            answer.put(error)

    threading.Thread(target=run, daemon=True).start()
    try:
        found = answer.get(timeout=_left(deadline))
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(found, Exception):
        raise found
    return found


def _left(deadline: float) -> float:
    """Seconds until `deadline`; raises TimeoutError when there are none."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


class Timed:
    """As much of a socket as `http.client` uses, that ends at a deadline and after so many bytes.

    A time-out of the socket's own begins anew with each byte that drips in.

    Args:
        line: a socket that is connected.
        deadline: the time of `time.monotonic` after which it raises TimeoutError.
        most: the bytes after which it raises TooMuch.
    """

    def __init__(self, line: socket.socket, deadline: float, most: int) -> None:
        self._line = line
        self._deadline = deadline
        self._most = most

    def sendall(self, data: bytes) -> None:
        """Send all of it."""
        rest = memoryview(data)
        while rest:
            self._line.settimeout(_left(self._deadline))
            rest = rest[self._line.send(rest) :]

    def makefile(self, mode: str) -> io.BufferedReader:
        """What comes, as a file."""
        return io.BufferedReader(_Incoming(self._line, self._deadline, self._most))

    def close(self) -> None:
        """Leave the socket to who connected it: the answer may still be on its way."""


class _Incoming(io.RawIOBase):
    def __init__(self, line: socket.socket, deadline: float, most: int) -> None:
        super().__init__()
        self._line = line
        self._deadline = deadline
        self._left = most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._line.settimeout(_left(self._deadline))
        size = self._line.recv_into(buffer)
        self._left -= size
        if self._left < 0:
            raise TooMuch
        return size
