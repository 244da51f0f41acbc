"""Writes a query anew for a server: its graphs become the release's, and it becomes a SELECT.

`GRAPH ?g { P }` becomes `GRAPH ?h { GRAPH <names> { ?h <link> ?g } P }`, so that `?g` is what
people call the graph, and a graph of somebody else has no name. The default graph is the release's
union, so each outermost pattern `{ P }` becomes `{ GRAPH <union> { P } }`; a query with a dataset
of its own gets it by FROM. What is nested keeps its graph (SPARQL 1.1 Query §18.2.2).

What is written holds no comment, no prefix and no escape that could be read in two ways; and the
engine's own parser confirms that no GRAPH and no FROM is left that is not of our making.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import NamedNode, QuerySolutions, RdfFormat, Store
from pyoxigraph import parse as parse_rdf

from triplomacy.engine.answers import named_nodes
from triplomacy.engine.parser import parse, uses_keyword
from triplomacy.engine.protocol import Query
from triplomacy.engine.remote.lexis import Token, closing, source, tokens, written
from triplomacy.engine.remote.place import NAMES_LINK, Place
from triplomacy.engine.remote.typed import typed
from triplomacy.errors import BadRequest, Forbidden, QuerySyntaxError, StoreCannot, TriplomacyError
from triplomacy.namespaces import XSD

Form = Literal["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"]
Dataset = tuple[tuple[str, ...], tuple[str, ...]]
"""The default and the named graphs of a query that has a dataset of its own."""

_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_STRING = f"{XSD}string"
_NOTHING = Store()
_OWN_FUNCTIONS = ("bif:", "sql:")
_AFTER_HEAD = ("FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES")
_COMPARE = ("<", ">", "<=", ">=", "<<", ">>")
_BRACKETS = ("(", ")", ",")
_DEEPEST = 4  # isBlank within isBlank: its argument is written three times


@dataclass(frozen=True)
class Rewritten:
    """A query as it is sent.

    Attributes:
        form: what it was.
        text: the SELECT that is sent.
        variables: the variables of the answer, in their order.
        template: of a CONSTRUCT, the triples to make from each solution.
        terms: of a DESCRIBE, the IRIs that it names.
        dataset: the default and the named graphs of a query that has a dataset of its own.
    """

    form: Form
    text: str
    variables: tuple[str, ...]
    template: str = ""
    terms: tuple[NamedNode, ...] = ()
    dataset: Dataset | None = None

    def bound(self, terms: Mapping[str, str]) -> str:
        """The text that is sent, with terms in N-Triples for the variables that were announced."""
        text = self.text
        for name, term in terms.items():
            text = text.replace(_held_for(name), term)
        return text


def rewrite(
    query: Query,
    place: Place,
    bound: Iterable[str] = (),
    *,
    strict: bool = True,
    most: int | None = None,
) -> Rewritten:
    """Write a query anew.

    Args:
        query: the query with its dataset; a stranger's, or one of ours.
        place: where the release lies.
        bound: variables that get a term each time (see `Rewritten.bound`); in queries of ours.
        strict: whether the server keeps to types as SPARQL does (see `typed`).
        most: how many rows are wanted of a table; None for all.

    Raises:
        QuerySyntaxError, Forbidden: as `engine.parser.parse`.
        BadRequest: the dataset names a graph in a way that cannot be an IRI.
    """
    parse(query.text, query.base)
    return _Rewriter(query, place, tuple(bound), strict, most).rewritten()


@dataclass(frozen=True)
class _Parts:
    """A query, taken apart.

    Attributes:
        form: what it is.
        start: the place of the word that says so.
        template: of a CONSTRUCT, what stands in its template.
        head: what stands before the dataset.
        dataset: the graphs that it is about, if it says so.
        pattern: what stands in its outermost group.
        rest: what follows that.
    """

    form: Form
    start: int
    template: list[Token]
    head: list[Token]
    dataset: Dataset | None
    pattern: list[Token]
    rest: list[Token]


class _Rewriter:
    def __init__(
        self,
        query: Query,
        place: Place,
        bound: tuple[str, ...],
        strict: bool,
        most: int | None,
    ) -> None:
        self._place = place
        self._query = query
        self._bound = bound
        self._most = most
        self._hidden = 0
        self._free = _unused("h", query.text)
        self._given = tokens(query.text, self._parses)
        self._all = self._given
        self._names = _resolved(self._given, query.base)
        if not strict:
            self._all = typed(self._given, self._names, self._parses, self._free)
            self._names = _resolved(self._all, query.base)
        self._named: dict[str, NamedNode] = place.there

    def rewritten(self) -> Rewritten:
        parts = self._parts()
        dataset = parts.dataset
        if dataset is not None:
            self._named = {g: p for g in dataset[1] if (p := self._place.there.get(g))}
        own = dataset is not None
        variables = self._variables(parts)
        body = self._body(parts.pattern, bound=True)
        rest = parts.rest
        if parts.form == "SELECT":
            rest = _no_more_than(self._most, rest)
        pieces = [
            "SELECT",
            *self._head(parts, variables, own),
            *([] if dataset is None else self._from(dataset[0])),
            *("WHERE", "{", *(body if own else self._in_union(body)), "}"),
            *self._outside(rest, own),
            *(["LIMIT 1"] if parts.form == "ASK" and not rest else []),
        ]
        self._confirm(pieces)
        named = [t for t in parts.head if t.kind in ("iri", "name")]
        terms = tuple(NamedNode(self._names[t.text]) for t in named)
        return Rewritten(
            parts.form,
            _joined(pieces),
            variables,
            _joined(self._group(parts.template)),
            terms if parts.form == "DESCRIBE" else (),
            dataset,
        )

    # The parts of the query

    def _parts(self) -> _Parts:
        """The query, taken apart (SPARQL 1.1 Query §19.8, rules 7 to 18)."""
        all_ = self._all
        start = next(i for i, t in enumerate(all_) if t.is_word(*_FORMS))
        form: Form = all_[start].text.upper()  # type: ignore[assignment]
        at = start + 1
        template: list[Token] | None = [] if form != "CONSTRUCT" else None
        if template is None and all_[at].is_mark("{"):
            end = closing(all_, at)
            template, at = all_[at + 1 : end], end + 1
        end = _end_of_head(all_, at)
        head = all_[at:end]
        at, dataset = self._dataset(end)
        if at < len(all_) and all_[at].is_word("WHERE"):
            at += 1
        pattern: list[Token] = []
        if at < len(all_) and all_[at].is_mark("{"):
            end = closing(all_, at)
            pattern, at = all_[at + 1 : end], end + 1
        if template is None:  # CONSTRUCT WHERE
            template = pattern
        return _Parts(form, start, template, head, dataset, pattern, all_[at:])

    def _dataset(self, at: int) -> tuple[int, Dataset | None]:
        """Where the dataset clauses end, and the graphs that they or the protocol name."""
        default: list[str] = []
        named: list[str] = []
        before = at
        while at < len(self._all) and self._all[at].is_word("FROM"):
            if self._all[at + 1].is_word("NAMED"):
                named.append(self._names[self._all[at + 2].text])
                at += 3
            else:
                default.append(self._names[self._all[at + 1].text])
                at += 2
        given = (self._query.default_graphs, self._query.named_graphs)
        if given != (None, None):  # SPARQL 1.1 Protocol §2.1.4: it wins
            default, named = ([n.value for n in named_nodes(g) or ()] for g in given)
        elif at == before:
            return at, None
        return at, (tuple(default), tuple(named))

    def _from(self, default: Iterable[str]) -> list[str]:
        """The dataset clauses that are sent; where a graph is unknown, one that there is not."""
        place = self._place
        known = {*default} & {*place.there}
        if known == {*place.there}:
            graphs = [place.union]  # in which a triple of two of them counts once
        else:
            graphs = [place.there.get(g, place.nothing) for g in default] or [place.nothing]
        named = [*self._named.values(), place.names] if self._named else [place.nothing]
        return [*(_Ours(f"FROM {g}") for g in graphs), *(_Ours(f"FROM NAMED {g}") for g in named)]

    def _variables(self, parts: _Parts) -> tuple[str, ...]:
        """The variables whose values the answer is made of."""
        planned = self._planned(parts.form, parts.start)
        if parts.form == "ASK":
            return ()
        if parts.form == "CONSTRUCT":
            return _variables_of(parts.template)
        if parts.form == "DESCRIBE" and not any(t.is_mark("*") for t in parts.head):
            return _variables_of(parts.head)
        return planned

    def _planned(self, form: Form, start: int) -> tuple[str, ...]:
        """The variables of the table, as the embedded engine plans it on an empty store.

        Raises:
            TriplomacyError: it would not run it: there is no such function.
        """
        select = [Token("word", "SELECT")]
        if form == "ASK":  # which would be evaluated at once
            select += tokens(f"(1 AS ?{self._free}0)", lambda _: False)
        if form in ("ASK", "DESCRIBE"):
            text = source([*self._given[:start], *select, *self._given[start + 1 :]])
        else:
            text = self._query.text
        if form == "DESCRIBE" and not self._parses(text):
            return ()  # `DESCRIBE <a>` has no pattern
        try:
            planned = _NOTHING.query(text, base_iri=self._query.base)
        except RuntimeError as error:
            raise TriplomacyError(f"The query failed while it ran: {error}") from error
        if isinstance(planned, QuerySolutions):
            return tuple(v.value for v in planned.variables)
        return ()

    def _head(self, parts: _Parts, variables: tuple[str, ...], own: bool) -> list[str]:
        """What stands between SELECT and the dataset."""
        shown = [f"?{v}" for v in variables] or [f"(1 AS ?{self._free}0)"]
        if parts.form != "SELECT":
            return ["DISTINCT", *shown] if parts.form == "DESCRIBE" else shown
        modifier = [t.text for t in parts.head[:1] if t.is_word("DISTINCT", "REDUCED")]
        if any(t.is_mark("*") for t in parts.head[len(modifier) : len(modifier) + 1]):
            return [*modifier, *shown]
        return self._outside(parts.head, own)

    def _in_union(self, body: Sequence[str]) -> list[str]:
        return [_Ours(f"GRAPH {self._place.union}"), "{", *body, "}"]

    def _body(self, part: list[Token], *, bound: bool = False) -> list[str]:
        """What stands in a group before which something of ours can stand.

        With `bound` that is a place for the terms of those of its variables that get one.
        """
        body = self._group(part)
        if part and part[0].is_word("SELECT"):
            body = ["{", *body, "}"]
        used = {t.text[1:] for t in part if t.kind == "variable"} if bound else set()
        return [*(f"VALUES ?{n} {{ {_held_for(n)} }}" for n in self._bound if n in used), *body]

    def _outside(self, part: list[Token], own: bool) -> list[str]:
        """What stands before or after the pattern; the groups of its EXISTS are outermost, too."""
        pieces: list[str] = []
        at = 0
        while at < len(part):
            if part[at].is_word("EXISTS") and at + 1 < len(part) and part[at + 1].is_mark("{"):
                end = closing(part, at + 1)
                body = self._group(part[at + 2 : end])
                pieces += ["EXISTS", "{", *(body if own else self._in_union(body)), "}"]
                at = end + 1
            else:
                end = at + 1
                while end < len(part) and not part[end].is_word("EXISTS"):
                    end += 1
                pieces += self._group(part[at:end])
                at = end
        return pieces

    def _group(self, part: list[Token], depth: int = 0) -> list[str]:
        """What stands in a group."""
        pieces: list[str] = []
        at = 0
        while at < len(part):
            token = part[at]
            after = part[at + 1] if at + 1 < len(part) else None
            if token.is_word("GRAPH") and after is not None:
                end = closing(part, at + 2)
                pieces += self._graph(after, part[at + 3 : end])
                at = end + 1
            elif token.is_word("ISBLANK", "ISIRI", "ISURI") and after and after.is_mark("("):
                end = closing(part, at + 1)
                if depth >= _DEEPEST:
                    raise BadRequest("isBlank and isIRI are nested too deep", "use BIND")
                argument = self._group(part[at + 1 : end + 1], depth + 1)
                pieces += self._kind_of(token.is_word("ISBLANK"), argument)
                at = end + 1
            elif self._bound and token.is_word("SELECT"):
                start = _end_of_head(part, at + 1)
                opening = start + part[start].is_word("WHERE")
                end = closing(part, opening)
                inner = part[opening + 1 : end]
                pieces += ["SELECT", *self._group(part[at + 1 : start]), "WHERE", "{"]
                pieces += [*self._body(inner, bound=True), "}"]
                at = end + 1
            else:
                piece, taken = self._term(token, after)
                glued = at > 0 and _may_touch(part[at - 1], token)
                pieces.append(_Glued(piece) if glued else piece)
                at += taken
        return pieces

    def _graph(self, name: Token, part: list[Token]) -> list[str]:
        body = self._body(part)
        if name.kind != "variable":
            there = self._named.get(self._names[name.text])
            if there is None:
                nothing = _Ours(f"GRAPH {self._place.nothing}")
                return [nothing, "{", "FILTER(1 = 0)", *body, "}"]
            return [_Ours(f"GRAPH {there}"), "{", *body, "}"]
        if any(token.is_word("SELECT") for token in part):
            # Oxigraph forgets there which graph it is in, and looks into all that the server has.
            raise StoreCannot(
                f"A subquery inside GRAPH {name.text} cannot be asked of this store",
                f"put GRAPH {name.text} into the subquery, and select {name.text}, too",
            )
        self._hidden += 1
        hidden = f"?{self._free}{self._hidden}"
        link = f"{{ {hidden} {NAMES_LINK} {name.text} }}"
        names = [_Ours(f"GRAPH {self._place.names}"), link]
        return [_Ours(f"GRAPH {hidden}"), "{", *names, *body, "}"]

    def _kind_of(self, blank: bool, argument: list[str]) -> list[str]:
        """Whether a term is a blank node, or an IRI, where some IRIs stand for blank nodes."""
        ours = ["STRSTARTS", "(", "STR", *argument, ",", str(RdfLiteral(self._place.nodes)), ")"]
        if blank:
            among = ["(", "isIRI", *argument, "&&", *ours, ")"]
            return ["(", "isBlank", *argument, "||", *among, ")"]
        return ["(", "isIRI", *argument, "&&", "!", *ours, ")"]

    # Terms

    def _term(self, token: Token, after: Token | None) -> tuple[str, int]:
        """A token in the spelling that every server reads alike, and how many tokens that took."""
        if token.kind in ("iri", "name"):
            return self._iri(token), 1
        if token.kind == "string":
            return written(token.text), 1
        if token.kind == "variable":
            return f"?{token.text[1:]}", 1
        if token.kind == "tag":
            return token.text.lower(), 1
        if token.is_mark("+", "-") and after is not None and after.kind == "number" and after.glued:
            return token.text + after.text, 2
        if token.is_mark("^^") and after is not None and self._names.get(after.text) == _STRING:
            return "", 2  # RDF 1.1 Concepts §3.3: a literal without a datatype has this one
        return token.text, 1

    def _iri(self, token: Token) -> str:
        iri = self._names[token.text]
        if iri.lower().startswith(_OWN_FUNCTIONS):
            raise Forbidden(
                f"<{iri}> is a function of the store's server", "use those of SPARQL 1.1"
            )
        return f"<{iri}>"

    def _parses(self, text: str) -> bool:
        try:
            parse(text, self._query.base)
        except TriplomacyError:
            return False
        return True

    def _confirm(self, pieces: Sequence[str]) -> None:
        """Make sure that no GRAPH and no FROM is left that is not ours."""
        without = _joined(p for p in pieces if not isinstance(p, _Ours))
        try:
            parse(_joined(pieces))
            strange = uses_keyword(without, "GRAPH") or uses_keyword(without, "FROM")
        except QuerySyntaxError as error:
            raise BadRequest(
                f"The query cannot be translated for the store: {error.detail}",
                "write it in a plainer way",
            ) from error
        if strange:
            raise BadRequest(
                "The query names graphs in a way that cannot be translated for the store",
                "write it in a plainer way",
            )


class _Ours(str):
    """A piece of a query that is of our making, and can be left out without breaking the rest."""

    __slots__ = ()


class _Glued(str):
    """A piece that touches the one before."""

    __slots__ = ()


def _variables_of(part: Iterable[Token]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(t.text[1:] for t in part if t.kind == "variable"))


def _joined(pieces: Iterable[str]) -> str:
    """Pieces as text: with spaces between them, except where there were none and may be none."""
    text = ""
    for piece in pieces:
        touches = isinstance(piece, _Glued) or not text or text.endswith("^^")
        text += piece if touches else f" {piece}" if piece else ""
    return text


def _may_touch(before: Token, token: Token) -> bool:
    """Whether a token that stood beside another may stand there in its new spelling, too.

    Some parsers want the bracket beside the name of a function; but a comparison must not touch an
    IRI, with which it could make another one.
    """
    if not token.glued or before.is_mark(*_COMPARE) or token.is_mark(*_COMPARE):
        return False
    if before.kind in ("iri", "name"):
        return token.is_mark(*_BRACKETS)
    return token.kind not in ("iri", "name") or before.is_mark(*_BRACKETS)


def _end_of_head(part: Sequence[Token], at: int) -> int:
    """Where the dataset, the pattern or what follows it begins."""
    depth = 0
    while at < len(part):
        token = part[at]
        depth += token.is_mark("(", "{") - token.is_mark(")", "}")
        if token.is_mark("{") and depth == 1:
            break
        if not depth and token.is_word(*_AFTER_HEAD):
            break
        at += 1
    return at


def _no_more_than(most: int | None, rest: list[Token]) -> list[Token]:
    """What follows the pattern, so that no more rows come than are wanted.

    Not where the rows are sorted: some servers sort only few where there is a limit.
    """
    if most is None or any(t.is_word("ORDER") for t in rest):
        return rest
    for at, token in enumerate(rest):
        if token.is_word("LIMIT"):
            fewer = min(most, int(rest[at + 1].text))
            return [*rest[: at + 1], Token("number", str(fewer)), *rest[at + 2 :]]
    end = next((i for i, t in enumerate(rest) if t.is_word("VALUES")), len(rest))
    return [*rest[:end], Token("word", "LIMIT"), Token("number", str(most)), *rest[end:]]


def _resolved(all_: Iterable[Token], base: str | None) -> dict[str, str]:
    """The IRIs that the tokens of a query stand for, as the Turtle parser reads them."""
    prologue: list[str] = []
    asked: dict[str, None] = {}
    listed = list(all_)
    at = 0
    while at < len(listed):
        token = listed[at]
        if token.is_word("BASE"):
            prologue.append(f"BASE {listed[at + 1].text}")
            at += 2
        elif token.is_word("PREFIX"):
            prologue.append(f"PREFIX {listed[at + 1].text} {listed[at + 2].text}")
            at += 3
        else:
            if token.kind in ("iri", "name"):
                asked.setdefault(token.text)
            at += 1
    lines = [f"<urn:x:s> <urn:x:p{n}> {text} ." for n, text in enumerate(asked)]
    document = "\n".join([*prologue, *lines])
    found = parse_rdf(document, RdfFormat.TURTLE, base_iri=base)
    return dict(zip(asked, (q.object.value for q in found), strict=True))


def _held_for(variable: str) -> str:
    return f"<urn:x-triplomacy:bound:{variable}>"


def _unused(name: str, text: str) -> str:
    while f"?{name}" in text or f"${name}" in text:
        name += "h"
    return name
