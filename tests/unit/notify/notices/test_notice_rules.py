"""Who is told of an event, on which channels, and what the public sees."""

from dataclasses import replace
from pathlib import Path

import pytest

from linli.contracts.catalogue import event_types
from linli.contracts.kinds import Language
from linli.contracts.neighbourhood.affairs import Affair
from linli.contracts.workflow import case
from linli.contracts.workflow.community import Community
from notify.deliveries.domain.deliveries import State, delivery
from notify.notices.domain.directory import Directory
from notify.notices.domain.kinds import OF_NO_CASE, Channel, NoticeKind
from notify.notices.domain.notice_rules import NOTICE_RULES, Nobody, in_words
from notify.notices.domain.notices import notices, notifies_reporter
from tests.support.builders import NOON, community
from tests.support.cases import _OWN, said, with_party

WEBHOOK = {"webhook": "https://estate.example/hooks"}


def directory(**changes) -> Directory:
    return Directory.of(community(**changes))


def told(event, **changes) -> set[tuple[str, str, str]]:
    return {(n.kind.value, n.recipient, n.channel.value) for n in notices(event.data, directory(**changes))}


def test_a_dispatch_is_told_to_the_reporter_and_the_party():
    assert told(said(case.CaseDispatched)) == {
        ("reporter_dispatched", "resident:r-1", "email"),
        ("party_dispatched", "party:estate", "email"),
    }


@pytest.mark.parametrize("event", [case.CaseProgressed, case.CaseResolved])
def test_progress_and_resolution_are_told_to_the_reporter_alone(event):
    assert {recipient for _, recipient, _ in told(said(event))} == {"resident:r-1"}


def test_a_merge_is_told_to_the_reporter_and_a_split_to_who_is_responsible_for_the_whole_too():
    assert told(said(case.CaseMerged)) == {("reporter_merged", "resident:r-1", "email")}
    assert told(said(case.CaseSplit)) == {
        ("reporter_split", "resident:r-1", "email"),
        ("party_split", "party:estate", "email"),
    }


def test_a_party_hears_that_its_case_went_to_another_and_not_what_it_knows():
    gone = {"party": "water-co", "previous_party": "estate", "by": "operator"}
    reporter = ("reporter_merged", "resident:r-1", "email")
    assert told(said(case.CaseMerged, **gone)) == {reporter, ("party_merged", "party:estate", "email")}
    assert told(said(case.CaseMerged, **gone | {"party": "estate"})) == {reporter}, "it goes on with the same party"
    assert told(said(case.CaseMerged, **gone | {"by": "estate"})) == {reporter}, "who did it need not be told"


def test_a_party_hears_that_its_case_was_given_to_another_and_not_what_it_did_itself():
    given = {"party": "water-co", "previous": "estate", "by": "operator"}
    before = ("party_reassigned", "party:estate", "email")
    assert before in told(said(case.CaseDispatched, **given))
    for known in ({"party": "estate"}, {"by": "estate"}, {"previous": None}):
        assert before not in told(said(case.CaseDispatched, **given | known))


def test_what_is_joined_with_a_third_was_told_of_the_second():
    assert told(said(case.CaseMerged, previous="case-9")) == set()


def test_an_undone_merge_is_told_to_the_reporter_and_to_the_party_that_has_it_again():
    assert told(said(case.CaseUnmerged)) == {
        ("reporter_unmerged", "resident:r-1", "email"),
        ("party_unmerged", "party:estate", "email"),
    }


@pytest.mark.parametrize(
    "event", [case.CaseDispatched, case.CaseReturned, case.CaseReopened, case.CaseProgressed, case.CaseResolved]
)
def test_a_step_of_the_case_that_another_follows_is_told_to_that_ones_reporter_and_to_no_party(event):
    assert {recipient for _, recipient, _ in told(said(event, merged_into="case-2"))} <= {"resident:r-1"}


