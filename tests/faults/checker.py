"""The comparison: what was answered and what reached the sinks, against what the databases and topics hold.

It trusts nothing that a service says of itself. Reading is apart from comparing, so that a comparison needs no server.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from linli.application.settings import Settings
from linli.contracts.envelope import sequence_claimed
from linli.messaging.kafka import Outgoing, read_all
from linli.messaging.outbox import message_of
from linli.storage import mongo
from notify.deliveries.channels.email import message_id
from tests.faults.affairs.books import AffairsBooks
from tests.faults.affairs.checker import Damage
from tests.faults.ledger import Ledger
from tests.faults.order import Order
from tests.faults.sinks import Sinks
from tests.support.system import SERVICES

OPENED = ["linli.case.opened.v1", "linli.case.dispatched.v1"]
TOLD_TO_PARTY = {f"linli.case.{step}.v1" for step in ("dispatched", "reopened", "reminded", "withdrawn")}
TOLD_TO_RESIDENT = {f"linli.case.{step}.v1" for step in ("dispatched", "progressed", "resolved", "reopened")}
NAMED = 10
"""How many of each kind of damage are named; all are counted."""


@dataclass(slots=True)
class Found:
    """What there is after the system has settled."""

    submissions: dict[str, str] = field(default_factory=dict)
    """Submission → title."""
    cases: dict[str, tuple[str, int, str | None]] = field(default_factory=dict)
    """Case → title, version, resident."""
    histories: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    """Case → sequence and type of each event, as stored."""
    deliveries: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    """Id, event id, recipient, channel, state."""
    photos: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Submission and photo → how often it is listed there with its file."""
    apart: frozenset[str] = frozenset()
    """Stories of affairs, and of the demands that they are about: whom those tell of what is another matter."""
    parked: dict[str, str] = field(default_factory=dict)
    """`<service>/<id>` → `<reason> <stream>` of each record that waits for an operator."""
    held: int = 0
    unsent: int = 0
    communities: int = 0
    """Records on the topic that keeps the newest data of each community."""
    out_of_order: dict[str, str] = field(default_factory=dict)
    """Case → what took effect after what."""
    followed: bool = True
    """Whether the order was followed to its end."""
    overtaken: int = 0
    """Records on the topics that came, the first time, after a later one of their story."""


@dataclass(slots=True)
class Verdict:
    """What the comparison says."""

    accepted: int
    lost: dict[str, str] = field(default_factory=dict)
    """Story → what of it is not there."""
    doubled: dict[str, str] = field(default_factory=dict)
    """Story or key → what is there twice."""
    out_of_order: dict[str, str] = field(default_factory=dict)
    """Story → where its events took effect in another order than their sequence."""
    miscounted: dict[str, str] = field(default_factory=dict)
    """Vote or round → where the sums that are kept are not what a recount of the events comes to."""
    acknowledged: int = 0
    """Ballots, answers and records of works that were answered."""
    other: list[str] = field(default_factory=list)
    """Damage that is none of these: parked, held or unsent without reason, a notice given up."""
    overtaken: dict[str, int] = field(default_factory=dict)
    """How many events or notices were seen after a later one of their story: allowed, for readers go by `sequence`."""

    @property
    def sound(self) -> bool:
        return not (self.lost or self.doubled or self.miscounted or self.out_of_order or self.other)

    def add(self, affairs: Damage) -> None:
        """What was found in affairs; what a fault has left behind may be found after every later one."""
        self.lost |= affairs.lost
        self.doubled |= affairs.doubled
        self.miscounted |= affairs.miscounted
        self.acknowledged = max(self.acknowledged, affairs.acknowledged)

    def lines(self) -> list[str]:
        """The damage in words, the first of each kind."""
        lost = [f"lost {id}: {what}" for id, what in list(self.lost.items())[:NAMED]]
        doubled = [f"doubled {id}: {what}" for id, what in list(self.doubled.items())[:NAMED]]
        doubled += [f"miscounted {id}: {what}" for id, what in list(self.miscounted.items())[:NAMED]]
        order = [f"out of order {id}: {what}" for id, what in list(self.out_of_order.items())[:NAMED]]
        return lost + doubled + order + self.other[:NAMED]


def compare(ledger: Ledger, found: Found, letters: Mapping[str, int], calls: Mapping[str, int]) -> Verdict:
    """Every 201 is one submission, one case, one contiguous history; every due notice one delivery that arrived."""
    verdict = Verdict(len(ledger.accepted), out_of_order=found.out_of_order)
    _keys(ledger, found, verdict)
    for id in ledger.accepted.keys() | ledger.told:
        _story(id, ledger, found, verdict)
    _notices(found, letters, calls, verdict)
    _photos(ledger, found, verdict)
    verdict.other += [f"parked {id}: {what}" for id, what in found.parked.items() if id not in ledger.poisoned]
    verdict.other += [f"not parked, though no event: {id}" for id in sorted(ledger.poisoned - found.parked.keys())]
    if not found.followed:
        verdict.other.append("the order of effects could not be followed to its end")
    if not found.communities:
        verdict.other.append("the community's data are not on their topic any more")
    if found.held:
        verdict.other.append(f"{found.held} events are held")
    if found.unsent:
        verdict.other.append(f"{found.unsent} events are unsent")
    return verdict


