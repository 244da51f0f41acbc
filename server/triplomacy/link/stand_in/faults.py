"""Bad days: what Wikidata answers when it is not well, and what somebody malicious would.

A fault takes the answer that there would be, and answers in its place.
"""

from __future__ import annotations

import contextlib
import json
import time
import zlib
from collections.abc import Callable
from typing import Any, Protocol

from triplomacy.link.stand_in.action_api import error
from triplomacy.link.stand_in.reply import Reply, json_reply

_PIECE = b" " * 65536
_MOST = 2 * 1024**3  # bytes of an endless answer, lest it be endless in earnest
_DROPS = 10_000
_TYPE = ("Content-Type: application/json",)


class Line(Protocol):
    """The connection on which an answer goes out."""

    def send(self, reply: Reply) -> None:
        """Answer as HTTP has it."""

    def raw(self, data: bytes) -> bool:
        """Send bytes as they are; false if nobody takes them."""


Fault = Callable[[Line, Reply], None]
"""Answers on a line; gets the answer that there would be."""


def _status(code: int, **headers: str) -> Fault:
    page = f"<!DOCTYPE html>\n<html lang=en><title>Wikimedia Error</title><h1>Error {code}</h1>"
    named = {k.replace("_", "-"): v for k, v in headers.items()}

    def answer(line: Line, reply: Reply) -> None:
        line.send(Reply(page.encode(), "text/html; charset=utf-8", code, named))

    return answer


def _to(location: str) -> Fault:
    def answer(line: Line, reply: Reply) -> None:
        line.send(Reply(b"", "text/html", 302, {"Location": location}))

    return answer


def _body(body: bytes, **headers: str) -> Fault:
    def answer(line: Line, reply: Reply) -> None:
        line.send(Reply(body, headers={k.replace("_", "-"): v for k, v in headers.items()}))

    return answer


def _maxlag(line: Line, reply: Reply) -> None:
    """As MediaWiki does: HTTP 200, and an error that asks for patience."""
    lag = {"host": "db0000", "lag": 7.2, "type": "db"}
    words = "Waiting for db0000: 7.2 seconds lagged."
    line.send(error("maxlag", words, more=lag, Retry_After="1", X_Database_Lag="7"))


def _html(line: Line, reply: Reply) -> None:
    line.send(Reply(b"<!DOCTYPE html><title>Wikimedia</title><p>Please wait", "text/html"))


