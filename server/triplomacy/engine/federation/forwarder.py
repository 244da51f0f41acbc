"""The forwarder: takes the calls of the engine, and makes those that are allowed.

It listens on this machine, at an address that cannot be guessed and is another for each query.
"""

from __future__ import annotations

import contextlib
import copy
import http.server
import logging
import re
import secrets
import socket
import socketserver
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping

from triplomacy import __version__
from triplomacy.engine.federation.clauses import Clause, clauses, redirected
from triplomacy.engine.federation.exchange import call, failed
from triplomacy.engine.federation.tally import Outcome
from triplomacy.engine.service_guard import refuse_service
from triplomacy.errors import Forbidden, ServiceTooSlow, TriplomacyError
from triplomacy.fetching.addresses import Resolver, resolve
from triplomacy.fetching.endpoints import Endpoint, endpoint
from triplomacy.fetching.exchange import Terms
from triplomacy.formats import RESULTS_JSON
from triplomacy.iris import as_uri
from triplomacy.limits import Limits

_log = logging.getLogger(__name__)

_INSIDE = "http://wikiba.se/ontology#"
"""What names of services inside Wikidata and its like begin with; they are no addresses."""
_PATH = re.compile(r"/([0-9a-f]+)/([0-9]{1,3})")
_CALLERS = 4  # connections at the same time; the engine has one
_PATIENCE = 5.0  # seconds for the engine to send its query
_LONGEST = 4 * 1024 * 1024  # bytes of a query that the engine sends


Count = Callable[[str, Outcome], None]


def _uncounted(service: str, outcome: Outcome) -> None:
    """Nobody counts."""


class Services:
    """The services that queries may call, from this process.

    Args:
        iris: their addresses, as `endpoints.endpoint` takes them; empty for none.
        limits: what a call may cost.
        counted: told of each call: its service, and how it ended.
        resolver: looks up names.
    """

    def __init__(
        self,
        iris: Iterable[str] = (),
        limits: Limits | None = None,
        counted: Count = _uncounted,
        resolver: Resolver = resolve,
    ) -> None:
        self._endpoints = {iri: endpoint(iri) for iri in iris}
        self._limits = limits or Limits()
        self._counted = counted
        self._resolver = resolver
        self._running: dict[str, _Calls] = {}
        self._listener = _Listener(self._running) if self._endpoints else None

    @contextlib.contextmanager
    def called_by(self, text: str, base: str | None = None) -> Iterator[str]:
        """Let a query call services; gives the query that the engine may run in its place.

        Args:
            text: the query.
            base: the IRI against which its relative IRIs are resolved, which is the site's.

        Raises:
            Forbidden: it calls what is not on the list.
            QuerySyntaxError: it mentions the word and does not parse.
            ServiceFailed: from within the block, in the place of what the engine says of it.
        """
        if self._listener is None:
            refuse_service(text, base)
            yield text
            return
        found = clauses(text, base)
        if not found:
            yield text
            return
        self._check(found)
        terms = Terms(
            f"Triplomacy/{__version__}" + (f" (+{as_uri(base)})" if base else ""),
            self._limits.service_seconds,
            self._limits.service_mib,
            self._resolver,
        )
        token = secrets.token_hex(16)
        address = f"{self._listener.url}/{token}"
        to_run = redirected(text, found, address, base)
        calls = self._running[token] = _Calls(found, self._endpoints, terms, address, self._counted)
        try:
            yield to_run
            if calls.failure is not None:  # the engine takes it for a value in EXISTS
                raise calls.failure
        except Exception as error:
            if calls.failure is not None:
                raise calls.failure from None
            if token in str(error):  # the engine names the address that it called
                raise TriplomacyError("A service could not be called.", "try again") from error
            raise
        finally:
            del self._running[token]

    def close(self) -> None:
        """Listen no more."""
        if self._listener is not None:
            self._listener.shutdown()
            self._listener.server_close()

    def _check(self, found: list[Clause]) -> None:
        for clause in found:
            # Within the group of another clause it goes out with that, and must be on the list,
            # too: who runs what is listed may trust us, and not those who ask us.
            if clause.iri not in self._endpoints and not clause.iri.startswith(_INSIDE):
                raise _not_listed(clause.iri, self._endpoints)


