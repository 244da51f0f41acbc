"""A Turtle file as its author wrote it: changed in one place, proved the same elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, parse

_MARK = b"\xef\xbb\xbf"  # which some editors write at the beginning of a file in UTF-8

Said = tuple[object, ...]
"""A quad whose blank nodes are numbered in the order of the text."""


@dataclass(frozen=True)
class TurtleText:
    """The text of a file.

    Attributes:
        content: the bytes, as they stood when they were read.
        mark: the mark at their beginning, if there is one.
        text: the rest.
        graph: the named graph that the file holds.
    """

    content: bytes
    mark: bytes
    text: str
    graph: NamedNode

    @cached_property
    def quads(self) -> list[Quad]:
        """What it says, in the order of the text."""
        return quads_of(self.text, self.graph)

    def with_text(self, text: str) -> bytes:
        """The bytes of the file if its text were another."""
        return self.mark + text.encode("utf-8")


def read_text(path: Path, graph: NamedNode) -> TurtleText | None:
    """The text of a Turtle file; None where it is not UTF-8, which reading has told already."""
    content = path.read_bytes()
    mark = _MARK if content.startswith(_MARK) else b""
    try:
        return TurtleText(content, mark, content.removeprefix(mark).decode("utf-8"), graph)
    except UnicodeDecodeError:
        return None


def quads_of(text: str, graph: NamedNode) -> list[Quad]:
    """What Turtle says, in the order of the text."""
    return [*parse(input=text.encode("utf-8"), format=RdfFormat.TURTLE, base_iri=graph.value)]


def said(quads: list[Quad]) -> list[Said]:
    """The quads as they come, with numbers for blank nodes: what says the same is equal."""
    numbers: dict[BlankNode, int] = {}
    return [
        tuple(
            numbers.setdefault(term, len(numbers)) if isinstance(term, BlankNode) else term
            for term in quad
        )
        for quad in quads
    ]
