"""What the operator does to running servers of a site: list their queries, stop one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from triplomacy.engine.pool.board import Board
from triplomacy.engine.pool.supervisor import BOARD
from triplomacy.errors import NotRunning, ReleaseError
from triplomacy.output import one_line
from triplomacy.servers import running_servers


@dataclass(frozen=True, slots=True)
class Listed:
    """A query that runs, as the operator sees it.

    Attributes:
        id: its id, for `cancel`.
        seconds: for how long it has run.
        left: seconds until it is stopped.
        client: the address of who sent it.
        begins: how it begins.
        server: the address of the server that runs it.
    """

    id: str
    seconds: float
    left: float
    client: str
    begins: str
    server: str

    def as_json(self) -> str:
        """All of it in one line."""
        return json.dumps(asdict(self), ensure_ascii=False)

    def __str__(self) -> str:
        times = f"{self.seconds:7.1f} s  {self.left:7.1f} s left"
        return f"{self.id}  {times}  {one_line(self.client) or '-':15}  {one_line(self.begins)}"


def listed(releases: Path) -> list[Listed]:
    """The queries that run on the servers of the site with these releases, the oldest first.

    Raises:
        NotRunning: no server of the site runs.
        ReleaseError: the servers belong to another user.
    """
    found = [
        Listed(q.id, round(q.seconds, 3), round(q.left, 3), q.client, q.excerpt, url)
        for url, board in _boards(releases)
        for q in board.running()
    ]
    return sorted(found, key=lambda q: -q.seconds)


def cancel(releases: Path, id: str) -> None:
    """Stop a query.

    Raises:
        NotRunning: it does not run, or no server of the site does.
        ReleaseError: the servers belong to another user.
    """
    if not any(board.stop(id, "cancelled") for _, board in _boards(releases)):
        raise NotRunning(f"no query {one_line(id)} runs", "see what runs: triplomacy queries")


def _boards(releases: Path) -> Iterator[tuple[str, Board]]:
    """The board of each server that runs, with the server's address."""
    some = False
    for server in running_servers(releases):
        try:
            board = Board(Path(server.folder) / BOARD)
        except FileNotFoundError:
            continue  # it ends just now, or runs on another machine that shares the folder
        except PermissionError as error:
            raise ReleaseError(
                f"{server.folder}: {error.strerror}", "run this as the user who serves the site"
            ) from error
        some = True
        yield server.url, board
    if not some:
        raise NotRunning(f"no server of {releases.parent} runs here", "triplomacy serve")
