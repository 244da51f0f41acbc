"""What a server answers, read row by row, and written in the formats that we have.

Rows are written as JSON for the embedded engine's reader, which gives them to its writers; so each
format is, to the byte, what the embedded engine would write.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import IO, cast

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    Store,
    Triple,
    parse_query_results,
)

from triplomacy.engine.remote.terms import AnyTerm
from triplomacy.errors import StoreError

Row = tuple[AnyTerm | None, ...]
_NOTHING = Store()
_AT_ONCE = 500  # solutions from which triples are made in one go
_END = 200
_HELD = "urn:x-triplomacy:node:"  # begins the IRIs that stand for blank nodes in VALUES


def rows_of(body: IO[bytes], variables: Sequence[str], url: str) -> Iterator[Row]:
    """The rows of an answer in JSON, as they come, each with a place for every variable.

    Raises:
        StoreError: it is not whole, or no answer to a SELECT.
    """
    try:
        results = parse_query_results(input=body, format=QueryResultsFormat.JSON)
        if not isinstance(results, QuerySolutions):
            raise StoreError(f"{url} answers a SELECT with a truth value", "see its log")
        there = {v.value for v in results.variables}
        names = [v if v in there else None for v in variables]
        for solution in results:
            yield tuple(None if n is None else solution[n] for n in names)
    except (SyntaxError, ValueError) as error:
        raise StoreError(
            f"{url} did not give a whole answer: {error}", "see the log of the store's server"
        ) from None


def solutions(variables: Sequence[str], rows: Iterable[Row]) -> QuerySolutions:
    """Rows, as a result of the embedded engine, which reads them as they are wanted."""
    source = cast("IO[bytes]", _Pieces(_as_json(variables, rows)))
    results = parse_query_results(input=source, format=QueryResultsFormat.JSON)
    assert isinstance(results, QuerySolutions), "it is a table"
    return results


def boolean(value: bool) -> QueryBoolean:
    """A truth value, as a result of the embedded engine."""
    text = json.dumps({"head": {}, "boolean": value})
    results = parse_query_results(input=text, format=QueryResultsFormat.JSON)
    assert isinstance(results, QueryBoolean), "it is a truth value"
    return results


def constructed(template: str, variables: Sequence[str], rows: Iterable[Row]) -> Iterator[Triple]:
    """The triples that a template makes of rows, each once (SPARQL 1.1 Query §16.2)."""
    seen: set[Triple] = set()
    waiting = iter(rows)
    names = " ".join(f"?{v}" for v in variables)
    while some := list(islice(waiting, _AT_ONCE)):
        values = " ".join(f"( {' '.join(map(_in_values, row))} )" for row in some)
        text = f"CONSTRUCT {{ {template} }} WHERE {{ VALUES ( {names} ) {{ {values} }} }}"
        made = _NOTHING.query(text)
        assert isinstance(made, QueryTriples), "it is a CONSTRUCT"
        for triple in made:
            subject, object = _released(triple.subject), _released(triple.object)
            if isinstance(subject, Literal) or triple.predicate.value.startswith(_HELD):
                continue  # no triple has a blank node for its predicate
            whole = Triple(subject, triple.predicate, object)
            if whole not in seen:
                seen.add(whole)
                yield whole


def _in_values(term: AnyTerm | None) -> str:
    if term is None:
        return "UNDEF"
    return f"<{_HELD}{term.value}>" if isinstance(term, BlankNode) else str(term)


def _released(term: AnyTerm) -> AnyTerm:
    if isinstance(term, NamedNode) and term.value.startswith(_HELD):
        return BlankNode(term.value.removeprefix(_HELD))
    return term


class _Pieces(io.RawIOBase):
    """A file whose content is made as it is read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__()
        self._pieces = pieces
        self._rest = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """Some bytes; none at the end."""
        if not self._rest:
            self._rest = next(self._pieces, b"")
        if size is None or size < 0:
            size = len(self._rest)
        data, self._rest = self._rest[:size], self._rest[size:]
        return data


class Mended(_Pieces):
    """An answer as it comes, with what is no JSON put right.

    Args:
        pieces: the answer.
        mend: puts a piece right.

    Attributes:
        end: the last bytes that have come.
    """

    def __init__(self, pieces: Iterator[bytes], mend: Callable[[bytes], bytes]) -> None:
        super().__init__(map(self._noted, map(mend, pieces)))
        self.end = b""

    def _noted(self, piece: bytes) -> bytes:
        self.end = (self.end + piece)[-_END:]
        return piece


def _as_json(variables: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """SPARQL 1.1 Query Results JSON Format §3, some kilobytes at a time."""
    head = json.dumps({"vars": list(variables)}, ensure_ascii=False)
    yield f'{{"head":{head},"results":{{"bindings":['.encode()
    keys = [json.dumps(v, ensure_ascii=False) for v in variables]
    waiting = iter(rows)
    between = ""
    while some := list(islice(waiting, 100)):
        lines = (
            "{" + ",".join(f"{k}:{_term(t)}" for k, t in zip(keys, row, strict=True) if t) + "}"
            for row in some
        )
        yield (between + ",".join(lines)).encode()
        between = ","
    yield b"]}}"


def _term(term: AnyTerm) -> str:
    if isinstance(term, NamedNode):
        return f'{{"type":"uri","value":{json.dumps(term.value)}}}'
    if isinstance(term, BlankNode):
        return f'{{"type":"bnode","value":{json.dumps(term.value)}}}'
    if isinstance(term, Triple):
        parts = zip(("subject", "predicate", "object"), term, strict=True)
        inner = ",".join(f'"{name}":{_term(part)}' for name, part in parts)
        return f'{{"type":"triple","value":{{{inner}}}}}'
    kind: dict[str, str] = {"type": "literal", "value": term.value}
    if term.language:
        kind["xml:lang"] = term.language
    else:
        kind["datatype"] = term.datatype.value
    return json.dumps(kind)