def _keys(ledger: Ledger, found: Found, verdict: Verdict) -> None:
    """One key, at most one submission and one case, whether or not it was answered."""
    for what, titles in (
        ("submissions", found.submissions.values()),
        ("cases", (title for title, _, _ in found.cases.values())),
    ):
        for title, times in Counter(titles).items():
            if times > 1:
                verdict.doubled[title.rpartition(" ")[2]] = f"{times} {what} of one key"
    for entry in ledger.entries.values():
        if len(entry.ids) > 1:
            verdict.doubled[entry.key] = f"one key was answered with {sorted(entry.ids)}"


def _story(id: str, ledger: Ledger, found: Found, verdict: Verdict) -> None:
    entry = ledger.accepted.get(id)
    if entry is not None and not found.submissions.get(id, "").endswith(entry.key):
        verdict.lost[id] = "no submission"
        return
    if id not in found.cases:
        verdict.lost[id] = "no case"
        return
    title, version, _ = found.cases[id]
    if entry is not None and not title.endswith(entry.key):
        verdict.lost[id] = "the case is another's"
    history = sorted(found.histories.get(id, ()))
    sequences = [sequence for sequence, _ in history]
    types = Counter(type for _, type in history)
    if len(sequences) > len(set(sequences)) or any(types[type] > 1 for type in types):
        verdict.doubled[id] = f"history {history}"
    elif sequences != list(range(1, version + 1)) or [type for _, type in history[:2]] != OPENED:
        verdict.lost[id] = f"version {version}, history {history}"
    elif missing := [type for type in ledger.acted.get(id, ()) if type not in types]:
        verdict.lost[id] = f"actions answered with 200 and not in the history: {missing}"


def _photos(ledger: Ledger, found: Found, verdict: Verdict) -> None:
    """What was answered with 201 is there once, and nothing that was refused is."""
    verdict.lost |= {f"{of}/{photo}": "no photo" for of, photo in ledger.photos - found.photos.keys()}
    verdict.doubled |= {f"{of}/{photo}": f"{times} times" for (of, photo), times in found.photos.items() if times > 1}
    verdict.other += [f"a photo that nobody was told of: {of}/{id}" for of, id in found.photos.keys() - ledger.photos]


def _notices(found: Found, letters: Mapping[str, int], calls: Mapping[str, int], verdict: Verdict) -> None:
    """What is due is told by the history of each case; one delivery each, and each arrived."""
    made: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for id, event, recipient, channel, state in found.deliveries:
        made[event, recipient, channel].append(id)
        if event.rpartition(":")[0] in found.apart:
            # Several demands share a letter, and companies of a site have no address: it has to end, in any way.
            if state in {"due", "failed"}:
                verdict.other.append(f"the delivery {id} is {state}")
            continue
        if state != "sent":
            verdict.other.append(f"the delivery {id} is {state}")
        arrived = letters[message_id(id, "linli.example")] if channel == "email" else calls[id]
        if state == "sent" and not arrived:
            verdict.lost[id] = "sent, and never reached its sink"
    for key, ids in made.items():
        if len(ids) > 1:
            verdict.doubled[str(key)] = f"{len(ids)} deliveries"
    due = {notice for case in found.cases for notice in _due(case, found)}
    for event, recipient, channel in due - made.keys():
        verdict.lost.setdefault(event, f"no delivery to {recipient} by {channel}")
    for notice in (each for each in made.keys() - due if each[0].rpartition(":")[0] not in found.apart):
        verdict.other.append(f"a delivery of nothing: {notice}")


def _due(case: str, found: Found) -> Iterable[tuple[str, str, str]]:
    _, _, resident = found.cases[case]
    for sequence, type in found.histories.get(case, ()):
        event = f"{case}:{sequence}"
        if type in TOLD_TO_PARTY:
            yield event, "party:water-co", "email"
            yield event, "party:water-co", "webhook"
        if resident and type in TOLD_TO_RESIDENT:
            yield event, f"resident:{resident}", "email"


# Reading --------------------------------------------------------------------------------------------------------------


