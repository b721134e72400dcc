"""`linli partners doctor`: why a partner cannot take part, or that nothing is in its way."""

import asyncio
import socket
import ssl
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from confluent_kafka import KafkaException, TopicCollection
from confluent_kafka.admin import AclOperation, AdminClient

from linli.messaging.connection import Cluster, Login
from linli_cli.operations.finding import Finding, note, ok, show, wrong
from linli_cli.operations.kafka_access import administrator, lets_in
from linli_cli.partners.doing import asked_by_the_doctor
from linli_cli.terminal.errors import CliError, errors_apart
from linli_cli.terminal.file_faults import of_file
from linli_cli.terminal.language import say
from linli_cli.terminal.times import local, second

SKEW_SECONDS = 5.0
"""A Date header is a second long, and a busy service writes it late."""
WITHIN = 5.0
"""Seconds for a connection."""


def doctor(
    party: Annotated[str, typer.Argument(metavar="PARTY", help="Id or name of the party.")],
    community: Annotated[
        str | None, typer.Option(metavar="ID", help="Id or name. Default: the only one that is loaded.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON.")] = False,
) -> None:
    """Look at all that a partner needs, in the order in which its program needs it.

    Exit code 1: something is wrong. 4: it could not be looked at.

    From here, which is not where the partner is: a firewall between you and it is not seen.
    """
    with errors_apart():
        found = asyncio.run(asked_by_the_doctor(party, community))
        findings = list(_findings(found.partner, found.credentials, found.ca, found.reading, found.unanswered))
        findings.append(_clock(found.skew))
    if not show(findings, as_json=as_json):
        raise typer.Exit(1)


def _findings(
    partner: Mapping[str, Any],
    credentials: Mapping[str, Any] | None,
    ca: Path,
    reading: Mapping[str, Any] | None,
    unanswered: int,
) -> Iterator[Finding]:
    yield _standing(partner)
    if credentials is not None:
        yield from _by_kafka(partner, credentials, ca)
    yield from _has_read(reading)
    if partner["last_update_at"]:
        yield ok("update", say("the last update came {when}", when=_at(partner["last_update_at"])))
    else:
        yield note(
            "update", say("no update has come yet"), say("Try it: linli partners test {party}", party=partner["party"])
        )
    if unanswered:
        text = say("{count} orders have no answer in time", count=unanswered)
        yield wrong(
            "orders", text, say("Call the company. Its cases: linli cases --party {party}", party=partner["party"])
        )
    else:
        yield ok("orders", say("no order waits for an answer beyond its time"))


def _clock(skew: float) -> Finding:
    """A partner's own clock is seen only in what it sends: a wrong one is answered `clock_skew`."""
    if abs(skew) <= SKEW_SECONDS:
        return ok("clock", say("the deployment's clock is this machine's"))
    text = say("the deployment's clock is {seconds:.0f} s away from this machine's", seconds=abs(skew))
    return wrong("clock", text, say("Let both keep time by NTP: updates from a partner would be answered clock_skew."))


def _standing(partner: Mapping[str, Any]) -> Finding:
    if partner["standing"] == "paused":
        todo = say("Let it go on: linli partners resume {party}", party=partner["party"])
        return wrong("partner", say("it is paused"), todo)
    if partner["standing"] == "revoked":
        todo = say("Add it again: linli partners add {party}", party=partner["party"])
        return wrong("partner", say("it is a partner no more"), todo)
    if not partner["in_line"]:
        todo = say("See what keeps Kafka from following: linli doctor; the log of `access` says more.")
        return wrong("partner", say("Kafka's users and rights are not as they should be yet"), todo)
    return ok("partner", say("it takes part: {ways}", ways=", ".join(partner["ways"]) or "-"))


def _by_kafka(partner: Mapping[str, Any], credentials: Mapping[str, Any], ca: Path) -> Iterator[Finding]:
    """Each step only where the one before it went well."""
    host, port = _address(credentials["bootstrap"])
    for check in (_resolves, _connects):
        yield (found := check(host, port))
        if found.todo:
            return
    yield (found := _trusted(host, port, ca))
    if found.todo:
        return
    kafka = Cluster(credentials["bootstrap"], Login(credentials["username"], credentials["password"], ca))
    try:
        if not lets_in(kafka):
            todo = say(
                "Look again in a minute; then make it a new password: linli partners rotate {party}",
                party=partner["party"],
            )
            yield wrong("login", say("the broker does not know {user}", user=credentials["username"]), todo)
            return
        yield ok("login", say("the broker knows {user}", user=credentials["username"]))
        admin = administrator(kafka)
        yield from _advertised(admin)
        yield from _rights(admin, credentials)
    except (CliError, KafkaException, TimeoutError) as error:
        said = error.message if isinstance(error, CliError) else str(error) or type(error).__name__
        yield wrong("login", say("the broker does not answer: {said}", said=said), say("See: linli doctor"))


