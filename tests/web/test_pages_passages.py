"""Cutting a text at excerpts that nest and overlap in any way."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from triplomacy.web.pages.evidence import Excerpt, passages
from triplomacy.web.pages.passages import Span, around, merged, paragraphs, segments
from triplomacy.web.pages.reader import Ref, Text

TEXT = "Trump called Putin.\n\nThen he called Zelensky."

spans_of = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda p: Span(*p)))


def test_nested_excerpts_cut_the_text_at_all_their_edges() -> None:
    found = segments("abcdef", [Span(0, 6), Span(2, 4)])
    assert [s.text for s in found] == ["ab", "cd", "ef"]
    assert [s.narrowest for s in found] == [Span(0, 6), Span(2, 4), Span(0, 6)]
    assert found[1].within == (Span(2, 4), Span(0, 6))


def test_excerpts_that_overlap_without_nesting_share_the_middle() -> None:
    found = segments("abcdef", [Span(0, 4), Span(2, 6)])
    assert [s.text for s in found] == ["ab", "cd", "ef"]
    assert set(found[1].within) == {Span(0, 4), Span(2, 6)}


def test_an_excerpt_opens_where_it_begins_and_nowhere_else() -> None:
    found = segments("abcdef", [Span(1, 5), Span(3, 4)])
    assert [s.opens for s in found] == [(), (Span(1, 5),), (Span(3, 4),), (), ()]


def test_offsets_count_code_points_not_bytes_or_utf_16_units() -> None:
    text = "“𝔘kraine”: É"
    assert [s.text for s in segments(text, [Span(1, 8)])] == ["“", "𝔘kraine", "”: É"]


def test_an_excerpt_that_crosses_the_edge_of_the_part_is_marked_within_it() -> None:
    found = segments("abcdef", [Span(0, 3)], Span(2, 6))
    assert [(s.text, bool(s.within), s.opens) for s in found] == [
        ("c", True, ()),
        ("def", False, ()),
    ]


def test_empty_and_outside_excerpts_mark_nothing() -> None:
    found = segments("abc", [Span(1, 1), Span(5, 9), Span(2, 1)])
    assert [(s.text, s.within) for s in found] == [("abc", ())]


@given(text=st.text(max_size=60), spans=spans_of)
def test_segments_joined_are_the_text_and_each_lies_in_what_it_says(
    text: str, spans: list[Span]
) -> None:
    found = segments(text, spans)
    assert "".join(s.text for s in found) == text
    for segment in found:
        assert set(segment.within) == {s for s in spans if s.length > 0 and s.covers(segment.span)}


@given(text=st.text(max_size=60), spans=spans_of)
def test_every_excerpt_that_begins_in_the_text_opens_exactly_once(
    text: str, spans: list[Span]
) -> None:
    opened = [o for s in segments(text, spans) for o in s.opens]
    inside = {s for s in spans if s.length > 0 and s.start < len(text)}
    assert sorted(opened) == sorted(inside)


def test_paragraphs_are_the_lines_that_are_not_empty() -> None:
    assert [TEXT[p.start : p.end] for p in paragraphs(TEXT)] == TEXT.split("\n\n")
    assert around(TEXT, [Span(21, 25)]) == [paragraphs(TEXT)[1]]


def test_marks_that_touch_or_overlap_become_one() -> None:
    assert merged([Span(5, 9), Span(0, 3), Span(3, 6)]) == [Span(0, 9)]


def test_a_quotation_shows_within_the_passage_that_holds_it() -> None:
    source = Ref("https://example.org/source", Text("The source"))
    whole = Excerpt(Ref("a", Text("a")), Text("Trump called Putin."), Span(0, 19), source)
    quote = Excerpt(Ref("b", Text("b")), Text("called"), Span(6, 12), source, is_quote=True)
    (paragraph,) = passages(TEXT, [whole, quote])
    assert [(p.text, p.marked, p.is_quote) for p in paragraph] == [
        ("Trump ", True, False),
        ("called", True, True),
        (" Putin.", True, False),
    ]
