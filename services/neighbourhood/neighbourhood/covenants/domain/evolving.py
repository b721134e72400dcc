"""A covenant after one of its events."""

from collections.abc import Callable
from typing import TypeAlias

from linli.contracts.neighbourhood import covenants as events
from linli.contracts.neighbourhood import covenants_kept as kept
from linli.frozen import replace
from neighbourhood.covenants.domain.covenant import Covenant, Version, VersionState

S = VersionState
_Change: TypeAlias = Callable[[Version], Version]


def evolve(covenant: Covenant | None, event: events.CovenantEvent) -> Covenant:
    """The first draft starts it; every other event needs a covenant."""
    if covenant is None:
        assert isinstance(event, events.CovenantDrafted), f"{event.TYPE} of a covenant that nobody has drafted"
        covenant = Covenant(event.covenant_id, event.community, event.neighbourhood, event.track)
    after = replace(covenant, version=covenant.version + 1)
    match event:
        case events.CovenantDrafted():
            after = replace(after, versions=_drafted(covenant, event))
        case events.CommentAnswered():
            after = replace(after, versions=_changed(covenant, len(covenant.versions), _answered(event.comment_id)))
        case kept.CovenantSigned():
            after = replace(after, signatures=covenant.signatures | {(event.digest, event.household)})
        case kept.SignatureWithdrawn():
            after = replace(after, signatures=covenant.signatures - {(event.digest, event.household)})
        case kept.BreachReported():
            after = replace(after, breaches=covenant.breaches | {event.breach_id: None})
        case kept.BreachSettled():
            after = replace(after, breaches=covenant.breaches | {event.breach_id: event.outcome})
        case events.VersionEvent():
            newest = event.number == len(covenant.versions)
            after = replace(after, versions=_changed(covenant, event.number, _moved(event, newest)))
    if isinstance(event, events.CovenantAdopted | events.CovenantVotedDown):
        after = replace(after, votes=covenant.votes | {(event.vote_id, event.matter_id)})
    return after


def _drafted(covenant: Covenant, event: events.CovenantDrafted) -> tuple[Version, ...]:
    if event.number > len(covenant.versions):
        return (*covenant.versions, Version(event.number, event.digest, event.by, event.title))

    def anew(version: Version) -> Version:
        state = S.COMMENTING if version.state is S.REVIEWED else version.state
        return replace(version, digest=event.digest, drafted_by=event.by, title=event.title, state=state)

    return _changed(covenant, event.number, anew)


def _changed(covenant: Covenant, number: int, change: _Change) -> tuple[Version, ...]:
    return tuple(change(each) if each.number == number else each for each in covenant.versions)


def _answered(comment_id: str) -> _Change:
    return lambda version: replace(version, comments=version.comments | {comment_id: True})


def _moved(event: events.VersionEvent, newest: bool) -> _Change:
    def moved(version: Version) -> Version:
        after = version
        match event:
            case events.CommentsOpened():
                after = replace(version, state=S.COMMENTING, comments_until=event.until)
            case events.CovenantCommented():
                said = version.commented | {event.household: version.commented.get(event.household, 0) + 1}
                after = replace(version, comments=version.comments | {event.comment_id: False}, commented=said)
            case events.CovenantReviewed():
                after = replace(version, state=S.REVIEWED)
            case events.CovenantReturned():
                after = replace(version, state=S.COMMENTING, returned=version.returned | {version.digest})
            case events.CovenantAdopted():
                after = replace(version, state=S.ADOPTED, vote_id=event.vote_id, adopted_on=event.adopted_on)
            case events.AdoptionUndone():
                state = S.REVIEWED if newest else S.ANNULLED
                after = replace(version, state=state, vote_id=None, adopted_on=None, from_day=None)
            case events.CovenantFiled():
                after = replace(version, state=S.FILED)
            case events.CovenantPutInForce():
                after = replace(version, state=S.IN_FORCE, from_day=event.from_day)
        return after

    return moved
