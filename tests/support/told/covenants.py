"""The covenant of the shed: drafted, adopted by the vote, signed, and once not kept."""

from collections.abc import Sequence
from typing import Any

from linli.contracts.neighbourhood import covenants, covenants_kept
from linli.contracts.neighbourhood.affairs import Affair
from tests.support.told.place import DAY, HOUSEHOLD, PLACED, TODAY, digest

_COVENANT: dict[str, Any] = PLACED | {"covenant_id": "covenant-1"}
TEXT = "第一条 电动车停放在车棚内。\n第二条 不得飞线充电。"
_VERSION: dict[str, Any] = _COVENANT | {"number": 1, "digest": digest(TEXT)}
_VOTE: dict[str, Any] = {"vote_id": "vote-1", "matter_id": "b"}
_BREACH: dict[str, Any] = {"breach_id": "breach-1"}

TOLD: Sequence[Affair] = (
    covenants.CovenantDrafted(**_VERSION, track="facility", title="电动车棚建设和管理公约", text=TEXT, template="shed"),
    covenants.CommentsOpened(**_VERSION, until=TODAY + 7 * DAY),
    covenants.CovenantCommented(
        **_VERSION, comment_id="comment-1", household=HOUSEHOLD, words_digest=digest("充电费谁收？")
    ),
    covenants.CommentAnswered(**_COVENANT, comment_id="comment-1", taken=True, answer="已写入第三条。"),
    covenants.CovenantReviewed(**_VERSION, no_fines="“赔偿”指损坏设施的民事赔偿，不是罚款。"),
    covenants.CovenantReturned(**_VERSION, why="第四条写了罚款。"),
    covenants.CovenantAdopted(**_VERSION, **_VOTE, adopter="owners", adopted_on=TODAY),
    covenants.CovenantVotedDown(**_VERSION, **_VOTE),
    covenants.AdoptionUndone(**_VERSION, vote_id="vote-1"),
    covenants.CovenantFiled(**_VERSION, filing="浮山路街〔2026〕3号", on=TODAY + 9 * DAY, late_by=0),
    covenants.CovenantPutInForce(**_VERSION, from_day=TODAY + 30 * DAY, supersedes=1),
    covenants_kept.CovenantSigned(**_VERSION, household=HOUSEHOLD, on="paper", scan=digest("a signed sheet")),
    covenants_kept.SignatureWithdrawn(**_VERSION, household=HOUSEHOLD),
    covenants_kept.BreachReported(**_VERSION, **_BREACH, article=2, case_id="c-4711"),
    covenants_kept.BreachSettled(**_COVENANT, **_BREACH, outcome="mediated"),
)
