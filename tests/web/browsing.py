"""Pages in a real browser: what to start, what goes wrong in a page, and whom it shuts out."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

CHROMIUM = next((p for n in ("chromium", "chromium-browser") if (p := shutil.which(n))), None)
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium on the PATH")

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
SIZE = {"width": 1280, "height": 720}
PHONE = {"width": 360, "height": 740}


def watchers(faults: list[str]) -> dict[str, Callable[..., None]]:
    """For each event of a page what adds it to `faults`, if it is one."""

    def add(wrong: bool, text: str) -> None:
        if wrong:
            faults.append(text)

    return {
        "console": lambda m: add(m.type in ("error", "warning"), m.text),
        "pageerror": lambda e: add(True, str(e)),
        "requestfailed": lambda r: add(True, f"failed: {r.url}"),
        "response": lambda r: add(r.status >= 400, f"{r.status}: {r.url}"),
        "request": lambda r: add("//127.0.0.1:" not in r.url, f"elsewhere: {r.url}"),
    }


def serious_faults(page: Page, *rules: str) -> list[str]:
    """What axe finds that is serious or critical; by these rules only, if any are named."""
    options = {"runOnly": {"type": "rule", "values": list(rules)}} if rules else None
    return [
        f"{v['id']}: {v['help']}: {[n['html'][:120] for n in v['nodes'][:3]]}"
        for v in Axe().run(page, options=options).response["violations"]
        if v["impact"] in ("serious", "critical")
    ]
