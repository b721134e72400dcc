"""The embedded broker's identity, and its doors."""

from pathlib import Path
from uuid import UUID

import pytest

from linli_cli.stack.embedded.kafka import Listener, PartnerDoor, cluster_id, refuse_open
from linli_cli.terminal.errors import CliError


def test_a_cluster_id_is_never_taken_for_an_option() -> None:
    assert cluster_id(UUID(int=0xF8 << 120)) == "AAAAAAAAAAAAAAAAAAAAAA"
    assert len(cluster_id(UUID(int=1))) == 22


@pytest.mark.parametrize("protocol", ["PLAINTEXT", "SSL"])
@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "kafka.office.example", ""])  # noqa: S104 - refused
def test_a_listener_that_asks_nobody_who_it_is_stays_on_loopback(protocol: str, host: str) -> None:
    with pytest.raises(CliError, match="asks nobody who it is"):
        refuse_open([Listener("PLAINTEXT", host, 9092, protocol)])


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_on_loopback_it_may_ask_nobody(host: str) -> None:
    refuse_open([Listener("PLAINTEXT", host, 9092, "PLAINTEXT")])


def test_partners_are_asked_wherever_they_come_from() -> None:
    beyond = PartnerDoor("partners.office.example", 19094, Path("broker.pem")).listener
    assert beyond.host == "0.0.0.0"  # noqa: S104 - compared
    assert (beyond.advertised, beyond.protocol) == ("partners.office.example", "SASL_SSL")
    refuse_open([beyond])


def test_partners_listener_is_on_loopback_unless_another_host_is_asked_for() -> None:
    assert PartnerDoor("127.0.0.1", 19094, Path("broker.pem")).listener.host == "127.0.0.1"
