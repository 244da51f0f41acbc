"""What is written into the file of links, and what stays as it was."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode
from rdflib import OWL, PROV, RDF, RDFS, SKOS, XSD, Graph, Literal, Namespace, URIRef

from tests.conftest import copy_site
from tests.link.suggest.case import BORIS, MINISTER, OFFICE, Case
from tests.small import BASE
from triplomacy.check.checking import check
from triplomacy.errors import SiteError
from triplomacy.findings import Severity
from triplomacy.link.check.checking import check_links
from triplomacy.link.check.mending import mend
from triplomacy.link.suggest import accepting
from triplomacy.link.suggest.accepting import Provenance, accept
from triplomacy.link.suggest.answers import Decision, Verb
from triplomacy.link.turtle_text import TurtleText
from triplomacy.read.reading import read_site
from triplomacy.site import open_site

PAV, SSSOM = Namespace("http://purl.org/pav/"), Namespace("https://w3id.org/sssom/")
WD = Namespace("http://www.wikidata.org/entity/")
ADA = Provenance("Ada Lovelace", date(2026, 11, 23), "https://reconcile.example/en/api")
SAME = Decision(OFFICE, Verb.SAME, MINISTER, 88.25, "seen")


def graph(case: Case) -> Graph:
    return Graph().parse(data=case.links, format="turtle", publicID=f"{BASE}graph/links")


def record(case: Case, item: str = MINISTER) -> tuple[Graph, URIRef]:
    """The links, and the record of one of them."""
    found = graph(case)
    [node] = found.subjects(OWL.annotatedTarget, WD[item])
    assert isinstance(node, URIRef)
    return found, node


def test_a_link_is_written_with_who_decided_when_and_on_what(case: Case) -> None:
    accept(case.site, [SAME], ADA)
    said, node = record(case)
    assert (URIRef(OFFICE), OWL.sameAs, WD[MINISTER]) in said
    assert dict(said.predicate_objects(node)) == {
        RDF.type: OWL.Axiom,
        OWL.annotatedSource: URIRef(OFFICE),
        OWL.annotatedProperty: OWL.sameAs,
        OWL.annotatedTarget: WD[MINISTER],
        SSSOM.mapping_justification: URIRef("https://w3id.org/semapv/vocab/ManualMappingCuration"),
        SSSOM.mapping_tool: Literal("Triplomacy 0.1.0"),
        SSSOM.author_label: Literal("Ada Lovelace"),
        SSSOM.similarity_score: Literal("0.8825", datatype=XSD.double),
        PAV.authoredOn: Literal("2026-11-23", datatype=XSD.date),
        PROV.wasDerivedFrom: URIRef("https://reconcile.example/en/api"),
        RDFS.comment: Literal("seen"),
        URIRef("http://purl.org/dc/terms/isPartOf"): URIRef(f"{BASE}graph/links"),
    }


def test_an_orcid_is_a_link_to_its_person(case: Case) -> None:
    orcid = "https://orcid.org/0000-0002-1825-0097"
    accept(case.site, [SAME], Provenance(orcid, ADA.when, ADA.service))
    said, node = record(case)
    assert said.value(node, PAV.authoredBy) == URIRef(orcid)
    assert said.value(node, SSSOM.author_label) is None


@pytest.mark.parametrize("verb", [Verb.CLOSE, Verb.NONE])
def test_what_is_near_and_what_is_not_are_links_of_their_own(case: Case, verb: Verb) -> None:
    accept(case.site, [Decision(OFFICE, verb, MINISTER)], ADA)
    said, node = record(case)
    assert (URIRef(OFFICE), URIRef(verb.value), WD[MINISTER]) in said
    assert said.value(node, OWL.annotatedProperty) == URIRef(verb.value)
    assert said.value(node, SSSOM.similarity_score) is None  # nobody suggested it


def test_what_stood_there_stays_byte_by_byte(case: Case) -> None:
    path = case.folder / "data/links.ttl"
    before = b"\xef\xbb\xbf" + case.links.replace("\n", "\r\n").encode() + b"# no end of line"
    path.write_bytes(before)
    accept(case.site, [SAME], ADA)
    after = path.read_bytes()
    assert after.startswith(before)
    assert b"\n" not in after[len(before) :].replace(b"\r\n", b"")
    assert not [f for f in read_site(case.site).findings if f.severity is Severity.UNREADABLE]


def test_the_files_own_abbreviations_are_used(case: Case) -> None:
    path = case.folder / "data/links.ttl"
    mine = f"@prefix same: <{OWL}> .\n@prefix owl: <https://owls.example/> .\n"
    path.write_text(
        mine + f"@prefix item: <{WD}> .\n<https://a.example/> same:sameAs item:Q183 .\n"
    )
    accept(case.site, [SAME], ADA)
    assert f"same:sameAs item:{MINISTER}" in case.links
    assert (URIRef(OFFICE), OWL.sameAs, WD[MINISTER]) in graph(case)


def test_decisions_of_another_day_follow_without_saying_abbreviations_again(case: Case) -> None:
    accept(case.site, [SAME], ADA)
    accept(case.site, [Decision(BORIS, Verb.SAME, "Q893758", 100)], ADA)
    assert case.links.count("@prefix sssom:") == 1
    assert len(set(graph(case).subjects(RDF.type, OWL.Axiom))) == 2


def test_a_site_without_a_file_of_links_gets_one(case: Case) -> None:
    (case.folder / "data/links.ttl").unlink()
    accept(case.site, [SAME], ADA)
    assert case.links.startswith("# The same things in Wikidata.")
    assert (URIRef(OFFICE), OWL.sameAs, WD[MINISTER]) in graph(case)
    assert (URIRef(f"{BASE}graph/links"), RDF.type, PROV.Entity) in graph(case)


@pytest.mark.parametrize("link", ["owl:sameAs wd:Q1", "skos:closeMatch wd:Q2"])
def test_what_somebody_else_linked_meanwhile_is_not_linked_twice(case: Case, link: str) -> None:
    case.add(f"o:german {link} .\n")
    before = case.links
    with pytest.raises(SiteError, match="somebody has linked"):
        accept(case.site, [SAME], ADA)
    assert case.links == before


def test_a_file_that_cannot_be_gone_on_with_stays_as_it_is(case: Case) -> None:
    case.add("o:german owl:sameAs wd:Q5")  # without a full stop
    before = case.links
    with pytest.raises(SiteError, match="left it unreadable"):
        accept(case.site, [SAME], ADA)
    assert case.links == before


def test_a_file_that_somebody_writes_in_this_moment_is_left_alone(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = accepting.read_text

    def read_and_be_overtaken(path: Path, graph: NamedNode) -> TurtleText | None:
        found = real(path, graph)
        case.add("# by somebody else\n")
        return found

    monkeypatch.setattr(accepting, "read_text", read_and_be_overtaken)
    with pytest.raises(SiteError, match="somebody has just changed it"):
        accept(case.site, [SAME], ADA)
    assert case.links.endswith("# by somebody else\n")


def test_what_would_say_anything_else_is_not_written(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = case.links
    for block in ("", "o:german owl:sameAs wd:Q1 .", "@prefix o: <https://o.example/> .\n"):
        monkeypatch.setattr(accepting, "_block", lambda *arguments, block=block: block)
        with pytest.raises(SiteError, match="cannot be added without changing"):
            accept(case.site, [SAME], ADA)
    assert case.links == before


def test_a_record_of_a_denial_is_none_of_a_link(case: Case) -> None:
    accept(case.site, [Decision(OFFICE, Verb.NONE, MINISTER)], ADA)
    accept(case.site, [SAME], ADA)  # which a person is kept from, but not this function
    assert len(set(graph(case).subjects(OWL.annotatedTarget, WD[MINISTER]))) == 2


def test_a_file_that_is_not_utf_8_stays_as_it_is(case: Case) -> None:
    path = case.folder / "data/links.ttl"
    path.write_bytes(b"# \xff\n")
    with pytest.raises(SiteError, match="not UTF-8"):
        accept(case.site, [SAME], ADA)
    assert path.read_bytes() == b"# \xff\n"


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(who=st.text(min_size=1), note=st.text(), score=st.floats(-1e6, 1e6))
def test_any_name_note_and_score_can_be_read_back(
    case: Case, who: str, note: str, score: float
) -> None:
    (case.folder / "data/links.ttl").unlink(missing_ok=True)
    accept(
        case.site,
        [Decision(OFFICE, Verb.SAME, MINISTER, score, note)],
        Provenance(who, ADA.when, ADA.service),
    )
    said, node = record(case)
    author = said.value(node, SSSOM.author_label) or said.value(node, PAV.authoredBy)
    assert str(author) == who
    assert str(said.value(node, RDFS.comment) or "") == note
    assert 0 <= float(str(said.value(node, SSSOM.similarity_score))) <= 1


def test_a_merged_item_is_rewritten_in_the_record_too(case: Case) -> None:
    accept(case.site, [Decision(BORIS, Verb.SAME, "Q900000031", 90)], ADA)
    reading = read_site(case.site)
    done = mend(reading.files, check_links(case.site, reading).verdicts)
    assert len(done) == 2
    said, _ = record(case, "Q3874799")
    assert (URIRef(BORIS), OWL.sameAs, WD["Q3874799"]) in said
    assert (None, OWL.annotatedTarget, WD["Q900000031"]) not in said


def test_the_shapes_accept_what_is_written(tmp_path: Path) -> None:
    site = open_site(copy_site(tmp_path / "site"))
    office = site.base.under("id/office/german-defense-minister")
    wrong = [Decision(office, Verb.NONE, f"Q{9 + n}", 45.9) for n in range(3)]
    accept(site, [Decision(office, Verb.SAME, MINISTER, 100), *wrong], ADA)
    report = check(read_site(site), site.base)
    assert not [f for f in report.findings if f.blocks]


def test_close_is_the_predicate_that_checks_know() -> None:
    assert Verb.CLOSE.value == str(SKOS.closeMatch)
