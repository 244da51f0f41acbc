"""Dumps hold exactly the facts, byte for byte the same each time, with checksums that fit."""

from __future__ import annotations

import gzip
import hashlib
import shutil
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

import pytest
from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    parse,
)
from rdflib import Graph
from rdflib.compare import isomorphic

from tests.release.conftest import FILES, TEXT
from tests.small import BASE, small_site, write_site
from tests.waiting import until
from triplomacy.formats import BY_SUFFIX
from triplomacy.release.build import build
from triplomacy.release.canonical import canonical
from triplomacy.release.dumps import DATASET_FORMATS, UNION_FORMATS
from triplomacy.release.folder import Release
from triplomacy.site import open_site

DATASETS = [f"dataset.{f.suffix}.gz" for f in DATASET_FORMATS]
UNIONS = [f"union.{f.suffix}.gz" for f in UNION_FORMATS]
PARTS = ["ontology.ttl.gz", "shapes.ttl.gz"]
RDFLIB = {"ttl": "turtle", "nt": "nt", "rdf": "xml", "jsonld": "json-ld"}
RAPPER = {"ttl": "turtle", "nt": "ntriples", "rdf": "rdfxml"}


def unpacked(release: Release, name: str) -> bytes:
    """The content of a dump."""
    return gzip.decompress((release.dumps / name).read_bytes())


def parsed(release: Release, name: str) -> list[Quad]:
    """The quads of a dump."""
    rdf = BY_SUFFIX[name.split(".")[1]].rdf
    assert rdf is not None
    return list(parse(input=unpacked(release, name), format=rdf))


def facts(release: Release) -> list[Quad]:
    """The quads of the store, less the union that it holds as its default graph."""
    store = Store.read_only(str(release.store))
    return [q for q in store if not isinstance(q.graph_name, DefaultGraph)]


def same(quads: Iterable[Quad], others: Iterable[Quad]) -> bool:
    """Whether two datasets are isomorphic."""
    one, two = Dataset(quads), Dataset(others)
    for dataset in (one, two):
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return one == two


def union(quads: Iterable[Quad]) -> list[Quad]:
    """The union of all graphs, as a default graph."""
    return [Quad(*q.triple) for q in quads]


def test_there_is_a_dump_in_every_format(hard: Release) -> None:
    there = {p.name for p in hard.dumps.iterdir()}
    assert there == {*DATASETS, *UNIONS, *PARTS, "SHA256SUMS"}
    assert {n.split(".")[1] for n in DATASETS + UNIONS} == {
        "nq",
        "trig",
        "ttl",
        "nt",
        "rdf",
        "jsonld",
    }


@pytest.mark.parametrize("name", DATASETS)
def test_a_dataset_dump_is_exactly_the_dataset(hard: Release, name: str) -> None:
    assert same(parsed(hard, name), facts(hard))


@pytest.mark.parametrize("name", UNIONS)
def test_a_union_dump_is_exactly_the_union(hard: Release, name: str) -> None:
    assert same(parsed(hard, name), union(facts(hard)))


@pytest.mark.parametrize("suffix", list(RDFLIB))
def test_rdflib_reads_the_same_union(hard: Release, suffix: str) -> None:
    store = Store()
    store.extend(union(facts(hard)))
    expected = Graph().parse(data=store.dump(format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph()))
    theirs = Graph().parse(data=unpacked(hard, f"union.{suffix}.gz"), format=RDFLIB[suffix])
    assert isomorphic(theirs, expected)


@pytest.mark.skipif(shutil.which("rapper") is None, reason="needs rapper (Debian: raptor2-utils)")
@pytest.mark.parametrize("suffix", list(RAPPER))
def test_rapper_reads_the_same_union(hard: Release, suffix: str, tmp_path: Path) -> None:
    file = tmp_path / f"union.{suffix}"
    file.write_bytes(unpacked(hard, f"union.{suffix}.gz"))
    done = subprocess.run(
        ["rapper", "-q", "-i", RAPPER[suffix], "-o", "ntriples", str(file), BASE],
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert same(parse(input=done.stdout, format=RdfFormat.N_TRIPLES), union(facts(hard)))


def test_parts_hold_the_ontology_and_the_shapes(tmp_path: Path) -> None:
    site = small_site(
        tmp_path, {"ontology/a.ttl": "<https://v.example/A> a <https://v.example/C> ."}
    )
    release = build(site).release
    assert [q.subject.value for q in parsed(release, "ontology.ttl.gz")] == ["https://v.example/A"]
    graph = NamedNode(BASE + "graph/shapes/event")
    shapes = [q for q in facts(release) if q.graph_name == graph]
    assert same(parsed(release, "shapes.ttl.gz"), union(shapes))


def test_the_text_of_a_source_comes_out_as_it_went_in(hard: Release) -> None:
    for name in (*DATASETS, *UNIONS):
        texts = {
            q.object.value
            for q in parsed(hard, name)
            if q.predicate.value.endswith("schema.org/text")
        }
        assert texts == {TEXT}, name


def test_the_same_facts_are_the_same_bytes_in_any_folder_at_any_time(
    hard: Release, tmp_path: Path
) -> None:
    files = dict(reversed(FILES.items()))
    files["data/hard.ttl"] = f"# Moved.\n{files['data/hard.ttl']}"
    folder = write_site(tmp_path / "elsewhere", {**files, "data/facts.ttl": None})
    (folder / "data/facts.ttl").write_bytes(
        (hard.folder.parents[1] / "data/facts.ttl").read_bytes()
    )
    made = max(int(path.stat().st_mtime) for path in hard.dumps.iterdir())
    until(lambda: time.time() >= made + 1)  # another second, which gzip could note
    other = build(open_site(folder)).release
    assert other.version != hard.version
    assert other.manifest.facts == hard.manifest.facts
    for path in hard.dumps.iterdir():
        assert path.read_bytes() == (other.dumps / path.name).read_bytes(), path.name


def test_gzip_carries_neither_name_nor_time(hard: Release) -> None:
    for path in hard.dumps.glob("*.gz"):
        head = path.read_bytes()[:10]
        assert head[:2] == b"\x1f\x8b"
        assert head[3] == 0, "no flags: neither name nor comment (RFC 1952 §2.3.1)"
        assert head[4:8] == bytes(4), "no time"


def test_the_canonical_n_quads_have_the_hash_of_the_release(hard: Release) -> None:
    lines = unpacked(hard, "dataset.nq.gz")
    assert hashlib.sha256(lines).hexdigest() == hard.manifest.facts
    assert canonical(facts(hard)).sha256 == hard.manifest.facts


def test_the_checksums_can_be_checked_by_the_usual_command(hard: Release) -> None:
    done = subprocess.run(
        ["sha256sum", "--strict", "-c", "SHA256SUMS"],
        cwd=hard.dumps,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode().count(": OK") == len(DATASETS + UNIONS + PARTS)


def test_the_manifest_knows_every_file(hard: Release) -> None:
    for file in hard.manifest.files:
        content = (hard.dumps / file.name).read_bytes()
        assert file.bytes == len(content)
        assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert {f.name for f in hard.manifest.files} == {*DATASETS, *UNIONS, *PARTS}
