"""Makes an index from a few facts in TriG."""

from __future__ import annotations

import gzip
from pathlib import Path

from pyoxigraph import RdfFormat, parse

from triplomacy.iris import Base
from triplomacy.release.canonical import canonical
from triplomacy.search.finding import SearchIndex
from triplomacy.search.index import write_index
from triplomacy.search.results import Found

BASE = "https://example.org/s/"
PREFIXES = f"""
@prefix eas: <{BASE}ontology#> . @prefix actor: <{BASE}id/actor/> .
@prefix event: <{BASE}id/event/> .
@prefix statement: <{BASE}id/statement/> . @prefix source: <{BASE}id/source/> .
@prefix topic: <{BASE}vocab/topic/> . @prefix graph: <{BASE}graph/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix schema: <https://schema.org/> .
@prefix prov: <http://www.w3.org/ns/prov#> . @prefix wd: <http://www.wikidata.org/entity/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""


def write(folder: Path, facts: str, languages: tuple[str, ...] = ("en",)) -> Path:
    """Write the index of `facts` into a new folder, and give that."""
    quads = canonical(parse(PREFIXES + facts, RdfFormat.TRIG)).quads
    folder.mkdir(parents=True)
    dump = folder.with_suffix(".nq.gz")
    with gzip.open(dump, "wt", encoding="utf-8") as file:
        file.writelines(f"{quad} .\n" for quad in quads)
    write_index(folder, dump, Base(BASE), languages)
    return folder


def index_of(folder: Path, facts: str, languages: tuple[str, ...] = ("en",)) -> SearchIndex:
    """The index of `facts`."""
    return SearchIndex(write(folder / "search", facts, languages))


def named(found: Found) -> list[str]:
    """What was found, by the ends of the IRIs."""
    return [hit.iri.rpartition("/")[2] for hit in found.hits]
