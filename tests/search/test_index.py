"""How an index is written: from the facts alone, in bounded memory, the same each time."""

from __future__ import annotations

import gzip
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.search.made import BASE, index_of, named, write
from tests.search.test_finding import FACTS
from tests.small import as_nobody
from triplomacy.errors import ReleaseError
from triplomacy.iris import Base
from triplomacy.search.finding import SearchIndex
from triplomacy.search.index import LONGEST_TEXT, write_index


def test_the_same_facts_give_the_same_file(tmp_path: Path) -> None:
    one, other = write(tmp_path / "one", FACTS), write(tmp_path / "other", FACTS)
    assert [p.name for p in one.iterdir()] == ["index.sqlite"], "notes are removed"
    assert (one / "index.sqlite").read_bytes() == (other / "index.sqlite").read_bytes()


def test_it_is_read_where_nothing_may_be_written(tmp_path: Path) -> None:
    folder = write(tmp_path / "search", FACTS)
    (folder / "index.sqlite").chmod(0o444)
    folder.chmod(0o555)
    with as_nobody(tmp_path):
        assert named(SearchIndex(folder).find("lecornu")) == ["lecornu"]
    assert [p.name for p in folder.iterdir()] == ["index.sqlite"]


def test_a_release_without_facts_has_an_index_too(tmp_path: Path) -> None:
    assert index_of(tmp_path, "").find("anything").total == 0


def test_names_prefer_the_languages_of_the_site(tmp_path: Path) -> None:
    facts = 'graph:g { actor:a a eas:Actor ; rdfs:label "Wien"@de , "Vienna"@en , "Bécs"@hu . }'
    german = index_of(tmp_path / "de", facts, ("de", "en"))
    assert german.find("becs").hits[0].label.value == "Wien"
    assert index_of(tmp_path / "en", facts, ("en",)).find("becs").hits[0].label.value == "Vienna"


def test_a_thing_without_a_type_or_a_name_is_found_all_the_same(tmp_path: Path) -> None:
    index = index_of(
        tmp_path,
        'graph:g { actor:untyped rdfs:label "Nobody" . '
        'actor:mute a eas:Actor ; dct:description "x y" }',
    )
    assert index.find("nobody").hits[0].kinds[0].name == "others"
    assert index.find("nobody").hits[0].graph is None
    assert index.find("x y").hits[0].label.value == "mute"


def test_a_thing_of_ours_keeps_its_names_to_itself(tmp_path: Path) -> None:
    facts = """graph:g {
      actor:one a eas:Actor ; rdfs:label "One" ; owl:sameAs actor:two , wd:Q1 .
      actor:two a eas:Actor ; rdfs:label "Two" .
      wd:Q1 rdfs:label "Three" . }"""
    index = index_of(tmp_path, facts)
    assert named(index.find("two")) == ["two"]
    assert named(index.find("three")) == ["one"]


@pytest.mark.parametrize("property", ["owl:sameAs", "skos:exactMatch", "schema:sameAs"])
def test_what_is_the_same_elsewhere_lends_its_names(tmp_path: Path, property: str) -> None:
    facts = f"""graph:g {{
      actor:one a eas:Actor ; rdfs:label "One" ; {property} wd:Q1 ; skos:closeMatch wd:Q2 .
      wd:Q1 rdfs:label "Uno" . wd:Q2 rdfs:label "Prima" . }}"""
    index = index_of(tmp_path, facts)
    assert named(index.find("uno")) == ["one"]
    assert named(index.find("prima")) == []


def test_the_number_of_an_item_that_is_the_same_finds_a_thing(tmp_path: Path) -> None:
    facts = """graph:g {
      actor:one a eas:Actor ; rdfs:label "One" ; owl:sameAs wd:Q11 .
      actor:two a eas:Actor ; rdfs:label "Two" ; skos:exactMatch wd:Q2 .
      actor:three a eas:Actor ; rdfs:label "Three" ; schema:sameAs wd:Q3 , <http://e.example/Q9> ,
        <http://www.wikidata.org/entity/Q8/more> .
      actor:four a eas:Actor ; rdfs:label "Four" ; skos:closeMatch wd:Q4 .
      source:text a eas:Source ; rdfs:label "A text" ; schema:text "Of Q11 nothing is known." . }"""
    index = index_of(tmp_path, facts)
    assert named(index.find("Q11")) == ["one", "text"]
    assert named(index.find("wd:q2")) == ["two"]
    assert named(index.find("https://www.wikidata.org/wiki/Q3")) == ["three"]
    assert named(index.find("Q4")) == named(index.find("Q9")) == []
    assert named(index.find("more")) == []
    assert named(index.find("Q1")) == [], "Q11 is another item"
    assert [hit.label.value for hit in index.suggest("Q11")] == ["One"]
    assert index.find("Q11").hits[0].text is None, "the number is none of its names"


