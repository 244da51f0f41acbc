"""Makes a server that is careless with types keep them: a query's tokens, with more said.

Such a server divides integers to integers, gives truth values that it computes as numbers, takes a
constant in a pattern for every literal of the same value (`?s ?p 1` finds `true` and `1.0`),
compares what cannot be compared, and makes IRIs of literals that stand below an IRI in VALUES.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from pyoxigraph import Literal, NamedNode, Quad, Store

from triplomacy.engine.remote.lexis import Token, closing, source, tokens, value_of
from triplomacy.errors import StoreCannot
from triplomacy.namespaces import XSD

_TRUTH = ("=", "!=", "<", ">", "<=", ">=", "&&", "||", "!")
_TRUE_OR_FALSE = {"TRUE": "1", "FALSE": "0"}
_FUNCTIONS = (
    "ISIRI", "ISURI", "ISBLANK", "ISLITERAL", "ISNUMERIC", "BOUND", "REGEX", "CONTAINS",
    "STRSTARTS", "STRENDS", "LANGMATCHES", "SAMETERM", "EXISTS",
)  # fmt: skip
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_NUMERIC = frozenset(f"{XSD}{t}" for t in ("integer", "decimal", "double", "float", "boolean"))
_JOINED = ("^^", "+", "-")
_AGGREGATES = ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT")
_BEFORE = ("(", "&&", "||")
_AFTER = (")", "&&", "||")


def typed(
    part: Sequence[Token], names: Mapping[str, str], parses: Callable[[str], bool], unused: str
) -> list[Token]:
    """The tokens of a query that means on a careless server what it says.

    Args:
        part: all tokens of the query.
        names: the IRIs that its tokens stand for.
        parses: whether a text does.
        unused: begins no variable of the query.
    """
    return _Typed(_exact(_values_within(part), parses), names, unused).all()


def _values_within(part: Sequence[Token]) -> list[Token]:
    """The query with the VALUES that follow its pattern in it, where that is the same.

    After it, the server does not join variables that the pattern has not.

    Raises:
        StoreCannot: it is not the same, since solutions are grouped in between.
    """
    depth, closed = 0, None
    for at, token in enumerate(part):
        if token.is_word("CONSTRUCT") and not part[at + 1].is_mark("{"):
            break  # the pattern is the template, too
        depth += token.is_mark("(", "{") - token.is_mark(")", "}")
        if not depth and token.is_mark("}"):
            closed = at
        elif not depth and token.is_word("VALUES") and closed is not None:
            if any(t.is_word("GROUP", "HAVING", *_AGGREGATES) for t in part):
                raise StoreCannot(
                    "It does not join VALUES with groups", "put VALUES into the pattern"
                )
            return [*part[:closed], *part[at:], *part[closed:at]]
    return list(part)


def _exact(part: Sequence[Token], parses: Callable[[str], bool]) -> list[Token]:
    """`a / b` as `a * 1.0 / b`. A step of a path is no division: no `-` could stand there."""
    found: list[Token] = []
    minus = Token("mark", "-")
    for at, token in enumerate(part):
        if token.is_mark("/") and parses(source([*part[:at], minus, *part[at + 1 :]])):
            found += [Token("mark", "*"), Token("number", "1.0"), Token("mark", "/")]
        else:
            found.append(token)
    return found


class _Typed:
    def __init__(self, part: list[Token], names: Mapping[str, str], unused: str) -> None:
        self._part = part
        self._names = names
        self._unused = unused
        self._count = 0

    def all(self) -> list[Token]:
        part = self._part
        start = next(
            (i for i, t in enumerate(part) if t.is_word("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")),
            len(part),
        )
        if part[start].is_word("CONSTRUCT"):
            if not part[start + 1].is_mark("{"):
                return part  # the pattern is the template, too
            start = closing(part, start + 1)
        return [*part[: start + 1], *self._pattern(start + 1, len(part))]

    def _pattern(self, at: int, end: int) -> list[Token]:
        """Tokens from one place to another, outside of expressions."""
        part, out = self._part, list[Token]()
        said: list[list[Token]] = [[]]
        while at < end:
            token = part[at]
            if token.is_mark("("):
                close = closing(part, at)
                out += self._bracket(at, close)
                at = close
            elif token.is_word("VALUES"):
                opening = next(i for i in range(at, end) if part[i].is_mark("{"))
                close = closing(part, opening)
                out += _values(part[at:opening], part[opening + 1 : close])
                at = close
            elif token.is_mark("{"):
                said.append([])
                out.append(token)
            elif token.is_mark("}"):
                out += said.pop() if len(said) > 1 else []
                out.append(token)
            elif len(said) > 1 and (found := self._constant(at)) is not None:
                taken, variable, condition = found
                out.append(variable)
                said[-1] += condition
                at += taken - 1
            else:
                out.append(token)
            at += 1
        return out

    def _constant(self, at: int) -> tuple[int, Token, list[Token]] | None:
        """How many tokens a constant takes, a variable for it, and what holds for that."""
        found = self._literal(at)
        if found is None or self._part[at - 1].is_word("LIMIT", "OFFSET"):
            return None
        literal, taken = found
        value = _TRUE_OR_FALSE.get(literal.value.upper(), literal.value)
        if literal.datatype.value not in _NUMERIC or _NUMBER.fullmatch(value) is None:
            return None
        self._count += 1
        variable = f"?{self._unused}c{self._count}"
        said = f"FILTER({variable} >= {value} && {variable} <= {value}"
        said += f" && DATATYPE({variable}) = {literal.datatype})"
        return taken, Token("variable", variable), _tokens(said)

    def _literal(self, at: int) -> tuple[Literal, int] | None:
        """The literal that begins at a place, and how many tokens it takes."""
        part = self._part
        token = part[at]
        after = part[at + 1] if at + 1 < len(part) else None
        if token.is_word(*_TRUE_OR_FALSE):
            return Literal(token.text.lower(), datatype=NamedNode(f"{XSD}boolean")), 1
        if token.kind == "number":
            return _number(token.text), 1
        if token.is_mark("+", "-") and after and after.kind == "number" and after.glued:
            return _number(token.text + after.text), 2
        if token.kind == "string" and after and after.is_mark("^^"):
            datatype = NamedNode(self._names[part[at + 2].text])
            return _spelt(Literal(value_of(token.text), datatype=datatype)), 3
        if token.kind == "string" and not (after and after.kind == "tag"):
            return Literal(value_of(token.text)), 1
        return None

    def _bracket(self, at: int, close: int) -> list[Token]:
        """Brackets: `( expression AS ?variable )`, or what else stands in them."""
        part = self._part
        depth = 0
        for place in range(at + 1, close):
            depth += part[place].is_mark("(", "{") - part[place].is_mark(")", "}")
            if not depth and part[place].is_word("AS") and _is_truth(part[at + 1 : place]):
                truth = f"<{XSD}boolean>"
                inner = self._expression(at + 1, place)
                return [
                    *(part[at], *_tokens("IF("), *inner),
                    *_tokens(f", {truth}(1), {truth}(0))"),
                    *part[place : close + 1],
                ]
        return [part[at], *self._expression(at + 1, close), part[close]]

    def _expression(self, at: int, end: int) -> list[Token]:
        """Tokens of an expression."""
        part, out = self._part, list[Token]()
        while at < end:
            token = part[at]
            if token.is_mark("{"):  # of EXISTS
                close = closing(part, at)
                out += self._pattern(at, close + 1)
                at = close + 1
            elif token.is_word("ISNUMERIC") and part[at + 1].is_mark("("):
                close = closing(part, at + 1)
                inner = self._expression(at + 2, close)
                out += [*_tokens("(isNumeric("), *inner, *_tokens(") && DATATYPE("), *inner]
                out += _tokens(f") != <{XSD}boolean>)")
                at = close + 1
            elif token.is_mark("("):
                close = closing(part, at)
                out += self._bracket(at, close)
                at = close + 1
            elif (found := self._comparison(at)) is not None:
                taken, said = found
                out += said
                at += taken
            else:
                out.append(token)
                at += 1
        return out

    def _comparison(self, at: int) -> tuple[int, list[Token]] | None:
        """`?variable < constant`, said so that only what can be compared is."""
        part = self._part
        operator = part[at + 1] if at + 1 < len(part) else part[at]
        if part[at].kind != "variable" or not part[at - 1].is_mark(*_BEFORE):
            return None
        if not operator.is_mark("=", "<", ">", "<=", ">="):
            return None
        found = self._literal(at + 2)
        if found is None or not part[at + 2 + found[1]].is_mark(*_AFTER):
            return None
        name, (literal, taken) = part[at].text, found
        constant = source(part[at + 2 : at + 2 + taken])
        datatype = f"DATATYPE({name}) = {literal.datatype}"
        if literal.datatype.value in _NUMERIC and literal.datatype.value != f"{XSD}boolean":
            datatype = f"isNumeric({name}) && DATATYPE({name}) != <{XSD}boolean>"
            if operator.is_mark("="):  # it would be given as that number, whatever it is
                same = f"{name} >= {constant} && {name} <= {constant}"
                return 2 + taken, _tokens(f"({same} && {datatype})")
        elif operator.is_mark("="):
            return None
        return 2 + taken, _tokens(f"({name} {operator.text} {constant} && {datatype})")


def _values(head: list[Token], block: list[Token]) -> list[Token]:
    """VALUES with a row of literals before all others: from the first the server takes the kinds.

    Raises:
        StoreCannot: there is no such row where there should be one.
    """
    rows = _rows(block)
    kinds = [[_is_iri(term) for term in row] for row in rows]
    mixed = [n for n, column in enumerate(zip(*kinds, strict=True)) if {True, False} <= {*column}]
    if mixed:
        fit = [n for n, row in enumerate(kinds) if not any(row[m] is not False for m in mixed)]
        if not fit:
            raise StoreCannot(
                "VALUES has IRIs and literals in more than one column, and no row of literals",
                "ask for IRIs and literals apart",
            )
        rows.insert(0, rows.pop(fit[0]))
        opens, closes = ([Token("mark", m)] if head[1].is_mark("(") else [] for m in "()")
        block = [t for row in rows for t in [*opens, *(p for term in row for p in term), *closes]]
    return [*head, Token("mark", "{"), *block, Token("mark", "}")]


def _rows(block: list[Token]) -> list[list[list[Token]]]:
    """The rows of a data block, each with its terms."""
    rows: list[list[list[Token]]] = []
    within = False
    for at, token in enumerate(block):
        if token.is_mark("("):
            rows.append([])
            within = True
        elif token.is_mark(")"):
            within = False
        elif token.kind == "tag" or token.is_mark("^^") or (at and block[at - 1].is_mark(*_JOINED)):
            rows[-1][-1].append(token)
        elif within:
            rows[-1].append([token])
        else:
            rows.append([[token]])
    return rows


def _is_iri(term: list[Token]) -> bool | None:
    return None if term[0].is_word("UNDEF") else term[0].kind in ("iri", "name")


def _number(text: str) -> Literal:
    kind = "double" if "e" in text.lower() else "decimal" if "." in text else "integer"
    return Literal(text, datatype=NamedNode(f"{XSD}{kind}"))


def _spelt(literal: Literal) -> Literal:
    """A literal as the facts spell it (see `release.canonical`)."""
    store = Store()
    store.add(Quad(NamedNode("urn:x:s"), NamedNode("urn:x:p"), literal))
    spelt = next(iter(store)).object
    assert isinstance(spelt, Literal), "it was put there"
    return spelt


def _is_truth(expression: Sequence[Token]) -> bool:
    """Whether the value of an expression is a truth value."""
    depth = 0
    for token in expression:
        if not depth and (token.is_mark(*_TRUTH) or token.is_word("IN", "EXISTS")):
            return True
        depth += token.is_mark("(", "{") - token.is_mark(")", "}")
    first = expression[0]
    if first.is_mark("(") and closing(expression, 0) == len(expression) - 1:
        return _is_truth(expression[1:-1])
    if len(expression) == 1:
        return first.is_word(*_TRUE_OR_FALSE)
    whole = first.is_word(*_FUNCTIONS) and expression[1].is_mark("(")
    return whole and closing(expression, 1) == len(expression) - 1


def _tokens(text: str) -> list[Token]:
    return tokens(text, lambda _: False)
