"""The commands. Each parses its arguments, calls one function of the library, and prints."""

from __future__ import annotations

import io
import signal
import sys
from pathlib import Path
from typing import Any

import click

from triplomacy import __version__
from triplomacy.check.engine_names import ENGINES
from triplomacy.errors import TriplomacyError
from triplomacy.link.commands import link
from triplomacy.options import SITE as _SITE
from triplomacy.output import as_github, as_json, as_text, summary, wait

_ENGINE = click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default="fast",
    help="The SHACL engine: the fast one, or the reference.",
)


_STORE = click.option(
    "--store",
    metavar="URL",
    help="The SPARQL endpoint of the server that holds the facts, in place of the setting.",
)


class Group(click.Group):
    """Turns errors of ours into a few words and their exit code; no traceback for a known fault."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except TriplomacyError as error:
            click.echo(f"{error.title}: {error.detail}", err=True)
            if error.remedy:
                click.echo(f"  → {error.remedy}", err=True)
            ctx.exit(error.exit_code)


@click.group(cls=Group)
@click.version_option(__version__)
def main() -> None:
    """Publish diplomacy as linked data.

    A folder of Turtle goes in; a validated, versioned, citable site comes out.

    \b
      triplomacy serve         build what is here, show it on 127.0.0.1:8000
      triplomacy check         is everything right? each fault with file and line
      triplomacy query who.rq  ask the current release
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal may lack a letter, and still be told
            stream.reconfigure(errors="backslashreplace")
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")


main.add_command(link)


@main.command()
@_SITE
@_ENGINE
@click.option("--json", "output", flag_value="json", help="Print the findings as JSON.")
@click.option("--github", "output", flag_value="github", help="Print GitHub annotations.")
@click.option("--links", is_flag=True, help="Check the links to Wikidata, too.")
def check(folder: Path, engine: Any, output: str | None, links: bool) -> None:
    """Check the site: syntax, SHACL, quotations, dangling IRIs.

    Exit code 0: nothing blocks a release; 1: violations; 2: unreadable input; 4: the rest is well,
    and Wikidata cannot be reached.

    \b
      triplomacy check
      triplomacy check --json | jq '.findings[].message'
    """
    from triplomacy.check.checking import check as check_reading
    from triplomacy.read.reading import read_site
    from triplomacy.site import open_here_or_packaged

    site = open_here_or_packaged(folder)
    trouble = None
    with wait("Checking") as step:
        reading = read_site(site)
        report = check_reading(reading, site.base, engine)
        if links:
            from triplomacy.link.check.gate import with_links

            report, trouble = with_links(report, site, reading, step)
    if output == "json":
        click.echo(as_json(report.findings), nl=False)
    elif output == "github":
        click.echo(as_github(report.findings, folder), nl=False)
    else:
        click.echo(as_text(report.findings), nl=False)
        click.echo(summary(report.findings), err=True)
    if trouble is not None and report.passes:
        raise trouble
    sys.exit(report.exit_code)


@main.command()
@_SITE
@_ENGINE
@_STORE
@click.option("--base", help="Write the terms under another base IRI.")
@click.option("--force", is_flag=True, help="Make a release even if nothing changed.")
def build(folder: Path, engine: Any, store: str | None, base: str | None, force: bool) -> None:
    """Build a release and make it current; running servers switch to it.

    \b
      triplomacy build
      triplomacy build --base https://data.example.org/
    """
    from triplomacy.site import open_here_or_packaged

    site = _with_store(open_here_or_packaged(folder), store)
    built = _build(site, engine=engine, base=base, force=force)
    word = "made" if built.fresh else "is current already; nothing changed since"
    click.echo(f"{built.release.version} {word}")
    for here, there in built.respelt.items():
        click.echo(
            f"the store spells {here} as {there}; it is read back as it is written", err=True
        )


@main.command()
@_SITE
@_STORE
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--workers", type=click.IntRange(1), help="Processes; one for each core by default.")
@click.option("--build/--no-build", "wanted", default=True, help="Build first if needed.")
@click.option("--query-log", is_flag=True, help="Print a JSON line for each SPARQL query.")
def serve(
    folder: Path,
    store: str | None,
    host: str,
    port: int,
    workers: int | None,
    wanted: bool,
    query_log: bool,
) -> None:
    """Build what is needed, and serve it until stopped.

    In a folder without a site it serves the one that the package carries.

    \b
      triplomacy serve
      triplomacy serve --site my-site --port 8080
    """
    from triplomacy.lifetime import end_on_sigterm
    from triplomacy.release.folder import Releases
    from triplomacy.serving import free_to_bind, run, url_of
    from triplomacy.site import open_here_or_packaged
    from triplomacy.web.query_bundle import query_bundle

    site = _with_store(open_here_or_packaged(folder), store)
    free_to_bind(host, port)
    end_on_sigterm()
    releases = Releases(site.releases)
    release = _build(site).release if wanted else releases.existing()
    click.echo(f"Release {release.version}")
    click.echo(f"Serving {url_of(host, port)}  (stop with Ctrl+C)")
    if query_bundle() is None:
        click.echo("The query page is a plain form: npm could not be reached at the installation.")
    run(releases, host, port, site.settings, workers, query_log)


