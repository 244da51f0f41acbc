"""What stands after a property: the number of an item, a day, a text; and how long it may be.

Wikidata takes no text with a line break, a tab, or white space at its ends, and none longer than
1,500 characters; a label or an alias may have 250
(https://www.wikidata.org/wiki/Help:Data_type, https://www.wikidata.org/wiki/Help:Label).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from triplomacy.link.export.properties import Property

LONGEST_TEXT = 1500
LONGEST_NAME = 250
LONGEST_QUOTATION = 400
"""Characters of a quotation: enough to bear a statement out, and a small part of the source."""

_BREAK = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_DAY = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}", re.ASCII)
_UNKNOWN = "und"  # Wikidata's code, and BCP 47's, for a language that nobody has told


@dataclass(frozen=True, slots=True)
class ItemId:
    """The number of an item."""

    id: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day, a month or a year of the Gregorian calendar, in the form of XSD: `2025-02-12`."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A text of no language, such as an address."""

    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """A text in a language, whose code is Wikidata's."""

    language: str
    text: str


Value = ItemId | Day | Text | Words


@dataclass(frozen=True, slots=True)
class Snak:
    """A property with a value."""

    property: Property
    value: Value


@dataclass(frozen=True, slots=True)
class Term:
    """A name, which needs no property: its code in QuickStatements (`Len`), and its words."""

    code: str
    words: Words


def plain(text: str) -> str:
    """`text` on one line: each run of white space and control characters is a single space.

    >>> plain("a \\t b\\r\\nc ")
    'a b c'
    """
    return _BREAK.sub(" ", text).strip()


def shortened(text: str, most: int) -> str:
    """`text` in at most that many characters, cut after a word and marked with an ellipsis.

    >>> shortened("to be or not to be", 12)
    'to be or…'
    """
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    if not text[most - 1].isspace() and " " in cut:
        cut = cut.rpartition(" ")[0]
    return cut.rstrip() + "…"


def day_of(text: str) -> Day | None:
    """The day, month or year that `text` is in the form of XSD; None for all else.

    >>> day_of("2025-02-12T10:00:00Z"), day_of("2025-02-30"), day_of("2025")
    (Day(text='2025-02-12'), None, Day(text='2025'))
    """
    text = text.partition("T")[0]
    if not _DAY.fullmatch(text):
        return None
    whole = text + "-01" * (2 - text.count("-"))
    try:
        date.fromisoformat(whole)
    except ValueError:
        return None
    return Day(text)


def language_of(tag: str) -> str:
    """Wikidata's code of a language, from a tag by BCP 47: its first part, or `und`.

    >>> language_of("en-US"), language_of(""), language_of("x-private")
    ('en', 'und', 'und')
    """
    first = tag.lower().partition("-")[0]
    return first if _LANGUAGE.fullmatch(first) else _UNKNOWN
