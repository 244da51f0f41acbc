"""One engine behind a pipe. It needs the engine's package and nothing else of ours.

    python worker.py oxigraph|sparq|maplib|rdflib

Each line of the input is an object with `data` (N-Quads, or null for the data of before) and
`query`; each line of the output is what the engine answered: `{"vars": […], "rows": […]}`,
`{"boolean": …}`, `{"triples": […]}` or `{"error": …}`. A row or a triple is a list of terms; a term
is null, `["iri", value]`, `["blank", label]` or `["literal", lexical form, datatype, language]`.
"""

from __future__ import annotations

import json
import os
import re
import sys
from typing import Any, Protocol

XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
_FORM = re.compile(r"\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE)
# What can stand before the form without being it: comments, IRIs.
_NOT_FORM = re.compile(r"<[^<>\s]*>|#[^\n]*")


def form_of(query: str) -> str:
    """SELECT, ASK, CONSTRUCT or DESCRIBE."""
    found = _FORM.search(_NOT_FORM.sub(" ", query))
    return found[1].upper() if found else "SELECT"


class Adapter(Protocol):
    """One engine."""

    def load(self, data: str) -> None:
        """Forget what was there, and load N-Quads."""

    def ask(self, query: str) -> dict[str, Any]:
        """The answer, as the module describes it."""


class Oxigraph:
    """pyoxigraph, in memory."""

    def load(self, data: str) -> None:
        import pyoxigraph

        self._store = pyoxigraph.Store()
        self._store.extend(pyoxigraph.parse(data, pyoxigraph.RdfFormat.N_QUADS))

    def ask(self, query: str) -> dict[str, Any]:
        import pyoxigraph

        result = self._store.query(query)
        if isinstance(result, pyoxigraph.QueryBoolean):
            return {"boolean": bool(result)}
        if isinstance(result, pyoxigraph.QueryTriples):
            return {"triples": [[self.term(t) for t in triple] for triple in result]}
        rows = [[self.term(t) for t in row] for row in result]
        return {"vars": [v.value for v in result.variables], "rows": rows}

    @staticmethod
    def term(term: Any) -> list[str] | None:
        import pyoxigraph

        if term is None:
            return None
        if isinstance(term, pyoxigraph.NamedNode):
            return ["iri", term.value]
        if isinstance(term, pyoxigraph.BlankNode):
            return ["blank", term.value]
        return ["literal", term.value, term.datatype.value, term.language or ""]


class Sparq:
    """sparq-rdf, in memory."""

    def load(self, data: str) -> None:
        import sparq

        # A newline says that it is no file's name.
        self._graph = sparq.Graph.load(data + "\n", format="nquads")

    def ask(self, query: str) -> dict[str, Any]:
        form = form_of(query)
        if form == "ASK":
            return {"boolean": self._graph.ask(query)}
        if form in ("CONSTRUCT", "DESCRIBE"):
            found = self._graph.construct(query) if form == "CONSTRUCT" else []
            return {"triples": [[self.term(t) for t in triple] for triple in found]}
        return _from_json(self._graph.query_json(query))

    @staticmethod
    def term(term: Any) -> list[str]:
        if term.kind == "uri":
            return ["iri", term.value]
        if term.kind == "bnode":
            return ["blank", term.value]
        return ["literal", term.value, term.datatype, term.language or ""]


class Maplib:
    """maplib, in memory. It has no N-Quads: each graph is read by itself."""

    def load(self, data: str) -> None:
        import maplib

        graphs: dict[str | None, list[str]] = {None: []}
        for line in data.splitlines():
            found = re.fullmatch(r"(.*) <([^<> ]*)> \.", line)
            if found and re.match(r"\S+ \S+ .*\S$", found[1]) and _is_triple(found[1]):
                graphs.setdefault(found[2], []).append(f"{found[1]} .")
            else:
                graphs[None].append(line)
        self._model = maplib.Model()
        for graph, lines in graphs.items():
            if lines:
                self._model.reads("\n".join(lines) + "\n", format="ntriples", graph=graph)

    def ask(self, query: str) -> dict[str, Any]:
        form = form_of(query)
        if form == "CONSTRUCT":
            found = self._model.query(query, return_json=True)
            rows = [row for one in found for row in _from_json(one)["rows"]]
            return {"triples": rows}
        answer = self._model.query(query, return_json=True)
        if form == "ASK":
            return {"boolean": json.loads(answer)["boolean"]}
        return _from_json(answer)


class Rdflib:
    """rdflib, in memory."""

    def load(self, data: str) -> None:
        import rdflib

        self._dataset = rdflib.Dataset()
        self._dataset.parse(data=data, format="nquads")

    def ask(self, query: str) -> dict[str, Any]:
        result = self._dataset.query(query)
        if result.type == "ASK":
            return {"boolean": bool(result.askAnswer)}
        if result.type == "SELECT":
            names = [str(v) for v in result.vars or ()]
            rows = [[self.term(row.get(v)) for v in result.vars or ()] for row in result.bindings]
            return {"vars": names, "rows": rows}
        return {"triples": [[self.term(t) for t in triple] for triple in result.graph or ()]}

    @staticmethod
    def term(term: Any) -> list[str] | None:
        import rdflib

        if term is None:
            return None
        if isinstance(term, rdflib.URIRef):
            return ["iri", str(term)]
        if isinstance(term, rdflib.BNode):
            return ["blank", str(term)]
        datatype = str(term.datatype) if term.datatype else XSD_STRING
        language = term.language or ""
        return ["literal", str(term), LANG_STRING if language else datatype, language]


ENGINES: dict[str, type[Adapter]] = {
    "oxigraph": Oxigraph,
    "sparq": Sparq,
    "maplib": Maplib,
    "rdflib": Rdflib,
}


def _is_triple(text: str) -> bool:
    """Whether `text` has an object, so that what follows it is a graph."""
    return bool(re.fullmatch(r'\S+ <[^<> ]*> (<[^<> ]*>|_:\S+|".*"(\^\^<[^<> ]*>|@\S+)?)', text))


def _from_json(document: str) -> dict[str, Any]:
    found = json.loads(document)
    names = found["head"].get("vars", [])
    rows = [[_json_term(row.get(n)) for n in names] for row in found["results"]["bindings"]]
    return {"vars": names, "rows": rows}


def _json_term(term: dict[str, str] | None) -> list[str] | None:
    if term is None:
        return None
    if term["type"] == "uri":
        return ["iri", term["value"]]
    if term["type"] == "bnode":
        return ["blank", term["value"]]
    language = term.get("xml:lang", "")
    datatype = LANG_STRING if language else term.get("datatype", XSD_STRING)
    return ["literal", term["value"], datatype, language]


def main() -> None:
    """Answer line by line, until the input ends."""
    engine = ENGINES[sys.argv[1]]()
    output = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints is no answer
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            if asked["data"] is not None:
                engine.load(asked["data"])
            answer = engine.ask(asked["query"])
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # a panic of Rust is no Exception
            answer = {"error": f"{type(error).__name__}: {error}"[:500]}
        output.write(json.dumps(answer) + "\n")
        output.flush()


if __name__ == "__main__":
    main()
