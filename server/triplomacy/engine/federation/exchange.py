"""One call of a service: a query goes out, results come in, within a time and a size.

Nothing of the client's request goes with it, no redirect is followed, no cookie kept. Whatever
fails is a ServiceFailed that says what.
"""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import time
import zlib
from dataclasses import dataclass
from urllib.parse import urlencode

from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

from triplomacy.engine.federation.addresses import Resolver, resolve
from triplomacy.engine.federation.connection import Timed, TooMuch, connected
from triplomacy.engine.federation.endpoints import Endpoint
from triplomacy.errors import ServiceFailed, ServiceTooSlow
from triplomacy.formats import RESULTS_JSON

_MIB = 1024 * 1024
_PIECE = 64 * 1024
_HEAD = 64 * 1024  # bytes that status and headers may have beside the body
_ASK_LESS = "ask it for less: its part of the query is sent without what the rest of it binds"
_REDIRECTS = range(300, 400)
_DEEPEST = 32  # lists and objects within each other; results have five
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_NO_BRACKET = bytes(set(range(256)) - set(b"[]{}"))


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms services are called.

    Attributes:
        agent: who we say we are, the header `User-Agent`.
        seconds: the time that a call may take, from the look-up of the name to the last byte.
        mib: MiB that its results may have, as they come and unpacked.
        resolver: looks up names.
    """

    agent: str
    seconds: float
    mib: int
    resolver: Resolver = resolve


def call(service: Endpoint, query: str, terms: Terms) -> bytes:
    """Ask a service.

    The query goes in a form (SPARQL 1.1 Protocol §2.1.2), which every endpoint takes, and results
    come in JSON, which every endpoint gives. (The engine's reader of XML takes what breaks off for
    the whole.)

    Args:
        service: the endpoint.
        query: a SELECT query.
        terms: the terms.

    Returns:
        The results in JSON, whole and well-formed.

    Raises:
        ServiceFailed: there are no results, and why.
    """
    try:
        return _call(service, query, terms)
    except TimeoutError:
        raise ServiceTooSlow(
            f"The service {service.iri} took longer than {terms.seconds:g} s",
            _ASK_LESS,
        ) from None
    except _Unfit as error:
        raise failed(service.iri, str(error), error.remedy) from None
    except TooMuch:
        words = f"its answer is larger than {terms.mib} MiB"
        raise failed(service.iri, words, _ASK_LESS) from None
    except PermissionError as error:
        raise failed(service.iri, str(error), "tell the publisher") from None
    except socket.gaierror as error:
        raise failed(service.iri, f"its name cannot be looked up ({error.strerror})") from None
    except ssl.SSLCertVerificationError as error:
        raise failed(
            service.iri, f"its certificate is not valid ({error.verify_message})"
        ) from None
    except ssl.SSLError as error:
        raise failed(service.iri, f"TLS fails ({error.reason or error})") from None
    except OSError as error:
        raise failed(
            service.iri, f"the connection fails ({error.strerror or type(error).__name__})"
        ) from None
    except (http.client.HTTPException, zlib.error, ValueError, EOFError) as error:
        words = f"its answer is broken ({type(error).__name__})"
        raise failed(service.iri, words) from None


def failed(iri: str, what: str, remedy: str = "") -> ServiceFailed:
    """The error about a service: `what` goes on where “The service … failed: ” ends."""
    otherwise = "try again later, or write SERVICE SILENT to do without it"
    return ServiceFailed(f"The service {iri} failed: {what}", remedy or otherwise)


class _Unfit(Exception):
    """An answer that is none for us."""

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(what)
        self.remedy = remedy


def _call(service: Endpoint, query: str, terms: Terms) -> bytes:
    most = terms.mib * _MIB
    deadline = time.monotonic() + terms.seconds
    with connected(service, terms.resolver, deadline) as line:
        # Connected already, to the address that was looked at; it must not connect by itself.
        connection = http.client.HTTPConnection(service.host, service.port)
        connection.auto_open = 0
        connection.sock = Timed(line, deadline, most + _HEAD)
        headers = {
            "Host": service.authority,
            "User-Agent": terms.agent,
            "Accept": RESULTS_JSON.media_type,
            "Accept-Encoding": "gzip",
            "Content-Type": "application/x-www-form-urlencoded",
            "Connection": "close",
        }
        body = urlencode({"query": query}).encode("ascii")
        connection.request("POST", service.target, body, headers)
        response = connection.getresponse()
        if response.status in _REDIRECTS:
            raise _Unfit(
                f"it redirects ({response.status}), which is not followed",
                "tell the publisher, who may list the address to which it leads",
            )
        if response.status != 200:
            raise _Unfit(f"it answers with the status {response.status}")
        media_type = response.headers.get_content_type()
        if media_type not in RESULTS_JSON.media_types:
            raise _Unfit(f"it answers with {media_type[:60]}, not with results in JSON")
        return _checked(_body(response, most))


def _body(response: http.client.HTTPResponse, most: int) -> bytes:
    """The body, unpacked.

    Raises:
        TooMuch: it is too large.
        _Unfit: it is in a coding that we do not take.
        EOFError: it ends too early.
    """
    coding = (response.getheader("Content-Encoding") or "identity").strip().lower()
    if coding not in ("identity", "gzip", "x-gzip"):
        raise _Unfit(f"its answer is coded as {coding[:60]}, which was not asked for")
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


def _checked(body: bytes) -> bytes:
    """`body`, if it is solutions to the last of them.

    Raises:
        _Unfit: it is a truth value, or not well-formed.
    """
    try:
        # Before the engine reads it: its reader's stack is as deep as terms are in each other.
        if not _is_shallow(body):
            raise SyntaxError
        found = parse_query_results(body, QueryResultsFormat.JSON)
        if not isinstance(found, QuerySolutions):
            raise _Unfit("it answers with true or false, not with solutions")
        for _ in found:
            pass
    except SyntaxError:
        raise _Unfit("its answer is not well-formed JSON") from None
    return body


def _is_shallow(body: bytes) -> bool:
    """Whether taking the innermost brackets away, again and again, soon leaves none."""
    brackets = _STRING.sub(b"", body).translate(None, _NO_BRACKET)
    for _ in range(_DEEPEST):
        fewer = brackets.replace(b"[]", b"").replace(b"{}", b"")
        if len(fewer) == len(brackets):
            break
        brackets = fewer
    return not brackets
