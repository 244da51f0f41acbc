"""A name leads to public addresses or nowhere; an address that the operator wrote is meant."""

from __future__ import annotations

import ipaddress

import pytest

from triplomacy.fetching.addresses import addresses, is_public, resolve
from triplomacy.fetching.endpoints import endpoint

NOT_PUBLIC = [
    *("127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255"),
    *("172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "169.254.0.1"),
    *("100.64.0.1", "100.100.100.200", "192.0.0.170", "192.0.2.1", "198.18.0.1", "198.51.100.7"),
    *("203.0.113.9", "192.88.99.1", "224.0.0.1", "239.255.255.255", "240.0.0.1"),
    "255.255.255.255",
    *("::", "::1", "fe80::1", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "::7f00:1"),
    *("::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1"),
    *("64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::1", "2002:808:808::1", "2001::1"),
    *("2001:0:53aa:64c::1", "2001:db8::1", "3fff::1", "100::1", "5f00::1", "4000::1"),
]
PUBLIC = ["8.8.8.8", "1.1.1.1", "172.32.0.1", "2620:0:860:ed1a::1", "2a00::1", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_addresses_that_are_not_for_everybody_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("bad", NOT_PUBLIC)
def test_a_name_that_leads_to_one_address_that_is_not_public_leads_nowhere(bad: str) -> None:
    service = endpoint("https://service.example/sparql")
    for found in ([bad], ["8.8.8.8", bad], [bad, "2a00::1"]):
        with pytest.raises(PermissionError, match="not public"):
            addresses(service, lambda *_, found=found: found)


def test_a_name_that_leads_to_an_interface_or_to_words_leads_nowhere() -> None:
    service = endpoint("https://service.example/sparql")
    for found in ("fe80::1%eth0", "2a00::1%lo", "8.8.8.8%1", "elsewhere.example", ""):
        with pytest.raises(PermissionError):
            addresses(service, lambda *_, found=found: [found])
    with pytest.raises(OSError, match="no address"):
        addresses(service, lambda *_: [])


def test_a_name_that_leads_to_public_addresses_is_called_there_in_that_order() -> None:
    service = endpoint("https://service.example/sparql")
    assert addresses(service, lambda *_: ["2A00:0::1", "8.8.8.8"]) == ["2a00::1", "8.8.8.8"]


@pytest.mark.parametrize(
    "host",
    ["localhost", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "017700000001"],
)
def test_other_spellings_of_this_machine_are_names_that_lead_nowhere(host: str) -> None:
    """The resolver of the machine, not ours, knows what they are."""
    service = endpoint(f"http://{host}/sparql")
    assert not service.is_literal
    with pytest.raises(OSError, match=r"not public|not known|Name|address"):
        addresses(service, resolve)


@pytest.mark.parametrize("host", ["127.0.0.1", "10.1.2.3", "[::1]", "[fd00::1]", "8.8.8.8"])
def test_an_address_that_the_operator_wrote_is_called_and_never_looked_up(host: str) -> None:
    def never(host: str, port: int) -> list[str]:
        raise AssertionError

    assert addresses(endpoint(f"http://{host}:7001/sparql"), never) == [host.strip("[]")]
