"""A link to a merged item is rewritten where it stands, and nothing else changes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.link.site import HEAD, linked_site, quick_client
from tests.small import BASE, as_nobody, contents
from triplomacy.errors import SiteError
from triplomacy.link import files
from triplomacy.link.check.checking import check_links
from triplomacy.link.check.mending import Mended, mend
from triplomacy.link.stand_in.server import StandIn
from triplomacy.read.reading import read_site
from triplomacy.site import open_site

OLD, NEW = "Q900000031", "Q3874799"
ENTITY = "http://www.wikidata.org/entity/"
FACTS = 'a:z a eas:Person ; rdfs:label "Zelensky"@en .\n'


def mended(folder: Path, stand_in: StandIn, links: str | bytes) -> tuple[list[Mended], bytes]:
    """What was rewritten in a file with these links, and what stands in it then."""
    linked_site(folder, stand_in, FACTS)
    path = folder / "data/links.ttl"
    path.write_bytes(links.encode() if isinstance(links, str) else links)
    site = open_site(folder)
    reading = read_site(site)
    assert reading.findings == ()
    checked = check_links(site, reading, quick_client())
    return mend(reading.files, checked.verdicts), path.read_bytes()


@pytest.mark.parametrize(
    "links",
    [
        f"{HEAD}a:z owl:sameAs wd:{OLD} .",
        f"{HEAD}a:z owl:sameAs <{ENTITY}{OLD}> .  # wd:{OLD} is {OLD}\n",
        f'{HEAD}# wd:{OLD}\n\n\na:z rdfs:comment "wd:{OLD} <{ENTITY}{OLD}>" ;\n\towl:sameAs\n'
        f"  wd:{OLD} ; # the same\n rdfs:seeAlso <https://e.example/{OLD}> .\n\n# end",
        f"{HEAD}@prefix : <{ENTITY}Q> .\na:z owl:sameAs :{OLD[1:]}.",
        f"{HEAD}PREFIX x: <{ENTITY}>\na:z owl:sameAs x:{OLD}, a:other; a eas:Person.",
        f"{HEAD}a:z owl:sameAs wd:{OLD} .\na:z owl:sameAs [ owl:sameAs a:z ] .",
    ],
)
def test_nothing_but_the_number_changes(tmp_path: Path, stand_in: StandIn, links: str) -> None:
    [done], after = mended(tmp_path, stand_in, links)
    assert (done.file, done.old, done.new) == ("data/links.ttl", ENTITY + OLD, ENTITY + NEW)
    lines = list(zip(links.splitlines(), after.decode().splitlines(), strict=True))
    differing = [n for n, (old, new) in enumerate(lines, 1) if old != new]
    assert differing == [done.line]
    old, new = lines[done.line - 1]
    assert NEW[1:] in new
    assert old.partition("#")[0].replace(OLD[1:], NEW[1:]) in new


def test_line_ends_and_the_mark_of_the_encoding_stay(tmp_path: Path, stand_in: StandIn) -> None:
    links = (
        b"\xef\xbb\xbf" + f"{HEAD}# ä\na:z owl:sameAs wd:{OLD} .\n".replace("\n", "\r\n").encode()
    )
    _, after = mended(tmp_path, stand_in, links)
    assert after == links.replace(OLD.encode(), NEW.encode())


def test_an_abbreviation_that_cannot_hold_the_new_one_gives_way(
    tmp_path: Path, stand_in: StandIn
) -> None:
    links = f"{HEAD}PREFIX x: <{ENTITY}Q9000>\na:z owl:sameAs x:{OLD[5:]} ."
    _, after = mended(tmp_path, stand_in, links)
    assert f"a:z owl:sameAs <{ENTITY}{NEW}> .".encode() in after


def test_what_another_thing_says_about_the_old_item_stays(
    tmp_path: Path, stand_in: StandIn
) -> None:
    links = (
        f"{HEAD}wd:{OLD} rdfs:seeAlso a:z .\na:n rdfs:seeAlso wd:{OLD} .\na:z owl:sameAs wd:{OLD} ."
    )
    [done], after = mended(tmp_path, stand_in, links)
    assert after.decode().count(OLD) == 2
    assert after.decode().endswith(f"a:z owl:sameAs wd:{NEW} .")
    assert done.line == links.count("\n") + 1


RECORD = f"""a owl:Axiom ; owl:annotatedSource a:z ; owl:annotatedProperty {{}} ;
    owl:annotatedTarget wd:{OLD} ; rdfs:seeAlso wd:{OLD}"""


def test_what_the_thing_says_about_the_old_item_otherwise_stays(
    tmp_path: Path, stand_in: StandIn
) -> None:
    others = (
        f"a:z rdfs:seeAlso wd:{OLD} ; a:replaces wd:Q1 , wd:{OLD} ;\n"
        f" a:says [ owl:sameAs wd:{OLD} ] , ( wd:{OLD} ) , 'x'^^wd:{OLD} , 'y'^^<{ENTITY}{OLD}> ;\n"
        f" wd:{OLD} wd:{OLD} ;\n"
    )
    links = f"a:x , wd:{OLD} ; a:same true ;; skos:closeMatch wd:{OLD}"
    done, after = mended(tmp_path, stand_in, f"{HEAD}{others} owl:sameAs {links} .")
    assert after.decode() == f"{HEAD}{others} owl:sameAs {links.replace(OLD, NEW)} ."
    assert [d.line for d in done] == [f"{HEAD}{others}".count("\n") + 1] * 2


@pytest.mark.parametrize("record", ["a:r {} .", "[] {} .", "a:x a:has [ {} ] ."])
@pytest.mark.parametrize("property", ["owl:sameAs", "skos:closeMatch"])
def test_the_record_of_a_link_follows_it(
    tmp_path: Path, stand_in: StandIn, record: str, property: str
) -> None:
    record = record.format(RECORD.format(property))
    done, after = mended(tmp_path, stand_in, f"{HEAD}a:z {property} wd:{OLD} .\n{record}")
    assert [d.new for d in done] == [ENTITY + NEW] * 2
    wanted = record.replace(f"annotatedTarget wd:{OLD}", f"annotatedTarget wd:{NEW}")
    assert after.decode() == f"{HEAD}a:z {property} wd:{NEW} .\n{wanted}"


@pytest.mark.parametrize(
    ("old", "new"),
    [("owl:sameAs", "rdfs:seeAlso"), ("owl:Axiom", "owl:Thing"), ("Source a:z", "Source a:y")],
)
def test_the_record_of_anything_else_stays(
    tmp_path: Path, stand_in: StandIn, old: str, new: str
) -> None:
    record = f"a:r {RECORD.format('owl:sameAs').replace(old, new)} ."
    _, after = mended(tmp_path, stand_in, f"{HEAD}a:z owl:sameAs wd:{OLD} .\n{record}")
    assert after.decode() == f"{HEAD}a:z owl:sameAs wd:{NEW} .\n{record}"


def test_what_would_change_something_else_is_left_to_people(
    tmp_path: Path, stand_in: StandIn
) -> None:
    links = f"{HEAD}a:z owl:sameAs wd:{OLD} {{| rdfs:comment 'looked up' |}} ."
    with pytest.raises(SiteError, match=r"data/links\.ttl: the links in it cannot be rewritten"):
        mended(tmp_path, stand_in, links)  # the remark is about the link as it was
    assert (tmp_path / "data/links.ttl").read_text() == links


def test_no_file_is_written_before_all_are_proved(tmp_path: Path, stand_in: StandIn) -> None:
    linked_site(tmp_path, stand_in, f"{FACTS}a:z owl:sameAs wd:{OLD} .")
    before = (tmp_path / "data/facts.ttl").read_bytes()
    site = open_site(tmp_path)
    (tmp_path / "data/links.ttl").write_text(f"{HEAD}a:z owl:sameAs wd:{OLD} {{| a:is a:odd |}} .")
    reading = read_site(site)
    checked = check_links(site, reading, quick_client())
    with pytest.raises(SiteError, match="cannot be rewritten"):
        mend(reading.files, checked.verdicts)
    assert (tmp_path / "data/facts.ttl").read_bytes() == before


def test_where_nothing_was_merged_nothing_is_written(tmp_path: Path, stand_in: StandIn) -> None:
    linked_site(tmp_path, stand_in)
    site = open_site(tmp_path)
    reading = read_site(site)
    checked = check_links(site, reading, quick_client())
    before = contents(tmp_path)
    assert mend(reading.files, checked.verdicts) == []
    assert contents(tmp_path) == before


def test_a_text_that_is_the_iri_stays(tmp_path: Path, stand_in: StandIn) -> None:
    text = f"a:z rdfs:comment \"{ENTITY}{OLD}\", 'wd:{OLD}' ; owl:sameAs wd:"
    _, after = mended(tmp_path, stand_in, f"{HEAD}{text}{OLD} .")
    assert after.decode() == f"{HEAD}{text}{NEW} ."


def test_a_file_keeps_its_rights(tmp_path: Path, stand_in: StandIn) -> None:
    linked_site(tmp_path, stand_in, FACTS, f"a:z owl:sameAs wd:{OLD} .")
    path = tmp_path / "data/links.ttl"
    path.chmod(0o640)
    site = open_site(tmp_path)
    reading = read_site(site)
    mend(reading.files, check_links(site, reading, quick_client()).verdicts)
    assert path.stat().st_mode & 0o777 == 0o640
    assert sorted(p.name for p in path.parent.iterdir()) == ["facts.ttl", "links.ttl"]


def test_what_somebody_changes_in_this_moment_is_left_alone(
    tmp_path: Path, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    linked_site(tmp_path, stand_in, FACTS, f"a:z owl:sameAs wd:{OLD} .")
    path = tmp_path / "data/links.ttl"
    site = open_site(tmp_path)
    reading = read_site(site)
    checked = check_links(site, reading, quick_client())
    sync = os.fsync

    def meanwhile(handle: int) -> None:
        sync(handle)
        path.write_text(f"{HEAD}# of somebody else\n")

    monkeypatch.setattr(files.os, "fsync", meanwhile)
    with pytest.raises(SiteError, match="somebody has just changed it"):
        mend(reading.files, checked.verdicts)
    assert path.read_text() == f"{HEAD}# of somebody else\n"
    assert sorted(p.name for p in path.parent.iterdir()) == ["facts.ttl", "links.ttl"]


def test_nothing_is_rewritten_to_what_the_thing_is_said_not_to_be(
    tmp_path: Path, stand_in: StandIn
) -> None:
    links = f"a:z owl:sameAs wd:{OLD} ; owl:differentFrom wd:Q3874799 ."
    linked_site(tmp_path, stand_in, FACTS, links)
    reading = read_site(open_site(tmp_path))
    checked = check_links(open_site(tmp_path), reading, quick_client())
    assert mend(reading.files, checked.verdicts) == []


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, stand_in: StandIn) -> None:
    linked_site(tmp_path, stand_in, FACTS, f"a:z owl:sameAs wd:{OLD} .")
    site = open_site(tmp_path)
    reading = read_site(site)
    checked = check_links(site, reading, quick_client())
    (tmp_path / "data").chmod(0o555)
    with as_nobody(tmp_path), pytest.raises(SiteError, match=r"make it writable|Permission"):
        mend(reading.files, checked.verdicts)
    assert OLD in (tmp_path / "data/links.ttl").read_text()


def test_the_base_of_the_site_is_that_of_the_tests() -> None:
    assert BASE in HEAD
