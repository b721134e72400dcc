"""What is kept of a mediation among those who take part: names, statements, where they meet, what they agree.

All of it is personal data, and lies in one place so that an erasure takes it away whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from linli.privacy.retention import Kept, kept_since
from linli.storage import mongo
from workflow.mediation.domain.mediation import Mediation


class PaperKind(StrEnum):
    """What a paper is."""

    PERSON = "person"
    """A name, and the hash of the code that opens the mediation."""
    SESSION = "session"
    """Where exactly they meet."""
    ATTENDANCE = "attendance"
    """Who came."""
    STATEMENT = "statement"
    AGREEMENT = "agreement"
    WHY = "why"
    """Why there is no agreement, in words."""


@dataclass(frozen=True, slots=True)
class KeptPaper:
    """`name` tells it apart from others of its kind in the mediation: a participant's id, a number."""

    kind: PaperKind
    name: str
    text: str
    by: str
    """Who wrote or entered it: a participant or a principal."""
    whose: str | None = None
    """Whose words they are, of a statement."""
    code_hash: str | None = None
    came: tuple[str, ...] = ()


class Papers:
    """Those of all mediations."""

    def __init__(self, database: mongo.Database) -> None:
        self._papers = database.mediation_papers

    async def keep(self, mediation: Mediation, paper: KeptPaper, now: datetime, session: mongo.Session) -> None:
        """Write one; a later one of the same name takes its place."""
        id = f"{mediation.id}:{paper.kind}:{paper.name}"
        doc: dict[str, Any] = {"mediation": mediation.id, "kind": paper.kind.value, "name": paper.name, "at": now}
        doc |= {"text": paper.text, "by": paper.by, "whose": paper.whose, "came": list(paper.came)}
        if paper.code_hash:
            doc["code_hash"] = paper.code_hash
        await self._papers.replace_one({"_id": id}, doc, upsert=True, session=session)

    async def of(
        self, mediation: str, kinds: Sequence[PaperKind], session: mongo.Session | None = None
    ) -> list[tuple[KeptPaper, datetime]]:
        """Those of some kinds with their times, in order."""
        query = {"mediation": mediation, "kind": {"$in": [kind.value for kind in kinds]}}
        found = await self._papers.find(query, session=session).sort([("at", 1), ("_id", 1)]).to_list(None)
        return [(_paper(doc), doc["at"]) for doc in found]

    async def opened_by(self, code_hash: str) -> tuple[str, str] | None:
        """The mediation that a participant's code opens, and the participant."""
        doc = await self._papers.find_one({"code_hash": code_hash}, {"mediation": 1, "name": 1})
        return (doc["mediation"], doc["name"]) if doc else None

    async def close(self, mediation: str, participant: str, session: mongo.Session) -> None:
        """The code of somebody who does not take part any more opens nothing."""
        id = f"{mediation}:{PaperKind.PERSON}:{participant}"
        await self._papers.update_one({"_id": id}, {"$unset": {"code_hash": ""}}, session=session)

    async def ended(self, mediation: str, at: datetime | None, session: mongo.Session) -> None:
        """The time that statements are kept for begins, or begins anew; None: the mediation goes on."""
        theirs = {"mediation": mediation, "kind": PaperKind.STATEMENT.value}
        change: dict[str, Any] = {"$set": {"ended_at": at}} if at else {"$unset": {"ended_at": ""}}
        await self._papers.update_many(theirs, change, session=session)

    async def forget(self, mediations: Sequence[str], session: mongo.Session) -> int:
        """Delete all that there is of these."""
        result = await self._papers.delete_many({"mediation": {"$in": list(mediations)}}, session=session)
        return int(result.deleted_count)

    def kept(self, days: int) -> Kept:
        """Statements go so long after their mediation has ended; what was agreed goes with the case's own texts."""
        return kept_since("statements", days, self._papers, "ended_at", {"ended_at": {"$exists": True}})


def _paper(doc: mongo.Document) -> KeptPaper:
    own = (PaperKind(doc["kind"]), doc["name"], doc["text"], doc["by"])
    return KeptPaper(*own, doc["whose"], doc.get("code_hash"), tuple(doc["came"]))
