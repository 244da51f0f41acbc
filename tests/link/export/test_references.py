"""The reference of a statement leads to its source, and says nothing that the source does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.link.export.story import ACTORS, BASE, HOLDER, offered, story
from triplomacy.link.export.quickstatements import written
from triplomacy.link.stand_in.server import StandIn


def reference(
    folder: Path, stand_in: StandIn, source: str = "", base: str = BASE, **more: str
) -> list[str]:
    """The reference of a holding by a source about which the site says this."""
    actors = ACTORS + (f"<> {source} .\n" if source else "")
    offers = offered(story(folder, stand_in, actors=actors, base=base, **more))
    return [
        f"{s.property.id} {written(s.value)}"
        for o in offers.lacking
        if " P39 " in o.command
        for s in o.reference
    ]


QUOTATION = f'P1683 en:"{HOLDER}"'


def test_a_source_without_an_address_is_shown_on_our_pages(
    tmp_path: Path, forgetful: StandIn
) -> None:
    assert reference(tmp_path, forgetful) == [
        f'P854 "{BASE}id/source/s#char=0,{len(HOLDER)}"',
        QUOTATION,
    ]


def test_all_that_is_known_of_a_source_is_told(tmp_path: Path, forgetful: StandIn) -> None:
    said = (
        "schema:url <https://news.wikimedia.org/ä?q=1> ; dct:title 'Ein Treffen'@de ; "
        'dct:issued "2025-03-04T10:00:00Z"^^xsd:dateTime ; owl:sameAs wd:Q900000026 ; '
        "rdfs:label 'Moscow Kremlin'@en"
    )
    assert reference(tmp_path, forgetful, said) == [
        "P248 Q900000026",
        'P854 "https://news.wikimedia.org/%C3%A4?q=1"',
        'P1476 de:"Ein Treffen"',
        "P577 +2025-03-04T00:00:00Z/11",
        QUOTATION,
    ]


def test_a_label_of_ours_is_no_title(tmp_path: Path, forgetful: StandIn) -> None:
    assert not [s for s in reference(tmp_path, forgetful) if s.startswith("P1476")]


def test_a_title_of_no_language_is_of_that_of_the_source(
    tmp_path: Path, forgetful: StandIn
) -> None:
    assert 'P1476 en:"News"' in reference(tmp_path, forgetful, "dct:title 'News'")


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "javascript:alert(1)", "https://localhost/x", "http://10.0.0.1/x",
     "https://a.example/x", "https://intranet/x", "http://[::1]/", "https://x.local/"],
)  # fmt: skip
def test_an_address_that_leads_nowhere_is_passed_over(
    tmp_path: Path, forgetful: StandIn, address: str
) -> None:
    said = f'schema:url "{address}"'
    assert reference(tmp_path, forgetful, said)[0].startswith(f'P854 "{BASE}')


@pytest.mark.parametrize("base", ["https://example.org/s/", "http://127.0.0.1:8000/"])
def test_without_an_address_of_the_public_web_nothing_is_offered(
    tmp_path: Path, forgetful: StandIn, base: str
) -> None:
    assert reference(tmp_path, forgetful, base=base) == []
    also = "schema:url <https://news.wikimedia.org/1>"
    assert reference(tmp_path / "also", forgetful, also, base=base)[0].startswith("P854")


def test_a_quotation_stands_on_one_line(tmp_path: Path, forgetful: StandIn) -> None:
    actors = ACTORS.replace(f'"""{HOLDER}"""', '"""German\\tDefense\\n Minister Boris Pistorius"""')
    assert actors != ACTORS
    offers = offered(story(tmp_path, forgetful, actors=actors))
    assert offers.lacking[0].quotation.text == HOLDER


def test_a_long_quotation_is_cut_after_a_word(tmp_path: Path, forgetful: StandIn) -> None:
    long = f"{HOLDER} {'met many people ' * 40}"
    actors = ACTORS.replace(f'"""{HOLDER}"""', f'"""{long}"""')
    [offer] = offered(story(tmp_path, forgetful, actors=actors)).lacking
    assert len(offer.quotation.text) <= 400
    assert long.startswith(offer.quotation.text.removesuffix("…") + " ")


def test_a_source_of_two_languages_has_none_that_is_known(
    tmp_path: Path, forgetful: StandIn
) -> None:
    assert f'P1683 und:"{HOLDER}"' in reference(tmp_path, forgetful, "dct:language 'de'")
