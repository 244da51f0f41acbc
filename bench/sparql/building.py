"""From N-Quads to a store, in a process of its own, so that its memory can be told.

python -m bench.sparql.building METHOD QUADS STORE
"""

from __future__ import annotations

import dataclasses
import json
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import RdfFormat, Store, parse

from triplomacy.engine.loading import load
from triplomacy.engine.oxigraph import OxigraphEngine

METHODS = {
    "file": "our build, `OxigraphEngine.write_file`: named graphs and union",
    "load": "the same, not optimised afterwards: `loading.load`",
    "quads": "the same from quads of Python, `OxigraphEngine.write`",
    "twice": "the same by `Store.bulk_load` of N-Quads, then of N-Triples",
    "reference": "pyoxigraph's `bulk_load` of N-Triples into the default graph, no named graphs",
}


@dataclass(frozen=True, slots=True)
class Built:
    """How a store was made.

    Attributes:
        seconds: from opening the file to a store that can be opened read-only.
        processor: seconds of processor that this took; a busy machine changes it least.
        peak: bytes of memory at the worst moment.
        disk: bytes of the store.
    """

    seconds: float
    processor: float
    peak: int
    disk: int


def build(method: str, quads: Path, store: Path) -> Built | None:
    """Make a store; None if the process ended without one, such as for want of memory."""
    command = [sys.executable, "-m", __name__, method, str(quads), str(store)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    return Built(**json.loads(done.stdout)) if done.returncode == 0 else None


def _main() -> None:
    method, quads, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    start, processor = time.perf_counter(), time.process_time()
    if method == "file":
        OxigraphEngine.write_file(folder, quads)
    elif method == "load":
        store = Store(str(folder))
        load(store, quads)
        store.flush()
    elif method == "quads":
        with quads.open("rb") as stream:
            OxigraphEngine.write(folder, parse(input=stream, format=RdfFormat.N_QUADS))
    else:
        store = Store(str(folder))
        triples = quads.with_suffix(".nt")
        if method == "twice":
            store.bulk_load(path=str(quads), format=RdfFormat.N_QUADS)
        store.bulk_load(path=str(triples), format=RdfFormat.N_TRIPLES)
        store.flush()
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    disk = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
    found = Built(seconds, time.process_time() - processor, peak, disk)
    print(json.dumps(dataclasses.asdict(found)))


if __name__ == "__main__":
    _main()
