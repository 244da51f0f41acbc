"""A site of a handful of triples, so that a test shows all that it is about."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from pyoxigraph import NamedNode

from triplomacy.read.files import GraphFile
from triplomacy.site import Site, open_site

BASE = "https://example.org/s/"
VOCABULARY = "https://vocab.example/"
SETTINGS = f'base = "{BASE}"\n'
FACTS = """\
@prefix event: <https://example.org/s/id/event/> .
@prefix v: <https://vocab.example/> .

event:call a v:Event ;
    v:label "A call" .

event:visit a v:Event ;
    v:label "A visit" ;
    v:follows event:call .
"""
SHAPES = """\
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix v: <https://vocab.example/> .

v:EventShape a sh:NodeShape ;
    sh:targetClass v:Event ;
    sh:property v:EventShape-label .

v:EventShape-label
    sh:path v:label ;
    sh:minCount 1 ;
    sh:maxLength 20 ;
    sh:message "An event needs a short v:label: write one."@en .
"""
FILES = {
    "triplomacy.toml": SETTINGS,
    "data/facts.ttl": FACTS,
    "shapes/event.ttl": SHAPES,
}


def write_site(folder: Path, files: Mapping[str, str | bytes | None] | None = None) -> Path:
    """Write a small site into `folder`; `files` replace or add, and None leaves one out."""
    for name, content in (FILES | dict(files or {})).items():
        if content is not None:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def small_site(folder: Path, files: Mapping[str, str | bytes | None] | None = None) -> Site:
    """The site that `write_site` writes, opened."""
    return open_site(write_site(folder, files))


def graph_file(path: Path, content: str | bytes = b"") -> GraphFile:
    """A Turtle file with that content, outside any site."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return GraphFile(path, path.name, NamedNode(f"{BASE}graph/{path.stem}"), "data")


@contextlib.contextmanager
def as_nobody(folder: Path) -> Iterator[None]:
    """Give up the rights of root, for which no file is unreadable, but let `folder` be reached."""
    if os.geteuid() != 0:
        yield
        return
    shut = [p for p in (folder, *folder.parents) if not p.stat().st_mode & stat.S_IXOTH]
    modes = {p: p.stat().st_mode for p in shut}
    for path in shut:
        path.chmod(0o755)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
        for path, mode in modes.items():
            path.chmod(mode)


def contents(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file below `folder` with its time of change and its bytes."""
    return {
        p.relative_to(folder).as_posix(): (p.stat().st_mtime_ns, p.read_bytes())
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }
