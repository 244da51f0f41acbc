"""How names and values are compared, and what the score is made of."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode

from triplomacy.namespaces import XSD
from triplomacy.reconcile.requests import Entity
from triplomacy.reconcile.scoring import REORDERED, Held, fit, likeness, score, words_of

RUSSIA = Held(
    NamedNode("https://example.org/s/id/actor/russia"),
    ("Russia", "Russian Federation"),
    ("https://example.org/s/id/actor/russia", "id/actor/russia", "actor/russia", "Q159"),
)


def like(asked: str, name: str) -> float:
    return likeness(words_of(asked), words_of(name))


def literal(value: str, datatype: str = "string") -> Held:
    return Held(Literal(value, datatype=NamedNode(XSD + datatype)))


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("donald trump", "Donald Trump"),
        ("SEBASTIEN LECORNU", "Sébastien Lecornu"),
        ("US", "U.S."),
        ("Putin!", "Putin"),
        ("乌克兰", "乌克兰"),
    ],
)
def test_case_accents_and_signs_do_not_count(asked: str, name: str) -> None:
    assert like(asked, name) == 1.0


def test_the_order_of_words_counts_little() -> None:
    assert like("Putin, Vladimir", "Vladimir Putin") == REORDERED < 1


@pytest.mark.parametrize(
    ("asked", "better", "worse"),
    [
        ("Zelenksy", "Zelensky", "Zelinsky Institute"),
        ("Trump", "Trump Tower", "Trump Tower in New York"),
        ("Pres. Trump", "President Trump", "President Putin"),
        ("John Smith", "John Smyth", "John Brown"),
    ],
)
def test_what_has_more_in_common_is_more_alike(asked: str, better: str, worse: str) -> None:
    assert 0.9 >= like(asked, better) > like(asked, worse)


@pytest.mark.parametrize(("asked", "name"), [("", "x"), ("x", ""), ("...", "x"), ("abc", "xyz")])
def test_what_has_nothing_in_common_is_not_alike(asked: str, name: str) -> None:
    assert like(asked, name) == 0.0


def test_a_word_counts_once() -> None:
    assert like("smith smith", "smith jones") == like("smith aaaaa", "smith jones")


def test_a_name_of_any_length_is_compared_quickly() -> None:
    assert 0 < like("word " * 100_000, "word") < 0.5


@pytest.mark.parametrize(
    "value",
    [
        "Russia",
        "russian federation",
        "Q159",
        "id/actor/russia",
        "actor/russia",
        "https://example.org/s/id/actor/russia",
        Entity("id/actor/russia"),
        Entity("Q159"),
    ],
)
def test_a_thing_is_meant_by_name_identifier_or_number(value: object) -> None:
    assert fit(value, [RUSSIA]) == 1.0


@pytest.mark.parametrize("value", ["France", "Q142", Entity("id/actor/france"), 159, True, ""])
def test_another_thing_is_not_meant(value: object) -> None:
    assert fit(value, [RUSSIA]) == 0.0


@pytest.mark.parametrize(
    ("value", "held", "fits"),
    [
        ("2025-02-12", literal("2025-02-12", "date"), 1.0),
        ("2025-02", literal("2025-02-12", "date"), 1.0),
        ("2025", literal("2025-02-12", "date"), 1.0),
        (2025, literal("2025-02-12", "date"), 1.0),
        (2025.0, literal("2025", "gYear"), 1.0),
        ("2025-02-12T00:00:00Z", literal("2025-02-12", "date"), 1.0),
        ("2025-02-12", literal("2025-02-12T18:00:00Z", "dateTime"), 1.0),
        ("2025-03", literal("2025-02-12", "date"), 0.0),
        ("20", literal("2025-02-12", "date"), 0.0),
        ("soon", literal("2025-02-12", "date"), 0.0),
        ("5", literal("5.0", "decimal"), 1.0),
        (5, literal("5", "integer"), 1.0),
        (5, literal("50", "integer"), 0.0),
        ("NaN", literal("NaN", "double"), 1.0),
        (True, literal("true", "boolean"), 1.0),
        (True, literal("false", "boolean"), 0.0),
        (False, literal("false", "boolean"), 1.0),
        ("MINISTER", literal("Minister"), 1.0),
        ("cat", literal("dog"), 0.0),
    ],
)
def test_values_are_compared_as_what_they_are(value: object, held: Held, fits: float) -> None:
    assert fit(value, [held]) == fits


def test_the_best_value_counts_and_no_value_fits_nothing() -> None:
    assert fit("5", [literal("4"), literal("5")]) == 1.0
    assert fit("5", []) == 0.0


def test_the_score_weighs_the_name_more_than_a_property() -> None:
    assert score(1.0, []) == 100.0
    assert score(1.0, [1.0, 1.0]) == 100.0
    assert score(1.0, [0.0]) == pytest.approx(71.43)
    assert score(0.0, [1.0]) == pytest.approx(28.57)
    assert score(None, [1.0, 0.0]) == 50.0
    assert score(None, []) == 0.0
    assert score(1.0, [], of_type=False) == 50.0
