"""Finds the Turtle files of a site and the named graph that each one holds."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from pyoxigraph import NamedNode

from triplomacy.findings import Finding, Severity
from triplomacy.site import Site

Part = Literal["ontology", "data", "shapes"]
PARTS: tuple[Part, ...] = ("ontology", "data", "shapes")
DERIVED = "graph/derived"
"""The path of the graph that reading adds (see `derived`); no file can claim it."""

# Other notations of RDF, which people may expect to be read as well.
_NOT_TURTLE = ("nt", "nq", "n3", "trig", "turtle", "rdf", "owl", "jsonld")
_CONTEXT = "ontology/context.jsonld"


@dataclass(frozen=True, slots=True)
class GraphFile:
    """A Turtle file and its graph.

    Attributes:
        path: where it lies.
        name: its path relative to the site, with slashes, as findings show it.
        graph: the named graph that it holds.
        part: the folder of the site that it belongs to.
    """

    path: Path
    name: str
    graph: NamedNode
    part: Part


def find_files(site: Site) -> tuple[list[GraphFile], list[Finding]]:
    """The Turtle files of `site`, in a stable order, and what is wrong with the folders.

    Symbolic links are not followed, so no link can lead in circles or out of the site. Names that
    begin with a full stop belong to editors and systems, and are left out.
    """
    files: list[GraphFile] = []
    findings: list[Finding] = []
    for part in PARTS:
        _walk(site, part, files, findings)
    if not any(f.part == "data" for f in files) and not findings:
        findings.append(
            _unreadable("no-data", "data/ holds no Turtle file: write facts into data/my-facts.ttl")
        )
    claimed: dict[NamedNode, GraphFile] = {}
    for file in files:
        if file.graph.value == site.base.under(DERIVED):
            findings.append(
                _unreadable(
                    "one-file-one-graph",
                    f"the graph {file.graph.value} is kept for what is derived: rename the file",
                    file.name,
                )
            )
        other = claimed.setdefault(file.graph, file)
        if other is not file:
            findings.append(
                _unreadable(
                    "one-file-one-graph",
                    f"{other.name} and {file.name} both claim the graph {file.graph.value}: "
                    "rename one of them",
                    file.name,
                )
            )
    return files, findings


def _walk(site: Site, part: Part, files: list[GraphFile], findings: list[Finding]) -> None:
    def failed(error: OSError) -> None:
        name = Path(error.filename or root).relative_to(site.folder).as_posix()
        findings.append(_unreadable("readable", f"{error.strerror}: make it readable", name))

    root = site.folder / part
    if root.is_symlink():
        findings.append(_link(part))
    elif root.exists():
        for folder, subfolders, names in os.walk(root, onerror=failed):
            subfolders[:] = sorted(n for n in subfolders if not n.startswith("."))
            for name in sorted([*(n for n in names if not n.startswith(".")), *subfolders]):
                _sort_in(site, part, Path(folder, name), files, findings)


def _sort_in(
    site: Site, part: Part, path: Path, files: list[GraphFile], findings: list[Finding]
) -> None:
    """Put what lies at `path` among the files, or say what is wrong with it."""
    name = path.relative_to(site.folder).as_posix()
    suffix = path.suffix.removeprefix(".")
    if path.is_symlink():
        findings.append(_link(name))
    elif suffix == "ttl" and not path.is_file():
        findings.append(
            _unreadable(
                "turtle-is-a-file",
                "this is no file, though its name ends with .ttl: rename or remove it",
                name,
            )
        )
    elif suffix == "ttl" and not _is_utf_8(name):
        findings.append(
            _unreadable("name-is-utf-8", "the name of the file is not UTF-8: rename it", name)
        )
    elif suffix == "ttl":
        graph = NamedNode(site.base.graph_of(PurePosixPath(name)))
        files.append(GraphFile(path, name, graph, part))
    elif path.is_file() and suffix.lower() in ("ttl", *_NOT_TURTLE) and name != _CONTEXT:
        findings.append(
            Finding(
                Severity.WARNING,
                "only-turtle-is-read",
                "this file is not read: write its facts in Turtle, into a file that ends with .ttl",
                file=name,
            )
        )


def _is_utf_8(name: str) -> bool:
    """Whether a name is text; the bytes of one that is not arrive as lone surrogates (PEP 383)."""
    return not any("\ud800" <= c <= "\udfff" for c in name)


def _link(name: str) -> Finding:
    return _unreadable(
        "no-symbolic-links",
        "symbolic links are not followed: put the file itself here",
        name,
    )


def _unreadable(rule: str, message: str, file: str | None = None) -> Finding:
    return Finding(Severity.UNREADABLE, rule, message, file=file)
