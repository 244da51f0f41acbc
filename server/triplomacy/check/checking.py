"""Checks a site as it was read: SHACL and our own rules, each finding with its file and line."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from triplomacy.check.dangling import dangling
from triplomacy.check.engine_names import EngineName
from triplomacy.check.portable import unportable
from triplomacy.check.shacl_engines import Result, validate
from triplomacy.findings import Finding, Severity, in_order
from triplomacy.iris import Base
from triplomacy.read.locate import Places
from triplomacy.read.reading import Reading


@dataclass(frozen=True, slots=True)
class Report:
    """What the check found.

    Attributes:
        findings: all of them, the worst first.
        shacl: the `sh:ValidationReport` in Turtle; None where nothing could be validated.
    """

    findings: tuple[Finding, ...]
    shacl: bytes | None

    @property
    def passes(self) -> bool:
        """Whether a release may be made."""
        return not any(f.blocks for f in self.findings)

    @property
    def exit_code(self) -> int:
        """0 if it passes, 1 on violations, 2 on unreadable input."""
        if any(f.severity is Severity.UNREADABLE for f in self.findings):
            return 2
        return 0 if self.passes else 1


def check(reading: Reading, base: Base, engine: EngineName = "fast") -> Report:
    """Check what was read.

    Where a file could not be read, the rest is not validated: the missing facts would make a
    hundred findings out of one. Nor are facts that the SHACL engines cannot read.
    """
    if any(f.severity is Severity.UNREADABLE for f in reading.findings):
        return Report(in_order(reading.findings), None)
    shacl = None
    found = unportable(reading.quads)
    if not found:
        validation = validate(reading.facts, reading.shapes, engine)
        shacl = validation.report
        found = [_finding(r) for r in validation.results] + dangling(base, reading.quads)
    places = Places(reading.files, reading.quads) if found else None
    located = [_located(f, places) for f in found] if places else []
    return Report(in_order([*reading.findings, *located]), shacl)


def _finding(result: Result) -> Finding:
    try:
        severity = Severity(result.severity.lower())
    except ValueError:
        severity = Severity.VIOLATION  # a severity of the site's own (SHACL §2.1.4): be strict
    return Finding(
        severity,
        result.shape,
        result.message,
        subject=result.focus or None,
        value=result.value or None,
    )


def _located(finding: Finding, places: Places) -> Finding:
    if finding.subject is None or finding.file is not None:
        return finding
    file, line = places.find(finding.subject, finding.value)
    return dataclasses.replace(finding, file=file, line=line)
