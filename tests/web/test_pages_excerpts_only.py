"""A site that publishes the excerpts of its sources and not their texts."""

from __future__ import annotations

import html
import re

import pytest
from flask.testing import FlaskClient

from tests.conftest import copy_site
from triplomacy.release.build import build
from triplomacy.release.folder import Releases
from triplomacy.site import open_site
from triplomacy.web.app import create_app
from triplomacy.web.pages.evidence import Excerpt, alone
from triplomacy.web.pages.passages import Span
from triplomacy.web.pages.reader import Ref, Text

DIGEST = "8666736f8efe35a482de05abf071f265c1ad0b6e67c120d0783a052082e53e2a"


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A client of the site built with `source_text = "excerpts"`."""
    folder = copy_site(tmp_path_factory.mktemp("excerpts") / "site")
    config = folder / "triplomacy.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace('source_text = "full"', 'source_text = "excerpts"'))
    site = open_site(folder)
    assert site.settings.source_text == "excerpts"
    build(site)
    return create_app(Releases(site.releases)).test_client()


def page(reader: FlaskClient, path: str) -> str:
    answer = reader.get(path, headers={"Accept": "text/html"}, follow_redirects=True)
    assert answer.status_code == 200
    return html.unescape(answer.get_data(as_text=True))


def test_a_statement_shows_its_passage_alone_with_the_digest_of_the_text(
    reader: FlaskClient,
) -> None:
    found = page(reader, "/id/statement/hegseth-options")
    assert '<mark class="quoted">all options are being considered</mark>' in found
    assert f"Its SHA-256 is <code>{DIGEST}</code>" in found


def test_a_source_lists_its_passages_and_each_has_its_address(reader: FlaskClient) -> None:
    found = page(reader, "/id/source/article")
    assert "The text itself is not published here" in found
    assert 'id="char=1717,1749"' in found
    assert DIGEST in found
    # A list holds items only.
    assert not re.search(r"<ol[^>]*>\s*<span|</li>\s*<span", found)


def test_a_passage_within_another_is_shown_in_it() -> None:
    source = Ref("https://example.org/source", Text("The source"))
    whole = Excerpt(Ref("a", Text("a")), Text("Trump called Putin."), Span(100, 119), source)
    quote = Excerpt(Ref("b", Text("b")), Text("called"), Span(106, 112), source, is_quote=True)
    (shown,) = alone([whole, quote])
    assert [(p.text, p.is_quote) for p in shown] == [
        ("Trump ", False),
        ("called", True),
        (" Putin.", False),
    ]
