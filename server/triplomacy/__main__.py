"""`python -m triplomacy` is the command `triplomacy`."""

from triplomacy.cli import main

main(prog_name="triplomacy")
