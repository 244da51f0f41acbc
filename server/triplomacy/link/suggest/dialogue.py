"""Asks a person in the terminal, one thing after the other; each answer is written at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import click

from triplomacy.errors import BadRequest, TriplomacyError
from triplomacy.link.suggest.answers import Answer, Decision, Verb, answer_of, decisions_of
from triplomacy.link.suggest.doubts import Doubts
from triplomacy.link.suggest.suggesting import Suggested, Suggestion
from triplomacy.output import one_line

_HELP = """\
  yes, or a number   it is the first, or the one with that number
  close NUMBER       it is nearly the same as that one
  none               it is none of these; they are not suggested again
  other              it is another item, whose number you give
  skip               ask again another time
  quit               stop; what was answered is kept
"""


@dataclass
class Tally:
    """What came of asking.

    Attributes:
        linked: the links that were written.
        rejected: the things that are none of what was suggested.
        skipped: the things that were left for another time.
        without: the things that have no candidate.
        stopped: whether the person stopped before the end.
    """

    linked: int = 0
    rejected: int = 0
    skipped: int = 0
    without: list[str] = field(default_factory=list)
    stopped: bool = False


def ask(
    suggested: Iterable[Suggested],
    count: int,
    named: bool,
    judge: Callable[[Decision], Doubts],
    write: Callable[[list[Decision]], None],
) -> Tally:
    """Ask about each thing that has candidates.

    Args:
        suggested: the things and what they could be.
        count: how many there are.
        named: whether somebody named them, and so wants to be asked about all.
        judge: says what speaks against a decision.
        write: writes decisions.

    Raises:
        TriplomacyError: a service or the disk fails; what was answered before is written.
    """
    tally = Tally()
    for number, one in enumerate(suggested, 1):
        if not one.suggestions:
            tally.without.append(one.unlinked.thing.iri)
            if not named:
                continue
        click.echo(f"\n{number} of {count}  {_heading(one)}")
        for place, suggestion in enumerate(one.suggestions, 1):
            click.echo(_told(place, suggestion))
        if not one.suggestions:
            click.echo("  No candidate was found; type other if you know the item.")
        try:
            answer = _answer(one, judge)
        except (click.Abort, EOFError):
            answer = None
        if answer is None:
            tally.stopped = True
            click.echo()
            break
        write(decisions_of(one.unlinked.thing.iri, answer, one.scores))
        if answer.verb is None:
            tally.skipped += 1
        elif answer.verb is Verb.NONE:
            tally.rejected += 1
        else:
            tally.linked += 1
            click.echo(f"  written: {answer.id}")
    return tally


def _heading(one: Suggested) -> str:
    thing = one.unlinked
    hints = "".join(f"; {h.words}" for h in thing.hints)
    return (
        one_line(f"{thing.names[0]}  <{thing.thing.iri}>") + f"\n   {thing.kind}{one_line(hints)}"
    )


def _told(place: int, suggestion: Suggestion) -> str:
    about = suggestion.description or "no description"
    lines = [
        f"  {place}  {suggestion.id}  {one_line(suggestion.name)}: {one_line(about)}",
        f"     score {suggestion.score:g}",
        *(f"     + {one_line(reason)}" for reason in suggestion.reasons),
        *(f"     - {one_line(doubt)}" for doubt in suggestion.doubts),
    ]
    return "\n".join(lines)


def _answer(one: Suggested, judge: Callable[[Decision], Doubts]) -> Answer | None:
    """What the person answers, once nothing speaks against it; None to stop."""
    while True:
        typed = click.prompt("  Which one is it? [yes/1/close 1/none/other/skip/quit]", default="",
                             show_default=False).strip()  # fmt: skip
        if typed.lower() in ("q", "quit"):
            return None
        if typed.lower() in ("?", "help", "h"):
            click.echo(_HELP, nl=False)
            continue
        if typed.lower() in ("o", "other"):
            typed = click.prompt("  The number of the item, Q and digits").strip()
        try:
            answer = answer_of(_numbered(typed, one.suggestions))
            decided = decisions_of(one.unlinked.thing.iri, answer, one.scores)
            doubts = judge(decided[0]) if answer.id else Doubts()
        except TriplomacyError as error:
            if not isinstance(error, BadRequest):
                raise
            click.echo(f"  {one_line(error.detail)}: {one_line(error.remedy)}")
            continue
        for words in (*doubts.reasons, *doubts.warnings):
            click.echo(f"  {one_line(words)}")
        if doubts.reasons:
            continue
        if not doubts.warnings or click.confirm("  Link it all the same?", default=False):
            return answer


def _numbered(typed: str, suggestions: tuple[Suggestion, ...]) -> str:
    """What was typed, with the number of the item for its place in the list."""
    words = typed.split()
    if words and words[0].lower() in ("y", "yes"):
        words = ["1", *words[1:]]
    if words and words[-1].isdecimal():
        place = int(words[-1][:9])
        if not 1 <= place <= len(suggestions):
            raise BadRequest(f"there is no suggestion {place}", f"type 1 to {len(suggestions)}")
        words[-1] = suggestions[place - 1].id
    return " ".join(words)
