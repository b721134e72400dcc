"""Where webhooks may go."""

from ipaddress import ip_network

import pytest

from notify.addresses import is_allowed, is_public
from notify.settings import NotifySettings


@pytest.mark.parametrize("address", ["1.1.1.1", "223.5.5.5", "2606:4700:4700::1111", "2400:3200::1"])
def test_addresses_of_the_internet_are_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",  # a cloud's metadata
        "100.64.0.1",  # shared address space
        "0.0.0.0",  # noqa: S104  # nothing is bound here
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "2001:db8::1",
        "::ffff:127.0.0.1",  # an IPv4 address in hiding
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
    ],
)
def test_all_others_are_not(address):
    assert not is_public(address)


def test_an_ipv4_address_in_hiding_is_judged_for_itself():
    assert is_public("::ffff:1.1.1.1")
    assert is_allowed("::ffff:10.1.2.3", [ip_network("10.1.0.0/16")])


def test_only_networks_that_the_operator_named_are_allowed():
    networks = [ip_network("10.1.0.0/16"), ip_network("fd00::/8")]
    assert is_allowed("10.1.2.3", networks)
    assert is_allowed("fd00::1", networks)
    assert not is_allowed("10.2.0.1", networks)
    assert not is_allowed("127.0.0.1", [])


def test_networks_are_written_parted_by_commas(monkeypatch):
    monkeypatch.setenv("LINLI_WEBHOOK_ALLOWED_NETWORKS", "10.1.0.0/16, 127.0.0.0/8")
    monkeypatch.setenv("LINLI_RETRY_SCHEDULE", "1,2.5")
    settings = NotifySettings()
    assert settings.webhook_allowed_networks == (ip_network("10.1.0.0/16"), ip_network("127.0.0.0/8"))
    assert settings.retry_schedule == (1.0, 2.5)
