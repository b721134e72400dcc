"""The desk's decisions: which list an address means, what is next with a case, what a form asks for."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qsl

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import FormData

from linli.contracts.kinds import Language
from linli.contracts.neighbourhood.deliberations_parties import MayCommit
from linli.contracts.neighbourhood.deliberations_settled import Promise
from linli.contracts.workflow.actions import ACTIONS as ASKED
from linli.contracts.workflow.actions import Corrected, Progressed, Returned, SplitInto
from linli.web.problem_words import ANSWER_IN
from portal.desk import words
from portal.desk.actions import ACTIONS, IN_BULK, body_of
from portal.desk.filters import KINDS, LEVELS, SORTS, STATES, VIEWS, Filters
from portal.desk.names import Names
from portal.desk.next_step import clocks, next_step
from portal.desk.story import meanwhile, timeline
from tests.support.builders import NOON, community
from tests.support.office import Office
from workflow.cases.api.views import case_view
from workflow.cases.domain.action import Action
from workflow.cases.domain.owed import owed
from workflow.community.domain.directory import Directory

HOUR = timedelta(hours=1)
SLUG = st.from_regex(r"[a-z0-9][a-z0-9._-]{0,20}", fullmatch=True)
FILTERS = st.builds(
    Filters,
    view=st.sampled_from(VIEWS),
    community=st.none() | SLUG,
    state=st.sets(st.sampled_from(STATES)).map(lambda chosen: tuple(each for each in STATES if each in chosen)),
    kind=st.none() | st.sampled_from(KINDS),
    category=st.none() | SLUG,
    neighbourhood=st.none() | SLUG,
    party=st.none() | SLUG,
    level=st.none() | st.sampled_from(LEVELS),
    q=st.none() | st.text(min_size=1, max_size=40).map(str.strip).filter(bool),
    sort=st.none() | st.sampled_from(SORTS),
)


@given(FILTERS)
def test_an_address_says_all_of_a_filter(filters: Filters) -> None:
    assert Filters.read(parse_qsl(filters.query)) == filters


def test_what_nobody_can_mean_is_left_out_of_an_address() -> None:
    wrong = [("view", "mine"), ("state", "gone"), ("kind", "<b>"), ("party", "$ne"), ("cursor", "x"), ("more", "1")]
    assert Filters.read(wrong) == Filters()


def test_my_turn_is_what_my_party_owes_and_for_the_office_what_waits_for_a_decision() -> None:
    assert Filters().asked("estate", []) == {"party": "estate", "sort": "due"}
    assert Filters().asked(None, []) == {"state": ["triage", "returned"], "sort": "due"}
    assert Filters(view="post").asked("estate", []) == {"sort": "due"}
    assert Filters(view="overdue").asked(None, []) == {"overdue": True, "sort": "due"}
    assert Filters(view="watching").asked(None, ["a", "b"])["id"] == ["a", "b"]


def test_what_owes_nothing_is_not_sorted_by_what_is_owed() -> None:
    assert Filters(view="post", state=("closed",)).order == "updated"
    assert Filters(view="post", q="电梯").order == "updated"
    assert Filters(view="post", state=("accepted",)).order == "due"


@pytest.fixture
def office() -> Office:
    here = Office(Directory(community(), 1))
    here.report("a", category="facilities.lift", neighbourhood="east")
    here.report("b", category="facilities.lift", neighbourhood="east")
    here.report("c", title="别的事")
    return here


def seen(office: Office, id: str) -> dict[str, Any]:
    """A case as workflow answers."""
    found: dict[str, Any] = orjson.loads(case_view(office.cases[id], office.directory).model_dump_json())
    return found


def test_what_is_next_is_the_clock_that_runs_out_first(office: Office) -> None:
    said = []
    for action, fields in [
        (None, {}),
        (Action.ACCEPT, {}),
        (Action.PAUSE, {}),
        (Action.RESUME, {}),
        (Action.RETURN, {"message": "不归我们管"}),
        (Action.SEND_BACK, {}),
        (Action.ACCEPT, {}),
        (Action.RESOLVE, {"message": "已修好"}),
        (Action.CLOSE, {}),
    ]:
        if action:
            office.act("a", action, **fields)
        said.append(next_step(seen(office, "a"), NOON).what)
    assert said == [
        *("accept", "resolve", "wait_other", "resolve", "arbitrate", "accept", "resolve", "ask", "nothing"),
    ]
    assert next_step(seen(office, "c"), NOON).what == "route"
    office.act("b", Action.MERGE, into="c")
    assert next_step(seen(office, "b"), NOON).what == "follow"


def test_the_clocks_are_those_that_workflow_counts(office: Office) -> None:
    for id in ("a", "c"):
        shown = {clock.name: clock.by for clock in clocks(seen(office, id), NOON) if clock.standing in {"next", "owed"}}
        assert shown == {kind.value: by for kind, by in owed(office.cases[id])}


def test_a_clock_says_whether_it_runs_stands_was_kept_or_missed(office: Office) -> None:
    def standings(after: timedelta) -> dict[str, str]:
        return {clock.name: clock.standing for clock in clocks(seen(office, "a"), NOON + after)}

    assert standings(HOUR) == {"accept": "next", "resolve": "owed"}
    assert standings(3 * HOUR) == {"accept": "late", "resolve": "owed"}
    office.act("a", Action.ACCEPT)
    assert standings(3 * HOUR) == {"accept": "met", "resolve": "next"}
    office.act("a", Action.PAUSE)
    assert standings(3 * HOUR) == {"accept": "met", "resolve": "paused"}


def test_a_next_step_stands_out_when_little_time_is_left(office: Office) -> None:
    case = seen(office, "c")  # a day to decide
    tones = [next_step(case, NOON + after).tone for after in (HOUR, 23 * HOUR, 25 * HOUR)]
    assert tones == ["ok", "late", "bad"]


def test_time_is_told_in_the_readers_language_as_people_count_it() -> None:
    ANSWER_IN.set(Language.EN)
    assert words.left(NOON + timedelta(minutes=12), NOON) == "12 min left"
    assert words.left(NOON + timedelta(hours=5, minutes=7), NOON) == "5 h 7 min left"
    assert words.left(NOON - timedelta(days=3, hours=4), NOON) == "late by 3 d 4 h"


def test_every_action_of_the_interface_has_a_form_and_nothing_else() -> None:
    assert set(ACTIONS) == {*ASKED, "follow_up", "evidence"}
    assert set(IN_BULK) < set(ACTIONS)
    for name in ACTIONS:
        assert words.action(name) != name
        assert words.effect(name)


def test_a_form_makes_the_body_that_workflow_reads() -> None:
    sent = FormData([("reason", "不归\r\n我们管 "), ("evidence", "a"), ("evidence", "b"), ("by", "")])
    body = body_of(ACTIONS["return"], sent)
    assert Returned.model_validate(body).evidence == ["a", "b"]
    assert body["reason"] == "不归\n我们管"
    parts = FormData(
        [
            ("part-1-party", "water-co"),
            ("part-1-message", "修管"),
            ("part-3-party", "estate"),
            ("part-3-message", "清理"),
        ]
    )
    assert [part.party for part in SplitInto.model_validate(body_of(ACTIONS["split"], parts)).parts] == [
        *("water-co", "estate"),
    ]


def test_an_invited_party_promises_something_with_its_words_or_nothing() -> None:
    sent = [("message", "六月底前"), ("promise_kind", "money"), ("promise_due", "2027-06-30"), ("promise_yuan", "12.5")]
    body = body_of(ACTIONS["progress"], FormData(sent))
    assert Progressed.model_validate(body).promise == Promise(kind=MayCommit.MONEY, due=date(2027, 6, 30), fen=1_250)
    assert "promise" not in body_of(ACTIONS["progress"], FormData([("message", "在办"), ("promise_kind", "")]))
    with pytest.raises(ValueError, match="fen"):
        Progressed.model_validate(body_of(ACTIONS["progress"], FormData([*sent[:3], ("promise_yuan", "许多")])))


def test_a_correction_names_what_differs_and_takes_away_what_was_emptied(office: Office) -> None:
    case = seen(office, "a") | {"place": "西门"}
    fields = {"title": case["title"], "kind": "report", "category": "", "neighbourhood": "west", "place": ""}
    body = body_of(ACTIONS["correct"], FormData([*fields.items(), ("reason", "看错了")]), case)
    assert body == {"category": None, "neighbourhood": "west", "place": None, "reason": "看错了"}
    assert Corrected.model_validate(body)


def test_names_are_those_of_the_readers_language_and_an_unknown_id_is_its_own() -> None:
    data = community().model_dump(mode="json")
    data["parties"][0]["name_en"] = "Street office"
    names = Names("test", data)
    ANSWER_IN.set(Language.EN)
    assert (names.party("street"), names.party("estate"), names.party("gone")) == ("Street office", "物业公司", "gone")
    assert names.category("facilities.lift") == "设施 › 电梯"
    assert names.below("grid-1") == {"grid-1", "group-1", "house-1", "estate"}
    assert Names("test", None).place("east") == "east"


def test_letters_stand_in_the_timeline_where_they_were_sent() -> None:
    history = [
        {"sequence": n, "type": f"linli.case.{what}.v1", "at": (NOON + n * HOUR).isoformat(), "by": by, "data": {}}
        for n, what, by in [(1, "opened", "resident"), (2, "dispatched", "linli"), (3, "accepted", "estate")]
    ]
    letter = {
        "recipient": "party:estate",
        "channel": "email",
        "state": "sent",
        "created_at": (NOON + 2 * HOUR).isoformat(),
        "finished_at": (NOON + 2.5 * HOUR).isoformat(),
    }
    names = Names("test", community().model_dump(mode="json"))
    told = timeline(history, [letter], names)
    assert [(each.from_whom, each.who) for each in told] == [
        ("reporter", "The reporter"),
        ("rule", "A rule"),
        ("letter", "物业公司"),
        ("person", "物业公司"),
    ]
    assert [each.what for each in meanwhile(history, 2, names)] == ["accepted"]
