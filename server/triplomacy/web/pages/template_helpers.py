"""What the templates of pages may call beside what every template may (see `web.app`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, request

from triplomacy.formats import RDF_FORMATS
from triplomacy.web.pages.dates import in_words
from triplomacy.web.pages.panel import representations, sparql_link
from triplomacy.web.representation import address

_IRI = re.compile(r"https?://[^\s<>\"“”]+[^\s<>\"“”.,;:!?)]")


def install(routes: Blueprint) -> None:
    """Give templates the tests, filters and functions of this module."""
    routes.add_app_template_test(is_web, "web")
    routes.add_app_template_filter(grouped, "grouped")
    routes.add_app_template_filter(size, "size")
    routes.add_app_template_filter(with_iris, "with_iris")
    routes.add_app_template_filter(in_words, "day")
    routes.add_app_template_filter(singular, "singular")
    routes.add_app_template_global(ask, "ask")
    routes.add_app_template_global(page_url, "page_url")
    routes.add_app_template_global(incoming_url, "incoming_url")
    routes.add_app_template_global(data_formats, "data_formats")


def is_web(iri: object) -> bool:
    """Whether `iri` may be a link: http or https, with a host. Nothing else is ever linked."""
    if not isinstance(iri, str):
        return False
    try:
        parts = urlsplit(iri)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def grouped(number: int) -> str:
    """A number with its thousands apart: 12345 → `12,345`."""
    return f"{number:,}"


def size(count: int) -> str:
    """A number of bytes for people: 12345 → `12.3 kB`."""
    value = float(count)
    for unit in ("bytes", "kB", "MB", "GB"):
        if value < 1000 or unit == "GB":
            break
        value /= 1000
    return f"{count} bytes" if unit == "bytes" else f"{value:.1f} {unit}"


def with_iris(text: str) -> list[tuple[str, bool]]:
    """Cut a text at the web addresses in it: pieces, and whether each is an address."""
    pieces: list[tuple[str, bool]] = []
    end = 0
    for found in _IRI.finditer(text):
        pieces += [(text[end : found.start()], False), (found[0], True)]
        end = found.end()
    return [p for p in (*pieces, (text[end:], False)) if p[0]]


def singular(plural: str) -> str:
    """One of the names of our lists for one thing: `stances` → `stance`."""
    return plural.removesuffix("s")


def ask(query: str) -> str:
    """The query page with `query` in it."""
    return sparql_link(address(), query)


def page_url(number: int, name: str = "page", fragment: str = "") -> str:
    """This very address, another page of the list whose pages the parameter `name` counts."""
    arguments: Mapping[str, str] = {**request.args.to_dict(), name: str(number)}
    return f"{request.base_url}?{urlencode(arguments)}{fragment}"


def incoming_url(property: str) -> str:
    """This very address, with what points at the thing by one property, or by any if empty."""
    kept = {k: v for k, v in request.args.to_dict().items() if k not in ("by", "incoming")}
    arguments = urlencode(kept | ({"by": property} if property else {}))
    return request.base_url + (f"?{arguments}" if arguments else "") + "#incoming"


def data_formats(document: str) -> tuple[object, ...]:
    """The document at a path in every format for data."""
    return representations(address(), document, RDF_FORMATS)