def test_so_do_the_numbers_that_were_merged_with_it(tmp_path: Path) -> None:
    facts = """graph:g {
      actor:one a eas:Actor ; rdfs:label "One" ; owl:sameAs wd:Q1 .
      wd:Q10 dct:isReplacedBy wd:Q1 .
      actor:two a eas:Actor ; rdfs:label "Two" ; owl:sameAs wd:Q20 .
      wd:Q20 dct:isReplacedBy wd:Q2 . wd:Q21 dct:isReplacedBy wd:Q2 . }"""
    index = index_of(tmp_path, facts)
    assert named(index.find("Q10")) == named(index.find("Q1")) == ["one"]
    assert (
        named(index.find("Q20")) == named(index.find("Q2")) == named(index.find("Q21")) == ["two"]
    )


def test_names_of_things_elsewhere_are_not_indexed_unless_they_are_ours(tmp_path: Path) -> None:
    index = index_of(tmp_path, 'graph:g { wd:Q1 a eas:Actor ; rdfs:label "Universe" . }')
    assert index.find("universe").total == 0


def test_the_base_is_taken_to_the_letter(tmp_path: Path) -> None:
    base = "https://example.org/s_%41/"
    dump = tmp_path / "facts.nq.gz"
    name = "<http://www.w3.org/2000/01/rdf-schema#label>"
    with gzip.open(dump, "wt") as file:
        file.write(f'<https://example.org/S_%41/a> {name} "ALIEN" <{base}graph/g> .\n')
        file.write(f'<https://example.org/sx%41/a> {name} "alien" <{base}graph/g> .\n')
        file.write(f'<{base}id/actor/b> {name} "ours" <{base}graph/g> .\n')
    (tmp_path / "search").mkdir()
    write_index(tmp_path / "search", dump, Base(base), ("en",))
    index = SearchIndex(tmp_path / "search")
    assert (index.find("ours").total, index.find("alien").total) == (1, 0)


def test_a_huge_text_is_indexed_in_pieces(tmp_path: Path) -> None:
    text = "needle " + "hay " * LONGEST_TEXT + "pin"
    index = index_of(tmp_path, f'graph:g {{ source:s a eas:Source ; schema:text "{text}" }}')
    start, end = index.find("pin").hits[0].place or (0, 0)
    assert 0 < start < text.index("pin") < end == len(text)


def test_a_folder_that_cannot_be_written_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    dump = tmp_path / "facts.nq.gz"
    dump.write_bytes(gzip.compress(b""))
    with pytest.raises(ReleaseError, match="cannot be indexed") as caught:
        write_index(tmp_path / "missing", dump, Base(BASE), ("en",))
    assert "disk" in caught.value.remedy


def test_a_full_disk_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    # A file that may not grow is to SQLite what a full disk is.
    many = "".join(
        f'<{BASE}id/actor/{n}> <http://www.w3.org/2000/01/rdf-schema#label> "Name {n:x}" '
        f"<{BASE}graph/g> .\n"
        for n in range(20_000)
    )
    dump = tmp_path / "facts.nq.gz"
    dump.write_bytes(gzip.compress(many.encode()))
    (tmp_path / "search").mkdir()
    code = f"""
import resource, signal
from pathlib import Path
from triplomacy.errors import ReleaseError
from triplomacy.iris import Base
from triplomacy.search.index import write_index
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, {resource.RLIM_INFINITY}))
try:
    write_index(Path({str(tmp_path / "search")!r}), Path({str(dump)!r}), Base({BASE!r}), ("en",))
except ReleaseError as error:
    print(error.detail, error.remedy)
"""
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "cannot be indexed" in said.stdout, said.stderr
    assert "disk" in said.stdout
