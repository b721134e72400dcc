"""What may be done in a deliberation."""

from datetime import datetime

from linli.contracts.neighbourhood import deliberations as events
from neighbourhood.deliberations.domain import commands as do
from neighbourhood.deliberations.domain.committing import decide_commitment
from neighbourhood.deliberations.domain.concluding import decide_outcome
from neighbourhood.deliberations.domain.deliberation import Deliberation, DeliberationState
from neighbourhood.deliberations.domain.inviting import decide_party
from neighbourhood.deliberations.domain.rules import DeliberationRules
from neighbourhood.deliberations.domain.talking import decide_talk
from neighbourhood.deliberations.domain.telling import NOT_NOW, Decision, tell
from neighbourhood.refusal import refused


def convene(command: do.Convene, rules: DeliberationRules, now: datetime) -> Decision:
    """A new deliberation."""
    if command.last_day < command.first_day:
        return refused("day_order", "It ends after it begins.", "结束日期不能早于开始日期。", "/last_day")
    if command.first_day <= rules.place.last_day(now, rules.notice):
        return refused(
            "short_notice",
            "It is convened with {days} full days between.",
            "召集与首日之间应隔 {days} 整天。",
            "/first_day",
            days=rules.notice.length,
        )
    new = Deliberation(
        command.id,
        command.community,
        command.neighbourhood,
        command.question,
        command.concerns,
        command.taskforce_id,
        command.first_day,
        command.last_day,
    )
    names = ("question", "concerns", "taskforce_id", "first_day", "last_day")
    return tell(events.DeliberationConvened, new, command, now, **{name: getattr(command, name) for name in names})


def decide(deliberation: Deliberation, command: do.AnyCommand, rules: DeliberationRules, now: datetime) -> Decision:
    """The event of a command, or why it is refused."""
    match command:
        case do.OpenTalks():
            return _opened(deliberation, command, rules, now)
        case do.InviteParty() | do.AnswerInvitation() | do.GrantMandate() | do.RevokeMandate():
            return decide_party(deliberation, command, rules, now)
        case do.OfferCommitment() | do.HearAgain():
            return decide_commitment(deliberation, command, rules, now)
        case do.WithdrawCommitment() | do.AcceptCommitment() | do.DeclineCommitment():
            return decide_commitment(deliberation, command, rules, now)
        case do.DraftOutcome() | do.DissentFrom() | do.WithdrawDissent() | do.Conclude() | do.Publish():
            return decide_outcome(deliberation, command, rules, now)
        case _:
            return decide_talk(deliberation, command, rules, now)


def _opened(deliberation: Deliberation, command: do.OpenTalks, rules: DeliberationRules, now: datetime) -> Decision:
    if deliberation.state is not DeliberationState.CONVENED:
        return NOT_NOW
    if rules.place.day_of(now) < deliberation.first_day:
        return refused(
            "not_begun",
            "It was announced for {day}.",
            "已公布从 {day} 开始。",
            day=deliberation.first_day.isoformat(),
        )
    return tell(events.DeliberationOpened, deliberation, command, now)
