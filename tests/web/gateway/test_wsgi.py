"""A WSGI application gets the environment of PEP 3333, and its answer is taken as it is given."""

from __future__ import annotations

import io
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from wsgiref.validate import validator

import pytest

from triplomacy.web.gateway.wsgi import call, environ_of


class Headers(list[tuple[str, str]]):
    """Headers as RSGI has them."""

    def items(self) -> list[tuple[str, str]]:
        return list(self)


def scope(**changes: Any) -> SimpleNamespace:
    values: dict[str, Any] = {
        "method": "GET",
        "path": "/a b/é",
        "query_string": "q=%C3%A9",
        "server": "127.0.0.1:8080",
        "client": "192.0.2.7:50000",
        "http_version": "1.1",
        "scheme": "http",
        "authority": None,
        "headers": Headers([("host", "example.org"), ("x-a", "1"), ("x-a", "2")]),
    }
    return SimpleNamespace(**(values | changes))


def test_the_environment_is_that_of_the_standard() -> None:
    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
        return [b"ok"]

    environ = environ_of(scope(), b"")
    # The validator wants no length but a Content-Length of a kind, and a list as an answer.
    reply = call(validator(application), environ)
    assert (reply.status, reply.body) == (200, b"ok")
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/a b/é"
    assert environ["HTTP_X_A"] == "1,2"
    assert (environ["REMOTE_ADDR"], environ["SERVER_PORT"]) == ("192.0.2.7", "8080")


def test_addresses_of_version_6_lose_their_brackets() -> None:
    environ = environ_of(scope(server="[::1]:80", client="[2001:db8::7]:50000"), b"")
    assert (environ["SERVER_NAME"], environ["REMOTE_ADDR"]) == ("::1", "2001:db8::7")


def test_a_request_of_http_2_has_its_host_from_the_authority() -> None:
    environ = environ_of(scope(headers=Headers(), authority="example.net"), b"")
    assert environ["HTTP_HOST"] == "example.net"


def test_a_body_has_the_length_that_it_has() -> None:
    sent = Headers([("content-length", "99"), ("content-type", "text/csv")])
    environ = environ_of(scope(headers=sent), b"abc")
    assert (environ["CONTENT_LENGTH"], environ["CONTENT_TYPE"]) == ("3", "text/csv")
    assert environ["wsgi.input"].read() == b"abc"


class Closing:
    """An answer that knows whether it was closed."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = iter(pieces)
        self.closed = False

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize("length", ["6", None])
def test_an_answer_of_known_length_is_taken_whole_another_in_pieces(length: str | None) -> None:
    answer = Closing([b"one", b"two"])

    def application(_: dict[str, Any], start_response: Any) -> Closing:
        start_response("200 OK", [("Content-Length", length)] if length else [])
        return answer

    reply = call(application, environ_of(scope(), b""))
    if length:
        assert (reply.body, answer.closed) == (b"onetwo", True)
    else:
        assert (reply.body, answer.closed) == (None, False)
        assert list(reply.pieces) == [b"one", b"two"]
        reply.close()
        assert answer.closed


def test_an_answer_that_can_have_no_body_is_whole_without_a_length() -> None:
    def application(_: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("304 NOT MODIFIED", [("ETag", '"x"')])
        return []

    reply = call(application, environ_of(scope(), b""))
    assert (reply.status, reply.body) == (304, b"")


def test_an_answer_that_fails_is_closed() -> None:
    class Failing(Closing):
        def __iter__(self) -> Iterator[bytes]:
            raise ValueError("in the middle")

    answer = Failing([])

    def application(_: dict[str, Any], start_response: Any) -> Closing:
        start_response("200 OK", [("Content-Length", "1")])
        return answer

    with pytest.raises(ValueError, match="in the middle"):
        call(application, environ_of(scope(), b""))
    assert answer.closed


def test_a_file_is_read_in_large_blocks_and_closed() -> None:
    file = io.BytesIO(b"x" * 600_000)
    blocks = list(environ_of(scope(), b"")["wsgi.file_wrapper"](file, 8192))
    assert [len(block) for block in blocks] == [262_144, 262_144, 75_712]
    assert file.closed
