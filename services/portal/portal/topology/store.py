"""Samples and findings in the portal's database."""

import json
from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bson import Binary

from linli.storage import mongo
from portal.topology.domain.deltas import Change, Document, advance, change
from portal.topology.domain.findings import Finding, Rule
from portal.topology.domain.sample import Sample

KEPT = timedelta(days=7)
WHOLE_EVERY = 60
"""Samples of which one is kept whole: so many changes are read at most to see one moment."""


class TopologyStore:
    """What the sampler saw, for seven days."""

    def __init__(self, database: mongo.Database) -> None:
        self._samples, self._findings = database.topology_samples, database.topology_findings

    # Samples ---------------------------------------------------------------------------------------------------------

    async def append(self, sample: Sample, before: Sample | None, *, whole: bool) -> None:
        """Keep it, whole or as what has changed since the one before."""
        document = sample.model_dump(mode="json")
        said = document if whole or before is None else change(before.model_dump(mode="json"), document)
        await self._samples.insert_one(
            {
                "_id": sample.at,
                "at": sample.at,
                "whole": whole or before is None,
                "said": Binary(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()),
            }
        )

    async def window(self, until: datetime, span: timedelta) -> list[Sample]:
        """The samples of a span until a time, oldest first; empty where nothing is known of it."""
        return [sample async for sample in self.samples(until - span, until)]

    async def samples(self, since: datetime, until: datetime, least: timedelta = timedelta(0)) -> AsyncIterator[Sample]:
        """In order, those of a span; no two nearer to each other than `least`."""
        first = await self._samples.find_one({"whole": True, "at": {"$lte": since}}, {"at": 1}, sort=[("at", -1)])
        begin = first["at"] if first else since
        document: Document | None = None
        last: datetime | None = None
        cursor = self._samples.find({"at": {"$gte": begin, "$lte": until}}, sort=[("at", 1)], batch_size=200)
        async for kept in cursor:
            said: Any = json.loads(kept["said"])
            if kept["whole"]:
                document = said
            elif document is not None:
                advance(document, _change(said))
            at = kept["at"]
            if document is not None and at >= since and (last is None or at - last >= least):
                last = at
                yield Sample.model_validate(document)

    async def after(self, sample: Sample) -> list[Sample]:
        """Those that came since this one, in order."""
        document: Document = sample.model_dump(mode="json")
        found = []
        async for kept in self._samples.find({"at": {"$gt": sample.at}}, sort=[("at", 1)]):
            said = json.loads(kept["said"])
            if kept["whole"]:
                document = said
            else:
                advance(document, _change(said))
            found.append(Sample.model_validate(document))
        return found

    async def last(self) -> Sample | None:
        """The newest, however old."""
        found = await self._samples.find_one({}, {"at": 1}, sort=[("at", -1)])
        kept = await self.window(found["at"], timedelta(0)) if found else []
        return kept[-1] if kept else None

    async def oldest(self) -> datetime | None:
        """From when on something is known."""
        found = await self._samples.find_one({"whole": True}, {"at": 1}, sort=[("at", 1)])
        return found["at"] if found else None

    # Findings --------------------------------------------------------------------------------------------------------

    async def findings(self) -> dict[str, Finding]:
        """Those that stand, and the last ones that have ended, by id."""
        found = await self._findings.find({}).to_list(None)
        return {document["_id"]: _finding(document) for document in found}

    async def finding(self, id: str) -> Finding | None:
        document = await self._findings.find_one({"_id": id})
        return _finding(document) if document else None

    async def follow(self, findings: Iterable[Finding]) -> None:
        """Keep what the rules say of findings; what people say of them stays."""
        for each in findings:
            found = {
                "rule": each.rule.value,
                "node": each.node,
                "owner": each.owner,
                "evidence": dict(each.evidence),
                "last_seen": each.last_seen,
                "ended": each.ended,
            }
            begins = {"first_seen": each.first_seen}
            anew = {"acknowledged_by": None, "acknowledged_at": None}
            known = await self._findings.update_one({"_id": each.id} | begins, {"$set": found})
            if not known.matched_count:
                await self._findings.update_one({"_id": each.id}, {"$set": found | begins | anew}, upsert=True)

    async def say(self, finding: Finding) -> bool:
        """Keep what somebody says of one; whether it is still the same."""
        said = {
            "acknowledged_by": finding.acknowledged_by,
            "acknowledged_at": finding.acknowledged_at,
            "muted_until": finding.muted_until,
        }
        same = {"_id": finding.id, "first_seen": finding.first_seen}
        return bool((await self._findings.update_one(same, {"$set": said})).matched_count)


def _change(said: Mapping[str, Any]) -> Change:
    return {"set": said["set"], "gone": said["gone"]}


def _finding(document: Mapping[str, Any]) -> Finding:
    return Finding(
        id=document["_id"],
        rule=Rule(document["rule"]),
        node=document["node"],
        owner=document["owner"],
        evidence=document["evidence"],
        first_seen=document["first_seen"],
        last_seen=document["last_seen"],
        ended=document["ended"],
        acknowledged_by=document.get("acknowledged_by"),
        acknowledged_at=document.get("acknowledged_at"),
        muted_until=document.get("muted_until"),
    )
