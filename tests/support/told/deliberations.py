"""Talks about where the shed goes, with a company that may commit itself."""

from collections.abc import Sequence
from typing import Any

from linli.contracts.neighbourhood import deliberations as talks
from linli.contracts.neighbourhood import deliberations_parties as parties
from linli.contracts.neighbourhood import deliberations_settled as settled
from linli.contracts.neighbourhood.affairs import Affair
from tests.support.told.place import BUILDER, DAY, HOUSEHOLD, NOON, PLACED, TODAY, digest

TALKS = "talks-1"
_TALKS: dict[str, Any] = PLACED | {"deliberation_id": TALKS}
_HOME = {"kind": "household", "id": HOUSEHOLD}
_GRID_CO = {"kind": "party", "id": "grid-co"}
_INVITED: dict[str, Any] = {"invitation_id": "invitation-1", "invited": "grid-co"}
_PROMISE: dict[str, Any] = _TALKS | {"commitment_id": "commitment-1"}
_ON_SHED: list[dict[str, str]] = [{"kind": "plan_item", "id": "plan-1~shed"}, {"kind": "objection", "id": "o-1"}]
_TEXT: dict[str, Any] = {
    "deliberation_id": TALKS,
    "result": "partly",
    "proposals": ["proposal-1"],
    "says": {"zh": "车棚移到3号楼北侧，让出消防通道。"},
}
_WORDS = digest("六月底前将电表箱迁出消防通道。")
_MAY: dict[str, Any] = {"speaker": BUILDER, "may": ["works", "money"], "most": 6_000_000, "until": TODAY + 60 * DAY}

TOLD: Sequence[Affair] = (
    talks.DeliberationConvened(
        **_TALKS,
        question={"zh": "车棚挡住消防通道，怎么办？"},
        concerns=_ON_SHED,
        taskforce_id="taskforce-1",
        first_day=TODAY + 3 * DAY,
        last_day=TODAY + 10 * DAY,
    ),
    talks.DeliberationOpened(**_TALKS),
    talks.DeliberationSessionHeld(
        **_TALKS,
        session_id="room-1",
        held_at=NOON,
        place="居委会二楼会议室",
        present=[{"voice": _HOME}, {"voice": _GRID_CO, "person": BUILDER}],
    ),
    talks.StatementMade(
        **_TALKS, statement_id="statement-1", said={"voice": _HOME, "words_digest": digest("said")}, on="proposal-1"
    ),
    talks.ProposalMade(
        **_TALKS,
        proposal_id="proposal-1",
        said={"voice": _HOME, "session_id": "room-1", "words_digest": digest("移到北侧")},
    ),
    talks.ProposalSupported(**_TALKS, proposal_id="proposal-1", voice=_GRID_CO, session_id="room-1"),
    talks.SupportWithdrawn(**_TALKS, proposal_id="proposal-1", voice=_GRID_CO),
    parties.PartyInvited(
        **_TALKS,
        **_INVITED,
        title="车棚选址协商",
        asks="能否迁移电表箱？",
        answer_by=NOON + 2 * DAY,
        talks_until=TODAY + 10 * DAY,
    ),
    parties.InvitationAnswered(**_TALKS, **_INVITED, comes=True, words_digest=digest("参加")),
    parties.MandateGranted(**_TALKS, mandate_id="mandate-1", of="grid-co", mandate=_MAY, letter=digest("授权书")),
    parties.MandateRevoked(**_TALKS, mandate_id="mandate-1"),
    settled.CommitmentOffered(
        **_PROMISE,
        said={"voice": _GRID_CO, "words_digest": _WORDS},
        speaker=BUILDER,
        mandate_id="mandate-1",
        promise={"kind": "works", "due": TODAY + 30 * DAY, "proposal_id": "proposal-1"},
    ),
    settled.CommitmentRefused(
        **_PROMISE,
        invitation_id="invitation-1",
        said={"voice": _GRID_CO, "words_digest": _WORDS},
        speaker="grid-co",
        promise={"kind": "works", "due": TODAY + 30 * DAY},
        reason="no_mandate",
        why={"zh": "没有授权。", "en": "No mandate."},
    ),
    settled.CommitmentAccepted(
        **_PROMISE,
        owner="grid-co",
        due=TODAY + 30 * DAY,
        words_digest=_WORDS,
        mandate_id="mandate-1",
        taskforce_id="taskforce-1",
        concerns=_ON_SHED,
    ),
    settled.CommitmentDeclined(**_PROMISE, why="日期太晚。"),
    settled.CommitmentWithdrawn(**_PROMISE),
    settled.OutcomeDrafted(**_TALKS, text=_TEXT, digest=digest("outcome")),
    settled.DissentRecorded(
        **_TALKS, dissent={"voice": _HOME, "statement_id": "statement-1"}, digest=digest("outcome"), session_id="room-1"
    ),
    settled.DissentWithdrawn(**_TALKS, voice=_HOME),
    settled.DeliberationConcluded(
        **_TALKS,
        text=_TEXT,
        digest=digest("outcome"),
        support=[{"proposal_id": "proposal-1", "households": 31, "parties": 1}],
        dissent=[{"voice": _HOME, "statement_id": "statement-1"}],
    ),
    settled.DeliberationPublished(**_TALKS, digest=digest("outcome")),
)
