"""The client: asks Wikidata as Wikimedia wants to be asked, and believes no answer.

Polite (https://foundation.wikimedia.org/wiki/Policy:User-Agent_policy and
https://www.mediawiki.org/wiki/API:Etiquette): one request after the other, a User-Agent with a
contact, `maxlag`, `Retry-After`, and waiting longer each time. Careful: see `fetching`.
"""

from __future__ import annotations

import email.utils
import errno
import http.client
import json
import platform
import random
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn
from urllib.parse import urlencode, urljoin

from triplomacy import __version__
from triplomacy.errors import TriplomacyError, Unreachable, UnusableAnswer
from triplomacy.fetching.addresses import Resolver, resolve
from triplomacy.fetching.connection import TooMuch
from triplomacy.fetching.endpoints import Endpoint, endpoint
from triplomacy.fetching.exchange import FAILURES, Terms, asked, whole_body, why
from triplomacy.fetching.nesting import is_shallow
from triplomacy.site import Settings

Json = dict[str, Any]

_PROJECT = "https://w3id.org/triplomacy/"
_JSON = "application/json"
_DEEPEST = 64  # lists and objects within each other; an entity has about twelve
_HOPS = 3  # redirects that are followed
_TEMPORARY = (429, 500, 502, 503, 504)
_PATIENCE_PLEASE = ("maxlag", "ratelimited", "readonly", "internal_api_error")
_NOBODY_THERE = (errno.ECONNREFUSED, errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN)


@dataclass(frozen=True, slots=True)
class Manners:
    """How patient the client is.

    Attributes:
        seconds: the time that one request may take.
        patience: the time that all attempts and the waiting between them may take.
        attempts: how often it asks at most.
        pause: seconds before the second attempt; each time they double, give or take a half.
        longest: the longest pause of its own choice; a `Retry-After` can ask for more.
        mib: MiB that an answer may have.
        maxlag: seconds that Wikidata's servers may lag behind before we come back later.
    """

    seconds: float = 30
    patience: float = 180
    attempts: int = 6
    pause: float = 1
    longest: float = 60
    mib: int = 32
    maxlag: int = 5


class TooLarge(UnusableAnswer):
    """An answer is larger than it may be: ask for less at a time."""


class ApiError(UnusableAnswer):
    """The action API answers with an error.

    Attributes:
        code: MediaWiki's word for it, such as `no-such-entity`.
        about: what it is about, such as the number of an entity; None where it does not say.
    """

    def __init__(self, detail: str, remedy: str, code: str, about: str | None) -> None:
        super().__init__(detail, remedy)
        self.code = code
        self.about = about


class _Later(Exception):
    """The answer is: not now.

    Args:
        error: what to raise if there is no time to wait.
        seconds: after which to come back; None if that is for us to choose.
    """

    def __init__(self, error: TriplomacyError, seconds: float | None = None) -> None:
        super().__init__(error.detail)
        self.error = error
        self.seconds = seconds


def agent_of(settings: Settings) -> str:
    """Who we say we are: the software and its page, and how to reach who runs the site."""
    contact = settings.wikidata.contact or settings.publisher_url or settings.base
    contact = contact.encode("ascii", "replace").decode()
    return (
        f"Triplomacy/{__version__} ({_PROJECT}; {contact}) "
        f"Python/{platform.python_version()} http.client"
    )


class Client:
    """Asks for JSON.

    Args:
        agent: who we say we are.
        manners: how patient to be.
        resolver: looks up names.
        sleep: waits for some seconds.
        told: told what it waits for.
    """

    def __init__(
        self,
        agent: str,
        manners: Manners | None = None,
        resolver: Resolver = resolve,
        sleep: Callable[[float], None] = time.sleep,
        told: Callable[[str], None] = lambda words: None,
    ) -> None:
        self._agent = agent
        self._manners = manners or Manners()
        self._resolver = resolver
        self._sleep = sleep
        self._told = told

    def api(self, address: str, **fields: str) -> Json:
        """Ask MediaWiki's action API.

        Raises:
            Unreachable, UnusableAnswer, ApiError, TooLarge: there is no answer that can be used.
        """
        fixed = {"format": "json", "formatversion": "2", "maxlag": str(self._manners.maxlag)}
        return self.ask(f"{address}?{urlencode({**fields, **fixed})}")

    def ask(self, address: str, form: Mapping[str, str] | None = None) -> Json:
        """The JSON object at an address; with `form`, what it answers to that.

        Raises:
            Unreachable: nobody answers, or not now, and there is no time left to wait.
            UnusableAnswer: who answers says what cannot be used.
        """
        deadline = time.monotonic() + self._manners.patience
        for attempt in range(1, self._manners.attempts + 1):
            try:
                return self._once(address, form, deadline)
            except _Later as later:
                wait = later.seconds if later.seconds is not None else self._pause(attempt)
                last = attempt == self._manners.attempts
                if last or time.monotonic() + wait > deadline:
                    raise later.error from None
                self._told(f"{later.error.detail}; waiting for {wait:.0f} s")
                self._sleep(wait)
        raise AssertionError("the last attempt has returned or raised")

    def _pause(self, attempt: int) -> float:
        """Seconds to wait of our own choice, another time for everybody who waits."""
        pause = self._manners.pause * 2.0 ** (attempt - 1)
        return min(pause * random.uniform(0.5, 1.5), self._manners.longest)  # noqa: S311

    def _once(self, address: str, form: Mapping[str, str] | None, deadline: float) -> Json:
        service = endpoint(address)
        name = f"{service.scheme}://{service.authority}"
        seconds = min(self._manners.seconds, max(deadline - time.monotonic(), 0.1))
        terms = Terms(self._agent, seconds, self._manners.mib, self._resolver)
        body = None if form is None else urlencode(form).encode("ascii")
        try:
            return self._followed(service, terms, body, name)
        except TimeoutError:
            error = Unreachable(f"{name} took longer than {terms.seconds:.2g} s", _AGAIN)
            raise _Later(error) from None
        except FAILURES as failure:
            _fail(failure, name, terms.mib)

    def _followed(self, service: Endpoint, terms: Terms, body: bytes | None, name: str) -> Json:
        """The answer, redirects within the same host followed."""
        for _ in range(_HOPS + 1):
            with asked(service, terms, _JSON, body) as response:
                if response.status not in (301, 302, 303, 307, 308):
                    return _understood(response, name, terms.mib)
                place = response.getheader("Location") or ""
                if body is not None and response.status < 307:
                    place = ""  # a form would become another request
            service = _next(service, place, name)
        raise UnusableAnswer(f"{name} redirects again and again", _SETTINGS)


