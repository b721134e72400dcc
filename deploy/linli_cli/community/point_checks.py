"""What `linli doctor` says of points in no neighbourhood: other coordinates than WGS 84 lie 300 to 700 m away."""

import json
from datetime import timedelta
from typing import Any

from linli_cli.operations.databases import Databases
from linli_cli.operations.finding import Finding, note, ok
from linli_cli.terminal.language import say
from linli_cli.terminal.words import counted

LOOKED_BACK = timedelta(days=30)
FEWEST = 10
"""Points of a channel, below which a share says nothing."""
TOO_MANY = 0.2
"""The share of a channel's points that is worth a word."""


async def points(databases: Databases) -> list[Finding]:
    """By community and channel: how many points of the last thirty days lie in none of its outlines."""
    workflow, now = databases.of("workflow"), await databases.now()
    findings = []
    async for head in workflow.communities.find({}, {"version": 1}).sort("_id", 1):
        version = await workflow.community_versions.find_one(f"{head['_id']}:{head['version']}")
        if version is None or not any(place.get("outline") for place in json.loads(version["data"])["neighbourhoods"]):
            continue
        recent = {"community": head["_id"], "opened_at": {"$gte": now - LOOKED_BACK}}
        outside = {"$cond": [{"$eq": [{"$ifNull": ["$neighbourhood", None]}, None]}, 1, 0]}
        pipeline: list[dict[str, Any]] = [
            {"$match": recent | {"location": {"$ne": None}}},
            {"$group": {"_id": "$channel", "points": {"$sum": 1}, "outside": {"$sum": outside}}},
            {"$sort": {"_id": 1}},
        ]
        async for row in workflow.cases.aggregate(pipeline):
            findings.append(lie_outside(head["_id"], row["_id"], row["outside"], row["points"]))
    return findings


def lie_outside(community: str, channel: str, outside: int, of: int) -> Finding:
    """Of so many points, how many are in no neighbourhood."""
    message = say(
        "{community}: {outside} of {points} by {channel} in 30 days lie in no neighbourhood's outline.",
        community=community,
        outside=outside,
        points=counted(of, "point"),
        channel=channel,
    )
    if of < FEWEST or outside / of < TOO_MANY:
        return ok("points", message)
    return note(
        "points",
        message,
        say(
            "Are they coordinates of Amap (gcj02) or Baidu (bd09)? Say so: `crs` in community.yaml, or `location.crs`."
        ),
    )
