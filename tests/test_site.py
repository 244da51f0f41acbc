"""A site's settings are what the documentation says, and a wrong one is told with its line."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.small import BASE, SETTINGS, as_nobody, small_site
from triplomacy.errors import SiteError
from triplomacy.limits import Limits
from triplomacy.site import Settings, open_here_or_packaged, open_site, packaged_site
from triplomacy.wikidata import Wikidata


def refused(folder: Path, settings: str | bytes) -> SiteError:
    """The error about a `triplomacy.toml` with that content."""
    content = settings.encode() if isinstance(settings, str) else settings
    (folder / "triplomacy.toml").write_bytes(content)
    with pytest.raises(SiteError) as caught:
        open_site(folder)
    assert caught.value.exit_code == 2
    assert caught.value.remedy
    assert str(folder / "triplomacy.toml") in caught.value.detail
    return caught.value


def documented() -> dict[str, tuple[str, str]]:
    """The keys of `docs/settings.md` with type and default."""
    text = (REPOSITORY / "docs/settings.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \| [^|]+ \|$", text, re.MULTILINE)
    return {key: (type_, default) for key, type_, default in rows}


def test_every_key_of_the_documentation_is_a_setting_and_the_other_way_round() -> None:
    assert list(documented()) == [f.name for f in dataclasses.fields(Settings)]


def test_every_limit_of_the_documentation_is_a_limit_with_that_default() -> None:
    text = (REPOSITORY / "docs/settings.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `limits\.(\w+)` \| `(\d+)` \|", text, re.MULTILINE)
    assert {key: int(default) for key, default in rows} == dataclasses.asdict(Limits())


def test_every_setting_of_wikidata_is_documented_with_its_default() -> None:
    text = (REPOSITORY / "docs/settings.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `wikidata\.(\w+)` \| `([^`]*)` \|", text, re.MULTILINE)
    shown = {key: tomllib.loads(f"x = {value}")["x"] for key, value in rows}
    defaults = dataclasses.asdict(Wikidata())
    assert {k: tuple(v) if isinstance(v, list) else v for k, v in shown.items()} == defaults


@pytest.mark.parametrize(
    ("table", "wanted"),
    [
        ('api = "file:///etc/passwd"', "api = 'file:///etc/passwd' is not an address"),
        ('sparql = "https://u:p@x.example/"', "is not an address"),
        ("entity_data = 7", "is not an address"),
        ("cache_days = -1", "cache_days = -1 is not a whole number from 0"),
        ("cache_days = true", "is not a whole number"),
        ('languages = "en"', "is not a list of language tags"),
        ('languages = ["e n"]', "is not a list of language tags"),
        ('contact = "a@b.example (me)"', "is not a mail or web address"),
        (r'contact = "a@b.example\r\nHost: x"', "is not a mail or web address"),
        ('api = "https://e.example/api.php?x=1"', "is not an address without a query"),
        ('language = "en"', "there is no setting “language” of wikidata"),
    ],
)
def test_a_setting_of_wikidata_that_cannot_be_one_is_told_with_its_line(
    tmp_path: Path, table: str, wanted: str
) -> None:
    error = refused(tmp_path, f'base = "{BASE}"\n[wikidata]\n{table}\n')
    assert ":3: " in error.detail
    assert wanted in error.detail


@pytest.mark.parametrize("table", ["limits", "wikidata"])
def test_a_setting_below_a_table_that_it_is_none_of_is_told_where_to_stand(
    tmp_path: Path, table: str
) -> None:
    error = refused(tmp_path, f'base = "{BASE}"\n[{table}]\nservices = []\n')
    assert error.remedy == (
        f"write it above the line [{table}]: what stands below belongs to that table"
    )


def test_a_key_that_stands_twice_is_told_with_the_line_of_the_right_one(tmp_path: Path) -> None:
    text = f'base = "{BASE}"\nlanguages = ["en"]\n\n[wikidata]\nlanguages = [7]\n'
    assert ":5: languages" in refused(tmp_path, text).detail


def test_wikidata_is_a_table(tmp_path: Path) -> None:
    assert "a table: [wikidata]" in refused(tmp_path, f'base = "{BASE}"\nwikidata = 1\n').detail


def test_wikidata_can_be_elsewhere(tmp_path: Path) -> None:
    table = '[wikidata]\napi = "http://127.0.0.1:8790/w/api.php"\ncontact = "a@b.example"\n'
    (tmp_path / "triplomacy.toml").write_text(SETTINGS + table)
    found = open_site(tmp_path).settings.wikidata
    assert found == Wikidata(api="http://127.0.0.1:8790/w/api.php", contact="a@b.example")


@pytest.mark.parametrize(
    ("table", "wanted"),
    [
        ("seconds = 0", "seconds = 0 is not a whole number from 1"),
        ("client_seconds = -1", "client_seconds = -1 is not a whole number from 0"),
        ("queue = true", "queue = True is not a whole number"),
        ('memory_mib = "much"', "is not a whole number"),
        ("minutes = 1", "there is no limit “minutes”"),
    ],
)
def test_a_limit_that_cannot_be_one_is_told_with_its_line(
    tmp_path: Path, table: str, wanted: str
) -> None:
    error = refused(tmp_path, f'base = "{BASE}"\n[limits]\n{table}\n')
    assert ":3: " in error.detail
    assert wanted in error.detail


def test_limits_that_are_given_replace_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "triplomacy.toml").write_text(f'base = "{BASE}"\n[limits]\nseconds = 5\n')
    assert open_site(tmp_path).settings.limits == Limits(seconds=5)


def test_services_are_listed_in_their_order(tmp_path: Path) -> None:
    listed = ("https://query.wikidata.org/sparql", "http://127.0.0.1:7001/sparql")
    (tmp_path / "triplomacy.toml").write_text(f"{SETTINGS}services = {[*listed]}\n")
    assert open_site(tmp_path).settings.services == listed


def test_the_documented_defaults_are_the_defaults() -> None:
    defaults = Settings(BASE)
    for field in dataclasses.fields(Settings):
        shown = documented()[field.name][1]
        if field.name == "base":
            assert shown == "none: it is required"
            continue
        if field.name in ("limits", "wikidata"):
            assert shown == "see below"
            continue
        value = tomllib.loads(f"x = {shown.strip('`')}")["x"]
        assert getattr(defaults, field.name) == (tuple(value) if isinstance(value, list) else value)


def test_the_settings_of_the_repository_are_documented_keys() -> None:
    values = tomllib.loads((REPOSITORY / "triplomacy.toml").read_text(encoding="utf-8"))
    assert set(values) <= set(documented())
    assert open_site(REPOSITORY).settings.base == "https://w3id.org/triplomacy/"


def test_one_line_makes_a_site(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    assert site.settings == Settings(BASE)
    assert site.releases == tmp_path / "releases"


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "triplomacy.toml").write_bytes(b"\xef\xbb\xbf" + SETTINGS.encode())
    assert open_site(tmp_path).settings.base == BASE


def test_a_folder_without_settings_is_told_what_to_create(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match="there is no such file") as caught:
        open_site(tmp_path)
    assert "create it with one line: base =" in caught.value.remedy


def test_settings_without_a_base_are_told_what_to_add(tmp_path: Path) -> None:
    error = refused(tmp_path, 'title = "x"')
    assert "base is missing" in error.detail
    assert error.remedy.startswith("add: base =")


@pytest.mark.parametrize(
    "base",
    [
        "", "example.org/", "https://example.org", "ftp://example.org/", "https://example.org/a",
        "https://example.org/?q=/", "https://example.org/#/", "https:///", "https://a b/", "https://[/",
        "https://example.org/{x}/", "urn:x:/", "https://example.org/a\\b/",
    ],
)  # fmt: skip
def test_a_base_that_cannot_be_one_is_told_with_its_line(tmp_path: Path, base: str) -> None:
    error = refused(tmp_path, f"# settings\nbase = '{base}'\n")
    assert "triplomacy.toml:2: base = " in error.detail
    assert "an absolute http(s) IRI that ends with a slash" in error.remedy


@pytest.mark.parametrize(
    "base", ["https://example.org/", "http://localhost:8000/a/b/", "https://é.example/ü/"]
)
def test_a_base_can_be_any_absolute_iri_that_ends_with_a_slash(tmp_path: Path, base: str) -> None:
    (tmp_path / "triplomacy.toml").write_text(f'base = "{base}"', encoding="utf-8")
    assert open_site(tmp_path).settings.base == base


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("title = 5", "a string"),
        ("licence = true", "a string"),
        ('licence = "CC BY"', "an absolute IRI"),
        ('publisher_url = "www.example.org"', "an absolute IRI, or empty"),
        ('languages = "en"', "a list of one or more strings"),
        ("languages = []", "a list of one or more strings"),
        ("languages = [1]", "a list of one or more strings"),
        ('languages = ["en", "not a tag"]', "a list of language tags"),
        ('source_text = "none"', "one of: 'full', 'excerpts'"),
        ('releases = "data/releases"', "a folder beside ontology, data"),
        ('releases = "./shapes"', "a folder beside ontology, data"),
        ('store = "localhost:8890/sparql"', "an http(s) address"),
        ('store = "ftp://example.org/sparql"', "an http(s) address"),
        ('store = "http://ann:pw@example.org/sparql"', "an http(s) address without a user"),
        ('store = "http://example.org/sparql?x=1"', "an http(s) address"),
        ("title = 2025-02-12", "a string"),
        ("[title]", "a string"),
        ("limits = 5", "a table: [limits]"),
        ('trusted_proxies = "10.0.0.1"', "a list of one or more strings"),
        ('trusted_proxies = ["proxy.example"]', "a list of IP addresses and networks"),
        ('services = "https://query.wikidata.org/sparql"', "a list of one or more strings"),
        ('services = ["query.wikidata.org"]', "a list of addresses of SPARQL endpoints"),
        ('services = ["https://user:secret@x.example/"]', "a list of addresses of SPARQL"),
        ('services = ["https://x.example/#a"]', "a list of addresses of SPARQL endpoints"),
        ('services = ["file:///etc/passwd"]', "a list of addresses of SPARQL endpoints"),
    ],
)
def test_a_value_of_the_wrong_kind_is_told_with_its_line(
    tmp_path: Path, line: str, wanted: str
) -> None:
    error = refused(tmp_path, f"{SETTINGS}\n{line}\n")
    assert "triplomacy.toml:3: " in error.detail
    assert error.remedy.startswith(f"make it {wanted}")


def test_an_unknown_key_is_told_with_its_line_and_the_known_ones(tmp_path: Path) -> None:
    error = refused(tmp_path, SETTINGS + 'titel = "x"')
    assert "triplomacy.toml:2: there is no setting “titel”" in error.detail
    assert "title" in error.remedy


def test_broken_toml_is_told_with_its_line(tmp_path: Path) -> None:
    assert "line 2" in refused(tmp_path, SETTINGS + "title = \n").detail


def test_settings_that_are_not_utf_8_are_told(tmp_path: Path) -> None:
    error = refused(tmp_path, SETTINGS.encode() + 'title = "é"'.encode("latin-1"))
    assert error.remedy == "make it a readable UTF-8 file"


def test_settings_without_the_right_to_read_are_told(tmp_path: Path) -> None:
    config = tmp_path / "triplomacy.toml"
    config.write_text(SETTINGS)
    config.chmod(0)
    with as_nobody(tmp_path), pytest.raises(SiteError, match="Permission denied"):
        open_site(tmp_path)


def test_an_empty_folder_shows_the_packaged_site_and_keeps_its_releases(tmp_path: Path) -> None:
    site = open_here_or_packaged(tmp_path)
    assert site.folder == packaged_site()
    assert site.releases == tmp_path / "releases"


@pytest.mark.parametrize("part", ["data", "ontology"])
def test_a_site_that_lost_its_settings_is_not_taken_for_an_empty_folder(
    tmp_path: Path, part: str
) -> None:
    (tmp_path / part).mkdir()
    with pytest.raises(SiteError, match="there is no such file"):
        open_here_or_packaged(tmp_path)


def test_a_folder_that_is_not_there_is_told_and_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match="there is no such folder"):
        open_here_or_packaged(tmp_path / "mistyped")
