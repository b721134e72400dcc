"""The events of a deliberation and the refusals that several decisions share."""

from datetime import datetime
from typing import TypeAlias, TypeVar

from linli.contracts.neighbourhood.deliberations import DeliberationEvent, VoiceKind
from neighbourhood.deliberations.domain.commands import DeliberationCommand, Utterance
from neighbourhood.deliberations.domain.deliberation import Deliberation, DeliberationState
from neighbourhood.deliberations.domain.evolving import TOO_MANY
from neighbourhood.refusal import Refusal, refused
from neighbourhood.telling import told

E = TypeVar("E", bound=DeliberationEvent)
Decision: TypeAlias = DeliberationEvent | Refusal
NOT_NOW = refused(
    "deliberation_state", "That cannot be done where the deliberation stands now.", "协商现在的状态不能这样做。"
)
UNKNOWN = refused("unknown", "There is nothing of that id in this deliberation.", "这次协商里没有这个编号。")
KNOWN = refused("known_already", "That is there already.", "已经有了，不能重复。")
NOT_THEIRS = refused("not_theirs", "Only who it is of does that.", "只能由本人或本单位这样做。")
OTHER_TEXT = refused("other_text", "That is of another text.", "不是现在这一稿，请重新阅读。", "/digest")


def tell(
    kind: type[E], deliberation: Deliberation, command: DeliberationCommand, now: datetime, /, **fields: object
) -> E:
    """An event with what all of a deliberation's carry. Raises `pydantic.ValidationError` for what none may hold."""
    return told(kind, deliberation, command, now, deliberation_id=deliberation.id, **fields)


def may_not_speak(deliberation: Deliberation, command: Utterance) -> Refusal | None:
    """Online everybody speaks for themselves; what was said in a room is entered, of those who were there."""
    if deliberation.state is not DeliberationState.OPEN:
        return NOT_NOW
    voice = command.voice
    if not deliberation.takes_part(voice):
        return refused(
            "not_invited", "That party was not invited, or does not come.", "该单位未受邀或未答复参加。", "/voice"
        )
    if command.session_id is None:
        by_code = command.party is None and command.by == voice.id
        return None if (by_code if voice.kind is VoiceKind.HOUSEHOLD else command.party == voice.id) else NOT_THEIRS
    if command.session_id not in deliberation.sessions:
        return UNKNOWN
    if not deliberation.was_there(command.session_id, voice):
        return refused("not_present", "They were not in that room.", "签到记录里没有他们。", "/voice")
    return None


def too_many(most: int) -> Refusal:
    """Everything said is in one record: whoever fills it would leave no room for the rest."""
    english = "One household or party has at most {most} of these in one deliberation."
    return refused(TOO_MANY, english, "每户、每单位在一次协商中最多 {most} 条。", most=most)