def _truncated(line: Line, reply: Reply) -> None:
    line.send(Reply(reply.body[: len(reply.body) // 2]))


def _cut_off(line: Line, reply: Reply) -> None:
    """Less than was promised."""
    line.raw(_head(f"Content-Length: {len(reply.body)}") + reply.body[: len(reply.body) // 2])


def _slow(line: Line, reply: Reply) -> None:
    time.sleep(3)
    line.send(reply)


def _drip(line: Line, reply: Reply) -> None:
    """A byte at a time, each well within any time-out between two."""
    line.raw(_head("Content-Length: 1000000"))
    for _ in range(_DROPS):
        if not line.raw(b" "):
            return
        time.sleep(0.05)


def _endless(line: Line, reply: Reply) -> None:
    line.raw(_head())
    for _ in range(_MOST // len(_PIECE)):
        if not line.raw(_PIECE):
            return


def _none(line: Line, reply: Reply) -> None:
    line.send(reply)


def _hang_up(line: Line, reply: Reply) -> None:
    """Nothing at all."""


def _head(*lines: str) -> bytes:
    return "\r\n".join(["HTTP/1.1 200 OK", *_TYPE, *lines, "Connection: close", "", ""]).encode()


def _bomb(line: Line, reply: Reply) -> None:
    """Small on the way, large when it is unpacked."""
    line.send(Reply(_packed(), headers={"Content-Encoding": "gzip"}))


def _packed() -> bytes:
    """A GiB of spaces; packed once, and repeated."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    first, again = (
        packer.compress(b" " * 1024**2) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2)
    )
    return first + again * 1023


def _changed(change: Callable[[dict[str, Any]], object]) -> Fault:
    """The true answer, each entity of it changed in place."""

    def answer(line: Line, reply: Reply) -> None:
        body = json.loads(reply.body)
        for entity in body.get("entities", {}).values():
            change(entity)
        line.send(json_reply(body))

    return answer


def _wrong_types(entity: dict[str, Any]) -> None:
    entity |= {"labels": ["x"], "descriptions": 7, "aliases": {"en": {"value": None}}}
    entity |= {"claims": {"P31": "Q900000001", "P569": [None, {"mainsnak": []}], "P625": {}}}
    entity |= {"lastrevid": "new", "redirects": "Q900000001", "modified": []}


def _script(entity: dict[str, Any]) -> None:
    for kind in ("labels", "descriptions"):
        for code in entity.get(kind, {}):
            entity[kind][code] = {"language": code, "value": "<script>alert(1)</script>\x1b[31m"}


def _fewer(line: Line, reply: Reply) -> None:
    """Less than was asked for, with a warning, as MediaWiki does where an answer is too large."""
    body = json.loads(reply.body)
    kept = list(body.get("entities", {}).items())
    body["entities"] = dict(kept[: max(1, len(kept) // 2)])
    words = "This result was truncated because it would otherwise be larger than the limit."
    body["warnings"] = {"result": {"*": words}}
    line.send(json_reply(body))


FAULTS: dict[str, Fault] = {
    "429": _status(429, Retry_After="1"),
    "429-long": _status(429, Retry_After="86400"),
    "403": _status(403),
    "404": _status(404),
    "500": _status(500),
    "502": _status(502),
    "503": _status(503, Retry_After="1"),
    "maxlag": _maxlag,
    "ratelimited": lambda line, reply: line.send(error("ratelimited", "You've exceeded it.")),
    "readonly": lambda line, reply: line.send(error("readonly", "The wiki is in read-only mode.")),
    "internal": lambda line, reply: line.send(error("internal_api_error_X", "[abc] Caught.")),
    "html": _html,
    "truncated": _truncated,
    "cut-off": _cut_off,
    "empty": _body(b""),
    "not-an-object": _body(b"[1, 2]"),
    "no-entities": _body(b'{"success": 1}'),
    "entities-is-a-list": _body(b'{"entities": ["Q900000001"], "success": 1}'),
    "deep": _body(b'{"entities":' + b"[" * 200_000 + b"]" * 200_000 + b"}"),
    "not-utf-8": _body(b'{"entities": "\xff\xfe"}'),
    "huge-number": _body(b'{"entities": ' + b"9" * 100_000 + b"}"),
    "nan": _body(b'{"entities": {"Q7747": NaN}}'),
    "wrong-types": _changed(_wrong_types),
    "script": _changed(_script),
    "fewer": _fewer,
    "redirect-file": _to("file:///etc/passwd"),
    "redirect-private": _to("http://169.254.169.254/latest/meta-data/"),
    "redirect-elsewhere": _to("https://example.org/w/api.php"),
    "redirect-port": _to("http://127.0.0.1:1/w/api.php"),
    "redirect-scheme": _to("https://127.0.0.1:1/w/api.php"),
    "redirect-nowhere": _to("//[::bad/"),
    "redirect-round": _to("?action=wbgetentities&fault=redirect-round"),
    "slow": _slow,
    "drip": _drip,
    "endless": _endless,
    "bomb": _bomb,
    "hang-up": _hang_up,
}
"""Each by the name by which a request, or who starts the server, asks for it."""


def answer(name: str, line: Line, reply: Reply) -> None:
    """Answer as the fault of that name does; as if there were none for an unknown name."""
    with contextlib.suppress(OSError):
        FAULTS.get(name, _none)(line, reply)
