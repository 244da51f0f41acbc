"""What not every format can carry is told before it is published."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.small import FACTS, small_site
from triplomacy.check.checking import check
from triplomacy.findings import Severity
from triplomacy.read.reading import read_site


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        ('v:p "a\\u0001b"', "U+0001 at offset 1, which XML cannot carry: remove it"),
        ('v:p "a\\uFFFEb"', "U+FFFE at offset 1"),
        ('v:p "\\u0000"', "U+0000 at offset 0"),
        ("<https://v.example/1> 1", "<https://v.example/1> does not end with a name"),
        ("<https://v.example/> 1", "RDF/XML cannot write it: use another property"),
        ("<https://v.example/(a)> 1", "does not end with a name"),
        ("v:p <<( v:a v:b v:c )>>", "a triple term of RDF 1.2"),
        ('v:p "x"@en--ltr', "a base direction of RDF 1.2"),
    ],
)
def test_what_a_format_cannot_carry_is_told_with_its_place(
    tmp_path: Path, fact: str, words: str
) -> None:
    site = small_site(tmp_path, {"data/facts.ttl": FACTS + f"\nevent:last {fact} .\n"})
    report = check(read_site(site), site.base)
    [finding] = report.findings
    assert (finding.severity, finding.place) == (Severity.VIOLATION, "data/facts.ttl:11")
    assert words in finding.message
    assert report.exit_code == 1


@pytest.mark.parametrize(
    "fact",
    [
        'v:p "tab\\t, return\\r, line\\n, \\u0085, 𝔘"',
        "<https://v.example/a1> 1",
        "<https://v.example/ns#_1> 1",
        "<https://v.example/é> 1",
        "<urn:x:a-b.c> 1",
    ],
)
def test_what_every_format_can_carry_is_no_fault(tmp_path: Path, fact: str) -> None:
    site = small_site(tmp_path, {"data/facts.ttl": FACTS + f"\nevent:last {fact} .\n"})
    assert check(read_site(site), site.base).findings == ()
