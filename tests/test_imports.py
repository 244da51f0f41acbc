"""Imports point one way: a part knows the parts before it, and never one that comes after."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

PACKAGE = REPOSITORY / "server" / "triplomacy"
LAYERS = (
    *("fetching", "engine", "read", "check", "search", "link", "release", "reconcile"),
    *("engine.pool", "web"),
)
"""The folders as CONTRIBUTING.md has them. A module of no folder is as late as what it imports."""
MODULES = sorted(PACKAGE.rglob("*.py"))


@functools.cache
def place_of(module: str) -> int:
    """How late a module comes, named without the package: `engine.pool.frames` → 4."""
    folders = [name for name in LAYERS if module == name or module.startswith(f"{name}.")]
    if folders:
        return LAYERS.index(max(folders, key=len))
    return max(map(place_of, imported(PACKAGE / f"{module}.py")), default=-1)


def name_of(path: Path) -> str:
    """The name of a module without the package: `engine/oxigraph.py` → `engine.oxigraph`."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(p for p in parts if p != "__init__")


@functools.cache
def imported(path: Path) -> tuple[str, ...]:
    """The modules of the package that a module imports, at its head or later."""
    return tuple(_imported(path))


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("triplomacy."):
            yield (node.module or "").removeprefix("triplomacy.")
        elif isinstance(node, ast.ImportFrom) and node.module == "triplomacy":
            yield from (a.name for a in node.names if not a.name.startswith("__"))
        elif isinstance(node, ast.Import):
            for alias in node.names:
                assert not alias.name.startswith("triplomacy"), "write: from triplomacy… import"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_imports_nothing_from_a_later_part(path: Path) -> None:
    own = place_of(name_of(path) or "__init__")
    for module in imported(path):
        assert place_of(module) <= own, f"{name_of(path)}: {module}"


@pytest.mark.parametrize("path", sorted((PACKAGE / "web").rglob("*.py")), ids=name_of)
def test_the_server_needs_a_release_and_nothing_that_made_it(path: Path) -> None:
    assert not {"read", "check", "link"} & {module.partition(".")[0] for module in imported(path)}


def test_every_part_that_the_layers_name_is_there() -> None:
    assert {place_of(name_of(p)) for p in MODULES if p.parent != PACKAGE} == {*range(len(LAYERS))}
