"""The query page: it works without scripts, shows answers with links, and never cuts in silence."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.web.small_release import BASE

HTML = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
ALL = "SELECT * { ?s ?p ?o }"
DIGITS = " ".join(f"VALUES ?{v} {{ 0 1 2 3 4 5 6 7 8 9 }}" for v in "abcd")
"""A pattern with 10,000 solutions."""


class Elements(HTMLParser):
    """All start tags of a page with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def values(self, tag: str, name: str) -> list[str]:
        return [a[name] or "" for t, a in self.found if t == tag and name in a]


def page(small: httpx.Client, query: str | None = None, **params: str) -> httpx.Response:
    if query is not None:
        params["query"] = query
    return small.get("sparql", params=params, headers=HTML)


def editor(response: httpx.Response) -> str:
    found = re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", response.text, re.DOTALL)
    assert found is not None
    return unescape(found[1])


def test_a_browser_gets_the_page_and_a_program_the_service_description(small: httpx.Client) -> None:
    assert page(small).headers["Content-Type"] == "text/html; charset=utf-8"
    for accept in (None, "*/*", "text/turtle"):
        response = small.get("sparql", headers={"Accept": accept} if accept else {})
        assert response.headers["Content-Type"] == "text/turtle; charset=utf-8"


def test_the_first_query_declares_prefixes_and_runs_as_it_stands(small: httpx.Client) -> None:
    text = editor(page(small))
    assert f"PREFIX eas: <{BASE}ontology#>" in text
    assert small.get("sparql", params={"query": text}).status_code == 200


def test_the_form_works_without_scripts(small: httpx.Client) -> None:
    elements = Elements(page(small).text)
    [form] = [a for t, a in elements.found if t == "form"]
    assert form["method"] == "get"
    assert urlsplit(form["action"] or "").path == "/sparql"
    assert "query" in elements.values("label", "for")
    assert "query" in elements.values("textarea", "id")
    assert "post" in elements.values("button", "formmethod")


def test_no_script_or_style_is_inline(small: httpx.Client) -> None:
    for response in (page(small), page(small, ALL), page(small, "SELECT")):
        policy = response.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        elements = Elements(response.text)
        scripts = [a for t, a in elements.found if t == "script"]
        assert all(a.get("src") or a.get("type") == "application/ld+json" for a in scripts)
        assert not [t for t, _ in elements.found if t == "style"]
        names = {name for _, attributes in elements.found for name in attributes}
        assert not [n for n in names if n == "style" or n.startswith("on")]


def test_scripts_and_styles_of_the_page_are_there(small: httpx.Client) -> None:
    for path in ("static/query.js", "static/query.css"):
        assert small.get(path).status_code == 200


def test_examples_are_listed_with_their_questions(small: httpx.Client) -> None:
    text = page(small).text
    assert "People" in text
    assert "Who is there?" in text
    [link] = [h for h in Elements(text).values("a", "href") if "example=people" in h]
    shown = small.get(link, headers=HTML)
    assert "foaf/0.1/Person" in editor(shown)


def test_an_unknown_example_is_404(small: httpx.Client) -> None:
    assert small.get("sparql", params={"example": "nothing"}, headers=HTML).status_code == 404


def test_the_query_stays_in_the_editor_and_the_results_are_a_table(small: httpx.Client) -> None:
    response = page(small, ALL)
    assert editor(response).strip() == ALL
    assert '<th scope="col">s</th>' in response.text
    assert "13 rows" in response.text


def test_things_of_the_site_link_to_this_server_and_others_outward(small: httpx.Client) -> None:
    response = page(small, ALL)
    hrefs = Elements(response.text).values("a", "href")
    assert f"{small.base_url}id/actor/talleyrand" in hrefs
    assert f"{small.base_url}id/place/Besan%C3%A7on" in hrefs
    assert "http://example.com/t?a=1&b=2" in hrefs
    assert f"{BASE}id/actor/talleyrand" not in hrefs


def test_labels_stand_for_iris(small: httpx.Client) -> None:
    assert ">Talleyrand</a>" in page(small, ALL).text
    assert ">Besançon, France</a>" in page(small, ALL).text


def test_a_javascript_iri_is_shown_and_never_linked(small: httpx.Client) -> None:
    response = page(small, ALL)
    assert "javascript:alert(1)" in response.text
    elements = Elements(response.text)
    for _, attributes in elements.found:
        for name in ("href", "src", "action", "formaction"):
            scheme = urlsplit(attributes.get(name) or "").scheme
            assert scheme in ("", "http", "https"), attributes


@pytest.mark.parametrize(
    "iri", ["data:text/html,x", "vbscript:x", "JavaScript:alert(1)", "urn:x:y"]
)
def test_only_web_addresses_are_linked(small: httpx.Client, iri: str) -> None:
    text = page(small, f"SELECT (<{iri}> AS ?x) {{}}").text
    assert iri in text
    assert not [h for h in Elements(text).values("a", "href") if h.startswith(iri)]


def test_literals_are_escaped_with_their_language_and_datatype(small: httpx.Client) -> None:
    text = page(small, ALL).text
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; &#34;quoted&#34;" in text
    assert "<b>bold" not in text
    assert '<bdi lang="fr">Besançon</bdi>' in text
    assert "xsd:date" in text


