"""The query page with its scripts, in a real browser: editing, running, looking, taking along."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.conftest import Server
from tests.web.browsing import PHONE, needs_chromium, serious_faults
from tests.web.test_limits import ENDLESS, limited_server  # noqa: F401 - a fixture
from triplomacy.web.query_bundle import query_bundle

pytestmark = [
    needs_chromium,
    pytest.mark.skipif(query_bundle() is None, reason="needs the scripts: see CONTRIBUTING.md"),
]

EAS = "PREFIX eas: <https://w3id.org/triplomacy/ontology#>\n"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
PEOPLE = (
    f"{EAS}SELECT ?person ?name {{\n  ?person a eas:Person ; {LABEL} ?name .\n}} ORDER BY ?name"
)
ABOUT_CALL = "DESCRIBE <https://w3id.org/triplomacy/id/event/trump-putin-call>"
DIGITS = "0 1 2 3 4 5 6 7 8 9"
MILLION = f"SELECT * {{ {' '.join(f'VALUES ?{v} {{ {DIGITS} }}' for v in 'abcdef')} }}"
XSD = "http://www.w3.org/2001/XMLSchema#"
DATES = f"""PREFIX xsd: <{XSD}> SELECT * {{ VALUES (?what ?start ?end) {{
  ("later" "2025-03-01"^^xsd:date UNDEF)
  ("a visit" "2025-02-10"^^xsd:date "2025-02-14"^^xsd:date)
  ("a call" "2025-02-12T18:00:00Z"^^xsd:dateTime UNDEF)
  ("a month" "2025-01"^^xsd:gYearMonth UNDEF)
  ("undated" UNDEF UNDEF)
}} }}"""
SCRIPT = "<script>window.hurt = 1</script><img src=x onerror='window.hurt = 1'>"
HOSTILE = f"""PREFIX xsd: <{XSD}> SELECT ?__proto__ ?constructor ?text ?date {{
  BIND(<javascript:window.hurt=1> AS ?__proto__) BIND(<http://e/?"onclick=window.hurt> AS ?none)
  BIND(<data:text/html,x> AS ?constructor) BIND("{SCRIPT}" AS ?text)
  BIND("2025-02-12"^^xsd:date AS ?date)
}}""".replace('<http://e/?"onclick=window.hurt>', "<http://e/?onclick=window.hurt>")


def editor(page: Page) -> Locator:
    return page.locator(".cm-content")


def write(page: Page, text: str) -> None:
    """Put `text` in the place of what the editor holds."""
    editor(page).click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def ask(page: Page, server: Server, query: str) -> None:
    """Open the page, run `query`, and wait for what comes of it."""
    page.goto(server.url + "sparql")
    write(page, query)
    page.keyboard.press("Control+Enter")
    page.locator(".query-outcome :is(#answer, #query-error)").first.wait_for()


def look(page: Page, view: str) -> Locator:
    """Turn to a view, and wait until it is drawn."""
    page.get_by_role("tab", name=view, exact=True).click()
    panel = page.get_by_role("tabpanel")
    expect(panel.locator("> [aria-busy]")).to_have_count(0)
    return panel


def take(page: Page) -> None:
    """Take what is offered first. An offer that has only just appeared or changed is not taken."""
    page.wait_for_timeout(500)
    page.keyboard.press("Enter")


def written(page: Page) -> str:
    return "\n".join(editor(page).locator(".cm-line").all_inner_texts()).replace("\n\n", "\n")


# The editor


def test_the_editor_stands_in_the_place_of_the_form(
    page: Page, faults: list[str], server: Server
) -> None:
    page.goto(server.url + "sparql", wait_until="networkidle")
    expect(page.locator("#query-form")).to_be_hidden()
    expect(editor(page)).to_contain_text("PREFIX eas:")
    assert editor(page).get_attribute("aria-label") == "SPARQL query"
    assert faults == []


def test_without_scripts_the_form_is_as_it_was(plain: Page, server: Server) -> None:
    plain.goto(server.url + "sparql")
    plain.locator("textarea").fill(PEOPLE)
    plain.get_by_role("button", name="Run", exact=True).click()
    expect(plain.locator("tbody tr").first).to_contain_text("Boris Pistorius")
    assert parse_qs(urlsplit(plain.url).query)["query"] == [PEOPLE.replace("\n", "\r\n")]


def test_where_the_scripts_do_not_arrive_the_form_serves(page: Page, server: Server) -> None:
    page.route("**/static/query/*.js", lambda route: route.abort())
    page.goto(server.url + "sparql")
    page.locator("textarea").fill(PEOPLE)
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator("tbody tr").first).to_contain_text("Boris Pistorius")


def test_tab_indents_and_escape_then_tab_leaves(page: Page, server: Server) -> None:
    page.goto(server.url + "sparql")
    write(page, "ASK {}")
    page.keyboard.press("Tab")
    assert written(page) == "  ASK {}"
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(editor(page)).not_to_be_focused()
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_focused()


def test_lines_are_indented_brackets_closed_and_all_of_it_undone(
    page: Page,
    faults: list[str],
    server: Server,
) -> None:
    page.goto(server.url + "sparql")
    before = written(page)
    editor(page).click()
    page.keyboard.press("Control+a")
    page.keyboard.type("ASK {\n?s ?p 'o' .")
    assert written(page) == "ASK {\n  ?s ?p 'o' .\n}"
    expect(editor(page).locator(".cm-line").nth(1)).to_contain_text("?s ?p 'o'")
    for _ in range(20):
        page.keyboard.press("Control+z")
    assert written(page) == before
    assert faults == []


def test_a_prefix_is_offered_and_brings_its_line(page: Page, server: Server) -> None:
    page.goto(server.url + "sparql", wait_until="networkidle")
    write(page, EAS + "SELECT * { ?s ")
    page.keyboard.type("sko", delay=20)
    offered = page.locator(".cm-tooltip-autocomplete li")
    expect(offered.first).to_contain_text("skos:")
    take(page)
    assert "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\nSELECT * { ?s skos:" in written(
        page
    )
    page.keyboard.type("pref", delay=20)
    expect(offered.first).to_contain_text("skos:prefLabel")


def test_classes_of_the_release_are_offered_with_how_often_they_are_used(
    page: Page,
    server: Server,
) -> None:
    page.goto(server.url + "sparql", wait_until="networkidle")
    write(page, EAS + "SELECT * { ?s a ")
    page.keyboard.type("eas:Ev", delay=20)
    first = page.locator(".cm-tooltip-autocomplete li").first
    expect(first).to_contain_text("eas:Event")
    count = httpx.get(
        server.url + "sparql",
        params={"query": EAS + "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a eas:Event }"},
        headers={"Accept": "text/csv"},
    ).text.split()[1]
    expect(first).to_contain_text(f"{count} things")


@pytest.mark.parametrize(
    ("typed", "label", "name"),
    [
        ("actor:don", "Donald Trump", "actor:donald-trump"),
        ("wd:put", "Vladimir Putin", "wd:Q7747"),
    ],
)
def test_things_of_the_release_are_offered_by_the_beginning_of_their_name(
    page: Page,
    server: Server,
    typed: str,
    label: str,
    name: str,
) -> None:
    page.goto(server.url + "sparql", wait_until="networkidle")
    write(page, "ASK { ")
    page.keyboard.type(typed, delay=20)
    expect(page.locator(".cm-tooltip-autocomplete li").first).to_contain_text(label)
    take(page)
    assert written(page).startswith(f"PREFIX {name.partition(':')[0]}: <")
    assert f"ASK {{ {name}" in written(page)


def test_what_is_wrong_is_marked_where_it_stands(page: Page, server: Server) -> None:
    ask(page, server, "SELECT * {\n  ?s 😀:x foaf:name ?o\n}")
    ask(page, server, "SELECT * {\n  ?s foaf:name ?o\n}")
    expect(page.locator(".cm-lintRange-error")).to_have_text("foaf:name")
    problem = page.get_by_role("alert")
    expect(problem).to_contain_text("Line 2, column 6.")
    expect(problem).to_contain_text("What to do: Declare it at the top")
    expect(problem).to_contain_text("400")
    write(page, "ASK {}")
    expect(page.locator(".cm-lintRange-error")).to_have_count(0)


def test_a_prefix_that_is_missing_can_be_added_at_once(page: Page, server: Server) -> None:
    ask(page, server, "SELECT * {\n  ?s foaf:name ?o\n}")
    page.locator(".cm-lintRange-error").hover()
    page.get_by_role("button", name="Add PREFIX foaf:").click()
    assert written(page).startswith("PREFIX foaf: <http://xmlns.com/foaf/0.1/>\nSELECT")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator(".query-summary")).to_contain_text("0 rows")


def test_an_error_that_the_server_has_rendered_is_marked_too(page: Page, server: Server) -> None:
    page.goto(server.url + "sparql?query=" + quote("SELECT * {\n  ?s foaf:name ?o\n}"))
    expect(page.locator(".cm-lintRange-error")).to_have_text("foaf:name")
    expect(page.get_by_role("alert")).to_have_count(1)


# Answers


def test_a_query_runs_and_its_address_is_a_link_to_it(page: Page, server: Server) -> None:
    ask(page, server, PEOPLE)
    rows = page.locator(".query-outcome tbody tr")
    expect(rows.first.get_by_role("link")).to_have_text("Boris Pistorius")
    summary = page.locator(".query-summary")
    expect(summary).to_contain_text(re.compile(r"\d+ rows · \d+ ms in the server"))
    expect(summary).to_contain_text(re.compile(r"query [0-9a-f]+ · limits: 30 s, 1,000,000 rows"))
    assert parse_qs(urlsplit(page.url).query) == {"query": [PEOPLE]}
    count = rows.count()
    page.reload()
    expect(page.locator(".query-outcome .query-summary")).to_contain_text("had it at hand")
    expect(page.locator(".query-outcome")).to_have_count(1)
    expect(page.locator(".query-outcome tbody tr")).to_have_count(count)


def test_things_lead_to_their_pages_here_and_others_outward(page: Page, server: Server) -> None:
    here = server.base + "id/actor/donald-trump"
    ask(page, server, f"SELECT (<{here}> AS ?a) (<http://www.wikidata.org/entity/Q30> AS ?b) {{}}")
    links = page.locator(".query-outcome tbody a")
    expect(links.first).to_have_text("Donald Trump")
    assert links.first.get_attribute("href") == server.local(here)
    assert links.nth(1).get_attribute("href") == "http://www.wikidata.org/entity/Q30"
    assert links.nth(1).get_attribute("class") == "ext"
    expect(links.nth(2)).to_have_text("here")
    assert links.nth(2).get_attribute("href") == f"{server.url}id/actor/united-states"


def test_a_table_is_sorted_filtered_and_paged(page: Page, server: Server) -> None:
    values = " ".join(str(n) for n in range(120))
    ask(page, server, f"SELECT ?n (STR(?n) AS ?text) {{ VALUES ?n {{ {values} }} }} ORDER BY ?n")
    cells = page.locator(".query-outcome tbody td:first-child")
    expect(cells).to_have_count(50)
    page.get_by_role("button", name="Last").click()
    expect(cells).to_have_count(20)
    header = page.get_by_role("columnheader", name="n", exact=True)
    header.get_by_role("button").click()
    header.get_by_role("button").click()
    expect(header).to_have_attribute("aria-sort", "descending")
    expect(cells.first).to_contain_text("119")
    page.get_by_label("Filter").fill("11")
    expect(page.locator(".query-count")).to_have_text("11 of 120 rows fit the filter.")
    expect(cells.first).to_contain_text("119")


def test_a_truth_value_is_told(page: Page, server: Server) -> None:
    ask(page, server, "ASK {}")
    expect(page.get_by_role("tabpanel")).to_have_text("true")


def test_a_graph_is_shown_as_turtle_as_a_table_and_as_a_drawing(
    page: Page, faults: list[str], server: Server
) -> None:
    ask(page, server, ABOUT_CALL)
    raw = page.locator("pre.query-raw")
    expect(raw).to_contain_text("@prefix eas:")
    page.get_by_label("Format").select_option("jsonld")
    expect(raw).to_contain_text('"@id"')
    look(page, "Table")
    expect(page.locator("thead")).to_contain_text("predicate")
    triples = page.locator(".query-count").inner_text()
    assert re.fullmatch(r"\d+ triples\.", triples)
    look(page, "Graph")
    drawn = page.locator(".graph-item")
    expect(drawn.filter(has_text="Trump–Putin call").first).to_be_attached()
    count = drawn.count()
    page.get_by_label("Draw literals, too").check()
    expect(page.locator(".graph-literal").first).to_be_attached()
    assert drawn.count() > count
    assert faults == []


def test_a_drawing_can_be_walked_and_enlarged_by_keys(page: Page, server: Server) -> None:
    ask(page, server, EAS + "SELECT ?a ?b { ?s eas:speaker ?a ; eas:about ?b }")
    look(page, "Graph")
    nodes = page.locator(".graph-item")
    assert page.locator(".graph-item[tabindex='0']").count() == 1
    nodes.first.focus()
    page.keyboard.press("ArrowRight")
    expect(nodes.nth(1)).to_be_focused()
    expect(page.locator(".query-details li").first).to_contain_text("→")
    expect(page.locator(".graph-edge.is-lit").first).to_be_attached()
    drawing = page.locator(".query-graph")
    before = drawing.get_attribute("viewBox")
    page.get_by_role("button", name="Larger").press("Enter")
    assert drawing.get_attribute("viewBox") != before


def test_too_many_nodes_are_not_drawn_and_it_is_said(page: Page, server: Server) -> None:
    digits = " ".join(f"VALUES ?{v} {{ {DIGITS} }}" for v in "abc")
    thing = "IRI(CONCAT('http://e/', STR(?a), STR(?b), STR(?c)))"
    query = f"SELECT (<http://e/hub> AS ?x) ({thing} AS ?y) {{ {digits} }}"
    ask(page, server, query)
    look(page, "Graph")
    expect(page.locator(".graph-item")).to_have_count(250)
    expect(page.locator(".query-notice")).to_contain_text("751 rows more would need more than 250")


def test_dates_lie_on_a_timeline(page: Page, faults: list[str], server: Server) -> None:
    ask(page, server, DATES)
    look(page, "Timeline")
    expect(page.locator(".query-count")).to_have_text(
        "4 rows drawn. 1 row without a date is not here."
    )
    items = page.locator(".timeline-item")
    expect(items).to_have_text(
        [re.compile(f"{name}$") for name in ("a month", "a visit", "a call", "later")]
    )
    width = [i.locator(".timeline-bar").bounding_box()["width"] for i in items.all()]  # type: ignore[index]
    assert width[0] > width[1] > width[2]
    items.first.focus()
    page.keyboard.press("ArrowRight")
    expect(items.nth(1)).to_be_focused()
    expect(page.locator(".query-details")).to_contain_text("2025-02-14")
    page.get_by_role("button", name="Larger").click()
    wider = items.first.locator(".timeline-bar").bounding_box()
    assert wider is not None
    assert wider["width"] > 1.8 * width[0]
    assert faults == []


def test_a_million_rows_leave_the_page_alive(page: Page, server: Server) -> None:
    ask(page, server, MILLION)
    expect(page.locator(".query-notice")).to_contain_text("The first 10,000 rows were read")
    page.reload()
    expect(page.locator(".query-notice")).to_contain_text("The first 10,000 rows were read")
    expect(page.locator(".query-outcome tbody tr")).to_have_count(50)
    page.get_by_label("Filter").fill("nothing")
    expect(page.locator(".query-count")).to_have_text("0 of 10,000 rows fit the filter.")
    look(page, "Raw")
    expect(page.locator(".query-notice")).to_contain_text("downloads hold all of them")
    assert len(page.locator("pre.query-raw").inner_text()) <= 200_000


def test_an_answer_that_the_server_cut_says_so(page: Page, limited_server: Server) -> None:  # noqa: F811
    ask(page, limited_server, "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f }")
    expect(page.locator(".query-notice")).to_contain_text("The answer was cut short")
    expect(page.locator(".query-summary")).to_contain_text("limits: 120 s, 6,000 rows, 1 MiB")
    expect(page.locator(".query-outcome tbody tr")).to_have_count(50)


def test_a_query_that_takes_too_long_tells_the_remedy_and_when_to_return(
    page: Page,
    server: Server,
) -> None:
    page.goto(server.url + "sparql")
    page.get_by_label("Seconds at most").fill("1")
    write(page, ENDLESS)
    page.keyboard.press("Control+Enter")
    problem = page.get_by_role("alert")
    expect(problem).to_contain_text("The query took too long")
    expect(problem).to_contain_text("What to do:")
    expect(problem).to_contain_text(re.compile(r"asks to wait \d+ second"))
    expect(problem).to_contain_text(re.compile(r"503 · query [0-9a-f]+ · limits: 1 s"))


def test_a_running_query_can_be_cancelled(page: Page, limited_server: Server) -> None:  # noqa: F811
    page.goto(limited_server.url + "sparql")
    write(page, ENDLESS)
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".query-outcome")).to_contain_text("Cancelled after")
    expect(page.get_by_role("button", name="Cancel")).to_be_disabled()


def test_a_query_that_runs_gives_way_to_the_next(page: Page, limited_server: Server) -> None:  # noqa: F811
    page.goto(limited_server.url + "sparql")
    write(page, ENDLESS)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name="Cancel")).to_be_enabled()
    write(page, "ASK {}")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("tabpanel")).to_have_text("true")
    expect(page.get_by_role("button", name="Cancel")).to_be_disabled()
    page.wait_for_timeout(500)
    expect(page.get_by_role("tabpanel")).to_have_text("true")


def test_a_server_that_is_gone_is_told(page: Page, server: Server) -> None:
    page.goto(server.url + "sparql", wait_until="networkidle")
    page.route("**/sparql?*", lambda route: route.abort())
    write(page, "ASK {}")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("The server could not be reached.")


@pytest.mark.parametrize("view", ["Table", "Raw", "Graph", "Timeline"])
def test_hostile_terms_run_nothing_in_any_view(
    page: Page, faults: list[str], server: Server, view: str
) -> None:
    ask(page, server, HOSTILE)
    if view == "Table":
        expect(page.locator("thead th").first).to_have_text("__proto__")
        expect(page.locator("tbody td")).to_have_text(
            ["javascript:window.hurt=1", "data:text/html,x", SCRIPT, re.compile("2025-02-12")]
        )
    look(page, view)
    if view == "Graph":
        page.get_by_label("Draw literals, too").check()
        page.locator(".graph-item").first.focus()
    if view == "Timeline":
        page.get_by_label("named by").select_option(label="text")
        page.locator(".timeline-item").first.click()
    hrefs = page.locator("main a").evaluate_all("links => links.map(each => each.protocol)")
    assert set(hrefs) <= {"http:", "https:"}
    assert page.evaluate("window.hurt") is None
    assert faults == []


# What is taken along


@pytest.fixture
def shared(page: Page, server: Server) -> Iterator[dict[str, str]]:
    """The link and the code for a query with all that quoting must survive."""
    query = (
        'SELECT ?text ?ü { # it\'s "quoted"\n'
        '  VALUES (?text ?ü) { (\'it\\\'s $HOME `id` \\\\ """ !x %s\' "😀\\n") }\n}\n'
    )
    ask(page, server, query)
    page.get_by_text("Share: link").click()
    codes = page.locator(".query-code pre").all_text_contents()
    yield dict(zip(("link", "curl", "python"), codes, strict=True)) | {"query": query}


