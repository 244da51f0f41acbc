"""Where Wikidata is asked, and how: `[wikidata]` in `triplomacy.toml`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wikidata:
    """The addresses of Wikidata, of another Wikibase or of the stand-in, and our manners there.

    Attributes:
        api: MediaWiki's action API.
        entity_data: what the number of an item is put after, for its data.
        reconciliation: the reconciliation service.
        sparql: the query service.
        contact: how Wikimedia reaches whoever runs the site: a mail or web address.
        languages: in which `triplomacy link fetch` keeps names; empty for the site's.
        cache_days: days for which an answer counts as fresh; 0 asks each time.
    """

    api: str = "https://www.wikidata.org/w/api.php"
    entity_data: str = "https://www.wikidata.org/wiki/Special:EntityData/"
    reconciliation: str = "https://wikidata.reconci.link/en/api"
    sparql: str = "https://query.wikidata.org/sparql"
    contact: str = ""
    languages: tuple[str, ...] = ()
    cache_days: int = 7
