"""What is suggested, why, and what speaks against it."""

from __future__ import annotations

from tests.link.suggest.case import BORIS, FRENCH, MINISTER, OFFICE, TOPIC, Case


def test_the_best_item_is_suggested_with_its_reasons(case: Case) -> None:
    [office] = case.suggested(case.things("office"))
    best = office.suggestions[0]
    assert (best.id, best.name) == (MINISTER, "Federal Minister of Defence")
    assert best.description == "minister of the government of Germany"
    assert best.reasons == (
        "its name “German Defense Minister” is 100% like ours",
        "represents Germany (P1001): 100",
        "held by Boris Pistorius (P1308): 100",
        "the service is sure",
    )
    assert best.doubts == ()


def test_what_speaks_against_an_item_is_told(case: Case) -> None:
    case.add(f"a:germany owl:sameAs wd:{MINISTER} .")
    [office] = case.suggested(case.things("office"))
    germany = OFFICE.replace("office/german", "actor/germany")
    words = f"{MINISTER} is linked already, from <{germany}>"
    assert words in office.suggestions[0].doubts


def test_an_item_that_somebody_has_rejected_is_not_suggested_again(case: Case) -> None:
    before = {s.id for s in case.suggested(case.things("office"))[0].suggestions}
    assert MINISTER in before
    case.add(f"o:german owl:differentFrom wd:{MINISTER} .")
    after = {s.id for s in case.suggested(case.things("office"))[0].suggestions}
    assert after == before - {MINISTER}


def test_what_fits_less_than_half_as_well_is_left_out(case: Case) -> None:
    [office] = case.suggested(case.things("office"))
    scores = [s.score for s in office.suggestions]
    assert min(scores) >= max(scores) / 2


def test_things_come_in_order_and_those_without_a_candidate_too(case: Case) -> None:
    found = {s.unlinked.thing.iri: [x.id for x in s.suggestions] for s in case.suggested()}
    assert list(found) == [BORIS, OFFICE, TOPIC]
    assert found[BORIS][0] == "Q893758"
    assert found[TOPIC] == []


def test_another_office_is_suggested_where_ours_is_not_there(case: Case) -> None:
    items = case.stand_in.items.entities
    taken = items.pop(MINISTER)
    try:
        [office] = case.suggested(case.things("office"))
    finally:
        items[MINISTER] = taken
    french = next(s for s in office.suggestions if s.id == FRENCH)
    assert "represents Germany (P1001): 0" in french.doubts
