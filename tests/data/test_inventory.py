"""The data hold every numbered item of the inventory of the article, and no others.

`inventory.json` was made by reading the article sentence by sentence; each item is one test case.
A actors, O offices, E events, ST statements, N the article's own voice, SN stances, R relations.
"""

import json
from pathlib import Path

import pytest
from rdflib import RDF, RDFS, XSD, Literal
from rdflib.namespace import SKOS

INVENTORY = json.loads((Path(__file__).parent / "inventory.json").read_text("utf-8"))


def each(kind):
    return pytest.mark.parametrize("item", INVENTORY[kind], ids=lambda item: item["no"])


# Actors and offices


@each("actors")
def test_actor_is_described_as_what_it_is(facts, name, item):
    actor = name.thing("actor", item["id"])
    kinds = {name.eas.Actor, name.eas[item["class"]]}
    if item["class"] == "GeopoliticalEntity":
        kinds.add(name.eas.Place)
    assert set(facts.objects(actor, RDF.type)) == kinds
    assert list(facts.objects(actor, RDFS.label)) == [Literal(item["label"], lang="en")]


@each("actors")
def test_actor_bears_every_name_that_the_article_gives_it(facts, name, item):
    actor = name.thing("actor", item["id"])
    names = {str(label) for p in (RDFS.label, SKOS.altLabel) for label in facts.objects(actor, p)}
    assert names == {item["label"], *item["surfaceForms"]}


@each("actors")
def test_actor_points_to_every_sentence_that_names_it(name, sentences_of, item):
    assert set(item["sentences"]) <= sentences_of(name.thing("actor", item["id"]))


@each("offices")
def test_office_represents_its_country(facts, name, words, item):
    office = name.thing("office", item["id"])
    assert list(facts.objects(office, RDF.type)) == [name.eas.Office]
    assert list(facts.objects(office, RDFS.label)) == [Literal(item["label"], lang="en")]
    assert list(facts.objects(office, name.eas.represents)) == [
        name.thing("actor", item["represents"])
    ]
    assert item["label"] in words(office)


@each("offices")
def test_office_is_held_by_the_person_whom_the_article_names(facts, name, sentences_of, item):
    office = name.thing("office", item["id"])
    [holding] = set(facts.subjects(name.eas.office, office)) & holdings(facts, name)
    assert holding == name.thing("holding", f"{item['heldBy']}--{item['id']}")
    assert list(facts.objects(holding, name.eas.actor)) == [name.thing("actor", item["heldBy"])]
    assert item["sentence"] in sentences_of(holding)


# Events


@each("events")
def test_event_has_its_type_and_its_status(facts, name, item):
    event = name.thing("event", item["id"])
    assert list(facts.objects(event, RDF.type)) == [name.eas.Event]
    assert list(facts.objects(event, name.eas.eventType)) == [
        name.concept("event-type", item["type"])
    ]
    status = name.concept("realization", item["realization"])
    assert list(facts.objects(event, name.eas.realization)) == [status]


@each("events")
def test_event_has_its_participants_in_their_roles(facts, name, item):
    event = name.thing("event", item["id"])
    found = {
        (participation, actor, role)
        for participation in facts.objects(event, name.eas.participation)
        for actor in facts.objects(participation, name.eas.actor)
        for role in facts.objects(participation, name.eas.role)
    }
    assert found == {
        (
            name.thing("participation", f"{item['id']}--{p['actor']}"),
            name.thing("actor", p["actor"]),
            name.concept("role", p["role"]),
        )
        for p in item["participants"]
    }


@each("events")
def test_event_excludes_whom_the_article_says_and_nobody_else(facts, name, item):
    excluded = set(facts.objects(name.thing("event", item["id"]), name.eas.excludes))
    assert excluded == {name.thing("actor", actor) for actor in item["excludes"]}


