"""What the pages call kinds, states, figures and findings."""

from portal.pages.language import gettext as _
from portal.topology.acceptance import ACCEPTABLE, WHY_NOT
from portal.topology.domain.picture import Kind, Node


def kind(name: str) -> str:
    """What a node is."""
    return {
        "channel": _("Channel"),
        "service": _("Service"),
        "instance": _("Process"),
        "database": _("Database"),
        "topic": _("Topic"),
        "group": _("Consumer group"),
        "delivery": _("Delivery channel"),
        "partner": _("Partner"),
        "parking": _("Parked records"),
        "user": _("User of Kafka"),
    }.get(name, name)


def state(name: str) -> str:
    """How a node or an edge stands."""
    return {
        "well": _("Well"),
        "ailing": _("Ailing"),
        "stopped": _("Stopped"),
        "silent": _("Not seen"),
        "undeclared": _("Undeclared"),
        "unknown": _("Unknown"),
        "seen": _("Flows"),
    }.get(name, name)


MOMENTS = frozenset({"last_heard", "last_in", "last_out", "last_seen", "since", "started"})
"""Figures that are times."""
UNDECLARED = ACCEPTABLE | WHY_NOT.keys()
"""Rules of what was seen and not declared, or otherwise: somebody may want to declare it."""
OWN = frozenset({Kind.DATABASE, Kind.PARKING})


def label(node: Node) -> str:
    """What stands in the picture, where there is little room: what tells it apart from what is beside it."""
    if node.kind in OWN:
        return kind(node.kind)
    if node.kind is Kind.INSTANCE:
        return node.name.partition("@")[2]
    return node.name.rpartition("/")[2] if node.kind is Kind.PARTNER else node.name


BADGES = {
    "well": "ok",
    "seen": "ok",
    "ailing": "late",
    "stopped": "bad",
    "silent": "wait",
    "undeclared": "bad",
    "unknown": "off",
}
"""The mark beside a state, which needs no colour."""


def figure(name: str) -> str:
    """What a figure of a node counts."""
    return {
        "together": _("Together"),
        "up": _("Processes up"),
        "expected": _("Expected"),
        "version": _("Version"),
        "member": _("Name among its replicas"),
        "started": _("Started"),
        "lacks": _("Lacks"),
        "memory_mb": _("Memory, MB"),
        "unsent": _("Events not sent"),
        "unsent_age": _("Oldest not sent, s"),
        "held": _("Events held"),
        "held_age": _("Oldest held, s"),
        "members": _("Members"),
        "members_expected": _("Members expected"),
        "partitions": _("Partitions"),
        "replication": _("Copies"),
        "records": _("Records"),
        "rate": _("Come in, a second"),
        "kept_days": _("Kept, days"),
        "behind": _("Behind"),
        "leaderless": _("Without a leader"),
        "state": _("State"),
        "lag": _("Lag, records"),
        "lag_committed": _("Lag by what Kafka was told, records"),
        "counted_by": _("Counted by"),
        "seconds_behind": _("Behind, s"),
        "clears_in": _("Time to clear, s"),
        "given_up": _("Given up"),
        "unanswered": _("Orders unanswered"),
        "parked": _("Parked"),
        "reasons": _("Why"),
        "oldest": _("Oldest, s"),
        "accepted": _("Accepted, a second"),
        "refused": _("Refused, a second"),
        "sent": _("Sent, a second"),
        "failed_rate": _("Failed, a second"),
        "due": _("Deliveries due"),
        "last_seen": _("Seen last"),
        "last_in": _("Heard of it last"),
        "last_out": _("Told last"),
        "ways": _("Ways"),
        "primary": _("Has a primary"),
        "ping_ms": _("Answers within, ms"),
        "last_heard": _("Heard last"),
        "processes": _("Processes"),
        "since": _("Since"),
        "writer": _("Who may write"),
        "age": _("Age, s"),
        "answers": _("Answers, a second"),
        "errors_share": _("Of them 5xx, %"),
        "p95_ms": _("95 % within, ms"),
        "failed": _("Failed"),
        "rights": _("Rights on Kafka"),
        "acl_undeclared": _("Rights undeclared"),
        "acl_missing": _("Rights missing"),
        "user": _("User of Kafka"),
        "acls": _("Rights"),
        "count": _("Count"),
    }.get(name, name)


def said(value: str) -> str:
    """What a figure is that is a word."""
    return {
        "as_declared": _("As declared"),
        "applied": _("what took effect"),
        "committed": _("Kafka's committed offset alone"),
        "differ": _("Otherwise than declared"),
        "unknown": _("Unknown"),
        "yes": _("Yes"),
        "no": _("No"),
    }.get(value, value)


