"""What Wikidata says of the linked items is kept, apart from what the sources say."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from rdflib import RDFS, SDO, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, PROV

from tests.conftest import copy_site, serving, triplomacy
from tests.link.site import asking, linked_site, offline
from tests.small import BASE, contents
from triplomacy.iris import Base
from triplomacy.link.items import Claim, Item
from triplomacy.link.local import as_turtle
from triplomacy.link.stand_in.server import StandIn

WD = Namespace("http://www.wikidata.org/entity/")
WDT = Namespace("http://www.wikidata.org/prop/direct/")
FACTS = 'a:z a schema:Person ; rdfs:label "Zelensky"@en .\n'
MERGED = "a:z owl:sameAs wd:Q900000031 .\n"


@pytest.fixture
def merged(tmp_path: Path, stand_in: StandIn) -> Path:
    """A site that links an item that was merged."""
    return linked_site(tmp_path, stand_in, FACTS, MERGED)


def fetched(folder: Path) -> Graph:
    done = triplomacy("link", "fetch", "--site", str(folder))
    assert done.returncode == 0, done.stderr
    return Graph().parse(folder / "data/wikidata-items.ttl")


def in_languages(folder: Path, *languages: str) -> Path:
    path = folder / "triplomacy.toml"
    before, table, rest = path.read_text().partition("[wikidata]\n")
    kept = "".join(line for line in rest.splitlines(True) if not line.startswith("languages"))
    path.write_text(f"{before}{table}languages = {[*languages]}\n{kept}")
    return folder


def test_names_are_kept_in_the_languages_of_the_site(merged: Path) -> None:
    graph = fetched(merged)
    item = WD.Q900000031
    assert [str(o) for o in graph.objects(item, RDFS.label)] == ["Volodymyr Zelenskyy"]
    assert Literal("Zelensky", lang="en") in set(graph.objects(item, SKOS.altLabel))


def test_names_are_kept_in_the_languages_that_are_asked_for(merged: Path) -> None:
    graph = fetched(in_languages(merged, "uk", "de"))
    names = {str(o) for p in (RDFS.label, SKOS.altLabel) for o in graph.objects(WD.Q900000031, p)}
    assert names == {
        "Володимир Зеленський", "Володимир Олександрович Зеленський", "Зеленський",
        "Wolodymyr Selenskyj", "Selenskyj",
    }  # fmt: skip


def test_what_is_kept_says_whence_and_since_when_it_is(merged: Path) -> None:
    graph = fetched(merged)
    cc0 = URIRef("https://creativecommons.org/publicdomain/zero/1.0/")
    whole = URIRef(f"{BASE}graph/wikidata-items")
    assert graph.value(whole, DCTERMS.license) == cc0
    assert graph.value(whole, PROV.wasDerivedFrom) == URIRef("https://www.wikidata.org/")
    source = graph.value(WD.Q900000031, SDO.subjectOf)
    assert str(source).endswith("/Special:EntityData/Q3874799")
    assert graph.value(source, SDO.version) is not None
    assert graph.value(source, DCTERMS.license) == cc0
    assert graph.value(source, URIRef("http://purl.org/pav/retrievedOn")) is not None


def test_images_and_places_are_kept(tmp_path: Path, stand_in: StandIn) -> None:
    links = "a:u owl:sameAs wd:Q212 . a:t owl:sameAs wd:Q22686 ."
    graph = fetched(linked_site(tmp_path, stand_in, 'a:u rdfs:label "Ukraine"@en .', links))
    assert str(graph.value(WD.Q212, WDT.P625)) == "Point(32.0 49.0)"
    image = graph.value(WD.Q22686, WDT.P18)
    assert str(image).endswith("/Special:FilePath/Donald_Trump_official_portrait.jpg")


def test_our_things_are_never_the_subject(tmp_path: Path, stand_in: StandIn) -> None:
    graph = fetched(linked_site(tmp_path, stand_in))
    ours = {s for s in graph.subjects() if str(s).startswith(f"{BASE}id/")}
    assert ours == set()


def test_the_same_items_are_the_same_bytes(merged: Path) -> None:
    fetched(merged)
    first = (merged / "data/wikidata-items.ttl").read_bytes()
    fetched(merged)
    assert (merged / "data/wikidata-items.ttl").read_bytes() == first


def test_what_was_merged_is_kept_also_when_the_link_is_made_new(merged: Path) -> None:
    replaced = (WD.Q900000031, DCTERMS.isReplacedBy, WD.Q3874799)
    assert [*fetched(merged).triples((None, DCTERMS.isReplacedBy, None))] == [replaced]
    done = triplomacy("link", "check", "--fix", "--site", str(merged))
    assert "Q900000031" not in (merged / "data/links.ttl").read_text(), done.stderr
    for _ in range(2):
        assert [*fetched(merged).triples((None, DCTERMS.isReplacedBy, None))] == [replaced]
    (merged / "data/links.ttl").write_text("")
    assert not [*fetched(merged).triples((None, DCTERMS.isReplacedBy, None))]


def test_what_was_merged_and_what_is_no_item_is_told(tmp_path: Path, stand_in: StandIn) -> None:
    links = MERGED + "a:z owl:sameAs <https://www.wikidata.org/wiki/Q7747> .\n"
    done = triplomacy("link", "fetch", "--site", str(linked_site(tmp_path, stand_in, FACTS, links)))
    assert done.returncode == 0
    assert "Q900000031 was merged into Q3874799: triplomacy link check --fix" in done.stderr
    assert "is linked to https://www.wikidata.org/wiki/Q7747, which is no item's IRI" in done.stderr
    assert done.stdout == "data/wikidata-items.ttl: 1 items\n"


def test_with_the_language_of_a_country_comes_the_language(merged: Path) -> None:
    graph = fetched(in_languages(merged, "DE-at"))
    assert Literal("Wolodymyr Selenskyj", lang="de") in set(graph.objects(None, RDFS.label))


EARLY, LATE = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)


def item(**said: Any) -> Item:
    return Item(**{"asked": "Q1", "id": "Q1", "fetched": EARLY} | said)


def graph_of(*items: Item) -> Graph:
    return Graph().parse(data=as_turtle(items, ("en",), Base(BASE)), format="turtle")


def test_a_name_for_all_languages_is_kept_as_that() -> None:
    graph = graph_of(item(labels={"mul": "V. Putin", "fi": "Putin"}))
    assert [*graph.objects(WD.Q1, RDFS.label)] == [Literal("V. Putin", lang="mul")]


def test_a_flag_is_kept_and_no_name_leaves_its_address() -> None:
    files = {p: (Claim(v),) for p, v in (("P41", "Flag of x.svg"), ("P18", "><script> é"))}
    graph = graph_of(item(claims=files))
    images = [str(graph.value(WD.Q1, WDT[p])).rpartition("/")[2] for p in ("P41", "P18")]
    assert images == ["Flag_of_x.svg", "%3E%3Cscript%3E_%C3%A9"]


def test_the_graph_is_of_the_day_of_its_newest_item() -> None:
    graph = graph_of(item(), item(asked="Q2", id="Q2", fetched=LATE))
    whole = URIRef(f"{BASE}graph/wikidata-items")
    assert str(graph.value(whole, PROV.generatedAtTime)) == "2026-02-01T00:00:00+00:00"


def test_a_fetch_without_a_network_leaves_what_is_there(merged: Path) -> None:
    fetched(merged)
    before = contents(merged / "data")
    done = triplomacy("link", "fetch", "--fresh", "--site", str(offline(merged)))
    assert done.returncode == 4
    assert contents(merged / "data") == before


def test_an_item_that_is_no_more_is_told_and_left_out(tmp_path: Path, stand_in: StandIn) -> None:
    folder = linked_site(tmp_path, stand_in, FACTS, "a:z owl:sameAs wd:Q900000041 .")
    done = triplomacy("link", "fetch", "--site", str(folder))
    assert done.returncode == 0
    assert "Q900000041 is no item of Wikidata, or no more" in done.stderr
    assert "Q900000041" not in (folder / "data/wikidata-items.ttl").read_text()


def test_a_page_shows_wikidatas_words_as_wikidatas(tmp_path: Path, stand_in: StandIn) -> None:
    folder = asking(copy_site(tmp_path / "site"), stand_in)
    stand_in.faults[:] = ["script"]
    fetched(in_languages(folder, "en", "uk"))
    with serving(folder) as server:
        page = httpx.get(f"{server.url}doc/actor/vladimir-putin").text
        shown = page.partition("Elsewhere")[2].partition("</dl>")[0]
        assert "described there as “" in shown
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
        assert "<script>alert" not in page
        assert "<h1>Vladimir Putin</h1>" in page
        query = "SELECT ?g { GRAPH ?g { ?item a ?any } FILTER(CONTAINS(STR(?g), 'wikidata')) }"
        assert httpx.get(f"{server.url}sparql", params={"query": query}).status_code == 200
        void = httpx.get(f"{server.url}dataset.ttl").text
        to_wikidata = "void:objectsTarget <https://w3id.org/triplomacy/dataset#at-wikidata>"
        assert void.count(to_wikidata) == 2
        html = httpx.get(f"{server.url}wikidata/Q46", headers={"Accept": "text/html"}).text
        assert f'href="{server.url}search?q=%3Cscript%3Ealert' in html
        assert "is “&lt;script&gt;alert(1)&lt;/script&gt;" in html
        assert "<script>alert" not in html


def test_the_article_is_found_by_a_name_in_another_script(
    tmp_path: Path, stand_in: StandIn
) -> None:
    folder = asking(copy_site(tmp_path / "site"), stand_in)
    fetched(folder)
    with serving(folder) as server:
        for name in ("Зеленський", "selenskyj", "泽连斯基"):
            answer = httpx.get(f"{server.url}search", params={"q": name, "format": "json"})
            assert answer.json()["results"][0]["label"] == "Volodymyr Zelensky"
