"""The review file: what is shown, what was answered, and what was done to it by hand."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.link.export.story import ACTORS, HOLDING, MINISTER, PISTORIUS, offered, story
from triplomacy.errors import SiteError
from triplomacy.link.export.decisions import Review
from triplomacy.link.export.offers import Offers
from triplomacy.link.stand_in.server import StandIn
from triplomacy.link.toml_text import basic_string

DAY = date(2026, 11, 23)


@pytest.fixture
def offers(tmp_path: Path, forgetful: StandIn) -> Offers:
    """One line."""
    return offered(story(tmp_path / "site", forgetful))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "review.toml"


def written(path: Path, offers: Offers, answer: str = "") -> str:
    review = Review(path)
    if answer:
        review.decide(offers.lacking[0], answer, "Ann", DAY)
    review.keep(offers)
    return path.read_text()


def changed(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def trouble(path: Path) -> tuple[str, str]:
    with pytest.raises(SiteError) as raised:
        Review(path)
    return raised.value.detail, raised.value.remedy


def test_a_block_shows_the_line_and_waits_for_an_answer(path: Path, offers: Offers) -> None:
    [block] = tomllib.loads(written(path, offers))["line"]
    assert block.pop("id") == offers.lacking[0].key
    assert block == {
        "says": "Boris Pistorius — position held — German Defense Minister",
        "wikidata": f"{PISTORIUS} P39 {MINISTER}",
        "reference": "reference URL: https://data.wikimedia.org/s/id/source/s#char=0,39",
        "quotation": "“German Defense Minister Boris Pistorius” (en)",
        "place": offers.lacking[0].place,
        "answer": "",
        "by": "",
        "on": "",
    }


@pytest.mark.parametrize("answer", ["yes", "no", " YES "])
def test_an_answer_holds_when_the_file_is_read_again(
    path: Path, offers: Offers, answer: str
) -> None:
    written(path, offers)
    changed(path, 'answer = ""', f'answer = "{answer}"')
    assert Review(path).of(offers.lacking[0]).answer == answer.strip().lower()


def test_a_renewal_keeps_what_was_answered_and_changes_nothing_else(
    path: Path, offers: Offers
) -> None:
    first = written(path, offers, "yes")
    assert 'answer = "yes"\nby = "Ann"\non = "2026-11-23"\n' in first
    stamp = path.stat().st_mtime_ns
    assert written(path, offers) == first
    assert path.stat().st_mtime_ns == stamp


def test_a_decision_about_other_facts_is_kept_apart_and_holds_no_more(
    path: Path, offers: Offers, tmp_path: Path, forgetful: StandIn
) -> None:
    written(path, offers, "yes")
    actors = ACTORS.replace('German Defense Minister"@en', 'Defense Minister"@en')
    new = offered(story(tmp_path / "new", forgetful, actors=actors))
    review = Review(path)
    assert review.of(new.lacking[0]).answer == ""
    with pytest.raises(SiteError, match=r"review.toml:\d+: the site no longer says exactly this"):
        review.must_hold(new)
    review.keep(new)
    document = tomllib.loads(path.read_text())
    assert [b["answer"] for b in document["former"]] == ["yes"]
    assert {b["answer"] for b in document["line"]} == {""}
    Review(path).must_hold(new)
    assert Review(path).of(offers.lacking[0]).answer == "yes"  # were it said again


def test_what_wikidata_has_by_now_is_no_trouble(path: Path, offers: Offers) -> None:
    written(path, offers, "yes")
    Review(path).must_hold(Offers((), offers.lacking, ()))


@pytest.mark.parametrize(
    ("old", "new", "what", "remedy"),
    [
        ('answer = ""', 'answer = "perhaps"', "“perhaps” is no answer", 'write "yes", "no"'),
        ('answer = ""', "answer = true", "answer is not what a block has", "between quotation"),
        ('answer = ""', 'anwser = "yes"', "anwser is not what a block has", "between quotation"),
        ("position held", "position lost", "changed what this block shows", "correct the facts"),
        (MINISTER, "Q5", "changed what this block shows", "correct the facts"),
        ("char=0,39", "char=0,40", "changed what this block shows", "correct the facts"),
        ('on = ""', 'on = "yesterday"', "“yesterday” is no day", "2026-11-23"),
        ('id = "', 'id = "0', "changed what this block shows", "correct the facts"),
    ],
)
def test_a_block_that_was_changed_is_told_with_its_line(
    path: Path, offers: Offers, old: str, new: str, what: str, remedy: str
) -> None:
    line = written(path, offers).splitlines().index("[[line]]") + 1
    changed(path, old, new)
    detail, told = trouble(path)
    assert detail.startswith(f"{path}:{line}: ")
    assert what in detail
    assert remedy in told


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("<<<<<<< ours\n", "Invalid"),
        ("line = 1\n", "line is no list of blocks"),
        ("[[lines]]\n", "lines means nothing here"),
        ("line = [1]\n", "id is not what a block has"),
        ("[[line]]\n", ":1: id is not what a block has"),
        ('[["line"]]\nid = 1', ":1: id is not what a block has"),
    ],
)
def test_a_file_that_is_no_review_is_told(path: Path, text: str, what: str) -> None:
    path.write_text(text)
    detail, remedy = trouble(path)
    assert what in detail
    assert remedy


def test_a_file_that_is_no_utf_8_is_told(path: Path) -> None:
    path.write_bytes(b"\xff\xfe")
    assert trouble(path)[1] == "save it as UTF-8"


def test_two_people_who_answer_alike_agree(path: Path, offers: Offers) -> None:
    text = written(path, offers, "yes")
    path.write_text(text + text.partition("\n\n")[2])
    assert Review(path).of(offers.lacking[0]).answer == "yes"


def test_two_people_who_answer_differently_have_to_settle_it(path: Path, offers: Offers) -> None:
    text = written(path, offers, "yes")
    path.write_text(text + text.partition("\n\n")[2].replace('"yes"', '"no"'))
    detail, remedy = trouble(path)
    assert "answers no to what line" in detail
    assert "agree on one answer" in remedy


def test_what_somebody_else_has_just_written_is_left_alone(path: Path, offers: Offers) -> None:
    review = Review(path)
    path.write_text("# theirs\n")
    with pytest.raises(SiteError, match="somebody has just"):
        review.keep(offers)
    assert path.read_text() == "# theirs\n"
    review = Review(path)
    path.write_text("# theirs again\n")
    with pytest.raises(SiteError, match="somebody has just"):
        review.keep(offers)
    assert path.read_text() == "# theirs again\n"


def test_line_ends_of_windows_are_read(path: Path, offers: Offers) -> None:
    path.write_bytes(b"\xef\xbb\xbf" + written(path, offers, "no").replace("\n", "\r\n").encode())
    assert Review(path).of(offers.lacking[0]).answer == "no"


@given(st.text())
@example('a"b\\c\td\ne\x7f\x00\u202e\ufeff\U000e0041[[line]]\u2028"""')
def test_any_text_is_one_line_and_the_same_when_read(text: str) -> None:
    found = basic_string(text)
    assert tomllib.loads(f"a = {found}") == {"a": text}
    assert len(found.splitlines()) == 1
    assert not set(found) & {"\u202e", "\u200b", "\ufeff", "\x7f"}


def test_hostile_names_stay_in_their_block(path: Path, tmp_path: Path, forgetful: StandIn) -> None:
    hostile = '"\\n[[line]]\\nid = \\"x\\"\\nanswer = \\"yes\\"\\u202E"@en'
    facts = f"{HOLDING}a:pistorius rdfs:label {hostile} ."
    actors = ACTORS.replace('rdfs:label "Boris Pistorius"@en ;', "")
    links_checked = offered(story(tmp_path / "site", forgetful, facts, actors=actors))
    Review(path).keep(links_checked)
    assert tomllib.loads(path.read_text()).get("line", []) == []  # its name is far from the item’s
    actors = ACTORS.replace('German Defense Minister"@en', '\\n[[line]]\\nDefense Minister"@en')
    Review(path).keep(offered(story(tmp_path / "office", forgetful, actors=actors)))
    blocks = tomllib.loads(path.read_text())["line"]
    assert {b["answer"] for b in blocks} == {""}
    Review(path)
