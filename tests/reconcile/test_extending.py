"""Data extension: each value as the protocol writes it."""

from __future__ import annotations

import json

import pytest

from tests.reconcile.made import Made, make
from triplomacy.reconcile.extending import extend
from triplomacy.reconcile.requests import read_extension

FACTS = """
graph:g {
  actor:x a eas:Person ; rdfs:label "X"@en, "Икс"@uk ; eas:knows actor:y, <http://e.example/z> ;
    eas:whole 5, "7"^^xsd:int, "99999999999999999999"^^xsd:integer, "x"^^xsd:integer ;
    eas:large 9007199254740992, 9007199254740993, -9007199254740993 ; owl:sameAs wd:Q1 ;
    eas:broken 2.5, "INF"^^xsd:double, "1e3"^^xsd:double ; eas:truth true ;
    eas:day "2025-02-12"^^xsd:date, "2025-02-30x"^^xsd:date, "2025-02-13Z"^^xsd:date ;
    eas:time "2025-02-12T18:00:00Z"^^xsd:dateTime, "2025-02-12T18:00:00.5+01:00"^^xsd:dateTime ;
    eas:year "2025"^^xsd:gYear ; eas:lives [ eas:whole 1 ] .
  actor:y a eas:Person ; rdfs:label "Why"@en ; owl:sameAs wd:Q2 .
  actor:z a eas:Person ; rdfs:label "Zed"@en ; owl:sameAs wd:Q2 .
}
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(tmp_path_factory.mktemp("made"), FACTS)


def cell(made: Made, property: str, id: str = "id/actor/x", **settings: object) -> object:
    wanted = {"ids": [id], "properties": [{"id": property, "settings": settings}]}
    answer = extend(read_extension(json.dumps(wanted)), made.facts, made.terms, made.ids)
    rows = answer["rows"]
    assert isinstance(rows, dict)
    return rows[id][property]


@pytest.mark.parametrize(
    ("property", "values"),
    [
        ("eas:knows", [{"str": "http://e.example/z"}, {"id": "id/actor/y", "name": "Why"}]),
        (
            "eas:whole",
            [{"int": 5}, {"int": 7}, {"str": "99999999999999999999"}, {"str": "x"}],
        ),
        (
            "eas:large",  # beyond 2⁵³ JSON's readers lose digits (RFC 8259 §6)
            [
                {"str": "-9007199254740993"},
                {"int": 9007199254740992},
                {"str": "9007199254740993"},
            ],
        ),
        ("eas:broken", [{"float": 1000.0}, {"float": 2.5}, {"str": "INF"}]),
        ("eas:truth", [{"str": "true"}]),
        (
            "eas:day",
            [
                {"date": "2025-02-12T00:00:00Z"},
                {"date": "2025-02-13T00:00:00Z"},
                {"str": "2025-02-30x"},
            ],
        ),
        (
            "eas:time",
            [{"date": "2025-02-12T18:00:00.5+01:00"}, {"date": "2025-02-12T18:00:00Z"}],
        ),
        ("eas:year", [{"str": "2025"}]),
        ("eas:lives", []),
        ("eas:nope", []),
        ("no property at all", []),
    ],
)
def test_a_value_is_written_as_what_it_is(made: Made, property: str, values: object) -> None:
    assert cell(made, property) == values


def test_settings_choose_among_the_values(made: Made) -> None:
    assert cell(made, "rdfs:label") == [{"str": "X"}, {"str": "Икс"}]
    assert cell(made, "rdfs:label", language="uk") == [{"str": "Икс"}]
    assert cell(made, "rdfs:label", language="de") == []
    assert cell(made, "rdfs:label", limit=1) == [{"str": "X"}]
    assert cell(made, "rdfs:label", limit="0") == [{"str": "X"}, {"str": "Икс"}]
    assert len(cell(made, "eas:whole", language="de")) == 4  # type: ignore[arg-type]


def test_rows_go_by_the_identifiers_that_were_sent(made: Made) -> None:
    whole = "https://example.org/s/id/actor/x"
    assert cell(made, "rdfs:label", whole) == cell(made, "rdfs:label", "actor/x")
    assert cell(made, "rdfs:label", "Q1") == cell(made, "rdfs:label", "actor/x")
    assert cell(made, "rdfs:label", "id/actor/nobody") == []
    assert cell(made, "rdfs:label", "") == []


def test_an_identifier_that_means_two_things_has_no_values(made: Made) -> None:
    assert cell(made, "rdfs:label", "Q2") == []


def test_properties_are_told_by_name(made: Made) -> None:
    asked = read_extension('{"ids": [], "properties": [{"id": "rdfs:label"}, {"id": "x"}]}')
    answer = extend(asked, made.facts, made.terms, made.ids)
    meta = [{"id": "rdfs:label", "name": "label"}, {"id": "x", "name": "x"}]
    assert answer == {"meta": meta, "rows": {}}
