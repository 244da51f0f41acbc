"""A site: the folder that people edit, and its `triplomacy.toml`.

triplomacy.toml      settings; only `base` is required
ontology/            the vocabulary and its JSON-LD context
data/                facts, one Turtle file = one named graph; data/sources/*.txt their texts
shapes/              SHACL
queries/             example queries, *.rq
"""

from __future__ import annotations

import dataclasses
import functools
import ipaddress
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from triplomacy.errors import SiteError
from triplomacy.fetching import endpoints
from triplomacy.iris import Base, is_base_iri, is_iri
from triplomacy.limits import Limits
from triplomacy.wikidata import Wikidata

CONFIG_NAME = "triplomacy.toml"
SourceText = Literal["full", "excerpts"]
_PARTS = ("ontology", "data", "shapes", "queries")
_LIST = "a list of one or more strings"
_CONTACT = re.compile(r"[!-'*-\[\]-~]+")  # it goes into a comment of a header (RFC 9110 §10.1.5)
_ENDPOINT = re.compile(r"https?://[^\s/?#@]+/[^\s?#@]*")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")  # BCP 47, as far as RDF asks for it


@dataclass(frozen=True, slots=True)
class Settings:
    """What `triplomacy.toml` says. Every key is an attribute here and the other way round.

    Attributes:
        base: the IRI that every IRI of the site begins with; absolute, ends with a slash.
        title: the name of the dataset.
        description: one paragraph about the dataset.
        licence: the IRI of the licence of the data.
        publisher: the name of who publishes it.
        publisher_url: a web page of the publisher.
        languages: language tags of labels, the preferred first.
        source_text: `full` publishes the texts of the sources; `excerpts` publishes only the
            excerpts and the SHA-256 of each text, and uses the texts for checking alone.
        releases: the folder for releases, relative to the site; not in one of its other folders.
        store: the SPARQL 1.1 endpoint of the server that holds the facts; empty where each release
            has a store in its own folder.
        trusted_proxies: addresses or networks of proxies that are believed who the client is.
        services: addresses of SPARQL endpoints that strangers' queries may call with SERVICE.
        limits: what a stranger's query may cost; a table of its own.
        wikidata: where and how Wikidata is asked; a table of its own.
    """

    base: str
    title: str = "A Triplomacy site"
    description: str = ""
    licence: str = "https://creativecommons.org/licenses/by/4.0/"
    publisher: str = ""
    publisher_url: str = ""
    languages: tuple[str, ...] = ("en",)
    source_text: SourceText = "full"
    releases: str = "releases"
    store: str = ""
    trusted_proxies: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    wikidata: Wikidata = field(default_factory=Wikidata)


@dataclass(frozen=True, slots=True)
class Site:
    """A site folder with its settings."""

    folder: Path
    settings: Settings

    @property
    def base(self) -> Base:
        """The base IRI."""
        return Base(self.settings.base)

    @property
    def releases(self) -> Path:
        """The folder in which releases are kept."""
        return self.folder / self.settings.releases