def _address(bootstrap: str) -> tuple[str, int]:
    host, _, port = bootstrap.split(",", maxsplit=1)[0].rpartition(":")
    return host.strip("[]"), int(port)


def _resolves(host: str, _: int) -> Finding:
    try:
        found = sorted({each[4][0] for each in socket.getaddrinfo(host, None)})
    except OSError:
        todo = say("Set LINLI_PARTNER_HOST to a name that partners can resolve, and start again.")
        return wrong("name", say("{host} has no address", host=host), todo)
    return ok("name", f"{host}: {', '.join(map(str, found))}")


def _connects(host: str, port: int) -> Finding:
    try:
        socket.create_connection((host, port), WITHIN).close()
    except OSError as error:
        todo = say("Open the port in the firewall, or correct LINLI_PARTNER_HOST and LINLI_PARTNER_PORT.")
        return wrong("port", say("{address} is not reached: {error}", address=f"{host}:{port}", error=error), todo)
    return ok("port", f"{host}:{port}")


def _trusted(host: str, port: int, ca: Path) -> Finding:
    """A TLS handshake as the partner's program does it: this authority, this name."""
    try:
        context = ssl.create_default_context(cafile=str(ca))
    except OSError as error:
        todo = say("The authority of partners' certificates is among the secrets: LINLI_SECRETS_DIR says where.")
        return wrong("tls", f"{ca}: {of_file(error)}", todo)
    try:
        with (
            socket.create_connection((host, port), WITHIN) as connection,
            context.wrap_socket(connection, server_hostname=host) as secured,
        ):
            return ok("tls", say("{version}, the certificate is for {host}", version=secured.version(), host=host))
    except ssl.SSLCertVerificationError as error:
        todo = say(
            "Start again: the certificate is made for LINLI_PARTNER_HOST. Hand out a new kit if the authority is new."
        )
        return wrong("tls", say("the certificate is not taken: {why}", why=error.verify_message), todo)
    except OSError as error:
        return wrong(
            "tls", say("no TLS there: {error}", error=error), say("Is it Kafka's port for partners? linli status")
        )


def _advertised(admin: AdminClient) -> Iterator[Finding]:
    """What the broker tells clients to connect to: the usual fault of Kafka behind another name."""
    for broker in admin.list_topics(timeout=int(WITHIN)).brokers.values():
        found = _connects(str(broker.host), broker.port)
        text = say("broker {id} says it is at {address}", id=broker.id, address=f"{broker.host}:{broker.port}")
        yield wrong("advertised", text, found.todo) if found.todo else ok("advertised", text)


def _rights(admin: AdminClient, credentials: Mapping[str, Any]) -> Iterator[Finding]:
    """As the broker itself says what this user may do; nothing is written for it."""
    todo = say("Within a minute it is put right by itself; else see the log of `access`.")
    for kind in ("topics", "sandbox"):
        topics = credentials[kind]
        asked = admin.describe_topics(
            TopicCollection(list(topics.values())), include_authorized_operations=True, request_timeout=WITHIN
        )
        for name, topic in topics.items():
            wanted = AclOperation.WRITE if name == "updates" else AclOperation.READ
            try:
                may = wanted in (asked[topic].result(WITHIN).authorized_operations or [])
            except (KafkaException, TimeoutError):
                may = False
            said = say("may write {topic}", topic=topic) if name == "updates" else say("may read {topic}", topic=topic)
            yield ok("rights", said) if may else wrong("rights", say("not so: {said}", said=said), todo)
    group = f"{credentials['group_prefix']}doctor"
    asked_of_group = admin.describe_consumer_groups([group], include_authorized_operations=True, request_timeout=WITHIN)
    try:
        may = AclOperation.READ in (asked_of_group[group].result(WITHIN).authorized_operations or [])
    except (KafkaException, TimeoutError):
        may = False
    said = say("may use groups that begin with {prefix}", prefix=credentials["group_prefix"])
    yield ok("rights", said) if may else wrong("rights", say("not so: {said}", said=said), todo)


def _has_read(reading: Mapping[str, Any] | None) -> Iterator[Finding]:
    if reading is None or not reading["ways"]:
        yield note("reading", say("it has read nothing yet"))
        return
    for way in reading["ways"]:
        values = {"way": way["way"], "behind": way["behind"]}
        if way["state"] == "off":
            todo = say("Switch it on again: linli partners add PARTY --webhook URL")
            yield wrong("reading", say("{way}: switched off ({why})", **values, why=way["off"]), todo)
        elif way["state"] == "failing":
            text = say("{way}: fails since {since}", **values, since=_at(way["failing_since"]))
            yield wrong("reading", text, say("See what it answers: GET /v1/endpoints/COMMUNITY/PARTY/tries"))
        else:
            text = say("{way}: {behind} events behind", **values)
            when = say("last read {when}", when=_at(way["last_read"])) if way["last_read"] else say("never read")
            yield ok("reading", f"{text}{say(', ')}{when}")


def _at(text: str) -> str:
    return second(local(text))
