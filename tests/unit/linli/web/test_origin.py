"""Where a request comes from."""

from ipaddress import ip_network

import pytest
from starlette.requests import Request

from linli.web.origin import Origins, _network
from linli.web.vouching import HEADER, Voucher

PROXY = ip_network("10.0.0.0/8")


def request(peer: str, *forwarded: str) -> Request:
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    return Request({"type": "http", "client": (peer, 1), "headers": headers})


@pytest.mark.parametrize(
    ("peer", "forwarded", "origin"),
    [
        ("10.0.0.1", ["203.0.113.7"], "203.0.113.7"),
        ("10.0.0.1", ["203.0.113.7:4711"], "203.0.113.7"),
        ("10.0.0.1", ["1.2.3.4, 203.0.113.7, 10.0.0.2"], "203.0.113.7"),  # 1.2.3.4 is what the client made up
        ("10.0.0.1", ["1.2.3.4", "203.0.113.7"], "203.0.113.7"),
        ("10.0.0.1", ["rubbish"], "10.0.0.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["[2001:db8:1:2:3:4:5:6]:4711"], "2001:db8:1:2::/64"),
        ("203.0.113.9", ["1.2.3.4"], "203.0.113.9"),  # no proxy of ours
        ("2001:db8:1:2:ffff::1", [], "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", [], "203.0.113.9"),
        ("fe80::1%eth0", [], "fe80::/64"),
    ],
)
def test_the_address_is_the_last_one_that_no_proxy_of_ours_has(peer: str, forwarded: list[str], origin: str) -> None:
    assert Origins((PROXY,), "key").of(request(peer, *forwarded)) == origin


def test_what_a_client_makes_up_is_not_kept_in_memory_however_long_it_is() -> None:
    _network.cache_clear()
    long = ",".join(["192.0.2.1"] * 6_000)
    assert Origins((PROXY,), "key").of(request("10.0.0.1", long, "203.0.113.7")) == "203.0.113.7"
    assert Origins((PROXY,), "key").of(request("10.0.0.1", "192.0.2.2," + long, "203.0.113.7")) == "203.0.113.7"
    assert _network.cache_info().currsize == 1


def test_the_portal_s_word_is_taken_wherever_it_comes_from() -> None:
    ours = Voucher("portal's key")
    asked = {"type": "http", "client": ("172.18.0.9", 1)}

    def of(said: str) -> str:
        headers = [(HEADER.lower().encode(), said.encode("latin-1")), (b"x-forwarded-for", b"1.2.3.4")]
        return Origins((), "key", ours).of(Request({**asked, "headers": headers}))

    assert of(ours.said("203.0.113.7")) == "203.0.113.7"
    assert of(ours.said("2001:db8:1:2:3:4:5:6")) == "2001:db8:1:2::/64"
    code = ours.said("203.0.113.7").partition(" ")[2]
    made_up = (f"203.0.113.8 {code}", f"203.0.113.7 {code[:-1]}", "203.0.113.7", "", " ", "203.0.113.7 \xe9")
    assert {of(said) for said in (*made_up, Voucher("another").said("203.0.113.7"))} == {"172.18.0.9"}
    said = [(HEADER.lower().encode(), ours.said("203.0.113.7").encode())]
    assert Origins((), "key").of(Request({**asked, "headers": said})) == "172.18.0.9", "without the key nobody's is"


def test_nobody_s_word_is_taken_unless_proxies_are_named() -> None:
    assert Origins((), "key").of(request("10.0.0.1", "203.0.113.7")) == "10.0.0.1"


def test_a_pseudonym_is_the_same_for_the_same_address_and_key_and_holds_no_address() -> None:
    mine, another = Origins((), "key"), Origins((), "another key")
    assert mine.pseudonym("203.0.113.7") == mine.pseudonym("203.0.113.7") != another.pseudonym("203.0.113.7")
    assert mine.pseudonym("203.0.113.7") != mine.pseudonym("203.0.113.8")
    assert "203" not in {mine.pseudonym("203.0.113.7")}
