"""A build makes a release when something changed, none when nothing did, and harms no older one."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from tests.release.conftest import FILES, TEXT
from tests.small import BASE, FACTS, SETTINGS, contents, small_site, write_site
from triplomacy.engine.oxigraph import OxigraphEngine
from triplomacy.errors import SiteError
from triplomacy.formats import BY_SUFFIX
from triplomacy.iris import Base
from triplomacy.release.build import Built, Rejected, build
from triplomacy.release.folder import VERSION, Release, Releases
from triplomacy.site import Site, open_site

NEW = Base("http://localhost:9/new/")


def rebuilt(site: Site, files: Mapping[str, str | bytes]) -> Built:
    """The outcome of a build after a change of files."""
    return build(small_site(site.folder, files))


def test_a_version_is_a_time_and_the_beginning_of_the_hash(tmp_path: Path) -> None:
    release = build(small_site(tmp_path)).release
    manifest = release.manifest
    assert VERSION.fullmatch(release.version)
    assert release.version == f"{manifest.created_at:%Y%m%dT%H%M%SZ}-{manifest.facts[:8]}"
    assert re.fullmatch(r"[0-9a-f]{64}", manifest.facts)
    assert manifest.version == release.version


def test_nothing_changed_makes_no_release(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    first = build(site)
    again = build(site)
    assert (first.fresh, again.fresh) == (True, False)
    assert again.release == first.release
    assert len(Releases(site.releases).all()) == 1


def test_other_words_for_the_same_facts_make_no_release(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    build(site)
    other = FACTS.replace("event:", "e:") + "# a remark\n"
    assert not rebuilt(site, {"data/facts.ttl": other}).fresh


def test_warnings_about_blank_nodes_make_no_release_each_time(tmp_path: Path) -> None:
    shapes = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix v: <https://vocab.example/> .
        v:S a sh:NodeShape ; sh:targetClass v:Part ;
            sh:property [ sh:path v:label ; sh:minCount 1 ; sh:severity sh:Warning ] ."""
    facts = FACTS + "event:call v:part [ a v:Part ] , [ a v:Part ; v:x 1 ] ."
    site = small_site(tmp_path, {"data/facts.ttl": facts, "shapes/event.ttl": shapes})
    assert build(site).report.findings
    assert not build(site).fresh


@pytest.mark.parametrize(
    "change",
    [
        {"data/facts.ttl": FACTS.replace("A call", "Another call")},
        {"data/more.ttl": "<https://v.example/a> <https://v.example/b> 1 ."},
        {"triplomacy.toml": SETTINGS + 'title = "Another"'},
        {"triplomacy.toml": SETTINGS + 'licence = "https://example.org/licence"'},
        {"queries/new.rq": "SELECT * {}"},
        {"ontology/context.jsonld": "{}"},
    ],
)
def test_a_change_that_shows_makes_a_release(tmp_path: Path, change: dict[str, str]) -> None:
    site = small_site(tmp_path)
    before = build(site).release
    after = rebuilt(site, change)
    assert after.fresh
    assert after.release.version != before.version
    assert Releases(site.releases).current_version() == after.release.version
    assert Releases(site.releases).all() == sorted([before, after.release], key=lambda r: r.version)


