"""Chooses a representation from what a client accepts (RFC 9110 §12.5.1). Knows no request."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from triplomacy.errors import NotAcceptable
from triplomacy.formats import BY_SUFFIX, HTML, Format

_COMMON = 500
"""Characters of a header up to which what it means is remembered."""


@dataclass(frozen=True, slots=True)
class Accept:
    """What a client accepts: the value of its `Accept` header, or a format that it fixed.

    Implements `engine.protocol.Acceptance`.

    Attributes:
        header: the header; None or empty where there is none, which accepts everything.
        suffix: a format fixed by the path's suffix or by `?format=`; it wins over the header.
    """

    header: str | None
    suffix: str | None = None

    def choose(self, offered: Sequence[Format]) -> Format:
        """The best of `offered`; among equals the one that stands first.

        Raises:
            NotAcceptable: none is accepted; the message lists what there is.
        """
        chosen = self._fixed(offered) if self.suffix else self._negotiated(offered)
        if chosen is None:
            asked = self.suffix or self.header
            there_is = ", ".join(f"{f.media_type} (.{f.suffix})" for f in offered)
            raise NotAcceptable(
                f"You asked for {asked}; there is: {there_is}", "ask for one of these"
            )
        return chosen

    def _fixed(self, offered: Sequence[Format]) -> Format | None:
        asked = (self.suffix or "").lower()
        for format in offered:
            if asked in (format.suffix, format.name.lower(), *format.media_types):
                return format
        # `json` means the JSON of the kind at hand: results, or JSON-LD.
        if asked not in ("json", "xml"):
            return None
        return next((f for f in offered if f.media_type.endswith("+" + asked)), None)

    def _negotiated(self, offered: Sequence[Format]) -> Format | None:
        header = (self.header or "").strip()
        if not header:
            return offered[0]
        find = _best if len(header) <= _COMMON else _best.__wrapped__
        return find(header, tuple(offered))


@dataclass(frozen=True, slots=True)
class PageOr:
    """Accepts what the client accepts, and what a page is made of where it prefers the page.

    Implements `engine.protocol.Acceptance`.

    Attributes:
        accept: what the client accepts.
    """

    accept: Accept

    def choose(self, offered: Sequence[Format]) -> Format:
        """The best of `offered`; the first, from which the page is made, if that is the page."""
        chosen = self.chosen(offered)
        return offered[0] if chosen is HTML else chosen

    def chosen(self, offered: Sequence[Format]) -> Format:
        """What the client gets: the best of `offered` and the page, which stands last."""
        return self.accept.choose((*offered, HTML))


@functools.lru_cache(maxsize=1024)
def _best(header: str, offered: tuple[Format, ...]) -> Format | None:
    """The best of `offered`; programs send the same few headers again and again."""
    accepted = parse_accept_header(header, MIMEAccept)
    best: tuple[float, int] | None = None
    chosen = None
    for format in offered:
        # An alias is a courtesy: it counts only where the client names it in full.
        own = _quality(accepted, format.media_type)
        named = [_named_quality(accepted, alias) for alias in format.aliases]
        quality = max([own, *named])
        rank = (quality, _named_quality(accepted, format.media_type) > 0)
        if quality > 0 and (best is None or rank > best):
            best, chosen = rank, format
    return chosen


def _quality(accepted: MIMEAccept, media_type: str) -> float:
    """The quality of the most specific range that matches (RFC 9110 §12.5.1)."""
    type_ = media_type.partition("/")[0]
    for range_ in (media_type, f"{type_}/*", "*/*"):
        quality = _named_quality(accepted, range_, missing=-1.0)
        if quality >= 0:
            return quality
    return 0.0


def _named_quality(accepted: MIMEAccept, range_: str, missing: float = 0.0) -> float:
    qualities = [q for value, q in accepted if value.partition(";")[0].strip().lower() == range_]
    return max(qualities, default=missing)


def split_suffix(path: str) -> tuple[str, str | None]:
    """Split a format's suffix off a path: `doc/event/call.ttl` → (`doc/event/call`, `ttl`)."""
    stem, dot, suffix = path.rpartition(".")
    if dot and suffix in BY_SUFFIX and not stem.endswith("/"):
        return stem, suffix
    return path, None
