"""`link check` and `check --links`, as people run them, against a Wikidata that is served."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from rdflib import RDF, Graph, Namespace, URIRef

from tests.conftest import REPOSITORY, copy_site, serving, triplomacy
from tests.link.site import HEAD, asking, linked_site, offline
from tests.small import BASE, contents
from tests.waiting import until
from triplomacy.link.stand_in.server import StandIn

EARL = Namespace("http://www.w3.org/ns/earl#")
RECORD = "data/wikidata-check.ttl"
FACTS = 'a:z a schema:Person ; rdfs:label "Zelensky"@en .\n'
MERGED = "a:z owl:sameAs wd:Q900000031 .  # looked up\n"


def check(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return triplomacy("link", "check", "--site", str(folder), *arguments)


@pytest.fixture
def merged(tmp_path: Path, stand_in: StandIn) -> Path:
    """A site that links an item that was merged."""
    return linked_site(tmp_path, stand_in, FACTS, MERGED)


def test_a_finding_is_a_line_and_the_outcome_is_kept(merged: Path) -> None:
    done = check(merged)
    assert done.returncode == 0
    assert done.stdout.startswith(f"data/links.ttl:12  warning  <{BASE}id/actor/z>  Q900000031 was")
    assert done.stderr == "1 links. 1 warning\n"
    graph = Graph().parse(merged / RECORD)
    [assertion] = graph.subjects(EARL.subject, URIRef(f"{BASE}id/actor/z"))
    result = graph.value(assertion, EARL.result)
    assert graph.value(result, EARL.outcome) == EARL.cantTell


def test_a_violation_is_exit_code_1(tmp_path: Path, stand_in: StandIn) -> None:
    assert (
        check(linked_site(tmp_path, stand_in, FACTS, "a:z owl:sameAs wd:Q900000099 .")).returncode
        == 1
    )


def test_a_merged_item_is_rewritten(merged: Path) -> None:
    done = check(merged, "--fix")
    assert done.returncode == 0
    assert done.stdout == ""
    assert (
        "data/links.ttl:12  rewritten  http://www.wikidata.org/entity/Q900000031 → " in done.stderr
    )
    links = (merged / "data/links.ttl").read_text()
    assert links == HEAD + MERGED.replace("Q900000031", "Q3874799")
    assert check(merged, "--fix").stderr == "1 links. Nothing to mend.\n"


def test_what_was_rewritten_before_a_file_that_cannot_be_is_told(
    tmp_path: Path, stand_in: StandIn
) -> None:
    folder = linked_site(tmp_path, stand_in, f"{FACTS}{MERGED}", MERGED)
    # A name so long that no file can be written beside it; root could write all others.
    stuck = folder / "data" / f"{'z' * 246}.ttl"
    (folder / "data/links.ttl").rename(stuck)
    done = check(folder, "--fix", "--no-record")
    assert done.returncode == 2
    rewritten, trouble, remedy = done.stderr.splitlines()
    assert rewritten.startswith("data/facts.ttl:13  rewritten  ")
    assert f"{stuck}: File name too long" in trouble
    assert remedy == "  → make it writable"
    assert "Q3874799" in (folder / "data/facts.ttl").read_text()
    assert "Q900000031" in stuck.read_text()


@pytest.mark.parametrize(
    ("command", "file"),
    [("fetch", "data/wikidata-items.ttl"), ("check", "data/wikidata-check.ttl")],
)
def test_a_file_that_a_command_writes_is_written_anew_whatever_became_of_it(
    merged: Path, command: str, file: str
) -> None:
    run = ("link", command, "--site", str(merged))
    assert triplomacy(*run).returncode == 0
    whole = Graph().parse(merged / file)
    text = (merged / file).read_bytes()
    (merged / file).write_bytes(text[: len(text) // 2])
    other = triplomacy("link", {"fetch": "check", "check": "fetch"}[command], "--site", str(merged))
    assert other.returncode == 2
    assert f"nobody edits this file; write it anew: triplomacy link {command}" in other.stdout
    done = triplomacy(*run)
    assert done.returncode == 0, done.stderr
    assert len(Graph().parse(merged / file)) == len(whole)


@pytest.mark.parametrize("notation", ["", "--json", "--rdf"])
def test_where_no_record_can_be_kept_the_findings_are_told_all_the_same(
    merged: Path, notation: str
) -> None:
    def no_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # for root, too

    arguments = ("link", "check", "--site", str(merged), *([notation] if notation else []))
    done = triplomacy(*arguments, preexec_fn=no_disk)
    assert done.returncode == 2
    assert "Q900000031 was merged into Q3874799" in done.stdout
    assert done.stderr.endswith(
        "  → make room for it, or keep no record: triplomacy link check --no-record\n"
    )
    done = check(merged, "--no-record")
    assert (done.returncode, done.stderr) == (0, "1 links. 1 warning\n")


def test_the_outcome_can_be_read_by_programs(merged: Path) -> None:
    document = json.loads(check(merged, "--json").stdout)
    [link] = document["links"]
    assert (link["item"], link["outcome"]) == ("Q3874799", "cantTell")
    assert link["findings"][0]["rule"] == "linked-item-is-current"
    assert document["counts"]["warning"] == 1


def test_the_outcome_can_be_had_as_earl(merged: Path) -> None:
    graph = Graph().parse(data=check(merged, "--rdf", "--no-record").stdout, format="turtle")
    assert not (merged / RECORD).exists()
    [assertion] = graph.subjects(RDF.type, EARL.Assertion)
    for property in (EARL.assertedBy, EARL.subject, EARL.test, EARL.result):  # EARL 1.0 §2.1
        assert len(list(graph.objects(assertion, property))) == 1


def test_a_check_that_finds_nothing_new_changes_one_line(merged: Path) -> None:
    check(merged)
    first = (merged / RECORD).read_text().splitlines()
    check(merged)
    second = (merged / RECORD).read_text().splitlines()
    differing = [a for a, b in zip(first, second, strict=True) if a != b]
    assert all("generatedAtTime" in line for line in differing)


def test_without_a_network_it_says_so_and_breaks_nothing(merged: Path) -> None:
    check(merged)
    before = contents(merged / "data")
    done = check(offline(merged), "--fix")
    assert done.returncode == 4
    assert done.stdout == ""
    assert "Wikidata cannot be reached: http://127.0.0.1:" in done.stderr
    assert "look whether this machine is online" in done.stderr
    assert contents(merged / "data") == before


def test_what_cannot_be_read_is_told_first(merged: Path, stand_in: StandIn) -> None:
    (merged / "data/facts.ttl").write_text("a:z a")
    done = check(merged)
    assert done.returncode == 2
    assert done.stdout.startswith("data/facts.ttl:1  unreadable")
    assert stand_in.heard == []


def test_hostile_words_do_no_harm_in_a_terminal(tmp_path: Path, stand_in: StandIn) -> None:
    stand_in.faults[:] = ["script"]
    done = check(linked_site(tmp_path, stand_in, FACTS, MERGED))
    assert "\x1b" not in done.stdout
    assert "<script>alert(1)</script>" in done.stdout
    assert "\x1b" not in (tmp_path / RECORD).read_text()


# The gate


def test_the_gate_takes_links_in_where_that_is_wanted(tmp_path: Path, stand_in: StandIn) -> None:
    folder = linked_site(tmp_path, stand_in, FACTS, "a:z owl:sameAs wd:Q900000099 .")
    assert triplomacy("check", "--site", str(folder)).returncode == 0
    assert stand_in.heard == []
    done = triplomacy("check", "--links", "--site", str(folder))
    assert done.returncode == 1
    assert "Q900000099 is no item of Wikidata" in done.stdout


def test_a_gate_without_a_network_has_an_exit_code_of_its_own(merged: Path) -> None:
    offline(merged)
    done = triplomacy("check", "--links", "--json", "--site", str(merged))
    assert done.returncode == 4
    assert "Wikidata cannot be reached" in done.stderr
    [finding] = json.loads(done.stdout)["findings"]
    assert finding["severity"] == "warning"
    assert "the links to Wikidata were not checked" in finding["message"]


def test_a_violation_counts_more_than_a_network(merged: Path) -> None:
    offline(merged)
    (merged / "data/facts.ttl").write_text(f"{HEAD}a:z rdfs:seeAlso a:nowhere .")
    done = triplomacy("check", "--links", "--site", str(merged))
    assert done.returncode == 1


def test_the_readme_shows_what_a_check_of_the_article_prints(
    tmp_path: Path, stand_in: StandIn
) -> None:
    folder = asking(copy_site(tmp_path / "site"), stand_in)
    done = check(folder)
    assert done.stdout == ""
    for page in ("README.md", "docs/wikidata.md"):
        text = (REPOSITORY / page).read_text(encoding="utf-8")
        assert f"$ triplomacy link check\n{done.stderr}" in text


# The page


def test_the_last_check_stands_on_the_page(tmp_path: Path, stand_in: StandIn) -> None:
    folder = asking(copy_site(tmp_path / "site"), stand_in)
    links = folder / "data/links.ttl"
    links.write_text(links.read_text().replace("wd:Q3874799", "wd:Q900000031"))
    assert check(folder).returncode == 0
    with serving(folder) as server:
        page = httpx.get(f"{server.url}doc/actor/vladimir-putin").text
        assert "Checked " in page.partition("Elsewhere")[2].partition("</dl>")[0]
        odd = httpx.get(f"{server.url}doc/actor/volodymyr-zelensky").text
        said = odd.partition("Elsewhere")[2].partition("</dl>")[0]
        assert "To be looked at since" in said
        assert "Q900000031 was merged into Q3874799" in said
        office = httpx.get(f"{server.url}doc/office/us-president").text
        assert "Checked " in office.partition("Elsewhere")[2]
        graph = httpx.get(f"{server.url}graph/wikidata-check.ttl")
        assert graph.status_code == 200
        parsed = Graph().parse(data=graph.text, format="turtle")
        assert len(list(parsed.subjects(RDF.type, EARL.Assertion))) == 17


def test_commands_start_without_what_they_do_not_need() -> None:
    code = (
        "import sys, triplomacy.cli; "
        "print([m for m in sys.modules if m.startswith(('triplomacy.link', 'http.server'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(
        ["triplomacy.link", "triplomacy.link.kinds", "triplomacy.link.commands"]
    )


# Interruption


def test_a_check_that_is_killed_goes_on_where_it_was(tmp_path: Path, stand_in: StandIn) -> None:
    links = "".join(f"a:x{n} owl:sameAs wd:Q{900_001_000 + n} .\n" for n in range(120))
    folder = linked_site(tmp_path, stand_in, FACTS, links)
    stand_in.faults[:] = ["", "drip"]
    process = subprocess.Popen(
        [sys.executable, "-m", "triplomacy", "link", "check", "--site", str(folder)],
        stdout=subprocess.DEVNULL,
    )
    until(lambda: len(stand_in.heard) == 2)
    process.kill()
    process.wait()
    assert len(stand_in.heard) == 2
    assert not (folder / RECORD).exists()
    stand_in.heard.clear()
    assert check(folder).returncode == 1  # none of them is there
    assert [len(h.fields["ids"].split("|")) for h in stand_in.heard] == [50, 20]


def test_a_folder_without_a_site_is_never_written(tmp_path: Path) -> None:
    done = check(tmp_path)
    assert done.returncode == 2
    assert "there is no such file" in done.stderr
    assert list(tmp_path.iterdir()) == []
