"""Cuts a text at the edges of the excerpts that overlap in it. Knows neither RDF nor HTML.

Offsets are zero-based Unicode code points, end exclusive, as in the data and in Python's slices.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A run of characters in a text."""

    start: int
    end: int

    @property
    def length(self) -> int:
        """How many characters it has."""
        return self.end - self.start

    def covers(self, other: Span) -> bool:
        """Whether `other` lies within it."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Whether they have a character in common."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text within which the same excerpts hold.

    Attributes:
        span: where it stands.
        text: its characters.
        within: the excerpts that it lies in, the narrowest first.
        opens: the excerpts that begin with it.
    """

    span: Span
    text: str
    within: tuple[Span, ...]
    opens: tuple[Span, ...] = ()

    @property
    def narrowest(self) -> Span | None:
        """The shortest excerpt that it lies in."""
        return self.within[0] if self.within else None

    @property
    def has_words(self) -> bool:
        """Whether it has a letter or a digit, not only spaces and signs."""
        return any(c.isalnum() for c in self.text)


def segments(text: str, spans: Iterable[Span], whole: Span | None = None) -> list[Segment]:
    """Cut a text at every edge of `spans`, which may nest and overlap in any way.

    Args:
        text: the whole text.
        spans: the excerpts; those outside the text are ignored.
        whole: the part of the text to cut; all of it if None.

    Returns:
        Segments in order; their texts, joined, are the part of the text.
    """
    part = whole or Span(0, len(text))
    inside = sorted({s for s in spans if s.length > 0 and s.overlaps(part)})
    edges = {part.start, part.end}
    for span in inside:
        edges.update(e for e in (span.start, span.end) if part.start < e < part.end)
    cuts = sorted(edges)
    # One sweep: a span is open from its first segment to its last.
    waiting = list(reversed(inside))
    holding: list[Span] = []
    found = []
    for start, end in pairwise(cuts):
        opened = []
        holding = [s for s in holding if s.end > start]
        while waiting and waiting[-1].start <= start:
            span = waiting.pop()
            holding.append(span)
            if span.start == start:
                opened.append(span)
        within = tuple(sorted(holding, key=lambda s: (s.length, s.start)))
        found.append(Segment(Span(start, end), text[start:end], within, tuple(opened)))
    return found


def paragraphs(text: str) -> list[Span]:
    """The paragraphs of a text: its lines that are not empty."""
    found = []
    start = 0
    for line in text.split("\n"):
        if line.strip():
            found.append(Span(start, start + len(line)))
        start += len(line) + 1
    return found


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same characters as `spans`, in spans that do not overlap."""
    result: list[Span] = []
    for span in sorted(spans):
        if result and span.start <= result[-1].end:
            result[-1] = Span(result[-1].start, max(result[-1].end, span.end))
        else:
            result.append(span)
    return result


def around(text: str, spans: Sequence[Span]) -> list[Span]:
    """The paragraphs in which `spans` lie."""
    return [p for p in paragraphs(text) if any(p.overlaps(s) for s in spans)]
