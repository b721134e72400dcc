"""Where webhooks may go."""

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.security.addresses import fault_of, is_allowed, is_public, literal
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
        "fec0::1",
        "100::1",
        "::ffff:0:127.0.0.1",
        "2400:3200::5efe:7f00:1",
        "4000::1",  # given to nobody
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


@pytest.mark.parametrize(
    "url",
    [
        "https://office.example/hook",
        "https://office.example:8443/hook?key=1",
        "https://1.1.1.1/hook",
        "https://[2400:3200::1]:8443/hook",
        "https://例子.中国/hook",
        "https://a1.example/hook",
        "https://0x.example/hook",
    ],
)
def test_a_url_that_notify_would_deliver_to_has_no_fault(url):
    assert fault_of(url) is None


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://user:pass@office.example/", "password"),
        ("https://user@office.example/", "password"),
        ("https://:@office.example/", "password"),
        ("https://office.example/hook#part", "#"),
        ("ftp://office.example/", "https://"),
        ("https:///hook", "https://"),
        ("https://office.example:99999/", "no address"),
        ("http://office.example/", "plain HTTP"),
        ("http://1.1.1.1/", "plain HTTP"),
        ("https://localhost/", "localhost"),
        ("https://LOCALHOST./", "localhost"),
        ("https://metadata.google.internal/", "internal"),
        ("https://printer.local/", "local"),
        ("https://1.2.3.4.5/", "neither a name nor an address"),
        ("https://256.1.1.1/", "neither a name nor an address"),
        ("https://office.0x1/", "neither a name nor an address"),
        ("https://127.0.0.1/", "no address of the Internet"),
        ("https://10.0.0.1/", "no address of the Internet"),
        ("https://[::1]/", "no address of the Internet"),
        ("https://[fec0::1]/", "no address of the Internet"),
        ("https://[fe80::1%25eth0]/", ""),
        ("https://[::ffff:169.254.169.254]/", "no address of the Internet"),
        ("https://[::ffff:0:127.0.0.1]/", "no address of the Internet"),
        ("https://[64:ff9b::a9fe:a9fe]/", "no address of the Internet"),
        ("https://[64:ff9b:1::1]/", "no address of the Internet"),
        ("https://[2002:7f00:1::]/", "no address of the Internet"),
        ("https://[2001:0:7f00:1::]/", "no address of the Internet"),
        ("https://[2400:3200::5efe:7f00:1]/", "no address of the Internet"),
        ("https://127.1/", "127.0.0.1 in disguise"),
        ("https://0x7f000001/", "127.0.0.1 in disguise"),
        ("https://0x7f.1/", "127.0.0.1 in disguise"),
        ("https://017700000001/", "127.0.0.1 in disguise"),
        ("https://0177.0.0.01/", "127.0.0.1 in disguise"),
        ("https://2130706433/", "127.0.0.1 in disguise"),
        ("https://16843009/", "1.1.1.1 in disguise"),
        ("https://１２７.０.０.１/", "127.0.0.1 in disguise"),
        ("https://①②⑦.0.0.1/", "127.0.0.1 in disguise"),
        ("https://127。0。0。1/", "127.0.0.1 in disguise"),
    ],
)
def test_a_url_that_notify_would_refuse_is_refused_before(url, why):
    assert why in (fault_of(url) or "nothing said")


def test_networks_that_the_operator_named_are_no_fault():
    named = [ip_network("10.1.0.0/16"), ip_network("fec0::/10")]
    assert fault_of("http://10.1.2.3/hook", named) is None
    assert fault_of("https://[fec0::1]/hook", named) is None
    assert fault_of("http://office.local/hook", named) is None
    assert fault_of("http://10.2.0.1/hook", named) is not None
    assert "disguise" in (fault_of("http://0x0a010203/hook", named) or "")


@given(st.ip_addresses(v=4), st.sampled_from(["{0}", "0x{0:x}", "0{0:o}", "{1}.{2}", "0x{1:x}.0{2:o}"]))
def test_every_form_of_an_ipv4_address_is_known_for_what_it_is(address, form):
    number = int(address)
    assert literal(form.format(number, number >> 24, number & 0xFFFFFF)) == address


@given(st.text(max_size=60))
def test_no_url_makes_the_check_fail(text):
    for url in (text, f"https://{text}", f"https://{text}/", f"https://[{text}]/"):
        assert fault_of(url) is None or fault_of(url)