def test_a_reopened_case_is_told_to_the_party_and_to_the_reporter():
    assert told(said(case.CaseReopened)) == {
        ("reporter_reopened", "resident:r-1", "email"),
        ("party_reopened", "party:estate", "email"),
    }


def test_a_closing_is_told_to_who_had_asked_for_more_and_to_the_party_that_waited_for_the_decision():
    assert told(said(case.CaseClosed)) == set()
    assert told(said(case.CaseClosed, reopen_declined=True)) == {
        ("reporter_not_reopened", "resident:r-1", "email"),
        ("party_not_reopened", "party:estate", "email"),
    }


def test_a_return_is_told_to_the_node_that_decides_now():
    assert told(said(case.CaseReturned, party="grid-1")) == {("node_returned", "party:grid-1", "email")}


def test_a_reminder_is_told_to_the_party_and_an_escalation_to_the_level_above():
    assert told(said(case.CaseReminded)) == {("party_reminded", "party:estate", "email")}
    assert told(said(case.CaseEscalated)) == {("node_escalated", "party:grid-1", "email")}


def test_every_type_of_event_has_a_decision_and_a_reason_where_nobody_hears_of_it():
    assert set(NOTICE_RULES) == {each for each in event_types() if not issubclass(each, Affair)}
    for type_, decision in NOTICE_RULES.items():
        for side in (decision.reporter, decision.party):
            assert side.because if isinstance(side, Nobody) else side, type_.TYPE


def test_every_kind_of_notice_is_told_of_something():
    assert {rule.kind for decision in NOTICE_RULES.values() for rule in decision.rules} == {
        kind for kind in NoticeKind if kind not in OF_NO_CASE
    }


def test_the_documents_say_who_hears_what():
    rows = "\n".join(in_words(type_) for type_ in NOTICE_RULES)
    written = (Path(__file__).parents[4] / "docs/architecture.md").read_text()
    assert rows in written, f"docs/architecture.md, Who hears what, should read:\n{rows}"


@pytest.mark.parametrize(
    ("event", "fields", "whom"),
    [
        (case.CaseOpened, {}, set()),
        (case.CaseAccepted, {}, set()),
        (case.CaseNoted, {}, set()),
        (case.CaseDocumented, {}, set()),
        (case.CaseErased, {}, set()),
        (case.CaseTriaged, {"party": "grid-1"}, {"reporter_triaged", "node_triaged"}),
        (case.CaseTriaged, {"party": "grid-1", "previous": "estate", "by": "operator"},
         {"reporter_triaged", "node_triaged", "party_reassigned"}),
        (case.CaseWithdrawn, {"by": "resident"}, {"reporter_withdrawn", "party_withdrawn"}),
        (case.CaseNoted, {"by": "resident"}, {"reporter_withdrawn", "party_fewer_wait"}),
        (case.CaseNoted, {"by": "resident", "state": "closed"}, set()),
        (case.CaseSupplemented, {"by": "resident"}, {"party_supplemented"}),
        (case.CasePaused, {"by": "grid-1"}, {"party_paused"}),
        (case.CasePaused, {"by": "estate"}, set()),
        (case.CasePaused, {"by": "estate", "waiting_for": "resident"}, {"reporter_paused"}),
        (case.CaseResumed, {"by": "linli"}, {"party_resumed"}),
        (case.CaseResumed, {"by": "estate"}, set()),
        (case.CaseJoined, {"by": "grid-1"}, {"party_joined"}),
        (case.CaseJoined, {"by": "estate"}, set()),
        (case.CaseParted, {"by": "operator"}, {"party_fewer_wait"}),
        (case.CaseParted, {"by": "resident"}, set()),
        (case.CaseSplit, {"by": "estate"}, {"reporter_split"}),
        (case.CaseMediated, {"by": "operator"}, {"reporter_mediated"}),
        (case.CaseMediated, {"step": "visit"}, {"reporter_mediated", "party_mediated"}),
        (case.CasePromiseHeard, {"by": "linli"}, {"party_promise_heard"}),
        (case.CasePromiseHeard, {"by": "linli", "became": "offered"}, set()),
        (case.CaseCorrected, {"by": "operator"}, {"party_corrected"}),
        (case.CaseCorrected, {"by": "estate"}, set()),
        (case.CaseCorrected, {"by": "operator", "rerouted": True}, set()),
    ],
)  # fmt: skip
def test_what_a_resident_does_and_what_is_done_with_a_partys_case_is_told(event, fields, whom):
    assert {kind for kind, _, _ in told(said(event, **fields))} == whom


