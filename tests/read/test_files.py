"""One Turtle file is one named graph, and nothing is skipped in silence."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.small import BASE, as_nobody, small_site, write_site
from triplomacy.findings import Finding, Severity
from triplomacy.read.files import find_files
from triplomacy.read.reading import read_site
from triplomacy.site import Site, open_site


def only_fault(site: Site) -> Finding:
    """The one finding about the folders of `site`."""
    _, [finding] = find_files(site)
    return finding


def test_a_graphs_iri_follows_from_the_path_of_its_file(tmp_path: Path) -> None:
    site = small_site(
        tmp_path,
        {"data/sources/a b.ttl": "", "data/ü/x.y.ttl": "", "ontology/role.ttl": ""},
    )
    files, findings = find_files(site)
    assert findings == []
    assert {f.name: f.graph.value for f in files} == {
        "data/facts.ttl": BASE + "graph/facts",
        "data/sources/a b.ttl": BASE + "graph/sources/a%20b",
        "data/ü/x.y.ttl": BASE + "graph/%C3%BC/x.y",
        "ontology/role.ttl": BASE + "graph/ontology/role",
        "shapes/event.ttl": BASE + "graph/shapes/event",
    }


def test_the_order_of_files_does_not_depend_on_the_disk(tmp_path: Path) -> None:
    first = small_site(tmp_path / "1", {"data/b.ttl": "", "data/a/x.ttl": "", "data/a.ttl": ""})
    second = small_site(tmp_path / "2", {"data/a.ttl": "", "data/a/x.ttl": "", "data/b.ttl": ""})
    assert [f.name for f in find_files(first)[0]] == [f.name for f in find_files(second)[0]]


@pytest.mark.parametrize("keep_folder", [True, False])
def test_a_site_without_data_is_told_what_to_write(tmp_path: Path, keep_folder: bool) -> None:
    site = small_site(tmp_path, {"data/facts.ttl": None})
    if keep_folder:
        (tmp_path / "data").mkdir()
    finding = only_fault(site)
    assert finding.severity is Severity.UNREADABLE
    assert "write facts into data/my-facts.ttl" in finding.message


def test_two_files_that_claim_one_graph_are_told(tmp_path: Path) -> None:
    site = small_site(tmp_path, {"ontology/role.ttl": "", "data/ontology/role.ttl": ""})
    finding = only_fault(site)
    assert finding.severity is Severity.UNREADABLE
    assert finding.file == "data/ontology/role.ttl"
    assert "ontology/role.ttl and data/ontology/role.ttl both claim" in finding.message
    assert "rename one of them" in finding.message


def test_no_file_can_claim_the_graph_of_what_is_derived(tmp_path: Path) -> None:
    finding = only_fault(small_site(tmp_path, {"data/derived.ttl": ""}))
    assert (finding.severity, finding.file) == (Severity.UNREADABLE, "data/derived.ttl")


def test_a_symbolic_link_to_a_file_is_refused(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    (tmp_path / "data/other.ttl").symlink_to("facts.ttl")
    finding = only_fault(site)
    assert (finding.severity, finding.file) == (Severity.UNREADABLE, "data/other.ttl")
    assert "put the file itself here" in finding.message


def test_a_symbolic_link_that_leads_in_a_circle_is_refused(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    (tmp_path / "data/circle").symlink_to(tmp_path / "data")
    assert only_fault(site).file == "data/circle"


@pytest.mark.parametrize("target", ["elsewhere", "nowhere"])
def test_a_part_of_the_site_that_is_a_symbolic_link_is_refused(tmp_path: Path, target: str) -> None:
    (tmp_path / "elsewhere").mkdir()
    site = small_site(tmp_path)
    (tmp_path / "ontology").symlink_to(tmp_path / target)
    assert only_fault(site).file == "ontology"


@pytest.mark.parametrize("filled", [True, False])
def test_a_folder_that_is_named_like_turtle_is_refused(tmp_path: Path, filled: bool) -> None:
    site = small_site(tmp_path)
    (tmp_path / "data/x.ttl").mkdir()
    if filled:
        (tmp_path / "data/x.ttl/y.ttl").touch()
    finding = only_fault(site)
    assert (finding.severity, finding.file) == (Severity.UNREADABLE, "data/x.ttl")


def test_a_pipe_that_is_named_like_turtle_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    os.mkfifo(tmp_path / "data/x.ttl")
    assert only_fault(site).file == "data/x.ttl"


def test_a_name_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/data/\xe9.ttl")).touch()
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    finding = only_fault(site)
    assert (finding.severity, finding.rule) == (Severity.UNREADABLE, "name-is-utf-8")


@pytest.mark.parametrize("name", ["data/x.TTL", "data/x.nt", "data/x.rdf", "shapes/x.jsonld"])
def test_a_file_in_another_notation_is_not_passed_over_in_silence(
    tmp_path: Path, name: str
) -> None:
    finding = only_fault(small_site(tmp_path, {name: ""}))
    assert (finding.severity, finding.file) == (Severity.WARNING, name)
    assert "into a file that ends with .ttl" in finding.message


def test_the_context_texts_and_notes_are_no_faults(tmp_path: Path) -> None:
    site = small_site(
        tmp_path, {"ontology/context.jsonld": "{}", "data/README.md": "", "data/sources/a.txt": ""}
    )
    assert find_files(site)[1] == []


def test_what_editors_and_systems_leave_is_left_out(tmp_path: Path) -> None:
    site = small_site(tmp_path, {"data/._facts.ttl": b"\0\1", "data/.git/x.ttl": "broken"})
    (tmp_path / "data/.#facts.ttl").symlink_to("me@here.1234")  # the lock of an editor
    files, findings = find_files(site)
    assert findings == []
    assert [f.name for f in files] == ["data/facts.ttl", "shapes/event.ttl"]


def test_a_folder_without_the_right_to_read_is_told_by_its_name(tmp_path: Path) -> None:
    site = small_site(tmp_path, {"data/secret/x.ttl": ""})
    (tmp_path / "data/secret").chmod(0)
    try:
        with as_nobody(tmp_path):
            finding = only_fault(site)
    finally:
        (tmp_path / "data/secret").chmod(0o755)
    assert (finding.severity, finding.file) == (Severity.UNREADABLE, "data/secret")
    assert finding.message == "Permission denied: make it readable"


def test_reading_goes_on_after_a_broken_file_so_that_all_faults_are_told(tmp_path: Path) -> None:
    folder = write_site(tmp_path, {"data/a.ttl": "<a>", "data/b.ttl": "<b>"})
    reading = read_site(open_site(folder))
    assert [f.file for f in reading.findings] == ["data/a.ttl", "data/b.ttl"]
    assert reading.quads
