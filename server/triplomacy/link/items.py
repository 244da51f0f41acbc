"""An item with types: what of an entity's JSON we use, read from whoever answered.

https://doc.wikimedia.org/Wikibase/master/php/docs_topics_json.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from triplomacy.errors import UnusableAnswer
from triplomacy.qid import is_qid

_MOST = 2000
"""Names or statements of one kind that are read; no item has as many, and no one is worth more."""
_LONGEST = 250  # characters of a label or an alias, as Wikidata allows them
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
"""What steers a terminal, what turns the direction of the words around it (UAX #9 §2), or what XML
cannot carry (XML 1.0 §2.2); no name has such a character."""
_JULIAN = "http://www.wikidata.org/entity/Q1985786"
_ANY = "mul"
"""The code of a name that is the same in all languages that have none of their own."""


@dataclass(frozen=True, slots=True)
class Time:
    """A time.

    Attributes:
        text: as far as it is known, in the form of XSD: `1952`, `1952-10` or `1952-10-07`.
        is_julian: whether it is of the Julian calendar, so that its day is another in ours.
    """

    text: str
    is_julian: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the Earth, in degrees."""

    latitude: float
    longitude: float


Value = str | Time | Place
"""The number of an item, a text, a time, a place."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement about an item, unless it is deprecated.

    Attributes:
        value: what it says; None for what is unknown or none, or of a kind that we do not read.
        qualifiers: what qualifies it, by property.
        is_best: whether it is the preferred one, or there is no preferred one.
    """

    value: Value | None
    qualifiers: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    is_best: bool = True


@dataclass(frozen=True, slots=True)
class Item:
    """An item.

    Attributes:
        asked: the number that was asked for.
        id: its number now; another one if it was merged.
        is_missing: whether there is none, or no more.
        labels, descriptions: by language.
        aliases: by language.
        claims: by property, the deprecated left out.
        deprecated: what the deprecated say, by property.
        revision: the number of its last revision; 0 if it was not told.
        fetched: when Wikidata was asked.
    """

    asked: str
    id: str
    fetched: datetime
    is_missing: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    claims: Mapping[str, tuple[Claim, ...]] = field(default_factory=dict)
    deprecated: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    revision: int = 0

    @property
    def is_redirected(self) -> bool:
        """Whether it was merged into another."""
        return self.id != self.asked

    def names(self, language: str) -> tuple[str, ...]:
        """Label and aliases in a language, those for all languages included."""
        found = [self.labels[c] for c in (language, _ANY) if c in self.labels]
        return (*found, *self.aliases.get(language, ()), *self.aliases.get(_ANY, ()))

    def values(self, property: str) -> tuple[Value, ...]:
        """What its statements say."""
        claims = self.claims.get(property, ())
        return tuple(c.value for c in claims if c.value is not None)


def item_of(asked: str, entity: object, fetched: datetime) -> Item:
    """The item that an entity's JSON describes.

    Args:
        asked: the number that was asked for.
        entity: the JSON.
        fetched: when Wikidata was asked.

    Raises:
        UnusableAnswer: it is not what Wikidata gives.
    """
    whole = _object(entity, asked, "it")
    if "missing" in whole:  # an empty string, or true
        return Item(asked, asked, fetched, is_missing=True)
    id = whole.get("id")
    if not isinstance(id, str) or not is_qid(id) or whole.get("type", "item") != "item":
        raise _unusable(asked, "it is no item")
    revision = whole.get("lastrevid", 0)
    if not isinstance(revision, int) or isinstance(revision, bool):
        raise _unusable(asked, "its revision is no number")
    return Item(
        asked,
        id,
        fetched,
        labels=_terms(whole, "labels", asked),
        descriptions=_terms(whole, "descriptions", asked),
        aliases=_aliases(whole, asked),
        claims=_claims(whole, asked),
        deprecated=_deprecated(whole, asked),
        revision=revision,
    )


def _unusable(asked: str, what: str) -> UnusableAnswer:
    return UnusableAnswer(
        f"what Wikidata says about {asked} cannot be read: {what}",
        "try again later; if it stays so, look at the addresses under [wikidata] in "
        "triplomacy.toml",
    )


def _object(value: object, asked: str, name: str) -> dict[str, Any]:
    """A JSON object; an empty list, which PHP writes for an empty one, included."""
    if value == []:
        return {}
    if not isinstance(value, dict):
        raise _unusable(asked, f"{name} is no object")
    return value


def _terms(whole: dict[str, Any], kind: str, asked: str) -> dict[str, str]:
    terms = _object(whole.get(kind, {}), asked, kind)
    return {code: _text(term, asked, kind) for code, term in terms.items()}


def _aliases(whole: dict[str, Any], asked: str) -> dict[str, tuple[str, ...]]:
    found = {}
    for code, terms in _object(whole.get("aliases", {}), asked, "aliases").items():
        listed = _list(terms, asked, "aliases")
        found[code] = tuple(_text(t, asked, "aliases") for t in listed)
    return found


def _text(term: object, asked: str, kind: str) -> str:
    value = plain_text(_object(term, asked, kind).get("value"))
    if value is None:
        raise _unusable(asked, f"{kind} hold what is no text")
    return value


def plain_text(value: object) -> str | None:
    """A name or a description as it may be shown; None for what is no text."""
    if not isinstance(value, str) or not _is_unicode(value[:_LONGEST]):
        return None
    return _CONTROL.sub("", value[:_LONGEST])


def _is_unicode(text: str) -> bool:
    """Whether it has no lone surrogates, which JSON can write and nothing else can."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _list(value: object, asked: str, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise _unusable(asked, f"{name} hold what is no list")
    return value[:_MOST]


def _statements(whole: dict[str, Any], asked: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The statements of each property, whatever their rank."""
    for property, listed in _object(whole.get("claims", {}), asked, "claims").items():
        held = _list(listed, asked, f"claims of {property}")
        yield property, [_object(s, asked, "a statement") for s in held]


def _deprecated(whole: dict[str, Any], asked: str) -> dict[str, tuple[Value, ...]]:
    found = {}
    for property, statements in _statements(whole, asked):
        wrong = [s for s in statements if s.get("rank") == "deprecated"]
        values = [_value(s.get("mainsnak"), asked) for s in wrong]
        if wrong:
            found[property] = tuple(v for v in values if v is not None)
    return found


def _claims(whole: dict[str, Any], asked: str) -> dict[str, tuple[Claim, ...]]:
    found = {}
    for property, statements in _statements(whole, asked):
        kept = [s for s in statements if s.get("rank") != "deprecated"]
        preferred = any(s.get("rank") == "preferred" for s in kept)
        found[property] = tuple(
            Claim(
                _value(s.get("mainsnak"), asked),
                _qualifiers(s, asked),
                s.get("rank") == "preferred" or not preferred,
            )
            for s in kept
        )
    return found


def _qualifiers(statement: dict[str, Any], asked: str) -> dict[str, tuple[Value, ...]]:
    found = {}
    held = _object(statement.get("qualifiers", {}), asked, "qualifiers")
    for property, snaks in held.items():
        values = (_value(snak, asked) for snak in _list(snaks, asked, "qualifiers"))
        found[property] = tuple(v for v in values if v is not None)
    return found


def _value(snak: object, asked: str) -> Value | None:
    """What a snak says; None for no value, an unknown one, and kinds of others."""
    whole = _object(snak, asked, "a snak")
    if whole.get("snaktype", "value") != "value":
        return None
    datavalue = _object(whole.get("datavalue"), asked, "a value")
    kind, value = datavalue.get("type"), datavalue.get("value")
    if kind == "string" and isinstance(value, str):
        return value if _is_unicode(value) else None
    if kind == "wikibase-entityid":
        id = _object(value, asked, "an item").get("id")
        return id if isinstance(id, str) and is_qid(id) else None
    if kind == "time":
        return _time(_object(value, asked, "a time"))
    if kind == "globecoordinate":
        place = _object(value, asked, "a place")
        degrees = [*_degrees(place)]
        return Place(*degrees) if len(degrees) == 2 else None
    return None


def _degrees(place: dict[str, Any]) -> Iterator[float]:
    for name, most in (("latitude", 90), ("longitude", 360)):
        value = place.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= most:
            yield float(value)


def _time(value: dict[str, Any]) -> Time | None:
    """`+1952-10-07T00:00:00Z` is a day with precision 11, a month with 10, a year with 9."""
    text, precision = value.get("time"), value.get("precision")
    if not isinstance(text, str) or precision not in (9, 10, 11):
        return None
    parts = text.removeprefix("+").partition("T")[0].split("-")
    if len(parts) != 3 or not all(p.isdecimal() and p.isascii() for p in parts):
        return None  # before our era
    return Time("-".join(parts[: precision - 8]), value.get("calendarmodel") == _JULIAN)
