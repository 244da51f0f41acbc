"""How alike two names are, and when they are the very same: pure functions.

Likeness goes by words as a search has them, without case, accents and signs. It finds and ranks.
Whether one name *is* the other is asked of the texts: `B+` is not `B-`, though their words are the
same.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from triplomacy.search.slips import allowed, distance, is_forgiven
from triplomacy.search.words import LONGEST_WORD, fold, words

REORDERED = 0.97
"""The likeness of names with the same words in another order: `Putin, Vladimir`."""
_LIKE = 0.9  # the most that names of different words can reach
_NEAR = 13  # words of a name, of those that the other has not, for which a word like it is sought
_LONGEST = 1_000  # characters of a name that are compared
_SHORT = 200  # characters of a name that is remembered
_REMEMBERED = 4_096  # names, and pairs of words: those of one batch come again and again
# Most names have no sign, and no word that a search cuts.
_NO_SIGN = re.compile(rf"[\w\s.,;:!?()\"]{{,{LONGEST_WORD}}}")
# Punctuation that is more than punctuation.
_SIGNS = frozenset("#%&*@\\§¶†‡‰‱′″‴※٪")
_BETWEEN = frozenset("/−")  # they count where a hyphen does


@dataclass(frozen=True, slots=True)
class Words:
    """What counts of a name.

    Attributes:
        words: its words, without case, accents and signs.
        text: the name.
        is_whole: whether that is all of it.
    """

    words: tuple[str, ...]
    text: str
    is_whole: bool = True


def words_of(text: str) -> Words:
    """What counts of a name; of a very long one, of its beginning."""
    text = text[: _LONGEST + 1]
    return _remembered(text) if len(text) <= _SHORT else _words_of(text)


def _words_of(text: str) -> Words:
    is_whole = len(text) <= _LONGEST
    text = text[:_LONGEST]
    return Words(tuple(w.folded for w in words(text) if not w.is_rest), text, is_whole)


_remembered = lru_cache(_REMEMBERED)(_words_of)


def likeness(asked: Words, name: Words) -> float:
    """How alike two names are, from 0 to 1.

    1 means the same words in the same order, `REORDERED` in another. Otherwise it is the share of
    letters that stand in words of both (Dice's coefficient), where a word with a slip counts in
    part, and the beginning of one, too; never more than 0.9.

    >>> likeness(words_of("ZELENSKY, Volodymyr"), words_of("Volodymyr Zelensky"))
    0.97
    >>> likeness(words_of("Trump"), words_of("Trump Tower"))
    0.667
    """
    if not asked.words or not name.words:
        return 0.0
    ours, theirs = Counter(asked.words), Counter(name.words)
    if ours == theirs and asked.is_whole and name.is_whole:
        return 1.0 if asked.words == name.words else REORDERED
    common = float(sum(len(word) * count for word, count in (ours & theirs).items()))
    rest = [*(theirs - ours).elements()][:_NEAR]
    for word in [*(ours - theirs).elements()][:_NEAR]:
        near, best = max(((_alike(word, other), other) for other in rest), default=(0.0, ""))
        if near:
            rest.remove(best)
            common += near * (len(word) + len(best)) / 2
    total = sum(map(len, asked.words)) + sum(map(len, name.words))
    return round(min(_LIKE, 2 * common / total), 3)


def is_same(asked: Words, name: Words) -> bool:
    """Whether one name is the other: the same words and signs, in any order of the words.

    Case, accents, spaces and ordinary punctuation do not count. Signs do, such as `+`, `*`, `#` and
    `&`; a hyphen, a dash and a slash do before a number, between two, and at the end of a word.

    >>> is_same(words_of("PUTIN, Vladimir"), words_of("Vladimir Putin"))
    True
    >>> is_same(words_of("Group 5+1"), words_of("Group 5-1"))
    False
    """
    if not (asked.words and asked.is_whole and name.is_whole):
        return False
    if asked.words != name.words and sorted(asked.words) != sorted(name.words):
        return False
    if _NO_SIGN.fullmatch(asked.text) and _NO_SIGN.fullmatch(name.text):
        return True
    ours, theirs = _exact(asked.text), _exact(name.text)
    return ours == theirs or (asked.words != name.words and sorted(ours) == sorted(theirs))


@lru_cache(_REMEMBERED)
def _alike(word: str, other: str) -> float:
    """How alike two words are: equal, the beginning of the other, or a slip apart."""
    if word == other:
        return 1.0
    short, long = sorted((word, other), key=len)
    if long.startswith(short):
        return len(short) / len(long)
    slips = allowed(short)
    # A slip changes no more than two of the letters that words have.
    if len(long) - len(short) > slips or len({*word} ^ {*other}) > 2 * slips:
        return 0.0
    if not (is_forgiven(word) and is_forgiven(other)):
        return 0.0
    between = distance(word, other)
    return 1 - between / len(long) if between <= slips else 0.0


def _exact(text: str) -> tuple[str, ...]:
    """The words of a name, each with the signs that stand at it; other signs stand alone."""
    return tuple("".join(_written(text)).split())


def _written(text: str) -> Iterator[str]:
    end = 0
    for word in words(text):
        if word.start >= end:  # pairs of a script without spaces lie one upon the other
            yield _between(text, end, word.start)
        else:
            yield " "
        # A very long word counts wholly here.
        is_long = word.end - word.start > LONGEST_WORD
        yield fold(text[word.start : word.end]) if is_long else word.folded
        end = word.end
    yield _between(text, end, len(text))


def _between(text: str, start: int, end: int) -> str:
    """What counts of what stands between two words: signs, and a space where there are none."""
    found = "".join(
        " " if text[place].isspace() else _sign(text, place) for place in range(start, end)
    )
    return found if found.strip() else " "


def _sign(text: str, place: int) -> str:
    """What counts of a character that is in no word; nothing of ordinary punctuation."""
    sign = unicodedata.normalize("NFKC", text[place])
    category = unicodedata.category(sign[0])
    if category == "Pd" or sign in _BETWEEN:
        before, beside = text[:place][-1:], text[place + 1 : place + 2]
        is_before_number = text[place + 1 :].lstrip()[:1].isdigit()
        if beside.isalnum():
            counts = is_before_number and not before.isalpha()  # not `COVID-19`
        else:
            counts = is_before_number or before.isalnum()  # `5 - 1`, `B-`
        return ("/" if sign == "/" else "-") if counts else ""
    if sign.isalnum():  # the genitive of English, which is no word
        return fold(sign)
    return sign if sign in _SIGNS or (category[0] == "S" and sign != "`") else ""
