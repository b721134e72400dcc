"""Partners' authority and the broker's certificate."""

import ssl
from pathlib import Path

import pytest
from cryptography import x509

from linli_cli.stack import certificates
from linli_cli.stack.certificates import BROKER, CA_CERTIFICATE, CA_KEY, ensure_authority, ensure_broker, hosts_of
from linli_cli.terminal.errors import CliError


def test_all_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    where = tmp_path / "secrets"
    assert ensure_authority(where) == [CA_KEY, CA_CERTIFICATE]
    assert ensure_broker(where, hosts_of("partners.office.example"))
    before = {path.name: path.read_bytes() for path in where.iterdir()}
    assert set(before) == {CA_KEY, CA_CERTIFICATE, BROKER}
    assert {path.stat().st_mode & 0o777 for path in where.iterdir()} == {0o600}
    assert ensure_authority(where) == []
    assert not ensure_broker(where, hosts_of("partners.office.example"))
    assert {path.name: path.read_bytes() for path in where.iterdir()} == before


def test_a_client_that_knows_the_authority_trusts_the_broker(tmp_path: Path) -> None:
    ensure_authority(tmp_path / "s")
    ensure_broker(tmp_path / "s", hosts_of("水务.example"))
    client = ssl.create_default_context(cafile=str(tmp_path / "s" / CA_CERTIFICATE))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(tmp_path / "s" / BROKER)
    for name, trusted in (
        ("水务.example".encode("idna").decode(), True),
        ("127.0.0.1", True),
        ("other.example", False),
    ):
        assert _shakes_hands(client, server, name) is trusted, name


def _shakes_hands(client: ssl.SSLContext, server: ssl.SSLContext, name: str) -> bool:
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = (client.wrap_bio(back, there, server_hostname=name), server.wrap_bio(there, back, server_side=True))
    done = 0
    for _ in range(10):
        for end in ends:
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLCertVerificationError:
                return False
            done += 1
        if done >= 2:
            return True
    raise AssertionError("the handshake does not end")


def test_another_host_and_the_near_end_bring_another_certificate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ensure_authority(tmp_path / "s")
    assert ensure_broker(tmp_path / "s", ["10.0.0.7"])
    assert ensure_broker(tmp_path / "s", ["10.0.0.8"])
    monkeypatch.setattr(certificates, "RENEWED_BEFORE", certificates.BROKER_FOR)
    assert ensure_broker(tmp_path / "s", ["10.0.0.8"])


def test_an_authority_of_which_half_is_lost_is_said_and_not_replaced(tmp_path: Path) -> None:
    ensure_authority(tmp_path / "s")
    (tmp_path / "s" / CA_CERTIFICATE).unlink()
    with pytest.raises(CliError, match="cannot be read") as caught:
        ensure_authority(tmp_path / "s")
    assert "hand out all kits anew" in (caught.value.hint or "")


def test_the_authority_signs_brokers_and_no_other_authority(tmp_path: Path) -> None:
    ensure_authority(tmp_path / "s")
    found = x509.load_pem_x509_certificate((tmp_path / "s" / CA_CERTIFICATE).read_bytes())
    constraints = found.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert (constraints.ca, constraints.path_length) == (True, 0)
