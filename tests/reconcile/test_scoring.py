"""How values are compared, and what the score is made of."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode

from triplomacy.namespaces import XSD
from triplomacy.reconcile.scoring import Held, Sent, fit, score

RUSSIA = Held(NamedNode("https://example.org/s/id/actor/russia"), ("Russia", "Russian Federation"))


def literal(value: str, datatype: str = "string") -> Held:
    return Held(Literal(value, datatype=NamedNode(XSD + datatype)))


@pytest.mark.parametrize("value", ["Russia", " russian federation ", "FEDERATION, Russian"])
def test_a_thing_is_meant_by_its_name(value: str) -> None:
    assert fit(Sent(value), [RUSSIA]) >= 0.97


def test_a_thing_is_meant_by_what_identifies_it() -> None:
    iris = frozenset({"http://www.wikidata.org/entity/Q159", RUSSIA.term.value})
    assert fit(Sent("Q159", iris), [RUSSIA]) == 1.0
    assert fit(Sent(None, iris), [RUSSIA]) == 1.0


@pytest.mark.parametrize("value", ["France", "Q142", "Prussian Union", 159, True, "", None])
def test_another_thing_is_not_meant(value: str | float | bool | None) -> None:
    assert fit(Sent(value, frozenset({"https://example.org/s/id/actor/france"})), [RUSSIA]) == 0.0


def test_a_name_that_has_little_of_another_does_not_fit_it() -> None:
    assert fit(Sent("Federation of German Industries"), [RUSSIA]) == 0.0
    assert fit(Sent("Federation Council of Russia"), [literal("Russia")]) == 0.0


def test_an_identifier_fits_no_text() -> None:
    assert fit(Sent(None, frozenset({"http://e.example/x"})), [literal("None")]) == 0.0


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
def test_values_are_compared_as_what_they_are(
    value: str | float | bool, held: Held, fits: float
) -> None:
    assert fit(Sent(value), [held]) == fits


def test_the_best_value_counts_and_no_value_fits_nothing() -> None:
    assert fit(Sent("5"), [literal("4"), literal("5")]) == 1.0
    assert fit(Sent("5"), []) == 0.0


def test_the_score_weighs_the_name_more_than_a_property() -> None:
    assert score(1.0, []) == 100.0
    assert score(1.0, [1.0, 1.0]) == 100.0
    assert score(1.0, [0.0]) == pytest.approx(71.43)
    assert score(0.0, [1.0]) == pytest.approx(28.57)
    assert score(None, [1.0, 0.0]) == 50.0
    assert score(None, []) == 0.0
    assert score(1.0, [], of_type=False) == 50.0
