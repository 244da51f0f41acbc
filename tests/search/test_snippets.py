"""The part of a text that shows where the words stand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from triplomacy.search.snippets import WIDTH, Piece, snippet


def shown(text: str, *words: str, width: int = WIDTH) -> str:
    return "".join(f"[{p.text}]" if p.marked else p.text for p in snippet(text, words, width))


def test_words_are_marked_as_the_text_spells_them() -> None:
    assert shown("Sébastien Lecornu’s visit", "lecornu", "se") == "[Sébastien] [Lecornu]’s visit"


def test_a_long_text_is_cut_around_most_of_the_words() -> None:
    text = "Nothing here. " * 50 + "Putin called. " + "Still nothing. " * 50 + "Trump met Putin."
    cut = shown(text, "putin", "trump")
    assert "[Trump] met [Putin]" in cut
    assert cut.startswith("… ")
    assert len(cut) < WIDTH + 40
    assert not cut.endswith("…"), "the text ends so"


def test_a_text_is_shown_from_its_beginning_where_no_word_stands_in_it() -> None:
    cut = shown("A long tale " * 100, "putin")
    assert cut.startswith("A long tale")
    assert cut.endswith("tale …"), "and it goes on"


def test_markup_stays_text() -> None:
    assert snippet("<script>alert(1)</script>", ["alert"]) == (
        Piece("<script>"),
        Piece("alert", True),
        Piece("(1)</script>"),
    )


@given(st.text(max_size=600), st.lists(st.sampled_from("abcxyz0189")), st.integers(20, 300))
def test_pieces_are_runs_of_the_text(text: str, words: list[str], width: int) -> None:
    pieces = [p for p in snippet(text, words, width) if p.text not in ("… ", " …")]
    assert "".join(p.text for p in pieces).strip() in text
