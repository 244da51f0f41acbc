"""The query page: an editor that works without scripts, examples, and answers that people can read.

The page is made from the same answer that a program would get, so that it cannot say anything else.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from flask import render_template
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    parse_query_results,
)

from triplomacy.engine.protocol import Answer, Query
from triplomacy.errors import NotFound, TriplomacyError
from triplomacy.formats import RDF_FORMATS, RESULTS_FORMATS, Format
from triplomacy.namespaces import prefixes
from triplomacy.web.answering import services
from triplomacy.web.current import Publication
from triplomacy.web.pages.elsewhere import ours_of
from triplomacy.web.pages.reader import Reader
from triplomacy.web.query_bundle import query_bundle
from triplomacy.web.query_examples import Offered, offered_examples
from triplomacy.web.representation import address
from triplomacy.web.sparql_request import SparqlRequest

ROWS = 1_000
"""Rows of a table that the page shows; the downloads hold all."""
CHARACTERS = 200_000
"""Characters of an RDF result that the page shows."""
LONG = 4_000
"""Characters of a query beyond which it is sent by POST: some proxies cut long URLs."""
_NAMED = 1_000  # things for which the page looks up labels
_FIRST_PREFIXES = ("eas", "rdf", "rdfs", "skos", "xsd")
_FIRST_PATTERN = """
SELECT ?thing ?label WHERE {
  ?thing a ?type ;
    rdfs:label ?label .
}
LIMIT 20
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """A term in a table.

    Attributes:
        text: the characters to show: a label, a literal's value, a blank node's name.
        iri: the IRI, if it is one.
        language: the language tag of a literal.
        datatype: the datatype of a literal, shortened; empty for plain strings.
        ours: the IRI of our thing that is the same as an entity of Wikidata, if it is one.
    """

    text: str
    iri: str = ""
    language: str = ""
    datatype: str = ""
    ours: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The solutions of a SELECT query; a cell is None where a variable has no value."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell | None, ...], ...]
    total: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a query answered: one of the first three, and the formats to download it in."""

    formats: tuple[Format, ...]
    table: Table | None = None
    truth: bool | None = None
    turtle: str | None = None
    characters: int = 0


def empty_page(published: Publication, asked: SparqlRequest) -> bytes:
    """The page with the first query in the editor, or an example.

    Raises:
        NotFound: there is no such example.
    """
    examples = offered_examples(published)
    if asked.example is None:
        return _render(published, asked, _first_query(published), examples)
    offered = next((e for e in examples if e.example.name == asked.example), None)
    if offered is None:
        raise NotFound(f"There is no example query “{asked.example}”.", "choose one of the list")
    return _render(published, asked, offered.example.text, examples, offered=offered)


def answer_page(published: Publication, asked: SparqlRequest, answer: Answer) -> bytes:
    """The page with the query and its answer."""
    assert asked.query is not None, "an answer has a query"
    examples = offered_examples(published)
    outcome = read_outcome(published, answer)
    return _render(published, asked, asked.query.text, examples, outcome=outcome)


def error_page(published: Publication, asked: SparqlRequest, error: TriplomacyError) -> bytes:
    """The page with the query and what is wrong with it."""
    assert asked.query is not None, "the error is about a query"
    examples = offered_examples(published)
    return _render(published, asked, asked.query.text, examples, error=error)


def read_outcome(published: Publication, answer: Answer) -> Outcome:
    """Turn an answer in the first of its formats into what the page shows."""
    if answer.format.rdf is not None:
        text = answer.body.decode()
        shown = text if len(text) <= CHARACTERS else text[: text.rfind("\n", 0, CHARACTERS) + 1]
        return Outcome(RDF_FORMATS, turtle=shown, characters=len(text))
    results = parse_query_results(answer.body, QueryResultsFormat.JSON)
    if isinstance(results, QueryBoolean):
        return Outcome(RESULTS_FORMATS, truth=bool(results))
    assert isinstance(results, QuerySolutions), "results are solutions or a truth value"
    return Outcome(RESULTS_FORMATS, table=_table(published, results))


def _table(published: Publication, solutions: QuerySolutions) -> Table:
    columns = tuple(v.value for v in solutions.variables)
    reader = Reader(published.engine, published.base, published.manifest.languages)
    shorten = Shortener(prefixes(published.manifest.base))
    named: dict[NamedNode, Cell] = {}
    rows: list[tuple[Cell | None, ...]] = []
    total = 0
    for solution in solutions:
        total += 1
        if total > ROWS:
            continue  # they are counted
        cells: list[Cell | None] = []
        for name in columns:
            term = solution[name]
            if isinstance(term, NamedNode) and term not in named:
                looked_up = len(named) < _NAMED
                label = str(reader.ref(term)) if looked_up else shorten(term.value)
                ours = ours_of(reader, term) if looked_up else None
                named[term] = Cell(label, iri=term.value, ours=ours.iri if ours else "")
            cells.append(None if term is None else _cell(term, named, shorten))
        rows.append(tuple(cells))
    return Table(columns, tuple(rows), total)


def _cell(term: object, named: dict[NamedNode, Cell], shorten: Shortener) -> Cell:
    if isinstance(term, NamedNode):
        return named[term]
    if isinstance(term, BlankNode):
        return Cell(f"_:{term.value}")
    if isinstance(term, Literal):
        if term.language is not None:
            return Cell(term.value, language=term.language)
        datatype = shorten(term.datatype.value)
        return Cell(term.value, datatype="" if datatype == "xsd:string" else datatype)
    return Cell(str(term))


@dataclass(frozen=True, slots=True)
class Shortener:
    """Shortens IRIs by prefixes: `http://www.w3.org/2001/XMLSchema#date` → `xsd:date`."""

    prefixes: dict[str, str]

    def __call__(self, iri: str) -> str:
        """The IRI as a prefixed name, or as it stands."""
        fitting = ((ns, p) for p, ns in self.prefixes.items() if iri.startswith(ns))
        namespace, prefix = max(fitting, default=("", ""))
        return f"{prefix}:{iri[len(namespace) :]}" if namespace else iri


def _first_query(published: Publication) -> str:
    known = prefixes(published.manifest.base)
    declared = "".join(f"PREFIX {p}: <{known[p]}>\n" for p in _FIRST_PREFIXES)
    return declared + _FIRST_PATTERN


def _fields(query: Query) -> list[tuple[str, str]]:
    """The fields by which this query, with its dataset, is asked again."""
    return [
        ("query", query.text),
        *(("default-graph-uri", iri) for iri in query.default_graphs or ()),
        *(("named-graph-uri", iri) for iri in query.named_graphs or ()),
    ]


def _settings(published: Publication, endpoint: str) -> dict[str, object]:
    """What the scripts of the page need to know."""
    written = {"results": RESULTS_FORMATS, "rdf": RDF_FORMATS}
    return {
        "endpoint": endpoint,
        "first": _first_query(published),
        "long": LONG,
        "formats": {
            kind: [{"name": f.name, "suffix": f.suffix, "mediaType": f.media_type} for f in formats]
            for kind, formats in written.items()
        },
    }


def _render(
    published: Publication,
    asked: SparqlRequest,
    text: str,
    examples: list[Offered],
    *,
    offered: Offered | None = None,
    outcome: Outcome | None = None,
    error: TriplomacyError | None = None,
) -> bytes:
    endpoint = address().at("sparql")
    fields = _fields(asked.query) if asked.query else []
    rendered = render_template(
        "query.html",
        endpoint=endpoint,
        text=text,
        fields=fields,
        permalink=f"{endpoint}?{urlencode(fields, quote_via=quote)}" if fields else "",
        is_long=len(text) > LONG,
        long=LONG,
        examples=examples,
        offered=offered,
        example=offered.example if offered else None,
        formats=(*RESULTS_FORMATS, *RDF_FORMATS),
        prefixes=prefixes(published.manifest.base),
        outcome=outcome,
        error=error,
        rows=ROWS,
        services=services(),
        bundle=query_bundle(),
        settings=_settings(published, endpoint),
    )
    return rendered.encode()
