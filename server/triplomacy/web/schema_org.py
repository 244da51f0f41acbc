"""The schema.org JSON-LD that pages embed for search engines. Pure: values in, JSON out.

Things keep the IRIs of the data, so that what is extracted from a page joins what the dataset has.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup

from triplomacy.release.manifest import Manifest

Node = dict[str, Any]

# In a script element these could end it or open a comment (HTML §4.12.1.3); JSON has escapes.
_ESCAPES = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def node(type_: str, iri: str = "", **properties: Any) -> Node:
    """A node; properties whose value is None or empty are left out.

    >>> node("Person", "https://example.org/id/actor/x", name="X", sameAs=[])
    {'@type': 'Person', '@id': 'https://example.org/id/actor/x', 'name': 'X'}
    """
    start: Node = {"@type": type_} | ({"@id": iri} if iri else {})
    return start | {k: v for k, v in properties.items() if v not in (None, "", [], ())}


def dataset(iri: str, url: str, manifest: Manifest, dumps: str) -> Node:
    """The dataset of a release, with its downloads below the address `dumps`."""
    downloads = [
        node(
            "DataDownload",
            name=f.title,
            contentUrl=f"{dumps}{manifest.version}/{f.name}",
            encodingFormat=f.media_type,
            contentSize=str(f.bytes),
            sha256=f.sha256,
        )
        for f in manifest.files
    ]
    return node(
        "Dataset",
        iri,
        name=manifest.title,
        description=manifest.description,
        url=url,
        license=manifest.licence,
        version=manifest.version,
        datePublished=manifest.created[:10],
        inLanguage=list(manifest.languages),
        publisher=node("Organization", name=manifest.publisher, url=manifest.publisher_url)
        if manifest.publisher
        else None,
        distribution=downloads,
    )


def page(iri: str, name: str, about: str, part_of: str, manifest: Manifest) -> Node:
    """The page at `iri`, which is about the thing `about` and belongs to the dataset `part_of`."""
    return node(
        "WebPage",
        iri,
        name=name,
        mainEntity={"@id": about},
        isPartOf={"@id": part_of},
        license=manifest.licence,
        dateModified=manifest.created[:10],
        inLanguage=manifest.languages[0],
    )


def item_list(iri: str, name: str, total: int, items: Iterable[tuple[str, str]]) -> Node:
    """A list of things, each by IRI and name; `total` may be more than are listed."""
    entries = [
        node("ListItem", position=n, item=node("Thing", i, name=label))
        for n, (i, label) in enumerate(items, start=1)
    ]
    return node("ItemList", iri, name=name, numberOfItems=total, itemListElement=entries)


def write(nodes: Iterable[Mapping[str, Any]]) -> Markup:
    """JSON-LD that can stand in a script element whatever its strings hold."""
    document = {"@context": "https://schema.org/", "@graph": list(nodes)}
    text = json.dumps(document, ensure_ascii=False, indent=1).translate(_ESCAPES)
    return Markup(text)  # noqa: S704 - escaped for its place, just above
