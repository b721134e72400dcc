"""The rights that a broker holds, as it lists them to whoever may describe the cluster."""

from dataclasses import dataclass

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.protocol.admin import DescribeAclsRequest

from linli.messaging.rights import Acl

ANY = 1
"""Kafka's `ResourceType`, `PatternType`, `AclOperation` and `AclPermissionType` all have it."""
KINDS = {2: "topic", 3: "group", 4: "cluster", 5: "transactional_id", 6: "delegation_token", 7: "user"}
OPERATIONS = {
    2: "all",
    3: "read",
    4: "write",
    5: "create",
    6: "delete",
    7: "alter",
    8: "describe",
    9: "cluster_action",
    10: "describe_configs",
    11: "alter_configs",
    12: "idempotent_write",
}
PREFIXED, DENIED = 4, 2
WHY_NOT = {31: "refused", 54: "no_authorizer"}
"""Kafka's CLUSTER_AUTHORIZATION_FAILED and SECURITY_DISABLED."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What a broker answered: its rights, or why it does not tell them."""

    acls: tuple[Acl, ...] = ()
    unknown: str = ""
    """`refused`: the user may not describe the cluster; `no_authorizer`: there are none; `failed`: by another
    error; empty: `acls` are all."""


async def list_acls(admin: AIOKafkaAdminClient) -> Listed:
    """All of them; which are of interest is for the asker to say. Raises KafkaError."""
    answer = await admin._send_request(DescribeAclsRequest(ANY, None, ANY, None, None, ANY, ANY))
    if answer.error_code:
        return Listed(unknown=WHY_NOT.get(answer.error_code, "failed"))
    found = {
        Acl(
            principal.removeprefix("User:"),
            KINDS.get(kind, str(kind)),
            name,
            OPERATIONS.get(operation, str(operation)),
            pattern == PREFIXED,
            host,
            permission == DENIED,
        )
        for kind, name, pattern, acls in answer.resources
        for principal, host, operation, permission in acls
    }
    return Listed(tuple(sorted(found)))
