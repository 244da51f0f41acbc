"""Every IRI under the base that is mentioned leads to a description."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.small import BASE, small_site
from triplomacy.check.checking import check
from triplomacy.findings import Finding, Severity
from triplomacy.read.reading import read_site

HEAD = f"@prefix : <{BASE}id/> .\n@prefix v: <https://vocab.example/> .\n"


def findings(folder: Path, facts: str, **more: str) -> list[Finding]:
    """What the check says about these facts."""
    files = {f"data/{name}.ttl": HEAD + text for name, text in more.items()}
    site = small_site(folder, {"data/facts.ttl": HEAD + facts, **files})
    return list(check(read_site(site), site.base).findings)


@pytest.mark.parametrize(
    ("facts", "dangling", "line"),
    [
        (":a v:p 1 ;\n  v:q :b .", "id/b", 4),
        (":a :b 1 .", "id/b", 3),
        (f':a v:p "1"^^<{BASE}id/b> .', "id/b", 3),
        (":a a :b .", "id/b", 3),
        (":a v:p [ v:q [ v:r\n :b ] ] .", "id/b", 4),
        ("[] v:p\n :b .", "id/b", 4),
        (f":a v:p <{BASE}graph/none> .", "graph/none", 3),
    ],
)
def test_an_iri_that_nothing_describes_is_told_where_it_is_mentioned(
    tmp_path: Path, facts: str, dangling: str, line: int
) -> None:
    [finding] = findings(tmp_path, facts)
    assert finding.severity is Severity.VIOLATION
    assert finding.value == BASE + dangling
    assert finding.place == f"data/facts.ttl:{line}"
    assert f"<{BASE}{dangling}> is mentioned, but nothing describes it" in finding.message
    assert "correct or declare it" in finding.message


def test_each_iri_is_told_once(tmp_path: Path) -> None:
    assert len(findings(tmp_path, ":a v:p :b ; v:q :b . :c v:p :b .")) == 1


@pytest.mark.parametrize(
    "facts",
    [
        ":a v:p :c . :c v:p 1 .",
        f":a v:p <{BASE}graph/facts> .",
        f":a v:p <{BASE}graph/other> .",
        f":a v:p <{BASE}> , <{BASE}dataset> , <{BASE}sparql> , <{BASE}dumps/> .",
        f":a <http://www.w3.org/2002/07/owl#versionIRI> <{BASE}ontology/1.0> .",
        ":a v:p <https://elsewhere.example/b> , <https://example.org/sx> .",
    ],
)
def test_what_is_described_or_served_or_elsewhere_is_no_fault(tmp_path: Path, facts: str) -> None:
    assert findings(tmp_path, facts, other=":o v:p 1 .") == []


def test_a_fragment_needs_a_document_that_is_described(tmp_path: Path) -> None:
    [finding] = findings(tmp_path, f"<{BASE}id/a#x> v:in <{BASE}id/a#x> .")
    assert finding.message.startswith(f"nothing describes <{BASE}id/a>, the document of")


def test_a_fragment_needs_a_link_to_its_document(tmp_path: Path) -> None:
    [finding] = findings(tmp_path, f":a v:p 1 .\n<{BASE}id/a#x> v:p 1 .")
    assert "say which document defines it" in finding.message
    assert finding.line == 4


def test_a_fragment_with_a_link_to_its_document_is_no_fault(tmp_path: Path) -> None:
    assert findings(tmp_path, f":a v:p 1 . <{BASE}id/a#x> v:isDefinedBy :a .") == []
