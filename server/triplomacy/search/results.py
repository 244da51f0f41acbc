"""What a search gives."""

from __future__ import annotations

from dataclasses import dataclass

from triplomacy.search.snippets import Piece
from triplomacy.search.texts import KINDS, Kind, Role


@dataclass(frozen=True, slots=True)
class Words:
    """Words for people, in a language if that is known."""

    value: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that was found, and the text of it that answers best.

    Attributes:
        iri: the thing.
        label: what it is called; its IRI's end where it has no name.
        kinds: its kinds, the first of which is what it is shown as.
        role: what the text is to it.
        text: the text, or the part of it around the words; None where it may not be shown.
        pieces: the same, cut so that the words stand out.
        graph: the named graph that says it, where that is not the thing's own.
        place: where a paragraph begins and ends in its source's text, in characters (RFC 5147);
            None for other texts.
        source: the document that a passage is from.
    """

    iri: str
    label: Words
    kinds: tuple[Kind, ...]
    role: Role
    text: Words | None
    pieces: tuple[Piece, ...]
    graph: str | None
    place: tuple[int, int] | None
    source: Words | None


@dataclass(frozen=True, slots=True)
class Named:
    """A thing that may bear a name.

    Attributes:
        iri: the thing.
        label: what it is called; its IRI's end where it has no name.
        kinds: its kinds.
        names: those of its names that were found, each with its role.
    """

    iri: str
    label: Words
    kinds: tuple[Kind, ...]
    names: tuple[tuple[Role, Words], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The outcome of a search.

    Attributes:
        hits: those of the page that was asked for.
        total: how many things there are.
        is_whole: whether there are no more than `total`.
        kinds: how many there are of each kind; only where they are all counted.
        meant: the words that were looked for, where these are others than the typed ones.
        without: words that the first things lack, since nothing has them all.
        ignored: whether the query had more words than count.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    is_whole: bool = True
    kinds: tuple[tuple[Kind, int], ...] = ()
    meant: str = ""
    without: tuple[str, ...] = ()
    ignored: bool = False


def label_of(iri: str, label: str | None, language: str | None) -> Words:
    """What a thing is called; its IRI's end where it has no name."""
    return Words(label, language or None) if label else Words(iri.rstrip("/").rpartition("/")[2])


def kinds_of(bits: int) -> tuple[Kind, ...]:
    """The kinds of a thing, which an index holds as bits."""
    return tuple(k for place, k in enumerate(KINDS) if bits >> place & 1)
