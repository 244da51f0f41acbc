"""What is offered: only what Wikidata lacks, between items that nobody doubts."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from tests.link.export.story import (
    ACTORS,
    HOLDER,
    HOLDING,
    LINKS,
    MEETING,
    MEETING_FACTS,
    MINISTER,
    PISTORIUS,
    PUTIN,
    bent,
    claim,
    offered,
    story,
)
from tests.link.site import quick_client
from triplomacy.link.check.checking import ONE_ITEM, check_links
from triplomacy.link.export.offers import Offer, Offers, offers_of
from triplomacy.link.stand_in.items import Items
from triplomacy.link.stand_in.server import StandIn, running
from triplomacy.read.reading import read_site
from triplomacy.site import open_site

REFERENCE = "reference URL: https://data.wikimedia.org/s/id/source/s#char=0,39"


def by(folder: Path, items: Items, facts: str = HOLDING, **more: str) -> Offers:
    """What a site has to give to a Wikidata of these items."""
    with running(items=items) as it:
        return offered(story(folder, it, facts, **more))


def commands(offers: Offers) -> list[str]:
    return [o.command for o in offers.lacking]


def reasons(offers: Offers) -> set[str]:
    return {f.message.partition(": ")[2] for f in offers.left}


def test_what_wikidata_lacks_is_offered_with_its_reference(
    tmp_path: Path, forgetful: StandIn
) -> None:
    [offer] = offered(story(tmp_path, forgetful)).lacking
    assert offer.shown == (
        "Boris Pistorius — position held — German Defense Minister",
        f"{PISTORIUS} P39 {MINISTER}",
        REFERENCE,
        f"“{HOLDER}” (en)",
    )
    file, _, line = offer.place.partition(":")
    text = (tmp_path / file).read_text().splitlines()
    assert "eas:office o:minister" in text[int(line) - 1]


def test_a_linked_event_gets_its_participants_place_and_day(
    tmp_path: Path, forgetful: StandIn
) -> None:
    assert commands(offered(story(tmp_path, forgetful, MEETING_FACTS))) == [
        f"{MEETING} P276 Q159",
        f"{MEETING} P585 +2025-03-03T00:00:00Z/11",
        f"{MEETING} P710 {PISTORIUS}",
        f"{MEETING} P710 {PUTIN}",
    ]


def test_what_wikidata_has_is_left_out(tmp_path: Path, stand_in: StandIn) -> None:
    offers = offered(story(tmp_path, stand_in, links=LINKS.replace(MEETING, "Q900000026")))
    assert commands(offers) == []
    assert [o.command for o in offers.held] == [f"{PISTORIUS} P39 {MINISTER}"]
    assert "Wikidata has it" in reasons(offers)


@pytest.mark.parametrize(
    ("item", "claims", "reason"),
    [
        (PISTORIUS, claim("P39", MINISTER, P580="2023-01-19"), "Wikidata has it"),
        (PISTORIUS, claim("P39", MINISTER, "deprecated"),
         "Wikidata has it as deprecated, which says that it is wrong"),
    ],
)  # fmt: skip
def test_what_wikidata_has_in_any_rank_is_left_out(
    tmp_path: Path, item: str, claims: dict[str, list[Any]], reason: str
) -> None:
    offers = by(tmp_path, bent({item: claims}))
    assert commands(offers) == []
    assert reason in reasons(offers)


@pytest.mark.parametrize("start", ["2023", "2023-01", "2023-01-19"])
def test_dates_that_can_be_the_same_are_no_difference(tmp_path: Path, start: str) -> None:
    dated = f'{HOLDING}h:pistorius schema:startDate "2023-01-19" .'
    offers = by(tmp_path, bent({PISTORIUS: claim("P39", MINISTER, P580=start)}), dated)
    assert reasons(offers) == {"Wikidata has it"}


def test_other_dates_are_for_people_to_settle(tmp_path: Path) -> None:
    # QuickStatements would put our dates onto one of the statements that are there.
    dated = f'{HOLDING}h:pistorius schema:startDate "2017" ; schema:endDate "2025" .'
    terms = claim("P39", MINISTER, P580="2017-01-20", P582="2021-01-20")
    terms["P39"] += claim("P39", MINISTER, P580="2023-01-20", P582="2025-01-20")["P39"]
    offers = by(tmp_path, bent({PISTORIUS: terms}), dated)
    assert commands(offers) == []
    assert any("with other dates" in r for r in reasons(offers))


def test_a_date_that_contradicts_the_item_puts_the_link_in_doubt(tmp_path: Path) -> None:
    dated = f'{HOLDING}h:pistorius schema:startDate "2023-01-19" .'
    offers = by(tmp_path, bent({PISTORIUS: claim("P39", MINISTER, P580="2022-05-20")}), dated)
    assert commands(offers) == []
    assert "the link of Boris Pistorius is to be looked at: triplomacy link check" in reasons(
        offers
    )


def test_two_terms_of_one_office_are_for_people_to_add(tmp_path: Path, forgetful: StandIn) -> None:
    again = HOLDING.replace("h:pistorius", "h:again") + 'h:again schema:startDate "2023" .\n'
    offers = offered(story(tmp_path, forgetful, HOLDING + again))
    assert commands(offers) == []
    assert (
        "it is said twice, with different dates: settle that, or add it to the item by hand"
        in reasons(offers)
    )


def test_two_days_of_one_event_are_for_people_to_settle(tmp_path: Path, forgetful: StandIn) -> None:
    facts = f'{MEETING_FACTS}e:meeting eas:date "2025-03-04"^^xsd:date .'
    offers = offered(story(tmp_path, forgetful, facts))
    assert not [c for c in commands(offers) if "P585" in c]
    assert len(commands(offers)) == 3


def test_a_day_there_that_cannot_be_compared_is_one_nevertheless(tmp_path: Path) -> None:
    claims = claim("P585", "2025-03-03")
    claims["P585"][0]["mainsnak"]["datavalue"]["value"]["precision"] = 7  # a century
    offers = by(tmp_path, bent({MEETING: claims}), MEETING_FACTS)
    assert not [c for c in commands(offers) if "P585" in c]
    assert any("what cannot be compared" in r for r in reasons(offers))


def test_what_two_holdings_say_alike_is_asked_about_once(
    tmp_path: Path, forgetful: StandIn
) -> None:
    facts = HOLDING + HOLDING.replace("h:pistorius", "h:again")
    assert len(offered(story(tmp_path, forgetful, facts)).lacking) == 1


def test_dates_of_ours_become_qualifiers(tmp_path: Path, forgetful: StandIn) -> None:
    dated = f'{HOLDING}h:pistorius schema:startDate "2023-01-19" ; schema:endDate "2025" .'
    [offer] = offered(story(tmp_path, forgetful, dated)).lacking
    assert offer.command.endswith("P580 +2023-01-19T00:00:00Z/11 P582 +2025-00-00T00:00:00Z/9")
    assert offer.sentence.endswith(", start time 2023-01-19, end time 2025")


@pytest.mark.parametrize(
    ("id", "claims", "gone"),
    [
        (PUTIN, claim("P1344", MEETING), f"P710 {PUTIN}"),
        (MEETING, claim("P710", PUTIN), f"P710 {PUTIN}"),
        (MEETING, claim("P17", "Q159"), "P276 Q159"),
        (MEETING, claim("P585", "2025-03"), "P585 +2025-03-03T00:00:00Z/11"),
        (MEETING, claim("P585", "2025-03-03", "deprecated"), "P585 +2025-03-03T00:00:00Z/11"),
        (MEETING, claim("P585", "2025-03-04"), "P585 +2025-03-03T00:00:00Z/11"),
    ],
)
def test_what_wikidata_says_in_another_way_is_left_out(
    tmp_path: Path, id: str, claims: dict[str, list[Any]], gone: str
) -> None:
    found = commands(by(tmp_path, bent({id: claims}), MEETING_FACTS))
    assert f"{MEETING} {gone}" not in found
    assert len(found) == 3


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (f"o:minister owl:sameAs wd:{MINISTER} .", "",
         "German Defense Minister is not linked to an item by owl:sameAs"),
        (f"o:minister owl:sameAs wd:{MINISTER}", f"o:minister skos:closeMatch wd:{MINISTER}",
         "German Defense Minister is not linked to an item by owl:sameAs"),
        (f"a:pistorius owl:sameAs wd:{PISTORIUS}", "a:pistorius owl:sameAs wd:Q900000099",
         "the link of Boris Pistorius is to be looked at: triplomacy link check"),
        (f"a:pistorius owl:sameAs wd:{PISTORIUS}", "a:pistorius owl:sameAs wd:Q20089181",
         "the link of Boris Pistorius is to be looked at: triplomacy link check"),
        (f"a:pistorius owl:sameAs wd:{PISTORIUS}", "a:pistorius owl:sameAs wd:Q893758 , wd:Q46",
         "the link of Boris Pistorius is to be looked at: triplomacy link check"),
        (f"o:minister owl:sameAs wd:{MINISTER}", "o:minister owl:sameAs wd:Q893758",
         "the link of Boris Pistorius is to be looked at: triplomacy link check"),
    ],
)  # fmt: skip
def test_a_link_that_is_missing_or_in_doubt_gives_nothing(
    tmp_path: Path, forgetful: StandIn, old: str, new: str, reason: str
) -> None:
    assert old in LINKS
    offers = offered(story(tmp_path, forgetful, links=LINKS.replace(old, new)))
    assert not [c for c in commands(offers) if "P39" in c]
    assert reason in reasons(offers)


@pytest.mark.parametrize(
    ("item", "denied"),
    [(PISTORIUS, PISTORIUS), ("Q900000031", "Q3874799"), ("Q900000031", "Q900000031")],
)
def test_what_is_said_to_be_an_item_and_not_to_be_it_gives_nothing(
    tmp_path: Path, forgetful: StandIn, item: str, denied: str
) -> None:
    links = LINKS.replace(PISTORIUS, item)
    called = 'a:pistorius rdfs:label "Zelensky"@en .' if item != PISTORIUS else ""
    assert commands(offered(story(tmp_path, forgetful, links=links, more=called)))
    more = f"{called} a:pistorius owl:differentFrom wd:{denied} ."
    offers = offered(story(tmp_path, forgetful, links=links, more=more))
    assert commands(offers) == []
    assert any("is to be looked at: triplomacy link check" in r for r in reasons(offers))


def test_to_be_another_item_than_a_third_is_no_contradiction(
    tmp_path: Path, forgetful: StandIn
) -> None:
    more = f"a:pistorius owl:differentFrom wd:{PUTIN} , a:putin . a:putin owl:differentFrom wd:Q1 ."
    assert len(commands(offered(story(tmp_path, forgetful, more=more)))) == 1


def test_a_thing_of_two_items_gives_nothing_even_if_no_check_objects(
    tmp_path: Path, forgetful: StandIn
) -> None:
    site = open_site(story(tmp_path, forgetful, more=f"a:pistorius owl:sameAs wd:{PUTIN} ."))
    reading = read_site(site)
    checked = check_links(site, reading, quick_client(), fresh=True)
    assert {f.rule for f in checked.findings} > {ONE_ITEM}
    silent = tuple(dataclasses.replace(v, findings=()) for v in checked.verdicts)
    offers = offers_of(site, reading, dataclasses.replace(checked, verdicts=silent))
    assert commands(offers) == []


def test_of_a_merged_item_the_present_number_is_written(tmp_path: Path) -> None:
    facts = HOLDING.replace("pistorius", "zelensky")
    actors = ACTORS.replace("pistorius", "zelensky").replace('"Boris P', '"Zelensky P')
    links = LINKS.replace("a:pistorius", "a:zelensky").replace(PISTORIUS, "Q900000031")
    offers = by(tmp_path, bent({"Q3874799": {}}), facts, links=links, actors=actors)
    assert [c for c in commands(offers) if "P39" in c] == [f"Q3874799 P39 {MINISTER}"]


# Names


def test_a_name_that_the_source_uses_and_nobody_there_knows_is_an_alias(tmp_path: Path) -> None:
    items = bent()
    items.entities[MINISTER]["aliases"] = {}
    [_, offer] = by(tmp_path, items).lacking
    assert offer.command == f'{MINISTER} Aen "German Defense Minister"'
    assert offer.reference == ()
    assert offer.shown[3] == "“German Defense Minister” (en)"


def test_an_item_without_a_label_in_the_language_gets_one(tmp_path: Path) -> None:
    items = bent({MINISTER: None})
    assert f'{MINISTER} Len "German Defense Minister"' in commands(by(tmp_path, items))


def test_an_item_whose_label_is_for_all_languages_gets_an_alias(tmp_path: Path) -> None:
    items = bent({MINISTER: None})
    items.entities[MINISTER]["labels"] = {"mul": {"language": "mul", "value": "Defence Minister"}}
    assert f'{MINISTER} Aen "German Defense Minister"' in commands(by(tmp_path, items))


def test_letter_case_makes_no_other_name(tmp_path: Path) -> None:
    items = bent()
    items.entities[MINISTER]["aliases"] = {
        "mul": [{"language": "mul", "value": "german defense minister"}]
    }
    assert len(by(tmp_path, items).lacking) == 1


@pytest.mark.parametrize(
    "label",
    ['"Minister of Germany"@en', '"German Defense Minister"@de', '"erman Defense Minister"@en'],
)
def test_a_name_that_the_source_does_not_use_is_not_given(tmp_path: Path, label: str) -> None:
    items = bent()
    items.entities[MINISTER]["aliases"] = {}
    actors = ACTORS.replace('"German Defense Minister"@en', label)
    assert not [c for c in commands(by(tmp_path, items, actors=actors)) if " A" in c or " L" in c]


# The key


def test_a_key_names_exactly_what_is_shown(tmp_path: Path, forgetful: StandIn) -> None:
    [one] = offered(story(tmp_path / "one", forgetful)).lacking
    [same] = offered(story(tmp_path / "same", forgetful, more="a:x rdfs:label 'X'@en .")).lacking
    assert one.key == same.key
    for n, (old, new) in enumerate(
        [
            ('rdfs:label "Boris Pistorius"@en', 'rdfs:label "B. Pistorius"@en'),
            ('dct:language "en"', 'dct:language "de"'),
            ('dct:language "en"', 'dct:language "en" ; dct:title "News"@en'),
        ]
    ):
        actors = ACTORS.replace(old, new)
        assert actors != ACTORS
        [other] = offered(story(tmp_path / str(n), forgetful, actors=actors)).lacking
        assert other.key != one.key


@pytest.mark.parametrize("title", ['"News"@ru', '"News"@en', '"Новости"@ru'])
def test_the_language_of_a_title_is_decided_about_too(
    tmp_path: Path, forgetful: StandIn, title: str
) -> None:
    def of(folder: Path, title: str) -> Offer:
        source = f'dct:language "en" ; dct:title {title}'
        actors = ACTORS.replace('dct:language "en"', source)
        [offer] = offered(story(folder, forgetful, actors=actors)).lacking
        return offer

    other, one = of(tmp_path / "other", title), of(tmp_path / "one", '"News"@de')
    assert other.key != one.key
    assert "title: News (de)" in one.source
