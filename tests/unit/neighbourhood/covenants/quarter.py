"""A covenant for tests, and what is usually done with it, in order."""

from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from linli.contracts.neighbourhood.covenants import Adopter, Track
from linli.contracts.neighbourhood.covenants_kept import SignedOn
from neighbourhood.covenants.domain import commands as do
from neighbourhood.covenants.domain.covenant import Covenant, digest_of
from neighbourhood.covenants.domain.deciding import AnyCommand, decide, start
from neighbourhood.covenants.domain.evolving import evolve
from neighbourhood.covenants.domain.rules import CovenantRules
from neighbourhood.refusal import Refusal
from tests.support.qingdao import COVENANTS

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
DAY = timedelta(days=1)
Who: TypeAlias = dict[str, Any]
DRAFTER: Who = {"by": "p-drafter", "party": "community"}
REVIEWER: Who = {"by": "p-reviewer", "party": "subdistrict"}
CLOCK: Who = {"by": "linli", "party": None}
TEXT = "第一条 电动车停放在车棚内。\n第二条 不得飞线充电。"
OTHER = TEXT.replace("不得", "禁止")
Steps: TypeAlias = tuple[tuple[AnyCommand, int], ...]
"""Commands, each with the day on which it comes, counted from the first."""


def started(track: Track = Track.FACILITY, text: str = TEXT) -> Covenant:
    draft = do.DraftCovenant(**DRAFTER, title="电动车棚建设和管理公约", text=text, template="shed")
    event = start(
        do.StartCovenant(**DRAFTER, id="g-1", community="fushan", neighbourhood="n-1", track=track, draft=draft),
        NOW,
    )
    assert not isinstance(event, Refusal), event
    return evolve(None, event)


def redraft(text: str, **who: Any) -> do.DraftCovenant:
    return do.DraftCovenant(**(who or DRAFTER), title="电动车棚建设和管理公约", text=text)


def comment(n: int, text: str = TEXT) -> do.Comment:
    return do.Comment(
        by=f"h-{n}", party=None, comment_id=f"k-{n}", household=f"h-{n}", digest=digest_of(text), words_digest="e" * 64
    )


def answer(n: int) -> do.AnswerComment:
    return do.AnswerComment(**DRAFTER, comment_id=f"k-{n}", taken=False, answer="已有规定。")


def result(text: str = TEXT, vote: str = "v-1", **changed: Any) -> do.HearResult:
    usual: Who = {
        "vote_id": vote,
        "matter_id": "B",
        "electorate": Adopter.OWNERS,
        "legal_class": "covenant",
        "digest": digest_of(text),
        "passed": True,
        "binding": True,
        "declared_on": (NOW + 9 * DAY).date(),
    }
    return do.HearResult(**CLOCK, **(usual | changed))


def sign(n: int, text: str = TEXT) -> do.SignCovenant:
    return do.SignCovenant(by=f"h-{n}", party=None, household=f"h-{n}", digest=digest_of(text), on=SignedOn.PHONE)


REVIEW = do.ReviewCovenant(**REVIEWER, text=TEXT)
TO_REVIEW: Steps = ((do.OpenComments(**DRAFTER), 0), (comment(1), 1), (answer(1), 2))
REVIEWED: Steps = (*TO_REVIEW, (REVIEW, 8))
ADOPTED: Steps = (*REVIEWED, (result(), 9))
IN_FORCE: Steps = (
    *ADOPTED,
    (do.FileCovenant(**REVIEWER, filing="备1", on=(NOW + 10 * DAY).date()), 10),
    (do.PutInForce(**REVIEWER, from_day=(NOW + 11 * DAY).date()), 10),
)


def again(text: str, vote: str, first_day: int) -> Steps:
    """The whole way once more, for another text."""
    day = first_day
    return (
        (redraft(text), day),
        (do.OpenComments(**DRAFTER), day),
        (do.ReviewCovenant(**REVIEWER, text=text), day + 8),
        (result(text, vote, declared_on=(NOW + (day + 9) * DAY).date()), day + 9),
        (do.FileCovenant(**REVIEWER, filing="备2", on=(NOW + (day + 9) * DAY).date()), day + 9),
        (do.PutInForce(**REVIEWER, from_day=(NOW + (day + 10) * DAY).date()), day + 9),
    )


def after(covenant: Covenant, *steps: tuple[AnyCommand, int], rules: CovenantRules = COVENANTS) -> Covenant:
    """The covenant after all of them, none of which may be refused."""
    for command, day in steps:
        event = decide(covenant, command, rules, NOW + day * DAY)
        assert not isinstance(event, Refusal), (command, event)
        covenant = evolve(covenant, event)
    return covenant


def refusal(covenant: Covenant, command: AnyCommand, day: int = 0, rules: CovenantRules = COVENANTS) -> str:
    """The slug of why it is refused on that day; empty where it is not."""
    outcome = decide(covenant, command, rules, NOW + day * DAY)
    return outcome.slug if isinstance(outcome, Refusal) else ""
