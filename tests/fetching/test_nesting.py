"""A text that is nested too deep is told before a parser reads it."""

from __future__ import annotations

import pytest

from triplomacy.fetching.nesting import is_shallow


@pytest.mark.parametrize("text", [b"", b"1", b'"[[[["', b"[[1], [2, {}]]", b'{"a\\"[": [{}]}'])
def test_a_text_within_the_depth_is_shallow(text: bytes) -> None:
    assert is_shallow(text, 3)


@pytest.mark.parametrize("text", [b"[[[[]]]]", b"[" * 100_000, b'{"a":' * 4 + b"1" + b"}" * 4])
def test_a_text_beyond_the_depth_is_not(text: bytes) -> None:
    assert not is_shallow(text, 3)
