"""Every example query answers what a careful reader of the article would answer.

The expectations were written from the article, not from what the queries return.
"""

import json
import re
from pathlib import Path

import pytest
from pyoxigraph import (
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    RdfFormat,
    Store,
    parse,
)

SITE = Path(__file__).parents[2]
BASE = "https://w3id.org/triplomacy/"
QUERIES = sorted((SITE / "queries").glob("*.rq"))
EXPECTED = Path(__file__).parent / "expected"
# Those that call another server have their test in `test_federated_queries`.
LOCAL = [path for path in QUERIES if "SERVICE" not in path.read_text("utf-8")]
COMPETENCY_QUESTIONS = [f"CQ{n}" for n in (1, 2, 3, 5, 7, 8, 10, 11, 12, 14, 15, 17, 20, 21)]

every_query = pytest.mark.parametrize("query", QUERIES, ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def store() -> Store:
    """The vocabulary and the data, one named graph a file."""
    store = Store()
    for path in sorted([*SITE.glob("ontology/**/*.ttl"), *SITE.glob("data/**/*.ttl")]):
        name = path.relative_to(SITE).with_suffix("").as_posix().removeprefix("data/")
        graph = NamedNode(f"{BASE}graph/{name}")
        store.load(path=path, format=RdfFormat.TURTLE, to_graph=graph)
    return store


def ask(store: Store, query: str):
    return store.query(query, use_default_graph_as_union=True)


def table(solutions: QuerySolutions) -> tuple[list[str], list[list[str | None]]]:
    columns = [variable.value for variable in solutions.variables]
    return columns, [[term.value if term else None for term in row] for row in solutions]


def as_set_of_rows(rows):
    """Rows in an order of our own: how letters sort is the engine's affair."""
    return sorted(rows, key=lambda row: [value or "" for value in row])


@pytest.mark.parametrize("query", LOCAL, ids=lambda path: path.stem)
def test_query_answers_what_the_article_says(store, query):
    answer = ask(store, query.read_text("utf-8"))
    if isinstance(answer, QuerySolutions):
        expected = json.loads((EXPECTED / f"{query.stem}.json").read_text("utf-8"))
        columns, rows = table(answer)
        assert columns == expected["columns"]
        assert as_set_of_rows(rows) == as_set_of_rows(expected["rows"])
    else:
        assert not isinstance(answer, QueryBoolean), "write the expectation of ASK queries first"
        expected = parse(path=EXPECTED / f"{query.stem}.ttl", format=RdfFormat.TURTLE)
        assert set(answer) == {quad.triple for quad in expected}


@every_query
def test_query_has_an_expectation(query):
    assert [path for path in EXPECTED.iterdir() if path.stem == query.stem]


@pytest.mark.parametrize("expectation", sorted(EXPECTED.iterdir()), ids=lambda path: path.stem)
def test_expectation_has_a_query(expectation):
    assert (SITE / "queries" / f"{expectation.stem}.rq").exists()


@every_query
def test_query_says_its_title_and_its_question(query):
    title, question = query.read_text("utf-8").splitlines()[:2]
    assert re.fullmatch(r"# title: \S.*", title)
    assert re.fullmatch(r"# question: \S.*\?", question)


@every_query
def test_query_has_a_stable_order(query):
    text = query.read_text("utf-8")
    assert "ORDER BY" in text or "CONSTRUCT" in text


@every_query
def test_query_declares_the_prefixes_that_it_uses_and_no_others(query):
    text = re.sub(r"#.*|\"[^\"]*\"|<[^>]*>", "", query.read_text("utf-8").replace("#>", ">"))
    declared = re.findall(r"PREFIX ([\w-]+):", text)
    used = set(re.findall(r"(?<![\w-])([a-z][\w-]*):[\w-]", text))
    assert set(declared) == used
    assert len(declared) == len(used)


@pytest.mark.parametrize("question", COMPETENCY_QUESTIONS)
def test_competency_question_has_a_query(question):
    expectations = [json.loads(path.read_text("utf-8")) for path in EXPECTED.glob("*.json")]
    assert [e for e in expectations if e.get("competencyQuestion") == question]


@pytest.mark.parametrize(
    ("said", "reacted", "days", "verdict"),
    [
        ("2025-02-12", "2025-02-12", "0", "yes"),
        ("2025-02-12", "2025-02-14", "2", "yes"),
        ("2025-02-12", "2025-02-15", "3", "no"),
        ("2025-02-27", "2025-03-01", "2", "yes"),
        ("2024-02-27", "2024-03-01", "3", "no"),
        ("2024-12-31", "2025-01-01", "1", "yes"),
    ],
)
def test_days_between_dated_statements_are_counted(said, reacted, days, verdict):
    store = Store()
    eas, label = f"{BASE}ontology#", NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    actor, first, second = (
        NamedNode(f"{BASE}id/{x}") for x in ("actor/a", "event/e", "statement/s")
    )
    date_type = NamedNode("http://www.w3.org/2001/XMLSchema#date")
    for subject, predicate, value in [
        (actor, label, Literal("A", language="en")),
        (first, label, Literal("E", language="en")),
        (first, NamedNode(eas + "date"), Literal(said, datatype=date_type)),
        (second, NamedNode(eas + "respondsTo"), first),
        (second, NamedNode(eas + "speaker"), actor),
        (second, NamedNode(eas + "date"), Literal(reacted, datatype=date_type)),
    ]:
        store.add(Quad(subject, predicate, value, NamedNode(f"{BASE}graph/test")))
    query = (SITE / "queries" / "reactions-within-two-days.rq").read_text("utf-8")
    assert table(ask(store, query))[1] == [["A", "E", days, verdict]]
