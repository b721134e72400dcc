"""What there is of affairs: the database as it was at one instant, while the load goes on, and the topic."""

import asyncio
import hashlib
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

from linli.application.settings import Settings
from linli.contracts.envelope import sequence_claimed
from linli.messaging.kafka import read_all
from linli.storage import mongo
from tests.faults.affairs.ledger import Choices, choices_of

TOPIC = "neighbourhood"
STATES = ("votes", "ballots", "rounds", "round_responses", "work_packages", "plans", "registers", "demands")
"""Collections of states that count their events."""
RUBBISH = b"poison"
"""With which the keys of what the harness has put there begin."""
DOT = "\uff0e"


class Told(NamedTuple):
    """An event as it is stored."""

    sequence: int
    type: str
    value: str


@dataclass(slots=True)
class AffairsFound:
    """The database at one instant, and all that the topic has ever held."""

    instant: float
    """Monotonic: what was answered before is in it."""
    events: dict[str, list[Told]] = field(default_factory=lambda: defaultdict(list))
    """By story, in order."""
    states: dict[str, tuple[int, str]] = field(default_factory=dict)
    """By story: version and state."""
    box: dict[str, list[tuple[str, Choices]]] = field(default_factory=lambda: defaultdict(list))
    """By an owner's story: each ballot of theirs, and what was chosen on it."""
    sums: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """By vote: the tally that is kept while ballots come in."""
    reach: dict[str, Counter[tuple[str, str]]] = field(default_factory=lambda: defaultdict(Counter))
    """By round: what is kept of `invited` and `answered`, by building."""
    links: dict[str, int] = field(default_factory=dict)
    """Lineage: link → the sequence that it stands at."""
    cases: dict[str, list[Told]] = field(default_factory=lambda: defaultdict(list))
    """The histories of the demands' cases; empty while they may be on their way."""
    quiet: bool = False
    """Whether nothing is on its way any more, so that each demand's case must have its history."""
    published: dict[tuple[str, int], set[str]] = field(default_factory=dict)
    """Story and sequence → the different events that Kafka has had there; one, if all is well."""

    def unpublished(self) -> set[tuple[str, int]]:
        """What is in the database and was never on the topic."""
        return {(story, each.sequence) for story, told in self.events.items() for each in told} - self.published.keys()


class AffairsBooks:
    """Reads them beside the service."""

    def __init__(self, client: mongo.Client, settings: Settings) -> None:
        self._client, self._settings = client, settings
        self._database = client[settings.database("neighbourhood")]
        self._workflow = client[settings.database("workflow")]
        self._published: dict[tuple[str, int], set[str]] = {}

    async def read(self, within: float, demands: Collection[str] = ()) -> AffairsFound:
        """As it is now; waits until the topic has had all of that, or until the time is over.

        With `demands`, the histories of their cases too, for which all has to be quiet.
        """
        found = await self._at_one_instant()
        deadline = time.monotonic() + within
        await self.look_at_the_topic()
        found.published = self._published
        while found.unpublished() and time.monotonic() < deadline:
            await asyncio.sleep(0.3)
            await self.look_at_the_topic()
        found.quiet = bool(demands)
        query = {"subject": {"$in": sorted(demands)}, "type": {"$regex": r"^linli\.case\."}}
        async for doc in self._workflow.events.find(query, _TOLD).sort("sequence", 1):
            found.cases[doc["subject"]].append(_told(doc))
        return found

    async def look_at_the_topic(self) -> None:
        """Note what is there. To be called before Kafka loses some."""
        async for record in read_all(self._settings.kafka, self._settings.topic(TOPIC)):
            headers = dict(record.headers)
            sequence, type = sequence_claimed(record.headers), headers.get("ce_type")
            if sequence is None or type is None or record.key is None or record.key.startswith(RUBBISH):
                continue
            what = hashlib.sha256(type + b"\n" + (record.value or b"")).hexdigest()
            self._published.setdefault((record.key.decode(), sequence), set()).add(what)

    async def _at_one_instant(self) -> AffairsFound:
        found, database = AffairsFound(time.monotonic()), self._database
        async with self._snapshot() as session:
            async for doc in database.events.find({}, _TOLD, session=session).sort("sequence", 1):
                found.events[doc["subject"]].append(_told(doc))
            for name in STATES:
                async for doc in database[name].find({}, {"version": 1, "state": 1}, session=session):
                    found.states[doc["_id"]] = (doc["version"], doc["state"])
            async for doc in database.ballot_box.find({}, session=session):
                choices = choices_of(dict(doc["choices"]))
                found.box[f"{doc['vote']}~{doc['owner']}"].append((doc["_id"], choices))
            async for doc in database.ballot_sums.find({}, session=session):
                found.sums[doc["vote"]].update(doc.get("sums", {}))
            async for doc in database.round_reach.find({}, session=session):
                for what in ("invited", "answered"):
                    numbers = {(what, name.replace(DOT, ".")): number for name, number in doc.get(what, {}).items()}
                    found.reach[doc["round"]].update(numbers)
            async for doc in database.lineage_links.find({}, {"sequence": 1}, session=session):
                found.links[doc["_id"]] = doc["sequence"]
        return found

    @asynccontextmanager
    async def _snapshot(self) -> AsyncIterator[mongo.Session]:
        async with await self._client.start_session(snapshot=True) as session:
            yield session


_TOLD = {"subject": 1, "sequence": 1, "type": 1, "outgoing.value": 1}


def _told(doc: mongo.Document) -> Told:
    return Told(doc["sequence"], doc["type"], doc["outgoing"]["value"])
