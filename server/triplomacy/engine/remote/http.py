"""The HTTP of a SPARQL server: requests with patience and credentials, errors in our words.

Nothing that a server says is trusted to be whole: a body that ends before its length, a redirect,
a page of HTML or a status that is no success is an error, never a short answer.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

import urllib3
from urllib3.exceptions import HTTPError, LocationParseError, ProtocolError

from triplomacy.errors import StoreError

USER_VARIABLE = "TRIPLOMACY_STORE_USER"
PASSWORD_VARIABLE = "TRIPLOMACY_STORE_PASSWORD"  # noqa: S105 - the name of a variable
RESULTS = "application/sparql-results+json"
N_TRIPLES = "application/n-triples"

_CONNECT = 5.0
_PATIENCE = 60.0  # seconds for an answer to a query of ours; strangers' have their own deadline
_LOADING = 600.0  # seconds for a server to take what is loaded
_SHOWN = 300
_PIECE = 64 * 1024
_BUSY = (429, 502, 503, 504)
_PAIR = re.compile(r'(\w+)=(?:"([^"]*)"|([^\s,]+))')


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who we are to the server; shown to nobody."""

    user: str
    password: str = field(repr=False)


def credentials_of_environment() -> Credentials | None:
    """The credentials in the environment; None where there are none."""
    user = os.environ.get(USER_VARIABLE)
    return Credentials(user, os.environ.get(PASSWORD_VARIABLE, "")) if user else None


