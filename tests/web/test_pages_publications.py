"""Downloads, the report, the description, and what crawlers ask for, over HTTP."""

from __future__ import annotations

import gzip
import hashlib
import json
import xml.etree.ElementTree as ET
from urllib.parse import urlsplit

import httpx
import pytest
from pyoxigraph import RdfFormat, parse

from triplomacy.formats import RDF_FORMATS, Format

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(scope="session")
def listing(client: httpx.Client) -> dict[str, object]:
    """What `/dumps/` lists of the current release."""
    answer = client.get("dumps/", params={"format": "json"})
    assert answer.headers["Content-Type"] == "application/json"
    releases = answer.json()["releases"]
    assert releases[0]["version"] == answer.json()["latest"]
    found: dict[str, object] = releases[0]
    return found


def files(listing: dict[str, object]) -> list[dict[str, str]]:
    found = listing["files"]
    assert isinstance(found, list)
    return found


def test_every_listed_file_is_there_with_its_size_and_checksum(
    client: httpx.Client, listing: dict[str, object]
) -> None:
    assert files(listing)
    for file in files(listing):
        answer = client.get(file["url"])
        body = answer.content
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "application/gzip"
        assert "Content-Encoding" not in answer.headers
        assert answer.headers["ETag"] == f'"{file["sha256"]}"'
        assert len(body) == int(file["bytes"]) == int(answer.headers["Content-Length"])
        assert hashlib.sha256(body).hexdigest() == file["sha256"]
        assert gzip.decompress(body)
        assert "immutable" in answer.headers["Cache-Control"]
        name = file["url"].rpartition("/")[2]
        assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"


def test_the_checksums_agree_with_the_listing(
    client: httpx.Client, listing: dict[str, object]
) -> None:
    sums = client.get(str(listing["checksums"]))
    assert sums.headers["Content-Type"] == "text/plain; charset=utf-8"
    lines = dict(reversed(line.split("  ", 1)) for line in sums.text.splitlines())
    assert lines == {f["url"].rpartition("/")[2]: f["sha256"] for f in files(listing)}


def test_a_range_of_a_file_can_be_fetched(client: httpx.Client, listing: dict[str, object]) -> None:
    url = files(listing)[0]["url"]
    whole = client.get(url)
    part = client.get(url, headers={"Range": "bytes=10-19", "If-Range": whole.headers["ETag"]})
    assert part.status_code == 206
    assert part.content == whole.content[10:20]
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(whole.content)}"
    beyond = client.get(url, headers={"Range": f"bytes={len(whole.content)}-"})
    assert beyond.status_code == 416


def test_a_file_that_the_client_has_is_not_sent_again(
    client: httpx.Client, listing: dict[str, object]
) -> None:
    file = files(listing)[0]
    answer = client.get(file["url"], headers={"If-None-Match": f'"{file["sha256"]}"'})
    assert (answer.status_code, answer.content) == (304, b"")


def test_head_of_a_file_has_the_headers_of_get(
    client: httpx.Client, listing: dict[str, object]
) -> None:
    url = files(listing)[0]["url"]
    head, get = client.head(url), client.get(url)
    assert head.content == b""
    for name in ("Content-Length", "ETag", "Content-Type", "Repr-Digest", "Accept-Ranges"):
        assert head.headers[name] == get.headers[name]


def test_latest_leads_to_the_current_version(
    client: httpx.Client, listing: dict[str, object]
) -> None:
    url = files(listing)[0]["url"]
    name = url.rpartition("/")[2]
    answer = client.get(f"dumps/latest/{name}")
    assert answer.status_code == 307
    assert answer.headers["Location"] == url


@pytest.mark.parametrize(
    "path",
    [
        "dumps/latest/manifest.json",
        "dumps/latest/..%2Fmanifest.json",
        "dumps/latest/%2e%2e%2fmanifest.json",
        "dumps/latest/nothing.gz",
        "dumps/20200101T000000Z-00000000/dataset.nq.gz",
        "dumps/current/dataset.nq.gz",
        "dumps/..%2F../dataset.nq.gz",
        "dumps/%2e%2e/manifest.json",
        "dumps/.building-x/dataset.nq.gz",
    ],
)
def test_nothing_but_what_the_manifest_lists_is_served(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["dataset", "validation"])
@pytest.mark.parametrize("format", RDF_FORMATS, ids=lambda f: f.suffix)
def test_description_and_report_are_there_in_every_format(
    client: httpx.Client, path: str, format: Format
) -> None:
    by_header = client.get(path, headers={"Accept": format.media_type})
    by_suffix = client.get(f"{path}.{format.suffix}")
    assert by_header.headers["Content-Type"] == by_suffix.headers["Content-Type"]
    assert by_header.headers["Content-Type"] == format.content_type
    assert by_header.content == by_suffix.content
    if format.rdf not in (None, RdfFormat.JSON_LD):
        assert list(parse(by_suffix.content, format.rdf))


@pytest.mark.parametrize("path", ["dataset", "validation", ".well-known/void"])
def test_a_browser_gets_a_page_with_links_to_the_data(client: httpx.Client, path: str) -> None:
    answer = client.get(path, headers=BROWSER)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "Accept" in answer.headers["Vary"]
    assert 'rel="alternate" type="text/turtle"' in answer.text


def test_the_well_known_address_describes_the_dataset(client: httpx.Client) -> None:
    turtle = {"Accept": "text/turtle"}
    assert client.get(".well-known/void", headers=turtle).content == (
        client.get("dataset", headers=turtle).content
    )


def test_the_validation_page_shows_each_finding_with_its_place(client: httpx.Client) -> None:
    page = client.get("validation", headers=BROWSER).text
    assert "violations" in page
    assert "data/sources/article.ttl:" in page
    assert "<code>https://w3id.org/" not in page, "the subject is named once, by its label"


def test_robots_may_read_all_but_answers_to_queries(client: httpx.Client) -> None:
    answer = client.get("robots.txt")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert "Disallow: /sparql?" in answer.text
    assert f"Sitemap: {client.base_url}sitemap.xml" in answer.text


def test_the_sitemap_lists_documents_that_are_all_there(client: httpx.Client) -> None:
    answer = client.get("sitemap.xml")
    assert answer.headers["Content-Type"] == "application/xml"
    urls = ET.fromstring(answer.content).findall(f"{SITEMAP}url")
    found = [u.findtext(f"{SITEMAP}loc") or "" for u in urls]
    assert all(u.findtext(f"{SITEMAP}lastmod") for u in urls)
    assert len(found) == len(set(found))
    assert f"{client.base_url}doc/event/trump-putin-call" in found
    assert not any("#" in url or "/id/" in url for url in found)
    for url in found:
        status = client.head(url, headers=BROWSER).status_code
        assert status == 200, f"{url}: {status}"


def test_health_names_the_release_and_is_not_cached(client: httpx.Client) -> None:
    answer = client.get("health")
    assert json.loads(answer.text)["status"] == "ok"
    assert answer.headers["Cache-Control"] == "no-store"


def test_links_in_pages_stay_on_this_server(client: httpx.Client) -> None:
    page = client.get("", headers=BROWSER).text
    assert urlsplit(str(client.base_url)).netloc in page
    assert 'href="https://w3id.org/triplomacy/id/' not in page
