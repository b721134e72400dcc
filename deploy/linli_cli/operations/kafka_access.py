"""Users of Kafka and what each may do: made, changed and taken away by whoever may administer the cluster.

A right is an ACL that allows: Kafka's own words for what (`ResourceType`), how it is named, and the operation
(`AclOperation`). What a broker answers after a change may be from before it, for a moment: the controller decides, and
brokers hear of it.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialDeletion,
    UserScramCredentialUpsertion,
)

from linli.messaging import rights as declared
from linli.messaging.connection import Cluster
from linli_cli.terminal.errors import CliError
from linli_cli.terminal.language import say

T = TypeVar("T")

WITHIN = 15.0
"""Seconds for an answer."""
ITERATIONS = 8_192
"""Of the hash by which the broker knows a password. Ours are 256 random bits, which nobody guesses however few."""


@dataclass(frozen=True)
class Right:
    """One operation on what has a name, or on all whose names begin so."""

    kind: ResourceType
    name: str
    operation: AclOperation
    prefixed: bool = False


def may(
    kind: ResourceType, names: str | Iterable[str], *operations: AclOperation, prefixed: bool = False
) -> frozenset[Right]:
    """The rights to do each of these on each of those: `may(ResourceType.TOPIC, topics, AclOperation.READ)`."""
    those = [names] if isinstance(names, str) else names
    return frozenset(Right(kind, name, operation, prefixed) for name in those for operation in operations)


KINDS = {"topic": ResourceType.TOPIC, "group": ResourceType.GROUP, "cluster": ResourceType.BROKER}


def as_kafka_has_them(rights: Iterable[declared.Right]) -> frozenset[Right]:
    """Declared rights in the words of this library."""
    return frozenset(
        Right(KINDS[each.kind], each.name, AclOperation[each.operation.upper()], each.prefixed) for each in rights
    )


def administrator(kafka: Cluster) -> AdminClient:
    """A client for all below. It connects when it is first asked, and answers from its own threads."""
    return AdminClient(configuration(kafka))


def lets_in(kafka: Cluster) -> bool:
    """Whether the cluster takes the user for who it says that it is. Raises CliError when it does not answer."""
    faults: list[KafkaError] = []
    admin = AdminClient(configuration(kafka) | {"error_cb": faults.append})
    for last in (*(False,) * (int(WITHIN) - 1), True):
        try:
            admin.list_topics(timeout=1)
        except KafkaException as error:
            admin.poll(0)  # has the faults told; until then the client keeps them
            if any(fault.code() == KafkaError._AUTHENTICATION for fault in faults):
                return False
            if last:
                raise _refused(error) from error
        else:
            break
    return True


def configuration(kafka: Cluster) -> dict[str, Any]:
    """The same as this library's clients want it."""
    # log_level: it would write to the terminal by itself; what goes wrong is raised.
    found = {"bootstrap.servers": kafka.bootstrap, "socket.timeout.ms": int(WITHIN * 1000), "log_level": 0}
    if kafka.login is None:
        return found
    found |= {
        "security.protocol": kafka.login.protocol,
        "sasl.mechanism": kafka.login.mechanism,
        "sasl.username": kafka.login.username,
        "sasl.password": kafka.login.password,
    }
    return found | ({"ssl.ca.location": str(kafka.login.ca)} if kafka.login.ca else {})


# Users ---------------------------------------------------------------------------------------------------------------


def users(admin: AdminClient) -> frozenset[str]:
    """All that have a password of SCRAM-SHA-512. Raises CliError, as all here do when Kafka is away or refuses."""
    asked = admin.describe_user_scram_credentials(request_timeout=WITHIN)
    assert isinstance(asked, Future)  # one for all, where nobody is named
    found = _done(asked)
    return frozenset(
        name
        for name, user in found.items()
        if any(each.mechanism is ScramMechanism.SCRAM_SHA_512 for each in user.scram_credential_infos)
    )


