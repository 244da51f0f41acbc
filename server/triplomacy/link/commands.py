"""The commands under `triplomacy link`: parse arguments, call, print."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from triplomacy.link.kinds import KINDS
from triplomacy.options import SITE

if TYPE_CHECKING:
    from triplomacy.read.reading import Reading
    from triplomacy.site import Site


_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def link() -> None:
    """Make links to Wikidata, and keep them true.

    \b
      triplomacy link suggest      which items could the things without a link be?
      triplomacy link check        is every linked item still there, and still the same?
      triplomacy link fetch        keep their names and descriptions, in your languages
      triplomacy link export       give back what Wikidata lacks, line by line
      triplomacy link stand-in     a small Wikidata on this machine, to try things offline
    """


@link.command()
@SITE
@click.option(
    "--fix", is_flag=True, help="Rewrite links to merged items in the files, and their records."
)
@click.option("--json", "output", flag_value="json", help="Print the outcome as JSON.")
@click.option("--rdf", "output", flag_value="rdf", help="Print the outcome as Turtle (EARL).")
@click.option("--fresh", is_flag=True, help="Ask for all anew, whatever the cache knows.")
@click.option(
    "--record/--no-record", default=True, help="Keep the outcome in data/wikidata-check.ttl."
)
def check(folder: Path, fix: bool, output: str | None, fresh: bool, record: bool) -> None:
    """Check every link to Wikidata against what stands there now.

    Finds items that were merged or deleted, pages that tell namesakes apart, names, kinds and dates
    that contradict ours, and items that are linked twice. Exit code 0: nothing blocks a release; 1:
    violations; 2: unreadable input; 4: Wikidata cannot be reached; what it answered before is kept.

    \b
      triplomacy link check
      triplomacy link check --fix
      triplomacy link check --json | jq '.links[] | select(.outcome != "passed")'
    """
    from triplomacy.link.check.checking import check_links
    from triplomacy.link.check.mending import Mended, mend
    from triplomacy.link.check.record import FILE, keep
    from triplomacy.link.check.report import as_json, as_turtle
    from triplomacy.output import as_text, one_line, summary, wait

    def tell(done: Mended) -> None:
        place = f"{one_line(done.file)}:{done.line}"
        click.echo(f"{place}  rewritten  {done.old} → {done.new}", err=True)

    written = FILE if record else ""
    site, reading = _read(folder, written)
    with wait("Asking Wikidata") as step:
        checked = check_links(site, reading, fresh=fresh, progress=step)
    if fix and mend(reading.files, checked.verdicts, tell):
        with wait("Asking Wikidata") as step:
            checked = check_links(site, _read(folder, written)[1], progress=step)
    if output == "json":
        click.echo(as_json(checked), nl=False)
    elif output == "rdf":
        click.echo(as_turtle(checked, site.base), nl=False)
    else:
        click.echo(as_text(checked.findings), nl=False)
        click.echo(f"{len(checked.verdicts)} links. {summary(checked.findings)}", err=True)
    if record:  # last: what was found is told even where nothing can be kept
        keep(site, checked)
    sys.exit(1 if any(f.blocks for f in checked.findings) else 0)


@link.command()
@SITE
@click.option("--fresh", is_flag=True, help="Ask for all anew, whatever the cache knows.")
def fetch(folder: Path, fresh: bool) -> None:
    """Keep what Wikidata says of the linked items, for pages and search without a network.

    Labels, aliases, descriptions, places and images go into data/wikidata-items.ttl, a graph of its
    own that says when they were fetched, of which revision they are, and that they are CC0.

    \b
      triplomacy link fetch
    """
    from triplomacy.link.local import FILE
    from triplomacy.link.local import fetch as fetch_items
    from triplomacy.output import one_line, wait

    site, reading = _read(folder, FILE)
    with wait("Asking Wikidata") as step:
        fetched = fetch_items(site, reading, fresh=fresh, progress=step)
    for item in fetched.items:
        if item.is_redirected:
            told = f"{item.asked} was merged into {item.id}: triplomacy link check --fix"
            click.echo(told, err=True)
    for item in fetched.missing:
        click.echo(
            f"{item.asked} is no item of Wikidata, or no more: triplomacy link check", err=True
        )
    for link in fetched.unfit:
        told = f"<{link.thing.iri}> is linked to {one_line(link.target)}, which is no item's IRI"
        click.echo(f"{told}: triplomacy link check", err=True)
    click.echo(f"{FILE}: {len(fetched.items)} items")


@link.command()
@SITE
@click.argument("things", nargs=-1, metavar="[THING]...")
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="Only these; repeat."
)
@click.option("--review", type=_FILE, help="Write a file to edit, and ask nothing.")
@click.option("--apply", "applied", type=_FILE, help="Write the links that such a file accepts.")
@click.option(
    "--by", metavar="NAME", help="Who decides, a name or an ORCID; git's user by default."
)
@click.option("--fresh", is_flag=True, help="Ask for all anew, whatever the cache knows.")
def suggest(
    folder: Path,
    things: tuple[str, ...],
    kinds: tuple[str, ...],
    review: Path | None,
    applied: Path | None,
    by: str | None,
    fresh: bool,
) -> None:
    """Find items for things that have no link, and link those that you accept.

    Asks Wikidata's reconciliation service for actors, offices, places, topics and events, says why
    it suggests each item, and what speaks against it. What you accept goes into data/links.ttl with
    your name, the date, the score and the service. Nothing is ever linked by itself.

    \b
      triplomacy link suggest
      triplomacy link suggest office/german-defense-minister
      triplomacy link suggest --kind office --review offices.toml
      triplomacy link suggest --apply offices.toml --by https://orcid.org/0000-0002-1825-0097
    """
    from triplomacy.link.suggest.run import apply_review, ask_in_terminal, review_file

    if review and applied:
        raise click.UsageError("Give either --review or --apply.")
    if applied and (things or kinds):
        raise click.UsageError("The file of --apply says which things; leave out THING and --kind.")
    site, reading = _read(folder)
    if applied:
        apply_review(site, reading, applied, by, fresh)
    elif review:
        review_file(site, reading, things, kinds or KINDS, review, fresh)
    else:
        ask_in_terminal(site, reading, things, kinds or KINDS, by, fresh)


@link.command("stand-in")
@click.option("--port", type=click.IntRange(1, 65535), default=8790, show_default=True)
@click.option("--fault", "faults", multiple=True, metavar="NAME", help="Answer so first; repeat.")
@click.option("--faults", "listed", is_flag=True, help="List the faults, and end.")
def stand_in(port: int, faults: tuple[str, ...], listed: bool) -> None:
    """Serve a stand-in for Wikidata on 127.0.0.1 until stopped.

    It speaks Wikidata's protocols over some forty items: action API, entity data, reconciliation,
    SPARQL. Its items from Q900000001 upward are invented; never copy such a number into data.

    \b
      triplomacy link stand-in
      triplomacy link stand-in --fault 429 --fault maxlag
    """
    import threading

    from triplomacy.lifetime import end_on_sigterm
    from triplomacy.link.stand_in.faults import FAULTS
    from triplomacy.link.stand_in.server import running

    if listed:
        click.echo("\n".join(FAULTS))
        return
    for name in faults:
        if name not in FAULTS:
            raise click.BadParameter(f"use one of: {', '.join(FAULTS)}", param_hint="--fault")
    end_on_sigterm()
    with running(port, faults=list(faults)) as it:
        click.echo("# Put this into triplomacy.toml, in the place of a line [wikidata]")
        click.echo(it.settings, nl=False)
        threading.Event().wait()


def _read(folder: Path, but: str = "") -> tuple[Site, Reading]:
    """The site in a folder, as it was read; ends with what cannot be read.

    Args:
        folder: of the site.
        but: the file that the command writes anew, in which state ever it is.
    """
    from triplomacy.findings import Severity, in_order
    from triplomacy.output import as_text
    from triplomacy.read.reading import read_site
    from triplomacy.site import open_site

    site = open_site(folder)  # never the one of the package: these commands write into it
    reading = read_site(site)
    unreadable = [
        f for f in reading.findings if f.severity is Severity.UNREADABLE and f.file != but
    ]
    if unreadable:
        click.echo(as_text(in_order(unreadable)), nl=False)
        sys.exit(2)
    return site, reading


@link.command()
@SITE
@click.option(
    "--format",
    "format_",
    type=click.Choice(["v1", "csv"]),
    default="v1",
    show_default=True,
    help="The syntax of QuickStatements.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write into this file, new or a batch from before, not to the standard output.",
)
@click.option(
    "--review",
    "to_review",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Ask nothing; write the lines into this file, to be answered.",
)
@click.option(
    "--apply",
    "answered",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Ask nothing; write the lines that this file answers yes to.",
)
@click.option("--by", metavar="NAME", help="Who decides; the name that git knows by default.")
@click.option("--cached", is_flag=True, help="Believe the cache about what Wikidata has.")
@click.option("--left-out", is_flag=True, help="Say what is left out, and why.")
def export(
    folder: Path,
    format_: Literal["v1", "csv"],
    output: Path | None,
    to_review: Path | None,
    answered: Path | None,
    by: str | None,
    cached: bool,
    left_out: bool,
) -> None:
    """Write what Wikidata could use as QuickStatements, once each line is reviewed.

    Only what a source says has happened, about linked things, that Wikidata lacks; with a reference
    to the source. Nothing is written without a yes for that very line. The answers are kept in
    export-review.toml as they are given, so whoever stops goes on later. Exit code 1: a review was
    left, or something cannot be written; 2: unreadable input; 4: Wikidata cannot be reached.

    \b
      triplomacy link export -o batch.qs
      triplomacy link export --review export-review.toml
      triplomacy link export --apply export-review.toml --format csv -o batch.csv
    """
    from datetime import date

    from triplomacy.errors import SiteError
    from triplomacy.link.check.checking import check_links
    from triplomacy.link.export.asking import ask
    from triplomacy.link.export.batch import Target, batch_of
    from triplomacy.link.export.decisions import FILE, Review
    from triplomacy.link.export.offers import offers_of
    from triplomacy.link.people import who_decides
    from triplomacy.output import as_text, one_line, wait

    if to_review and answered:
        raise click.UsageError("use --review to write the lines, and then --apply to take them")
    site, reading = _read(folder)
    review = Review(to_review or answered or site.folder / FILE)
    target = Target(output, review.path) if output and not to_review else None
    with wait("Asking Wikidata") as step:
        checked = check_links(site, reading, fresh=not cached, progress=step)
        offers = offers_of(site, reading, checked)
    if left_out:
        click.echo(as_text(offers.left), nl=False, err=True)
    click.echo(offers.summary, err=True)
    if to_review:
        review.keep(offers)
        click.echo(f"{to_review}: {len(offers.lacking)} lines to answer", err=True)
        return
    if answered:
        review.must_hold(offers)
        click.echo(f"{review.undecided(offers)} lines have no answer.", err=True)
    elif review.undecided(offers) and ask(
        review, offers, _yes_or_no, who_decides(by, site.folder), date.today()
    ):
        click.echo(
            f"{review.undecided(offers)} left to decide; what was answered is kept in "
            f"{review.path}, and the same command goes on from there",
            err=True,
        )
        if target and target.holds_former:
            click.echo(f"{output} is of a former run: do not use it any more", err=True)
        sys.exit(1)
    batch = batch_of(offers, review, format_, date.today())
    if target is None and len(batch.texts) > 1:
        raise SiteError("these lines do not fit into one table", "give a file with --output")
    if target is None:
        click.echo("".join(batch.texts).encode(), nl=False)  # in UTF-8, whatever the terminal uses
    else:
        saved = target.save(batch)
        for path in saved.written:
            click.echo(f"{path} written", err=True)
        for path in saved.removed:
            click.echo(f"{path} removed: it was a former batch", err=True)
    if not batch.texts:
        click.echo("Nothing to write.", err=True)
    for trouble in batch.troubles:
        click.echo(one_line(trouble), err=True)
    sys.exit(1 if batch.troubles else 0)


def _yes_or_no(shown: str) -> str:
    """Ask about a line on the terminal: yes, no, or nothing for leaving off."""
    click.echo(f"\n{shown}", err=True)
    while True:
        try:
            said = click.prompt("Give this to Wikidata? [y/n/q]", prompt_suffix=" ", err=True)
        except click.Abort:  # Ctrl+C, or nobody there to answer
            click.echo(err=True)
            return ""
        answer = {"y": "yes", "yes": "yes", "n": "no", "no": "no", "q": "", "quit": ""}.get(
            said.strip().lower()
        )
        if answer is not None:
            return answer
