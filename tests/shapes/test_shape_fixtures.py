"""Every rule rejects what it is meant to reject, and nothing else.

A fixture is a small graph that is added to world.ttl. The invalid twin says in `# expect:` comments
which results it must give, and no others, so that both engines are compared with each other; the
valid twin must give none. pySHACL would take a minute for these, so the fast engine alone is asked.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rdflib import Graph

FIXTURES = Path(__file__).parent / "fixtures"
NAMES = sorted(file.name.removesuffix(".invalid.ttl") for file in FIXTURES.glob("*.invalid.ttl"))
EXPECT = re.compile(
    r'^# expect: shape=(\S+) focus=(\S+) severity=(\S+) message="(.*)"$', re.MULTILINE
)

both_engines = pytest.mark.parametrize("engine", ["fast", "reference"])


def expectations(name: str) -> dict[tuple[str, str, str], str]:
    text = (FIXTURES / f"{name}.invalid.ttl").read_text(encoding="utf-8")
    return {
        (shape, focus, severity): words for shape, focus, severity, words in EXPECT.findall(text)
    }


def added(world: Graph, name: str) -> Graph:
    graph = Graph()
    graph += world
    return graph.parse(FIXTURES / f"{name}.ttl")


@both_engines
def test_the_world_is_valid(engine, engines, world):
    assert engines[engine](world) == {}


@both_engines
@pytest.mark.parametrize("name", NAMES)
def test_invalid_twin_gives_exactly_the_expected_results(name, engine, engines, world):
    expected = expectations(name)
    found = engines[engine](added(world, f"{name}.invalid"))
    assert found.keys() == expected.keys()
    for finding, words in expected.items():
        assert any(words in message for message in found[finding]), found[finding]


@pytest.mark.parametrize("name", NAMES)
def test_valid_twin_gives_none(name, fast, world):
    assert fast(added(world, f"{name}.valid")) == {}


def test_every_fixture_has_its_twin_and_the_same_rule():
    assert len(list(FIXTURES.iterdir())) == 2 * len(NAMES)
    for name in NAMES:
        invalid, valid = (
            (FIXTURES / f"{name}.{twin}.ttl").read_text(encoding="utf-8").splitlines()[0]
            for twin in ("invalid", "valid")
        )
        assert invalid == valid
        assert invalid.startswith("# ")
        assert expectations(name)


def test_every_shape_that_can_report_is_exercised(reporting_shapes):
    exercised = {shape for name in NAMES for shape, _, _ in expectations(name)}
    assert exercised == reporting_shapes
