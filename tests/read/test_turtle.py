"""What cannot be read is told with its line and what to do, and costs neither time nor memory."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from tests.small import as_nobody, graph_file
from tests.waiting import is_done_within
from triplomacy.findings import Finding, Severity
from triplomacy.read.turtle import LONGEST_LINE, read_turtle

FACT = '<a> <https://vocab.example/b> "é" .\n'


def fault(path: Path, content: str | bytes) -> Finding:
    """The one finding about a file with that content."""
    quads, findings = read_turtle(graph_file(path, content))
    assert quads == []
    [finding] = findings
    assert finding.severity is Severity.UNREADABLE
    assert finding.file == path.name
    return finding


def test_relative_iris_are_resolved_against_the_graph(tmp_path: Path) -> None:
    [quad], findings = read_turtle(graph_file(tmp_path / "x.ttl", FACT))
    assert findings == []
    assert quad.subject.value == "https://example.org/s/graph/a"
    assert quad.graph_name.value == "https://example.org/s/graph/x"


@pytest.mark.parametrize("content", [b"", b"\n\n", b"# nothing but\n# comments\n"])
def test_a_file_without_facts_is_no_fault(tmp_path: Path, content: bytes) -> None:
    assert read_turtle(graph_file(tmp_path / "x.ttl", content)) == ([], [])


def test_a_byte_order_mark_of_utf_8_is_no_fault(tmp_path: Path) -> None:
    [quad], findings = read_turtle(graph_file(tmp_path / "x.ttl", b"\xef\xbb\xbf" + FACT.encode()))
    assert findings == []
    assert quad.object.value == "é"


def test_broken_turtle_is_told_with_line_and_column(tmp_path: Path) -> None:
    finding = fault(tmp_path / "x.ttl", FACT + "\n<a> <b> .\n")
    assert finding.line == 3
    assert "column 9" in finding.message
    assert "correct the Turtle at this place" in finding.message
    assert "Parser error at" not in finding.message


def test_the_marks_that_git_leaves_where_two_people_edited_are_told(tmp_path: Path) -> None:
    both = "<<<<<<< HEAD\n<a> <b> 1 .\n=======\n<a> <b> 2 .\n>>>>>>> theirs\n"
    finding = fault(tmp_path / "x.ttl", FACT + "\n" + both)
    assert finding.line == 3
    assert "git left both versions" in finding.message


@pytest.mark.parametrize("content", [b"<a> <b", b"<a> <b> '\xff' .", b"<<<<<<< HEAD\n<a>"])
def test_of_a_file_that_a_command_writes_the_command_is_named(
    tmp_path: Path, content: bytes
) -> None:
    head = b"# Written by: triplomacy link fetch. Every run writes it anew.\n\n"
    found = fault(tmp_path / "x.ttl", head + content)
    assert found.message.endswith(": nobody edits this file; write it anew: triplomacy link fetch")
    assert found.line == 3


def test_a_file_that_ends_too_early_is_told_with_its_last_line(tmp_path: Path) -> None:
    assert fault(tmp_path / "x.ttl", FACT + "<a> <b>").line == 2


def test_an_undeclared_prefix_is_told(tmp_path: Path) -> None:
    finding = fault(tmp_path / "x.ttl", FACT + "<a> ex:b <c> .")
    assert finding.line == 2
    assert "ex" in finding.message


def test_latin_1_is_told_with_its_line(tmp_path: Path) -> None:
    finding = fault(tmp_path / "x.ttl", b"# first\n" + FACT.encode("latin-1"))
    assert finding.line == 2
    assert "save the file as UTF-8" in finding.message


@pytest.mark.parametrize("filling", [0, 2**20 - 3, 2**20])
def test_a_comment_in_latin_1_is_told_with_its_line(tmp_path: Path, filling: int) -> None:
    """The parser skips comments, but what an editor shows in them would be wrong for good."""
    content = b"# " + b"x" * filling + "\n# é ok\n".encode() + "# é\n".encode("latin-1")
    finding = fault(tmp_path / "x.ttl", content + FACT.encode())
    assert finding.line == 3
    assert finding.message == "this is not UTF-8: save the file as UTF-8"


@pytest.mark.parametrize("filling", range(2**20 - 5, 2**20))
def test_a_letter_of_two_bytes_may_lie_across_a_chunk(tmp_path: Path, filling: int) -> None:
    content = b"#" * filling + f"é\n{FACT}".encode()
    _, findings = read_turtle(graph_file(tmp_path / "x.ttl", content))
    assert findings == []


def test_a_letter_cut_off_at_the_end_of_the_file_is_told(tmp_path: Path) -> None:
    assert fault(tmp_path / "x.ttl", f"{FACT}# ".encode() + "é".encode()[:1]).line == 2


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_told_at_the_first_line(tmp_path: Path, encoding: str) -> None:
    assert fault(tmp_path / "x.ttl", FACT.encode(encoding)).line == 1


def test_utf_16_with_its_mark_is_called_by_its_name(tmp_path: Path) -> None:
    finding = fault(tmp_path / "x.ttl", FACT.encode("utf-16"))
    assert finding.message == "this is UTF-16: save the file as UTF-8"


def test_a_line_of_a_gigabyte_is_told_in_a_moment_and_little_memory(tmp_path: Path) -> None:
    file = graph_file(tmp_path / "x.ttl", "# first\n")
    with file.path.open("r+b") as stream:
        stream.truncate(2**30)  # a hole: it takes no room on the disk
    assert is_done_within(5, lambda: read_turtle(file))
    tracemalloc.start()
    try:
        quads, [finding] = read_turtle(file)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert quads == []
    assert finding.severity is Severity.UNREADABLE
    assert finding.place == "x.ttl:2"
    assert "longer than 16 MiB: break it" in finding.message
    assert peak < 16 * 2**20


def test_a_long_file_of_short_lines_is_read(tmp_path: Path) -> None:
    comments = ("# " + "x" * 1021 + "\n") * (LONGEST_LINE // 1024 + 1)
    quads, findings = read_turtle(graph_file(tmp_path / "x.ttl", comments + FACT))
    assert (len(quads), findings) == (1, [])


def test_a_file_without_the_right_to_read_is_told(tmp_path: Path) -> None:
    file = graph_file(tmp_path / "x.ttl", FACT)
    file.path.chmod(0)
    with as_nobody(tmp_path):
        quads, [finding] = read_turtle(file)
    assert quads == []
    assert finding.message == "Permission denied: make the file readable"
    assert finding.severity is Severity.UNREADABLE
