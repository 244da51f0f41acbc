"""Frames arrive whole and in order, however the socket cuts them; a silent end is told as such."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.waiting import PATIENCE
from triplomacy.engine.pool.frames import Conversation, Kind


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Two ends of a connection."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    with ours, theirs:
        yield ours, theirs


def soon() -> float:
    return time.monotonic() + PATIENCE


def test_what_was_put_arrives_in_order(pair: tuple[socket.socket, socket.socket]) -> None:
    one, other = map(Conversation, pair)
    one.put(Kind.HEAD, ("csv", 1.5))
    one.put(Kind.DATA, b"a,b\r\n")
    one.put(Kind.END, None)
    one.flush()
    frames = [other.receive(soon()) for _ in range(3)]
    assert all(frames)
    head, data, end = (f for f in frames if f is not None)
    assert (head.kind, head.value()) == (Kind.HEAD, ("csv", 1.5))
    assert (data.kind, data.body) == (Kind.DATA, b"a,b\r\n")
    assert end.kind is Kind.END


@given(st.lists(st.binary(max_size=300), max_size=8), st.integers(1, 40))
def test_frames_do_not_depend_on_how_they_are_cut(bodies: list[bytes], size: int) -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    recorder, record = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    with ours, theirs, recorder, record:
        writer = Conversation(recorder)
        for body in bodies:
            writer.put(Kind.DATA, body)
        writer.flush()
        recorder.close()
        written = b"".join(iter(lambda: record.recv(4096), b""))

        def drip() -> None:
            for start in range(0, len(written), size):
                ours.sendall(written[start : start + size])
            ours.close()

        thread = threading.Thread(target=drip)
        thread.start()
        reader = Conversation(theirs)
        found = [frame.body for frame in iter(lambda: reader.receive(soon()), None)]
        thread.join()
    assert found == bodies


def test_an_end_in_the_middle_of_a_frame_is_an_end(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    pair[0].sendall(b"\x03\x00\x00\x00\x09half")
    pair[0].close()
    assert Conversation(pair[1]).receive(soon()) is None


def test_waiting_ends_at_its_time_even_if_something_drips(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    pair[0].sendall(b"\x03\x00")
    start = time.monotonic()
    with pytest.raises(TimeoutError):
        Conversation(pair[1]).receive(start + 0.1)
    assert time.monotonic() - start >= 0.1


def test_what_is_there_is_received_after_its_time(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    writer = Conversation(pair[0])
    writer.put(Kind.DATA, b"late")
    writer.flush()
    frame = Conversation(pair[1]).receive(time.monotonic() - 1)
    assert frame is not None
    assert frame.body == b"late"


def test_a_frame_larger_than_any_that_we_send_is_refused(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    pair[0].sendall(b"\x03\xff\xff\xff\xff")
    with pytest.raises(OSError, match="a frame of 4294967295 bytes"):
        Conversation(pair[1]).receive(soon())


def test_it_can_be_seen_without_waiting_whether_the_other_end_has_gone(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    conversation = Conversation(pair[1])
    pair[1].settimeout(30)
    start = time.monotonic()
    assert not conversation.is_over()
    assert time.monotonic() - start < 30  # for which it would have waited
    pair[0].close()
    assert conversation.is_over()
    assert pair[1].gettimeout() == 30


def test_the_other_end_sees_that_it_is_broken_off(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    one, other = map(Conversation, pair)
    one.break_off()
    assert other.receive(soon()) is None
    assert one.receive(soon()) is None


def test_what_is_closed_can_be_broken_off(pair: tuple[socket.socket, socket.socket]) -> None:
    one = Conversation(pair[0])
    one.close()
    one.break_off()
    one.close()


class Watched(socket.socket):
    """A socket that takes long to shut down, and notes what is done to it."""

    def __init__(self) -> None:
        super().__init__(socket.AF_UNIX, socket.SOCK_STREAM)
        self.begun, self.go_on = threading.Event(), threading.Event()
        self.done: list[str] = []

    def shutdown(self, how: int) -> None:
        self.begun.set()
        self.go_on.wait(PATIENCE)
        self.done.append("shut down")

    def close(self) -> None:
        self.done.append("closed")
        super().close()


def test_it_is_not_closed_while_it_is_broken_off() -> None:
    connection = Watched()
    conversation = Conversation(connection)
    breaking = threading.Thread(target=conversation.break_off)
    breaking.start()
    assert connection.begun.wait(PATIENCE)
    closing = threading.Thread(target=conversation.close)
    closing.start()
    closing.join(0.05)
    connection.go_on.set()
    breaking.join()
    closing.join()
    assert connection.done == ["shut down", "closed"]