def rights(told: str) -> str:
    """Whether Kafka told who may do what."""
    return {
        "told": _("Who may do what on Kafka was told."),
        "refused": _("Who may do what on Kafka is unknown: the portal's user may not describe the cluster."),
        "no_authorizer": _("Who may do what on Kafka is unknown: it has no authorizer, so everybody may do all."),
        "too_many": _("Who may do what on Kafka is unknown: there are too many rights to be compared."),
    }.get(told, _("Who may do what on Kafka is unknown: it did not tell."))


def rule(name: str) -> str:
    """What was found."""
    return {
        "service_stopped": _("No process of it answers"),
        "process_silent": _("This process does not answer"),
        "service_fails": _("It answers with faults of its own"),
        "service_not_ready": _("It is not ready"),
        "group_stalled": _("There is something to read, and nothing takes effect"),
        "group_falls_behind": _("It reads, and is ever further behind"),
        "partner_silent": _("It has said nothing of orders within their time"),
        "undeclared_producer": _("Somebody writes here who is not declared"),
        "undeclared_topic": _("A topic named like ours that nobody declares"),
        "undeclared_group": _("A consumer group named like ours that nobody declares"),
        "acl_undeclared": _("Somebody has rights on Kafka that nobody has declared"),
        "acl_missing": _("Rights on Kafka that are declared are not there"),
        "topic_missing": _("This topic is not there"),
        "topic_differs": _("Its settings are not as declared"),
        "copies_behind": _("Copies are not in sync"),
        "leaderless": _("No broker leads some of it"),
        "kafka_silent": _("Kafka does not tell of itself"),
        "members_away": _("Members of the replica set are away"),
        "parked": _("Records wait for a decision"),
        "unknown_type": _("Events of a type or version that no contract has"),
        "held": _("Events wait for an earlier one"),
        "unsent": _("Events wait for Kafka"),
        "given_up": _("Deliveries were given up"),
    }.get(name, name)


def todo(name: str) -> str:
    """What to press or type."""
    return {
        "service_stopped": _("Look at its log, and at: linli status"),
        "process_silent": _("Look at its log, and at: linli status"),
        "service_fails": _("Look at its log, and at: linli doctor"),
        "service_not_ready": _("See to what it lacks: linli doctor"),
        "group_stalled": _("Its log says why. It ends itself after two minutes and is started anew."),
        "group_falls_behind": _("Start one more process of it."),
        "partner_silent": _("Call the partner; what it owes is on its page."),
        "undeclared_producer": _("Find out whose user or program writes there, and take its rights away."),
        "undeclared_topic": _("Declare it in deploy/topics.yaml, or remove it."),
        "undeclared_group": _("Find out who reads in it."),
        "acl_undeclared": _("Find out who gave them, and take them away; of a service: linli topics apply"),
        "acl_missing": _("Of a service: linli topics apply. Of a partner: linli partners doctor"),
        "topic_missing": _("Type: linli topics apply"),
        "topic_differs": _("Type: linli topics apply"),
        "copies_behind": _("A broker is away or slow: linli doctor"),
        "leaderless": _("Brokers are away: linli doctor"),
        "kafka_silent": _("Look at the brokers: linli doctor"),
        "members_away": _("Start the members that are away: linli doctor"),
        "parked": _("Look at why, then replay or discard."),
        "unknown_type": _("Bring the reader to the version of its writer, then replay; of a stranger discard."),
        "held": _("What is before them is parked, or has not come."),
        "unsent": _("Look at Kafka: linli doctor"),
        "given_up": _("See who was not told, and try again."),
    }.get(name, "")


def about(name: str) -> str:
    """What a kind of node is, in a sentence."""
    return {
        "channel": _("A way by which submissions come in."),
        "service": _("One of Linli's services, with all of its processes."),
        "instance": _("One process of a service. It answers for itself."),
        "database": _("A service's own database: what waits there, and the members that it is told by."),
        "topic": _("A topic of Kafka's. One service writes it."),
        "group": _("The processes of a service that share its topics. Lag counts what has not taken effect yet."),
        "delivery": _("A way by which people are told."),
        "partner": _("A company with a system of its own."),
        "user": _("A user of Kafka whom nobody has declared, with a right that concerns our topics or groups."),
        "parking": _("What a service could not read or apply, and put aside for a person to decide."),
    }.get(name, "")
