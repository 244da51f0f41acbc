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

    Symbolic links are not followed, so no link can lead in circles or out of the site.
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
        findings.append(_unreadable("readable", f"{error.strerror}: make it readable", part))

    root = site.folder / part
    if not root.exists():
        return
    for folder, subfolders, names in os.walk(root, onerror=failed):
        subfolders.sort()
        for name in sorted([*names, *subfolders]):
            path = Path(folder, name)
            relative = path.relative_to(site.folder).as_posix()
            if path.is_symlink():
                findings.append(
                    _unreadable(
                        "no-symbolic-links",
                        "symbolic links are not followed: put the file itself here",
                        relative,
                    )
                )
            elif path.suffix == ".ttl" and path.is_file():
                graph = NamedNode(site.base.graph_of(PurePosixPath(relative)))
                files.append(GraphFile(path, relative, graph, part))


def _unreadable(rule: str, message: str, file: str | None = None) -> Finding:
    return Finding(Severity.UNREADABLE, rule, message, file=file)
