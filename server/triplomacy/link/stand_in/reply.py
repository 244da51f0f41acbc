"""What a protocol of the stand-in is asked, and what it replies."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Asked:
    """A request.

    Attributes:
        path: its path, decoded, without the query.
        fields: the fields of its query and its form.
        accept: its header `Accept`.
        root: the address of the stand-in, without a slash at its end.
    """

    path: str
    fields: Mapping[str, str]
    accept: str
    root: str

    def listed(self, field: str, otherwise: tuple[str, ...] = ()) -> tuple[str, ...]:
        """The values of a field that holds many, `|` between them, as MediaWiki has it."""
        value = self.fields.get(field, "")
        return tuple(v for v in value.split("|") if v) if value else otherwise


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer."""

    body: bytes
    type: str = "application/json; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def json_reply(value: Any, status: int = 200, **headers: str) -> Reply:
    """A reply in JSON; the names of headers with `_` for `-`."""
    body = json.dumps(value, ensure_ascii=False).encode()
    return Reply(body, status=status, headers={k.replace("_", "-"): v for k, v in headers.items()})
