"""Texts, days and languages as Wikidata takes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplomacy.link.export.snaks import Day, day_of, language_of, plain, shortened


@given(st.text())
def test_a_plain_text_has_no_breaks_and_no_space_at_its_ends(text: str) -> None:
    found = plain(text)
    assert found == " ".join(found.split())
    assert all(c.isspace() or ord(c) >= 0x20 for c in found)
    assert plain(found) == found


@given(st.text(), st.integers(1, 60))
def test_a_shortened_text_is_short_and_the_beginning_of_the_long_one(text: str, most: int) -> None:
    text = plain(text)
    found = shortened(text, most)
    assert len(found) <= most
    assert found == text or (found.endswith("…") and text.startswith(found[:-1]))


def test_a_text_is_cut_after_a_word() -> None:
    assert shortened("peace in Ukraine", 12) == "peace in…"
    assert shortened("peace in Ukraine", 9) == "peace in…"
    assert shortened("peacemaking", 6) == "peace…"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025", "2025"),
        ("2025-02", "2025-02"),
        ("2024-02-29", "2024-02-29"),
        ("2025-02-12T23:00:00+09:00", "2025-02-12"),
    ],
)
def test_a_day_a_month_and_a_year_are_days(text: str, day: str) -> None:
    assert day_of(text) == Day(day)


@pytest.mark.parametrize("text", ["", "0000", "2025-02-29", "2025-13", "٢٠٢٥", "12025", "2025-2-1"])
def test_all_else_is_no_day(text: str) -> None:
    assert day_of(text) is None


@pytest.mark.parametrize(
    ("tag", "code"),
    [("en", "en"), ("EN-us", "en"), ("zh-Hant-TW", "zh"), ("nds", "nds"), ("", "und"),
     ("english", "und"), ("e", "und"), ("é", "und")],
)  # fmt: skip
def test_a_language_is_known_by_its_first_part(tag: str, code: str) -> None:
    assert language_of(tag) == code
