"""The register of 48 units with 46 owners, and a vote by it on the use of the repair fund."""

from collections.abc import Sequence
from typing import Any

from linli.contracts.neighbourhood import ballots, register, votes, votes_disputed
from linli.contracts.neighbourhood.affairs import Affair
from tests.support.told.place import AT, DAY, HERE, NOON, TELLER, digest

VOTE, OWNER = "vote-1", "o-2b7f"
ENTRY: dict[str, Any] = {
    **{"unit": "u-301", "stairwell": "3-1", "area": 6000, "area_from": "registry", "owner": OWNER},
}
_REGISTER: dict[str, Any] = AT | HERE | {"register_id": "register-1"}
_VOTE: dict[str, Any] = AT | HERE | {"vote_id": VOTE}
_OWNERS: dict[str, Any] = _VOTE | {"owner": OWNER}
_BALLOT: dict[str, Any] = _OWNERS | {"ballot_id": "ballot-9"}
_PAPER: dict[str, Any] = {"challenge_id": "challenge-1", "document": digest("a letter")}
MATTER: dict[str, Any] = {
    "id": "a",
    "text_sha256": digest("使用维修资金更换屋面防水"),
    "rule": {
        "legal_class": "fund_use",
        "quorum": {"numerator": 2, "denominator": 3},
        "approval": {"numerator": 1, "denominator": 2, "or_equal": False},
        "base": "participating",
        "citation": {"law": "民法典", "article": "278", "read": "text"},
    },
    "units": ["u-301"],
}
COUNT: dict[str, Any] = {
    "snapshot": digest("snapshot"),
    "electorate": {"area": 288_000, "heads": 46},
    "turnout": {"area": 216_000, "heads": 34},
    "by_channel": {"code": {"area": 150_000, "heads": 24}, "paper": {"area": 66_000, "heads": 10}},
    "spoiled": 1,
    "matters": [
        {
            "matter": "a",
            "electorate": {"area": 288_000, "heads": 46},
            "took_part": {"area": 216_000, "heads": 34},
            "approve": {"area": 168_000, "heads": 26},
            "oppose": {"area": 36_000, "heads": 6},
            "abstain": {"area": 12_000, "heads": 2},
            "quorum": True,
            "passed": True,
        }
    ],
}

TOLD: Sequence[Affair] = (
    register.RegisterCompiled(**_REGISTER, source=digest("a list"), part=1, parts=1, entries=[ENTRY]),
    register.RegisterEntryCorrected(**_REGISTER, entry=ENTRY, because="sold", evidence=digest("a deed")),
    register.RegisterFrozen(
        **_REGISTER, snapshot_id="snapshot-1", sha256=digest("snapshot"), units=48, heads=46, area=288_000
    ),
    votes.VotePrepared(
        **_VOTE,
        snapshot_id="snapshot-1",
        snapshot=digest("snapshot"),
        profile="qingdao",
        abstention_takes_part=True,
        principals_per_agent=1,
        proxy_in_writing=True,
        certified_by=2,
        matters=[MATTER],
        channels=["code", "paper"],
        tellers=[TELLER, "p-91aa"],
        effect="decision",
        office_confirms=digest("a letter of the office"),
    ),
    votes.VoteNoticed(**_VOTE, digest=digest("all that was posted"), opens_from=NOON + 15 * DAY),
    votes.VoteOpened(**_VOTE, closes_at=NOON + 22 * DAY),
    votes.ProxyLodged(**_VOTE, principal=OWNER, agent="o-77c0", letter=digest("a proxy")),
    votes.ProxyRevoked(**_VOTE, principal=OWNER),
    ballots.BallotDelivered(**_OWNERS, issue=1),
    ballots.BallotRecorded(
        **_BALLOT, channel="proxy", received_at=NOON, seal=digest("sealed"), agent="o-77c0", scan=digest("a paper")
    ),
    ballots.BallotSpoiled(**_BALLOT, because="unsigned", second="p-91aa"),
    votes.VoteClosed(**_VOTE),
    votes.CountCertified(**_VOTE, count=COUNT),
    votes.ResultDeclared(**_VOTE, matters=[MATTER], count=COUNT, effect="decision", post_by=NOON + 3 * DAY),
    votes.ResultPublished(**_VOTE, late=False, challenge_until=NOON + 365 * DAY),
    votes_disputed.ChallengeFiled(**_VOTE, **_PAPER, owner=OWNER, ground="count"),
    votes_disputed.ChallengeDismissed(**_VOTE, **_PAPER),
    votes_disputed.ChallengeUpheld(**_VOTE, **_PAPER),
    votes_disputed.VoteVoided(**_VOTE, ground="procedure", document=digest("a judgment")),
)
