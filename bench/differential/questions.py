"""Random queries, as trees, so that they can be made smaller (see `shrink`).

Patterns share a few variables, so that they join; what has no defined answer is left out: SAMPLE,
LIMIT without a total order, functions of time and chance.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from bench.differential.datasets import Terms

_VARIABLES = ("?a", "?b", "?c", "?d", "?e")
_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
_OF_ONE = (
    "isIRI", "isBlank", "isLiteral", "isNumeric", "STR", "LANG", "DATATYPE", "STRLEN", "UCASE",
    "LCASE", "ABS", "CEIL", "FLOOR", "ROUND", "YEAR", "MONTH", "DAY", "TZ", "ENCODE_FOR_URI",
)  # fmt: skip
_OF_TWO = (
    "CONTAINS", "STRSTARTS", "STRENDS", "STRBEFORE", "STRAFTER", "CONCAT", "sameTerm"
)  # fmt: skip
_CASTS = ("integer", "decimal", "double", "string", "boolean", "dateTime")
_PREFIXES = "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a query: text before, parts, text after.

    Attributes:
        head, tail: what stands around the parts, such as `OPTIONAL {` and `}`.
        parts: text, or blocks.
        between: what stands between two parts.
    """

    head: str
    parts: tuple[Block | str, ...]
    tail: str = ""
    between: str = " "

    def __str__(self) -> str:
        return f"{self.head} {self.between.join(str(p) for p in self.parts)} {self.tail}".strip()


@dataclass(frozen=True, slots=True)
class Question:
    """A query.

    Attributes:
        tree: what it is made of.
        ordered: whether the order of its rows is part of the answer.
    """

    tree: Block
    ordered: bool = False

    @property
    def text(self) -> str:
        """The query as SPARQL."""
        return _PREFIXES + str(self.tree)


def ask(r: random.Random, terms: Terms, size: int = 3) -> Question:
    """Draw a query about a dataset that is made of `terms`."""
    return _Maker(r, terms).question(size)


