"""What may be done in a mediation, whatever people do in whichever order."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.contracts.workflow import mediation as told
from linli.contracts.workflow.mediation import (
    CourtStep,
    MediationState,
    NoAgreement,
    Side,
    SigningWay,
    WhyEnded,
    WhyLeft,
)
from linli.refusal import Refusal
from tests.support.builders import NOON
from workflow.mediation.domain import commands
from workflow.mediation.domain.agreeing import digest_of
from workflow.mediation.domain.deciding import decide, opened
from workflow.mediation.domain.evolving import evolve, evolved
from workflow.mediation.domain.figures import OTHERS, rows
from workflow.mediation.domain.mediation import Mediation, mediation_id
from workflow.mediation.domain.rules import rules_in
from workflow.mediation.domain.sessions import MOST_STATEMENTS

RULES = rules_in(ZoneInfo("Asia/Shanghai"))
TODAY = date(2026, 11, 23)
TEXT = digest_of("晚十点以后不拖动家具。")
S = MediationState


@dataclass
class Table:
    """A mediation that people sit down to, and its whole history."""

    now: datetime = NOON
    history: list[tuple[told.MediationEvent, datetime]] = field(default_factory=list)

    def __post_init__(self) -> None:
        new = Mediation(mediation_id("c1"), "c1", "test", "disputes.neighbours.noise", "east")
        self.history.append((opened(new, "grid-1"), self.now))

    @property
    def mediation(self) -> Mediation:
        found = evolved(self.history)
        assert found is not None
        return found

    def do(self, command: commands.MediationCommand) -> Refusal | None:
        decision = decide(self.mediation, command, RULES, self.now)
        if isinstance(decision, Refusal):
            return decision
        self.history += [(event, self.now) for event in decision]
        return None

    def does(self, *those: commands.MediationCommand) -> "Table":
        for command in those:
            refusal = self.do(command)
            assert refusal is None, refusal
        return self

    def refuses(self, command: commands.MediationCommand) -> str:
        refusal = self.do(command)
        assert refusal is not None
        assert refusal.why.chinese != str(refusal.why), "it says it in both languages"
        return refusal.slug


def sat_down() -> Table:
    """A mediator, two sides, and they have met."""
    return Table().does(
        commands.Appoint("grid-1", "party:grid-1", "grid-1"),
        commands.NameConcerned("grid-1", "c-2", Side.RESPONDENT),
        commands.WriteDownSession("grid-1", None, NOON, frozenset({"party:grid-1", "reporter", "c-2"})),
    )


def signs(signer: str, digest: str = TEXT, scan: str | None = None) -> commands.SignAgreement:
    way = SigningWay.PAPER if scan else SigningWay.ONLINE
    return commands.SignAgreement("concerned", signer, digest, way, scan, sealed=signer.startswith("party:"))


def agreed(visit_on: date | None = None) -> Table:
    draft = commands.DraftAgreement("grid-1", TEXT, visit_on)
    return sat_down().does(draft, signs("reporter"), signs("c-2"), signs("party:grid-1"))


def test_an_agreement_takes_effect_when_all_and_a_mediator_have_signed() -> None:
    table = sat_down().does(commands.DraftAgreement("grid-1", TEXT), signs("reporter"), signs("party:grid-1"))
    assert table.mediation.state is S.DRAFTED
    agreement = table.does(signs("c-2", scan=TEXT)).mediation.newest
    assert table.mediation.state is S.IN_EFFECT
    assert agreement
    assert agreement.effective_on == TODAY
    assert agreement.confirm_until == TODAY + timedelta(days=30), "the day it takes effect does not count"
    assert agreement.visit_on == TODAY + timedelta(days=30)


def test_without_a_mediator_who_signs_it_is_not_in_effect() -> None:
    table = sat_down().does(commands.DraftAgreement("grid-1", TEXT), signs("reporter"), signs("c-2"))
    assert table.mediation.state is S.DRAFTED
    unsealed = commands.SignAgreement("grid-1", "party:grid-1", TEXT, SigningWay.ONLINE)
    assert table.refuses(unsealed) == "seal_missing"


def test_a_signature_is_for_one_text_and_counts_for_no_other() -> None:
    table = sat_down().does(commands.DraftAgreement("grid-1", TEXT), signs("reporter"), signs("party:grid-1"))
    other = digest_of("晚十点以后不拖动家具")
    assert table.refuses(signs("c-2", other)) == "other_text"
    table.does(commands.DraftAgreement("grid-1", other), signs("c-2", other))
    assert table.mediation.state is S.DRAFTED
    assert table.mediation.newest
    assert table.mediation.newest.signed == {"c-2"}, "what was signed before was another text"
    assert table.refuses(signs("c-2", other)) == "signed_already"
    assert table.refuses(signs("stranger", other)) == "unknown_participant"


def test_who_talks_without_end_leaves_the_others_their_say() -> None:
    table = sat_down().does(*(commands.KeepStatement("c", f"{n:032x}", "c-2") for n in range(MOST_STATEMENTS)))
    assert table.refuses(commands.KeepStatement("c", "f" * 32, "c-2")) == "too_many"
    table.does(commands.KeepStatement("c", "f" * 32, "reporter"))
    assert table.mediation.statements == MOST_STATEMENTS + 1


def test_paper_has_a_scan_and_nothing_else_has() -> None:
    table = sat_down().does(commands.DraftAgreement("grid-1", TEXT))
    bare = commands.SignAgreement("grid-1", "c-2", TEXT, SigningWay.PAPER)
    assert table.refuses(bare) == "scan_missing"


def test_nobody_mediates_in_a_matter_of_their_own() -> None:
    table = Table().does(commands.NameConcerned("village", "c-2", Side.RESPONDENT, "estate"))
    assert table.refuses(commands.Appoint("village", "party:estate", "estate")) == "conflict_of_interest"
    assert table.refuses(commands.Appoint("village", "reporter")) == "conflict_of_interest"
    table.does(commands.Appoint("village", "party:grid-1", "grid-1"))
    own = commands.NameConcerned("village", "c-3", Side.THIRD_PARTY, "grid-1")
    assert table.refuses(own) == "conflict_of_interest"
    table.does(commands.LetGo("village", "party:grid-1", WhyLeft.CONFLICT_OF_INTEREST), own)
    assert table.refuses(commands.Appoint("village", "party:grid-1", "grid-1")) == "mediator_gone"


def test_they_meet_with_a_mediator_and_both_sides() -> None:
    tomorrow = NOON + timedelta(days=1)
    table = Table()
    called = commands.CallSession("grid-1", tomorrow, online=False, venue="grid-1")
    assert table.refuses(called) == "no_mediator"
    table.does(commands.Appoint("grid-1", "party:grid-1", "grid-1"))
    assert table.refuses(called) == "one_side"
    table.does(commands.NameConcerned("grid-1", "c-2", Side.RESPONDENT), called)
    assert table.refuses(commands.CallSession("grid-1", NOON - timedelta(hours=1), online=True)) == "session_time"
    assert table.refuses(commands.DraftAgreement("grid-1", TEXT)) == "not_met"
    early = commands.WriteDownSession("grid-1", 1, tomorrow, frozenset({"party:grid-1"}))
    assert table.refuses(early) == "session_time"
    table.now = tomorrow
    alone = commands.WriteDownSession("grid-1", 1, tomorrow, frozenset({"reporter"}))
    assert table.refuses(alone) == "no_mediator"
    table.does(commands.WriteDownSession("grid-1", 1, tomorrow, frozenset({"party:grid-1", "reporter"})))
    assert table.refuses(commands.CancelSession("grid-1", 1)) == "unknown_session"
    held = table.history[-1][0]
    assert isinstance(held, told.SessionHeld)
    assert (held.came, held.concerned) == (1, 2)


def test_the_court_is_asked_by_all_together_within_thirty_days() -> None:
    table, everybody = agreed(), frozenset({"reporter", "c-2"})
    confirmed = commands.NoteCourtStep("grid-1", CourtStep.CONFIRMED, TODAY)
    assert table.refuses(confirmed) == "court_order"
    table.now = NOON + timedelta(days=40)
    alone = commands.NoteCourtStep("grid-1", CourtStep.APPLIED, TODAY, frozenset({"reporter"}))
    assert table.refuses(alone) == "court_together"
    for day, last in ((31, False), (30, True)):
        asked = commands.NoteCourtStep("grid-1", CourtStep.APPLIED, TODAY + timedelta(days=day), everybody)
        assert last or table.refuses(asked) == "court_late"
    table.does(asked, commands.NoteCourtStep("grid-1", CourtStep.CONFIRMED, TODAY + timedelta(days=39)))


def test_what_the_court_refuses_can_be_agreed_anew() -> None:
    table, everybody = agreed(), frozenset({"reporter", "c-2"})
    assert table.refuses(commands.DraftAgreement("grid-1", digest_of("另一份"))) == "mediation_state"
    table.does(
        commands.NoteCourtStep("grid-1", CourtStep.APPLIED, TODAY, everybody),
        commands.NoteCourtStep("grid-1", CourtStep.REFUSED, TODAY),
        commands.DraftAgreement("grid-1", digest_of("另一份")),
    )
    assert table.mediation.state is S.DRAFTED


def test_a_return_visit_is_due_on_its_day_and_says_kept_or_broken() -> None:
    table = agreed(TODAY + timedelta(days=7))
    assert table.refuses(commands.TellVisitDue()) == "mediation_state"
    assert table.refuses(commands.RecordVisit("grid-1", kept=True)) == "visit_early"
    table.now = NOON + timedelta(days=7)
    assert table.mediation.visits_on == TODAY + timedelta(days=7)
    table.does(commands.TellVisitDue())
    assert table.mediation.visits_on is None, "it is told once"
    table.does(commands.RecordVisit("grid-1", kept=True))
    assert table.mediation.state is S.KEPT


def test_what_is_broken_is_agreed_anew_or_goes_up() -> None:
    table = agreed()
    assert table.refuses(commands.Escalate("grid-1", NoAgreement.NOT_AGREED)) == "mediation_state"
    table.does(commands.RecordVisit("grid-1", kept=False))
    assert table.refuses(commands.Escalate("grid-1", NoAgreement.NOT_AGREED)) == "no_agreement_why"
    table.does(
        commands.DraftAgreement("grid-1", digest_of("再来一份")), *map(_anew, ("reporter", "c-2", "party:grid-1"))
    )
    assert table.mediation.state is S.IN_EFFECT
    table.does(commands.RecordVisit("grid-1", kept=False), commands.Escalate("grid-1", NoAgreement.BROKEN))
    assert table.mediation.state is S.ESCALATED


def _anew(signer: str) -> commands.SignAgreement:
    return signs(signer, digest_of("再来一份"))


PEOPLE = ("reporter", "c-1", "c-2", "m-1", "party:grid-1", "party:estate")
WHO = st.sampled_from(PEOPLE)
TEXTS = st.sampled_from([digest_of(text) for text in "甲乙"])
ANYTHING = st.one_of(
    st.builds(commands.Appoint, st.just("x"), WHO, st.sampled_from([None, "grid-1", "estate"])),
    st.builds(commands.LetGo, st.just("x"), WHO, st.sampled_from(WhyLeft)),
    st.builds(
        commands.NameConcerned, st.just("x"), WHO, st.sampled_from(Side), st.sampled_from([None, "grid-1", "estate"])
    ),
    st.builds(commands.CallSession, st.just("x"), st.just(NOON + timedelta(days=40)), st.booleans()),
    st.builds(commands.CancelSession, st.just("x"), st.integers(0, 3)),
    st.builds(
        commands.WriteDownSession,
        st.just("x"),
        st.one_of(st.none(), st.integers(0, 3)),
        st.just(NOON),
        st.frozensets(WHO),
    ),
    st.builds(commands.KeepStatement, st.just("x"), st.just("0" * 32), WHO),
    st.builds(commands.DraftAgreement, st.just("x"), TEXTS, st.sampled_from([None, TODAY])),
    st.builds(
        commands.SignAgreement,
        st.just("x"),
        WHO,
        TEXTS,
        st.sampled_from(SigningWay),
        st.one_of(st.none(), st.just(TEXT)),
        st.booleans(),
    ),
    st.builds(
        commands.NoteCourtStep, st.just("x"), st.sampled_from(CourtStep), st.just(TODAY), st.just(frozenset(PEOPLE))
    ),
    st.just(commands.TellVisitDue()),
    st.builds(commands.RecordVisit, st.just("x"), st.booleans()),
    st.builds(commands.Escalate, st.just("x"), st.sampled_from(NoAgreement)),
    st.just(commands.End(WhyEnded.WITHDRAWN)),
)


@given(st.lists(ANYTHING, max_size=40), st.booleans())
def test_whatever_people_do_the_rules_hold(those: list[commands.MediationCommand], begun: bool) -> None:
    table = sat_down() if begun else Table()
    for command in those:
        before = table.mediation
        if table.do(command) is None:
            assert not before.over or isinstance(command, commands.NoteCourtStep), "what is over is over"
        after = table.mediation
        own = {each.party for each in after.concerned.values() if each.party}
        assert not own & set(after.mediators.values()), "nobody mediates in their own matter"
        assert not after.concerned.keys() & after.mediators.keys()
        for agreement in after.agreements:
            if agreement.effective_on:
                assert agreement.confirm_until == agreement.effective_on + timedelta(days=30)
        newest = after.newest
        if after.state in {S.IN_EFFECT, S.KEPT}:
            assert newest
            assert after.concerned.keys() <= newest.signed, "all have signed that very text"
            assert any(each.held_at for each in after.sessions)
    assert table.mediation.version == len(table.history)


@given(st.lists(ANYTHING, max_size=30))
def test_a_history_read_again_comes_to_the_same(those: list[commands.MediationCommand]) -> None:
    table = sat_down()
    for command in those:
        table.do(command)
    again = None
    for event, at in table.history:
        read = type(event).model_validate_json(event.model_dump_json(exclude_none=True))
        again = evolve(again, read, at)
    assert again == table.mediation


COUNTED = st.lists(
    st.tuples(
        st.sampled_from([None, "noise", "leak", "lift", "parking"]), st.sampled_from(MediationState), st.integers(0, 12)
    ),
    max_size=20,
)


@given(COUNTED, st.integers(1, 6))
def test_figures_tell_of_nobody(counted: list[tuple[str | None, MediationState, int]], least: int) -> None:
    table, left_out = rows(counted, least)
    of: Counter[tuple[str, MediationState]] = Counter()
    for category, state, count in counted:
        of[category or OTHERS, state] += count
    for row in table:
        assert row.total >= least
        shown = [count for count in row.states.values() if count]
        assert all(count >= least for count in shown)
        hidden = [state for state, count in row.states.items() if count is None]
        assert len(hidden) != 1, "it would follow from the total"
        if hidden:
            assert row.total - sum(shown) >= least
    everything = sum(of.values())
    assert left_out or sum(row.total for row in table) == everything
    assert not left_out or 0 < everything - sum(row.total for row in table) < least


@pytest.mark.parametrize("name", ["confirm_days", "visit_days", "sealed", "least_told"])
def test_each_rule_says_where_it_comes_from(name: str) -> None:
    assert RULES.sources[name].text


def test_what_is_taken_back_ends_with_a_reason_and_nothing_follows() -> None:
    table = sat_down().does(commands.End(WhyEnded.WITHDRAWN))
    ended = table.history[-1][0]
    assert isinstance(ended, told.MediationEnded)
    assert (ended.why, ended.state, ended.parties, ended.by) == (WhyEnded.WITHDRAWN, S.OPEN, ("grid-1",), "linli")
    assert table.mediation.over
    for command in (commands.End(WhyEnded.WITHDRAWN), commands.DraftAgreement("grid-1", TEXT)):
        assert table.refuses(command) == "mediation_state"
    signed = agreed()
    assert signed.refuses(commands.End(WhyEnded.WITHDRAWN)) == "mediation_state", "what was agreed binds"
    signed.does(commands.RecordVisit("grid-1", kept=False), commands.End(WhyEnded.WITHDRAWN))
