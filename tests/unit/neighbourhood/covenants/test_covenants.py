"""A covenant is adopted by the right electorate's vote, on the text that was reviewed; a signature binds one text."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from linli.contracts.base import tolerant
from linli.contracts.neighbourhood.covenants import Adopter, CovenantAdopted, CovenantEvent, CovenantFiled, Track
from linli.contracts.neighbourhood.covenants_kept import BreachOutcome, SignedOn
from linli.contracts.neighbourhood.rules import Citation, Read
from linli.contracts.neighbourhood.spans import Counting, Span
from linli.frozen import replace
from neighbourhood.covenants.domain import commands as do
from neighbourhood.covenants.domain.covenant import VersionState, as_kept, digest_of
from neighbourhood.covenants.domain.deciding import AnyCommand, decide, start
from neighbourhood.covenants.domain.drafting import MOST_OF_A_HOUSEHOLD
from neighbourhood.covenants.domain.evolving import evolve
from neighbourhood.covenants.seen import without_households
from neighbourhood.refusal import Refusal
from tests.support.qingdao import COVENANTS
from tests.unit.neighbourhood.covenants.quarter import (
    ADOPTED,
    CLOCK,
    DAY,
    DRAFTER,
    IN_FORCE,
    NOW,
    OTHER,
    REVIEW,
    REVIEWED,
    REVIEWER,
    TEXT,
    TO_REVIEW,
    after,
    again,
    answer,
    comment,
    redraft,
    refusal,
    result,
    sign,
    started,
)

BREACH = do.ReportBreach(**CLOCK, breach_id="b-1", article=2, case_id="s-1")


def test_violation_covenant_drift_signatures_of_an_old_version_count_zero_for_the_new_one() -> None:
    covenant = after(started(), *IN_FORCE, *((sign(n), 12) for n in range(40)))
    assert covenant.signed(digest_of(TEXT)) == 40
    covenant = after(covenant, *again(OTHER, "v-2", 20))
    assert covenant.signed(digest_of(OTHER)) == 0
    assert refusal(covenant, sign(41), 30) == "other_text"
    assert refusal(covenant, sign(1, OTHER), 30) == ""


def test_violation_owners_cannot_adopt_a_residents_covenant_nor_residents_one_of_the_owners() -> None:
    residents = after(started(Track.RESIDENTS), *REVIEWED)
    assert refusal(residents, result(), 9) == "wrong_electorate"
    assert refusal(residents, result(legal_class="residents_covenant"), 9) == "wrong_electorate"
    theirs = result(electorate=Adopter.RESIDENTS, legal_class="residents_covenant")
    assert refusal(residents, theirs, 9) == ""
    for track in (Track.OWNERS, Track.FACILITY):
        assert refusal(after(started(track), *REVIEWED), theirs, 9) == "wrong_electorate"
        assert refusal(after(started(track), *REVIEWED), result(), 9) == ""


def test_one_changed_character_is_another_text_and_cannot_be_adopted() -> None:
    covenant = after(started(), *REVIEWED)
    assert refusal(covenant, result(TEXT + "。"), 9) == "other_text"
    changed = after(covenant, (redraft(TEXT + "。"), 8))
    assert changed.newest and changed.newest.state is VersionState.COMMENTING
    assert refusal(changed, result(TEXT + "。"), 9) == "covenant_state"
    assert refusal(changed, REVIEW, 9) == "other_text"


def test_signing_is_not_adopting() -> None:
    covenant = after(started(), *REVIEWED)
    assert refusal(covenant, sign(1), 9) == "other_text"
    signed = after(covenant, (result(), 9), *((sign(n), 9) for n in range(48)))
    assert signed.newest and signed.newest.state is VersionState.ADOPTED
    assert refusal(signed, do.PutInForce(**REVIEWER, from_day=(NOW + 10 * DAY).date()), 9) == "covenant_state"


def test_a_consultation_adopts_nothing_and_a_result_is_heard_once() -> None:
    covenant = after(started(), *REVIEWED)
    assert refusal(covenant, result(binding=False), 9) == "not_a_decision"
    turned_down = after(covenant, (result(passed=False), 9))
    assert turned_down.newest and turned_down.newest.state is VersionState.REVIEWED
    assert refusal(turned_down, result(), 9) == "known_already"
    assert refusal(turned_down, result(vote="v-2"), 9) == ""


def test_a_household_signs_a_text_once_and_a_paper_has_a_scan() -> None:
    covenant = after(started(), *ADOPTED, (sign(1), 9))
    assert refusal(covenant, sign(1), 9) == "known_already"
    paper = replace(sign(2), on=SignedOn.PAPER)
    assert refusal(covenant, paper, 9) == "scan_missing"
    assert refusal(covenant, replace(paper, scan="f" * 64), 9) == ""
    back = do.WithdrawSignature(by="h-1", party=None, household="h-1", digest=digest_of(TEXT))
    assert after(covenant, (back, 9)).signed(digest_of(TEXT)) == 0


def test_every_comment_is_answered_before_the_review() -> None:
    covenant = after(started(), *TO_REVIEW[:2])
    assert refusal(covenant, REVIEW, 8) == "comments_unanswered"
    assert refusal(after(covenant, (answer(1), 2)), REVIEW, 8) == ""


def test_comments_are_taken_for_all_of_their_days() -> None:
    covenant = after(started(), *TO_REVIEW)
    assert refusal(covenant, comment(2), 7) == "" and refusal(covenant, REVIEW, 7) == "comments_open"
    assert refusal(covenant, comment(2), 8) == "comments_closed" and refusal(covenant, REVIEW, 8) == ""
    short = do.OpenComments(**DRAFTER, until=(NOW + 6 * DAY).date())
    assert refusal(started(), short) == "comments_too_short"
    assert refusal(covenant, comment(2, OTHER), 3) == "other_text"
    assert refusal(covenant, comment(1), 3) == "known_already"


def test_one_household_s_comments_on_a_text_have_an_end_and_those_of_others_go_on() -> None:
    many = tuple((replace(comment(1), comment_id=f"k-{n}"), 1) for n in range(MOST_OF_A_HOUSEHOLD))
    covenant = after(started(), TO_REVIEW[0], *many)
    assert refusal(covenant, replace(comment(1), comment_id="k-more"), 1) == "household_commented_enough"
    assert refusal(covenant, replace(comment(2), comment_id="k-other"), 1) == ""


def test_a_company_reads_how_many_signed_and_none_of_them() -> None:
    covenant = after(started(), *IN_FORCE, (sign(7), 12), (sign(9), 12))
    shown = without_households(covenant)
    assert shown.signatures == {(digest_of(TEXT), "household-1"), (digest_of(TEXT), "household-2")}
    assert [each.commented for each in (covenant.versions[0], shown.versions[0])] == [{"h-1": 1}, {}]
    assert shown.signed(digest_of(TEXT)) == covenant.signed(digest_of(TEXT)) == 2


def test_whoever_wrote_the_text_does_not_review_it_and_a_returned_text_must_change() -> None:
    covenant = after(started(), *TO_REVIEW)
    assert refusal(covenant, do.ReviewCovenant(**DRAFTER, text=TEXT), 8) == "reviewer_is_drafter"
    back = after(covenant, (do.ReturnCovenant(**REVIEWER, digest=digest_of(TEXT), why="与法规冲突"), 8))
    assert refusal(back, REVIEW, 8) == "text_returned"
    changed = after(back, (redraft(OTHER), 8))
    assert refusal(changed, do.ReviewCovenant(**REVIEWER, text=OTHER), 8) == ""


def test_a_covenant_sets_no_fine() -> None:
    text = TEXT + "\n第三条 违者罚款50元。"
    covenant = after(started(text=text), (do.OpenComments(**DRAFTER), 0))
    review = do.ReviewCovenant(**REVIEWER, text=text)
    assert refusal(covenant, review, 8) == "sounds_like_a_fine"
    assert refusal(covenant, replace(review, no_fines="只是转述条例"), 8) == ""
    assert not any("fine" in each or "罚" in each for each in BreachOutcome)


def test_what_is_not_filed_is_not_in_force_and_a_late_filing_is_recorded() -> None:
    covenant = after(started(), *ADOPTED)
    assert refusal(covenant, IN_FORCE[-1][0], 10) == "covenant_state"
    rule = replace(
        COVENANTS.tracks[Track.FACILITY],
        filing=Span(length=10, counting=Counting.WITHIN, citation=Citation(law="", read=Read.CHOICE)),
    )
    rules = replace(COVENANTS, tracks={Track.FACILITY: rule})
    late = do.FileCovenant(**REVIEWER, filing="1", on=(NOW + 22 * DAY).date())
    event = decide(covenant, late, rules, NOW + 25 * DAY)
    assert isinstance(event, CovenantFiled) and event.late_by == 3
    assert refusal(covenant, late, 21) == "filing_day"


def test_the_version_before_holds_until_the_day_from_which_the_new_one_does() -> None:
    covenant = after(started(), *IN_FORCE, *again(OTHER, "v-2", 20))
    first_day = (NOW + 30 * DAY).date()
    before, then = (covenant.in_force_on(day) for day in (first_day - timedelta(days=1), first_day))
    assert before and then and (before.number, then.number) == (1, 2)
    assert covenant.in_force_on(NOW.date()) is None
    assert refusal(covenant, sign(1), 29) == "" and refusal(covenant, sign(1), 30) == "other_text"


def test_a_void_vote_leaves_in_force_what_was_before_it() -> None:
    covenant = after(started(), *IN_FORCE, *again(OTHER, "v-2", 20), (do.HearVoteVoided(**CLOCK, vote_id="v-2"), 40))
    holds = covenant.in_force_on((NOW + 40 * DAY).date())
    assert holds and holds.number == 1
    assert refusal(covenant, do.HearVoteVoided(**CLOCK, vote_id="v-2"), 41) == "unknown"
    assert refusal(covenant, result(OTHER, "v-3"), 41) == ""
    both = after(started(), *IN_FORCE, (redraft(OTHER), 20), (do.HearVoteVoided(**CLOCK, vote_id="v-1"), 21))
    assert both.versions[0].state is VersionState.ANNULLED and both.in_force_on((NOW + 30 * DAY).date()) is None


def test_a_breach_is_of_what_is_in_force_and_is_settled_once() -> None:
    assert refusal(after(started(), *ADOPTED), BREACH, 12) == "covenant_state"
    covenant = after(started(), *IN_FORCE, (BREACH, 12))
    settle = do.SettleBreach(**REVIEWER, breach_id="b-1", outcome=BreachOutcome.REMINDED)
    assert refusal(covenant, BREACH, 12) == "known_already"
    assert refusal(after(covenant, (settle, 13)), settle, 13) == "known_already"


def test_no_other_version_is_drafted_while_one_waits_to_be_put_in_force() -> None:
    assert refusal(after(started(), *ADOPTED), redraft(OTHER), 9) == "covenant_state"
    assert refusal(started(), redraft(TEXT + "  \n")) == "same_text"


@given(st.text(min_size=1, max_size=60).filter(lambda text: any(each.isalnum() for each in text)))
def test_a_text_is_the_same_however_often_it_is_kept(text: str) -> None:
    try:
        kept = as_kept(text)
    except ValueError:
        return
    assert as_kept(kept) == kept and digest_of(kept) == digest_of(text)


TRIED: tuple[AnyCommand, ...] = (
    *(command for command, _ in (*IN_FORCE, *again(OTHER, "v-2", 20))),
    comment(2),
    answer(2),
    redraft(OTHER),
    redraft(TEXT),
    result(OTHER, "v-3"),
    result(electorate=Adopter.RESIDENTS, legal_class="residents_covenant"),
    result(passed=False, vote="v-4"),
    do.ReturnCovenant(**REVIEWER, digest=digest_of(TEXT), why="与法规冲突"),
    do.HearVoteVoided(**CLOCK, vote_id="v-1"),
    do.PutInForce(**REVIEWER, from_day=(NOW + 60 * DAY).date()),
    sign(1),
    sign(1, OTHER),
    BREACH,
    do.SettleBreach(**REVIEWER, breach_id="b-1", outcome=BreachOutcome.MEDIATED),
)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(TRIED), st.integers(0, 3)), max_size=25),
    st.lists(st.tuples(st.sampled_from(TRIED), st.integers(0, 9)), max_size=25),
    st.sampled_from([TO_REVIEW, REVIEWED, ADOPTED, IN_FORCE]),
    st.sampled_from(Track),
)
def test_whatever_is_tried_the_events_make_the_state_and_no_rule_is_broken(  # type: ignore[no-untyped-def]
    first, more, usual, track
) -> None:
    draft = do.DraftCovenant(**DRAFTER, title="公约", text=TEXT)
    opening = start(
        do.StartCovenant(**DRAFTER, id="g", community="f", neighbourhood="n", track=track, draft=draft), NOW
    )
    assert not isinstance(opening, Refusal)
    told: list[CovenantEvent] = [opening]
    covenant, now = evolve(None, opening), NOW
    spans = [
        (command, day - before) for (command, day), before in zip(usual, [0, *(d for _, d in usual)], strict=False)
    ]
    for command, days in (*first[:4], *spans, *first[4:], *more):
        now += days * DAY
        before = covenant
        event = decide(before, command, COVENANTS, now)
        if isinstance(event, Refusal):
            assert event.why and event.why.chinese
            continue
        told.append(event)
        covenant = evolve(before, event)
        if isinstance(event, CovenantAdopted):
            version = before.newest
            assert version and version.state is VersionState.REVIEWED and version.digest == event.digest
            assert event.adopter is COVENANTS.tracks[track].adopter and not version.unanswered
    again_from_events = None
    for event in told:
        read = tolerant(type(event), event.model_dump_json(exclude_none=True).encode())
        assert isinstance(read, CovenantEvent)
        again_from_events = evolve(again_from_events, read)
    assert again_from_events == covenant and covenant.version == len(told)
    for version in covenant.versions:
        if version.state is VersionState.IN_FORCE:
            assert version.vote_id and version.adopted_on and version.from_day
            assert version.adopted_on <= now.date()
