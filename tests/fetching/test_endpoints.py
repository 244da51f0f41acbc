"""An endpoint on the list is written in one way, which leaves nothing to interpret."""

from __future__ import annotations

import pytest

from triplomacy.fetching.endpoints import endpoint


@pytest.mark.parametrize(
    ("iri", "authority", "port", "target"),
    [
        ("https://query.wikidata.org/sparql", "query.wikidata.org", 443, "/sparql"),
        ("http://127.0.0.1:7001/sparql", "127.0.0.1:7001", 7001, "/sparql"),
        ("http://[::1]:80/", "[::1]", 80, "/"),
        ("https://x.example:84/a/B%20c?g=http://x/y", "x.example:84", 84, "/a/B%20c?g=http://x/y"),
        ("https://xn--bcher-kva.example/", "xn--bcher-kva.example", 443, "/"),
    ],
)  # fmt: skip
def test_an_address_is_taken_apart(iri: str, authority: str, port: int, target: str) -> None:
    found = endpoint(iri)
    assert (found.iri, found.authority, found.port, found.target) == (iri, authority, port, target)


@pytest.mark.parametrize(
    "iri",
    [
        "", "query.wikidata.org/sparql", "https://query.wikidata.org", "https:///sparql", "http://",
        "file:///etc/passwd", "ftp://x.example/", "gopher://x.example/", "HTTPS://x.example/",
        "https://X.example/", "https://user@x.example/", "https://u:p@x.example/",
        "https://x.example/#f",
        "https://x.example/?q#", "https://bücher.example/", "https://x.example/ü",
        "https://x.example/a b",
        "https://x.example:0/", "https://x.example:65536/", "https://x.example:/",
        "https://x.example:8a/",
        "https://x.example./", "https://.x.example/", "https://[::1/", "https://[1.2.3.4]/",
        "https://[fe80::1%25eth0]/", "https://[::g]/", "https://x.example/\\a", "https://x.example/\n",
        "https://x_y.example/", "https://x.example/<a>", "https://x%2eexample/", "https://a@b@c/",
    ],
)  # fmt: skip
def test_what_could_be_read_in_two_ways_is_no_address(iri: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        endpoint(iri)
