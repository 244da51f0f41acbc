"""What is printed can be read by people, by programs, and by no terminal as a command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyoxigraph import QueryResultsFormat

from triplomacy.engine.protocol import Answer
from triplomacy.findings import Finding, Severity
from triplomacy.formats import RESULTS_JSON, TURTLE
from triplomacy.output import as_github, as_json, as_text, one_line, summary, table_of

FAULT = Finding(
    Severity.VIOLATION,
    "https://e.example/shapes#LabelShape",
    "An event needs a label:\n  write one, 100%.",
    subject="https://e.example/id/call",
    value="x",
    file="data/a,b:c.ttl",
    line=4,
)
NOWHERE = Finding(Severity.WARNING, "no-rule", "something")


def test_text_has_one_line_a_finding() -> None:
    assert as_text([FAULT, NOWHERE]) == (
        "data/a,b:c.ttl:4  violation  <https://e.example/id/call>  "
        "An event needs a label: write one, 100%.\n"
        "-  warning  -  something\n"
    )


def test_text_of_nothing_is_nothing() -> None:
    assert as_text([]) == ""


def test_json_is_read_back() -> None:
    document = json.loads(as_json([FAULT, NOWHERE]))
    assert document["counts"] == {"unreadable": 0, "violation": 1, "warning": 1, "info": 0}
    assert Finding(**document["findings"][0] | {"severity": Severity.VIOLATION}) == FAULT


def test_github_annotations_are_escaped_as_its_runner_unescapes_them() -> None:
    assert as_github([FAULT]) == (
        "::error file=data/a%2Cb%3Ac.ttl,line=4,title=LabelShape"
        "::<https://e.example/id/call> An event needs a label:%0A  write one, 100%25.\n"
    )
    assert as_github([NOWHERE]) == "::warning title=no-rule::something\n"


def test_github_annotations_name_the_file_from_the_root_of_the_repository() -> None:
    assert as_github([FAULT], Path("my-site")).startswith("::error file=my-site/data/")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\n\tb  c ", "a b c"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\x07\x9b", "\\x07\\x9b"),
        ("a\u202eb", "a\\u202eb"),
        ("é 𝔘 “q”", "é 𝔘 “q”"),
    ],
)
def test_what_a_terminal_could_obey_is_made_visible(text: str, shown: str) -> None:
    assert one_line(text) == shown


def test_a_name_of_a_file_cannot_speak_to_the_terminal() -> None:
    assert "\x1b" not in as_text([Finding(Severity.INFO, "r", "m", file="a\x1b]0;x\x07.ttl")])


@pytest.mark.parametrize(
    ("severities", "words"),
    [
        ([], "Nothing to mend."),
        ([Severity.VIOLATION], "1 violation"),
        ([Severity.VIOLATION] * 2 + [Severity.WARNING], "2 violations, 1 warning"),
        ([Severity.UNREADABLE] * 2 + [Severity.INFO] * 2, "2 unreadable, 2 info"),
    ],
)
def test_a_summary_counts(severities: list[Severity], words: str) -> None:
    assert summary([Finding(s, "r", "m") for s in severities]) == words


def test_solutions_are_a_table_and_other_answers_are_not() -> None:
    body = {
        "head": {"vars": ["a", "b"]},
        "results": {"bindings": [{"a": {"type": "literal", "value": "[red]x\x1b"}}]},
    }
    table = table_of(Answer(RESULTS_JSON, json.dumps(body).encode()))
    assert table is not None
    assert [c.header for c in table.columns] == ["a", "b"]
    cells = [str(cell) for column in table.columns for cell in column.cells]
    assert cells == ["[red]x\\x1b", ""]
    assert table_of(Answer(TURTLE, b"")) is None
    ask = b'{"head": {}, "boolean": true}'
    assert table_of(Answer(RESULTS_JSON, ask)) is None
    assert RESULTS_JSON.results is QueryResultsFormat.JSON