_AGAIN = "try again later; what was answered already is kept"
_SETTINGS = "look at the addresses under [wikidata] in triplomacy.toml"


def _next(service: Endpoint, place: str, name: str) -> Endpoint:
    """Where a redirect leads, if that is the same host, or the same with TLS."""
    try:
        found = endpoint(urljoin(service.iri, place)) if place else None
    except ValueError:
        found = None
    same = (service.scheme, service.port)
    if found is None or found.host != service.host or (found.scheme, found.port) not in (
        same, ("https", 443),
    ):  # fmt: skip
        raise UnusableAnswer(f"{name} redirects to {place[:100] or 'nowhere'}, which is not "
                             "followed", _SETTINGS)  # fmt: skip
    return found


def _understood(response: http.client.HTTPResponse, name: str, mib: int) -> Json:
    """The object in an answer."""
    status, after = response.status, _retry_after(response.getheader("Retry-After"))
    if status in _TEMPORARY:
        words = f"{name} answers with the status {status}"
        if after is not None:
            words += f" and asks to come back in {after:.0f} s"
        raise _Later(Unreachable(words, _AGAIN), after)
    if status != 200:
        words = f"{name} answers with the status {status}"
        raise UnusableAnswer(words, _CONTACT if status == 403 else _SETTINGS)
    media_type = response.headers.get_content_type()
    if media_type != _JSON:
        words = f"{name} answers with {media_type[:60]}, not with JSON"
        raise _Later(UnusableAnswer(words, _SETTINGS))
    found = _object(whole_body(response, mib), name)
    error = found.get("error")
    if error is not None:
        _refused(error, after, name)
    return found


_CONTACT = "set contact under [wikidata] in triplomacy.toml, which Wikimedia wants to know"


def _object(body: bytes, name: str) -> Json:
    """The JSON object that `body` is (RFC 8259), nothing beyond the standard in it."""
    unfit = UnusableAnswer(f"the answer of {name} is not a JSON object", _AGAIN)
    if not is_shallow(body, _DEEPEST):
        raise _Later(unfit)  # too deep, or cut off
    try:
        found = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except ValueError:  # UnicodeDecodeError and JSONDecodeError are such
        raise _Later(unfit) from None
    if not isinstance(found, dict):
        raise unfit
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _refused(error: object, after: float | None, name: str) -> NoReturn:
    told = error if isinstance(error, dict) else {}
    code, info = str(told.get("code", "unknown"))[:60], str(told.get("info", ""))[:200]
    words = f"{name} answers with the error {code}: {info or 'no reason is given'}"
    if code.startswith(_PATIENCE_PLEASE):
        raise _Later(Unreachable(words, _AGAIN), after)
    about = told.get("id")
    raise ApiError(words, _SETTINGS, code, about if isinstance(about, str) else None)


def _fail(failure: Exception, name: str, mib: int) -> NoReturn:
    """Raise what says that an exchange failed; a `_Later` where the next may not."""
    words = f"{name} failed: {why(failure, mib)}"
    if isinstance(failure, TooMuch):
        raise TooLarge(words, "nobody needs so much: " + _SETTINGS) from None
    if isinstance(failure, PermissionError):
        raise UnusableAnswer(words, "write its address as a number, if you mean it") from None
    offline = isinstance(failure, socket.gaierror) or (
        isinstance(failure, OSError) and failure.errno in _NOBODY_THERE
    )
    error = Unreachable(words, f"look whether this machine is online; {_AGAIN}")
    if offline:
        raise error from None
    raise _Later(error) from None


def _retry_after(value: str | None) -> float | None:
    """Seconds, from a header `Retry-After` (RFC 9110 §10.2.3); None if it is none."""
    if value is None:
        return None
    if value.strip().isdecimal():
        return float(value.strip()[:9])
    try:
        when = email.utils.parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())