EXPECTED = {"text": 'it\'s $HOME `id` \\ """ !x %s', "ü": "😀\n"}


def test_the_link_asks_the_same(shared: dict[str, str]) -> None:
    assert parse_qs(urlsplit(shared["link"]).query)["query"] == [shared["query"]]
    answer = httpx.get(shared["link"], headers={"Accept": "application/sparql-results+json"})
    [row] = answer.json()["results"]["bindings"]
    assert {name: term["value"] for name, term in row.items()} == EXPECTED


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl on the PATH")
def test_the_line_for_the_shell_runs_and_gives_the_answer(shared: dict[str, str]) -> None:
    run = subprocess.run(["sh", "-c", shared["curl"]], capture_output=True, text=True, check=True)
    [row] = json.loads(run.stdout)["results"]["bindings"]
    assert {name: term["value"] for name, term in row.items()} == EXPECTED


def test_the_script_in_python_runs_and_gives_the_answer(
    shared: dict[str, str], tmp_path: Path
) -> None:
    script = tmp_path / "query.py"
    script.write_text(shared["python"], encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-X", "utf8", str(script)], capture_output=True, text=True, check=True
    )
    assert run.stdout == f"{EXPECTED}\n"


@pytest.mark.parametrize(("query", "words"), [("ASK {}", "True"), (ABOUT_CALL, "@prefix")])
def test_scripts_for_other_forms_of_query_run_too(
    page: Page,
    server: Server,
    query: str,
    words: str,
) -> None:
    ask(page, server, query)
    page.get_by_text("Share: link").click()
    script = page.get_by_role("region", name="Python").inner_text()
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert words in run.stdout


