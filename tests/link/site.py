"""A small site whose links to Wikidata a test can bend."""

from __future__ import annotations

from pathlib import Path

from tests.ports import deaf_port
from tests.small import BASE, write_site
from tests.waiting import PATIENCE
from triplomacy.link.client import Client, Manners
from triplomacy.link.stand_in.server import StandIn

HEAD = f"""\
@prefix eas: <{BASE}ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix a: <{BASE}id/actor/> .
@prefix h: <{BASE}id/holding/> .
@prefix o: <{BASE}id/office/> .

"""
PUTIN = 'a:putin a eas:Person ; rdfs:label "Vladimir Putin"@en .\n'
LINK = "a:putin owl:sameAs wd:Q7747 .\n"


def linked_site(folder: Path, stand_in: StandIn, facts: str = PUTIN, links: str = LINK) -> Path:
    """A site that says `facts`, has these links, and asks the stand-in."""
    return write_site(
        folder,
        {
            "triplomacy.toml": f'base = "{BASE}"\n{stand_in.settings}',
            "data/facts.ttl": HEAD + facts,
            "data/links.ttl": HEAD + links,
            "shapes/event.ttl": None,
        },
    )


def asking(folder: Path, stand_in: StandIn) -> Path:
    """Make a site ask the stand-in; what else it has set of Wikidata stays."""
    path = folder / "triplomacy.toml"
    before, _, rest = path.read_text().partition("[wikidata]\n")
    path.write_text(before + stand_in.settings + rest)
    return folder


def quick_client() -> Client:
    """A client that asks once."""
    return Client("Us/1", Manners(seconds=PATIENCE, attempts=1))


def offline(folder: Path) -> Path:
    """Make the site ask where nobody listens."""
    path = folder / "triplomacy.toml"
    path.write_text(path.read_text().split("[wikidata]")[0] + "[wikidata]\n"
                    f'api = "http://127.0.0.1:{deaf_port()}/w/api.php"\n')  # fmt: skip
    return folder
