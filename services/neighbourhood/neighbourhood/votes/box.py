"""The ballot box: what each owner chose, beside that they voted; and the sums of it.

A ballot is three writes of one transaction: what was chosen (`ballot_box`, which only a count and an audited look
read), that the owner has voted (`ballots`, with its event), and the sums (`ballot_sums`). The sums of a vote lie in a
few places, so that processes that take ballots at once do not wait for one another.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from pymongo import UpdateOne

from linli.application.kit import Kit
from linli.contracts.catalogue import event_named
from linli.contracts.neighbourhood.ballots import BallotEvent, Choice, Spoilt, ballot_key
from linli.contracts.neighbourhood.votes import VoteCount
from linli.messaging.outbox import Unsent
from linli.storage import mongo
from neighbourhood.affairs.stories import Happened, Kept, Stories
from neighbourhood.votes.domain.ballot import Ballot, OwnersBallot
from neighbourhood.votes.domain.recount import Told, count_of, recount
from neighbourhood.votes.domain.snapshot import Snapshot
from neighbourhood.votes.domain.sums import Sums
from neighbourhood.votes.domain.vote import Vote

BALLOTS: Kept[OwnersBallot] = Kept(
    collection="ballots",
    kind=OwnersBallot,
    name=lambda owners: ballot_key(owners.vote_id, owners.owner),
    found_by=lambda owners: {
        "vote": owners.vote_id,
        "voted": owners.ballot_id is not None,
        "seal": owners.seal,
    },
)
PLACES = 8
"""In which the sums of a vote lie."""


class Aside(NamedTuple):
    """That a ballot does not count, as one teller says."""

    by: str
    because: Spoilt


class Box:
    """Those of all votes."""

    def __init__(self, kit: Kit[Any]) -> None:
        database = kit.database
        self.stories: Stories[OwnersBallot] = Stories(database, kit.events, BALLOTS)
        self._box, self._sums, self._events = database.ballot_box, database.ballot_sums, database.events
        self._owners = database[BALLOTS.collection]
        self._own = int(hashlib.sha256(kit.member.encode()).hexdigest(), 16) % PLACES

    async def owners(
        self, vote: Vote, owners: Collection[str], session: mongo.Session | None = None
    ) -> list[OwnersBallot]:
        """Each owner's side of a vote, in order; a blank one of who has got nothing yet."""
        return [side for _, side in await self.sides([(vote, owner) for owner in owners], session)]

    async def sides(
        self, wanted: Sequence[tuple[Vote, str]], session: mongo.Session | None = None
    ) -> list[tuple[str, OwnersBallot]]:
        """The same of several votes, in one read: each with its vote."""
        known = await self.stories.load([ballot_key(vote.id, owner) for vote, owner in wanted], session)
        return [(vote.id, known.get(ballot_key(vote.id, owner)) or _blank(vote, owner)) for vote, owner in wanted]

    async def take(
        self,
        happened: Sequence[Happened[OwnersBallot]],
        cast: Sequence[Ballot],
        sums: Mapping[str, Sums],
        now: datetime,
        session: mongo.Session,
    ) -> list[Unsent]:
        """Ballots of any votes, with their events, and what they add to the sums of each: a write of each kind, however
        many votes they are of."""
        if cast:
            await self._box.insert_many([_document(each) for each in cast], ordered=False, session=session)
        if added := [self._adding(vote, each) for vote, each in sums.items() if each]:
            await self._sums.bulk_write(added, ordered=False, session=session)
        return await self.stories.save(happened, now, session)

    def _adding(self, vote: str, sums: Sums) -> UpdateOne:
        added = {f"sums.{name}": number for name, number in sums.items()}
        return UpdateOne({"_id": f"{vote}~{self._own}"}, {"$inc": added}, upsert=True)

    async def begin(self, vote: Vote, session: mongo.Session) -> None:
        """The places are there before ballots come: of two that make one at once, one would fail."""
        made = [
            UpdateOne({"_id": f"{vote.id}~{at}"}, {"$setOnInsert": {"vote": vote.id, "still": 0}}, upsert=True)
            for at in range(PLACES)
        ]
        await self._sums.bulk_write(made, session=session)

    async def stand_still(self, vote: str, session: mongo.Session) -> None:
        """Whoever adds to the sums meanwhile makes one of both transactions run again: a count is of a box that
        nobody is putting anything into."""
        await self._sums.update_many({"vote": vote}, {"$inc": {"still": 1}}, session=session)

    async def sums(self, vote: str, session: mongo.Session | None = None) -> Sums:
        """Of all places."""
        total: dict[str, int] = {}
        async for place in self._sums.find({"vote": vote}, session=session):
            for name, number in place.get("sums", {}).items():
                total[name] = total.get(name, 0) + number
        return total

    async def count(self, vote: Vote, snapshot: Snapshot, session: mongo.Session | None = None) -> VoteCount:
        """From what each owner's ballot says and the box. Raises `CannotCount`."""
        ballots = await self.stories.found({"vote": vote.id}, session=session)
        return count_of(vote, snapshot, ballots, await self._opened(vote.id, session))

    async def recount(self, vote: Vote, snapshot: Snapshot) -> VoteCount:
        """The same from the events alone, and the box. Raises `CannotCount`."""
        told = []
        of_this = {"subject": {"$gte": f"{vote.id}~", "$lt": f"{vote.id}\x7f"}}
        async for doc in self._events.find(of_this, {"sequence": 1, "type": 1, "outgoing.value": 1}):
            told.append(Told(doc["sequence"], _event(doc)))
        return recount(vote, snapshot, told, await self._opened(vote.id))

    async def ballots_of(self, vote: str) -> Mapping[str, OwnersBallot]:
        """By owner."""
        return {each.owner: each for each in await self.stories.found({"vote": vote})}

    async def voted(self, vote: str, among: Collection[str] | None = None) -> set[str]:
        """Which owners have voted: of all, or of some."""
        query: dict[str, Any] = {"vote": vote, "voted": True}
        if among is not None:
            query["_id"] = {"$in": [ballot_key(vote, each) for each in among]}
        names = self._owners.find(query, {"_id": 1})
        return {doc["_id"].removeprefix(ballot_key(vote, "")) async for doc in names}

    async def seals(self, vote: str, limit: int, after: str = "", only: str | None = None) -> list[str]:
        """So many seals of the ballots that count, sorted, from behind one; or only that one, if it is there."""
        wanted = {"vote": vote, "seal": only or {"$gt": after}}
        found = self._owners.find(wanted, {"_id": 0, "seal": 1}).sort("seal", 1).limit(limit)
        return [doc["seal"] async for doc in found]

    async def one(self, ballot: str, session: mongo.Session | None = None) -> Ballot | None:
        """What was chosen on a ballot."""
        document = await self._box.find_one({"_id": ballot}, session=session)
        return _ballot(document) if document else None

    async def aside(self, ballot: str, session: mongo.Session | None = None) -> Aside | None:
        """Which teller has said that a ballot does not count, and why, as long as no other one has."""
        document = await self._box.find_one({"_id": ballot}, {"aside": 1}, session=session)
        said = document.get("aside") if document else None
        return Aside(said["by"], Spoilt(said["because"])) if said else None

    async def say_aside(self, ballot: str, aside: Aside, session: mongo.Session) -> None:
        """It is with the ballot and in no event: nothing has become of it yet. Two who say it at once are one after the
        other, for both write here."""
        said = {"by": aside.by, "because": aside.because.value}
        await self._box.update_one({"_id": ballot}, {"$set": {"aside": said}}, session=session)

    async def opened(self, vote: str) -> Mapping[str, Ballot]:
        """What was chosen, by ballot: for tellers, and each look is in the audit log."""
        return await self._opened(vote)

    async def _opened(self, vote: str, session: mongo.Session | None = None) -> dict[str, Ballot]:
        return {doc["_id"]: _ballot(doc) async for doc in self._box.find({"vote": vote}, session=session)}


def _blank(vote: Vote, owner: str) -> OwnersBallot:
    return OwnersBallot(vote.id, owner, vote.community, vote.neighbourhood)


def _event(doc: mongo.Document) -> BallotEvent:
    kind = event_named(doc["type"])
    assert kind is not None and issubclass(kind, BallotEvent), f"{doc['type']} is not of a ballot"
    return kind.model_validate_json(doc["outgoing"]["value"])


def _document(ballot: Ballot) -> mongo.Document:
    choices = [[matter, choice.value] for matter, choice in ballot.choices.items()]
    return {"_id": ballot.id, "vote": ballot.vote_id, "owner": ballot.owner, "choices": choices, "nonce": ballot.nonce}


def _ballot(doc: mongo.Document) -> Ballot:
    choices = {matter: Choice(choice) for matter, choice in doc["choices"]}
    return Ballot(doc["_id"], doc["vote"], doc["owner"], choices, doc["nonce"])
