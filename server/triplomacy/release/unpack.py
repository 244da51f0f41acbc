"""Writes a release's data as one uncompressed file, from its dumps or its store."""

from __future__ import annotations

import gzip
import shutil
import sys
import zlib
from pathlib import Path
from typing import BinaryIO

from triplomacy.errors import BadRequest, ReleaseError
from triplomacy.release.dumps import DATASET_FORMATS, UNION_FORMATS
from triplomacy.release.folder import Release

_ANEW = "build a new release: triplomacy build --force"


def unpack(release: Release, suffix: str, output: Path | None) -> None:
    """Write the dump of `release` in the format with that suffix.

    Args:
        release: which one.
        suffix: of one of the formats that releases are dumped in.
        output: the file to write; standard output if None.

    Raises:
        BadRequest: there is no dump in that format.
        ReleaseError: the dump is damaged, or `output` cannot be written.
    """
    names = {f.suffix: f"dataset.{f.suffix}.gz" for f in DATASET_FORMATS}
    names |= {f.suffix: f"union.{f.suffix}.gz" for f in UNION_FORMATS}
    if suffix not in names:
        raise BadRequest(f"There is no dump as {suffix!r}", "choose one of: " + ", ".join(names))
    source = release.dumps / names[suffix]
    try:
        with gzip.open(source) as packed:
            if output is None:
                _copy(packed, sys.stdout.buffer)
            else:
                with output.open("wb") as plain:
                    _copy(packed, plain)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ReleaseError(f"{source}: the dump is damaged: {error}", _ANEW) from error
    except BrokenPipeError:
        raise  # the reader of our output has seen enough
    except OSError as error:
        place = error.filename or output or "standard output"
        raise ReleaseError(
            f"{place}: {error.strerror or error}",
            _ANEW if error.filename == str(source) else "write it elsewhere, with -o",
        ) from error


def _copy(source: BinaryIO | gzip.GzipFile, target: BinaryIO) -> None:
    shutil.copyfileobj(source, target, 1024 * 1024)
    target.flush()
