"""The commands under `triplomacy link`: parse arguments, call, print."""

from __future__ import annotations

import click


@click.group()
def link() -> None:
    """Keep the links to Wikidata true.

    \b
      triplomacy link stand-in     a small Wikidata on this machine, to try things offline
    """


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
        click.echo("# Put this into triplomacy.toml, and stop with Ctrl+C")
        click.echo(it.settings, nl=False)
        threading.Event().wait()
