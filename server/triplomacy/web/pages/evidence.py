"""The passages that bear something out, marked in the paragraphs of the source that hold them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from triplomacy.engine.protocol import Term
from triplomacy.namespaces import DCT, SCHEMA
from triplomacy.web.pages.passages import Span, around, merged, segments
from triplomacy.web.pages.reader import QUOTED_FROM, Reader, Ref, Text

TEXT = NamedNode(f"{SCHEMA}text")
LANGUAGE = NamedNode(f"{DCT}language")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """An excerpt: its characters and where they stand.

    Attributes:
        ref: the excerpt.
        text: its characters.
        span: its offsets; None where the data gives none.
        source: the document that it is from.
        is_quote: whether these are a speaker's own words.
    """

    ref: Ref
    text: Text
    span: Span | None
    source: Ref | None
    is_quote: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text in a passage: plain, marked as evidence, or marked as a quotation."""

    text: str
    marked: bool
    is_quote: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one source has on something.

    Attributes:
        source: the document.
        language: the language of its text.
        paragraphs: the paragraphs that hold the excerpts, cut at their edges; the excerpts alone
            where the text of the source is not published.
        excerpts: the excerpts, in the order of the text.
        digest: SHA-256 of the text in hex, if it is known.
        has_text: whether the text of the source is published.
    """

    source: Ref | None
    language: str | None
    paragraphs: tuple[tuple[Piece, ...], ...]
    excerpts: tuple[Excerpt, ...]
    digest: str | None
    has_text: bool


def read_excerpt(reader: Reader, excerpt: Term, is_quote: bool = False) -> Excerpt:
    """An excerpt as the data describes it."""
    start = reader.number(excerpt, reader.eas("startOffset"))
    end = reader.number(excerpt, reader.eas("endOffset"))
    source = reader.one(excerpt, QUOTED_FROM)
    text = reader.text(excerpt, reader.eas("exactText")) or reader.ref(excerpt).label
    language = text.language or (language_of(reader, source) if source else None)
    span = None if start is None or end is None else Span(start, end)
    return Excerpt(reader.ref(excerpt), Text(text.value, language), span, source, is_quote)


def language_of(reader: Reader, source: Ref) -> str | None:
    """The language tag of a source's text."""
    return reader.value(NamedNode(source.iri), LANGUAGE) if source.iri else None


def evidence_for(reader: Reader, thing: Term) -> tuple[Evidence, ...]:
    """The passages on which the description of `thing` rests, one `Evidence` a source."""
    quotes = reader.objects(thing, reader.eas("quote"))
    other = [e for e in reader.objects(thing, reader.eas("evidence")) if e not in quotes]
    excerpts = [read_excerpt(reader, q, is_quote=True) for q in quotes]
    excerpts += [read_excerpt(reader, e) for e in other]
    by_source: dict[Ref | None, list[Excerpt]] = {}
    for excerpt in excerpts:
        by_source.setdefault(excerpt.source, []).append(excerpt)
    return tuple(_of_source(reader, s, found) for s, found in by_source.items())


def _of_source(reader: Reader, source: Ref | None, excerpts: Sequence[Excerpt]) -> Evidence:
    ordered = tuple(sorted(excerpts, key=_order))
    node = NamedNode(source.iri) if source and source.iri else None
    text = reader.value(node, TEXT) if node else None
    return Evidence(
        source,
        language_of(reader, source) if source else None,
        alone(ordered) if text is None else passages(text, ordered),
        ordered,
        reader.value(node, reader.eas("textSha256")) if node else None,
        text is not None,
    )


def passages(text: str, excerpts: Sequence[Excerpt]) -> tuple[tuple[Piece, ...], ...]:
    """The paragraphs of `text` that hold `excerpts`, with these marked."""
    # Passages that touch or overlap read as one mark; a quotation within shows for itself.
    marks = merged(e.span for e in excerpts if e.span)
    quotes = {e.span for e in excerpts if e.span and e.is_quote}
    return tuple(
        tuple(
            Piece(s.text, bool(s.within), any(q.covers(s.span) for q in quotes))
            for s in segments(text, [*marks, *quotes], paragraph)
        )
        for paragraph in around(text, marks)
    )


def alone(excerpts: Sequence[Excerpt]) -> tuple[tuple[Piece, ...], ...]:
    """`excerpts` without the text around them, those within others shown there."""
    shown: list[tuple[Piece, ...]] = []
    for excerpt in excerpts:
        own = excerpt.span
        text = excerpt.text.value
        if own is None or own.length != len(text):
            shown.append((Piece(text, True, excerpt.is_quote),))
            continue
        others = [e.span for e in excerpts if e is not excerpt and e.span]
        if any(o.covers(own) and o != own for o in others):
            continue
        quotes = [
            Span(e.span.start - own.start, e.span.end - own.start)
            for e in excerpts
            if e.is_quote and e.span and own.covers(e.span)
        ]
        shown.append(tuple(Piece(s.text, True, bool(s.within)) for s in segments(text, quotes)))
    return tuple(shown)


def _order(excerpt: Excerpt) -> tuple[int, int]:
    # Of two that begin together the longer stands first, as a sentence before its words.
    return (excerpt.span.start, -excerpt.span.end) if excerpt.span else (0, 0)
