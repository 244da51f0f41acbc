"""One exchange over HTTP: a request goes out, an answer comes in, within a time and a size."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from triplomacy.fetching.addresses import Resolver, resolve
from triplomacy.fetching.connection import Timed, TooMuch, connected
from triplomacy.fetching.endpoints import Endpoint

MIB = 1024 * 1024
_PIECE = 64 * 1024
_HEAD = 64 * 1024  # bytes that status and headers may have beside the body


class Unfit(Exception):
    """An answer that is none for us.

    Args:
        what: what is wrong with it, as it goes on after “The service … failed: ”.
        remedy: what to do; empty where nothing special helps.
    """

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(what)
        self.remedy = remedy


FAILURES = (Unfit, TooMuch, OSError, http.client.HTTPException, zlib.error, ValueError, EOFError)
"""What an exchange may end in; `TimeoutError`, which is an `OSError`, is for the caller to tell."""


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms others are asked.

    Attributes:
        agent: who we say we are, the header `User-Agent`.
        seconds: the time that a call may take, from the look-up of the name to the last byte.
        mib: MiB that an answer may have, as it comes and unpacked.
        resolver: looks up names.
    """

    agent: str
    seconds: float
    mib: int
    resolver: Resolver = resolve


@contextlib.contextmanager
def asked(
    service: Endpoint,
    terms: Terms,
    accept: str,
    form: bytes | None = None,
) -> Iterator[http.client.HTTPResponse]:
    """The answer to a request, its body still to be read with `whole_body`.

    No redirect is followed, no cookie kept, and nothing is sent but what stands here.

    Args:
        service: whom to ask, and for what.
        terms: the terms.
        accept: the header `Accept`.
        form: the fields of a form, encoded; it goes out with POST, and nothing with GET.

    Raises:
        TimeoutError: it took too long.
        OSError, http.client.HTTPException, TooMuch, ValueError: it fails; see `why`.
    """
    deadline = time.monotonic() + terms.seconds
    with connected(service, terms.resolver, deadline) as line:
        # Connected already, to the address that was looked at; it must not connect by itself.
        connection = http.client.HTTPConnection(service.host, service.port)
        connection.auto_open = 0
        connection.sock = Timed(line, deadline, terms.mib * MIB + _HEAD)
        headers: Mapping[str, str] = {
            "Host": service.authority,
            "User-Agent": terms.agent,
            "Accept": accept,
            "Accept-Encoding": "gzip",
            **({"Content-Type": "application/x-www-form-urlencoded"} if form is not None else {}),
            "Connection": "close",
        }
        method = "GET" if form is None else "POST"
        connection.request(method, service.target, form, headers)
        yield connection.getresponse()


def whole_body(response: http.client.HTTPResponse, mib: int) -> bytes:
    """The body, unpacked.

    Raises:
        TooMuch: it is larger than `mib`.
        Unfit: it is in a coding that we do not take.
        EOFError: it ends too early.
        TimeoutError: it did not come in time.
    """
    most = mib * MIB
    coding = (response.getheader("Content-Encoding") or "identity").strip().lower()
    if coding not in ("identity", "gzip", "x-gzip"):
        raise Unfit(f"its answer is coded as {coding[:60]}, which was not asked for")
    unpack = None if coding == "identity" else zlib.decompressobj(16 + zlib.MAX_WBITS)
    body = bytearray()
    while piece := response.read(_PIECE):
        # One byte more than there may be, never what a small bomb unpacks to.
        body += unpack.decompress(piece, most + 1 - len(body)) if unpack else piece
        if len(body) > most:
            raise TooMuch
    if response.length or (unpack is not None and not unpack.eof):
        raise EOFError
    return bytes(body)


def why(error: BaseException, mib: int) -> str:
    """One of `FAILURES` in words that go on after “The service … failed: ”.

    Args:
        error: what was raised.
        mib: the MiB that the answer might have.
    """
    if isinstance(error, TooMuch):
        return f"its answer is larger than {mib} MiB"
    if isinstance(error, Unfit | PermissionError):
        return str(error)
    if isinstance(error, socket.gaierror):
        return f"its name cannot be looked up ({error.strerror})"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not valid ({error.verify_message})"
    if isinstance(error, ssl.SSLError):
        return f"TLS fails ({error.reason or error})"
    if isinstance(error, OSError):
        return f"the connection fails ({error.strerror or type(error).__name__})"
    return f"its answer is broken ({type(error).__name__})"
