"""The file in which a person answers."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.link.suggest.case import BORIS, FRENCH, MINISTER, OFFICE
from triplomacy.errors import BadRequest, SiteError
from triplomacy.link.linked import Thing
from triplomacy.link.suggest import review
from triplomacy.link.suggest.answers import Answer, Verb
from triplomacy.link.suggest.review import read_review, write_review
from triplomacy.link.suggest.suggesting import Suggested, Suggestion
from triplomacy.link.suggest.unlinked import Hint, Unlinked

SERVICE = "https://reconcile.example/en/api"


def suggested(iri: str = OFFICE, **changed: str) -> Suggested:
    texts = {"name": "Minister", "description": "of Germany", "reason": "R", "doubt": "D"} | changed
    name, description = texts["name"], texts["description"]
    reasons, doubts = (texts["reason"],), (texts["doubt"],)
    hint = Hint("P1", "v", False, texts["reason"])
    thing = Unlinked(Thing(iri), "office", (name,), (), (hint,), frozenset())
    items = (
        Suggestion(MINISTER, name, description, 90.5, reasons, doubts),
        Suggestion(FRENCH, name, description, 40.0, reasons, doubts),
    )
    return Suggested(thing, items)


def answered(path: Path, answer: str, note: str = "") -> Path:
    """The file with an answer in it."""
    text = path.read_text().replace('answer = ""', f'answer = "{answer}"', 1)
    path.write_text(text.replace('note = ""', f'note = "{note}"', 1))
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "offices.toml"
    write_review(path, [suggested()], SERVICE)
    return path


def test_a_file_has_the_suggestions_to_read_and_the_answers_to_give(path: Path) -> None:
    document = tomllib.loads(path.read_text())
    assert document["service"] == SERVICE
    assert document["thing"] == [
        {
            "iri": OFFICE,
            "name": "Minister",
            "answer": "",
            "note": "",
            "scores": {MINISTER: 90.5, FRENCH: 40.0},
        }
    ]
    assert f"# {MINISTER}  Minister: of Germany\n#     score 90.5\n#     + R\n" in path.read_text()
    assert "#     - D\n" in path.read_text()


def test_an_answer_is_read_with_its_place(path: Path) -> None:
    service, [found] = read_review(answered(path, f"close {MINISTER}", "nearly"))
    assert service == SERVICE
    assert (found.thing, found.answer) == (OFFICE, Answer(Verb.CLOSE, MINISTER))
    assert found.note == "nearly"
    line = next(n for n, t in enumerate(path.read_text().splitlines(), 1) if t.startswith("answer"))
    assert found.place == f"{path}:{line}"


def test_a_file_that_is_written_anew_keeps_the_answers(path: Path) -> None:
    answered(path, MINISTER, "said 'yes'")
    write_review(path, [suggested(BORIS), suggested()], SERVICE)
    found = {r.thing: (r.answer, r.note) for r in read_review(path)[1]}
    assert found == {
        BORIS: (Answer(), ""),
        OFFICE: (Answer(Verb.SAME, MINISTER), "said 'yes'"),
    }


def test_answers_about_what_is_not_suggested_now_are_kept_too(path: Path) -> None:
    answered(path, f"close {MINISTER}", "nearly")
    assert write_review(path, [suggested(BORIS)], SERVICE) == 1
    found = {r.thing: (r.answer, r.note, r.scores) for r in read_review(path)[1]}
    assert found[OFFICE] == (Answer(Verb.CLOSE, MINISTER), "nearly", {MINISTER: 90.5, FRENCH: 40})
    write_review(path, [suggested()], SERVICE)
    assert {r.thing for r in read_review(path)[1]} == {OFFICE}  # the other one had no answer


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (('answer = ""', "answer = "), ":15: this is not TOML"),
        (('answer = ""', "answer = 7"), ":15: an answer and a note are texts"),
        (('answer = ""', 'answer = "P39"'), ":15: 'P39' is no answer"),
        (("[[thing]]", "[thing]"), "no review of links"),
        (("iri = ", "uri = "), ":15: the thing has no iri"),
        (("service = ", "servant = "), "no review of links"),
        ((f"{MINISTER} = 90.5", f'{MINISTER} = "x"'), "scores are numbers"),
        ((f"{MINISTER} = 90.5", f"{MINISTER} = nan"), "scores are numbers"),
        ((f"{MINISTER} = 90.5", f"{MINISTER} = 1{'0' * 400}"), "scores are numbers"),
        ((f"{MINISTER} = 90.5", "Q07 = 90.5"), "scores are numbers of items"),
        ((f"{MINISTER} = 90.5", '"Q1> <x" = 90.5'), "scores are numbers of items"),
        ((SERVICE, "not an iri"), "the service 'not an iri' is no address"),
    ],
)
def test_what_is_no_such_file_is_told_with_its_line(
    path: Path, damage: tuple[str, str], words: str
) -> None:
    text = path.read_text()
    assert damage[0] in text
    path.write_text(text.replace(damage[0], damage[1], 1))
    with pytest.raises(BadRequest) as caught:
        read_review(path)
    assert words in caught.value.detail
    assert caught.value.remedy


def test_a_thing_that_stands_twice_is_told(path: Path) -> None:
    entry = path.read_text().partition("[[thing]]")
    path.write_text(path.read_text() + "\n[[thing]]" + entry[2])
    with pytest.raises(BadRequest, match=r"stands at .*:15, too"):
        read_review(path)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match="No such file"):
        read_review(tmp_path / "none.toml")


def test_a_file_that_nests_without_end_is_told(tmp_path: Path) -> None:
    path = tmp_path / "deep.toml"
    path.write_text("a = " + "[" * 100_000)
    with pytest.raises(BadRequest, match="not TOML"):
        read_review(path)


def test_each_of_many_things_has_its_own_line(tmp_path: Path) -> None:
    path = tmp_path / "many.toml"
    write_review(path, [suggested(f"{OFFICE}-{n}") for n in range(3_000)], SERVICE)
    lines = path.read_text().splitlines()
    places = [int(r.place.rpartition(":")[2]) for r in read_review(path)[1]]
    assert places == [n for n, line in enumerate(lines, 1) if line.startswith("answer")]


def test_more_than_can_be_read_again_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(review, "_LARGEST", 500)
    with pytest.raises(SiteError, match="1 things are more than a file can hold"):
        write_review(tmp_path / "x.toml", [suggested()], SERVICE)
    assert not (tmp_path / "x.toml").exists()


def test_a_damaged_file_is_not_written_over(path: Path) -> None:
    path.write_text("answer = ")
    with pytest.raises(BadRequest):
        write_review(path, [suggested()], SERVICE)
    assert path.read_text() == "answer = "


def test_what_turns_the_direction_of_text_is_shown_as_an_escape(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    write_review(path, [suggested(name="A\u202eB")], SERVICE)
    assert "\u202e" not in path.read_text(encoding="utf-8")
    assert tomllib.loads(path.read_text(encoding="utf-8"))["thing"][0]["name"] == "A\u202eB"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(text=st.text(), note=st.text())
def test_any_text_of_a_service_can_stand_in_it(tmp_path: Path, text: str, note: str) -> None:
    path = tmp_path / "any.toml"
    hostile = suggested(name=text, description=text, reason=text, doubt=text)
    write_review(path, [hostile, suggested(BORIS)], SERVICE)
    first, second = tomllib.loads(path.read_text(encoding="utf-8"))["thing"]
    assert (first["name"], second["iri"]) == (text, BORIS)
    assert [r.answer for r in read_review(path)[1]] == [Answer(), Answer()]
