"""Cuts texts into words, folded so that what people mean as one word is one.

Case, accents and the dots of `U.S.` do not count. Texts and queries go through the same function,
so nothing but letters and digits ever reaches the index's query language.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_WORD = 64
"""Characters of a word that count; nobody types more, and hostile data has megabytes of them."""

# Letters that are no other letter with a mark, and that people type as these.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th", "ħ": "h"}
)
# Scripts that put no space between words: each pair of neighbours counts as one, as in Lucene.
_UNSPACED = (
    "\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_MARKS = "".join(c for n in range(0x10000) if unicodedata.category(c := chr(n))[0] == "M")
_LETTER = r"[^\W\d_]"
_WORD = re.compile(
    rf"(?P<initials>(?<![^\W_]){_LETTER}(?:\.{_LETTER})+(?![^\W_])\.?)"
    rf"|(?P<one>[{_UNSPACED}])"
    rf"|(?P<word>(?:(?![{_UNSPACED}])[^\W_]|(?<=[^\W_])[{_MARKS}]|(?<=[{_MARKS}])[{_MARKS}])+)"
)
_PAIR = re.compile(rf"[{_UNSPACED}]{{2}}")
_ASCII_WORD = re.compile(r"[a-z0-9]+")
# The genitive of English is no word of its own: `Ukraine's`.
_GENITIVE = re.compile(r"(?<=[^\W_])['’]s(?![^\W_])")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text.

    Attributes:
        folded: what counts of it: letters and digits, nothing else.
        start, end: where it stands in the text.
        is_rest: whether it is only the last character of a run without spaces, of which the pair
            before tells already.
    """

    folded: str
    start: int
    end: int
    is_rest: bool = False


def words(text: str) -> Iterator[Word]:
    """The words of a text, in its order.

    >>> [w.folded for w in words("Pres. Sébastien’s visit to the U.S.")]
    ['pres', 'sebastien', 'visit', 'to', 'the', 'us']
    >>> [w.folded for w in words("乌克兰 Зеленський")]
    ['乌克', '克兰', '兰', 'зеленськии']
    """
    text = _GENITIVE.sub("  ", text)
    end = -1  # of a run without spaces
    for found in _WORD.finditer(text):
        start, stop = found.span()
        if found.lastgroup != "one":
            word, is_rest = fold(found[0][:LONGEST_WORD]), False
        else:
            pair = _PAIR.match(text, start)
            word, is_rest = fold(pair[0] if pair else found[0]), pair is None and start == end
            end, stop = stop, pair.end() if pair else stop
        if word:
            yield Word(word, start, stop, is_rest)


def folded(text: str) -> str:
    """What counts of a text's words, with spaces between them.

    Most texts that are indexed are of plain letters, which is five times faster to cut.
    """
    if text.isascii() and "." not in text:
        plain = _ASCII_WORD.findall(_GENITIVE.sub("  ", text).lower())
        return " ".join(w[:LONGEST_WORD] for w in plain)
    return " ".join(w.folded for w in words(text))


def fold(word: str) -> str:
    """What counts of a word.

    >>> fold("Łódź"), fold("STRASSE") == fold("Straße")
    ('lodz', True)
    """
    if word.isascii():
        return word.lower().replace(".", "")
    bare = (c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    folded = unicodedata.normalize("NFC", "".join(bare).casefold()).translate(_PLAIN)
    return "".join(c for c in folded if c.isalnum() or unicodedata.category(c)[0] == "M")