class Body:
    """A successful response, as it comes; a file for parsers. Close it to leave early.

    Attributes:
        headers: of the response.
    """

    def __init__(self, response: urllib3.BaseHTTPResponse, url: str, deadline: float) -> None:
        self._response = response
        self._url = url
        self._deadline = deadline
        self.headers: Mapping[str, str] = response.headers
        self.finished = False

    def read(self, size: int = -1) -> bytes:
        """The next bytes; none at the end.

        Raises:
            StoreError: the connection broke, the body is shorter than it should be, or it takes too
                long.
        """
        if time.monotonic() > self._deadline:
            raise StoreError(f"{self._url} takes too long", "see the log of the store's server")
        try:
            # What is there, so that the time is looked at however slowly it drips.
            data = self._response.read1(_PIECE if size is None or size < 0 else size)
        except HTTPError as error:
            raise _broken(self._url, error) from None
        self.finished = not data
        return data

    def whole(self) -> bytes:
        """All of it."""
        return b"".join(iter(self.read, b""))

    def close(self) -> None:
        """Give the connection back; where more would come, close it, so that the server stops."""
        if self.finished:
            self._response.release_conn()
        else:
            with contextlib.suppress(HTTPError, OSError):
                self._response.close()

    def __enter__(self) -> Body:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Client:
    """Sends requests to one server; safe to use from several threads.

    Args:
        credentials: used where the server asks for them, and sent to no other server.
    """

    def __init__(self, credentials: Credentials | None = None) -> None:
        self._credentials = credentials
        self._pool = urllib3.PoolManager(maxsize=16, retries=False)

    def query(
        self, url: str, text: str, parameters: Mapping[str, str], seconds: float | None = None
    ) -> Body:
        """Send a query by POST (SPARQL 1.1 Protocol §2.1.2).

        Args:
            url: the endpoint.
            text: the query.
            parameters: further ones, which only this kind of server knows.
            seconds: in which the query is to be answered.

        Raises:
            StoreError: the server cannot be reached, is busy, or does not answer as it should.
        """
        form = urlencode({"query": text, **parameters}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": RESULTS}
        # A stranger's query has its deadline from those who run it; this is for a dead server.
        patience = _PATIENCE if seconds is None else seconds + _CONNECT
        body = self.send("POST", url, form, headers, patience)
        kind = body.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind not in (RESULTS, "application/json"):
            start = body.read(_SHOWN).decode("utf-8", "replace")
            body.close()
            raise StoreError(
                f"{url} answers with {kind or 'no media type'} where results were asked for: "
                f"{_excerpt(start)}",
                "let `store` be the address of a SPARQL 1.1 endpoint",
            )
        return body

    def update(self, url: str, text: str) -> None:
        """Send an update (SPARQL 1.1 Protocol §2.2.2)."""
        headers = {"Content-Type": "application/sparql-update"}
        with self.send("POST", url, text.encode(), headers, _LOADING) as body:
            body.whole()

    def send(
        self, method: str, url: str, data: bytes | None, headers: dict[str, str], seconds: float
    ) -> Body:
        """Send a request, again with credentials if the server asks for them.

        Args:
            method, url, data, headers: of the request.
            seconds: for how long the server may be silent, and may take in all.

        Raises:
            StoreError: see `query`.
        """
        deadline = time.monotonic() + seconds
        response = self._request(method, url, data, headers, seconds)
        if response.status == 401 and self._credentials is not None:
            challenge = response.headers.get("WWW-Authenticate", "")
            response.drain_conn()
            signed = headers | {"Authorization": _authorization(
                self._credentials, challenge, method, urlsplit(url)._replace(scheme="", netloc="")
                .geturl() or "/",
            )}  # fmt: skip
            response = self._request(method, url, data, signed, seconds)
        if 200 <= response.status < 300:
            return Body(response, url, deadline)
        with contextlib.closing(response):
            raise self._refused(response, url)

    def _request(
        self, method: str, url: str, data: bytes | None, headers: dict[str, str], seconds: float
    ) -> urllib3.BaseHTTPResponse:
        timeout = urllib3.Timeout(connect=_CONNECT, read=seconds)
        headers = {"Accept-Encoding": "identity"} | headers
        for last in (False, True):
            try:
                return self._pool.request(
                    method,
                    url,
                    body=data,
                    headers=headers,
                    timeout=timeout,
                    preload_content=False,
                    redirect=False,
                )
            except (HTTPError, LocationParseError) as error:
                # A connection that the server closed while it was idle breaks when it is used
                # again; queries change nothing, and what is loaded is a set, so try once more.
                if last or not isinstance(error, ProtocolError):
                    raise _broken(url, error) from None
                self._pool.clear()
        raise AssertionError("the second time it returns or raises")

    def _refused(self, response: urllib3.BaseHTTPResponse, url: str) -> StoreError:
        """The error about a response that is no success."""
        try:
            said = _excerpt(response.read(4 * _SHOWN).decode("utf-8", "replace"))
        except HTTPError:
            said = ""
        what = f"{url} answers {response.status}" + (f": {said}" if said else "")
        if response.status in (401, 403):
            return StoreError(what, f"give the rights to {USER_VARIABLE}, with {PASSWORD_VARIABLE}")
        if 300 <= response.status < 400:
            return StoreError(
                f"{url} redirects to {response.headers.get('Location', 'nowhere')}",
                "let `store` be the address of the endpoint itself",
            )
        error = StoreError(what, "see the log of the store's server")
        error.said = said
        error.rejected = 400 <= response.status < 500 and response.status not in _BUSY
        wait = response.headers.get("Retry-After", "")
        if wait.isascii() and wait.isdigit():
            error.retry_after = min(int(wait), 3600)
        return error


def lines(body: Body) -> Iterator[bytes]:
    """The pieces of a body."""
    return iter(body.read, b"")


def _broken(url: str, error: Exception) -> StoreError:
    reason = str(getattr(error, "reason", None) or error)
    reason = re.sub(r"^<[^>]*>:\s*|\w+\(.*?\):\s*", "", reason)
    return StoreError(
        f"{url} cannot be read: {_excerpt(reason)}", "start the store's server, or correct `store`"
    )


def _excerpt(text: str) -> str:
    folded = " ".join(re.sub(r"<[^>]*>", " ", text).split())
    return folded[:_SHOWN] + ("…" if len(folded) > _SHOWN else "")


def _authorization(credentials: Credentials, challenge: str, method: str, uri: str) -> str:
    """The `Authorization` header for a challenge: Digest with MD5 (RFC 7616 §3.4) or Basic."""
    user, password = credentials.user, credentials.password
    if not challenge.lower().startswith("digest"):
        basic: dict[str, str] = urllib3.util.make_headers(basic_auth=f"{user}:{password}")
        return basic["authorization"]
    told = {k.lower(): quoted or plain for k, quoted, plain in _PAIR.findall(challenge)}
    realm, nonce, ours = told.get("realm", ""), told.get("nonce", ""), secrets.token_hex(8)
    secret = _md5(f"{user}:{realm}:{password}")
    asked = _md5(f"{method}:{uri}")
    parts = {"username": user, "realm": realm, "nonce": nonce, "uri": uri}
    if "auth" in told.get("qop", "").split(","):
        middle = f"{nonce}:00000001:{ours}:auth"
        proof = {"qop": "auth", "nc": "00000001", "cnonce": ours}
    else:
        middle, proof = nonce, {}
    parts |= proof | {"response": _md5(f"{secret}:{middle}:{asked}")}
    if "opaque" in told:
        parts["opaque"] = told["opaque"]
    bare = ("qop", "nc")
    return "Digest " + ", ".join(
        f"{k}={v}" if k in bare else f'{k}="{v}"' for k, v in parts.items()
    )


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
