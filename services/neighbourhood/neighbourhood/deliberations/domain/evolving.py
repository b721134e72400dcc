"""A deliberation after one of its events."""

from typing import Any

from linli.contracts.neighbourhood import deliberations as events
from linli.contracts.neighbourhood import deliberations_parties as parties
from linli.contracts.neighbourhood import deliberations_settled as settled
from linli.frozen import replace
from neighbourhood.deliberations.domain.deliberation import (
    Commitment,
    CommitmentState,
    Deliberation,
    DeliberationState,
    Draft,
    Granted,
    Invitation,
)

S = DeliberationState
TOO_MANY = "too_many"
"""Why a promise was refused of which no more are kept."""
_COMMITTED: dict[type[settled.CommitmentEvent], CommitmentState] = {
    settled.CommitmentAccepted: CommitmentState.ACCEPTED,
    settled.CommitmentDeclined: CommitmentState.DECLINED,
    settled.CommitmentWithdrawn: CommitmentState.WITHDRAWN,
}


def evolve(deliberation: Deliberation | None, event: events.DeliberationEvent) -> Deliberation:
    """The first event convenes it; every other one needs a deliberation."""
    if deliberation is None:
        assert isinstance(event, events.DeliberationConvened), f"{event.TYPE} of what nobody has convened"
        return Deliberation(
            event.deliberation_id,
            event.community,
            event.neighbourhood,
            event.question,
            event.concerns,
            event.taskforce_id,
            event.first_day,
            event.last_day,
            version=1,
        )
    changes = (
        _moved(event) or _parties(deliberation, event) or _talk(deliberation, event) or _settled(deliberation, event)
    )
    return replace(deliberation, version=deliberation.version + 1, **changes)


def _moved(event: events.DeliberationEvent) -> dict[str, Any]:
    match event:
        case events.DeliberationOpened():
            return {"state": S.OPEN}
        case settled.DeliberationConcluded():
            return {"state": S.CONCLUDED}
        case settled.DeliberationPublished():
            return {"state": S.PUBLISHED}
        case _:
            return {}


def _parties(before: Deliberation, event: events.DeliberationEvent) -> dict[str, Any]:
    match event:
        case parties.PartyInvited():
            invited = Invitation(event.invitation_id, event.invited)
            return {"invitations": {**before.invitations, event.invitation_id: invited}}
        case parties.InvitationAnswered():
            answered = replace(before.invitations[event.invitation_id], comes=event.comes)
            return {"invitations": {**before.invitations, event.invitation_id: answered}}
        case parties.MandateGranted():
            return {"mandates": {**before.mandates, event.mandate_id: Granted(event.of, event.mandate)}}
        case parties.MandateRevoked():
            revoked = replace(before.mandates[event.mandate_id], revoked=True)
            return {"mandates": {**before.mandates, event.mandate_id: revoked}}
        case _:
            return {}


def _talk(before: Deliberation, event: events.DeliberationEvent) -> dict[str, Any]:
    match event:
        case events.DeliberationSessionHeld():
            present = frozenset((each.voice, each.person) for each in event.present)
            return {"sessions": {**before.sessions, event.session_id: present}}
        case events.StatementMade():
            return {"statements": {**before.statements, event.statement_id: event.said.voice}}
        case events.ProposalMade():
            return {
                "proposals": {**before.proposals, event.proposal_id: frozenset()},
                "proposed_by": {**before.proposed_by, event.proposal_id: event.said.voice},
            }
        case events.ProposalSupported():
            supported = before.proposals[event.proposal_id] | {event.voice}
            return {"proposals": {**before.proposals, event.proposal_id: supported}}
        case events.SupportWithdrawn():
            left = before.proposals[event.proposal_id] - {event.voice}
            return {"proposals": {**before.proposals, event.proposal_id: left}}
        case _:
            return {}


def _settled(before: Deliberation, event: events.DeliberationEvent) -> dict[str, Any]:
    match event:
        case settled.CommitmentOffered():
            offered = Commitment(event.said.voice.id, event.mandate_id, event.said.words_digest, event.promise)
            return {"commitments": {**before.commitments, event.commitment_id: offered}}
        case settled.CommitmentRefused():
            return _kept(before, event)
        case settled.CommitmentEvent():
            moved = replace(before.commitments[event.commitment_id], state=_COMMITTED[type(event)])
            return {"commitments": {**before.commitments, event.commitment_id: moved}}
        case settled.OutcomeDrafted():
            return {"draft": Draft(event.text, event.digest, event.at)}
        case settled.DissentRecorded():
            return {"dissent": {**before.dissent, event.dissent.voice.key: event.dissent}}
        case settled.DissentWithdrawn():
            return {"dissent": {key: each for key, each in before.dissent.items() if key != event.voice.key}}
        case _:
            raise AssertionError(f"{event.TYPE} is no event of a deliberation")


def _kept(before: Deliberation, event: settled.CommitmentRefused) -> dict[str, Any]:
    """To be heard again; of too many it is told alone, and it stands in the record."""
    if event.reason == TOO_MANY:
        return {}
    said = event.said
    kept = Commitment(said.voice.id, None, said.words_digest, event.promise, CommitmentState.REFUSED, event.speaker)
    return {"commitments": {**before.commitments, event.commitment_id: kept}}
