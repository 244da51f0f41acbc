"""The numbers of items, `Q7747`, and what people write in their place."""

from __future__ import annotations

import re

from triplomacy.errors import BadRequest
from triplomacy.namespaces import WIKIDATA

_QID = re.compile(r"Q[1-9][0-9]{0,17}", re.ASCII)
_NEARLY = re.compile(
    r"""
    (?: wd:  |  (?:https?:)?// (?:www\.|m\.)? wikidata\.org /
        (?: entity/ | wiki/ (?: Special:Entity(?:Data|Page)/ | Item: )? ) )?
    (?P<letter>[A-Z]) 0* (?P<digits>[1-9][0-9]{0,17})
    (?: \.[a-z]{2,6} )? (?: [?\#].* )? /?
    """,
    re.VERBOSE | re.ASCII | re.IGNORECASE,
)
_WIKIPEDIA = re.compile(r"(?:https?://)?[a-z-]+\.(?:m\.)?wikipedia\.org/wiki/\S+", re.IGNORECASE)
_LONGEST = 500  # characters that an address of an item may have
_OTHERS = {"P": "a property", "L": "a lexeme", "M": "a media file", "E": "an entity schema"}


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


def meant(text: str) -> str | None:
    """The number that was meant by `text`: a number, or an address of the item; None for others.

    >>> meant("https://www.wikidata.org/wiki/Q7747#sitelinks"), meant("q07"), meant("P39")
    ('Q7747', 'Q7', None)
    """
    found = _nearly(text)
    return f"Q{found['digits']}" if found and found["letter"] in "Qq" else None


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
    id = meant(text)
    if id:
        return f"write {id}, or in Turtle wd:{id}, which is <{item_iri(id)}>"
    found = _nearly(text)
    other = _OTHERS.get(found["letter"].upper()) if found else None
    if found and other:
        number = found["letter"].upper() + found["digits"]
        return f"{number} is {other}: look up the item, whose number begins with Q"
    if _WIKIPEDIA.fullmatch(text[:_LONGEST]):
        return "this is a page of Wikipedia: follow “Wikidata item” among its tools to the number"
    return "look the item up at https://www.wikidata.org/; its number is Q and digits, as in Q7747"


def _nearly(text: str) -> re.Match[str] | None:
    return _NEARLY.fullmatch(text.strip()) if len(text) <= _LONGEST else None
