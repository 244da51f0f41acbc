"""Texts in TOML, of whatever they consist: for files that people read and edit."""

from __future__ import annotations

import json
import re

_UNSAFE = re.compile(
    r"[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\uffff\U000e0000-\U000e007f]"
)
"""What TOML forbids, or an editor would not show, or show elsewhere than it stands."""


def basic_string(text: str) -> str:
    """A basic string of TOML (§String): JSON's escapes, and some more, none of which JSON needs."""
    return _UNSAFE.sub(lambda c: f"\\U{ord(c[0]):08x}", json.dumps(text, ensure_ascii=False))
