"""The page of a source: its text, every excerpt marked, and what each excerpt supports."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from triplomacy.namespaces import DCT
from triplomacy.web.pages.evidence import LANGUAGE, TEXT, read_excerpt
from triplomacy.web.pages.passages import Segment, Span, paragraphs, segments
from triplomacy.web.pages.reader import QUOTED_FROM, Many, Reader, Ref, Text, by_label
from triplomacy.web.pages.rows import Rows, StatementRow

METADATA = tuple(
    NamedNode(f"{DCT}{name}")
    for name in ("title", "creator", "publisher", "issued", "identifier", "source", "rights")
)


@dataclass(frozen=True, slots=True)
class Support:
    """What an excerpt supports: the thing, and whether the excerpt is its quotation."""

    thing: Ref
    is_quote: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """An excerpt in the ledger of a source.

    Attributes:
        ref: the excerpt.
        span: where it stands; None where the data gives no offsets.
        text: its characters.
        supports: what it supports.
        around: the excerpts that it lies in or overlaps with, the narrowest first.
    """

    ref: Ref
    span: Span | None
    text: Text
    supports: tuple[Support, ...]
    around: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """A paragraph of the text, cut at the edges of the excerpts, and its part of the ledger."""

    segments: tuple[Segment, ...]
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class SourceView:
    """What the page of a source shows."""

    language: str | None
    digest: str | None
    length: int
    metadata: tuple[tuple[Ref, tuple[Ref | Text, ...]], ...]
    missing: tuple[str, ...]
    chapters: tuple[Chapter, ...]
    loose: tuple[Passage, ...]
    excerpts: int
    total: int
    query: str
    supported: int
    narrated: Many[StatementRow]

    @property
    def is_cut(self) -> bool:
        """Whether the source has more excerpts than the page shows."""
        return self.total > self.excerpts


def source_view(reader: Reader, source: NamedNode) -> SourceView:
    """Read what the page of `source` shows."""
    found = reader.pointing(QUOTED_FROM, source)
    ledger = [_passage(reader, e) for e in found]
    spans = [p.span for p in ledger if p.span]
    ledger = [_among(p, spans) for p in ledger]
    ledger.sort(key=lambda p: (p.span.start, -p.span.end) if p.span else (0, 0))
    text = reader.value(source, TEXT)
    chapters = () if text is None else tuple(_chapters(text, spans, ledger))
    shown = {p.ref for c in chapters for p in c.passages}
    metadata = {m: _values(reader, source, m) for m in METADATA}
    narrated = reader.pointing(reader.eas("narratedBy"), source)
    things = {s.thing for p in ledger for s in p.supports}
    return SourceView(
        reader.value(source, LANGUAGE),
        reader.value(source, reader.eas("textSha256")),
        len(text or ""),
        tuple((reader.ref(m), values) for m, values in metadata.items() if values),
        tuple(_plain(m) for m, values in metadata.items() if not values and _expected(m)),
        chapters,
        tuple(p for p in ledger if p.ref not in shown),
        len(found),
        found.total,
        found.query,
        len(things),
        Many(Rows(reader).statements(narrated), narrated.total, narrated.query),
    )


def _passage(reader: Reader, node: NamedNode) -> Passage:
    excerpt = read_excerpt(reader, node)
    quoted = {reader.ref(s) for s in reader.pointing(reader.eas("quote"), node)}
    borne_out = {reader.ref(s) for s in reader.pointing(reader.eas("evidence"), node)}
    things = sorted(quoted | borne_out, key=lambda r: (r.kind, by_label(r)))
    supports = tuple(Support(thing, thing in quoted) for thing in things)
    return Passage(excerpt.ref, excerpt.span, excerpt.text, supports)


def _among(passage: Passage, spans: list[Span]) -> Passage:
    span = passage.span
    if span is None:
        return passage
    others = {s for s in spans if s != span and s.overlaps(span) and not span.covers(s)}
    around = tuple(sorted(others, key=lambda s: (s.length, s.start)))
    return Passage(passage.ref, span, passage.text, passage.supports, around)


def _chapters(text: str, spans: list[Span], ledger: list[Passage]) -> list[Chapter]:
    chapters = []
    for paragraph in paragraphs(text):
        # An excerpt belongs to the paragraph in which it begins.
        own = (p for p in ledger if p.span and paragraph.start <= p.span.start < paragraph.end)
        chapters.append(Chapter(tuple(segments(text, spans, paragraph)), tuple(own)))
    return chapters


def _values(reader: Reader, source: NamedNode, property: NamedNode) -> tuple[Ref | Text, ...]:
    return (*reader.refs(source, property), *reader.texts(source, property))


def _plain(property: NamedNode) -> str:
    name = property.value.removeprefix(DCT)
    return {"creator": "author", "issued": "publication date"}.get(name, name)


def _expected(property: NamedNode) -> bool:
    return property.value.removeprefix(DCT) in ("title", "creator", "publisher", "issued")
