"""Ours and the peers: how each is built and asked, one process for each.

python -m bench.search.engines NAME build|ask FOLDER
"""

from __future__ import annotations

import gzip
import json
import resource
import sqlite3
import sys
import time
from abc import abstractmethod
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import IO, Any, cast

from pyoxigraph import Literal, NamedNode, RdfFormat, Store, parse

from bench.engine import FACTS, Engine
from bench.search.data import BASE
from triplomacy.engine.oxigraph import OxigraphEngine
from triplomacy.iris import Base
from triplomacy.search.finding import SearchIndex
from triplomacy.search.index import write_index

QUERIES = "queries.json"
_PAGE = 20
_SECONDS = 5.0
"""Seconds for one kind of query; who has not asked them all by then has asked enough."""


class Finder(Engine):
    """Something that finds texts."""

    @abstractmethod
    def find(self, query: str) -> int:
        """Find the first page of texts with all the words; how many it has."""

    def correct(self, query: str) -> int:
        """The same, where words may have slips."""
        return self.find(query)


class Ours(Finder):
    """The whole of a search: things, labels, snippets, counts of kinds."""

    def build(self, facts: Path) -> None:
        write_index(self.folder, facts, Base(BASE), ("en",))

    def open(self) -> None:
        self._index = SearchIndex(self.folder)

    def find(self, query: str) -> int:
        return len(self._index.find(query).hits)


class Suggestions(Ours):
    """What the field in the header asks for while somebody types."""

    def find(self, query: str) -> int:
        return len(self._index.suggest(query))


class Tantivy(Finder):
    """tantivy, one field, folded; slips by its Levenshtein automata. Texts alone, no snippets."""

    def _schema(self) -> Any:
        import tantivy

        builder = tantivy.SchemaBuilder()
        builder.add_text_field("text", stored=True, tokenizer_name="folded")
        builder.add_text_field("iri", stored=True, tokenizer_name="raw")
        return builder.build()

    def _fold(self, index: Any) -> Any:
        from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

        analyzer = TextAnalyzerBuilder(Tokenizer.simple())
        folded = analyzer.filter(Filter.lowercase()).filter(Filter.ascii_fold()).build()
        index.register_tokenizer("folded", folded)
        return index

    def build(self, facts: Path) -> None:
        import tantivy

        index = self._fold(tantivy.Index(self._schema(), path=str(self.folder)))
        writer = index.writer(heap_size=256_000_000, num_threads=1)
        for iri, text in texts(facts):
            writer.add_document(tantivy.Document(text=text, iri=iri))
        writer.commit()
        writer.wait_merging_threads()

    def open(self) -> None:
        import tantivy

        self._index = self._fold(tantivy.Index.open(str(self.folder)))
        self._index.reload()
        self._searcher = self._index.searcher()

    def _ask(self, query: str, slips: int, prefix: bool) -> int:
        from tantivy import Occur, Query

        schema = self._index.schema
        parts = [
            (
                Occur.Must,
                Query.fuzzy_term_query(schema, "text", w, distance=slips, prefix=prefix)
                if slips or (prefix and w == query.split()[-1])
                else Query.term_query(schema, "text", w),
            )
            for w in query.lower().split()
        ]
        hits = self._searcher.search(Query.boolean_query(parts), _PAGE, count=True).hits
        return len([self._searcher.doc(address) for _, address in hits])

    def find(self, query: str) -> int:
        return self._ask(query, 0, False) or self._ask(query, 0, True)

    def correct(self, query: str) -> int:
        return self.find(query) or self._ask(query, 1, False)


class Like(Finder):
    """SQLite with `LIKE`, no index: what one writes first."""

    def build(self, facts: Path) -> None:
        with closing(sqlite3.connect(self.folder / "like.sqlite")) as database, database:
            database.execute("CREATE TABLE text (iri TEXT, value TEXT)")
            database.executemany("INSERT INTO text VALUES (?, ?)", texts(facts))

    def open(self) -> None:
        self._database = sqlite3.connect(self.folder / "like.sqlite")

    def find(self, query: str) -> int:
        words = query.lower().split()
        where = " AND ".join("value LIKE ?" for _ in words)
        found = self._database.execute(
            f"SELECT iri, value FROM text WHERE {where} ORDER BY length(value) LIMIT {_PAGE}",
            [f"%{w}%" for w in words],
        )
        return len(found.fetchall())


class Contains(Finder):
    """Oxigraph with `FILTER(CONTAINS(LCASE(…)))`, what one asks of a store without an index."""

    def build(self, facts: Path) -> None:
        OxigraphEngine.write_file(self.folder / "store", facts)

    def open(self) -> None:
        self._store = Store.read_only(str(self.folder / "store"))

    def find(self, query: str) -> int:
        tests = " && ".join(f"CONTAINS(LCASE(STR(?text)), {Literal(w)})" for w in query.split())
        rows = self._store.query(
            f"SELECT ?thing ?text {{ ?thing ?property ?text FILTER(isLiteral(?text) && {tests}) }} "
            f"ORDER BY STRLEN(?text) LIMIT {_PAGE}"
        )
        return len(list(rows))  # type: ignore[arg-type]


ENGINES: dict[str, Callable[[Path], Finder]] = {
    "ours": Ours,
    "suggest": Suggestions,
    "tantivy": Tantivy,
    "LIKE": Like,
    "CONTAINS": Contains,
}


def texts(facts: Path) -> Iterator[tuple[str, str]]:
    """All texts of the facts with their things."""
    with gzip.open(facts) as stream:
        for quad in parse(input=cast("IO[bytes]", stream), format=RdfFormat.N_QUADS):
            if isinstance(quad.object, Literal) and isinstance(quad.subject, NamedNode):
                yield quad.subject.value, quad.object.value


def _build(engine: Finder, facts: Path) -> dict[str, Any]:
    began, worked = time.perf_counter(), time.process_time()
    engine.build(facts)
    disk = sum(p.stat().st_size for p in engine.folder.rglob("*") if p.is_file())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    seconds, processor = time.perf_counter() - began, time.process_time() - worked
    return {"seconds": seconds, "processor": processor, "peak": peak, "disk": disk}


def _ask(engine: Finder, queries: dict[str, list[str]]) -> dict[str, Any]:
    engine.open()
    times: dict[str, list[float]] = {}
    processor: dict[str, list[float]] = {}
    found: dict[str, int] = {}
    for kind, several in queries.items():
        ask = engine.correct if "slip" in kind else engine.find
        deadline = time.perf_counter() + _SECONDS
        times[kind], processor[kind], found[kind] = [], [], 0
        for query in several:
            began, worked = time.perf_counter(), time.process_time()
            found[kind] += ask(query) > 0
            processor[kind].append(time.process_time() - worked)
            times[kind].append(time.perf_counter() - began)
            if began > deadline:
                break
    own = next(
        int(line.split()[1]) * 1024
        for line in Path("/proc/self/status").read_text().splitlines()
        if line.startswith("RssAnon")
    )
    return {"times": times, "processor": processor, "found": found, "memory": own}


if __name__ == "__main__":
    name, what, place = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    engine = ENGINES[name](place / ("ours" if name == "suggest" else name))
    if what == "build":
        engine.folder.mkdir()
        print(json.dumps(_build(engine, place / FACTS)))
    else:
        print(json.dumps(_ask(engine, json.loads((place / QUERIES).read_text()))))