def test_a_query_cannot_break_out_of_the_editor(small: httpx.Client) -> None:
    evil = "SELECT ('</textarea><script>alert(1)</script>' AS ?x) {}"
    response = page(small, evil)
    assert "<script>alert" not in response.text
    assert editor(response).strip() == evil
    broken = page(small, "</textarea><script>alert(1)</script>")
    assert broken.status_code == 400
    assert "<script>alert" not in broken.text


def test_a_long_table_is_cut_and_says_so(small: httpx.Client) -> None:
    text = " ".join(page(small, f"SELECT * {{ {DIGITS} }}").text.split())
    assert "Showing the first 1,000 of 10,000 rows; the downloads hold all of them." in text
    assert text.count("<tr>") == 1001


def test_download_links_give_what_they_say(small: httpx.Client) -> None:
    for query, kind in ((ALL, 4), (f"DESCRIBE <{BASE}id/actor/talleyrand>", 6)):
        elements = Elements(page(small, query).text)
        links = [a for t, a in elements.found if t == "a" and a.get("type")]
        assert all("format=" in (a["href"] or "") for a in links)
        assert len(links) == kind
        for link in links:
            response = small.get(link["href"] or "")
            assert response.headers["Content-Type"].partition(";")[0] == link["type"]


def test_the_dataset_stays_with_the_query(small: httpx.Client) -> None:
    graph = f"{BASE}graph/places"
    response = page(small, ALL, **{"default-graph-uri": graph})
    assert "3 rows" in response.text
    elements = Elements(response.text)
    hidden = {"type": "hidden", "name": "default-graph-uri", "value": graph}
    assert ("input", hidden) in elements.found
    [permalink] = [h for h in elements.values("a", "href") if "query=" in h and "format=" not in h]
    asked = parse_qs(urlsplit(permalink).query)
    assert asked == {"query": [ALL], "default-graph-uri": [graph]}


def test_a_truth_value_and_an_empty_table_are_said_in_words(small: httpx.Client) -> None:
    assert "<strong>true</strong>" in page(small, "ASK {}").text
    assert "0 rows" in page(small, "SELECT * { <http://e/x> ?p ?o }").text


def test_a_graph_is_shown_as_turtle(small: httpx.Client) -> None:
    response = page(small, "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }")
    assert response.status_code == 200
    assert "@prefix" in response.text
    assert "&#34;Besançon&#34;@fr" in response.text


def test_a_long_graph_is_cut_and_says_so(small: httpx.Client) -> None:
    joined = "CONCAT('http://e/', STR(?a), STR(?b), STR(?c), STR(?d))"
    query = f"CONSTRUCT {{ ?i <http://e/p> 1 }} {{ {DIGITS} BIND(IRI({joined}) AS ?i) }}"
    text = page(small, query).text
    assert re.search(r"Showing the first [\d,]+ of\s+[\d,]+ characters", text)


def test_an_error_stands_beside_the_editor_with_its_place(small: httpx.Client) -> None:
    response = page(small, "SELECT * {\n  ?s foaf:name ?o\n}")
    assert response.status_code == 400
    assert "Line 2, column 6." in response.text
    assert editor(response).startswith("SELECT * {")
    [area] = [a for t, a in Elements(response.text).found if t == "textarea"]
    assert (area["data-line"], area["data-column"], area["aria-invalid"]) == ("2", "6", "true")
    assert "ETag" not in response.headers
    assert response.headers["Cache-Control"] == "no-store"


def test_a_refused_query_stays_in_the_editor(small: httpx.Client) -> None:
    query = "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"
    response = page(small, query)
    assert response.status_code == 403
    assert editor(response).strip() == query


def test_a_long_query_by_post_gets_the_page_too(small: httpx.Client) -> None:
    query = f"# {'x' * 20_000}\n{ALL}"
    response = small.post("sparql", data={"query": query, "format": "html"}, headers=HTML)
    assert response.status_code == 200
    assert "13 rows" in response.text
    forms = [a for t, a in Elements(response.text).found if t == "form"]
    [form] = [a for a in forms if a.get("class") == "query-downloads"]
    assert form["method"] == "post"
    assert not [h for h in Elements(response.text).values("a", "href") if len(h) > 10_000]


def test_the_select_of_formats_may_say_html(small: httpx.Client) -> None:
    response = small.get("sparql", params={"query": ALL, "format": "html"})
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"


def test_the_page_has_validators_like_every_answer(small: httpx.Client) -> None:
    for query in (None, ALL):
        first = page(small, query)
        again = small.get(first.url, headers=HTML | {"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304
        assert "Accept" in first.headers["Vary"]


def test_a_program_gets_at_once_what_the_page_was_made_of(small: httpx.Client) -> None:
    describe = f"DESCRIBE <{BASE}id/actor/talleyrand> # for a page"
    for query, kind in ((f"{ALL} # for a page", "sparql-results+json"), (describe, "turtle")):
        assert page(small, query).status_code == 200
        answer = small.get(
            "sparql", params={"query": query}, headers={"Accept": f"*/*, text/{kind}"}
        )
        assert kind in answer.headers["Content-Type"]
        assert answer.headers["Server-Timing"].startswith("cache;desc=hit")
        other = small.get("sparql", params={"query": query, "format": "xml"})
        assert other.headers["Server-Timing"].startswith("cache;desc=miss")