def _not_listed(iri: str, listed: Iterable[str]) -> Forbidden:
    return Forbidden(
        f"The query cannot be run here: {iri} is not among the services that this server calls.",
        f"call one of these, as it is written here: {', '.join(listed)}; or run the federated "
        "query from your own client",
    )


class _Calls:
    """The calls of one query.

    Attributes:
        failure: why the query failed, if that was a service's fault.
    """

    def __init__(
        self,
        found: list[Clause],
        endpoints: Mapping[str, Endpoint],
        terms: Terms,
        address: str,
        counted: Count,
    ) -> None:
        self.failure: TriplomacyError | None = None
        self._clauses = found
        self._endpoints = endpoints
        self._terms = terms
        self._address = address
        self._counted = counted
        self._answers: dict[tuple[int, str], bytes | TriplomacyError] = {}

    def answer(self, number: int, query: str) -> bytes | None:
        """What the service of a clause answers, the same each time; None if it failed."""
        key = (number, query)
        if key not in self._answers:
            self._answers[key] = self._call(self._clauses[number], query)
        answer = self._answers[key]
        if isinstance(answer, bytes):
            return answer
        if not self._clauses[number].silent:
            self.failure = answer
        return None

    def _call(self, clause: Clause, query: str) -> bytes | TriplomacyError:
        service = self._endpoints.get(clause.iri)
        if service is None:  # it passed as one that is sent along within another
            return _not_listed(clause.iri, self._endpoints)
        for number, inner in enumerate(self._clauses):
            query = query.replace(f"<{self._address}/{number}>", f"<{inner.iri}>")
        answer = self._answer_of(service, query)
        ended: Outcome = "answered"
        if not isinstance(answer, bytes):
            ended = "time" if isinstance(answer, ServiceTooSlow) else "failed"
        self._counted(clause.iri, ended)
        return answer

    def _answer_of(self, service: Endpoint, query: str) -> bytes | TriplomacyError:
        try:
            return call(service, query, self._terms)
        except TriplomacyError as error:
            return copy.copy(error)  # without what led to it, which would stay in memory, too
        except MemoryError:
            return failed(service.iri, "its answer does not fit into the memory of a query")
        except Exception:
            _log.exception("unexpected error while calling %s", service.iri)
            return failed(service.iri, "the error was logged", "tell the publisher")


class _Listener(socketserver.ThreadingTCPServer):
    """Takes the engine's calls, in a thread of its own."""

    daemon_threads = True

    def __init__(self, running: Mapping[str, _Calls]) -> None:
        super().__init__(("127.0.0.1", 0), _Call)
        self.running = running
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self._places = threading.Semaphore(_CALLERS)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def process_request(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: object
    ) -> None:
        """Serve a connection in a thread, unless there are too many."""
        if not self._places.acquire(blocking=False):
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except RuntimeError:  # there is no memory for a thread
            self._places.release()
            raise

    def process_request_thread(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: object
    ) -> None:
        """Serve a connection."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that hangs up is no concern."""


class _Call(http.server.BaseHTTPRequestHandler):
    """A call, of the engine or of somebody else on this machine who tries."""

    server: _Listener
    timeout = _PATIENCE
    disable_nagle_algorithm = True  # head and body are written one after the other

    def do_POST(self) -> None:
        """Answer the engine (SPARQL 1.1 Protocol §2.1.3), and nobody else."""
        path = _PATH.fullmatch(self.path)
        calls = self.server.running.get(path[1]) if path else None
        length = self.headers.get("Content-Length", "")
        if path is None or calls is None or not length.isdecimal() or int(length) > _LONGEST:
            self.send_error(404)
            return
        query = self.rfile.read(int(length)).decode("utf-8", "replace")
        results = calls.answer(int(path[2]), query)
        if results is None:
            self.send_error(502)
            return
        self.send_response(200)
        self.send_header("Content-Type", RESULTS_JSON.media_type)
        self.send_header("Content-Length", str(len(results)))
        self.end_headers()
        self.wfile.write(results)

    def log_message(self, format: str, *args: object) -> None:
        """It is no server that has a log."""
