"""How deep lists and objects stand in each other, told before a parser finds out by its stack."""

from __future__ import annotations

import re

_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_NO_BRACKET = bytes(set(range(256)) - set(b"[]{}"))


def is_shallow(body: bytes, deepest: int) -> bool:
    """Whether taking the innermost brackets of a JSON text away, again and again, soon leaves none.

    Args:
        body: the text, in UTF-8.
        deepest: the lists and objects within each other that there may be.

    >>> is_shallow(b'[{"a": "]]"}]', 2), is_shallow(b"[[[]]]", 2)
    (True, False)
    """
    brackets = _STRING.sub(b"", body).translate(None, _NO_BRACKET)
    for _ in range(deepest):
        fewer = brackets.replace(b"[]", b"").replace(b"{}", b"")
        if len(fewer) == len(brackets):
            break
        brackets = fewer
    return not brackets
