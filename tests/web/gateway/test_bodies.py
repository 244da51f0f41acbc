"""A body is waited for without a thread, and neither for ever nor beside any number of others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.web.small_release import make_site
from triplomacy.release.folder import Releases
from triplomacy.web.app import create_app
from triplomacy.web.gateway import rsgi
from triplomacy.web.gateway.rsgi import Gateway


class Headers(dict[str, str]):
    """Headers as RSGI has them."""

    def get_all(self, name: str) -> list[str]:
        return [self[name]] if name in self else []


class Protocol:
    """A connection that sends `pieces`, and notes what it is answered."""

    def __init__(self, pieces: AsyncIterator[bytes]) -> None:
        self._pieces = pieces
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._pieces

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.headers, self.body = status, dict(headers), body

    async def client_disconnect(self) -> None:
        await asyncio.Event().wait()


def post(**headers: str) -> Any:
    return SimpleNamespace(
        proto="http",
        method="POST",
        path="/sparql",
        query_string="",
        server="127.0.0.1:80",
        client="127.0.0.1:50000",
        http_version="1.1",
        scheme="http",
        authority=None,
        headers=Headers({"host": "x", "content-type": "application/sparql-query", **headers}),
    )


@pytest.fixture
def gateway(tmp_path: Path) -> Gateway:
    return Gateway(create_app(Releases(make_site(tmp_path / "site") / "releases")), (), 4)


def handle(gateway: Gateway, pieces: AsyncIterator[bytes]) -> Protocol:
    protocol = Protocol(pieces)
    asyncio.run(gateway.__rsgi__(post(**{"transfer-encoding": "chunked"}), protocol))
    return protocol


async def whole(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


async def slowly() -> AsyncIterator[bytes]:
    while True:
        yield b"#"
        await asyncio.sleep(0.01)


def test_a_body_in_pieces_is_put_together(gateway: Gateway) -> None:
    answer = handle(gateway, whole(b"ASK", b" {", b"}"))
    assert (answer.status, b"true" in answer.body) == (200, True)


def test_a_body_that_never_ends_is_408(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rsgi, "_BODY_SECONDS", 0.2)
    answer = handle(gateway, slowly())
    assert answer.status == 408
    assert b"did not come within 0.2 seconds" in answer.body
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_body_that_is_too_long_is_taken_up_to_a_bound_and_413(gateway: Gateway) -> None:
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        while True:
            taken += 65536
            yield b"#" * 65536

    assert handle(gateway, endless()).status == 413
    assert 1024 * 1024 < taken < 10 * 1024 * 1024


def test_too_many_bodies_at_once_are_503(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rsgi, "_BODIES", 1000)
    assert handle(gateway, whole(b"#" * 2000)).status == 503
    assert handle(gateway, whole(b"ASK {}")).status == 200  # and then there is room again
