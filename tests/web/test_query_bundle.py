"""The scripts of the query page: there, kept by browsers for ever, and not missed where missing."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.conftest import REPOSITORY
from triplomacy.web.query_bundle import STATIC, Bundle, query_bundle

HTML = {"Accept": "text/html"}
needs_bundle = pytest.mark.skipif(
    query_bundle() is None, reason="needs the scripts of the query page: see CONTRIBUTING.md"
)


@needs_bundle
def test_the_page_begins_with_the_bundle_and_browsers_may_keep_it(small: httpx.Client) -> None:
    page = small.get("sparql", headers=HTML).text
    [script] = re.findall(r'<script src="([^"]+)" type="module">', page)
    styles = re.findall(r'<link rel="stylesheet" href="([^"]+/static/query/[^"]+)"', page)
    for url in (script, *styles):
        answer = small.get(url)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "static/query.js" not in page


@needs_bundle
def test_the_bundle_travels_packed_to_those_who_take_it(small: httpx.Client) -> None:
    bundle = query_bundle()
    assert bundle is not None
    for path in (bundle.script, bundle.style):
        plain = (STATIC / path).read_bytes()
        packed = small.get(f"static/{path}", headers={"Accept-Encoding": "gzip, br"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert int(packed.headers["Content-Length"]) < len(plain) / 2
        whole = small.get(f"static/{path}", headers={"Accept-Encoding": "gzip;q=0, identity"})
        assert "Content-Encoding" not in whole.headers
        assert packed.content == whole.content == plain
        assert packed.headers["ETag"] != whole.headers["ETag"]
        for answer in (packed, whole):
            assert answer.headers["Vary"] == "Accept-Encoding"
            assert answer.headers["Content-Type"] == (
                f"text/{'css' if path.endswith('css') else 'javascript'}; charset=utf-8"
            )
        held = {"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]}
        assert small.get(f"static/{path}", headers=held).status_code == 304


@needs_bundle
def test_what_has_no_hash_in_its_name_is_asked_for_again(small: httpx.Client) -> None:
    for name in ("query.css", "query/bundle.json", "query/LICENSES.txt"):
        answer = small.get(f"static/{name}")
        assert answer.status_code == 200
        assert "immutable" not in answer.headers["Cache-Control"]
    assert "immutable" not in small.get("static/query/query-page-AAAAAAAA.js").headers.get(
        "Cache-Control", ""
    )


@needs_bundle
def test_the_licence_of_everything_in_the_bundle_goes_along() -> None:
    text = (STATIC / "query" / "LICENSES.txt").read_text(encoding="utf-8")
    for package in ("@codemirror/view", "@lezer/common", "d3-force", "style-mod"):
        assert re.search(rf"^{package} [0-9.]+ \((MIT|ISC)\)$", text, re.MULTILINE), package


@needs_bundle
def test_the_first_load_is_small_and_the_drawings_come_later() -> None:
    sizes = {p.name: p.stat().st_size for p in (STATIC / "query").glob("*.js*")}
    bundle = query_bundle()
    assert bundle is not None
    assert sizes[Path(bundle.script).name] < 450_000
    assert sizes[f"{Path(bundle.script).name}.gz"] < 150_000
    assert any(name.startswith("graph-") for name in sizes)
    assert any(name.startswith("timeline-") for name in sizes)


@needs_bundle
def test_no_script_calls_out_or_runs_text() -> None:
    for path in (STATIC / "query").glob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\beval\(|new Function\(|\.innerHTML\s*=|insertAdjacentHTML", text), (
            path
        )


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / "query" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return folder


NAMED = json.dumps({"script": "a.js", "style": "a.css"})


def test_a_bundle_is_what_its_list_names(tmp_path: Path) -> None:
    folder = write(tmp_path, {"bundle.json": NAMED, "a.js": "", "a.css": ""})
    assert query_bundle(folder) == Bundle("query/a.js", "query/a.css")


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"bundle.json": NAMED, "a.js": ""},
        {"bundle.json": "{", "a.js": "", "a.css": ""},
        {"bundle.json": "[]", "a.js": "", "a.css": ""},
    ],
)
def test_a_bundle_of_which_something_is_missing_is_none(
    tmp_path: Path, files: dict[str, str]
) -> None:
    assert query_bundle(write(tmp_path, files)) is None


def test_without_the_bundle_the_page_has_the_script_of_the_plain_form(tmp_path: Path) -> None:
    # In a process of its own, since the bundle is looked for once.
    code = (
        "from pathlib import Path\n"
        "from triplomacy.web import query_bundle\n"
        "query_bundle.query_bundle.__wrapped__.__defaults__ = (Path('nowhere'),)\n"
        "from triplomacy.release.folder import Releases\n"
        "from triplomacy.web.app import create_app\n"
        "from tests.web.small_release import make_site\n"
        f"site = make_site(Path({os.fspath(tmp_path)!r}) / 'site')\n"
        "page = create_app(Releases(site / 'releases')).test_client()\n"
        "print(page.get('/sparql', headers={'Accept': 'text/html'}).text)\n"
    )
    page = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert "static/query.js" in page.stdout
    assert 'type="module"' not in page.stdout
