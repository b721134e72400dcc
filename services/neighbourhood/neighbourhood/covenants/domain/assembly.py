"""A residents' assembly 居民会议 adopts a residents' covenant: what was recorded of one, counted.

居民委员会组织法 9: it can be held when more than half of those who make it up are there, here a representative of each
household; what more than half of those present agree to is decided. 10: the residents' committee calls it together.
Linli holds no assembly: an office records one with the scan of its minutes, and answers for them.
"""

from datetime import datetime

from linli.contracts.neighbourhood import covenants as events
from linli.contracts.neighbourhood.covenants import Adopter, HeldAssembly
from neighbourhood.covenants.domain import commands
from neighbourhood.covenants.domain.covenant import Covenant, Version, VersionState
from neighbourhood.covenants.domain.rules import AssemblyRule, CovenantRules
from neighbourhood.covenants.domain.telling import NOT_NOW, OTHER_TEXT, WRONG_ELECTORATE, Decision, of, tell
from neighbourhood.digests import digest_of_json
from neighbourhood.refusal import Refusal, refused


def assembled(  # noqa: PLR0911 each reason where it is found
    covenant: Covenant, version: Version, command: commands.RecordAssembly, rules: CovenantRules, now: datetime
) -> Decision:
    """The covenant is adopted, or it is not; the assembly stands in that event."""
    if rules.tracks[covenant.track].adopter is not Adopter.RESIDENTS:
        return WRONG_ELECTORATE
    if rules.assembly is None:
        return refused("no-rule", "No rule says when an assembly decides here.", "没有规定居民会议如何作出决定。")
    if version.state is not VersionState.REVIEWED:
        return NOT_NOW
    if command.digest != version.digest:
        return OTHER_TEXT
    if (command.assembly_id, command.assembly_id) in covenant.votes:
        return refused("known_already", "That assembly is recorded already.", "这次居民会议已经记下。")
    if command.held_on > rules.place.day_of(now):
        return refused("held_later", "It is recorded once it was held.", "会议召开后才能记录。", "/held_on")
    if why := _miscounted(command, rules.assembly):
        return why
    passed = rules.assembly.agree.share.met(command.yes, len(command.present))
    held = {
        "vote_id": command.assembly_id,
        "matter_id": command.assembly_id,
        "assembly": _held(command, rules.assembly),
    }
    if not passed:
        return tell(events.CovenantVotedDown, covenant, command, now, **of(version), **held)
    adopted = {"adopter": Adopter.RESIDENTS, "adopted_on": command.held_on}
    return tell(events.CovenantAdopted, covenant, command, now, **of(version), **held, **adopted)


def _miscounted(command: commands.RecordAssembly, rule: AssemblyRule) -> Refusal | None:
    listed, present = set(command.listed), set(command.present)
    if len(listed) < len(command.listed):
        return refused("listed_twice", "A household stands on the list once.", "名单中有重复的户。", "/listed")
    if len(present) < len(command.present) or not present <= listed:
        english = "Those present stand on the list, each once."
        return refused("not_listed", english, "到会的户应在名单中，且不重复。", "/present")
    if command.yes + command.no > len(present):
        english = "More have voted than were there."
        return refused("counts_wrong", english, "表决数超过到会户数。", "/yes")
    if not rule.present.share.met(len(present), len(listed)):
        english = "Of {listed} households {present} were there: no assembly can be held with so few."
        chinese = "名单 {listed} 户，到会 {present} 户，未达到法定人数，会议不能举行。"
        return refused("no_quorum", english, chinese, listed=len(listed), present=len(present))
    return None


def _held(command: commands.RecordAssembly, rule: AssemblyRule) -> HeldAssembly:
    return HeldAssembly(
        held_on=command.held_on,
        listed=len(command.listed),
        present=len(command.present),
        attendance=digest_of_json({"listed": sorted(command.listed), "present": sorted(command.present)}),
        yes=command.yes,
        no=command.no,
        minutes=command.minutes,
        quorum=rule.present.share,
        approval=rule.agree.share,
        citation=rule.present.citation,
    )
