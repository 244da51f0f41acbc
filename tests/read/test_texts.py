"""The text of a source is taken exactly as it is, since offsets count its characters."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.small import BASE, small_site
from triplomacy.findings import Severity
from triplomacy.namespaces import SCHEMA
from triplomacy.read.reading import Reading, read_site, without_texts
from triplomacy.read.texts import LONGEST_TEXT

SOURCE = f"<{BASE}id/source/a> a <{BASE}ontology#Source> .\n"
IRI = f"{BASE}id/source/a"


def reading_of(folder: Path, text: bytes | None, facts: str = SOURCE) -> Reading:
    """A site with one source and that text."""
    return read_site(small_site(folder, {"data/a.ttl": facts, "data/sources/a.txt": text}))


def texts(reading: Reading) -> list[str]:
    """The texts that are published."""
    return [q.object.value for q in reading.quads if q.predicate.value == f"{SCHEMA}text"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain",
        " lead and trail \n\n",
        "one\r\ntwo\rthree\n",
        "\ufeffmark",
        "e\u0301 is not é",
        "𝔘nicode\u2028\u0085\x0b",
        'quotes " \' """ and \\ back',
    ],
)
def test_a_text_is_taken_character_by_character(tmp_path: Path, text: str) -> None:
    reading = reading_of(tmp_path, text.encode())
    assert reading.findings == ()
    assert texts(reading) == [text]


def test_the_digest_is_of_the_bytes_of_the_file(tmp_path: Path) -> None:
    reading = reading_of(tmp_path, "é\r\n".encode())
    [digest] = [q.object for q in reading.quads if q.predicate.value.endswith("#textSha256")]
    assert bytes.fromhex(digest.value) == hashlib.sha256("é\r\n".encode()).digest()
    assert digest.datatype.value.endswith("#hexBinary")


def test_the_text_stands_in_the_graph_that_describes_its_source(tmp_path: Path) -> None:
    graphs = {
        q.graph_name.value for q in reading_of(tmp_path, b"x").quads if q.subject.value == IRI
    }
    assert graphs == {BASE + "graph/a"}


def test_a_site_may_keep_the_text_and_publish_its_digest(tmp_path: Path) -> None:
    left = without_texts(reading_of(tmp_path, b"x").quads)
    predicates = {q.predicate.value for q in left}
    assert f"{SCHEMA}text" not in predicates
    assert f"{BASE}ontology#textSha256" in predicates


def test_a_text_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    reading = reading_of(tmp_path, "Besançon".encode("latin-1"))
    [finding] = reading.findings
    assert (finding.severity, finding.file) == (Severity.UNREADABLE, "data/sources/a.txt")
    assert "save the text as UTF-8" in finding.message
    assert texts(reading) == []


def test_a_text_of_a_gigabyte_is_told_without_reading_it(tmp_path: Path) -> None:
    site = small_site(tmp_path, {"data/a.ttl": SOURCE, "data/sources/a.txt": b""})
    with (tmp_path / "data/sources/a.txt").open("r+b") as stream:
        stream.truncate(2**30)
    [finding] = read_site(site).findings
    assert finding.severity is Severity.UNREADABLE
    assert f"longer than {LONGEST_TEXT // 2**20} MiB: divide the source" in finding.message


def test_a_text_without_its_source_is_told(tmp_path: Path) -> None:
    [finding] = reading_of(tmp_path, b"x", "").findings
    assert (finding.severity, finding.file) == (Severity.WARNING, "data/sources/a.txt")
    assert f"declare <{IRI}> a eas:Source" in finding.message


def test_a_source_without_its_text_is_told(tmp_path: Path) -> None:
    [finding] = reading_of(tmp_path, None).findings
    assert (finding.severity, finding.subject) == (Severity.WARNING, IRI)
    assert "put it into data/sources/a.txt" in finding.message