@each("events")
def test_event_is_placed_in_space_and_time_as_far_as_the_article_does(facts, name, item):
    event = name.thing("event", item["id"])
    places = [name.thing("actor", item["place"])] if item["place"] else []
    latest = [Literal(item["latestDate"], datatype=XSD.date)] if item["latestDate"] else []
    phrases = [Literal(item["timeExpression"])] if item["timeExpression"] else []
    assert list(facts.objects(event, name.eas.place)) == places
    assert list(facts.objects(event, name.eas.latestDate)) == latest
    assert list(facts.objects(event, name.eas.timeExpression)) == phrases


@each("events")
def test_event_rests_on_whom_the_article_rests_it_on(facts, name, item):
    authority = [name.numbered(item["accordingTo"])] if item["accordingTo"] else []
    event = name.thing("event", item["id"])
    assert list(facts.objects(event, name.eas.accordingTo)) == authority


@each("events")
def test_event_is_borne_out_by_its_passages(name, words, item):
    passages = {support["text"] for support in item["support"]}
    assert passages <= words(name.thing("event", item["id"]))


# Statements


@each("statements")
def test_statement_has_its_speakers_acts_and_mode(facts, name, item):
    statement = name.thing("statement", item["id"])
    assert list(facts.objects(statement, RDF.type)) == [name.eas.Statement]
    speakers = {name.thing("actor", actor) for actor in item["speakers"]}
    assert set(facts.objects(statement, name.eas.speaker)) == speakers
    acts = {name.concept("speech-act", act) for act in item["speechActs"]}
    assert set(facts.objects(statement, name.eas.speechAct)) == acts
    mode = name.concept("reporting-mode", item["reportingMode"])
    assert list(facts.objects(statement, name.eas.reportingMode)) == [mode]
    assert not list(facts.objects(statement, name.eas.narratedBy))


@each("statements")
def test_statement_quotes_what_the_article_quotes(facts, name, item):
    statement = name.thing("statement", item["id"])
    quotes = [
        str(facts.value(excerpt, name.eas.exactText))
        for excerpt in facts.objects(statement, name.eas.quote)
    ]
    assert quotes == ([item["quote"]] if item["quote"] else [])


@each("statements")
def test_statement_is_dated_as_far_as_the_article_does(facts, name, item):
    dates = [Literal(item["date"], datatype=XSD.date)] if item["date"] else []
    statement = name.thing("statement", item["id"])
    assert list(facts.objects(statement, name.eas.date)) == dates


@each("statements")
def test_statement_points_to_its_sentences(name, sentences_of, item):
    assert sentences_of(name.thing("statement", item["id"])) == set(item["sentences"])


@each("narrated")
def test_what_the_article_says_itself_is_a_narrated_statement(facts, name, sentences_of, item):
    narrated = set(facts.subjects(name.eas.narratedBy, name.source))
    [statement] = {s for s in narrated if item["sentence"] in sentences_of(s)}
    assert sentences_of(statement) == {item["sentence"]}
    assert not list(facts.objects(statement, name.eas.speaker))
    mode = name.concept("reporting-mode", "narration")
    assert list(facts.objects(statement, name.eas.reportingMode)) == [mode]


@pytest.mark.parametrize(
    "condition",
    [
        "the involvement of all relevant parties",
        "the preservation of Ukraine’s sovereignty",
        "the establishment of a balanced approach that considers the security interests of all "
        "stakeholders",
    ],
)
def test_success_depends_on_three_conditions_each_with_its_words(name, words, condition):
    assert condition in words(name.thing("statement", "conditions-of-success"))


# Stances


@each("stances")
def test_stance_has_its_holder_value_target_and_words(facts, name, words, item):
    matching = {
        stance
        for stance in facts.subjects(name.eas.actor, name.thing("actor", item["holder"]))
        if set(facts.objects(stance, name.eas.target))
        == {name.numbered(t) for t in item["targets"]}
    }
    [stance] = matching & set(facts.subjects(RDF.type, name.eas.Stance))
    value = name.concept("stance", item["value"])
    assert list(facts.objects(stance, name.eas.stanceValue)) == [value]
    expressed = [name.numbered(item["expressedIn"])] if item["expressedIn"] else []
    assert list(facts.objects(stance, name.eas.expressedIn)) == expressed
    assert {support["text"] for support in item["support"]} <= words(stance)