def set_password(admin: AdminClient, user: str, password: str) -> None:
    """Makes the user, or gives it another password; who is connected stays so until it connects anew."""
    info = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS)
    _all_done(
        admin.alter_user_scram_credentials(
            [UserScramCredentialUpsertion(user, info, password.encode())], request_timeout=WITHIN
        )
    )


def remove_user(admin: AdminClient, user: str) -> bool:
    """Takes the user's password away; whether there was one. Its rights are another matter: `allow_exactly` none."""
    gone = UserScramCredentialDeletion(user, ScramMechanism.SCRAM_SHA_512)
    (asked,) = admin.alter_user_scram_credentials([gone], request_timeout=WITHIN).values()
    try:
        asked.result(WITHIN)
    except KafkaException as error:
        if error.args[0].code() == KafkaError.RESOURCE_NOT_FOUND:
            return False
        raise _refused(error) from error
    except TimeoutError as error:
        raise _refused(error) from error
    return True


# Rights --------------------------------------------------------------------------------------------------------------


def rights_of(admin: AdminClient, user: str) -> frozenset[Right]:
    """What the user may do, from wherever it comes."""
    return frozenset(_right(each) for each in _bindings(admin, user) if each == _binding(user, _right(each)))


@dataclass(frozen=True)
class Changed:
    """How many ACLs came and went."""

    added: int
    removed: int

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)


def allow_exactly(admin: AdminClient, user: str, rights: Iterable[Right]) -> Changed:
    """Gives the user what it lacks of these rights and takes all others away, refusals and host rules too."""
    there, wanted = _bindings(admin, user), {_binding(user, right) for right in rights}
    # What is wrong goes first: a right that was too much is worse than one that comes a moment later.
    if surplus := there - wanted:
        _all_done(admin.delete_acls([_exactly(each) for each in surplus], request_timeout=WITHIN))
    if missing := wanted - there:
        _all_done(admin.create_acls(list(missing), request_timeout=WITHIN))
    return Changed(len(missing), len(surplus))


def _bindings(admin: AdminClient, user: str) -> frozenset[AclBinding]:
    everything = AclBindingFilter(
        ResourceType.ANY,
        None,  # type: ignore[arg-type]  # any name; the client's stub knows a binding's only
        ResourcePatternType.ANY,
        _principal(user),
        None,  # type: ignore[arg-type]  # any host
        AclOperation.ANY,
        AclPermissionType.ANY,
    )
    return frozenset(_done(admin.describe_acls(everything, request_timeout=WITHIN)))


def _binding(user: str, right: Right) -> AclBinding:
    pattern = ResourcePatternType.PREFIXED if right.prefixed else ResourcePatternType.LITERAL
    return AclBinding(right.kind, right.name, pattern, _principal(user), "*", right.operation, AclPermissionType.ALLOW)


def _right(binding: AclBinding) -> Right:
    prefixed = binding.resource_pattern_type is ResourcePatternType.PREFIXED
    return Right(binding.restype, binding.name, binding.operation, prefixed)  # type: ignore[arg-type]  # made enums


def _exactly(binding: AclBinding) -> AclBindingFilter:
    return AclBindingFilter(
        binding.restype,
        binding.name,
        binding.resource_pattern_type,
        binding.principal,
        binding.host,
        binding.operation,
        binding.permission_type,
    )


def _principal(user: str) -> str:
    return f"User:{user}"


# Answers -------------------------------------------------------------------------------------------------------------


def _done(asked: "Future[T]") -> T:
    try:
        return asked.result(WITHIN)
    except (KafkaException, TimeoutError) as error:
        raise _refused(error) from error


def _all_done(asked: dict[Any, "Future[Any]"]) -> Sequence[Any]:
    return [_done(each) for each in asked.values()]


def _refused(error: Exception) -> CliError:
    said = error.args[0].str() if isinstance(error, KafkaException) else type(error).__name__
    return CliError(
        say("Kafka does not change its users or their rights: {said}", said=said),
        say("See what ails it with: linli doctor   The broker's log says more."),
    )
