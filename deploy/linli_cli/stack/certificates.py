"""The certificate by which partners know the broker, and the authority that signed it: made here, at the first start.

A partner is given the authority's certificate alone, so the broker's may be made anew, for other names or in time.
"""

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from linli_cli.connection.settings import LOOPBACK
from linli_cli.stack.embedded.secret_files import ensure_directory, read_secret
from linli_cli.terminal.errors import CliError
from linli_cli.terminal.language import say

CA_KEY = "partner-ca.key"
CA_CERTIFICATE = "partner-ca.crt"
BROKER = "partner-broker.pem"
"""The broker's key and certificate, as Kafka reads them: PEM, one after the other."""
CA_FOR = timedelta(days=3_650)
BROKER_FOR = timedelta(days=397)
"""No longer than public authorities give (CA/Browser Forum ballot SC22)."""
RENEWED_BEFORE = timedelta(days=60)


@dataclass(frozen=True)
class Authority:
    """Who signs brokers' certificates."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def ensure_authority(directory: Path) -> list[str]:
    """Makes the authority that is missing, in a directory of secrets; the names of the files that were made."""
    ensure_directory(directory)
    if (directory / CA_KEY).exists():
        authority(directory)
        return []
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"linli-partners-{secrets.token_hex(4)}")
    made = (
        _certificate(name, key.public_key(), name, datetime.now(UTC), CA_FOR)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    # The key comes last: where it is, both are.
    _write(directory / CA_CERTIFICATE, made.public_bytes(serialization.Encoding.PEM))
    _write(directory / CA_KEY, _pem(key))
    return [CA_KEY, CA_CERTIFICATE]


def authority(directory: Path) -> Authority:
    """The one of this directory. Raises CliError when it cannot be read."""
    try:
        certificate = x509.load_pem_x509_certificate((directory / CA_CERTIFICATE).read_bytes())
        key = serialization.load_pem_private_key(read_secret(directory / CA_KEY).encode(), None)
    except (OSError, ValueError) as error:
        raise CliError(
            say("The authority of partners' certificates in {directory} cannot be read.", directory=directory),
            say(
                "Restore {names} from your copy; without one remove both, start again, and hand out all kits anew.",
                names=f"{CA_KEY}, {CA_CERTIFICATE}",
            ),
        ) from error
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return Authority(certificate, key)


def ensure_broker(directory: Path, hosts: Sequence[str], to: Path | None = None) -> bool:
    """Makes the broker's certificate where it is missing, for other hosts, or near its end; whether it was made.

    `hosts` are the names and addresses by which partners reach the broker; `to` is where it goes, unless it goes beside
    the authority.
    """
    path = to or directory / BROKER
    signer = authority(directory)
    if _serves(path, hosts, signer):
        return False
    key = ec.generate_private_key(ec.SECP256R1())
    made = (
        _certificate(_name(hosts[0]), key.public_key(), signer.certificate.subject, datetime.now(UTC), BROKER_FOR)
        .add_extension(x509.SubjectAlternativeName([_host(each) for each in hosts]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(_key_of(signer), critical=False)
        .sign(signer.key, hashes.SHA256())
    )
    _write(path, _pem(key) + made.public_bytes(serialization.Encoding.PEM))
    return True


def hosts_of(host: str) -> list[str]:
    """What the certificate is for: the name that partners use, and this machine itself."""
    return list(dict.fromkeys((host, "localhost", LOOPBACK)))


def _serves(path: Path, hosts: Sequence[str], signer: Authority) -> bool:
    try:
        found = x509.load_pem_x509_certificate(path.read_bytes())
        found.verify_directly_issued_by(signer.certificate)
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except Exception:
        return False
    ends = found.not_valid_after_utc - datetime.now(UTC)
    return ends > RENEWED_BEFORE and set(names) == {_host(each) for each in hosts}


def _certificate(
    subject: x509.Name, key: ec.EllipticCurvePublicKey, issuer: x509.Name, now: datetime, valid: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))  # a partner's clock may be behind
        .not_valid_after(now + valid)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _key_of(signer: Authority) -> x509.AuthorityKeyIdentifier:
    identifier = signer.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common[:64])])


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host.encode("idna").decode())


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


def _write(path: Path, content: bytes) -> None:
    """Written aside, whole, for its owner only."""
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