def test_not_solved_is_told_to_who_decides_and_to_who_did_it_and_to_nobody_twice():
    assert told(said(case.CaseRated, by="resident")) == {
        ("node_not_satisfied", "party:grid-1", "email"),
        ("party_not_satisfied", "party:estate", "email"),
    }
    assert told(said(case.CaseRated, by="resident", reopen_requested=False)) == set()
    top = directory().community.triage
    at_the_top = notices(said(case.CaseRated, by="resident", party=top).data, directory())
    assert len(at_the_top) == len({each.recipient for each in at_the_top})


@pytest.mark.parametrize("event", _OWN, ids=lambda each: each.TYPE)
@pytest.mark.parametrize("resident", ["r-1", None])
def test_a_contact_is_asked_for_where_its_reporter_is_told_and_nowhere_else(event, resident):
    data = said(event, resident_id=resident).data
    told = any(notice.recipient.startswith("resident:") for notice in notices(data, directory()))
    assert notifies_reporter(data) == told


def test_a_reporter_without_a_resident_id_is_not_written_to():
    assert told(said(case.CaseResolved, resident_id=None)) == set()


def test_a_party_hears_on_every_channel_that_it_has():
    channels = {channel for _, recipient, channel in told(said(case.CaseReminded), **with_party("estate", **WEBHOOK))}
    assert channels == {"email", "webhook"}


def test_a_party_without_a_channel_leaves_a_trace():
    [notice] = notices(said(case.CaseReminded, party="house-1").data, directory())
    assert (notice.channel, notice.reason) == (Channel.NONE, "no_channel")
    made = delivery(said(case.CaseReminded, party="house-1"), notice, NOON)
    assert (made.state, made.reason, made.due_at) == (State.UNDELIVERABLE, "no_channel", None)


def test_a_party_that_is_not_known_leaves_a_trace():
    [notice] = notices(said(case.CaseReminded, party="stranger").data, directory())
    assert (notice.channel, notice.reason) == (Channel.NONE, "unknown_party")


def test_deliveries_of_one_event_have_ids_of_their_own_that_fit_a_url():
    event = said(case.CaseDispatched, sequence=2)
    made = [delivery(event, n, NOON) for n in notices(event.data, directory(**with_party("estate", **WEBHOOK)))]
    assert [each.id for each in made] == [
        "case-1.2.workflow.resident.r-1.email",
        "case-1.2.workflow.party.estate.email",
        "case-1.2.workflow.party.estate.webhook",
    ]


def test_two_sources_that_tell_of_one_subject_do_not_take_one_anothers_ids():
    event = said(case.CaseDispatched, sequence=2)
    [notice, *_] = notices(event.data, directory())
    one, other = (delivery(replace(event, source=source), notice, NOON) for source in ("linli/workflow", "linli/works"))
    assert one.id != other.id


def test_a_party_is_not_told_what_points_to_the_reporter():
    event = said(case.CaseDispatched)
    made = delivery(event, notices(event.data, directory())[-1], NOON)
    assert made.kind is NoticeKind.PARTY_DISPATCHED
    assert "resident_id" not in made.facts
    assert made.facts["text"] == "三天没修了"


def test_a_name_that_is_not_known_is_its_id():
    here: Directory = Directory.of(Community.model_validate(community().model_dump()))
    assert here.name("party", "stranger", Language.EN) == "stranger"
    assert here.name("party", None, Language.EN) is None
