"""Compares answers as SPARQL means them: rows in any order, blank nodes by any name.

Numbers are compared by value, since an engine may write `1.0` for `1`; that is told apart as
another spelling.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from bench.differential.engines import Outcome

_XSD = "http://www.w3.org/2001/XMLSchema#"
# What is derived from xsd:integer; an engine may keep such a number as an integer.
_INTEGERS = (
    "integer", "byte", "short", "int", "long", "unsignedByte", "unsignedShort", "unsignedInt",
    "unsignedLong", "negativeInteger", "nonNegativeInteger", "nonPositiveInteger",
    "positiveInteger",
)  # fmt: skip
_ROUNDS = 4  # of telling blank nodes apart by what stands beside them

Term = list[str] | None
Row = tuple[tuple[str, ...] | None, ...]


def difference(first: Outcome, second: Outcome, ordered: bool = False) -> str | None:
    """How the second outcome differs from the first; None if it does not.

    Args:
        first, second: what two engines made of one question.
        ordered: whether the order of the rows is part of the answer.

    Returns:
        `crash`, `timeout`, `refuses`, `accepts`, `boolean`, `variables`, `fewer rows`,
        `more rows`, `other rows`, `multiplicity`, `order` or `spelling`.
    """
    if second.died:
        return None if first.died else "crash" if "crashed" in second.error else "timeout"
    if first.answer is None or second.answer is None:
        if first.answer is second.answer or first.died:
            return None
        return "accepts" if first.answer is None else "refuses"
    one, other = first.answer, second.answer
    if "boolean" in one or "boolean" in other:
        return None if one.get("boolean") == other.get("boolean") else "boolean"
    if "triples" in one:
        return _rows_differ(
            set(_named(one["triples"], _value)), set(_named(other["triples"], _value))
        ) or _spelling(one["triples"], other["triples"])
    names = one["vars"]
    if sorted(names) != sorted(other["vars"]):
        return "variables"
    place = {n: i for i, n in enumerate(other["vars"])}
    rows = [[row[place[n]] for n in names] for row in other["rows"]]
    mine, theirs = list(_named(one["rows"], _value)), list(_named(rows, _value))
    found = _rows_differ(mine, theirs)
    if found is None and ordered and mine != theirs and _has_order(mine):
        return "order"
    return found or _spelling(one["rows"], rows)


def _rows_differ(one: Iterable[Row], other: Iterable[Row]) -> str | None:
    mine, theirs = Counter(one), Counter(other)
    if mine == theirs:
        return None
    if mine.keys() == theirs.keys():
        return "multiplicity"
    missing, extra = mine - theirs, theirs - mine
    return "other rows" if missing and extra else "fewer rows" if missing else "more rows"


def _has_order(rows: list[Row]) -> bool:
    """Whether SPARQL defines the order of all these rows (SPARQL 1.1 Query §15.1)."""
    for column in zip(*rows, strict=True):
        kinds = {
            "unbound" if t is None else t[0] if t[0] != "literal" else _order_of(t[2])
            for t in column
        }
        if len(kinds) > 1 or kinds & {"blank", "none"}:
            return False
    return True


def _order_of(datatype: str) -> str:
    kind = datatype.removeprefix(_XSD)
    return kind if kind in ("string", "integer", "decimal", "date", "boolean") else "none"


def _spelling(one: list[list[Term]], other: list[list[Term]]) -> str | None:
    def spelt(rows: list[list[Term]]) -> set[Row]:
        return set(_named(rows, lambda term: tuple(term)))

    return None if spelt(one) == spelt(other) else "spelling"


def _named(rows: list[list[Term]], value: object) -> list[Row]:
    """`rows` with each blank node named by the rows that it stands in."""
    assert callable(value), "it makes a term comparable"
    names: dict[str, str] = {}

    def told(term: Term, own: str | None = None) -> tuple[str, ...] | None:
        if term is None:
            return None
        if term[0] == "blank":
            return ("blank", "self" if term[1] == own else names.get(term[1], ""))
        found: tuple[str, ...] = value(term)
        return found

    labels = {t[1] for row in rows for t in row if t is not None and t[0] == "blank"}
    for _ in range(_ROUNDS if labels else 0):
        seen: dict[str, list[str]] = {label: [] for label in labels}
        for row in rows:
            for label in {t[1] for t in row if t is not None and t[0] == "blank"}:
                seen[label].append(repr([told(t, label) for t in row]))
        fresh = {label: str(hash(tuple(sorted(found)))) for label, found in seen.items()}
        names.update(fresh)
    return [tuple(told(t) for t in row) for row in rows]


def _value(term: list[str]) -> tuple[str, ...]:
    """A term by its value: numbers, truth, language tags in one case (RFC 5646 §2.1.1)."""
    if term[0] != "literal":
        return tuple(term)
    _, form, datatype, language = term
    kind = datatype.removeprefix(_XSD)
    if kind in ("double", "float"):
        try:
            return ("literal", f"{float(form):.9g}", datatype, "")
        except ValueError:
            return tuple(term)
    if kind == "boolean":
        return ("literal", {"1": "true", "0": "false"}.get(form, form), datatype, "")
    if kind == "decimal" or kind in _INTEGERS:
        kind = "decimal" if kind == "decimal" else "integer"
        try:
            return ("literal", f"{Decimal(form).normalize():.15g}", kind, "")
        except (InvalidOperation, ValueError):
            return tuple(term)
    return ("literal", form, datatype, language.lower())