def test_downloads_give_the_whole_answer(page: Page, server: Server) -> None:
    ask(page, server, PEOPLE)
    with page.expect_download() as told:
        page.locator(".query-downloads").get_by_role("link", name="CSV").click()
    text = Path(told.value.path()).read_text(encoding="utf-8")
    assert text.startswith("person,name")
    assert told.value.suggested_filename == "answer.csv"


def test_a_long_query_runs_by_post_and_is_told_to_have_no_link(page: Page, server: Server) -> None:
    ask(page, server, f"# {'x' * 20_000}\n{PEOPLE}")
    expect(page.locator(".query-outcome tbody tr").first).to_contain_text("Boris Pistorius")
    assert page.url == server.url + "sparql"
    page.get_by_text("Share: link").click()
    expect(page.locator(".query-share .query-notice")).to_contain_text("has no link")
    with page.expect_download() as told:
        page.locator(".query-downloads").get_by_role("button", name="XML").click()
    assert "Boris Pistorius" in Path(told.value.path()).read_text(encoding="utf-8")


# The desk


def test_queries_stay_in_their_tabs(page: Page, server: Server) -> None:
    page.goto(server.url + "sparql")
    write(page, "# title: Mine\nASK {}")
    page.get_by_role("button", name="New query").click()
    expect(editor(page)).to_contain_text("SELECT ?thing ?label")
    write(page, "# second\nASK {}")
    page.reload()
    tabs = page.get_by_role("tablist", name="Queries").get_by_role("tab")
    expect(tabs).to_have_text(["Mine", "second"])
    expect(editor(page)).to_contain_text("# second")
    tabs.nth(1).press("ArrowLeft")
    expect(editor(page)).to_contain_text("# title: Mine")
    expect(tabs.first).to_be_focused()
    editor(page).click()
    page.keyboard.press("Control+z")
    expect(editor(page)).to_contain_text("# title: Mine")  # what is undone is of this tab
    page.get_by_role("button", name="Close this query").click()
    expect(tabs).to_have_text(["second"])


