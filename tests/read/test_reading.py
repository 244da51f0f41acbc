"""What reading adds and what it moves: derived facts, and terms under another base."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import Literal, NamedNode

from tests.small import BASE, small_site
from triplomacy.iris import Base
from triplomacy.read.reading import read_site, rebase

NEW = Base("http://localhost:9/new/")
PARTICIPATIONS = f"""
@prefix eas: <{BASE}ontology#> .
@prefix : <{BASE}id/x/> .
:call eas:participation :p1 , :p2 , :p3 ; eas:excludes :eu .
:p1 a eas:Participation ; eas:actor :us .
:p2 a eas:Participation ; eas:actor :eu .
:p3 eas:actor :un .
:other eas:actor :fr .
"""


def test_an_event_has_the_actors_that_take_part_and_none_that_it_excludes(tmp_path: Path) -> None:
    reading = read_site(small_site(tmp_path, {"data/x.ttl": PARTICIPATIONS}))
    derived = [q for q in reading.quads if q.graph_name.value == BASE + "graph/derived"]
    assert [(q.subject.value, q.object.value) for q in derived] == [
        (BASE + "id/x/call", BASE + "id/x/us")
    ]
    assert not set(derived) & set(reading.facts), "the shapes are about what people wrote"


def test_another_base_moves_terms_and_never_the_text_of_literals(tmp_path: Path) -> None:
    text = f"""<{BASE}id/a> <{BASE}p> "see {BASE}id/a" , "{BASE}"@en , "1"^^<{BASE}type> ,
        <{BASE}id/b> , <https://other.example/?of={BASE}> , [ <{BASE}q> <{BASE}> ] ."""
    reading = read_site(small_site(tmp_path, {"data/facts.ttl": text, "shapes/event.ttl": None}))
    moved = rebase(reading, Base(BASE), NEW)
    assert {f.graph.value for f in moved.files} == {NEW.under("graph/facts")}
    iris, literals = set(), set()
    for quad in moved.quads:
        for term in (*quad.triple, quad.graph_name):
            if isinstance(term, Literal):
                literals.add(term)
                iris.add(term.datatype.value)
            elif isinstance(term, NamedNode):
                iris.add(term.value)
    assert not [iri for iri in iris if iri.startswith(BASE)]
    assert Literal(f"see {BASE}id/a") in literals
    assert Literal(BASE, language="en") in literals
    assert Literal("1", datatype=NamedNode(NEW.under("type"))) in literals
    assert f"https://other.example/?of={BASE}" in iris
    assert NEW.iri in iris


def test_the_same_base_changes_nothing(tmp_path: Path) -> None:
    reading = read_site(small_site(tmp_path))
    assert rebase(reading, Base(BASE), Base(BASE)) is reading
