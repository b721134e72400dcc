"""A question is talked over by those whom it concerns: online and in a room, one record, in which nobody is counted
twice and nobody's words stand."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from linli.contracts.base import strict_json, tolerant
from linli.contracts.neighbourhood.deliberations import Attendee, DeliberationEvent, Voice, VoiceKind
from linli.contracts.neighbourhood.deliberations_settled import (
    CommitmentAccepted,
    CommitmentOffered,
    DeliberationConcluded,
    DeliberationPublished,
    OutcomeResult,
)
from linli.frozen import replace
from neighbourhood.deliberations.domain import commands as do
from neighbourhood.deliberations.domain.deciding import convene, decide
from neighbourhood.deliberations.domain.deliberation import (
    CommitmentState,
    Deliberation,
    DeliberationState,
    as_kept,
    digest_of_words,
)
from neighbourhood.deliberations.domain.evolving import evolve
from neighbourhood.refusal import Refusal
from tests.unit.neighbourhood.deliberations.hall import (
    ACCEPT,
    CLERK,
    COMES,
    COMMITTED,
    CONCLUDE,
    CONCLUDED,
    CONVENE,
    DAY,
    DRAFT,
    GRANT,
    GRID,
    GRID_CO,
    INVITE,
    INVITED,
    NOW,
    OFFER,
    OPEN,
    OPENED,
    PROPOSE,
    PUBLISH,
    PUBLISHED,
    QINGDAO,
    SESSION,
    STATE,
    TALKED,
    after,
    convened,
    dissent,
    home,
    in_room,
    own,
    refusal,
    support,
    told,
)


def test_it_is_convened_with_full_days_between_and_opened_on_its_first_day() -> None:
    short = convene(replace(CONVENE, first_day=CONVENE.first_day - DAY), QINGDAO, NOW)
    assert isinstance(short, Refusal) and short.slug == "short_notice"
    assert refusal(convened(), OPEN, 2) == "not_begun"
    evening = NOW.replace(hour=17)  # the third day in Qingdao
    assert not isinstance(decide(convened(), OPEN, QINGDAO, evening + 2 * DAY), Refusal)
    assert refusal(after(*OPENED), OPEN) == "deliberation_state"


def test_a_party_speaks_once_it_has_said_that_it_comes() -> None:
    speaks = do.MakeStatement(**GRID, voice=GRID_CO, session_id=None, statement_id="s-9", words="a" * 64)
    for steps in (((OPEN, 3),), ((INVITE, 0), (OPEN, 3)), ((INVITE, 0), (replace(COMES, comes=False), 1), (OPEN, 3))):
        assert refusal(after(*steps), speaks) == "not_invited"
    assert refusal(after(*OPENED), speaks) == ""
    gone = after(*OPENED, (replace(COMES, comes=False), 4))
    assert refusal(gone, speaks) == "not_invited"


def test_a_party_is_invited_once_until_it_declines_and_answers_for_itself_alone() -> None:
    again = replace(INVITE, invitation_id="i-2")
    assert refusal(after((INVITE, 0)), again, 0) == "known_already"
    declined = after((INVITE, 0), (replace(COMES, comes=False), 1))
    assert refusal(declined, again, 1) == ""
    assert refusal(after((INVITE, 0)), replace(COMES, party="water-co"), 1) == "not_theirs"
    assert refusal(after((INVITE, 0)), replace(INVITE, invitation_id="i-3", invited="water-co"), 3) == "due_passed"
    late = after((INVITE, 0), (OPEN, 3))
    assert refusal(late, COMES, 4) == "", "late is better than not"


def test_online_everybody_speaks_for_themselves() -> None:
    talks = after(*OPENED)
    assert refusal(talks, replace(PROPOSE, by="h-4")) == "not_theirs"
    assert refusal(talks, replace(PROPOSE, **CLERK)) == "not_theirs"
    key = Voice(kind=VoiceKind.HOUSEHOLD, id="p-grid")
    assert refusal(talks, replace(PROPOSE, **GRID, voice=key)) == "not_theirs", "a company is no household"
    assert refusal(talks, PROPOSE) == ""


def test_what_was_said_in_a_room_is_entered_of_those_who_were_there() -> None:
    talks = after(*TALKED)
    spoke = do.MakeStatement(**in_room(home(1)), statement_id="s-2", words="a" * 64)
    talks, [event] = told(talks, (spoke, 4))
    assert event.by == "p-clerk" and talks.statements["s-2"] == home(1)
    assert refusal(talks, replace(spoke, statement_id="s-3", voice=home(9))) == "not_present"
    assert refusal(talks, replace(spoke, statement_id="s-3", session_id="r-9")) == "unknown"


def test_a_room_lists_who_was_there_once_and_a_partys_people_by_an_id() -> None:
    talks = after(*OPENED)
    assert refusal(talks, replace(SESSION, present=SESSION.present * 2)) == "present_twice"
    assert refusal(talks, replace(SESSION, present=(Attendee(voice=GRID_CO),))) == "who_spoke"
    assert refusal(talks, replace(SESSION, present=(Attendee(voice=home(1), person="p-1"),))) == "who_spoke"
    water = Attendee(voice=Voice(kind=VoiceKind.PARTY, id="water-co"), person="p-w")
    assert refusal(talks, replace(SESSION, present=(water,))) == "not_invited"
    assert refusal(talks, replace(SESSION, held_at=NOW + 9 * DAY)) == "session_day"
    assert refusal(talks, replace(SESSION, held_at=NOW)) == "session_day"
    assert refusal(after(*TALKED), SESSION) == "known_already"


def test_a_household_supports_a_proposal_once_over_room_and_web() -> None:
    talks = after(*TALKED, (support(1), 4))
    assert refusal(talks, support(1)) == "known_already"
    assert refusal(talks, do.SupportProposal(**in_room(home(1)), proposal_id="q-1")) == "known_already"
    assert refusal(talks, support(2, "q-9")) == "unknown"
    back = do.WithdrawSupport(**in_room(home(1)), proposal_id="q-1")
    assert refusal(after(*TALKED, (support(1), 4), (back, 4)), support(1)) == ""
    assert refusal(talks, do.WithdrawSupport(**own(2), proposal_id="q-1")) == "unknown"


def test_one_household_does_not_fill_the_record() -> None:
    talks = after(*OPENED, (SESSION, 3), (PROPOSE, 3))
    statements = [replace(STATE, **own(1), statement_id=f"s-{n}") for n in range(51)]
    talks, _ = told(talks, *((each, 4) for each in statements[:50]))
    assert refusal(talks, statements[50]) == "too_many"
    assert refusal(talks, replace(statements[50], **own(2))) == "", "the others are heard"
    assert refusal(talks, replace(statements[50], **in_room(home(1)))) == "", "so is who came to the room"
    proposals = [replace(PROPOSE, **own(1), proposal_id=f"p-{n}") for n in range(21)]
    talks, _ = told(talks, *((each, 4) for each in proposals[:20]))
    assert refusal(talks, proposals[20]) == "too_many" and refusal(talks, replace(proposals[20], **own(2))) == ""


def test_nobody_speaks_before_it_is_open_or_after_it_is_concluded() -> None:
    for command in (PROPOSE, support(1), STATE, OFFER, SESSION):
        assert refusal(after(*INVITED), command, 1) == "deliberation_state"
        assert refusal(after(*CONCLUDED), command, 6) == "deliberation_state"


def test_no_event_holds_what_somebody_said() -> None:
    _, events = told(convened(), *PUBLISHED)
    for event in events:
        read = event.model_dump_json()
        assert not any(words in read for words in ("棚移到北侧", "救护车", "电表箱迁出")), event.TYPE


@given(st.text(min_size=1, max_size=60).filter(lambda text: any(each.isalnum() for each in text)))
def test_what_somebody_said_has_one_hash_however_often_it_is_kept(text: str) -> None:
    try:
        kept = as_kept(text)
    except ValueError:
        return
    assert digest_of_words(kept) == digest_of_words(text)


KEPT = TypeAdapter(Deliberation)
TRIED: tuple[do.AnyCommand, ...] = (
    *(command for command, _ in PUBLISHED),
    *(support(n) for n in (1, 2)),
    *(dissent(n) for n in (1, 2)),
    do.SupportProposal(**in_room(home(1)), proposal_id="q-1"),
    do.SupportProposal(**GRID, voice=GRID_CO, session_id=None, proposal_id="q-1"),
    do.WithdrawSupport(**own(1), proposal_id="q-1"),
    do.WithdrawDissent(**own(1)),
    replace(COMES, comes=False),
    replace(INVITE, invitation_id="i-2", answer_by=NOW + 60 * DAY),
    replace(COMES, invitation_id="i-2"),
    replace(GRANT, mandate_id="w-2", of="grid-co", by="p-clerk", party="community"),
    do.RevokeMandate(**GRID, mandate_id="w-1"),
    replace(OFFER, commitment_id="c-2", speaker="p-grid", **in_room(GRID_CO)),
    replace(OFFER, commitment_id="c-3", by="p-other", speaker="p-other"),
    do.WithdrawCommitment(**GRID, commitment_id="c-1"),
    replace(ACCEPT, commitment_id="c-2"),
    replace(ACCEPT, **GRID),
    do.DeclineCommitment(**CLERK, commitment_id="c-2", why="另有安排"),
    replace(DRAFT, result=OutcomeResult.NOT_AGREED, proposals=()),
)
MOVES = st.lists(st.tuples(st.sampled_from(TRIED), st.integers(0, 2)), max_size=25)


def replayed(events: list[DeliberationEvent]) -> Deliberation | None:
    found: Deliberation | None = None
    for event in events:
        read = tolerant(type(event), strict_json(event))
        assert isinstance(read, DeliberationEvent)
        found = evolve(found, read)
    return found


@settings(max_examples=150, deadline=None)
@given(MOVES, MOVES, st.sampled_from([(), INVITED, OPENED, TALKED, COMMITTED]))
def test_whatever_is_tried_the_events_make_the_state_and_no_rule_is_broken(  # type: ignore[no-untyped-def]
    first: Any, more: Any, usual
) -> None:
    opening = convene(CONVENE, QINGDAO, NOW)
    assert not isinstance(opening, Refusal)
    events: list[DeliberationEvent] = [opening]
    talks, now = evolve(None, opening), NOW
    spans = [(command, day - was) for (command, day), was in zip(usual, [0, *(d for _, d in usual)], strict=False)]
    for command, days in (*first[:3], *spans, *first[3:], *more):
        now += days * DAY
        event = decide(talks, command, QINGDAO, now)
        if isinstance(event, Refusal):
            assert event.why and event.why.chinese
            continue
        _keeps_the_rules(talks, event)
        events.append(event)
        talks = evolve(talks, event)
    assert replayed(events) == talks and talks.version == len(events)
    assert KEPT.validate_json(KEPT.dump_json(talks)) == talks
    assert all(each.invitation_of("grid-co") for each in [talks] if talks.mandates)


def _keeps_the_rules(before: Deliberation, event: DeliberationEvent) -> None:
    match event:
        case CommitmentOffered():
            granted = before.mandates[event.mandate_id]
            assert granted.mandate.speaker == event.speaker and not granted.revoked
            assert event.promise.kind in granted.mandate.may
        case CommitmentAccepted():
            assert before.commitments[event.commitment_id].state is CommitmentState.OFFERED
            assert event.party != event.owner
        case DeliberationConcluded():
            assert event.dissent == tuple(before.dissent.values())
            assert not event.text.satisfies_278 and not event.text.binding and "二百七十八" in event.text.caveat.zh
        case DeliberationPublished():
            assert before.state is DeliberationState.CONCLUDED and before.draft
            assert event.digest == before.draft.digest


@pytest.mark.parametrize("command", [CONCLUDE, PUBLISH])
def test_it_is_concluded_and_published_once(command: do.AnyCommand) -> None:
    assert refusal(after(*PUBLISHED), command, 7) == "deliberation_state"
