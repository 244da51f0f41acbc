"""How well a candidate fits a query, from 0 to 100: pure functions.

The likeness of names counts 1, that of each property that is known of anything 0.4, as in the
service for Wikidata (openrefine-wikibase); so 100 means that all fits.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from triplomacy.namespaces import XSD
from triplomacy.reconcile.names import likeness, words_of

SURE = 95.0
"""The score from which on a candidate may be a match."""
_PROPERTY = 0.4  # the weight of a property; that of the name is 1
_OTHER_TYPE = 0.5  # what is left of the score of a candidate of another type, where it may have one
_HEARD = 0.6  # the likeness of texts below which they have nothing to do with each other
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
    """

    term: NamedNode | Literal
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """A value that was sent.

    Attributes:
        value: the value; None where it can be nothing but an identifier.
        iris: the things that it identifies.
    """

    value: str | float | bool | None
    iris: frozenset[str] = frozenset()

    @property
    def text(self) -> str | None:
        """The value as literals write it."""
        value = self.value
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        return None if value is None else str(value).strip()


def fit(sent: Sent, held: Iterable[Held]) -> float:
    """How well the values that a candidate has fit one that was sent, from 0 to 1."""
    return max((_fits(sent, h) for h in held), default=0.0)


def _fits(sent: Sent, held: Held) -> float:
    value, text = sent.value, sent.text
    if isinstance(held.term, NamedNode):
        if held.term.value in sent.iris:
            return 1.0
        return _heard(value, held.names) if isinstance(value, str) else 0.0
    if text is None:
        return 0.0
    if isinstance(value, bool):
        return float(held.term.value.casefold() in (_TRUE if value else _FALSE))
    return _fits_literal(text, held.term)


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