def test_a_change_that_does_not_show_makes_none(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    build(site)
    assert not rebuilt(site, {"README.md": "new", "data/notes.txt": "new"}).fresh


def test_force_makes_a_release_of_the_same_facts_even_in_the_same_second(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    versions = [build(site, force=True).release.version for _ in range(3)]
    assert len(set(versions)) == 3
    assert versions == sorted(versions)
    assert len({v[-8:] for v in versions}) == 1
    assert Releases(site.releases).current_version() == versions[-1]


def test_a_damaged_current_release_is_built_anew(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    release = build(site).release
    (release.folder / "manifest.json").write_text("{}")
    assert build(site).fresh


@pytest.mark.parametrize(
    "fault", ["<a>", "<a> <https://v.example/b> <https://example.org/s/id/x> ."]
)
def test_a_fault_makes_no_release_and_leaves_the_current_one(tmp_path: Path, fault: str) -> None:
    site = small_site(tmp_path)
    current = build(site).release
    before = contents(site.releases)
    with pytest.raises(Rejected, match="1 finding must be mended first"):
        rebuilt(site, {"data/fault.ttl": fault})
    assert contents(site.releases) == before
    assert Releases(site.releases).current_version() == current.version


def test_broken_shapes_make_no_release(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    build(site)
    shapes = '@prefix sh: <http://www.w3.org/ns/shacl#> . <a> sh:targetClass <b> ; sh:pattern "(" .'
    with pytest.raises(SiteError):
        rebuilt(site, {"shapes/broken.ttl": shapes})
    assert len(Releases(site.releases).all()) == 1


def test_a_site_without_any_fact_can_be_released(tmp_path: Path) -> None:
    site = small_site(tmp_path, {"data/facts.ttl": "# nothing yet\n", "shapes/event.ttl": None})
    release = build(site).release
    assert (release.manifest.quads, release.manifest.triples) == (0, 0)


def test_the_steps_are_told_in_order(tmp_path: Path) -> None:
    steps: list[str] = []
    build(small_site(tmp_path), progress=steps.append)
    assert steps == [
        "Reading", "Checking", "Canonicalising", "Dumping", "Indexing the texts",
        "Indexing", "Describing", "Switching",
    ]  # fmt: skip


def test_a_release_needs_its_site_no_more(hard: Release, hard_site: Path) -> None:
    assert (hard.queries / "all.rq").read_bytes() == (hard_site / "queries/all.rq").read_bytes()
    assert hard.context.read_bytes() == (hard_site / "ontology/context.jsonld").read_bytes()
    report = json.loads(hard.problems.read_text(encoding="utf-8"))
    assert report == {
        "counts": {"unreadable": 0, "violation": 0, "warning": 0, "info": 0},
        "findings": [],
    }
    assert b"conforms" in hard.report.read_bytes()


# Another base


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The hard site under another base, with a finding."""
    shapes = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix v: <https://vocab.example/> .
        v:S a sh:NodeShape ; sh:targetClass v:Place ; sh:property v:P .
        v:P sh:path v:see ; sh:minCount 1 ; sh:severity sh:Warning ."""
    folder = write_site(tmp_path_factory.mktemp("moved"), FILES | {"shapes/place.ttl": shapes})
    return build(open_site(folder), base=NEW).release


def test_another_base_leaves_the_old_one_in_no_term(moved: Release) -> None:
    for path in (*moved.dumps.glob("*.gz"), moved.description, moved.report):
        text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        rdf = BY_SUFFIX[path.name.removesuffix(".gz").rsplit(".", 1)[1]].rdf
        assert rdf is not None
        quads = list(parse(input=text, format=rdf))
        assert quads or path.name == "ontology.ttl.gz"
        for quad in quads:
            for term in (*quad.triple, quad.graph_name):
                iri = term.datatype if isinstance(term, Literal) else term
                if isinstance(iri, NamedNode):
                    assert not iri.value.startswith(BASE), (path.name, iri)


def test_another_base_changes_no_literal(hard: Release, moved: Release) -> None:
    def literals(release: Release) -> set[str]:
        lines = gzip.decompress((release.dumps / "dataset.nq.gz").read_bytes())
        quads = parse(input=lines, format=RdfFormat.N_QUADS)
        graphs = f"{release.manifest.base}graph/"
        return {
            q.object.value
            for q in quads
            if isinstance(q.object, Literal)
            and q.graph_name.value in (graphs + "hard", graphs + "source/a")
        }

    assert f"see {BASE}id/thing/x" in literals(moved)
    assert TEXT in literals(moved)
    assert literals(moved) == literals(hard)


def test_another_base_moves_prefixes_queries_context_and_report(moved: Release) -> None:
    assert moved.manifest.base == NEW.iri
    turtle = gzip.decompress((moved.dumps / "union.ttl.gz").read_bytes())
    assert f"@prefix eas: <{NEW}ontology#>".encode() in turtle
    assert json.loads(moved.context.read_text()) == {"@context": {"eas": f"{NEW}ontology#"}}
    query = (moved.queries / "all.rq").read_text()
    assert query == f'PREFIX eas: <{NEW}ontology#> SELECT * {{ ?s ?p "<x {BASE}" }}\n'
    [finding] = json.loads(moved.problems.read_text(encoding="utf-8"))["findings"]
    assert finding["subject"] == NEW.under("id/thing/besançon")


def test_going_to_another_base_and_back_makes_releases(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    first = build(site).release
    assert build(site, base=NEW).fresh
    assert not build(site, base=NEW).fresh
    back = build(site)
    assert back.fresh
    assert back.release.manifest.facts == first.manifest.facts


# Sites that may not publish their sources


def test_excerpts_only_publishes_the_digest_and_no_text(tmp_path: Path) -> None:
    settings = str(FILES["triplomacy.toml"]) + 'source_text = "excerpts"\n'
    release = build(small_site(tmp_path, FILES | {"triplomacy.toml": settings})).release
    words = "&amp;</b>"
    for path in release.folder.rglob("*"):
        if path.is_file():
            raw = path.read_bytes()
            text = gzip.decompress(raw) if path.suffix == ".gz" else raw
            for written in (words, words.replace("&", "&amp;").replace("<", "&lt;")):
                assert written.encode() not in text, path
            if path.suffix == ".gz":
                assert b"schema.org/text" not in text, path
    engine = OxigraphEngine.open(release.store)
    assert not engine.ask("ASK { ?s <https://schema.org/text> ?t }")
    [row] = engine.select(f"SELECT ?d {{ <{BASE}id/source/a> <{BASE}ontology#textSha256> ?d }}")
    assert bytes.fromhex(row["d"].value) == hashlib.sha256(TEXT.encode()).digest()


def test_excerpts_only_still_checks_quotations(tmp_path: Path) -> None:
    shapes = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix v: <https://vocab.example/> .
        v:Q a sh:NodeShape ; sh:targetClass v:Quote ; sh:message "not in the text" ;
            sh:sparql [ sh:select "SELECT $this WHERE { $this <https://vocab.example/exact> ?q ;
                <https://vocab.example/of>/<https://schema.org/text> ?t
                FILTER(!CONTAINS(?t, ?q)) }" ] .""".replace("\n            ", " ").replace(
        "\n                ", " "
    )
    quote = f"<{BASE}id/q> a <https://vocab.example/Quote> ; <https://vocab.example/of> " + (
        f'<{BASE}id/source/a> ; <https://vocab.example/exact> "tab," .'
    )
    settings = str(FILES["triplomacy.toml"]) + 'source_text = "excerpts"\n'
    files = FILES | {
        "triplomacy.toml": settings, "shapes/quote.ttl": shapes, "data/quote.ttl": quote,
    }  # fmt: skip
    site = small_site(tmp_path, files)
    assert build(site).fresh
    with pytest.raises(Rejected) as caught:
        rebuilt(site, {**FILES, "data/quote.ttl": quote.replace("tab,", "tab;")})  # type: ignore[dict-item]
    assert [f.message for f in caught.value.report.findings] == ["not in the text"]
