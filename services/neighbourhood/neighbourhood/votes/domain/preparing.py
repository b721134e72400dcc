"""What is asked, of whom and by which rules: everything that stands before the owners are told."""

from datetime import datetime

from linli.contracts.neighbourhood.profile import Bound, NoRule, RuleProfile, Switch
from linli.contracts.neighbourhood.rules import Electorate, LegalClass, MatterRule
from linli.contracts.neighbourhood.votes import BallotChannel, Effect, Matter, VotePrepared
from neighbourhood.digests import digest_of_text
from neighbourhood.profiles.days import Place
from neighbourhood.refusal import Refusal, refused
from neighbourhood.votes.domain.commands import MatterWanted, PrepareVote
from neighbourhood.votes.domain.snapshot import Snapshot
from neighbourhood.votes.domain.vote import Vote

IN_PERSON_TELLERS = 2
"""A count that one person certifies is no certified count, whatever a profile says."""


def prepared(
    vote: Vote, command: PrepareVote, snapshot: Snapshot, profile: RuleProfile, place: Place, now: datetime
) -> tuple[VotePrepared] | Refusal:
    """Raises `NoRule` where the profile says nothing of tellers, proxies or abstention."""
    needed = max(profile.limit(Bound.TELLERS), IN_PERSON_TELLERS)
    if why := _unready(command, snapshot, profile.in_force(place.day_of(now)), needed):
        return why
    matters = []
    for at, wanted in enumerate(command.matters):
        matter = _matter(wanted, snapshot, profile, command.channels, f"/matters/{at}")
        if isinstance(matter, Refusal):
            return matter
        matters.append(matter)
    online = BallotChannel.CODE in command.channels
    binds = not online or profile.says(Switch.ONLINE_BINDS) or command.office_confirms is not None
    event = VotePrepared(
        vote_id=vote.id,
        community=vote.community,
        neighbourhood=vote.neighbourhood,
        at=now,
        by=command.by,
        snapshot_id=snapshot.id,
        snapshot=snapshot.sha256,
        profile=profile.id,
        abstention_takes_part=profile.says(Switch.ABSTENTION_TAKES_PART),
        principals_per_agent=profile.limit(Bound.PRINCIPALS_PER_AGENT),
        proxy_in_writing=profile.says(Switch.PROXY_IN_WRITING),
        certified_by=needed,
        matters=tuple(matters),
        channels=tuple(sorted(command.channels)),
        tellers=tuple(sorted(command.tellers)),
        effect=Effect.DECISION if binds else Effect.CONSULTATION,
        office_confirms=command.office_confirms,
    )
    return (event,)


def _unready(command: PrepareVote, snapshot: Snapshot, in_force: bool, needed: int) -> Refusal | None:
    if not in_force:
        return refused("rules-not-in-force", "These rules are not in force today.", "该规则今天不生效。")
    if not snapshot.entries or not snapshot.is_intact():
        return refused("not-the-register", "The register is not the frozen one.", "业主名册与冻结时不一致。")
    if not command.matters or len({each.id for each in command.matters}) < len(command.matters):
        return refused("no-matters", "A vote asks something, each thing once.", "至少一项表决事项，且不重复。")
    if len(command.tellers) < needed:
        return refused("too-few-tellers", "{needed} tellers are needed.", "至少需要 {needed} 名计票人。", needed=needed)
    if not command.channels:
        return refused("no-channel", "There is no way to vote.", "没有可用的投票方式。")
    return None


def _matter(  # noqa: PLR0911 each reason where it is found
    wanted: MatterWanted, snapshot: Snapshot, profile: RuleProfile, channels: frozenset[BallotChannel], pointer: str
) -> Matter | Refusal:
    try:
        rule = profile.matter(wanted.legal_class)
    except NoRule:
        if wanted.legal_class is LegalClass.RESIDENTS_COVENANT:
            return _of_residents(pointer)
        return refused("no-rule", "The rules say nothing of this class.", "规则中没有这一类事项。", pointer)
    if rule.electorate is Electorate.RESIDENTS:
        return _of_residents(pointer)
    if not wanted.text.strip():
        return refused("no-text", "The matter has no text.", "表决事项没有内容。", pointer)
    if rule.written_consent and BallotChannel.CODE in channels:
        english = "This class needs signed papers; take no ballots by code."
        return refused("in-writing", english, "该事项须书面签字，不能网上投票。", pointer)
    units = _units(wanted, rule, snapshot, pointer)
    if not isinstance(units, Refusal):
        return Matter(id=wanted.id, text_sha256=digest_of_text(wanted.text), rule=rule, units=units)
    return units


def _of_residents(pointer: str) -> Refusal:
    """居民委员会组织法 9, 15: a covenant of residents is adopted by their assembly, in which tenants have a voice."""
    english = "Owners cannot adopt a residents' covenant; the residents' assembly does."
    return refused("not-the-owners", english, "居民公约由居民会议讨论制定，业主表决不能通过。", pointer)


def _units(
    wanted: MatterWanted, rule: MatterRule, snapshot: Snapshot, pointer: str
) -> tuple[str, ...] | Refusal | None:
    """Whom it concerns; None: everybody."""
    known = {entry.unit for entry in snapshot.entries}
    match rule.electorate:
        case Electorate.STAIRWELL if wanted.stairwells and not wanted.units:
            if wanted.stairwells <= {entry.stairwell for entry in snapshot.entries}:
                return snapshot.units_of(wanted.stairwells)
        case Electorate.INTERESTED if wanted.units and not wanted.stairwells:
            if wanted.units <= known:
                return tuple(sorted(wanted.units))
        case Electorate.OWNERS if not wanted.units and not wanted.stairwells:
            return None
    english = "Say whom it concerns: everybody, whole stairwells, or known units, as its class wants."
    return refused("electorate", english, "请按事项类别指明：全体业主、整个单元，或名册中的房号。", pointer)
