"""`/validation`: the report of the check that the release passed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, render_template
from pyoxigraph import NamedNode

from triplomacy.errors import ReleaseError
from triplomacy.web.current import Publication, publication
from triplomacy.web.described import described
from triplomacy.web.pages import embedded
from triplomacy.web.pages.entity import reader_of
from triplomacy.web.pages.reader import Ref, Text

routes = Blueprint("validation", __name__)

_SEVERITIES = ("unreadable", "violation", "warning", "info")


@dataclass(frozen=True, slots=True)
class Found:
    """A finding of the check, as the page shows it."""

    severity: str
    rule: Ref
    message: str
    subject: Ref | None
    value: str
    place: str


@routes.get("/validation")
@routes.get("/validation.<suffix>")
def validation(suffix: str | None = None) -> Response:
    """The report of the check that this release passed: a page, or SHACL's report in RDF."""
    published = publication()

    def page() -> str:
        findings = _findings(published)
        counts = [(s, sum(f.severity == s for f in findings)) for s in _SEVERITIES]
        json_ld = embedded.of_site(published.base, published.manifest)
        return render_template("validation.html", findings=findings, counts=counts, json_ld=json_ld)

    return described("validation", published.release.report, page, suffix)


def _findings(published: Publication) -> list[Found]:
    """The findings, the worst first; what the file does not say is left empty."""
    try:
        document: Any = json.loads(published.release.problems.read_bytes())
    except (OSError, ValueError) as error:
        raise ReleaseError(f"{published.release.problems}: {error}", "build anew") from error
    values = document.get("findings", []) if isinstance(document, dict) else document
    findings = []
    for value in values:
        rule = str(value.get("rule") or value.get("shape") or "")
        subject = value.get("subject")
        place = ":".join(str(p) for p in (value.get("file"), value.get("line")) if p)
        findings.append(
            Found(
                str(value.get("severity", "")).lower(),
                _ref(published, rule),
                str(value.get("message", "")),
                _ref(published, str(subject)) if subject else None,
                str(value.get("value") or "") if value.get("value") != subject else "",
                place,
            )
        )
    known = {s: i for i, s in enumerate(_SEVERITIES)}
    return sorted(findings, key=lambda f: (known.get(f.severity, 9), f.place, str(f.rule)))


def _ref(published: Publication, name: str) -> Ref:
    """An IRI with its label; anything else as it stands."""
    try:
        return reader_of(published).ref(NamedNode(name))
    except ValueError:
        return Ref("", Text(name))
