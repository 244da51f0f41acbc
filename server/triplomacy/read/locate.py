"""Finds the line at which a file speaks of a subject. A search, since no parser keeps the places."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from triplomacy.read.files import GraphFile

_PREFIX = re.compile(r"^\s*@?prefix\s+([\w.-]*):\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE)


class Places:
    """Knows the files of a site, and in which of them a subject is described.

    Args:
        files: the files that were read.
        quads: what they hold.
    """

    def __init__(self, files: Iterable[GraphFile], quads: Iterable[Quad]) -> None:
        self._files = {f.graph: f for f in files}
        self._graphs: dict[str, list[NamedNode]] = {}
        for quad in quads:
            if isinstance(quad.subject, NamedNode) and quad.graph_name in self._files:
                graphs = self._graphs.setdefault(quad.subject.value, [])
                if quad.graph_name not in graphs:
                    graphs.append(quad.graph_name)

    def find(self, subject: str, value: str | None = None) -> tuple[str | None, int | None]:
        """File and line where `subject` is described, near `value` if the same block has it.

        Args:
            subject: an IRI.
            value: the lexical form of a literal, or an IRI, that the finding is about.
        """
        for graph in self._graphs.get(subject, ()):
            file = self._files[graph]
            lines = _lines(file.path)
            start = _line_of(subject, file.path, lines, heads_only=True)
            if start is None:
                start = _line_of(subject, file.path, lines, heads_only=False)
            if start is None:
                continue
            within = _value_line(value, file.path, lines, start) if value else None
            return file.name, (start if within is None else within) + 1
        return None, None


def _spellings(iri: str, path: Path) -> list[str]:
    """How the file at `path` may write `iri`: prefixed, in full, or relative to a prefix's dot."""
    names = [f"<{iri}>"]
    for prefix, namespace in _prefixes(path):
        if namespace and iri.startswith(namespace):
            names.append(f"{prefix}:{iri[len(namespace) :]}")
    return names


def _line_of(iri: str, path: Path, lines: tuple[str, ...], *, heads_only: bool) -> int | None:
    """The first line that names `iri`: as the first word of the line, or anywhere."""
    names = _spellings(iri, path)
    tails = tuple(re.compile(re.escape(n) + r"(?![\w-])") for n in names)
    for number, line in enumerate(lines):
        text = line.lstrip() if heads_only else line
        for tail in tails:
            if tail.match(text) if heads_only else tail.search(text):
                return number
    return None


def _value_line(value: str, path: Path, lines: tuple[str, ...], start: int) -> int | None:
    """The line of `value` in the block that begins at `start` and ends with a full stop."""
    wanted = [*_spellings(value, path), value] if ":" in value else [f'"{value}"', value]
    for number in range(start, len(lines)):
        if any(w in lines[number] for w in wanted):
            return number
        if lines[number].rstrip().endswith("."):
            break
    return None


@lru_cache(maxsize=64)
def _lines(path: Path) -> tuple[str, ...]:
    return tuple(path.read_text(encoding="utf-8", errors="replace").splitlines())


@lru_cache(maxsize=64)
def _prefixes(path: Path) -> tuple[tuple[str, str], ...]:
    found = _PREFIX.findall("\n".join(_lines(path)))
    return tuple((p, n) for p, n in found)
