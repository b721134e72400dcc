"""A reviewed text is adopted by the right electorate's vote, filed, and put in force.

居民公约: 居民会议 (城市居民委员会组织法 9, 15). 管理规约: the owners together (民法典 278(2)). So owners cannot adopt a
residents' covenant, nor residents one of the owners; and no outcome of talks and no signatures stand for a vote.
"""

from datetime import date, datetime
from typing import TypeAlias

from linli.contracts.neighbourhood import covenants as events
from neighbourhood.covenants.domain import commands
from neighbourhood.covenants.domain.assembly import assembled
from neighbourhood.covenants.domain.covenant import Covenant, Version, VersionState
from neighbourhood.covenants.domain.rules import CovenantRules
from neighbourhood.covenants.domain.telling import NOT_NOW, OTHER_TEXT, WRONG_ELECTORATE, Decision, of, tell
from neighbourhood.refusal import Refusal, refused

OfAdoption: TypeAlias = (
    commands.HearResult
    | commands.RecordAssembly
    | commands.HearVoteVoided
    | commands.FileCovenant
    | commands.PutInForce
)
S = VersionState


def decide_adoption(covenant: Covenant, command: OfAdoption, rules: CovenantRules, now: datetime) -> Decision:
    """What a vote's result, a filing or the order to put it in force comes to."""
    version = covenant.newest
    if version is None:
        return NOT_NOW
    match command:
        case commands.HearResult():
            return _heard(covenant, version, command, rules, now)
        case commands.RecordAssembly():
            return assembled(covenant, version, command, rules, now)
        case commands.HearVoteVoided():
            return _undone(covenant, command, now)
        case commands.FileCovenant():
            return _filed(covenant, version, command, rules, now)
        case commands.PutInForce():
            return _put_in_force(covenant, version, command, rules.place.day_of(now), now)


def _heard(
    covenant: Covenant, version: Version, command: commands.HearResult, rules: CovenantRules, now: datetime
) -> Decision:
    if refusal := _not_its_vote(covenant, command, rules):
        return refusal
    if version.state is not S.REVIEWED:
        return NOT_NOW
    if command.digest != version.digest:
        return OTHER_TEXT
    vote = {"vote_id": command.vote_id, "matter_id": command.matter_id}
    if not command.passed:
        return tell(events.CovenantVotedDown, covenant, command, now, **of(version), **vote)
    fields = {"adopter": command.electorate, "adopted_on": command.declared_on}
    return tell(events.CovenantAdopted, covenant, command, now, **of(version), **vote, **fields)


def _not_its_vote(covenant: Covenant, command: commands.HearResult, rules: CovenantRules) -> Refusal | None:
    rule = rules.tracks[covenant.track]
    if command.electorate is not rule.adopter or command.legal_class != rule.legal_class:
        return WRONG_ELECTORATE
    if not command.binding:
        return refused(
            "not_a_decision", "A consultation adopts nothing.", "意向征询不是表决，不能据此通过公约。", "/binding"
        )
    if (command.vote_id, command.matter_id) in covenant.votes:
        return refused("known_already", "That result has been heard already.", "这次表决结果已经记下。")
    return None


def _undone(covenant: Covenant, command: commands.HearVoteVoided, now: datetime) -> Decision:
    version = next((each for each in covenant.versions if each.vote_id == command.vote_id), None)
    if version is None:
        return refused("unknown", "No version was adopted by that vote.", "没有由这次表决通过的版本。")
    return tell(events.AdoptionUndone, covenant, command, now, **of(version), vote_id=command.vote_id)


def _filed(
    covenant: Covenant, version: Version, command: commands.FileCovenant, rules: CovenantRules, now: datetime
) -> Decision:
    if version.state is not S.ADOPTED or version.adopted_on is None:
        return NOT_NOW
    if not version.adopted_on <= command.on <= rules.place.day_of(now):
        return refused(
            "filing_day",
            "The day of filing lies between the adoption and today.",
            "备案日期应在通过与今天之间。",
            "/on",
        )
    filing, late = rules.tracks[covenant.track].filing, None
    if filing is not None:
        last = rules.place.last_day(version.adopted_on, filing)
        late = max((command.on - last).days, 0)
    fields = {"filing": command.filing, "on": command.on, "late_by": late}
    return tell(events.CovenantFiled, covenant, command, now, **of(version), **fields)


def _put_in_force(
    covenant: Covenant, version: Version, command: commands.PutInForce, today: date, now: datetime
) -> Decision:
    if version.state is not S.FILED:
        return NOT_NOW
    before = covenant.in_force_on(date.max)
    if command.from_day < today or (before and before.from_day and command.from_day <= before.from_day):
        return refused(
            "day_passed",
            "It holds from today or later, and after the version before it began.",
            "生效日期不能早于今天，且应晚于上一版的生效日期。",
            "/from_day",
        )
    fields = {"from_day": command.from_day, "supersedes": before.number if before else None}
    return tell(events.CovenantPutInForce, covenant, command, now, **of(version), **fields)
