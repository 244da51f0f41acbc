"""The RSGI application: takes requests whole, lets the application work, sends what it says."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask import Flask
from granian.rsgi import ProtocolClosed  # type: ignore[attr-defined]  # its documented place

from triplomacy.engine.pool.caller import Caller
from triplomacy.web.environment import CALLER
from triplomacy.web.forwarded import networks, origin
from triplomacy.web.gateway.repeats import Repeats
from triplomacy.web.gateway.wsgi import Reply, call, environ_of, peer_of

_SOON = 0.05  # seconds within which most answers come; only then is it watched who waits
_BODY_SECONDS = 30  # for a client to send a body
_BODIES = 64 * 1024 * 1024  # bytes of bodies that can be on their way at once
_DRAINED = 8 * 1024 * 1024  # bytes of a body that is too long which are taken and forgotten


class Gateway:
    """Serves a Flask application to an RSGI server.

    Args:
        app: the application.
        trusted_proxies: addresses and networks of proxies that are believed who the client is.
        threads: requests on which the application can work at once.
    """

    def __init__(self, app: Flask, trusted_proxies: Iterable[str], threads: int) -> None:
        self._app = app
        self._trusted = networks(trusted_proxies)
        self._repeats = Repeats(app)
        self._longest: int = app.config["MAX_CONTENT_LENGTH"]
        self._longer: dict[str, int] = app.config["LONGER_BODIES"]
        self._coming = 0
        self._threads = ThreadPoolExecutor(threads, "request")

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Handle one request (the RSGI specification, version 1)."""
        if scope.proto != "http":
            protocol.close(403)  # a WebSocket, of which we have none
            return
        headers = scope.headers
        came_from = origin(peer_of(scope), lambda n: ",".join(headers.get_all(n)), self._trusted)
        reply = self._repeats.find(scope, came_from)
        if reply is not None:
            _send(reply, protocol)
            return
        try:
            body = await self._body(scope, protocol)
        except _Refused as refused:
            _send(refused.reply, protocol)
            return
        environ = environ_of(scope, body)
        environ["REMOTE_ADDR"] = came_from.client
        environ["wsgi.url_scheme"] = came_from.scheme or environ["wsgi.url_scheme"]
        environ["HTTP_HOST"] = came_from.host or environ["HTTP_HOST"]
        environ[CALLER] = caller = Caller()
        with _watched(protocol, caller):
            reply = await self._in_thread(call, self._app, environ)
            if reply.body is None:
                await self._stream(reply, scope, protocol)
                return
        _send(reply, protocol)
        self._repeats.keep(scope, came_from, environ, reply)

    async def _body(self, scope: Any, protocol: Any) -> bytes:
        """The body, as far as the application reads one, and one byte more if it is longer.

        The rest is taken and forgotten: a connection that is closed while the client sends loses
        the answer, and surprises the client that wants to use it again (RFC 9112 §9.6).

        Raises:
            _Refused: it takes too long, or too many come at once.
        """
        headers = scope.headers
        announced = "content-length" in headers or "transfer-encoding" in headers
        if not announced and scope.http_version.startswith("1"):
            return b""  # RFC 9112 §6.3
        longest = self._longer.get(scope.path.rstrip("/"), self._longest)
        body = bytearray()
        taken = 0
        try:
            async with asyncio.timeout(_BODY_SECONDS):
                async for piece in protocol:
                    taken += len(piece)
                    room = longest + 1 - len(body)
                    body += piece[:room]
                    self._coming += min(len(piece), room)
                    if self._coming > _BODIES:
                        raise _Refused(503, "Too many bodies come in at this moment")
                    if taken > _DRAINED:
                        break
        except TimeoutError:
            seconds = f"{_BODY_SECONDS} seconds"
            raise _Refused(408, f"The body did not come within {seconds}") from None
        finally:
            self._coming -= len(body)
        return bytes(body)

    async def _stream(self, reply: Reply, scope: Any, protocol: Any) -> None:
        """Send a body piece by piece, at the pace of the client."""
        try:
            if scope.method == "HEAD":
                protocol.response_empty(reply.status, reply.headers)
                return
            stream = protocol.response_stream(reply.status, reply.headers)
            while piece := await self._in_thread(next, reply.pieces, b""):
                await stream.send_bytes(piece)
        except ProtocolClosed:
            pass  # the client left
        finally:
            await self._in_thread(reply.close)

    def _in_thread(self, function: Callable[..., Any], *arguments: Any) -> Awaitable[Any]:
        loop = asyncio.get_running_loop()
        return loop.run_in_executor(self._threads, function, *arguments)


def _send(reply: Reply, protocol: Any) -> None:
    if reply.body:
        protocol.response_bytes(reply.status, reply.headers, reply.body)
    else:
        protocol.response_empty(reply.status, reply.headers)


@contextlib.contextmanager
def _watched(protocol: Any, caller: Caller) -> Iterator[None]:
    """Have `caller` leave when the client does; most answers come before that is worth a task."""
    loop = asyncio.get_running_loop()
    watching: list[asyncio.Task[None]] = []

    async def watch() -> None:
        await protocol.client_disconnect()
        # It takes a lock and makes a system call, neither of which waits.
        caller.leave()

    later = loop.call_later(_SOON, lambda: watching.append(loop.create_task(watch())))
    try:
        yield
    finally:
        later.cancel()
        for task in watching:
            task.cancel()


class _Refused(Exception):
    """A request whose body is not taken; carries the answer."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        problem = {"type": "about:blank", "title": "The request was not taken", "status": status}
        body = json.dumps(problem | {"detail": detail, "remedy": "send it again, at once"})
        headers = [("content-type", "application/problem+json"), ("cache-control", "no-store")]
        headers += [("retry-after", "5"), ("access-control-allow-origin", "*")]
        self.reply = Reply(status, headers, body.encode())
