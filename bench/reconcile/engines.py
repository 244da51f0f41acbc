"""Ours and the peer: how each is built and asked, one process for each.

python -m bench.reconcile.engines NAME build|ask FOLDER

Both answer in that process, without a network between: from a batch in JSON to the answer in JSON.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import sqlite3
import statistics
import sys
import time
from abc import abstractmethod
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from bench.engine import FACTS, Engine
from bench.reconcile.batches import Batch, labels
from bench.search.data import BASE
from triplomacy.engine.oxigraph import OxigraphEngine
from triplomacy.iris import Base
from triplomacy.namespaces import RDFS
from triplomacy.reconcile.ids import Ids
from triplomacy.reconcile.requests import read_batch
from triplomacy.reconcile.service import Service
from triplomacy.reconcile.terms import Terms
from triplomacy.release.manifest import Manifest
from triplomacy.search.finding import SearchIndex
from triplomacy.search.index import write_index

BATCHES = "batches.json"
_RUNS = 5
_LANGUAGES = ("en",)


class Reconciler(Engine):
    """Something that reconciles."""

    @abstractmethod
    def answer(self, batch: str) -> str:
        """The answer to a batch."""

    @abstractmethod
    def id(self, iri: str) -> str:
        """The identifier that it gives a thing."""


class Ours(Reconciler):
    """The service of a release: its index and its store."""

    def build(self, facts: Path) -> None:
        (self.folder / "search").mkdir()
        write_index(self.folder / "search", facts, Base(BASE), _LANGUAGES)
        n_quads = self.folder / "facts.nq"
        with gzip.open(facts) as packed, n_quads.open("wb") as file:
            while block := packed.read(1 << 20):
                file.write(block)
        OxigraphEngine.write_file(self.folder / "store", n_quads)
        n_quads.unlink()

    def open(self) -> None:
        engine = OxigraphEngine.open(self.folder / "store")
        base = Base(BASE)
        types = Counter(row["type"].value for row in engine.select("SELECT ?type { ?s a ?type }"))
        terms = Terms(engine, base, _LANGUAGES, types, {f"{RDFS}label": 1})
        search = SearchIndex(self.folder / "search")
        self._service = Service(engine, search, _manifest(), terms, Ids(base))

    def answer(self, batch: str) -> str:
        return json.dumps(self._service.results(read_batch(batch), ""))

    def id(self, iri: str) -> str:
        return iri.removeprefix(BASE)


class Datasette(Reconciler):
    """datasette-reconcile on a table with a full-text index of the names."""

    def build(self, facts: Path) -> None:
        with closing(sqlite3.connect(self.folder / "names.db")) as database:
            database.execute("CREATE TABLE things (id TEXT PRIMARY KEY, name TEXT)")
            database.executemany(
                "INSERT INTO things VALUES (?, ?)", ((iri, name) for name, iri in labels(facts))
            )
            database.execute("CREATE VIRTUAL TABLE things_fts USING fts5 (name, content='things')")
            database.execute("INSERT INTO things_fts (things_fts) VALUES ('rebuild')")
            database.commit()

    def open(self) -> None:
        from datasette.app import Datasette as App

        config = {"id_field": "id", "name_field": "name", "fts_table": "things_fts"}
        table = {"plugins": {"datasette-reconcile": config}}
        self._app = App(
            [str(self.folder / "names.db")],
            metadata={"databases": {"names": {"tables": {"things": table}}}},
            settings={"sql_time_limit_ms": 60_000},
        )
        self._loop = asyncio.new_event_loop()

    def answer(self, batch: str) -> str:
        asked = self._app.client.post(
            "/names/things/-/reconcile", data={"queries": batch}, timeout=600
        )
        answer = self._loop.run_until_complete(asked)
        answer.raise_for_status()
        return str(answer.text)

    def id(self, iri: str) -> str:
        return iri


ENGINES: dict[str, type[Reconciler]] = {"ours": Ours, "datasette": Datasette}


def _manifest() -> Manifest:
    return Manifest(
        version="20250212T180000Z-1a2b3c4d",
        created="2025-02-12T18:00:00+00:00",
        facts="0" * 64,
        inputs="0" * 64,
        base=BASE,
        title="Made up",
        description="",
        licence="https://creativecommons.org/publicdomain/zero/1.0/",
        publisher="",
        publisher_url="",
        languages=_LANGUAGES,
        source_text="full",
        quads=0,
        triples=0,
        files=(),
        software="",
    )


def _ask(engine: Reconciler, batches: dict[str, Batch]) -> dict[str, Any]:
    engine.open()
    measured = {}
    for kind, batch in batches.items():
        asked = json.dumps({str(n): {"query": name} for n, (name, _) in enumerate(batch)})
        times, processor = [], []
        for _ in range(_RUNS):
            began, worked = time.perf_counter(), time.process_time()
            answer = engine.answer(asked)
            times.append(time.perf_counter() - began)
            processor.append(time.process_time() - worked)
            if times[-1] > 30:
                break
        measured[kind] = {
            "seconds": statistics.median(times),
            "processor": statistics.median(processor),
        } | _judged(engine, batch, json.loads(answer))
    return measured


def _judged(engine: Reconciler, batch: Batch, answer: dict[str, Any]) -> dict[str, int]:
    """How many names have the thing that they were made from first, and how many matches are it."""
    first = right = wrong = 0
    for number, (_, iri) in enumerate(batch):
        found = answer[str(number)]["result"]
        first += bool(found) and found[0]["id"] == engine.id(iri)
        matched = [c["id"] for c in found if c["match"]]
        right += matched == [engine.id(iri)]
        wrong += bool(matched) and matched != [engine.id(iri)]
    return {"first": first, "right": right, "wrong": wrong}


if __name__ == "__main__":
    name, what, place = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    engine = ENGINES[name](place / name)
    if what == "build":
        engine.folder.mkdir()
        engine.build(place / FACTS)
        print("{}")
    else:
        print(json.dumps(_ask(engine, json.loads((place / BATCHES).read_text()))))
