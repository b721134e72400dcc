"""Who has how many places."""

from ipaddress import ip_network

from linli.web.connections import KEPT_BY_ADDRESS, KEPT_FOR_HEALTH, Kind, NoPlace, Place, Places


def taken(places: Places, *peers: str) -> list[Place]:
    found = [places.take(peer) for peer in peers]
    return [each for each in found if isinstance(each, Place)]


def test_an_address_has_its_share_and_a_place_given_back_is_free_again() -> None:
    places = Places(most=10, by_address=2)
    first, _ = taken(places, "203.0.113.7", "203.0.113.7")
    assert places.take("203.0.113.7") is NoPlace.OF_ADDRESS
    assert places.take("::ffff:203.0.113.7") is NoPlace.OF_ADDRESS
    assert len(taken(places, "203.0.113.8")) == 1
    places.give_back(first)
    assert len(taken(places, "203.0.113.7")) == 1


def test_all_addresses_of_one_network_of_ipv6_have_one_share() -> None:
    places = Places(most=10, by_address=2)
    assert len(taken(places, "2001:db8::1", "2001:db8::2", "2001:db8::3")) == 2
    assert len(taken(places, "2001:db8:0:1::1")) == 1


def test_a_proxy_that_is_named_has_no_share_but_counts() -> None:
    places = Places(most=3, by_address=1, proxies=(ip_network("10.0.0.0/8"),))
    assert [each.kind for each in taken(places, *["10.0.0.5"] * 4)] == [Kind.ANYTHING] * 3 + [Kind.HEALTH]


def test_beyond_the_most_some_places_are_kept_for_health_few_of_them_for_one_address() -> None:
    places = Places(most=1, by_address=0)
    taken(places, "203.0.113.1")
    peers = [f"203.0.{n}.{m}" for n in range(20) for m in range(KEPT_BY_ADDRESS)]
    assert {each.kind for each in taken(places, *["203.0.113.7"] * 50)} == {Kind.HEALTH}
    assert places.open == 1 + KEPT_BY_ADDRESS
    taken(places, *peers)
    assert places.open == 1 + KEPT_FOR_HEALTH
    assert places.take("203.0.113.9") is NoPlace.OF_ALL


def test_nothing_stays_of_who_has_gone() -> None:
    places = Places(most=1, by_address=5)
    for each in taken(places, *(f"203.0.113.{n}" for n in range(30))):
        places.give_back(each)
    assert places.open == 0
    assert not places._of
