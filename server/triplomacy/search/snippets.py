"""Cuts the part out of a text that shows where the words of a query stand in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from triplomacy.search.words import Word, words

WIDTH = 240
"""Characters of a snippet."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters of a snippet, and whether it is a word that was looked for."""

    text: str
    marked: bool = False


def snippet(text: str, spellings: Iterable[str], width: int = WIDTH) -> tuple[Piece, ...]:
    """The part of `text` with most of the words that begin as `spellings`, and these marked.

    >>> "".join(f"[{p.text}]" if p.marked else p.text for p in snippet("A call to Putin", ["put"]))
    'A call to [Putin]'
    """
    beginnings = tuple(spellings)
    found = [w for w in words(text) if w.folded.startswith(beginnings)] if beginnings else []
    start, end = _window(text, found, width)
    pieces = [Piece("… ")] if start else []
    at = start
    for word in found:
        if word.start >= start and at < word.end <= end:
            began = max(word.start, at)  # pairs of a script without spaces overlap
            pieces += [Piece(text[at:began]), Piece(text[began : word.end], True)]
            at = word.end
    pieces += [Piece(text[at:end]), Piece(" …" if end < len(text) else "")]
    return tuple(p for p in pieces if p.text)


def _window(text: str, found: list[Word], width: int) -> tuple[int, int]:
    """Where the snippet begins and ends: around most of the words, and at the edges of words."""
    if len(text) <= width:
        return 0, len(text)
    best, most = 0, 0
    for i, first in enumerate(found):
        held = {w.folded for w in found[i : i + 30] if w.end <= first.start + width * 3 // 4}
        if len(held) > most:
            best, most = max(0, first.start - width // 4), len(held)
    end = min(best + width, len(text))
    if best:
        best = text.find(" ", best, best + 30) + 1 or best
    if end < len(text):
        end = max(text.rfind(" ", end - 30, end), 0) or end
    return best, end
