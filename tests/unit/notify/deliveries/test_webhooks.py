"""In which order the addresses of an endpoint are tried."""

from notify.deliveries.channels.webhook import in_turns


def test_families_are_tried_in_turns_and_no_address_twice():
    assert in_turns(["2400::1", "2400::2", "2400::1", "1.1.1.1"]) == ["2400::1", "1.1.1.1", "2400::2"]
    assert in_turns(["127.0.0.2", "127.0.0.1"]) == ["127.0.0.2", "127.0.0.1"]
    assert in_turns([]) == []
