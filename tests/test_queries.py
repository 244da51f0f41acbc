"""Example queries say in comment lines what they answer."""

from __future__ import annotations

from pathlib import Path

from triplomacy.queries import Example, read_example, read_examples


def test_title_and_question_come_from_the_first_comment_lines() -> None:
    text = "PREFIX e: <e:>\n# note\nASK {}\n"
    example = read_example("x", f"# title: T\n#question:  Why?  \n\n{text}")
    assert example == Example("x", "T", "Why?", text)


def test_a_file_without_them_is_called_by_its_name() -> None:
    assert read_example("all", "ASK {}") == Example("all", "all", "", "ASK {}\n")


def test_a_title_after_the_query_has_begun_is_a_comment() -> None:
    assert read_example("x", "ASK {}\n# title: no\n").title == "x"


def test_examples_are_sorted_by_title_and_other_files_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.rq").write_text("# title: z\nASK {}", encoding="utf-8")
    (tmp_path / "b.rq").write_text("# title: É\nASK {}", encoding="utf-8")
    (tmp_path / "c.rq").write_text("# title: B\nASK {}", encoding="utf-8")
    (tmp_path / "README.md").write_text("no query", encoding="utf-8")
    assert [e.name for e in read_examples(tmp_path)] == ["c", "a", "b"]


def test_a_folder_that_is_not_there_holds_no_examples(tmp_path: Path) -> None:
    assert read_examples(tmp_path / "none") == []
