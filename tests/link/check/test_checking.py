"""Every link is checked against what Wikidata says now; what is wrong is told with its place."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import copy_site
from tests.link.site import LINK, PUTIN, asking, linked_site, quick_client
from tests.small import BASE
from triplomacy.errors import UnusableAnswer
from triplomacy.findings import Finding, Severity
from triplomacy.link.check import checking
from triplomacy.link.check.checking import Checked, check_links
from triplomacy.link.stand_in.items import Items
from triplomacy.link.stand_in.server import StandIn, running
from triplomacy.read.reading import read_site
from triplomacy.site import open_site

Check = Callable[..., Checked]


@pytest.fixture
def check(tmp_path: Path, stand_in: StandIn) -> Check:
    def check(facts: str = PUTIN, links: str = LINK, **options: Any) -> Checked:
        site = open_site(linked_site(tmp_path, options.pop("of", stand_in), facts, links))
        return check_links(site, read_site(site), quick_client(), **options)

    return check


def one(checked: Checked) -> Finding:
    [finding] = checked.findings
    return finding


def test_a_link_that_is_right_has_nothing_against_it(check: Check) -> None:
    checked = check()
    assert checked.findings == ()
    [verdict] = checked.verdicts
    assert verdict.item is not None
    assert verdict.item.labels["en"] == "Vladimir Putin"
    assert verdict.redirect is None


def test_the_links_of_the_article_are_right(tmp_path: Path, stand_in: StandIn) -> None:
    site = open_site(asking(copy_site(tmp_path / "site"), stand_in))
    checked = check_links(site, read_site(site), quick_client())
    assert checked.findings == ()
    assert len(checked.verdicts) == 17
    assert len(stand_in.heard) == 1


def test_a_merged_item_is_told_with_what_it_is_now(check: Check) -> None:
    checked = check('a:z rdfs:label "Zelensky"@en .', "\na:z owl:sameAs wd:Q900000031 .")
    finding = one(checked)
    assert (finding.rule, finding.severity) == (checking.CURRENT, Severity.WARNING)
    assert "was merged into Q3874799 (“Volodymyr Zelenskyy”)" in finding.message
    assert "--fix" in finding.message
    assert (finding.file, finding.line) == ("data/links.ttl", 13)
    assert checked.verdicts[0].redirect == "http://www.wikidata.org/entity/Q3874799"


@pytest.mark.parametrize(
    "links",
    [
        "\na:z owl:sameAs wd:Q3874799 ; owl:differentFrom wd:Q3874799 .",
        "\na:z owl:sameAs wd:Q900000031 ; owl:differentFrom wd:Q3874799 .",  # which it is now
    ],
)
def test_what_is_said_to_be_the_same_and_different_is_told(check: Check, links: str) -> None:
    checked = check('a:z rdfs:label "Volodymyr Zelenskyy"@en .', links)
    finding = checked.findings[0]
    assert (finding.rule, finding.severity) == (checking.NOT_DENIED, Severity.VIOLATION)
    assert "to be different from it" in finding.message


@pytest.mark.parametrize("id", ["Q900000041", "Q900000098"])
def test_an_item_that_is_not_there_is_told(check: Check, id: str) -> None:
    finding = one(check(links=f"a:putin owl:sameAs wd:{id} ."))
    assert (finding.rule, finding.severity) == (checking.EXISTS, Severity.VIOLATION)
    assert f"{id} is no item of Wikidata, or no more" in finding.message


def test_a_page_that_tells_namesakes_apart_is_told(check: Check) -> None:
    finding = one(check(links="a:putin owl:sameAs wd:Q900000022 ."))
    assert (finding.rule, finding.severity) == (checking.A_THING, Severity.VIOLATION)


def changed(stand_in: StandIn, id: str, **parts: Any) -> Items:
    """The items of the stand-in, one of them with other parts."""
    entities = copy.deepcopy(stand_in.items.entities)
    entities[id] |= parts
    items = stand_in.items
    return Items(entities, items.redirects, items.deleted, items.properties)


def test_such_a_page_is_known_by_its_class_alone(check: Check, stand_in: StandIn) -> None:
    claim = copy.deepcopy(stand_in.items.entities["Q7747"]["claims"]["P31"][0])
    claim["mainsnak"]["datavalue"]["value"]["id"] = "Q4167410"
    with running(items=changed(stand_in, "Q7747", claims={"P31": [claim]})) as other:
        assert one(check(of=other)).rule == checking.A_THING


# Names


def test_a_name_that_is_far_in_every_language_is_told(check: Check) -> None:
    finding = one(check('a:putin a eas:Person ; rdfs:label "Boris Pistorius"@en, "Пісторіус"@uk .'))
    assert (finding.rule, finding.severity) == (checking.OUR_NAME, Severity.WARNING)
    assert "“Boris Pistorius” is far from “Vladimir Putin” of Q7747" in finding.message


@pytest.mark.parametrize(
    "names",
    ['"Boris Pistorius"@en, "Путін"@uk',  # near in one of them
     '"Boris Pistorius"@fi',  # in which Wikidata has none
     '"President Putin"@en', '"Wladimir Putin"@de-AT', '"ПУТІН"@uk', '"Vladimir Poutine"'],
)  # fmt: skip
def test_a_name_that_is_near_in_one_language_is_near(check: Check, names: str) -> None:
    assert check(f"a:putin a eas:Person ; rdfs:label {names} .").findings == ()


def test_another_name_of_ours_is_as_good(check: Check) -> None:
    facts = 'a:putin rdfs:label "The speaker"@en ; skos:altLabel "V. Putin"@en .'
    assert check(facts).findings == ()


# Kinds


@pytest.mark.parametrize(
    ("kind", "id", "words"),
    [("Office", "Q7747", "is a person by what Wikidata says, and ours is an office"),
     ("Person", "Q212", "is a territory by what Wikidata says, and ours is a person"),
     ("Person", "Q11696", "is an office by what Wikidata says, and ours is a person"),
     ("GeopoliticalEntity", "Q11696", "an office by what Wikidata says, and ours is a territory"),
     ("Event", "Q22686", "is a person by what Wikidata says, and ours is an event")],
)  # fmt: skip
def test_another_kind_is_told(check: Check, kind: str, id: str, words: str) -> None:
    finding = one(check(f'a:x a eas:{kind} ; rdfs:label "X"@en .', f"a:x owl:sameAs wd:{id} ."))
    assert (finding.rule, finding.severity) == (checking.OUR_KIND, Severity.VIOLATION)
    assert words in finding.message


@pytest.mark.parametrize(
    ("kinds", "id"),
    [("eas:Organization", "Q7184"), ("eas:Organization", "Q212"), ("eas:Actor", "Q7747"),
     ("eas:Organization", "Q11696"),
     ("eas:GeopoliticalEntity, eas:Place", "Q212"), ("schema:Person", "Q7747")],
)  # fmt: skip
def test_a_kind_that_can_be_ours_is_none_of_it(check: Check, kinds: str, id: str) -> None:
    assert check(f"a:x a {kinds} .", f"a:x owl:sameAs wd:{id} .").findings == ()


# Dates


@pytest.mark.parametrize(
    "date", ['"1952-10-07"^^xsd:date', '"1952-10"^^xsd:gYearMonth', '"1952"^^xsd:gYear',
             '"1952-10-07T10:00:00Z"^^xsd:dateTime']
)  # fmt: skip
def test_a_date_as_far_as_it_is_known_is_theirs(check: Check, date: str) -> None:
    assert check(f"{PUTIN} a:putin schema:birthDate {date} .").findings == ()


@pytest.mark.parametrize("date", ["1952-10-08", "1952-11", "1953"])
def test_another_date_is_told(check: Check, date: str) -> None:
    finding = one(check(f'{PUTIN} a:putin schema:birthDate "{date}" .'))
    assert (finding.rule, finding.severity) == (checking.OUR_DATES, Severity.WARNING)
    assert f"our date “{date}” is not that of Q7747" in finding.message
    assert "1952-10-07 (P569)" in finding.message


def test_a_date_of_which_wikidata_knows_less_is_theirs(check: Check, stand_in: StandIn) -> None:
    claims = copy.deepcopy(stand_in.items.entities["Q7747"]["claims"])
    value = claims["P569"][0]["mainsnak"]["datavalue"]["value"]
    value |= {"time": "+1952-00-00T00:00:00Z", "precision": 9}
    with running(items=changed(stand_in, "Q7747", claims=claims)) as other:
        assert not check(f'{PUTIN} a:putin schema:birthDate "1952-10-09" .', of=other).findings


HOLDING = """
a:hegseth a eas:Person ; rdfs:label "Pete Hegseth"@en .
o:secretary a eas:Office ; rdfs:label "Secretary of Defense"@en .
h:x a eas:OfficeHolding ; eas:actor a:hegseth ; eas:office o:secretary ; schema:startDate "{}" .
"""
HELD = "a:hegseth owl:sameAs wd:Q7172014 . o:secretary owl:sameAs wd:Q735015 ."


def test_the_day_on_which_an_office_was_taken_up_is_compared(check: Check) -> None:
    assert check(HOLDING.format("2025-01-25"), HELD).findings == ()
    finding = one(check(HOLDING.format("2025-01-20"), HELD))
    assert finding.subject == f"{BASE}id/actor/hegseth"
    assert "which has 2025-01-25 (P39/P580)" in finding.message


def test_an_office_that_is_not_linked_is_not_compared(check: Check) -> None:
    only = "a:hegseth owl:sameAs wd:Q7172014 ."
    assert check(HOLDING.format("2025-01-20"), only).findings == ()


# One and one


def test_two_of_ours_on_one_item_are_told(check: Check) -> None:
    checked = check(PUTIN, "a:putin owl:sameAs wd:Q7747 . a:vp owl:sameAs wd:Q7747 .")
    assert {(f.rule, f.subject) for f in checked.findings} == {
        (checking.ONE_THING, f"{BASE}id/actor/putin"),
        (checking.ONE_THING, f"{BASE}id/actor/vp"),
    }
    assert f"also the item of <{BASE}id/actor/vp>" in checked.findings[0].message


def test_two_items_that_were_merged_make_two_of_ours_one(check: Check) -> None:
    facts = 'a:z rdfs:label "Zelensky"@en . a:v rdfs:label "Zelensky"@en .'
    links = "a:z owl:sameAs wd:Q3874799 . a:v owl:sameAs wd:Q900000031 ."
    rules = sorted(f.rule for f in check(facts, links).findings)
    assert rules == [checking.CURRENT, checking.ONE_THING, checking.ONE_THING]


def test_one_of_ours_on_two_items_is_told(check: Check) -> None:
    links = "a:putin owl:sameAs wd:Q7747, wd:Q900000022 ."
    found = [f for f in check(PUTIN, links).findings if f.rule == checking.ONE_ITEM]
    assert len(found) == 2
    assert all(f.severity is Severity.VIOLATION for f in found)


def test_what_is_only_close_may_have_another_name_kind_and_neighbour(check: Check) -> None:
    links = "a:putin skos:closeMatch wd:Q212, wd:Q30 . a:x skos:closeMatch wd:Q212 ."
    assert check(PUTIN, links).findings == ()
    gone = one(check(PUTIN, "a:putin skos:closeMatch wd:Q900000041 ."))
    assert gone.rule == checking.EXISTS


# What is no link to an item


@pytest.mark.parametrize(
    ("iri", "remedy"),
    [("https://www.wikidata.org/wiki/Q7747", "write Q7747, or in Turtle wd:Q7747"),
     ("http://www.wikidata.org/entity/q7747", "write Q7747"),
     ("http://www.wikidata.org/entity/Q07", "write Q7,"),
     ("http://www.wikidata.org/entity/P39", "P39 is a property")],
)  # fmt: skip
def test_what_was_meant_is_offered(check: Check, stand_in: StandIn, iri: str, remedy: str) -> None:
    finding = one(check(PUTIN, f"a:putin owl:sameAs <{iri}> ."))
    assert (finding.rule, finding.severity) == (checking.ENTITY_IRI, Severity.VIOLATION)
    assert remedy in finding.message
    assert stand_in.heard == []


def test_links_to_elsewhere_and_of_the_vocabulary_are_left_alone(
    check: Check, stand_in: StandIn
) -> None:
    links = "a:putin owl:sameAs <https://viaf.org/x> . eas:X a owl:Class ; skos:closeMatch wd:Q5 ."
    assert check(PUTIN, links).verdicts == ()
    assert stand_in.heard == []


# The service


def test_what_is_fresh_is_not_asked_for_unless_that_is_wanted(
    check: Check, stand_in: StandIn
) -> None:
    check()
    check()
    assert len(stand_in.heard) == 1
    check(fresh=True)
    assert len(stand_in.heard) == 2


def test_every_language_of_our_names_is_asked_for(check: Check, stand_in: StandIn) -> None:
    check('a:putin rdfs:label "P"@pt-BR, "Путін"@uk .')
    assert stand_in.heard[0].fields["languages"] == "en|mul|pt|pt-br|uk"


def test_hostile_answers_are_a_clear_error(check: Check, stand_in: StandIn) -> None:
    stand_in.faults[:] = ["wrong-types"]
    with pytest.raises(UnusableAnswer):
        check()
