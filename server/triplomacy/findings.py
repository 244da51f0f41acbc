"""Findings: what reading and checking have to say about a site, each with its place and remedy."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How bad it is; the names are SHACL's (§2.1.4), and UNREADABLE is ours."""

    UNREADABLE = "unreadable"
    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"


ORDER = tuple(Severity)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that an editor should know.

    Attributes:
        severity: how bad it is; UNREADABLE and VIOLATION stop a build.
        rule: the IRI of the shape, or the name of a rule of ours.
        message: what is wrong and what to do, for an editor.
        subject: the IRI of what it is about.
        value: the offending value, as text.
        file: the file, relative to the site; None where it is in no single file.
        line: the line in it, from 1.
    """

    severity: Severity
    rule: str
    message: str
    subject: str | None = None
    value: str | None = None
    file: str | None = None
    line: int | None = None

    @property
    def blocks(self) -> bool:
        """Whether a build with this finding makes no release."""
        return self.severity in (Severity.UNREADABLE, Severity.VIOLATION)

    @property
    def place(self) -> str:
        """`file:line`, as editors and terminals understand it."""
        if self.file is None:
            return "-"
        return self.file if self.line is None else f"{self.file}:{self.line}"


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings, the worst first, then by place."""
    return tuple(
        sorted(
            findings,
            key=lambda f: (
                ORDER.index(f.severity),
                f.file or "",
                f.line or 0,
                f.subject or "",
                f.rule,
                f.value or "",
            ),
        )
    )


def counts(findings: Iterable[Finding]) -> dict[Severity, int]:
    """How many findings of each severity there are, zeros included."""
    counted = Counter(f.severity for f in findings)
    return {s: counted[s] for s in ORDER}


def as_document(findings: Iterable[Finding]) -> dict[str, Any]:
    """The findings and their number by severity, ready to be written as JSON."""
    findings = list(findings)
    return {
        "counts": {s.value: n for s, n in counts(findings).items()},
        "findings": [dataclasses.asdict(f) for f in findings],
    }
