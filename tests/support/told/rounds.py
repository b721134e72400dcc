"""A round of needs and opinions, and the answers of two households."""

from collections.abc import Sequence
from typing import Any

from linli.contracts.neighbourhood import responses, rounds
from linli.contracts.neighbourhood.affairs import Affair
from tests.support.told.place import AT, DAY, HERE, HOUSEHOLD, NOON, digest

ROUND = "round-2026-1"
TITLE = {"zh": "槐荫里改造需求征集", "en": "What Huaiyin Li needs"}
QUESTIONS: list[dict[str, Any]] = [
    {
        "id": "first",
        "kind": "single",
        "text": {"zh": "您最希望先改造什么？"},
        "options": [{"id": "shed", "text": {"zh": "电动车棚"}}, {"id": "roof", "text": {"zh": "屋面防水"}}],
        "required": True,
    },
    {"id": "needs", "kind": "text", "text": {"zh": "还有什么需要？"}, "needs": True, "photos": 3, "places": True},
]
ANSWERS: list[dict[str, Any]] = [
    {"question": "first", "chosen": ["shed"]},
    {
        "question": "needs",
        "text": "三单元的路灯坏了",
        "place": "3号楼3单元",
        "photos": [digest("a photo")],
        "consent": True,
    },
]
SUMMARY: dict[str, Any] = {
    **{"invited": 48, "responses": 37, "on_paper": 5, "checked": 2, "clusters": 9, "clustered": 34, "left_out": 3},
    "questions": [
        {
            "question": "first",
            "answered": 37,
            "counts": [{"answer": "shed", "times": 22}, {"answer": "roof", "times": 15}],
        }
    ],
}
_ROUND: dict[str, Any] = AT | {"round_id": ROUND}
_ANSWER: dict[str, Any] = _ROUND | {"response_id": f"{ROUND}~{HOUSEHOLD}", "household": HOUSEHOLD}

TOLD: Sequence[Affair] = (
    rounds.RoundDrafted(**_ROUND, **HERE, title=TITLE, questions=QUESTIONS),
    rounds.RoundRevised(**_ROUND, title=TITLE, questions=QUESTIONS),
    rounds.RoundOpened(**_ROUND, closes_at=NOON + 15 * DAY, digest=digest("questions")),
    rounds.RoundExtended(**_ROUND, closes_at=NOON + 20 * DAY),
    rounds.RoundClosed(**_ROUND, seed=digest("drawn")),
    rounds.DemandsClustered(**_ROUND, cluster="lamps", title={"zh": "楼道照明"}, demands=["d-01", "d-17"]),
    rounds.DemandLeftOut(**_ROUND, demand="d-36", reason={"zh": "属于户内维修，请联系物业。"}),
    rounds.RoundSummarised(**_ROUND, summary=SUMMARY, digest=digest("summary")),
    rounds.RoundPublished(**_ROUND, digest=digest("summary")),
    responses.ResponseInvited(**_ANSWER, **HERE, building="3", code_hash=digest("a code")),
    responses.ResponseRecorded(
        **_ANSWER, channel="paper", digest=digest("questions"), answers=ANSWERS, scan=digest("a sheet")
    ),
    responses.ResponseChecked(**_ANSWER, differs=["first"]),
    responses.ResponseCorrected(**_ANSWER, answers=ANSWERS),
    responses.ResponseDemandRaised(**_ANSWER, question="needs", demand="d-17"),
    responses.ResponseWithdrawn(**_ANSWER, scan=digest("a signed letter")),
    responses.ResponseErased(**_ANSWER),
)
