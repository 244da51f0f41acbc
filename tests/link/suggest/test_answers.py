"""What a person can answer."""

from __future__ import annotations

import pytest

from triplomacy.errors import BadRequest
from triplomacy.link.suggest.answers import Answer, Decision, Verb, answer_of, decisions_of


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Q7747", Answer(Verb.SAME, "Q7747")),
        ("  Q7747 ", Answer(Verb.SAME, "Q7747")),
        ("close Q46", Answer(Verb.CLOSE, "Q46")),
        ("Close  Q46", Answer(Verb.CLOSE, "Q46")),
        ("none", Answer(Verb.NONE)),
        ("No", Answer(Verb.NONE)),
        ("", Answer()),
        ("skip", Answer()),
    ],
)
def test_an_answer(text: str, answer: Answer) -> None:
    assert answer_of(text) == answer


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("q7747", "write Q7747"),
        ("Q07", "write Q7,"),
        ("close q46", "write Q46"),
        ("P39", "P39 is a property"),
        ("https://www.wikidata.org/wiki/Q7747", "write Q7747"),
        ("https://en.wikipedia.org/wiki/Vladimir_Putin", "a page of Wikipedia"),
        ("perhaps", "answer Q and digits"),
        ("Q7747 Q30", "look the item up"),
    ],
)
def test_what_is_no_answer_gets_the_remedy(text: str, remedy: str) -> None:
    with pytest.raises(BadRequest) as caught:
        answer_of(text)
    assert remedy in caught.value.remedy


def test_one_item_is_one_decision_with_its_score() -> None:
    scores = {"Q1": 90.0, "Q2": 40.0}
    assert decisions_of("t", Answer(Verb.SAME, "Q1"), scores, "seen") == [
        Decision("t", Verb.SAME, "Q1", 90.0, "seen")
    ]
    assert decisions_of("t", Answer(Verb.CLOSE, "Q9"), scores) == [Decision("t", Verb.CLOSE, "Q9")]
    assert decisions_of("t", Answer(), scores) == []


def test_none_of_these_is_a_decision_about_each() -> None:
    found = decisions_of("t", Answer(Verb.NONE), {"Q1": 90.0, "Q2": 40.0})
    assert [(d.verb, d.id) for d in found] == [(Verb.NONE, "Q1"), (Verb.NONE, "Q2")]
