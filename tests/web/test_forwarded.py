"""Behind a proxy the client is who the proxy says, and nobody else is believed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplomacy.web.forwarded import Origin, networks, origin

PROXY, CDN, CLIENT = "10.0.0.1", "198.51.100.7", "192.0.2.1"
TRUSTED = networks(["10.0.0.0/8", CDN, "::1", "127.0.0.1"])


def found(peer: str, **headers: str) -> Origin:
    given = {name.replace("_", "-").lower(): value for name, value in headers.items()}
    return origin(peer, lambda name: given.get(name.lower(), ""), TRUSTED)


def test_a_client_that_comes_directly_cannot_pretend() -> None:
    pretended = found(
        CLIENT,
        X_Forwarded_For="127.0.0.1",
        X_Forwarded_Proto="https",
        X_Forwarded_Host="evil.example",
        Forwarded="for=127.0.0.1;host=evil.example",
    )
    assert pretended == Origin(CLIENT)


@pytest.mark.parametrize(
    ("chain", "client"),
    [
        (CLIENT, CLIENT),
        (f"6.6.6.6, {CLIENT}", CLIENT),
        (f"6.6.6.6, {CLIENT}, {CDN}", CLIENT),
        (f"{CLIENT}, {CDN}, 10.9.9.9", CLIENT),
        (f"{CLIENT}:4711", CLIENT),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        (f"::ffff:{CLIENT}", CLIENT),
        ("", PROXY),
        ("unknown", PROXY),
        (f"{CLIENT}, unknown, {CDN}", CDN),
        (f"127.0.0.2, {CDN}", CDN),
        ("10.0.0.5, 10.0.0.6", "10.0.0.5"),
        (",, ,", PROXY),
    ],
)
def test_the_client_is_the_last_address_that_is_no_trusted_proxy(chain: str, client: str) -> None:
    assert found(PROXY, X_Forwarded_For=chain).client == client


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (f"for={CLIENT}", Origin(CLIENT)),
        (f"For={CLIENT};Proto=HTTPS;host=data.example", Origin(CLIENT, "https", "data.example")),
        ('for="[2001:db8::1]:4711"', Origin("2001:db8::1")),
        (
            f"for=6.6.6.6;host=evil.example, for={CLIENT};host=a.example",
            Origin(CLIENT, None, "a.example"),
        ),
        (f"for={CLIENT}, for=unknown", Origin(PROXY)),
        (f'for={CLIENT};by="_x,y;z"', Origin(CLIENT)),
        ("nonsense", Origin(PROXY)),
    ],
)
def test_forwarded_is_read_where_there_is_no_other(header: str, expected: Origin) -> None:
    assert found(PROXY, Forwarded=header) == expected
    assert found(PROXY, Forwarded=header, X_Forwarded_For="192.0.2.9").client == "192.0.2.9"


def test_scheme_and_host_are_the_nearest_proxys_and_only_sound_ones() -> None:
    told = found(PROXY, X_Forwarded_Proto="http, https", X_Forwarded_Host="evil, data.example:8443")
    assert (told.scheme, told.host) == ("https", "data.example:8443")
    for host in ("a b", "a/b", "a@b", "a\r\nb", 'a"b', "[::1", ""):
        assert found(PROXY, X_Forwarded_Host=host).host is None
    assert found(PROXY, X_Forwarded_Host="[2001:db8::1]:80").host == "[2001:db8::1]:80"
    assert found(PROXY, X_Forwarded_Proto="javascript").scheme is None


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_no_header_breaks_it(forwarded: str, chain: str, host: str) -> None:
    told = found(PROXY, Forwarded=forwarded, X_Forwarded_For=chain, X_Forwarded_Host=host)
    assert told.client
