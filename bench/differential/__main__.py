"""Asks two engines the same random questions and prints where they differ.

    python -m bench.differential oxigraph sparq --minutes 20
    python -m bench.differential oxigraph oxigraph=/other/venv/bin/python --count 5000

An engine is `oxigraph` (pyoxigraph), `sparq` (sparq-rdf), `maplib` or `rdflib`, and can be followed
by `=` and the Python that has it, so that two versions of one package can be compared. What differs
is made small, counted by kind and by the words of the query, and printed once each.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

from bench.differential.answers import difference
from bench.differential.datasets import Data, diplomacy, tricky
from bench.differential.engines import Engine, Outcome
from bench.differential.questions import Question, ask
from bench.differential.shrink import shrink

_PER_DATASET = 4  # questions
_WORDS = re.compile(
    r"\b(ASK|CONSTRUCT|DISTINCT|OPTIONAL|UNION|MINUS|NOT EXISTS|EXISTS|GRAPH|BIND|VALUES|UNDEF|"
    r"GROUP BY|HAVING|ORDER BY|FILTER|COUNT|SUM|MIN|MAX|AVG|SELECT|[A-Z_]{2,}(?=\()|"
    r"xsd:\w+(?=\()|is[A-Z]\w+|sameTerm|IN)|(?<=[\w>)])[*+?](?=[ )/|])|\^|!=|[<>]=?(?= )|[=&|/!]",
)


@dataclass
class Tally:
    """What was counted.

    Attributes:
        asked: questions.
        answered: of them, how many the first engine answered.
        empty: of its answers, how many were empty.
        kinds: disagreements, by kind.
        shown: by kind and words, those that were made small.
        sides: by kind, with whom the arbiter agreed about them.
    """

    asked: int = 0
    answered: int = 0
    empty: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    shown: Counter[str] = field(default_factory=Counter)
    sides: Counter[str] = field(default_factory=Counter)


def main() -> None:
    """Run until the time or the count is up."""
    parser = argparse.ArgumentParser(
        "bench.differential", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("reference", help="the engine that is believed, as NAME or NAME=PYTHON")
    parser.add_argument("candidate", help="the engine that is judged, as NAME or NAME=PYTHON")
    parser.add_argument("--arbiter", help="a third engine, asked about what differs")
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--count", type=int, help="of questions, instead of minutes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--patience", type=float, default=3, help="seconds for an answer")
    parser.add_argument("--only", choices=("tricky", "diplomacy"), help="of the two datasets")
    parser.add_argument("--quiet", action="store_true", help="count, and show nothing")
    given = parser.parse_args()
    names = [given.reference, given.candidate, *([given.arbiter] if given.arbiter else ())]
    engines = [Engine(name, given.patience) for name in names]
    tally = Tally()
    try:
        _run(given, engines, tally)
    except KeyboardInterrupt:
        pass
    finally:
        for engine in engines:
            engine.close()
        _print(tally)
    sys.exit(1 if tally.kinds else 0)


def _run(given: argparse.Namespace, engines: list[Engine], tally: Tally) -> None:
    start = time.monotonic()
    number = 0
    while (
        tally.asked < given.count if given.count else time.monotonic() - start < given.minutes * 60
    ):
        r = random.Random(f"{given.seed} {number}")
        only = given.only or ("diplomacy" if number % 4 == 0 else "tricky")
        data = diplomacy() if only == "diplomacy" else tricky(r)
        for _ in range(_PER_DATASET):
            _compare(given, engines, data, ask(r, data.terms), f"{given.seed}/{number}", tally)
        number += 1


def _compare(
    given: argparse.Namespace,
    engines: list[Engine],
    data: Data,
    question: Question,
    place: str,
    tally: Tally,
) -> None:
    reference, candidate = engines[:2]
    one = reference.ask(data.text, question.text)
    tally.asked += 1
    if one.died:
        tally.kinds[f"the reference {one.error}"] += 1
        if "crashed" in one.error:
            print(
                f"\n== the reference {one.error}   (seed {place})\n   {_line(question)}", flush=True
            )
        return
    other = candidate.ask(data.text, question.text)
    tally.answered += one.answer is not None
    tally.empty += one.answer is not None and not (
        one.answer.get("rows") or "rows" not in one.answer
    )
    kind = difference(one, other, question.ordered)
    if kind is None:
        return
    what = kind
    if kind == "refuses":  # told apart by the engine's words
        what = f"refuses: {other.error[:60]}"
    tally.kinds[what] += 1
    if given.quiet or tally.kinds[what] > 40 or kind == "timeout":
        return

    def holds(data: Data, question: Question) -> bool:
        first = reference.ask(data.text, question.text)
        second = candidate.ask(data.text, question.text)
        return difference(first, second, question.ordered) == kind and (
            kind != "refuses" or second.error[:60] == other.error[:60]
        )

    small, short = shrink(data, question, holds)
    outcomes = [engine.ask(small.text, short.text) for engine in engines]
    if len(engines) > 2:
        sides = [
            e.name for e, o in zip(engines[:2], outcomes[:2], strict=True) if _agree(outcomes[2], o)
        ]
        tally.sides[
            f"{kind}: {engines[2].name} agrees with {' and '.join(sides) or 'neither'}"
        ] += 1
    words = _WORDS.findall(str(short.tree))
    key = re.sub(r"\s+", " ", f"{what} | {' '.join(sorted(set(words)))}")
    tally.shown[key] += 1
    if tally.shown[key] > 1:
        return
    print(f"\n== {key}   (seed {place})")
    print("\n".join(f"   {q}" for q in small.quads) or "   (no data)")
    print(f"   {_line(short)}")
    for engine, outcome in zip(engines, outcomes, strict=True):
        print(f"   {engine.name:10} {_shown(outcome)}", flush=True)


def _agree(one: Outcome, other: Outcome) -> bool:
    return difference(one, other) in (None, "spelling")


def _line(question: Question) -> str:
    return " ".join(question.text.split())


def _shown(outcome: Outcome) -> str:
    if outcome.answer is None:
        return f"({outcome.error})"
    answer = dict(outcome.answer)
    text = json.dumps(
        answer.get("rows", answer.get("triples", answer.get("boolean"))), ensure_ascii=False
    )
    return text if len(text) < 300 else f"{text[:300]}…"


def _print(tally: Tally) -> None:
    print(
        f"\n{tally.asked:,} questions, {tally.answered:,} answered by the reference, "
        f"{tally.empty:,} of them with no row; {sum(tally.kinds.values()):,} disagreements"
    )
    for kind, count in tally.kinds.most_common():
        print(f"  {count:6,}  {kind}")
    for side, count in sorted(tally.sides.items()):
        print(f"  {count:6,}  {side}")
    if tally.shown:
        print("made small, by kind and words of the query:")
        for key, count in tally.shown.most_common():
            print(f"  {count:6,}  {key}")


if __name__ == "__main__":
    main()
