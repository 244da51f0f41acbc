"""Makes a disagreement small: the least query and the fewest triples that still show it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from bench.differential.datasets import Data
from bench.differential.questions import Block, Question


def shrink(
    data: Data, question: Question, holds: Callable[[Data, Question], bool], tries: int = 400
) -> tuple[Data, Question]:
    """The smallest dataset and query found for which `holds` still holds.

    Args:
        data, question: for which it holds.
        holds: asks the engines again.
        tries: how often it may be asked.
    """
    left = tries
    found = True
    while found and left > 0:
        found = False
        for fresh in _smaller(data, question):
            left -= 1
            if holds(*fresh):
                (data, question), found = fresh, True
                break
            if left <= 0:
                break
    return data, question


def _smaller(data: Data, question: Question) -> Iterator[tuple[Data, Question]]:
    """What is a step smaller, the greatest steps first."""
    count = len(data.quads)
    size = count // 2
    while size:
        for start in range(0, count, size):
            quads = data.quads[:start] + data.quads[start + size :]
            yield replace(data, quads=quads), question
        size //= 2
    for tree in _trees(question.tree):
        yield data, replace(question, tree=tree)


def _trees(block: Block) -> Iterator[Block]:
    for number, part in enumerate(block.parts):
        before, after = block.parts[:number], block.parts[number + 1 :]
        if len(block.parts) > 1 or block.head:
            yield replace(block, parts=before + after)
        if isinstance(part, Block):
            if part.between == block.between:
                yield replace(block, parts=(*before, *part.parts, *after))
            for smaller in _trees(part):
                yield replace(block, parts=(*before, smaller, *after))
