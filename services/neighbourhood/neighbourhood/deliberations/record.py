"""All that was said in a deliberation, in order: from its events, with the words that are kept beside."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from linli.contracts.base import Record
from linli.contracts.neighbourhood.affairs import Affair, Digest
from linli.contracts.neighbourhood.deliberations import ProposalMade, Said, StatementMade, Voice
from linli.contracts.neighbourhood.deliberations_parties import InvitationAnswered
from linli.contracts.neighbourhood.deliberations_settled import CommitmentOffered, CommitmentRefused

KINDS = ("statement", "proposal", "commitment", "refused", "answer")


class Line(Record):
    """One thing that somebody said. `words` is None once they were erased."""

    at: datetime
    kind: str
    """One of `KINDS`; `refused` is a commitment that binds nobody."""
    id: str
    voice: Voice | None
    party: str | None
    session: str | None
    """In which room; None online."""
    words: str | None
    words_digest: Digest | None


def record_of(told: Sequence[Affair], texts: Mapping[str, str]) -> list[Line]:
    return [line for event in told if (line := _line(event, texts))]


def _line(event: Affair, texts: Mapping[str, str]) -> Line | None:
    match event:
        case StatementMade():
            return _said(event, "statement", event.statement_id, event.said, texts)
        case ProposalMade():
            return _said(event, "proposal", event.proposal_id, event.said, texts)
        case CommitmentOffered():
            return _said(event, "commitment", event.commitment_id, event.said, texts)
        case CommitmentRefused():
            return _said(event, "refused", event.commitment_id, event.said, texts)
        case InvitationAnswered():
            digest = event.words_digest
            return Line(
                at=event.at,
                kind="answer",
                id=event.invitation_id,
                voice=None,
                party=event.invited,
                session=None,
                words=texts.get(digest) or None if digest else None,
                words_digest=digest,
            )
        case _:
            return None


def _said(event: Affair, kind: str, id: str, said: Said, texts: Mapping[str, str]) -> Line:
    return Line(
        at=event.at,
        kind=kind,
        id=id,
        voice=said.voice,
        party=getattr(event, "party", None),
        session=said.session_id,
        words=texts.get(said.words_digest) or None,
        words_digest=said.words_digest,
    )
