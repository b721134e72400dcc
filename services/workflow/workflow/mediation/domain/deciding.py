"""What may be done in a mediation."""

from datetime import datetime

from linli.contracts.workflow import mediation as told
from linli.contracts.workflow.mediation import MediationState
from workflow.mediation.domain import commands
from workflow.mediation.domain.agreeing import decide_agreement
from workflow.mediation.domain.ending import decide_end
from workflow.mediation.domain.mediation import Mediation
from workflow.mediation.domain.people import decide_people
from workflow.mediation.domain.refusing import NOT_NOW
from workflow.mediation.domain.rules import MediationRules
from workflow.mediation.domain.sessions import decide_sessions
from workflow.mediation.domain.telling import Decision, tell


def opened(new: Mediation, by: str) -> told.MediationOpened:
    """A mediation begins. Whether its case may be mediated is for `on_case.py` to say."""
    about = {"category": new.category, "neighbourhood": new.neighbourhood}
    return tell(told.MediationOpened, new, by, MediationState.OPEN, **about)


def decide(mediation: Mediation, command: commands.MediationCommand, rules: MediationRules, now: datetime) -> Decision:
    """The events of a command, in order, or why it is refused."""
    if mediation.ended is not None:
        return NOT_NOW
    match command:
        case commands.Appoint() | commands.LetGo() | commands.NameConcerned():
            return decide_people(mediation, command)
        case commands.DraftAgreement() | commands.SignAgreement() | commands.NoteCourtStep():
            return decide_agreement(mediation, command, rules, now)
        case commands.TellVisitDue() | commands.RecordVisit() | commands.Escalate() | commands.End():
            return decide_end(mediation, command, rules, now)
        case _:
            return decide_sessions(mediation, command, now)
