"""Writes a release's data as one uncompressed file, from its dumps or its store."""

from __future__ import annotations

import gzip
import shutil
import sys
from pathlib import Path

from triplomacy.errors import BadRequest
from triplomacy.release.dumps import DATASET_FORMATS, UNION_FORMATS
from triplomacy.release.folder import Release


def unpack(release: Release, suffix: str, output: Path | None) -> None:
    """Write the dump of `release` in the format with that suffix.

    Args:
        release: which one.
        suffix: of one of the formats that releases are dumped in.
        output: the file to write; standard output if None.

    Raises:
        BadRequest: there is no dump in that format.
    """
    names = {f.suffix: f"dataset.{f.suffix}.gz" for f in DATASET_FORMATS}
    names |= {f.suffix: f"union.{f.suffix}.gz" for f in UNION_FORMATS}
    if suffix not in names:
        raise BadRequest(f"There is no dump as {suffix!r}", "choose one of: " + ", ".join(names))
    with gzip.open(release.dumps / names[suffix]) as packed:
        if output is None:
            shutil.copyfileobj(packed, sys.stdout.buffer)
        else:
            with output.open("wb") as plain:
                shutil.copyfileobj(packed, plain)
