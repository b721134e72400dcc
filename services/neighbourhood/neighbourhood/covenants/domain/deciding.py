"""What may be done with a covenant."""

from datetime import datetime
from typing import TypeAlias

from neighbourhood.covenants.domain import commands
from neighbourhood.covenants.domain.adopting import OfAdoption, decide_adoption
from neighbourhood.covenants.domain.covenant import Covenant
from neighbourhood.covenants.domain.drafting import OfDraft, decide_draft, draft
from neighbourhood.covenants.domain.keeping import OfKeeping, decide_keeping
from neighbourhood.covenants.domain.rules import CovenantRules
from neighbourhood.covenants.domain.telling import Decision

AnyCommand: TypeAlias = OfDraft | OfAdoption | OfKeeping


def start(command: commands.StartCovenant, now: datetime) -> Decision:
    """A new covenant, with its first draft."""
    new = Covenant(command.id, command.community, command.neighbourhood, command.track)
    return draft(new, command.draft, now)


def decide(covenant: Covenant, command: AnyCommand, rules: CovenantRules, now: datetime) -> Decision:
    """The event of a command, or why it is refused. Raises KeyError where the rules say nothing of its track."""
    match command:
        case (
            commands.HearResult()
            | commands.RecordAssembly()
            | commands.HearVoteVoided()
            | commands.FileCovenant()
            | commands.PutInForce()
        ):
            return decide_adoption(covenant, command, rules, now)
        case commands.SignCovenant() | commands.WithdrawSignature() | commands.ReportBreach() | commands.SettleBreach():
            return decide_keeping(covenant, command, rules, now)
        case _:
            return decide_draft(covenant, command, rules, now)
