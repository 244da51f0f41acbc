"""Findings are ordered, counted and placed so that the first one shown is the one to mend first."""

from __future__ import annotations

import random

import pytest

from triplomacy.findings import Finding, Severity, as_document, counts, in_order


def finding(severity: Severity, file: str | None = "a.ttl", line: int | None = 1) -> Finding:
    """A finding about nothing in particular."""
    return Finding(severity, "https://e.example/rule", "mend it", file=file, line=line)


ORDERED = (
    finding(Severity.UNREADABLE, None, None),
    finding(Severity.UNREADABLE, "b.ttl", 1),
    finding(Severity.VIOLATION, "a.ttl", 2),
    finding(Severity.VIOLATION, "a.ttl", 10),
    finding(Severity.VIOLATION, "b.ttl", 1),
    finding(Severity.WARNING, "a.ttl", 1),
    finding(Severity.INFO, "a.ttl", 1),
)


def test_the_worst_comes_first_then_by_file_and_line() -> None:
    shuffled = list(ORDERED)
    random.Random(1).shuffle(shuffled)
    assert in_order(shuffled) == ORDERED


@pytest.mark.parametrize(
    ("severity", "blocks"),
    [
        (Severity.UNREADABLE, True),
        (Severity.VIOLATION, True),
        (Severity.WARNING, False),
        (Severity.INFO, False),
    ],
)
def test_unreadable_input_and_violations_block(severity: Severity, blocks: bool) -> None:
    assert finding(severity).blocks is blocks


@pytest.mark.parametrize(
    ("file", "line", "place"),
    [("a.ttl", 3, "a.ttl:3"), ("a.ttl", None, "a.ttl"), (None, None, "-")],
)
def test_a_place_is_written_as_editors_understand_it(
    file: str | None, line: int | None, place: str
) -> None:
    assert finding(Severity.INFO, file, line).place == place


def test_counts_name_every_severity() -> None:
    assert counts(ORDERED) == {
        Severity.UNREADABLE: 2, Severity.VIOLATION: 3, Severity.WARNING: 1, Severity.INFO: 1,
    }  # fmt: skip
    assert counts([]) == dict.fromkeys(Severity, 0)


def test_a_document_has_counts_and_all_fields() -> None:
    document = as_document([ORDERED[2]])
    assert document["counts"]["violation"] == 1
    assert document["findings"] == [
        {
            "severity": "violation",
            "rule": "https://e.example/rule",
            "message": "mend it",
            "subject": None,
            "value": None,
            "file": "a.ttl",
            "line": 2,
        }
    ]
