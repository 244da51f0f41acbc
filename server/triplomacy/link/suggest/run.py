"""What `triplomacy link suggest` does: ask in the terminal, write a file to review, apply one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import click

from triplomacy.errors import BadRequest, CheckFailed
from triplomacy.link.cache import now
from triplomacy.link.check.checking import languages_of
from triplomacy.link.client import Client, agent_of
from triplomacy.link.entities import entities_for
from triplomacy.link.linked import Link, described, links_of
from triplomacy.link.people import who_decides
from triplomacy.link.suggest.accepting import FILE, Provenance, accept
from triplomacy.link.suggest.answers import Decision, Verb, decisions_of
from triplomacy.link.suggest.dialogue import Tally, ask
from triplomacy.link.suggest.doubts import Doubts, doubts_about
from triplomacy.link.suggest.review import Reviewed, read_review, write_review
from triplomacy.link.suggest.suggesting import Suggested, suggest
from triplomacy.link.suggest.unlinked import Unlinked, chosen, unlinked
from triplomacy.link.suggest.watching import Watch
from triplomacy.output import one_line, wait
from triplomacy.read.reading import Reading
from triplomacy.site import Site

_NAMED = 20  # things without a candidate that are named


def ask_in_terminal(
    site: Site,
    reading: Reading,
    wanted: Sequence[str],
    kinds: Collection[str],
    by: str | None,
    fresh: bool,
) -> None:
    """Ask about each thing, and write each answer at once.

    Raises:
        BadRequest: a thing is none, or nobody knows who decides.
        TriplomacyError: a service or the disk fails; what was answered before is written.
    """
    things = _things(site, reading, wanted, kinds)
    who = who_decides(by, site.folder)
    provenance = Provenance(who, now().date(), site.settings.wikidata.reconciliation)
    client = Client(agent_of(site.settings), told=lambda words: click.echo(words, err=True))
    known = {t.thing.iri: t.thing for t in things}
    links = links_of(reading.facts, site.base)
    entities = entities_for(site, client, languages_of(site, known.values()), fresh)
    made: list[Decision] = []
    watch = Watch(site)

    def judge(decision: Decision) -> Doubts:
        return doubts_about([*made, decision], known, links, entities)[-1]

    def write(decisions: list[Decision]) -> None:
        if decisions:
            watch.demand_unlinked({d.thing for d in decisions})
            accept(site, decisions, provenance)
            made.extend(d for d in decisions if d.verb is not Verb.NONE)

    suggested = suggest(site, reading, things, client, fresh)
    _say(ask(_spinning(suggested), len(things), bool(wanted), judge, write), site)


def review_file(
    site: Site,
    reading: Reading,
    wanted: Sequence[str],
    kinds: Collection[str],
    path: Path,
    fresh: bool,
) -> None:
    """Write a file to edit.

    Raises:
        TriplomacyError: a thing is none, a service or the disk fails; the file stays as it is.
    """
    things = _things(site, reading, wanted, kinds)
    with wait("Asking for candidates") as step:
        suggested = list(suggest(site, reading, things, fresh=fresh, progress=step))
    count = write_review(path, suggested, site.settings.wikidata.reconciliation)
    without = sum(not s.suggestions for s in suggested)
    click.echo(f"{path}: {count} things, {without} of them without a candidate")
    click.echo(f"Edit it, then: triplomacy link suggest --apply {path}", err=True)


def apply_review(site: Site, reading: Reading, path: Path, by: str | None, fresh: bool) -> None:
    """Write the links that a file accepts: all of them, or none.

    Raises:
        BadRequest: the file cannot be read, a thing in it is none, or nobody knows who decides.
        CheckFailed: Wikidata does not bear out an answer.
        TriplomacyError: a service or the disk fails; nothing is written.
    """
    service, reviewed = read_review(path)
    places = {r.thing: r.place for r in reviewed}
    done, left = _split(site, reading, reviewed)
    decisions = [d for r in left for d in decisions_of(r.thing, r.answer, r.scores, r.note)]
    linking = [d for d in decisions if d.verb is not Verb.NONE]
    if linking:
        with wait("Asking Wikidata") as step:
            things = described({d.thing for d in linking}, reading.facts, site.base)
            client = Client(agent_of(site.settings), told=step)
            entities = entities_for(site, client, languages_of(site, things.values()), fresh)
            links = links_of(reading.facts, site.base)
            doubts = doubts_about(linking, things, links, entities)
        _refuse(linking, doubts, places)
    if decisions:
        accept(site, decisions, Provenance(who_decides(by, site.folder), now().date(), service))
    open_ = sum(r.answer.verb is None for r in left)
    click.echo(
        f"{FILE}: {len(linking)} links written; {len(done)} were there already, "
        f"{len({d.thing for d in decisions} - {d.thing for d in linking})} things are none of what "
        f"was suggested, {open_} are without an answer"
    )


def _refuse(decisions: list[Decision], doubts: list[Doubts], places: dict[str, str]) -> None:
    """Tell all that speaks against decisions, and raise where they cannot be."""
    refused = 0
    for decision, doubt in zip(decisions, doubts, strict=True):
        for kind, words in (("violation", doubt.reasons), ("warning", doubt.warnings)):
            for one in words:
                place = places[decision.thing]
                click.echo(f"{place}  {kind}  <{decision.thing}>  {one_line(one)}", err=True)
        refused += bool(doubt.reasons)
    if refused:
        raise CheckFailed(
            f"Wikidata does not bear out {refused} of the answers, so nothing was written",
            "correct these answers, and apply the file again",
        )


def _split(
    site: Site, reading: Reading, reviewed: list[Reviewed]
) -> tuple[list[Reviewed], list[Reviewed]]:
    """The answers that are written already, and the others.

    Raises:
        BadRequest: a thing is none that could be linked, or has another link by now.
    """
    free = {t.thing.iri for t in unlinked(reading, site.base, site.settings.languages)}
    linked = {link.thing.iri: link for link in links_of(reading.facts, site.base)}
    done, left = [], []
    for one in reviewed:
        link = linked.get(one.thing)
        if link is None and one.thing not in free:
            raise BadRequest(
                f"{one.place}: <{one.thing}> is no thing of this site that could be linked",
                "remove it from the file, or write the file anew with --review",
            )
        if link is None or one.answer.verb is None:
            left.append(one)
        elif (one.answer.verb, one.answer.id) == (_verb_of(link), link.id):
            done.append(one)
        else:
            raise BadRequest(
                f"{one.place}: <{one.thing}> is linked to {link.target} already, which is not what "
                "the answer says",
                "look which one is right, and correct this answer or the link",
            )
    return done, left


def _verb_of(link: Link) -> Verb:
    return Verb.SAME if link.is_same else Verb.CLOSE


def _things(
    site: Site, reading: Reading, wanted: Sequence[str], kinds: Collection[str]
) -> list[Unlinked]:
    found = unlinked(reading, site.base, site.settings.languages, kinds)
    return chosen(found, wanted, links_of(reading.facts, site.base), site.base)


def _spinning(suggested: Iterator[Suggested]) -> Iterator[Suggested]:
    """The same, with a sign that the terminal waits for a service and not for the person."""
    while True:
        with wait("Asking for candidates"):
            one = next(suggested, None)
        if one is None:
            return
        yield one


def _say(tally: Tally, site: Site) -> None:
    click.echo(
        f"{tally.linked} links written, {tally.rejected} things are none of what was suggested, "
        f"{tally.skipped} skipped, {len(tally.without)} without a candidate"
        + ("; stopped before the end" if tally.stopped else "")
    )
    if tally.without:
        paths = (site.base.path_of(iri) or iri for iri in tally.without[:_NAMED])
        more = ", …" if len(tally.without) > _NAMED else ""
        click.echo(f"Without a candidate: {', '.join(paths)}{more}", err=True)
