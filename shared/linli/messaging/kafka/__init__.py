"""The only package that imports Kafka's client. Its settings follow docs/adr/0006.

`clients` watches what the client does out of sight, `records` has the values, `publisher` writes, `group` and `whole`
read, `surveying` finds brokers and members, `observing` looks every few seconds, `acls` lists who may do what,
`topics` and `cluster` are for operators.
"""

from linli.messaging.kafka.acls import Listed
from linli.messaging.kafka.assigned import AssignedReader
from linli.messaging.kafka.clients import ClientDied, KafkaUnavailable
from linli.messaging.kafka.cluster import (
    ClusterState,
    TopicState,
    committed,
    delete_records,
    look_at,
)
from linli.messaging.kafka.group import GroupReader, lane_of
from linli.messaging.kafka.observing import Look, Observer
from linli.messaging.kafka.publisher import PUBLISH_TIMEOUT, Publisher
from linli.messaging.kafka.quotas import limit_user
from linli.messaging.kafka.records import Outgoing, Place, Received
from linli.messaging.kafka.surveying import Copies, GroupState, Survey, describe_groups, survey
from linli.messaging.kafka.topics import TopicSpec, apply_topics, delete_topics
from linli.messaging.kafka.whole import follow, read_all
from linli.messaging.rights import POSITIONS

__all__ = [
    "POSITIONS",
    "PUBLISH_TIMEOUT",
    "AssignedReader",
    "ClientDied",
    "ClusterState",
    "Copies",
    "GroupReader",
    "GroupState",
    "KafkaUnavailable",
    "Listed",
    "Look",
    "Observer",
    "Outgoing",
    "Place",
    "Publisher",
    "Received",
    "Survey",
    "TopicSpec",
    "TopicState",
    "apply_topics",
    "committed",
    "delete_records",
    "delete_topics",
    "describe_groups",
    "follow",
    "lane_of",
    "limit_user",
    "look_at",
    "read_all",
    "survey",
]
