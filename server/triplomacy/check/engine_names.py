"""The names of the SHACL engines, apart from the engines themselves, which take long to import."""

from __future__ import annotations

from typing import Literal, get_args

EngineName = Literal["fast", "pyshacl"]
ENGINES: tuple[EngineName, ...] = get_args(EngineName)
