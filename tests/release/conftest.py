"""A small site with everything that is hard to write down, and a release of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.small import BASE, SHAPES, write_site
from triplomacy.release.build import build
from triplomacy.release.folder import Release
from triplomacy.site import open_site

TEXT = "“Éa”, <b>&amp;</b>\r\n\ttab, \"quote\", 'single', \\ back, 𝔘, e\u0301, \u2028 end\n"
HARD = f"""
@prefix : <{BASE}id/thing/> .
@prefix eas: <{BASE}ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix v: <https://vocab.example/> .
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<{BASE}id/source/a> a eas:Source .
<{BASE}ontology#Source> v:isDefinedBy <{BASE}ontology> .
<{BASE}ontology#textSha256> v:isDefinedBy <{BASE}ontology> .
<{BASE}ontology> a owl:Ontology .
:besançon a v:Place ; v:label "Besançon"@fr , "Besançon"@en-GB , "Besançon" .
:besan%C3%A7on v:label "another IRI" .
:x v:number 1 , 01 , 1.0 , 1e0 , true , "2025-02-12"^^xsd:date , "odd"^^<{BASE}ontology> ;
   v:see "see {BASE}id/thing/x" , <{BASE}id/thing/x> ;
   v:list ( 1 [ v:in :x ] ) ; v:same [] , [] ;
   owl:sameAs wd:Q1 , wd:Q2 ; v:label "" , " lead\\n\\ttrail\\r\\n " .
[] a v:Event ; v:label "blank" .
"""
FILES: dict[str, str | bytes | None] = {
    "triplomacy.toml": f'base = "{BASE}"\ntitle = "T “é”"\npublisher = "P"\nlanguages = ["en"]\n',
    "data/hard.ttl": HARD,
    "data/again.ttl": f"<{BASE}id/thing/x> <https://vocab.example/number> 1 .",
    "data/sources/a.txt": TEXT.encode(),
    "ontology/context.jsonld": f'{{"@context": {{"eas": "{BASE}ontology#"}}}}\n',
    "shapes/event.ttl": SHAPES,
    "queries/all.rq": f'PREFIX eas: <{BASE}ontology#> SELECT * {{ ?s ?p "<x {BASE}" }}\n',
}


@pytest.fixture(scope="session", autouse=True)
def no_waiting_for_the_disk() -> Iterator[None]:
    """No test here pulls the plug; `test_durability` says when files must be on the disk."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda handle: None)
        yield


@pytest.fixture(scope="session")
def hard_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site."""
    return write_site(tmp_path_factory.mktemp("hard"), FILES)


@pytest.fixture(scope="session")
def hard(hard_site: Path) -> Release:
    """The release of the site; nobody writes into it."""
    return build(open_site(hard_site)).release
