"""What was read is not read again, and what will be asked next is read along."""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import NamedNode, Quad

from triplomacy.engine.remote.memory import Links, Memory, Subject

P, G = NamedNode("http://e/p"), NamedNode("http://e/g")


def node(number: int) -> NamedNode:
    return NamedNode(f"http://e/{number}")


class Server:
    """Each node is linked to the next hundred; 7 has too many quads."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def quads(self, subjects: Sequence[Subject], most: int) -> list[Quad] | None:
        self.asked.append(len(subjects))
        if node(7) in subjects:
            return None
        numbers = [int(s.value.rpartition("/")[2]) for s in subjects if s != P]
        return [Quad(node(n), P, node(n + k), G) for n in numbers for k in range(1, 101)]

    def links(
        self, predicate: NamedNode, objects: Sequence[Subject], most: int
    ) -> list[tuple[Subject, Subject]] | None:
        self.asked.append(len(objects))
        if node(7) in objects:
            return None
        return [(o, node(n)) for o in objects for n in (1, 2)]


def test_a_subject_is_read_once() -> None:
    server = Server()
    memory = Memory(server.quads)
    assert memory.quads(node(1000)) == memory.quads(node(1000))
    assert len(memory.quads(node(1000)) or ()) == 100
    assert server.asked == [1]


def test_what_an_answer_names_is_read_along() -> None:
    server = Server()
    memory = Memory(server.quads)
    for number in range(1000, 1101):
        assert memory.quads(node(number))
    assert len(server.asked) == 2


def test_one_that_has_too_much_does_not_keep_the_others_from_being_read() -> None:
    server = Server()
    memory = Memory(server.quads)
    memory.mention([node(7), node(2000)])
    assert memory.quads(node(2001)) is not None
    assert memory.quads(node(7)) is None
    assert memory.quads(node(2000)) is not None


def test_links_to_what_is_alike_are_read_together() -> None:
    server = Server()
    links = Links(server.links)
    links.mention(node(n) for n in range(100, 200))
    for number in range(100, 200):
        assert links.subjects(P, node(number)) == (node(1), node(2))
    assert len(server.asked) == 1
    assert links.subjects(G, node(100)) == (node(1), node(2))
    assert len(server.asked) == 2
    assert links.subjects(P, node(7)) is None
