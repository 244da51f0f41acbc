"""What is asked of a reconciliation service, and how its answers are read."""

from __future__ import annotations

import json

import pytest

from tests.link.site import quick_client
from tests.link.suggest.case import MINISTER, Case
from triplomacy.errors import TriplomacyError, Unreachable, UnusableAnswer
from triplomacy.link.cache import Cache
from triplomacy.link.suggest.reconciling import Candidate, Reconciliation


def service(case: Case, cache: Cache | None = None) -> Reconciliation:
    address = case.site.settings.wikidata.reconciliation
    return Reconciliation(quick_client(), address, cache or Cache(None, 0))


def queries(case: Case) -> list[dict[str, object]]:
    """The queries that the stand-in heard, in their order."""
    asked = [h.fields["queries"] for h in case.stand_in.heard if "queries" in h.fields]
    return [query for batch in asked for query in json.loads(batch).values()]


def test_name_type_and_hints_are_asked_for_at_once(case: Case) -> None:
    service(case).candidates(case.things("office"))
    assert queries(case) == [
        {
            "query": "German Defense Minister",
            "limit": 7,
            "type": "Q4164871",
            "type_strict": "should",
            "properties": [
                {"pid": "P1001", "v": {"id": "Q183"}},
                {"pid": "P1308", "v": "Boris Pistorius"},
            ],
        }
    ]


def test_the_best_candidate_comes_first_with_what_its_score_rests_on(case: Case) -> None:
    [[best, *others]] = service(case).candidates(case.things("office"))
    assert (best.id, best.name, best.score) == (MINISTER, "Federal Minister of Defence", 100)
    assert best.is_match
    assert ("P1001", 100) in best.features
    assert [c.score for c in others] == sorted((c.score for c in others), reverse=True)


def test_a_thing_that_is_not_found_by_one_name_is_asked_for_by_the_next(case: Case) -> None:
    (case.folder / "data/facts.ttl").open("a").write('o:german rdfs:label "AAAAAA"@aa .')
    [office] = case.things("office")
    assert office.names == ("German Defense Minister", "AAAAAA")
    [topic] = case.things("topic")
    service(case).candidates([topic])
    assert len(queries(case)) == 1  # it has one name alone


def test_many_things_are_a_few_requests(case: Case) -> None:
    facts = "".join(f'o:n{i} a eas:Office ; rdfs:label "Office {i}"@en .\n' for i in range(24))
    (case.folder / "data/facts.ttl").open("a").write(facts)
    assert len(service(case).candidates(case.things("office"))) == 25
    batches = [h for h in case.stand_in.heard if "queries" in h.fields]
    assert len(batches) == 3
    assert {b.method for b in batches} == {"POST"}


def test_an_answer_is_kept_so_that_who_was_interrupted_goes_on(case: Case, tmp_path) -> None:
    cache = Cache(tmp_path / "cache", 7)
    (tmp_path / "cache").mkdir()
    first = service(case, cache).candidates(case.things("office"))
    case.stand_in.heard.clear()
    assert service(case, cache).candidates(case.things("office")) == first
    assert case.stand_in.heard == []


def test_a_service_for_other_numbers_is_refused(case: Case) -> None:
    """Its Q183 might be anything."""
    manifest = json.dumps({"versions": ["0.2"], "identifierSpace": "https://example.org/"})
    with pytest.raises(UnusableAnswer, match=r"numbers of https://example\.org/, not"):
        answering(manifest).candidates(case.things("office"))


class _Answers:
    """A client whose service answers so."""

    def __init__(self, *answers: object) -> None:
        self._answers = list(answers)

    def ask(self, address: str, form: object = None) -> object:
        return self._answers.pop(0)


def answering(*answers: str) -> Reconciliation:
    client = _Answers(*(json.loads(a) for a in answers))
    return Reconciliation(client, "https://example.org/api", Cache(None, 0))  # type: ignore[arg-type]


OURS = json.dumps({"identifierSpace": "http://www.wikidata.org/entity/"})


def candidate(**changed: object) -> str:
    whole = {"id": "Q1", "name": "N", "score": 9, "match": False} | changed
    return json.dumps({"q0": {"result": [whole]}})


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ('{"q0": {"result": "Q1"}}', "it has no result"),
        ('{"q1": {"result": []}}', "it has no result"),
        ("{}", "it has no result"),
        ('{"q0": {"result": ["Q1"]}}', "a candidate is no object"),
        (candidate(id="P39"), "P39 is not the number of an item"),
        (candidate(id="Q1> <x"), "is not the number of an item"),
        (candidate(id=7), "7 is not the number of an item"),
        (candidate(score="many"), "no name or no score"),
        (candidate(score=True), "no name or no score"),
        (candidate(name=["N"]), "no name or no score"),
        (candidate(name="\ud800"), "no name or no score"),
    ],
)
def test_an_answer_of_the_wrong_shape_is_told(case: Case, answer: str, words: str) -> None:
    with pytest.raises(UnusableAnswer, match=words):
        answering(OURS, answer).candidates(case.things("office"))


def test_text_that_steers_terminals_loses_what_steers(case: Case) -> None:
    features = [{"id": 1}, "x", {"id": "a", "value": True}]
    answer = candidate(name="\x1b[31mRed\x07", score="9.5", features=features)
    [[found]] = answering(OURS, answer).candidates(case.things("office"))
    assert found == Candidate("Q1", "[31mRed", "", 9.5, False, (("a", 100.0),))


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("500", Unreachable),
        ("429", Unreachable),
        ("html", UnusableAnswer),
        ("truncated", UnusableAnswer),
        ("empty", UnusableAnswer),
        ("not-an-object", UnusableAnswer),
        ("deep", UnusableAnswer),
        ("nan", UnusableAnswer),
        ("redirect-file", UnusableAnswer),
        ("redirect-private", UnusableAnswer),
        ("endless", TriplomacyError),
        ("bomb", TriplomacyError),
        ("hang-up", Unreachable),
    ],
)
def test_a_bad_day_of_the_service_is_told(case: Case, fault: str, error: type[Exception]) -> None:
    case.stand_in.faults += ["", fault]  # the manifest is whole
    with pytest.raises(error):
        service(case).candidates(case.things("office"))
