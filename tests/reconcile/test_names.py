"""How alike names are, and when one is the other."""

from __future__ import annotations

import pytest

from triplomacy.reconcile.names import REORDERED, is_same, likeness, words_of


def like(asked: str, name: str) -> float:
    return likeness(words_of(asked), words_of(name))


def same(asked: str, name: str) -> bool:
    return is_same(words_of(asked), words_of(name))


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("donald trump", "Donald Trump"),
        ("SEBASTIEN LECORNU", "Sébastien Lecornu"),
        ("US", "U.S."),
        ("Putin!", "Putin"),
        ("乌克兰", "乌克兰"),
        ("word " * 40, "Word " * 40),
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


def test_each_word_may_have_a_slip() -> None:
    assert like("Jonh Smiht", "John Smith") > 0.7


def test_a_word_counts_once() -> None:
    assert like("smith smith", "smith jones") == like("smith aaaaa", "smith jones")


def test_a_name_of_any_length_is_compared_quickly() -> None:
    assert 0 < like("word " * 100_000, "word") < 0.5
    many = " ".join(f"word{n}x" for n in range(100_000))
    assert 0 < like(many, many) < REORDERED  # no more than the beginning is compared


WEIMAR = "Meeting of the foreign ministers of the Weimar Triangle and the United Kingdom"
EMBASSY = "中华人民共和国驻美利坚合众国大使馆"


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        (f"{WEIMAR} in London on 24 June 2031", f"{WEIMAR} in Paris on 12 February 2025"),
        (WEIMAR, f"{WEIMAR} in Paris"),
        ("中华人民共和国驻美利坚合众国总领事馆", EMBASSY),
        (EMBASSY[:14], EMBASSY),
    ],
)
def test_all_words_of_a_long_name_count(asked: str, name: str) -> None:
    assert 0.6 < like(asked, name) <= 0.9
    assert not same(asked, name)


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("PUTIN, Vladimir", "Vladimir Putin"),
        ("the “Weimar Triangle”", "The 'Weimar' Triangle."),
        ("Trump–Putin call", "trump - putin CALL"),
        ("Jean Noël Barrot", "Jean-Noël Barrot"),
        ("Covid 19", "COVID-19"),
        ("u.s.", "US"),
        ("2022–2023", "2022-2023"),
        ("Ｂ＋", "b+"),
        ("Putin & Trump", "Trump & Putin"),
        ("AC/DC", "AC DC"),
        ("乌克兰、波兰", "乌克兰 波兰"),
        ("Wer? (Film)", "WER: film…"),
    ],
)
def test_ordinary_punctuation_makes_no_other_name(asked: str, name: str) -> None:
    assert same(asked, name)
    assert same(name, asked)


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("B-", "B+"),
        ("B*", "B+"),
        ("B", "B+"),
        ("B", "B-"),
        ("B-, new", "B new"),
        ("Group 5+1", "Group 5-1"),
        ("Group 5 - 1", "Group 5 1"),
        ("C++", "C"),
        ("C#", "C"),
        ("Trump’s", "Trump"),
        ("-5 degrees", "5 degrees"),
        ("1/2", "1 2"),
        ("1−2", "1 2"),
        ("Smith & Sons", "Smith Sons"),
        ("A+ B", "A B+"),
        ("B A+", "A B+"),
        ("A & B C", "A B & C"),
        ("№ 5 ★", "№ 5"),
        ("x" * 70 + "a", "x" * 70 + "b"),
        ("a " * 600 + "b", "a " * 600 + "c"),
        ("a " * 600, "a " * 600),
        ("", ""),
        ("Putin", "Vladimir Putin"),
    ],
)
def test_signs_make_another_name(asked: str, name: str) -> None:
    assert not same(asked, name)
    assert not same(name, asked)


def test_the_signs_of_a_name_are_its_own() -> None:
    for name in ("B+", "Group 5-1", "C++", "Smith & Sons", "#1", "Trump’s", "x" * 90):
        assert same(name, name)
