"""Whether two sets of names can be those of one thing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher

ENOUGH = 0.7
"""How alike two names are that count as near: 1 for equal, 0 for nothing in common."""
_BREAK = re.compile(r"[\W_]+")


def likeness(ours: Iterable[str], theirs: Iterable[str]) -> float:
    """How alike the nearest two names are.

    Letter case, accents, punctuation and the order of words do not count. A name whose words are
    all in the other, such as Trump in Donald Trump, is as good as equal. For the rest it is the
    ratio of Ratcliff and Obershelp (`difflib`).

    >>> likeness(["Sebastien LECORNU"], ["Sébastien Lecornu"])
    1.0
    >>> likeness(["Volodymyr Zelensky"], ["Volodymyr Zelenskyy"]) > ENOUGH
    True
    >>> likeness(["Boris Pistorius"], ["France"]) > ENOUGH
    False
    """
    others = [w for name in theirs if (w := _words(name))]
    best = 0.0
    for name in ours:
        words = _words(name)
        for other in others if words else ():
            if set(words) <= set(other) or set(other) <= set(words):
                return 1.0
            pair = SequenceMatcher(None, " ".join(sorted(words)), " ".join(sorted(other)))
            if pair.real_quick_ratio() > best and pair.quick_ratio() > best:
                best = max(best, pair.ratio())
    return best


def _words(name: str) -> list[str]:
    """The words of a name, without what does not count."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    return [w for w in _BREAK.split(bare) if w]