class Books:
    """Reads the services' databases and the topics, beside the services."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client = mongo.connect(settings)
        self._order = Order(self._client, settings)
        self.affairs = AffairsBooks(self._client, settings)
        self._seen: dict[tuple[str, bytes | None], set[int]] = defaultdict(set)
        """Topic and story → the sequences that were there."""
        self._overtaken = 0
        self._intake, self._workflow, self._notify, self._neighbourhood = (
            self._client[settings.database(name)] for name in SERVICES
        )

    def close(self) -> None:
        self._order.stop()
        self._client.close()

    async def pulse(self) -> tuple[int, ...]:
        """Numbers that stand still when nothing is under way: unsent, held, due; then all that there is."""
        unsent = [
            await database[name].count_documents({"unsent_since": {"$exists": True}})
            for database, name in (
                (self._intake, "submissions"),
                (self._intake, "events"),
                (self._workflow, "events"),
                (self._notify, "events"),
                (self._neighbourhood, "events"),
            )
        ]
        due = await self._notify.deliveries.count_documents({"state": "due"})
        readers = (self._workflow, self._notify, self._neighbourhood)
        held = sum([await database.inbox_held.count_documents({}) for database in readers])
        sizes = [
            await collection.estimated_document_count()
            for collection in (
                self._intake.submissions,
                self._workflow.cases,
                self._workflow.events,
                self._notify.deliveries,
                self._notify.inbox_streams,
                self._neighbourhood.inbox_streams,
                self._neighbourhood.events,
            )
        ]
        return (sum(unsent), held, due, *sizes)

    async def published(self, most: int) -> list[Outgoing]:
        """The newest messages of intake, workflow and neighbourhood that Kafka has had."""
        messages = []
        events = ((self._workflow, "events"), (self._neighbourhood, "events"))
        for database, name in ((self._intake, "submissions"), *events):
            cursor = database[name].find({"unsent_since": {"$exists": False}}, {"outgoing": 1}).sort("$natural", -1)
            messages += [message_of(doc) for doc in await cursor.limit(most).to_list(None)]
        return messages

    async def read(self) -> Found:
        """Everything that the comparison needs."""
        found = Found()
        files = {doc["_id"] async for doc in self._intake["photos.files"].find({}, {"_id": 1})}
        async for doc in self._intake.submissions.find({}, {"title": 1, "attachments": 1}):
            found.submissions[doc["_id"]] = doc["title"]
            listed = [each["id"] for each in doc.get("attachments", ()) if each["file"] in files]
            found.photos.update((doc["_id"], photo) for photo in listed)
        found.apart = await self._apart()
        async for doc in self._workflow.cases.find(
            {"kind": {"$ne": "demand"}}, {"title": 1, "version": 1, "resident_id": 1}
        ):
            found.cases[doc["_id"]] = (doc["title"], doc["version"], doc.get("resident_id"))
        async for doc in self._workflow.events.find({}, {"subject": 1, "sequence": 1, "type": 1}):
            if doc["type"].startswith("linli.case."):
                found.histories.setdefault(doc["subject"], []).append((doc["sequence"], doc["type"]))
        fields = {"event_id": 1, "recipient": 1, "channel": 1, "state": 1}
        async for doc in self._notify.deliveries.find({}, fields):
            found.deliveries.append((doc["_id"], doc["event_id"], doc["recipient"], doc["channel"], doc["state"]))
        found.parked = await self.parked()
        pulse = await self.pulse()
        found.unsent, found.held = pulse[0], pulse[1]
        community = read_all(self._settings.kafka, self._settings.topic("community"))
        found.communities = len([record async for record in community])
        found.followed = await self._order.caught_up()
        found.out_of_order = self._order.broken
        await self.look_at_topics()
        found.overtaken = self._overtaken
        return found

    async def _apart(self) -> frozenset[str]:
        demands = [doc["_id"] async for doc in self._workflow.cases.find({"kind": "demand"}, {"_id": 1})]
        return frozenset([*demands, *await self._neighbourhood.events.distinct("subject")])

    async def parked(self) -> dict[str, str]:
        """What waits for an operator, and why."""
        return {
            f"{name}/{doc['_id']}": f"{doc['reason']} {doc['subject']}"
            for name, database in (
                *(("intake", self._intake), ("workflow", self._workflow), ("notify", self._notify)),
                ("neighbourhood", self._neighbourhood),
            )
            async for doc in database.inbox_parked.find({"state": "parked"}, {"reason": 1, "subject": 1})
        }

    async def look_at_topics(self) -> None:
        """Note which records are there and in what order. To be called before Kafka loses some.

        Repetitions do not count: a record is sent at least once.
        """
        await self.affairs.look_at_the_topic()
        for topic in ("intake", "cases", "notices"):
            async for record in read_all(self._settings.kafka, self._settings.topic(topic)):
                sequence, seen = sequence_claimed(record.headers), self._seen[topic, record.key]
                if sequence is None:
                    continue
                self._overtaken += sequence not in seen and sequence < max(seen, default=0)
                seen.add(sequence)


def check(ledger: Ledger, found: Found, sinks: Sinks) -> Verdict:
    """`compare` with what the sinks have written down."""
    verdict = compare(ledger, found, sinks.letters, sinks.calls)
    verdict.overtaken = {"on_topics": found.overtaken, "by_webhook": sinks.overtaken}
    return verdict
