"""Two engines, one answer: what `fast` and `pyshacl` find is the same, word for word."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from tests.small import FACTS, SHAPES
from triplomacy.check.engine_names import ENGINES, EngineName
from triplomacy.check.shacl_engines import Result, validate

HEAD = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix v: <https://vocab.example/> .\n"
DATA = """@prefix v: <https://vocab.example/> .
v:a a v:Event ; v:label "x" , "2025-02-30"^^<http://www.w3.org/2001/XMLSchema#date> .
v:b a v:Event ; v:part [ a v:Event ; v:part [ a v:Part ] ] .
[] a v:Event .
v:c a v:Event ; v:label "ü\\n\\"q\\"" , [] , 5 , v:a .
"""


def quads(turtle: str) -> list[Quad]:
    """The triples of `turtle`, in a graph."""
    found = parse(input=turtle, format=RdfFormat.TURTLE, rename_blank_nodes=True)
    return [Quad(*q.triple, NamedNode("https://example.org/g")) for q in found]


def both(data: str, shapes: str) -> tuple[Result, ...]:
    """What both engines find."""
    fast, slow = (validate(quads(data), quads(shapes), e).results for e in ENGINES)
    assert fast == slow
    return fast


@pytest.mark.parametrize(
    "rule",
    [
        "sh:minCount 2",
        "sh:maxCount 1",
        "sh:datatype <http://www.w3.org/2001/XMLSchema#date>",
        "sh:nodeKind sh:IRI",
        'sh:pattern "^x$"',
        "sh:class v:Event",
        'sh:minCount 2 ; sh:message "not enough"@en , "nicht genug"@de , "pas assez"@fr',
        'sh:minCount 2 ; sh:message "plain"',
        "sh:minCount 2 ; sh:severity sh:Warning",
        "sh:nodeKind sh:Literal ; sh:severity sh:Info",
        "sh:or ( [ sh:datatype v:x ] [ sh:nodeKind sh:IRI ] )",
    ],
)
@pytest.mark.parametrize("named", [True, False])
def test_the_engines_agree(rule: str, named: bool) -> None:
    shape = "sh:property v:P . v:P" if named else "sh:property ["
    end = "." if named else "] ."
    results = both(
        DATA,
        f"{HEAD} v:S a sh:NodeShape ; sh:targetClass v:Event ; "
        f"{shape} sh:path v:label ; {rule} {end}",
    )
    assert results
    assert {r.shape for r in results} == {"https://vocab.example/" + ("P" if named else "S")}


def test_a_message_is_told_in_english_where_there_are_several() -> None:
    shapes = SHAPES.replace("@en .", '@en , "Zu lang."@de , "Ein Wort."@de .')
    [result] = both(FACTS.replace("A visit", "A visit" * 9), shapes)
    assert result.message == "An event needs a short v:label: write one."


def test_a_blank_node_is_named_by_what_leads_to_it() -> None:
    shapes = HEAD + "v:S a sh:NodeShape ; sh:targetClass v:Part ; sh:closed true ."
    [result] = both(DATA, shapes + "v:S sh:property [ sh:path v:label ; sh:minCount 1 ] .")[:1]
    assert result.focus == "https://vocab.example/b"


def test_a_blank_node_that_nothing_leads_to_has_no_name() -> None:
    shapes = HEAD + "v:S a sh:NodeShape ; sh:targetClass v:Alone ; sh:nodeKind sh:IRI ."
    [result] = both("[] a <https://vocab.example/Alone> .", shapes)
    assert (result.focus, result.value) == ("", "")


def test_blank_nodes_keep_apart_among_many() -> None:
    data = "@prefix v: <https://vocab.example/> .\n" + "".join(
        f"v:e{n} v:part [ a v:Part ; v:label {n} ] .\n" for n in range(20)
    )
    shapes = HEAD + "v:S a sh:NodeShape ; sh:targetClass v:Part ; sh:property [ sh:path v:label ; "
    results = both(data, shapes + "sh:maxInclusive 16 ; sh:message 'too much' ] .")
    assert [(r.focus, r.value) for r in results] == [
        (f"https://vocab.example/e{n}", str(n)) for n in (17, 18, 19)
    ]


@pytest.mark.parametrize("engine", ENGINES)
def test_only_the_union_counts_so_a_fact_in_two_graphs_is_one(engine: EngineName) -> None:
    facts = quads(
        '<https://vocab.example/a> a <https://vocab.example/Event> ; v:l "x" .'.replace(
            "v:l", "<https://vocab.example/label>"
        )
    )
    twice = [*facts, *(Quad(*q.triple, NamedNode("https://example.org/h")) for q in facts)]
    shapes = quads(SHAPES.replace("sh:minCount 1", "sh:maxCount 1"))
    assert validate(twice, shapes, engine).results == ()
