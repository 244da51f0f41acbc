"""The check tells each fault once, with its place, subject, severity and what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conftest import copy_site
from tests.small import BASE, FACTS, SHAPES, VOCABULARY, small_site
from triplomacy.check.checking import Report, check
from triplomacy.check.engine_names import ENGINES, EngineName
from triplomacy.errors import SiteError
from triplomacy.findings import Severity
from triplomacy.read.reading import read_site
from triplomacy.site import Site, open_site

EVENT = BASE + "id/event/"
NAMELESS = FACTS.replace('v:label "A call"', 'v:name "A call"')


def checked(site: Site, engine: EngineName = "fast") -> Report:
    """The report on `site`."""
    return check(read_site(site), site.base, engine)


def report_of(
    folder: Path, files: Mapping[str, str | bytes | None], engine: EngineName = "fast"
) -> Report:
    """The report on a small site with these files."""
    return checked(small_site(folder, files), engine)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_site_without_faults_passes(tmp_path: Path, engine: EngineName) -> None:
    report = report_of(tmp_path, {}, engine)
    assert (report.findings, report.passes, report.exit_code) == ((), True, 0)
    assert report.shacl is not None
    assert b"conforms" in report.shacl


@pytest.mark.parametrize("engine", ENGINES)
def test_a_violation_is_told_at_the_line_of_its_subject(tmp_path: Path, engine: EngineName) -> None:
    report = report_of(tmp_path, {"data/facts.ttl": NAMELESS}, engine)
    [finding] = report.findings
    assert (finding.place, finding.subject) == ("data/facts.ttl:4", EVENT + "call")
    assert finding.severity is Severity.VIOLATION
    assert finding.rule == VOCABULARY + "EventShape-label"
    assert finding.message == "An event needs a short v:label: write one."
    assert (report.passes, report.exit_code) == (False, 1)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_violation_by_a_value_is_told_at_the_line_of_the_value(
    tmp_path: Path, engine: EngineName
) -> None:
    facts = FACTS.replace("A visit", "A visit that is described at length")
    [finding] = report_of(tmp_path, {"data/facts.ttl": facts}, engine).findings
    assert finding.value == "A visit that is described at length"
    assert (finding.place, finding.subject) == ("data/facts.ttl:8", EVENT + "visit")


def test_unreadable_input_is_told_alone_and_with_its_own_exit_code(tmp_path: Path) -> None:
    report = report_of(tmp_path, {"data/facts.ttl": NAMELESS, "data/broken.ttl": "\n<a> <b>"})
    [finding] = report.findings
    assert finding.place == "data/broken.ttl:2"
    assert (report.passes, report.exit_code, report.shacl) == (False, 2, None)


def test_warnings_are_told_and_do_not_block(tmp_path: Path) -> None:
    shapes = SHAPES.replace("sh:minCount 1", "sh:minCount 1 ; sh:severity sh:Warning")
    report = report_of(tmp_path, {"data/facts.ttl": NAMELESS, "shapes/event.ttl": shapes})
    [finding] = report.findings
    assert finding.severity is Severity.WARNING
    assert (report.passes, report.exit_code) == (True, 0)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_severity_of_the_sites_own_blocks(tmp_path: Path, engine: EngineName) -> None:
    shapes = SHAPES.replace("sh:minCount 1", "sh:minCount 1 ; sh:severity v:Odd")
    report = report_of(tmp_path, {"data/facts.ttl": NAMELESS, "shapes/event.ttl": shapes}, engine)
    assert [f.severity for f in report.findings] == [Severity.VIOLATION]


def test_the_worst_is_told_first(tmp_path: Path) -> None:
    shapes = SHAPES.replace("sh:minCount 1", "sh:minCount 1 ; sh:severity sh:Info")
    facts = NAMELESS + f"event:last v:see <{BASE}id/nothing> ."
    found = report_of(tmp_path, {"data/facts.ttl": facts, "shapes/event.ttl": shapes}).findings
    assert [f.severity for f in found] == [Severity.VIOLATION, Severity.INFO]


def test_findings_are_the_same_each_time(tmp_path: Path) -> None:
    facts = FACTS + "event:call v:part [ a v:Event ] , [ a v:Event ; v:x 1 ] . [] a v:Event ."
    shapes = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix v: <https://vocab.example/> ." + (
        "v:S a sh:NodeShape ; sh:targetClass v:Event ; sh:property [ sh:path v:label ; "
        "sh:minCount 1 ; sh:severity sh:Warning ] ."
    )
    site = small_site(tmp_path, {"data/facts.ttl": facts, "shapes/event.ttl": shapes})
    assert checked(site).findings == checked(site).findings


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("fault", ['sh:minCount "x"', 'sh:pattern "((("'])
def test_broken_shapes_are_told(tmp_path: Path, engine: EngineName, fault: str) -> None:
    shapes = SHAPES.replace("sh:minCount 1", fault)
    with pytest.raises(SiteError, match="shapes/") as caught:
        report_of(tmp_path, {"shapes/event.ttl": shapes}, engine)
    assert caught.value.exit_code == 2
    assert caught.value.remedy.startswith("correct the shapes")


def test_a_site_without_shapes_is_checked_for_the_rest(tmp_path: Path) -> None:
    facts = FACTS + f"event:last v:see <{BASE}id/nothing> ."
    [finding] = report_of(tmp_path, {"shapes/event.ttl": None, "data/facts.ttl": facts}).findings
    assert finding.value == BASE + "id/nothing"


# The repository's own site, with one fault each

ARTICLE = "data/sources/article.ttl"


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository's site."""
    return copy_site(tmp_path_factory.mktemp("repository") / "site")


