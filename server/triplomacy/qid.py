"""The numbers of Wikidata's items, `Q7747`, and what people write in their place."""

from __future__ import annotations

import re

from triplomacy.errors import BadRequest
from triplomacy.namespaces import WIKIDATA

_QID = re.compile(r"Q[1-9][0-9]{0,17}", re.ASCII)
_NEARLY = re.compile(  # a proxy may have made one slash of two
    r"""
    (?: wd:  |  (?P<site> (?:https?:)? /{0,2} (?:www\.|m\.)? wikidata\.org /
        (?: entity/ | wiki/ (?: Special:Entity(?:Data|Page)/ | Item: | Property: | Lexeme: )? ) ) )?
    (?P<letter>[QPLME]) 0* (?P<digits>[1-9][0-9]{0,17})
    (?(site) (?: \.[a-z]{2,6} )? )  (?: [?\#].* )? /?
    """,
    re.VERBOSE | re.ASCII | re.IGNORECASE,
)
_WIKIPEDIA = re.compile(r"(?:https?://)?[a-z-]+\.(?:m\.)?wikipedia\.org/wiki/\S+", re.IGNORECASE)
_LONGEST = 500  # characters that an address of an item may have
KINDS = {
    "Q": "an item",
    "P": "a property",
    "L": "a lexeme",
    "M": "a media file",
    "E": "an entity schema",
}
"""What the numbers of Wikidata are the numbers of, by their letter."""


def is_qid(text: str) -> bool:
    """Whether `text` is the number of an item, as Wikidata writes it.

    >>> is_qid("Q7747"), is_qid("q7747"), is_qid("Q07"), is_qid("P39")
    (True, False, False, False)
    """
    return _QID.fullmatch(text) is not None


def item_iri(id: str) -> str:
    """The IRI of an item, as Wikidata's own data name it: http, whatever the browser shows."""
    return WIKIDATA + id


def id_of(iri: str) -> str | None:
    """The number of the item with that IRI; None if it is not the IRI of one."""
    id = iri.removeprefix(WIKIDATA)
    return id if id != iri and is_qid(id) else None


def entity_meant(text: str) -> str | None:
    """The number of an entity that was meant by `text`: a number, or an address; None for others.

    >>> entity_meant("https://www.wikidata.org/wiki/Q7747#sitelinks"), entity_meant("wd:p039")
    ('Q7747', 'P39')
    """
    found = _NEARLY.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    return found["letter"].upper() + found["digits"] if found else None


def meant(text: str) -> str | None:
    """The number of an item that was meant by `text`; None for others.

    >>> meant("q07"), meant("P39")
    ('Q7', None)
    """
    number = entity_meant(text)
    return number if number and is_qid(number) else None


def qid(text: str) -> str:
    """`text`, if it is the number of an item.

    Raises:
        BadRequest: it is not; the remedy is the number that was meant, where that can be told.
    """
    if is_qid(text):
        return text
    raise BadRequest(f"{text[:80]} is not the number of an item of Wikidata", remedy_for(text))


def remedy_for(text: str) -> str:
    """What to write in the place of `text`, which is no IRI and no number of an item."""
    number = entity_meant(text)
    if number and is_qid(number):
        return f"write {number}, or in Turtle wd:{number}, which is <{item_iri(number)}>"
    if number:
        return f"{number} is {KINDS[number[0]]}: look up the item, whose number begins with Q"
    if _WIKIPEDIA.fullmatch(text[:_LONGEST]):
        return "this is a page of Wikipedia: follow “Wikidata item” among its tools to the number"
    return "look the item up at https://www.wikidata.org/; its number is Q and digits, as in Q7747"
