"""Dumps: the same facts are the same files, byte for byte, with checksums beside them.

gzip carries neither name nor time (RFC 1952 §2.3), quads are sorted, blank nodes canonical. Each
file stands alone: nothing in it has to be fetched to be read.
"""

from __future__ import annotations

import gzip
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Quad, Triple

from triplomacy.engine.protocol import union
from triplomacy.formats import JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format
from triplomacy.release.manifest import File
from triplomacy.writing import used, write_rdf

SUMS = "SHA256SUMS"
FACTS = f"dataset.{N_QUADS.suffix}.gz"
"""The dump of all facts in canonical N-Quads, from which the store is loaded."""
DATASET_FORMATS = (N_QUADS, TRIG)
UNION_FORMATS = (TURTLE, N_TRIPLES, RDF_XML, JSON_LD)


@dataclass(frozen=True)
class Contents:
    """What to dump, each part in canonical order.

    Attributes:
        dataset: all quads.
        ontology: the quads of the vocabulary.
        shapes: the quads of the shapes.
    """

    dataset: Sequence[Quad]
    ontology: Sequence[Quad]
    shapes: Sequence[Quad]


def write_dumps(folder: Path, contents: Contents, prefixes: dict[str, str]) -> tuple[File, ...]:
    """Write all dumps and `SHA256SUMS` into `folder`.

    Returns:
        What was written, the checksums' file not included.
    """
    folder.mkdir()
    files = [
        _write(folder, "dataset", f, contents.dataset, prefixes, "All facts, each in its graph")
        for f in DATASET_FORMATS
    ]
    triples = list(union(contents.dataset))
    files += [
        _write(folder, "union", f, triples, prefixes, "The union of all graphs")
        for f in UNION_FORMATS
    ]
    for name, quads, title in (
        ("ontology", contents.ontology, "The ontology and its concept schemes"),
        ("shapes", contents.shapes, "The SHACL shapes"),
    ):
        files.append(_write(folder, name, TURTLE, list(union(quads)), prefixes, title))
    sums = "".join(f"{f.sha256}  {f.name}\n" for f in files)
    (folder / SUMS).write_text(sums, encoding="ascii")
    return tuple(files)


def _write(
    folder: Path,
    name: str,
    format: Format,
    data: Sequence[Quad] | Sequence[Triple],
    prefixes: dict[str, str],
    title: str,
) -> File:
    path = folder / f"{name}.{format.suffix}.gz"
    with (
        path.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=6, mtime=0) as packed,
        io.BufferedWriter(packed, 1024 * 1024) as buffered,
    ):
        write_rdf(data, format, used(prefixes, data), buffered)
    with path.open("rb") as written:
        digest = hashlib.file_digest(written, "sha256").hexdigest()
    return File(
        path.name, format.media_type, "application/gzip", path.stat().st_size, digest, title
    )
