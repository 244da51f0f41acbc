"""A blank node is named by the nearest named node that leads to it."""

from __future__ import annotations

import pytest
from pyoxigraph import BlankNode, NamedNode, Quad

from triplomacy.check.owners import Owners

P = NamedNode("https://v.example/p")
A, B = NamedNode("https://v.example/a"), NamedNode("https://v.example/b")
X, Y, Z = BlankNode("x"), BlankNode("y"), BlankNode("z")


@pytest.mark.parametrize(
    ("quads", "owner"),
    [
        ([Quad(A, P, X)], A),
        ([Quad(A, P, Y), Quad(Y, P, X)], A),
        ([Quad(B, P, X), Quad(A, P, X)], A),
        ([Quad(A, P, Y), Quad(Y, P, X), Quad(B, P, X)], B),
        ([Quad(X, P, A)], None),
        ([Quad(Y, P, X), Quad(X, P, Y)], None),
        ([Quad(X, P, X)], None),
    ],
)
def test_the_nearest_named_node_owns(quads: list[Quad], owner: NamedNode | None) -> None:
    assert Owners(quads).of(X) == owner


def test_a_named_node_owns_itself() -> None:
    assert Owners([Quad(A, P, B)]).of(B) == B
