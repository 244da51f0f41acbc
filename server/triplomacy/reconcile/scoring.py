"""How well a candidate fits a query, from 0 to 100: pure functions.

The likeness of names counts 1, that of each property that is known of anything 0.4, as in the
service for Wikidata (openrefine-wikibase); so 100 means that all fits.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from pyoxigraph import Literal, NamedNode

from triplomacy.namespaces import XSD
from triplomacy.search.slips import allowed, distance, is_forgiven
from triplomacy.search.words import words

REORDERED = 0.97
"""The likeness of names with the same words in another order: `Putin, Vladimir`."""
_LIKE = 0.9
"""The most that names of different words can reach."""
SURE = 95.0
"""The score from which on a candidate may be a match."""
_PROPERTY = 0.4  # the weight of a property; that of the name is 1
_OTHER_TYPE = 0.5  # what is left of the score of a candidate of another type, where it may have one
_HEARD = 0.6  # the likeness of texts below which they have nothing to do with each other
_MOST_WORDS = 13  # of a name; one more than count in a search tells that there are more
_LONGEST = 1_000  # characters of a name
_REMEMBERED = 4_096  # names, and pairs of words: those of one batch come again and again
_DATES = frozenset(f"{XSD}{name}" for name in ("date", "dateTime", "gYear", "gYearMonth"))
_FALSE = ("false", "0", "no")
_TRUE = ("true", "1", "yes")
_YEAR = re.compile(r"-?[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?(T.*)?")


@dataclass(frozen=True, slots=True)
class Held:
    """A value that a candidate has.

    Attributes:
        term: the value.
        names: what it is called, where it is a thing.
        ids: by what identifiers it goes.
    """

    term: NamedNode | Literal
    names: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()


Words = tuple[str, ...]


def words_of(text: str) -> Words:
    """What counts of a name: its first words, without case and accents."""
    return _words_of(text[:_LONGEST])


@lru_cache(_REMEMBERED)
def _words_of(text: str) -> Words:
    return tuple(islice((w.folded for w in words(text) if not w.is_rest), _MOST_WORDS))


def likeness(asked: Words, name: Words) -> float:
    """How alike two names are, from 0 to 1.

    1 means the same words in the same order, `REORDERED` in another. Otherwise it is the share of
    letters that stand in words of both (Dice's coefficient), where a word with a slip counts in
    part, and the beginning of one, too; never more than 0.9.

    >>> likeness(words_of("ZELENSKY, Volodymyr"), words_of("Volodymyr Zelensky"))
    0.97
    >>> likeness(words_of("Trump"), words_of("Trump Tower"))
    0.667
    """
    if not asked or not name:
        return 0.0
    if asked == name:
        return 1.0
    if sorted(asked) == sorted(name):
        return REORDERED
    rest = list(name)
    common = 0.0
    for word in asked:
        near, best = max(((_alike(word, other), other) for other in rest), default=(0.0, ""))
        if near:
            rest.remove(best)
            common += near * (len(word) + len(best)) / 2
    total = sum(map(len, asked)) + sum(map(len, name))
    return round(min(_LIKE, 2 * common / total), 3)


@lru_cache(_REMEMBERED)
def _alike(word: str, other: str) -> float:
    """How alike two words are: equal, the beginning of the other, or a slip apart."""
    if word == other:
        return 1.0
    short, long = sorted((word, other), key=len)
    if long.startswith(short):
        return len(short) / len(long)
    slips = allowed(short)
    # A slip changes no more than two of the letters that words have.
    if len(long) - len(short) > slips or len({*word} ^ {*other}) > 2 * slips:
        return 0.0
    if not (is_forgiven(word) and is_forgiven(other)):
        return 0.0
    between = distance(word, other)
    return 1 - between / len(long) if between <= slips else 0.0


def fit(value: object, held: Iterable[Held]) -> float:
    """How well the values that a candidate has fit one that was sent, from 0 to 1.

    Args:
        value: a string, a number, a truth value, or an identifier of an entity as `Entity` has it.
        held: what the candidate has.
    """
    return max((_fits(value, h) for h in held), default=0.0)


def _fits(value: object, held: Held) -> float:
    if isinstance(value, bool):
        told = _TRUE if value else _FALSE
        return float(held.term.value.casefold() in told)
    if isinstance(value, int | float):
        text = str(int(value)) if float(value).is_integer() else str(value)
        return _fits_literal(text, held.term) if isinstance(held.term, Literal) else 0.0
    if not isinstance(value, str):  # an entity
        return float(getattr(value, "id", None) in held.ids)
    if value.strip() in held.ids:
        return 1.0
    if isinstance(held.term, Literal):
        return _fits_literal(value.strip(), held.term)
    return _heard(value, held.names)


def _fits_literal(value: str, term: Literal) -> float:
    held = term.value
    if value == held:
        return 1.0
    if term.datatype.value in _DATES:
        return _fits_date(value, held)
    number, other = finite(value), finite(held)
    if number is not None and other is not None:
        return float(math.isclose(number, other, rel_tol=1e-9))
    return _heard(value, (held,))


def _fits_date(value: str, held: str) -> float:
    """Whether one date is the other, or the month, the year in which it lies."""
    if not _YEAR.fullmatch(value):
        return 0.0
    short, long = sorted((_day(value), _day(held)), key=len)
    return float(long.startswith(short))


def _day(date: str) -> str:
    """A date without its time: midnight is what OpenRefine makes of a day."""
    return date.partition("T")[0].rstrip("Z")


def _heard(value: str, names: Iterable[str]) -> float:
    asked = words_of(value)
    best = max((likeness(asked, words_of(name)) for name in names), default=0.0)
    return best if best >= _HEARD else 0.0


def finite(text: str) -> float | None:
    """The number that a text is; None where it is none, or no finite one."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def score(name: float | None, properties: Sequence[float], of_type: bool = True) -> float:
    """The score of a candidate, from 0 to 100.

    Args:
        name: the likeness of the names; None where no name was sent.
        properties: how well each property fits.
        of_type: whether it has a type that was asked for, or none was.
    """
    weights = [] if name is None else [(1.0, name)]
    weights += [(_PROPERTY, fitting) for fitting in properties]
    total = sum(weight for weight, _ in weights)
    if not total:
        return 0.0
    whole = 100 * sum(weight * value for weight, value in weights) / total
    return round(whole if of_type else whole * _OTHER_TYPE, 2)