# Relations


def holdings(facts, name):
    return set(facts.subjects(RDF.type, name.eas.OfficeHolding))


def end(text, name):
    """An end of a relation: “E1 trump-putin-call”, “topic:…”, “us-president”."""
    number, _, slug = text.partition(" ")
    if slug or ":" in text:
        return name.numbered(number)
    return name.thing("office", text)


def property_of(item):
    relation = item["relation"]
    if relation.startswith("participant as"):
        return "participation"
    return {"in capacity of (office)": "office", "holds office": "office"}.get(relation, relation)


def stated(facts, name, item):
    subject, relation, target = (
        end(item["subject"], name),
        item["relation"],
        end(item["object"], name),
    )
    if relation.startswith("participant as "):
        role = name.concept("role", relation.removeprefix("participant as "))
        return any(
            (participation, name.eas.actor, target) in facts
            and (participation, name.eas.role, role) in facts
            for participation in facts.objects(subject, name.eas.participation)
        )
    if relation == "holds office":
        return any(
            (holding, name.eas.actor, subject) in facts
            and (holding, name.eas.office, target) in facts
            for holding in holdings(facts, name)
        )
    return (subject, name.eas[property_of(item)], target) in facts


@each("relations")
def test_relation_is_stated(facts, name, item):
    assert stated(facts, name, item)


@each("relations")
def test_relation_is_borne_out_by_its_sentences(name, sentences_of, item):
    subject = end(item["subject"], name)
    assert set(item["sentences"]) <= sentences_of(subject) | sentences_of(
        end_of_holding(item, name)
    )


def end_of_holding(item, name):
    if item["relation"] != "holds office":
        return None
    return name.thing("holding", f"{item['subject'].split()[-1]}--{item['object']}")


@each("relations")
def test_relation_is_called_a_reading_only_if_the_words_do_not_state_it(facts, name, item):
    subject = end(item["subject"], name)
    start = f"A reading: eas:{property_of(item)}. "
    is_reading = any(comment.startswith(start) for comment in facts.objects(subject, RDFS.comment))
    assert is_reading == (item["basis"] == "interpretation")


@pytest.mark.parametrize(
    "relation",
    [
        "accordingTo", "addressee", "consequenceOf", "contradicts", "echoes", "excludes", "follows",
        "foresees", "place", "reportedBy", "represents", "respondsTo", "speaker", "subEventOf",
    ],
)  # fmt: skip
def test_no_relation_is_stated_that_the_inventory_lacks(facts, name, relation):
    listed = {
        (end(item["subject"], name), end(item["object"], name))
        for item in INVENTORY["relations"]
        if item["relation"] == relation
    }
    assert set(facts.subject_objects(name.eas[relation])) == listed


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("Actor", 29), ("Person", 6), ("Office", 6), ("OfficeHolding", 6), ("Event", 36),
        ("Statement", 19 + 7), ("Stance", 21), ("Source", 1),
    ],
)  # fmt: skip
def test_nothing_is_described_that_the_inventory_lacks(facts, name, kind, number):
    assert len(set(facts.subjects(RDF.type, name.eas[kind]))) == number


@pytest.mark.parametrize(
    ("happened", "number"),
    [({"occurred"}, 8), ({"ongoing"}, 4), (None, 24)],
    ids=["occurred", "ongoing", "not realised"],
)
def test_two_thirds_of_the_events_have_not_happened(facts, name, happened, number):
    statuses = [s.rsplit("/", 1)[1] for s in facts.objects(None, name.eas.realization)]
    if happened is None:
        assert sum(s not in {"occurred", "ongoing"} for s in statuses) == number
    else:
        assert sum(s in happened for s in statuses) == number