def open_site(folder: Path) -> Site:
    """Open the site in `folder`.

    Raises:
        SiteError: no `triplomacy.toml`, or one that is not valid; says which key and line.
    """
    config = folder / CONFIG_NAME
    try:
        text = config.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise SiteError(
            f"{config}: there is no such file",
            'create it with one line: base = "https://example.org/my-site/"',
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SiteError(f"{config}: {error}", "make it a readable UTF-8 file") from error
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SiteError(f"{config}: {error}", "correct the TOML") from error
    return Site(folder, _settings(values, config, text))


def open_here_or_packaged(folder: Path) -> Site:
    """Open the site in `folder`; where there is none, the site that the package carries.

    The packaged site is read from the installation, and its releases go into `folder`.

    Raises:
        SiteError: as `open_site`; or there is no such folder.
    """
    if not folder.is_dir():
        raise SiteError(f"{folder}: there is no such folder", "create it, or correct --site")
    if (folder / CONFIG_NAME).exists():
        return open_site(folder)
    packaged = packaged_site()
    if packaged is None or any((folder / name).exists() for name in ("data", "ontology")):
        return open_site(folder)
    site = open_site(packaged)
    releases = (folder / site.settings.releases).resolve()
    return Site(site.folder, dataclasses.replace(site.settings, releases=str(releases)))


@functools.cache
def packaged_site() -> Path | None:
    """The folder of the site that the wheel carries; None in an installation without it."""
    installed = Path(str(resources.files("triplomacy"))) / "site_folder"
    if (installed / CONFIG_NAME).exists():
        return installed
    checkout = Path(__file__).resolve().parents[2]  # an editable install runs from the repository
    return checkout if (checkout / CONFIG_NAME).exists() else None


def _settings(values: dict[str, Any], config: Path, text: str) -> Settings:
    hints = get_type_hints(Settings)
    for key, value in values.items():
        place = _place(config, text, key)
        if key not in hints:
            known = ", ".join(hints)
            raise SiteError(f"{place}: there is no setting “{key}”", f"use one of: {known}")
        wanted = _mismatch(value, hints[key]) or _unfit(key, value)
        if wanted:
            raise SiteError(f"{place}: {key} = {value!r} is not {wanted}", f"make it {wanted}")
    if "base" not in values:
        raise SiteError(f"{config}: base is missing", 'add: base = "https://example.org/my-site/"')
    fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
    if "limits" in fields:
        fields["limits"] = _limits(fields["limits"], config, text)
    if "wikidata" in fields:
        fields["wikidata"] = _wikidata(fields["wikidata"], config, text)
    return Settings(**fields)


def _remedy_for(key: str, known: Iterable[str], table: str) -> str:
    """What to do about a key that a table does not have."""
    if key in get_type_hints(Settings):  # as when a line was added at the end of the file
        return f"write it above the line {table}: what stands below belongs to that table"
    return f"use one of: {', '.join(known)}"


def _limits(values: dict[str, Any], config: Path, text: str) -> Limits:
    known = [f.name for f in dataclasses.fields(Limits)]
    for key, value in values.items():
        place = _place(config, text, key)
        if key not in known:
            remedy = _remedy_for(key, known, "[limits]")
            raise SiteError(f"{place}: there is no limit “{key}”", remedy)
        least = 0 if key in ("processes", "client_seconds") else 1
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            wanted = f"a whole number from {least}"
            raise SiteError(f"{place}: {key} = {value!r} is not {wanted}", f"make it {wanted}")
    return Limits(**values)


def _wikidata(values: dict[str, Any], config: Path, text: str) -> Wikidata:
    known = [f.name for f in dataclasses.fields(Wikidata)]
    table = max(text.find("[wikidata]"), 0)  # other tables have keys of the same names
    text = "\n" * text.count("\n", 0, table) + text[table:]
    for key, value in values.items():
        place = _place(config, text, key)
        if key not in known:
            remedy = _remedy_for(key, known, "[wikidata]")
            raise SiteError(f"{place}: there is no setting “{key}” of wikidata", remedy)
        wanted = _unfit_for_wikidata(key, value)
        if wanted:
            raise SiteError(f"{place}: {key} = {value!r} is not {wanted}", f"make it {wanted}")
    fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
    return Wikidata(**fields)


def _unfit_for_wikidata(key: str, value: Any) -> str | None:
    """What the value of a key of `[wikidata]` should have been; None if it fits."""
    if key == "cache_days":
        fits = isinstance(value, int) and not isinstance(value, bool) and value >= 0
        return None if fits else "a whole number from 0"
    if key == "languages":
        fits = isinstance(value, list) and all(map(_is_language, value))
        return None if fits else "a list of language tags, such as en or pt-BR"
    if key == "contact":
        fits = isinstance(value, str) and (not value or _CONTACT.fullmatch(value) is not None)
        return None if fits else "a mail or web address in ASCII, without spaces and brackets"
    fits = isinstance(value, str) and _is_service(value)
    if key == "api" and fits and "?" in value:  # the question is put behind it
        return "an address without a query"
    return None if fits else "an address, such as https://www.wikidata.org/w/api.php"


def _place(config: Path, text: str, key: str) -> str:
    """`file:line` of a key."""
    found = re.search(rf"""^\s*\[*\s*["']?{re.escape(key)}\b""", text, re.MULTILINE)
    return str(config) if found is None else f"{config}:{text.count(chr(10), 0, found.end()) + 1}"


def _unfit(key: str, value: Any) -> str | None:
    """What the value of `key` should have been, beyond its type; None if it fits."""
    if key == "base" and not is_base_iri(value):
        return "an absolute http(s) IRI that ends with a slash, without ? or #"
    if key == "licence" and not is_iri(value):
        return "an absolute IRI"
    if key == "publisher_url" and value and not is_iri(value):
        return "an absolute IRI, or empty"
    if key == "store" and value and not is_endpoint(value):
        return "an http(s) address without a user, ? or #, or empty"
    if key == "languages" and not all(map(_LANGUAGE.fullmatch, value)):
        return "a list of language tags, such as en or pt-BR"
    if key == "languages" and not value:
        return _LIST
    if key == "trusted_proxies" and not all(map(_is_network, value)):
        return "a list of IP addresses and networks, such as 10.0.0.0/8"
    if key == "services" and not all(map(_is_service, value)):
        return endpoints.WANTED
    if key == "releases" and Path(value).parts[:1] in [(name,) for name in _PARTS]:
        return "a folder beside " + ", ".join(_PARTS)
    return None


def is_endpoint(text: str) -> bool:
    """Whether `text` can be the address of a server's endpoint; it shows in logs, so no user."""
    return _ENDPOINT.fullmatch(text) is not None and is_iri(text)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_language(value: Any) -> bool:
    return isinstance(value, str) and _LANGUAGE.fullmatch(value) is not None


def _is_network(value: str) -> bool:
    try:
        ipaddress.ip_network(value, strict=False)
    except ValueError:
        return False
    return True


def _is_service(value: str) -> bool:
    try:
        endpoints.endpoint(value)
    except ValueError:
        return False
    return True


def _mismatch(value: Any, hint: Any) -> str | None:
    """What `value` should have been, or None if it fits `hint`."""
    if get_origin(hint) is Literal:
        choices = get_args(hint)
        return None if value in choices else "one of: " + ", ".join(map(repr, choices))
    if get_origin(hint) is tuple:
        return None if isinstance(value, list) and all(map(_is_text, value)) else _LIST
    if hint in (Limits, Wikidata):
        name = hint.__name__.lower()
        return None if isinstance(value, dict) else f"a table: [{name}]"
    return None if isinstance(value, str) else "a string"
