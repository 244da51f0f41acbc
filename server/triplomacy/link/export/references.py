"""Where it stands: the reference of a statement, by what the site says of its source.

A reference has an item (stated in) or an address (reference URL), or nobody could follow it; then
the title and the day of publication, if the source states them, and the words that bear the
statement out. The day on which it was retrieved is that of the decision.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from urllib.parse import quote, urlsplit

from triplomacy.iris import Base
from triplomacy.link.export.asserted import Passage, Reader
from triplomacy.link.export.properties import (
    PUBLICATION_DATE,
    QUOTATION,
    REFERENCE_URL,
    STATED_IN,
    TITLE,
)
from triplomacy.link.export.snaks import (
    LONGEST_QUOTATION,
    LONGEST_TEXT,
    ItemId,
    Snak,
    Text,
    Words,
    day_of,
    language_of,
    plain,
    shortened,
)
from triplomacy.namespaces import DCT, FOAF, SCHEMA

_ADDRESSES = (f"{SCHEMA}url", f"{FOAF}page")
# RFC 2606 and RFC 6761: names that lead nowhere, so that a reference to them would, too.
_NOWHERE = ("example", "invalid", "localhost", "test", "example.com", "example.net", "example.org",
            "local", "internal")  # fmt: skip


class References:
    """Makes references.

    Args:
        reader: what the site says of its sources.
        items: the number of the item of each thing that is linked.
        base: the base IRI of the site.
    """

    def __init__(self, reader: Reader, items: Mapping[str, str], base: Base) -> None:
        self._reader = reader
        self._items = items
        self._base = base

    def of(self, passage: Passage) -> tuple[Snak, ...]:
        """The reference to a passage, the quotation last; empty if nobody could follow it."""
        source = passage.source
        item, address = self._items.get(source), self._address(passage)
        if item is None and address is None:
            return ()
        return tuple(self._snaks(passage, item, address))

    def _snaks(self, passage: Passage, item: str | None, address: str | None) -> Iterator[Snak]:
        source = passage.source
        language = self._language(source)
        if item is not None:
            yield Snak(STATED_IN, ItemId(item))
        if address is not None:
            yield Snak(REFERENCE_URL, Text(address))
        titles = self._reader.texts(source, f"{DCT}title")
        if titles and plain(titles[0].value):
            spoken = language_of(titles[0].language) if titles[0].language else language
            title = shortened(plain(titles[0].value), LONGEST_TEXT)
            yield Snak(TITLE, Words(spoken, title))
        days = [day_of(v.value) for v in self._reader.texts(source, f"{DCT}issued")]
        if len(days) == 1 and days[0] is not None:
            yield Snak(PUBLICATION_DATE, days[0])
        words = shortened(plain(passage.text), LONGEST_QUOTATION)
        yield Snak(QUOTATION, Words(language, words))

    def _language(self, source: str) -> str:
        tags = {language_of(v.value) for v in self._reader.texts(source, f"{DCT}language")}
        return tags.pop() if len(tags) == 1 else language_of("")

    def _address(self, passage: Passage) -> str | None:
        """The address of the source; where none is known, that of the passage on our pages."""
        source = passage.source
        for property in _ADDRESSES:
            given = [
                *self._reader.iris(source, property),
                *(v.value for v in self._reader.texts(source, property)),
            ]
            for address in given:
                if _can_be_followed(address):
                    return _uri(address)
        here = passage.iri if self._base.path_of(source) is not None else source
        return _uri(here) if _can_be_followed(here) else None


def _uri(iri: str) -> str:
    """An IRI in ASCII (RFC 3987 §3.1), as a reference URL has to be."""
    return quote(iri, safe="%/:=&?~#+!$,;'@()*[]")


def _can_be_followed(address: str) -> bool:
    """Whether an address is one of the public web, by its name alone."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or len(_uri(address)) > LONGEST_TEXT:
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        pass
    ends = host.split(".")
    return "." in host and not any(".".join(ends[n:]) in _NOWHERE for n in range(len(ends)))
