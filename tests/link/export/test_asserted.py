"""What counts as said by the source, in its own voice, to have happened."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.link.export.story import (
    BASE,
    HOLDER,
    HOLDING,
    MEETING_FACTS,
    MET,
    QUOTE,
    SOURCE,
    TEXT,
    at,
    excerpts,
    story,
)
from tests.waiting import is_done_within
from triplomacy.link.export.asserted import Fact, Reader
from triplomacy.link.export.properties import END_TIME, START_TIME
from triplomacy.link.export.snaks import Day
from triplomacy.read.reading import read_site
from triplomacy.site import open_site


def told(folder: Path, facts: str, more: str = "") -> list[Fact]:
    """What a source that says `facts` gives."""
    site = open_site(story(folder, facts=facts, more=more))
    return Reader(read_site(site).facts, site.base).facts()


def asserted(folder: Path, facts: str, more: str = "") -> set[tuple[str, str]]:
    """Property and value of all to which there is no objection."""
    return {(f.property.id, _short(f)) for f in told(folder, facts, more) if not f.objection}


def objections(folder: Path, facts: str, more: str = "") -> set[str]:
    return {f.objection for f in told(folder, facts, more)}


def _short(fact: Fact) -> str:
    value = fact.value
    return value.text if isinstance(value, Day) else value.rpartition("/")[2]


WHOLE = {("P710", "pistorius"), ("P710", "putin"), ("P276", "russia"), ("P585", "2025-03-03")}


def test_a_holding_is_a_position_held(tmp_path: Path) -> None:
    [fact] = told(tmp_path, HOLDING)
    assert (fact.subject, fact.property.id, fact.value) == (
        f"{BASE}id/actor/pistorius",
        "P39",
        f"{BASE}id/office/minister",
    )
    assert fact.passage
    assert fact.passage.text == HOLDER
    assert fact.objection == ""


def test_an_event_has_participants_a_place_and_a_day(tmp_path: Path) -> None:
    assert asserted(tmp_path, MEETING_FACTS) == WHOLE


@pytest.mark.parametrize(
    "status",
    ["agreed", "intended", "proposed", "demanded", "under-consideration", "hypothetical",
     "ruled-out", "cancelled", "unheard-of"],
)  # fmt: skip
def test_what_has_not_happened_is_not_asserted(tmp_path: Path, status: str) -> None:
    facts = MEETING_FACTS.replace("realization:occurred", f"realization:{status}")
    assert asserted(tmp_path, facts) == set()


def test_what_has_two_statuses_or_none_is_not_asserted(tmp_path: Path) -> None:
    also = "e:meeting eas:realization realization:proposed ."
    assert asserted(tmp_path / "two", MEETING_FACTS, also) == set()
    without = MEETING_FACTS.replace("eas:realization realization:occurred ;", "")
    assert asserted(tmp_path / "none", without) == set()


def test_what_goes_on_has_no_point_in_time(tmp_path: Path) -> None:
    facts = MEETING_FACTS.replace("realization:occurred", "realization:ongoing")
    assert asserted(tmp_path, facts) == {v for v in WHOLE if v[0] != "P585"}


def test_a_day_that_is_only_a_bound_is_no_point_in_time(tmp_path: Path) -> None:
    facts = MEETING_FACTS.replace("eas:date", "eas:latestDate")
    assert asserted(tmp_path, facts) == {v for v in WHOLE if v[0] != "P585"}


def test_what_a_statement_has_to_vouch_for_is_not_asserted(tmp_path: Path) -> None:
    also = 'e:meeting eas:accordingTo s:seen . s:seen rdfs:label "Pistorius on Trump"@en .'
    assert asserted(tmp_path, MEETING_FACTS, also) == set()
    assert objections(tmp_path, MEETING_FACTS, also) == {
        "the source leaves it to a speaker: Pistorius on Trump"
    }


def test_the_words_of_a_speaker_bear_nothing_out(tmp_path: Path) -> None:
    facts = MEETING_FACTS.replace(at(MET), at(QUOTE))
    assert objections(tmp_path, facts) == {"only a speaker’s words bear it out"}


@pytest.mark.parametrize(
    "quotes",
    [
        f"s:other a eas:Statement ; eas:quote {at(MET)} .",
        f"eas:Claim rdfs:subClassOf eas:Statement . s:other a eas:Claim ; eas:quote {at(MET)} .",
        f"s:other eas:quote {at(MET)} .",
        f"[] a eas:Statement ; eas:quote {at(MET)} .",
        f"s:other eas:quote <#char=0,{len(TEXT)}> .",  # of which nothing is told
        "s:other eas:quote <#all> . <#all> eas:startOffset 0 ; eas:endOffset +900 ; "
        "prov:wasQuotedFrom <> .",
        "s:other eas:quote [ eas:startOffset 0 ; eas:endOffset 900 ; prov:wasQuotedFrom <> ] .",
        "s:other eas:quote [ a eas:Excerpt ; prov:wasQuotedFrom <> ] .",  # it may stand anywhere
        "s:other eas:quote <#q> . <#q> eas:startOffset 'zero' ; eas:endOffset 9 .",
        "s:other eas:quote <> .",
    ],
)
def test_a_quotation_is_a_speakers_whoever_quotes_it_and_however_it_is_described(
    tmp_path: Path, quotes: str
) -> None:
    assert objections(tmp_path, MEETING_FACTS + quotes) == {"only a speaker’s words bear it out"}


def test_a_quotation_of_another_source_or_place_changes_nothing(tmp_path: Path) -> None:
    quotes = (
        f"s:other eas:quote [ eas:startOffset 0 ; eas:endOffset 900 ; prov:wasQuotedFrom <t> ] , "
        f"<#char={len(MET)},{len(TEXT)}> , <u#char=0,900> , <v> ."
    )
    assert asserted(tmp_path, MEETING_FACTS + quotes) == WHOLE


def test_without_a_passage_nothing_is_asserted(tmp_path: Path) -> None:
    facts = HOLDING.replace(f"eas:evidence {at(HOLDER)}", "a eas:OfficeHolding")
    assert objections(tmp_path, facts) == {"no passage bears it out"}
    gone = HOLDING.replace(at(HOLDER), "<#char=900,901>")
    assert objections(tmp_path / "gone", gone) == {"no passage bears it out"}


def test_a_passage_names_everybody_whom_it_concerns(tmp_path: Path) -> None:
    facts = MEETING_FACTS.replace("eas:actor a:putin", "eas:actor a:trump")
    assert objections(tmp_path, facts) == {"", "no passage that bears it out names Donald Trump"}
    assert ("P710", "trump") not in asserted(tmp_path, facts)
    other = HOLDING.replace(at(HOLDER), at("Boris Pistorius"))
    assert objections(tmp_path / "office", other) == {
        "no passage that bears it out names German Defense Minister"
    }


def test_who_is_named_in_a_quotation_alone_is_not_named_by_the_source(tmp_path: Path) -> None:
    wide = f"“{QUOTE}” said Pistorius."
    facts = MEETING_FACTS.replace(at(MET), at(wide)).replace("a:putin", "a:trump")
    assert ("P710", "trump") not in asserted(tmp_path, facts + excerpts_of(wide))


def excerpts_of(words: str) -> str:
    return excerpts(TEXT, words)


@pytest.mark.parametrize("role", ["host", "leader", "mediator", "agent", "affected", "beneficiary"])
def test_who_does_not_take_part_is_no_participant(tmp_path: Path, role: str) -> None:
    facts = MEETING_FACTS.replace("eas:role role:counterpart", f"eas:role role:{role}")
    assert ("P710", "putin") not in asserted(tmp_path, facts)


def test_roles_in_a_circle_are_no_trap(tmp_path: Path) -> None:
    circle = "role:x skos:broader role:y . role:y skos:broader role:x ."
    facts = MEETING_FACTS.replace("eas:role role:counterpart", "eas:role role:x")
    assert ("P710", "putin") not in asserted(tmp_path, facts, circle)


def test_what_another_file_adds_is_not_the_sources(tmp_path: Path) -> None:
    elsewhere = (
        'h:pistorius schema:startDate "2023-01-19"^^xsd:date ; eas:office o:other .\n'
        'e:meeting eas:date "2025-03-04"^^xsd:date ; eas:place a:ukraine ;\n'
        "    eas:participation p:russia . p:russia eas:actor a:russia ; eas:role role:participant ."
    )
    assert asserted(tmp_path, HOLDING + MEETING_FACTS, elsewhere) == {*WHOLE, ("P39", "minister")}
    [holding] = [f for f in told(tmp_path, HOLDING + MEETING_FACTS) if f.property.id == "P39"]
    assert holding.qualifiers == ()


def test_the_dates_of_a_holding_that_the_source_gives_qualify_it(tmp_path: Path) -> None:
    dates = (
        'h:pistorius schema:startDate "2023-01-19"^^xsd:date ; '
        'schema:endDate "2025-05"^^xsd:gYearMonth .'
    )
    [fact] = told(tmp_path, HOLDING + dates)
    assert fact.qualifiers == ((START_TIME, Day("2023-01-19")), (END_TIME, Day("2025-05")))


def test_of_two_dates_neither_qualifies(tmp_path: Path) -> None:
    dates = 'h:pistorius schema:startDate "2023-01-19" , "2023-01-20" ; schema:endDate "2025" .'
    [fact] = told(tmp_path, HOLDING + dates)
    assert fact.qualifiers == ((END_TIME, Day("2025")),)


@pytest.mark.parametrize("begins", ["2025-03-05", "2025-04", "2026", "9999"])
def test_a_holding_that_was_yet_to_come_is_not_asserted(tmp_path: Path, begins: str) -> None:
    facts = f'{HOLDING}h:pistorius schema:startDate "{begins}" . <> dct:issued "2025-03-04" .'
    assert objections(tmp_path, facts) == {"by the source it was yet to come"}


def test_a_holding_that_began_on_the_day_of_its_source_is_asserted(tmp_path: Path) -> None:
    facts = f'{HOLDING}h:pistorius schema:startDate "2025-03-04" . <> dct:issued "2025-03-04" .'
    assert objections(tmp_path, facts) == {""}
    future = f'{HOLDING}h:pistorius schema:startDate "9999" .'
    assert objections(tmp_path / "future", future) == {"by the source it was yet to come"}


@pytest.mark.parametrize("date", ["2023-02-30", "in May", "+2023", "2023-01-19Z", "-0044-03-15"])
def test_a_date_that_is_none_qualifies_nothing(tmp_path: Path, date: str) -> None:
    [fact] = told(tmp_path, f'{HOLDING}h:pistorius schema:startDate "{date}" .')
    assert fact.qualifiers == ()


def test_the_passage_is_the_longest_that_need_not_be_cut(tmp_path: Path) -> None:
    facts = HOLDING.replace(at(HOLDER), f"{at(HOLDER)} , {at(MET)}")
    [fact] = told(tmp_path, facts)
    assert fact.passage
    assert fact.passage.text == MET


def test_a_source_of_very_many_passages_takes_no_very_long_time(tmp_path: Path) -> None:
    words = [f"Boris Pistorius met Vladimir Putin on day {n}." for n in range(2000)]
    text = " ".join(words)
    facts, start = [], 0
    for n, sentence in enumerate(words):
        for a, b in ((0, len(sentence)), (0, 15), (20, 34)):
            iri = f"<#char={start + a},{start + b}>"
            facts.append(
                f'{iri} a eas:Excerpt ; eas:exactText "{sentence[a:b]}" ; eas:startOffset '
                f"{start + a} ; eas:endOffset {start + b} ; prov:wasQuotedFrom <> ."
            )
        facts.append(
            f"e:m{n} a eas:Event ; eas:realization realization:occurred ; "
            f"eas:participation p:m{n} ; eas:evidence <#char={start},{start + len(sentence)}> . "
            f"p:m{n} eas:actor a:putin ; eas:role role:participant . "
            f"a:putin eas:evidence <#char={start + 20},{start + 34}> ."
        )
        start += len(sentence) + 1
    site = open_site(story(tmp_path, facts="\n".join(facts), actors=SOURCE, text=text))
    quads = read_site(site).facts
    found: list[Fact] = []

    def read() -> None:
        found[:] = Reader(quads, site.base).facts()

    assert is_done_within(10, read)  # about a second; by the square of them, it were more
    assert len(found) == 2000
    assert {f.objection for f in found} == {""}


def test_of_the_article_comes_only_what_has_happened() -> None:
    site = open_site(REPOSITORY)
    facts = Reader(read_site(site).facts, site.base).facts()
    given = sorted(
        f"{_name(f.subject)} {f.property.id} {_short(f)}" for f in facts if not f.objection
    )
    assert given == [
        "agreement-to-begin-discussions P710 donald-trump",
        "agreement-to-begin-discussions P710 vladimir-putin",
        "boris-pistorius P39 german-defense-minister",
        "ceasefire-talks-discussion P710 donald-trump",
        "ceasefire-talks-discussion P710 vladimir-putin",
        "conflict-in-ukraine P276 ukraine",
        "conflict-in-ukraine P710 ukraine",
        "donald-trump P39 us-president",
        "pete-hegseth P39 us-secretary-of-defense",
        "sebastien-lecornu P39 french-defense-minister",
        "trump-zelensky-call P710 donald-trump",
        "trump-zelensky-call P710 volodymyr-zelensky",
        "vladimir-putin P39 russian-president",
        "volodymyr-zelensky P39 ukrainian-president",
    ]
    assert all(f.qualifiers == () for f in facts)  # its dates of office are from elsewhere


def _name(iri: str) -> str:
    return iri.rpartition("/")[2]
