"""A site with an office, a person and a topic that have no link yet; Germany has one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.link.site import quick_client
from tests.small import BASE
from triplomacy.link.stand_in.server import StandIn
from triplomacy.link.suggest.suggesting import Suggested, suggest
from triplomacy.link.suggest.unlinked import Unlinked, unlinked
from triplomacy.read.reading import Reading, read_site
from triplomacy.site import Site, open_site

FACTS = f"""
@prefix wdt: <http://www.wikidata.org/prop/direct/> .
eas:Office skos:closeMatch wd:Q4164871 .
eas:Person skos:closeMatch wd:Q5 ; rdfs:subClassOf eas:Actor .
eas:represents skos:closeMatch wdt:P1001 ; rdfs:label "represents"@en .
o:german a eas:Office ; rdfs:label "German Defense Minister"@en ; eas:represents a:germany .
a:germany a eas:Actor ; rdfs:label "Germany"@en .
a:boris a eas:Person, eas:Actor ; rdfs:label "Boris Pistorius"@en ;
    schema:birthDate "1960-03-14"^^xsd:date .
h:x a eas:OfficeHolding ; eas:actor a:boris ; eas:office o:german .
<{BASE}vocab/topic/weather> a skos:Concept ; skos:prefLabel "氷"@ja ;
    skos:inScheme <{BASE}vocab/topic> .
"""
LINKS = "a:germany owl:sameAs wd:Q183 .\n"
OFFICE, BORIS, TOPIC = (
    f"{BASE}id/office/german",
    f"{BASE}id/actor/boris",
    f"{BASE}vocab/topic/weather",
)
MINISTER, FRENCH = "Q900000013", "Q900000014"
"""Of the stand-in alone: the office that is meant, and one that is not."""


@dataclass(frozen=True)
class Case:
    """A site and the stand-in that it asks."""

    folder: Path
    stand_in: StandIn

    @property
    def site(self) -> Site:
        return open_site(self.folder)

    @property
    def reading(self) -> Reading:
        return read_site(self.site)

    @property
    def links(self) -> str:
        return (self.folder / "data/links.ttl").read_text()

    def add(self, links: str) -> None:
        """Say more in the file of links."""
        (self.folder / "data/links.ttl").write_text(self.links + links)

    def things(self, *kinds: str) -> list[Unlinked]:
        """What has no link."""
        arguments = (kinds,) if kinds else ()
        return unlinked(self.reading, self.site.base, ("en",), *arguments)

    def suggested(self, things: Sequence[Unlinked] | None = None) -> list[Suggested]:
        """What is suggested for them."""
        found = self.things() if things is None else things
        return [*suggest(self.site, self.reading, found, quick_client())]