class _Maker:
    def __init__(self, r: random.Random, terms: Terms) -> None:
        self._r = r
        self._terms = terms
        self._names: dict[str, str] = {}

    def question(self, size: int) -> Question:
        r = self._r
        where = self._group("WHERE {", size)
        form = r.random()
        if form < 0.1:
            return Question(Block("ASK", (where,)))
        if form < 0.2:
            template = tuple(self._triple(paths=False) for _ in range(r.randint(1, 2)))
            return Question(Block("CONSTRUCT {", template, "}" + str(where)))
        return self._select(where)

    def _select(self, where: Block) -> Question:
        r = self._r
        if r.random() < 0.35:
            return Question(self._grouped(where))
        used = [v for v in _VARIABLES if v in str(where)] or ["?a"]
        names = r.sample(used, r.randint(1, len(used)))
        distinct = r.choice(("", "", "DISTINCT "))
        extra = (f"({self._expression(2)} AS ?z)",) if r.random() < 0.2 else ()
        head = Block(f"SELECT {distinct}", (*names, *extra))
        if r.random() < 0.2:  # by everything: the order of equal rows shows nothing
            keys = " ".join(r.choice((n, f"DESC({n})")) for n in names)
            return Question(Block("", (head, where, f"ORDER BY {keys}")), ordered=not extra)
        return Question(Block("", (head, where)))

    def _grouped(self, where: Block) -> Block:
        r = self._r
        keys = r.sample(_VARIABLES, r.randint(0, 2))
        found = []
        for number in range(r.randint(1, 2)):
            name = r.choice(("COUNT", "COUNT", "SUM", "MIN", "MAX", "AVG"))
            distinct = r.choice(("", "DISTINCT "))
            argument = "*" if name == "COUNT" and r.random() < 0.3 else self._variable()
            found.append(f"({name}({distinct}{argument}) AS ?n{number})")
        parts: list[Block | str] = [Block("SELECT", (*keys, *found)), where]
        if keys:
            parts.append(f"GROUP BY {' '.join(keys)}")
        if r.random() < 0.2:
            parts.append(f"HAVING(COUNT(*) {r.choice(('>', '=', '<'))} {r.randint(0, 2)})")
        return Block("", tuple(parts))

    def _group(self, head: str, size: int, tail: str = "}") -> Block:
        r = self._r
        parts: list[Block | str] = [self._triple() for _ in range(r.randint(1, 2))]
        parts += [self._element(size - 1) for _ in range(r.randint(0, size))]
        return Block(head, tuple(parts), tail)

    def _element(self, size: int) -> Block | str:
        r = self._r
        if size <= 0:
            return self._triple()
        kind = r.choice(
            ("triple", "filter", "filter", "optional", "optional", "union", "minus", "exists",
             "graph", "bind", "values", "subselect", "group")
        )  # fmt: skip
        match kind:
            case "triple":
                return self._triple()
            case "filter":
                return f"FILTER({self._expression(2)})"
            case "optional":
                return self._group("OPTIONAL {", size)
            case "union":
                either = (self._group("{", size), self._group("{", size))
                return Block("", either, between=" UNION ")
            case "minus":
                return self._group("MINUS {", size)
            case "exists":
                return self._group(f"FILTER {r.choice(('', 'NOT '))}EXISTS {{", size)
            case "graph":
                name = r.choice((self._variable(), r.choice(self._terms.graphs)))
                return self._group(f"GRAPH {name} {{", size)
            case "bind":
                return f"BIND({self._expression(2)} AS ?v{r.randint(0, 999)})"
            case "values":
                return self._values()
            case "subselect":
                inner = self._group("WHERE {", size)
                question = self._select(inner).tree
                parts = tuple(p for p in question.parts if not str(p).startswith("ORDER"))
                return Block("{", parts, "}")
            case _:
                return self._group("{", size)

    def _values(self) -> str:
        r = self._r
        names = r.sample(_VARIABLES, r.randint(1, 2))
        rows = " ".join(
            f"({' '.join(r.choice(('UNDEF', self._node(), self._literal())) for _ in names)})"
            for _ in range(r.randint(0, 3))
        )
        return f"VALUES ({' '.join(names)}) {{ {rows} }}"

    def _variable(self) -> str:
        return self._r.choice(_VARIABLES)

    def _node(self) -> str:
        return self._r.choice(self._terms.nodes)

    def _literal(self) -> str:
        return self._r.choice(self._terms.literals)

    def _triple(self, paths: bool = True) -> str:
        r = self._r
        if self._terms.triples and r.random() < 0.8:
            subject, predicate, value = r.choice(self._terms.triples)
        else:
            subject, value = self._node(), r.choice((self._node(), self._literal()))
            predicate = r.choice(self._terms.predicates)
        if subject.startswith("_:") or r.random() < 0.8:
            subject = self._name(subject)
        if value.startswith("_:") or r.random() < 0.75:
            value = self._name(value)
        if paths and r.random() < 0.2:
            predicate = self._path(2)
        elif r.random() < 0.08:
            predicate = self._variable()
        return f"{subject} {predicate} {value} ."

    def _name(self, term: str) -> str:
        """A variable for a term, mostly the same one, so that patterns join."""
        name = self._names.setdefault(term, self._variable())
        return name if self._r.random() < 0.8 else self._variable()

    def _path(self, size: int) -> str:
        r = self._r
        if size == 0 or r.random() < 0.3:
            return r.choice(self._terms.predicates)
        one = self._path(size - 1)
        match r.randrange(7):
            case 0:
                return f"({one}/{self._path(size - 1)})"
            case 1:
                return f"({one}|{self._path(size - 1)})"
            case 2:
                return f"^({one})"
            case 3:
                return f"({one})*"
            case 4:
                return f"({one})+"
            case 5:
                return f"({one})?"
            case _:
                first, second = (r.choice(self._terms.predicates) for _ in range(2))
                return r.choice((f"!{first}", f"!({first}|^{second})"))

    def _value(self) -> str:
        chance = self._r.random()
        return (
            self._variable() if chance < 0.6 else self._literal() if chance < 0.85 else self._node()
        )

    def _expression(self, size: int) -> str:
        r = self._r
        if size == 0:
            return self._value()
        one, other = self._expression(size - 1), self._expression(size - 1)
        v = self._variable()
        forms = (
            f"({one} {r.choice(_COMPARISONS)} {other})",
            f"({one} {r.choice(_COMPARISONS)} {self._literal()})",
            f"({one} && {other})",
            f"({one} || {other})",
            f"(!{one})",
            f"({one} {r.choice('+-*/')} {other})",
            f"BOUND({v})",
            f"{r.choice(_OF_ONE)}({one})",
            f"{r.choice(_OF_ONE)}({one})",
            f"{r.choice(_OF_TWO)}({one}, {other})",
            f"COALESCE({one}, {other})",
            f"IF({one}, {other}, {v})",
            f"({one} {r.choice(('IN', 'NOT IN'))} ({other}, {self._value()}))",
            f'LANGMATCHES(LANG({v}), "{r.choice(("en", "*", "fr"))}")',
            f'REGEX(STR({v}), "{r.choice(("a", "^a", "B$", "."))}", "{r.choice(("", "i"))}")',
            f"xsd:{r.choice(_CASTS)}({one})",
            f"EXISTS {{ {self._triple()} }}",
        )
        return r.choice(forms)
