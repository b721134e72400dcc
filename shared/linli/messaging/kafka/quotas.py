"""How much of the broker a user may take. No client library sets it: this is one request of Kafka's protocol.

Source: Kafka protocol guide, AlterClientQuotas (API key 49), version 0; KIP-546.
"""

from collections.abc import Mapping

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import Array, Boolean, Float64, Int16, Int32, Schema, String

from linli.messaging.connection import Cluster
from linli.messaging.kafka.fetching import ANSWER_WITHIN
from linli.messaging.kafka.topics import administer

_ENTITY = Array(("entity_type", String("utf-8")), ("entity_name", String("utf-8")))


class _Altered(Response):  # type: ignore[misc]  # the client ships no types
    API_KEY = 49
    API_VERSION = 0
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        ("entries", Array(("error_code", Int16), ("error_message", String("utf-8")), ("entity", _ENTITY))),
    )


class _AlterV0(RequestStruct):  # type: ignore[misc]  # as above
    API_KEY = 49
    API_VERSION = 0
    RESPONSE_TYPE = _Altered
    SCHEMA = Schema(
        (
            "entries",
            Array(
                ("entity", _ENTITY),
                ("ops", Array(("key", String("utf-8")), ("value", Float64), ("remove", Boolean))),
            ),
        ),
        ("validate_only", Boolean),
    )


class _Alter(Request[_AlterV0]):  # type: ignore[misc]  # as above
    API_KEY = 49

    def __init__(self, user: str, quotas: Mapping[str, float | None]) -> None:
        self._user, self._quotas = user, quotas

    def build(self, request_struct_class: type[_AlterV0]) -> _AlterV0:
        ops = [(key, value or 0.0, value is None) for key, value in self._quotas.items()]
        return request_struct_class([([("user", self._user)], ops)], False)


async def limit_user(cluster: Cluster, user: str, quotas: Mapping[str, float | None]) -> None:
    """Set quotas of a user by Kafka's names for them; None takes one away. Raises KafkaError when it is refused.

    `producer_byte_rate` and `consumer_byte_rate` are bytes a second, `request_percentage` is per cent of one thread.
    """

    async def alter(admin: AIOKafkaAdminClient) -> None:
        answer = await admin._send_to_controller(_Alter(user, quotas))
        for code, message, _ in answer.entries:
            if code:
                raise KafkaError(f"the quotas of {user} were not set: error {code} {message or ''}")

    await administer(cluster, ANSWER_WITHIN, alter)