def report_after(repository: Path, before: str, after: str) -> Report:
    """The report once a line that matches `before` has become `after`; the file is put back."""
    path = repository / ARTICLE
    text = path.read_text(encoding="utf-8")
    changed, times = re.subn(before, after, text, count=1)
    assert times == 1, before
    path.write_text(changed, encoding="utf-8")
    try:
        return checked(open_site(repository))
    finally:
        path.write_text(text, encoding="utf-8")


def line_with(repository: Path, words: str) -> int:
    """The first line of the article's facts that holds `words`."""
    lines = (repository / ARTICLE).read_text(encoding="utf-8").splitlines()
    return next(n for n, line in enumerate(lines, 1) if words in line)


def test_the_repository_passes(repository: Path) -> None:
    assert [f for f in checked(open_site(repository)).findings if f.blocks] == []


def test_a_quotation_that_is_one_character_off_is_told_at_its_line(repository: Path) -> None:
    before = 'eas:exactText "On February 12, 2025, a significant'
    line = line_with(repository, before)
    report = report_after(repository, re.escape(before), before.replace("12", "13"))
    blocking = [f for f in report.findings if f.blocks]
    assert blocking
    assert all(f.file == ARTICLE and line - 5 <= (f.line or 0) <= line for f in blocking)
    assert all(f.subject and "#char=" in f.subject for f in blocking)
    assert report.exit_code == 1


def test_a_day_that_no_calendar_has_is_told_at_its_line(repository: Path) -> None:
    text = (repository / ARTICLE).read_text(encoding="utf-8")
    date = re.search(r'eas:\w*[dD]ate "(\d{4}-\d\d-\d\d)"', text)
    assert date is not None
    report = report_after(repository, re.escape(f'"{date[1]}"'), '"2025-02-30"')
    told = [f for f in report.findings if f.value == "2025-02-30"]
    assert told
    assert {f.place for f in told} == {f"{ARTICLE}:{line_with(repository, date[0])}"}
    assert report.exit_code == 1


def test_a_fragment_of_a_source_is_told_at_its_line(repository: Path) -> None:
    report = report_after(repository, r"<#char=64,91>", "<#char=64,9100000>")
    told = [f for f in report.findings if f.value and f.value.endswith("#char=64,9100000")]
    assert told
    assert told[0].file == ARTICLE
    assert told[0].line == line_with(repository, "<#char=64,91>")
