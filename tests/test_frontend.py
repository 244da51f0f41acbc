"""The scripts of the query page: their own tests, and how they come into the wheel."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from tests.conftest import REPOSITORY

FRONTEND = REPOSITORY / "frontend"
needs_node = pytest.mark.skipif(
    shutil.which("npm") is None or not (FRONTEND / "node_modules").is_dir(),
    reason="needs node and npm on the PATH, and `npm ci` in frontend/",
)


@needs_node
def test_the_scripts_pass_their_own_tests() -> None:
    run = subprocess.run(
        ["npm", "test", "--silent"], cwd=FRONTEND, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.fixture(scope="module")
def hook() -> ModuleType:
    """The build hook, as hatchling loads it."""
    spec = importlib.util.spec_from_file_location("hatch_build", REPOSITORY / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the scripts' sources, without what npm installs."""
    leave = shutil.ignore_patterns("node_modules", "build")
    shutil.copytree(FRONTEND, tmp_path / "frontend", ignore=leave)
    return tmp_path


@needs_node
def test_a_build_bundles_the_scripts_and_a_second_one_does_nothing(
    hook: ModuleType, project: Path
) -> None:
    (project / "frontend" / "node_modules").symlink_to(FRONTEND / "node_modules")
    warnings: list[str] = []
    installed: list[tuple[str, ...]] = []
    npm: Callable[..., None] = hook._npm

    def without_install(folder: Path, *arguments: str) -> None:
        installed.append(arguments)
        if arguments[0] != "ci":  # what it would install is there
            npm(folder, *arguments)

    hook._npm = without_install
    try:
        assert hook.bundle(project, warnings.append)
        folder = project / hook.BUNDLE
        made = {p.name: p.stat().st_mtime_ns for p in folder.iterdir()}
        assert {"bundle.json", "LICENSES.txt"} <= made.keys()
        assert not hook.bundle(project, warnings.append)
        assert {p.name: p.stat().st_mtime_ns for p in folder.iterdir()} == made
        assert len(installed) == 2

        with (project / "frontend/src/dom.ts").open("a") as source:
            source.write("// changed\n")
        assert hook.bundle(project, warnings.append)
        assert warnings == []
    finally:
        hook._npm = npm


@needs_node
def test_a_registry_that_cannot_be_reached_is_a_warning(
    hook: ModuleType, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_cache", os.fspath(tmp_path / "cache"))
    monkeypatch.setenv("npm_config_fetch_retry_mintimeout", "10")
    monkeypatch.setenv("npm_config_fetch_retry_maxtimeout", "10")
    warnings: list[str] = []
    assert not hook.bundle(project, warnings.append)
    assert "were not bundled" in warnings[0]
    assert "127.0.0.1:9" in warnings[0]
    assert not (project / hook.BUNDLE / "bundle.json").exists()


def test_without_node_on_the_machine_or_from_pypi_it_is_a_warning_too(
    hook: ModuleType, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    warnings: list[str] = []
    assert not hook.bundle(project, warnings.append)
    assert "there is no Node.js on this machine, nor from PyPI" in warnings[0]
