"""A text on its way to a vote: drafted, commented on, every comment answered, reviewed.

征集民意 → 拟定草案 → 提请审核 → 审议表决 → 备案公布
"""

from datetime import datetime
from typing import TypeAlias

from linli.contracts.neighbourhood import covenants as events
from neighbourhood.covenants.domain import commands
from neighbourhood.covenants.domain.covenant import BEING_WORKED_ON, Covenant, Version, VersionState, as_kept, digest_of
from neighbourhood.covenants.domain.rules import CovenantRules
from neighbourhood.covenants.domain.telling import NOT_NOW, OTHER_TEXT, Decision, of, tell
from neighbourhood.refusal import Refusal, refused

OfDraft: TypeAlias = (
    commands.DraftCovenant
    | commands.OpenComments
    | commands.Comment
    | commands.AnswerComment
    | commands.ReviewCovenant
    | commands.ReturnCovenant
)
S = VersionState
MOST_OF_A_HOUSEHOLD = 20
"""Comments on one version: each of them wants an answer before it can be reviewed."""


def decide_draft(covenant: Covenant, command: OfDraft, rules: CovenantRules, now: datetime) -> Decision:
    """What a command about the version that is being worked on comes to."""
    if isinstance(command, commands.DraftCovenant):
        return draft(covenant, command, now)
    version = covenant.newest
    if version is None or version.state not in BEING_WORKED_ON:
        return NOT_NOW
    match command:
        case commands.OpenComments():
            return _opened(covenant, version, command, rules, now)
        case commands.Comment():
            return _commented(covenant, version, command, rules, now)
        case commands.AnswerComment():
            return _answered(covenant, version, command, now)
        case commands.ReviewCovenant() | commands.ReturnCovenant():
            return _reviewed(covenant, version, command, rules, now)


def draft(covenant: Covenant, command: commands.DraftCovenant, now: datetime) -> Decision:
    """A new text. One that was reviewed is so no longer: what is voted on is exactly what was reviewed."""
    text, digest = as_kept(command.text), digest_of(command.text)
    newest = covenant.newest
    if newest and newest.digest == digest:
        return refused("same_text", "That is its text already.", "文本没有变化。", "/text")
    if newest and newest.state in {S.ADOPTED, S.FILED}:
        # Both would wait to be put in force, and nobody could say which of them was meant.
        return NOT_NOW
    number = newest.number if newest and newest.state in BEING_WORKED_ON else len(covenant.versions) + 1
    return tell(
        events.CovenantDrafted,
        covenant,
        command,
        now,
        number=number,
        digest=digest,
        track=covenant.track,
        title=command.title,
        text=text,
        template=command.template,
    )


def _opened(
    covenant: Covenant, version: Version, command: commands.OpenComments, rules: CovenantRules, now: datetime
) -> Decision:
    if version.state is not S.DRAFTING:
        return NOT_NOW
    comments = rules.tracks[covenant.track].comments
    earliest = rules.place.last_day(now, comments)
    if command.until is not None and command.until < earliest:
        return refused(
            "comments_too_short",
            "Comments are taken for {days} days at least.",
            "征求意见至少 {days} 天。",
            "/until",
            days=comments.length,
        )
    return tell(events.CommentsOpened, covenant, command, now, **of(version), until=command.until or earliest)


def _commented(
    covenant: Covenant, version: Version, command: commands.Comment, rules: CovenantRules, now: datetime
) -> Decision:
    if version.comments_until is None or rules.place.day_of(now) > version.comments_until:
        return refused("comments_closed", "Comments are not taken now.", "现在不在征求意见的期限内。")
    if command.digest != version.digest:
        return OTHER_TEXT
    if command.comment_id in version.comments:
        return refused("known_already", "That comment is there already.", "这条意见已经有了。")
    if version.commented.get(command.household, 0) >= MOST_OF_A_HOUSEHOLD:
        english = "A household comments {most} times on a text at most; bring more to the office."
        chinese = "每户对一份文本最多提出 {most} 条意见；还有意见请到社区居委会当面反映。"
        return refused("household_commented_enough", english, chinese, most=MOST_OF_A_HOUSEHOLD)
    fields = {"comment_id": command.comment_id, "household": command.household, "words_digest": command.words_digest}
    return tell(events.CovenantCommented, covenant, command, now, **of(version), **fields)


def _answered(covenant: Covenant, version: Version, command: commands.AnswerComment, now: datetime) -> Decision:
    if command.comment_id not in version.comments:
        return refused("unknown", "There is no such comment.", "没有这条意见。")
    if version.comments[command.comment_id]:
        return refused("known_already", "That comment is answered already.", "这条意见已经答复。")
    fields = {"comment_id": command.comment_id, "taken": command.taken, "answer": command.answer}
    return tell(events.CommentAnswered, covenant, command, now, **fields)


def _reviewed(
    covenant: Covenant,
    version: Version,
    command: commands.ReviewCovenant | commands.ReturnCovenant,
    rules: CovenantRules,
    now: datetime,
) -> Decision:
    digest = command.digest if isinstance(command, commands.ReturnCovenant) else digest_of(command.text)
    if digest != version.digest:
        return OTHER_TEXT
    if version.state is not S.COMMENTING:
        return NOT_NOW
    if refusal := _not_ready(version, command, rules, now):
        return refusal
    if isinstance(command, commands.ReturnCovenant):
        return tell(events.CovenantReturned, covenant, command, now, **of(version), why=command.why)
    if not command.no_fines and any(word in command.text for word in rules.sound_like_fines):
        return refused(
            "sounds_like_a_fine",
            "A covenant sets no fines. Where a word of it only sounds like one, say why.",
            "公约不能设定罚款；如果只是用词相近，请说明理由。",
            "/no_fines",
        )
    return tell(events.CovenantReviewed, covenant, command, now, **of(version), no_fines=command.no_fines)


def _not_ready(
    version: Version, command: commands.CovenantCommand, rules: CovenantRules, now: datetime
) -> Refusal | None:
    if command.by == version.drafted_by:
        return refused(
            "reviewer_is_drafter", "Whoever wrote the text does not review it.", "起草人不能审核自己的文本。"
        )
    if version.comments_until is None or rules.place.day_of(now) <= version.comments_until:
        return refused("comments_open", "Comments are still taken.", "征求意见的期限未满。")
    if version.unanswered:
        count = version.unanswered
        return refused(
            "comments_unanswered", "Unanswered comments: {count}.", "还有 {count} 条意见没有答复。", count=count
        )
    if version.digest in version.returned:
        return refused(
            "text_returned", "This text was sent back; it takes another one.", "这份文本已被退回，请修改后再送审。"
        )
    return None
