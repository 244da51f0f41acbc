"""What a person can answer about a thing: the same words in the terminal and in a review file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from triplomacy.errors import BadRequest
from triplomacy.namespaces import OWL, SKOS
from triplomacy.qid import is_qid, remedy_for


class Verb(Enum):
    """What somebody says about a thing and an item: the predicate of the triple that is written."""

    SAME = f"{OWL}sameAs"
    CLOSE = f"{SKOS}closeMatch"
    NONE = f"{OWL}differentFrom"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer.

    Attributes:
        verb: what is said; None to be asked again another time.
        id: of which item; None where it is none of those that were suggested.
    """

    verb: Verb | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person said about a thing and an item.

    Attributes:
        thing: the IRI of ours.
        verb: what they are to each other.
        id: the number of the item.
        score: how well it fits, as the service saw it, from 0 to 100; None if nobody suggested it.
        note: why, in the person's words.
    """

    thing: str
    verb: Verb
    id: str
    score: float | None = None
    note: str = ""


_NUMBER = re.compile(r"[A-Za-z]\d")
_LATER = ("", "skip", "s")
_NONE = ("none", "no", "n")
_REMEDY = "answer Q and digits, close Q and digits, none, or nothing to be asked again"


def answer_of(text: str) -> Answer:
    """The answer that a text is: `Q7747`, `close Q7747`, `none`, or nothing.

    Raises:
        BadRequest: it is none of these.

    >>> answer_of("close Q46")
    Answer(verb=<Verb.CLOSE: 'http://www.w3.org/2004/02/skos/core#closeMatch'>, id='Q46')
    """
    words = text.strip()
    if words.lower() in _LATER:
        return Answer()
    if words.lower() in _NONE:
        return Answer(Verb.NONE)
    first, _, rest = words.partition(" ")
    verb, number = (Verb.CLOSE, rest.strip()) if first.lower() == "close" else (Verb.SAME, words)
    if is_qid(number):
        return Answer(verb, number)
    is_address = "/" in number or _NUMBER.match(number) is not None
    remedy = remedy_for(number) if is_address else _REMEDY
    raise BadRequest(f"{words[:80]!r} is no answer", remedy)


def decisions_of(
    thing: str, answer: Answer, scores: Mapping[str, float], note: str = ""
) -> list[Decision]:
    """What an answer decides: about one item, or about all that were suggested.

    Args:
        thing: the IRI of ours.
        answer: the answer.
        scores: the score of each item that was suggested, by its number.
        note: why, in the person's words.
    """
    if answer.verb is None:
        return []
    ids = [answer.id] if answer.id else list(scores)
    return [Decision(thing, answer.verb, id, scores.get(id), note) for id in ids]