@main.command()
@_SITE
@click.option("--json", "as_lines", is_flag=True, help="Print a JSON object a line.")
def queries(folder: Path, as_lines: bool) -> None:
    """List the queries that strangers run on this site's servers, the oldest first.

    Each with its id, the seconds for which it has run and may still run, the client's address, and
    how it begins.

    \b
      triplomacy queries
      triplomacy queries --json | jq 'select(.seconds > 10)'
    """
    from triplomacy.operating import listed
    from triplomacy.site import open_here_or_packaged

    for query in listed(open_here_or_packaged(folder).releases):
        click.echo(query.as_json() if as_lines else str(query))


@main.command()
@click.argument("id")
@_SITE
def cancel(id: str, folder: Path) -> None:
    """Stop the query with that ID; its client gets 503.

    \b
      triplomacy cancel 5f0c1d9be2a74e13
    """
    from triplomacy.operating import cancel as cancel_query
    from triplomacy.site import open_here_or_packaged

    cancel_query(open_here_or_packaged(folder).releases, id)
    click.echo(f"{id} is stopped")


@main.command()
@click.argument("query", type=click.File("rb"))
@_SITE
@click.option("--format", help="ttl, nt, nq, trig, rdf, jsonld, srj, srx, csv, tsv.")
def query(query: Any, folder: Path, format: str | None) -> None:
    """Run a SPARQL query on the current release.

    QUERY is a file, or - for standard input.

    \b
      triplomacy query queries/direct-quotations.rq
      echo 'SELECT * { ?s a ?c } LIMIT 3' | triplomacy query - --format csv
    """
    from triplomacy.engine.federation.forwarder import Services
    from triplomacy.engine.protocol import Query
    from triplomacy.output import console, table_of
    from triplomacy.release.folder import Releases
    from triplomacy.release.store import open_engine
    from triplomacy.site import open_here_or_packaged
    from triplomacy.web.negotiation import Accept

    site = open_here_or_packaged(folder)
    release = Releases(site.releases).existing()
    services = Services(site.settings.services, site.settings.limits)
    engine = open_engine(release, services)
    text = _text(query)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Python's handler waits for the engine
    tabular = format is None and sys.stdout.isatty()
    accept = Accept(None, "srj" if tabular else format)
    try:
        answer = engine.answer(Query(text), accept)
    except TriplomacyError:
        if not tabular:
            raise
        answer = engine.answer(Query(text), Accept(None))
    table = table_of(answer) if tabular else None
    if table is not None:
        console().print(table)
    else:
        sys.stdout.buffer.write(answer.body)


@main.command()
@_SITE
@click.option(
    "--format",
    "suffix",
    default="nq",
    show_default=True,
    help="nq, trig, ttl, nt, rdf, jsonld.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file; standard output by default.",
)
@click.option("--release", "version", help="A version; the current one by default.")
def dump(folder: Path, suffix: str, output: Path | None, version: str | None) -> None:
    """Write a release's data: nq and trig with its graphs, the others as their union.

    \b
      triplomacy dump > data.nq
      triplomacy dump --format ttl -o data.ttl
    """
    from triplomacy.release.folder import Releases
    from triplomacy.release.unpack import unpack
    from triplomacy.site import open_here_or_packaged

    releases = Releases(open_here_or_packaged(folder).releases)
    release = releases.get(version) if version else releases.existing()
    unpack(release, suffix, output)


@main.command()
@_SITE
@click.option("--switch", "version", help="Make this version current, such as to roll back.")
def releases(folder: Path, version: str | None) -> None:
    """List the releases, or make one of them current.

    \b
      triplomacy releases
      triplomacy releases --switch 20250212T180000Z-1a2b3c4d
    """
    from triplomacy.release.folder import Releases
    from triplomacy.site import open_here_or_packaged

    there = Releases(open_here_or_packaged(folder).releases)
    if version:
        there.switch(version)
    current = there.current_version()
    for release in there.all():
        mark = "*" if release.version == current else " "
        click.echo(f"{mark} {release.version}  {_about(release)}")
    if current is None:
        click.echo("there is no release yet: triplomacy build", err=True)


def _about(release: Any) -> str:
    try:
        return f"{release.manifest.triples:>12,} triples  {release.manifest.facts[:16]}"
    except TriplomacyError as error:
        return f"cannot be read: {error.detail}"


def _text(stream: Any) -> str:
    from triplomacy.errors import BadRequest

    try:
        return str(stream.read(), "utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadRequest(f"{stream.name}: {error}", "save the query as UTF-8") from error


def _with_store(site: Any, store: str | None) -> Any:
    """The site with its facts on another server."""
    import dataclasses

    from triplomacy.site import is_endpoint

    if store is None:
        return site
    if not is_endpoint(store):
        raise click.BadParameter(
            "give an http(s) address without a user, ? or #", param_hint="--store"
        )
    settings = dataclasses.replace(site.settings, store=store)
    return dataclasses.replace(site, settings=settings)


def _build(site: Any, **options: Any) -> Any:
    """Build with progress; print the findings of a build that was refused."""
    from triplomacy.iris import Base, is_base_iri
    from triplomacy.release.build import Rejected
    from triplomacy.release.build import build as build_release

    base = options.pop("base", None)
    if base is not None:
        if not is_base_iri(base):
            raise click.BadParameter(
                "give an absolute http(s) IRI that ends with a slash", param_hint="--base"
            )
        options["base"] = Base(base)
    try:
        with wait("Building") as step:
            return build_release(site, progress=step, **options)
    except Rejected as rejected:
        found = rejected.report.findings
        click.echo(as_text(f for f in found if f.blocks), nl=False, err=True)
        raise