def test_an_example_opens_beside_what_is_there(page: Page, server: Server) -> None:
    page.goto(server.url + "sparql")
    write(page, "# mine\nASK {}")
    page.get_by_role("link", name="Criticism").click()
    expect(editor(page)).to_contain_text("critic")
    tabs = page.get_by_role("tablist", name="Queries").get_by_role("tab")
    expect(tabs).to_have_count(2)
    expect(tabs.first).to_have_text("mine")


# Every state


STATES = {
    "empty": (None, None),
    "table": (PEOPLE, "Table"),
    "truth": ("ASK {}", None),
    "raw": (ABOUT_CALL, "Raw"),
    "graph": (ABOUT_CALL, "Graph"),
    "timeline": (DATES, "Timeline"),
    "error": ("SELECT * { ?s foaf:name ?o }", None),
}


@pytest.mark.parametrize("state", STATES)
def test_every_state_is_accessible_and_fits_a_phone_in_light_and_dark(
    page: Page,
    server: Server,
    state: str,
) -> None:
    query, view = STATES[state]
    if query is None:
        page.goto(server.url + "sparql", wait_until="networkidle")
    else:
        ask(page, server, query)
    if view is not None:
        look(page, view)
    page.get_by_text("Share: link").click()
    assert serious_faults(page) == []
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.emulate_media(color_scheme="dark")
    assert serious_faults(page, "color-contrast") == []
