"""The pages of common affairs with everything on them, without a server: in both languages nothing is missing."""

from collections.abc import Iterator
from time import process_time
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fastapi import Request

from linli.contracts.kinds import Language
from linli.web.problem_words import ANSWER_IN
from portal.addresses import at
from portal.pages.rendering import Pages
from portal.renewal import plan_words, step_words, vote_forms, vote_words, words
from portal.renewal.forms import Field, Filled, Form, body_of
from portal.renewal.giving import Giving
from portal.renewal.lineage_api import page_of
from portal.renewal.owners import Owners
from portal.renewal.prepare_forms import Place, Room, close_up, command, drafted, form_of
from portal.renewal.steps.actions import ACTIONS
from portal.renewal.steps.deliberations import DELIBERATIONS
from portal.renewal.steps.notices import NOTICES
from portal.renewal.steps.plans import PLANS
from portal.renewal.steps.taskforces import TASKFORCES
from portal.residents.naming import called
from portal.residents.tracked import Tracked

NOON = "2026-03-20T04:00:00Z"
BOTH = {"area": 60_00, "heads": 1}
COUNTED = {"matter": "a", "electorate": BOTH, "quorum": False, "passed": False}
COUNTED |= dict.fromkeys(("approve", "oppose", "abstain", "took_part"), BOTH)
VOTE: dict[str, Any] = {
    "id": "v-1",
    "community": "test",
    "neighbourhood": "east",
    "state": "declared",
    "effect": "consultation",
    "texts": [{"matter": "a", "text": "<建车棚>"}],
    **dict.fromkeys(("opens_from", "opened_at", "closes_at", "declared_at", "challenge_until"), NOON),
    "electorate": BOTH,
    "turnout": BOTH,
    "results": [COUNTED],
}
NOTICE = {"id": "n-1", "subject": "plan", "subject_id": "plan-1", "hangs_in": 1, "of_buildings": 2, "digest": "0" * 64}
NOTICE |= {"first_day": "2026-03-21", "last_day": "2026-03-27"}
NOTICE |= {
    "buildings": [
        {"building": "b3", "posted_at": NOON, "missing_since": None},
        {"building": "b4", "posted_at": None, "missing_since": NOON},
    ]
}
WORK = {"id": "p-1", "title": "车棚", "state": "building", "percent": 30, "rounds": 1, "defects": 2, "defects_open": 1}
WORK |= {"appointed": [{"role": "client", "party": "street"}], "accepted_on": None, "filed": None}
WORK |= {"warranties": [{"trade": "pipes", "until": "2028-03-20"}]}
ROUND = {"id": "r-1", "title": {"zh": "改造需求征集", "en": ""}, "stage": "open", "closes_at": NOON}
ROUND |= {"invited": 48, "answered": 30, "clusters": [{"id": "c-1", "title": {"zh": "停车"}, "demands": 3}]}
PLAN = {"id": "plan-1", "title": {"zh": "改造方案"}, "stage": "noticed", "number": 2, "estimate": 12_000_00}
PLAN |= {"items": [{"category": "basic", "title": {"zh": "车棚"}, "estimate": 12_000_00}]}
PLAN |= {"declined": [{"demand": "d-1", "reason": {"zh": "没有空地"}}], "changing": False}
ITEM = {"id": "shed", "category": "basic", "title": {"zh": "车棚"}, "description": None, "estimate": 12_000_00}
ITEM |= {"shares": [{"payer": "government", "party": None, "fen": 12_000_00}], "demands": ["d-1", "d-2"]}
COVENANT_TEXT = {"number": 1, "digest": "0" * 64, "state": "in_force", "title": "<东院公约>", "text": "不堆杂物。"}
COVENANT_TEXT |= {"comments_until": "2026-03-01", "adopted_on": "2026-03-10", "from_day": "2026-03-20", "signed": 40}
COVENANT = {"id": "c-1", "community": "test", "neighbourhood": "east", "track": "owners", "in_force": COVENANT_TEXT}
COVENANT |= {"coming": COVENANT_TEXT | {"number": 2, "state": "commenting", "from_day": None, "signed": 0}}
TALK = {
    "id": "t-1",
    "question": {"zh": "建在哪里"},
    "state": "open",
    "first_day": "2026-03-01",
    "last_day": "2026-03-20",
}
STEP = {"stage": "end", "state": "declined", "at": NOON, "reason": {"zh": "没有空地", "en": ""}, "settled": False}
STEP |= {"thing": {"kind": "demand", "id": "d-1"}, "came_of": [{"kind": "plan", "id": "plan-1"}]}
STAFF: Any = SimpleNamespace(
    may=lambda _: True, csrf="x", party="street", role="party", principal="key:a", community=None
)


@pytest.fixture(params=list(Language))
def pages(request: pytest.FixtureRequest) -> Iterator[Pages]:
    made = Pages(process_time, "Asia/Shanghai")  # type: ignore[arg-type]  # no page here tells how long ago
    made.add_filters(metres=words.metres, day=words.day, wording=words.wording, called=called)
    before = ANSWER_IN.get()
    ANSWER_IN.set(request.param)
    yield made
    ANSWER_IN.set(before)


def shown(pages: Pages, template: str, person: Any = None, **values: Any) -> str:
    asked = Request({"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b""})
    asked.state.person = person
    return pages.text(asked, template, w=words, p=plan_words, s=step_words, at=at, **{"said": None} | values)


def test_the_board_and_a_vote_with_all_that_there_may_be(pages: Pages) -> None:
    told = {"p-1": [{"at": NOON, "percent": 30, "message": "地基完成"}]}
    values: dict[str, Any] = {"place": {"id": "east", "name": "东院"}, "told": told}
    values |= {"notices": [NOTICE], "rounds": [ROUND], "plans": [PLAN], "votes": [VOTE], "works": [WORK]}
    values |= {"covenants": [COVENANT], "talks": [TALK, TALK | {"state": "published"}]}
    board = shown(pages, "renewal/board.html", community="test", **values)
    assert "&lt;东院公约&gt;" in board
    assert board.count('id="c-1"') == 1, "what holds and what is coming are two texts of one covenant"
    assert "¥12,000.00" in board
    assert "地基完成" in board
    assert "&lt;建车棚&gt;" in board
    assert 'href="/plans/plan-1">' in board, "what hangs leads to the thing itself"
    assert 'href="/talks"' in board and 'href="/outcome/t-1"' in board
    doors = [{"door": "3号楼***", "owner": "王*", "area": 60_00, "took_part": True}]
    vote = shown(
        pages,
        "renewal/vote.html",
        vote=VOTE,
        took_part=doors,
        seals=["a"],
        more_seals="a",
        seal="b",
        is_there=False,
        all_seals=True,
        before=0,
        behind=400,
    )
    assert "?after=400#doors" in vote
    assert "?seals=true&amp;behind=a#check" in vote
    assert "60.00 ㎡" in vote
    assert 'role="alert"' in vote


def test_asking_for_bulletins_and_ones_own_subscription(pages: Pages) -> None:
    place, hears = {"id": "east", "name": "<东院>"}, [(each, words.hears(each)) for each in ("milestones", "ends")]
    asked: dict[str, Any] = {"community": "test", "place": place, "hears": hears, "fault": None, "done": False}
    refused = asked | {"said": {"email": "wang@", "hears": "ends", "consents": "yes"}, "fault": "不是邮箱"}
    page = shown(pages, "renewal/bulletins.html", **refused)
    assert "&lt;东院&gt;" in page
    assert 'value="wang@"' in page
    assert '<option value="ends" selected>' in page
    assert 'name="email"' not in shown(pages, "renewal/bulletins.html", **asked | {"said": {}, "done": True})
    assert 'name="email"' in shown(pages, "renewal/bulletins.html", **asked | {"said": {}}), "before anything is said"
    mine: dict[str, Any] = {"hears": "ends", "confirmed_at": None}
    waits = shown(pages, "renewal/bulletins_own.html", subscription=mine, place=place, hears=hears, code="c")
    assert 'value="confirm"' in waits
    assert 'value="thin"' not in waits
    confirmed = mine | {"confirmed_at": NOON}
    reads = shown(pages, "renewal/bulletins_own.html", subscription=confirmed, place=place, hears=hears, code="c")
    assert 'value="thin"' in reads
    assert 'value="end"' in reads
    over = shown(pages, "renewal/bulletins_own.html", subscription=None, place=None, code="c")
    assert 'value="end"' not in over


def test_the_way_of_a_demand_for_staff_and_for_who_made_it(pages: Pages) -> None:
    item = STEP | {"stage": "item", "state": "finalised", "thing": {"kind": "item", "id": "plan-1~shed"}}
    way = {"steps": [item, STEP], "end": None}
    drawn = shown(pages, "renewal/lineage.html", STAFF, case=None, lineage=way, page_of=page_of)
    assert "没有空地" in drawn
    assert 'href="/desk/plans/plan-1"' in drawn
    assert "plan-1" in drawn
    said = {"id": "d-1", "title": "要电梯", "state": "accepted", "opened_at": NOON, "timeline": []}
    values = {"photos": [], "what_happened": str, "refused": None, "words": "", "way": way | {"steps": [STEP]}}
    page = shown(pages, "residents/track.html", tracked=Tracked("c", said), **values)
    assert "没有空地" in page
    assert "plan-1" not in page


def test_the_desk_s_list_of_all_affairs(pages: Pages) -> None:
    plan = PLAN | {"versions": 2, "unanswered": 1, "open_objections": 0}
    talk = {"id": "t-1", "question": {"zh": "建在哪里"}, "state": "open", "last_day": "2026-03-20"}
    vote = {"id": "v-1", "terms": {"matters": [{}], "effect": "decision"}, "state": "open", "closes_at": None}
    register = {"id": "r-1", "units": 48, "heads": 46, "area": 2_880_00, "snapshots": {"s-1": "0" * 64}}
    work = WORK | {"defects": {}}
    notice = {"id": "n-1", "subject": "plan", "subject_id": "plan-1", "stage": "hanging", "buildings": ["b3"]}
    of = {"rounds": [ROUND], "plans": [plan], "deliberations": [talk], "votes": [vote], "registers": [register]}
    structure = {"id": "x-1", "what": "彩钢板棚", "where": "3号楼", "state": "noticed", "remove_by": "2026-03-20"}
    of |= {"clearings": [structure]}
    of |= {"taskforces": [{"id": "t-1", "title": "专班", "seats": {}}], "works": [work], "publicity": [notice]}
    kept = {"id": "c-1", "track": "owners", "versions": [{"title": "东院公约", "state": "filed"}], "signatures": []}
    of |= {"covenants": [kept, kept | {"versions": []}]}
    place = {"community": "test", "neighbourhood": "east", "snapshot": "s-2", "key": str, "asked": {"v-1": "<车棚>"}}
    listed = shown(pages, "renewal/affairs.html", STAFF, of=of, **place)
    assert "2,880.00 ㎡" in listed and "/desk/notices/n-1" in listed
    assert "&lt;车棚&gt;" in listed, "a vote is known by what it asks"
    away = shown(pages, "renewal/affairs.html", STAFF, of=dict.fromkeys(of), **place)
    assert away.count('role="status"') == len(of), "nothing is not said of what cannot be had"


def test_a_closed_vote_at_the_desk_with_a_teller_s_form(pages: Pages) -> None:
    terms = {"effect": "decision", "matters": [{"id": "a"}], "snapshot_id": "s-1", "channels": ["paper", "proxy"]}
    vote = VOTE | {"terms": terms | {"tellers": ["key:a"]}, "state": "closed", "certified": ["key:b"], "proxies": {}}
    vote |= {"challenges": {f"c-{each}": {"ground": "count", "upheld": each} for each in (None, True, False)}}
    vote |= dict.fromkeys(("noticed_at", "closed_at", "post_by", "published_at"), NOON)
    texts = {"a": "建车棚"}
    form, step = vote_forms.certify(vote, texts), vote_forms.step("open")
    values: dict[str, Any] = {"texts": texts, "count": {"matters": [COUNTED]}, "name": "open", "vw": vote_words}
    values |= {"certify": (form, Filled.at_first(form)), "step": (step, Filled.at_first(step)), "is_teller": True}
    page = shown(pages, "renewal/desk_vote.html", STAFF, vote=vote, turnout=VOTE, **values)
    assert 'name="matters.0.approve.area"' in page
    assert page.count('name="key"') == 2, "each form has its own key"
    assert page.count("/do/settle_challenge?of=") == 1


OWNERS = Owners.of(
    [
        {"owner": "o-1", "name": "王一", "doors": ["3号楼1单元101", "3号楼1单元102"], "units": ["u-1", "u-2"]}
        | {"stairwells": ["s-1", "s-1"], "area": 120_00},
        {"owner": "o-2", "name": "王二", "doors": ["3-2-201"], "units": ["u-3"], "stairwells": ["s-2"], "area": 60_00},
    ]
)


def test_owners_are_known_by_their_doors_however_they_are_typed() -> None:
    assert OWNERS.owner(" 3 号楼１单元101 ") == OWNERS.owner("o-1") == "o-1"
    assert (OWNERS.owner("3号楼"), OWNERS.unit("３－２－201"), OWNERS.door("A-1")) == (None, "u-3", "A-1")
    assert OWNERS.stairwells == [("s-2", "3-2-201 – 3-2-201 (1)"), ("s-1", "3号楼1单元101 – 3号楼1单元102 (2)")]
    whose = vote_forms.whose(OWNERS, "principal", "agent")
    assert whose({"principal": "3-2-201", "agent": "a-1"})[0] == {"principal": "o-2", "agent": "A-1"}
    assert set(whose({"principal": "A-1", "agent": "王二"})[1]) == {"principal", "agent"}


def test_who_votes_for_whom_and_what_a_second_person_reads(pages: Pages) -> None:
    vote = VOTE | {"state": "open", "proxies": {"o-1": "A-1"}, "terms": {"principals_per_agent": 3}}
    listed = shown(pages, "renewal/desk_proxies.html", STAFF, vote=vote, owners=OWNERS)
    assert "王一" in listed and "/do/revoke_proxy?of=o-1" in listed
    fields = (Field("owner", "Whose"), Field("scan", "Scan", "scan"), Field("choices.m0", "<车棚>", "choice"))
    first, second = Form("", "", "", fields), Form("", "", "", (Field("second.choices.m0", "<车棚>"),))
    filled = Filled({"owner": ("3-2-201",), "scan": ("0" * 64,), "choices.m0": ("approve",)})
    giving = Giving(second, "/desk/votes/v-1/box/paper", "", "/desk/votes/v-1", "Vote")
    values = {"first": first, "form": second, "filled": filled, "giving": giving, "whose": "3-2-201 · 王二", "by": ""}
    page = shown(pages, "renewal/desk_paper.html", STAFF, **values)
    assert 'name="kept.scan"' in page and 'name="choices.m0"' in page and "王二" in page and "&lt;车棚&gt;" in page


def test_a_draft_becomes_the_request_and_the_form_again(pages: Pages) -> None:
    said = {
        "snapshot": ("s-1",),
        "matters.0.zh": ("",),
        "matters.1.zh": ("加装电梯",),
        "matters.1.en": ("A lift",),
        "matters.1.legal_class": ("lift",),
        "matters.1.stairwells": ("s-1",),
        "matters.2.zh": ("住改商",),
        "matters.2.legal_class": ("home_to_business",),
        "matters.2.units": ("3-2-201\n9-9-999",),
        "channels": ("paper",),
        "tellers.0": ("key:a",),
        "tellers.1": ("key:b",),
    }
    filled = close_up(Filled(said))
    room = Room.of(filled)
    assert (room.matters, Room.of(filled, spare=True).matters) == (2, 3)
    form = form_of(Place("test", "east", [("s-1", "s-1")], "s-1", OWNERS, []), room, "Prepare", "Done")
    giving = Giving(form, "/desk/votes/v-1/prepare", "", "/desk", "Desk")
    page = shown(pages, "renewal/desk_give.html", STAFF, giving=giving, form=form, filled=filled, more=True)
    assert 'name="matters.1.units"' in page and 'name="more"' in page
    flat, faults = body_of(form, filled, ZoneInfo("Asia/Shanghai"))
    assert faults == {}
    body, wrong = command(OWNERS, flat)
    assert set(wrong) == {"matters.1.units"} and "9-9-999" in wrong["matters.1.units"]
    lift, business = body["matters"]
    assert lift == {
        "id": "a",
        "text": "加装电梯\n\nA lift",
        "legal_class": "lift",
        "stairwells": ["s-1"],
        "units": [],
    }
    assert business["units"] == ["u-3", None]
    assert body["tellers"] == ["key:a", "key:b"]
    terms = {"snapshot_id": "s-1", "channels": ["paper"], "tellers": ["key:a", "key:b"], "office_confirms": None}
    rules = [{"legal_class": "lift", "electorate": "stairwell"}, {"legal_class": "other", "electorate": "interested"}]
    matters = [{"id": "a", "rule": rules[0], "units": ["u-1", "u-2"]}, {"id": "b", "rule": rules[1], "units": ["u-3"]}]
    again = drafted({"terms": terms | {"matters": matters}}, {"a": "甲", "b": "乙"}, OWNERS)
    assert (again.all("matters.0.stairwells"), again.one("matters.1.units")) == (["s-1"], "3-2-201")


ACTION = {"id": "a-1", "what": "<迁移电表箱>", "owner": "street", "due": "2026-06-30", "missed": ["2026-05-30"]}


def test_a_task_force_at_the_desk_with_a_task_to_verify(pages: Pages) -> None:
    term = {"holder": "m-1", "first": "2026-03-01", "until": None, "stands_in": True}
    force = {"id": "t-1", "community": "test", "neighbourhood": "east", "title": "东院改造专班"}
    force |= {"seats": {"residents-1": {"role": "residents", "terms": [term]}}}
    meeting = {"id": "m-1", "starts_at": NOON, "place": "议事厅", "state": "confirmed"}
    meeting |= {"topics": [{"id": "a", "title": "车棚"}]}
    right = {"number": 1, "instead": "八月开工", "why": "笔误"}
    bulletin = {"number": 1, "title": "第一期", "text": "七月开工", "issued_at": NOON, "corrigenda": [right]}
    told: dict[str, Any] = {"meetings": [meeting], "bulletins": [bulletin]}
    told |= {"steps": TASKFORCES.steps, "of_action": {"a-1": ACTIONS.open_to({"state": "reported"}, STAFF)}}
    theirs = ACTION | {"owner": "estate", "state": "reported"}
    page = shown(pages, "renewal/desk_taskforce.html", STAFF, force=force, actions=[theirs], **told)
    assert "/desk/affairs/actions/a-1/verify" in page and "/desk/affairs/actions/a-1/return" in page
    assert "/desk/affairs/taskforces/t-1/call" in page and "/desk/meetings/m-1" in page
    assert "&lt;迁移电表箱&gt;" in page and "八月开工" in page
    own = shown(
        pages, "renewal/desk_taskforce.html", STAFF, force=force, actions=[ACTION | {"state": "reported"}], **told
    )
    assert "/verify" not in own, "whoever owes it does not verify it"


def test_who_owes_a_task_has_a_form_to_report_it(pages: Pages) -> None:
    page = shown(pages, "renewal/desk_actions.html", STAFF, actions=[ACTION], next=None)
    assert "/desk/affairs/actions/a-1/report" in page and "▲" in page
    others = shown(pages, "renewal/desk_actions.html", STAFF, actions=[ACTION | {"owner": "estate"}], next="c 1")
    assert "cursor=c%201" in others
    assert "/a-1/report" not in others


def test_a_deliberation_at_the_desk_with_a_commitment_to_take_up(pages: Pages) -> None:
    promised = {"party": "estate", "state": "offered", "promise": {"kind": "works", "due": "2026-06-30"}}
    talks = {"id": "d-1", "community": "test", "neighbourhood": "east", "question": {"zh": "车棚建在哪里？"}}
    talks |= {"state": "open", "first_day": "2026-03-01", "last_day": "2026-03-10", "sessions": {"r-1": []}}
    talks |= {"dissent": {}, "proposals": {"q-1": [{}, {}]}, "commitments": {"k-1": promised}}
    talks["commitments"] |= {"k-2": promised | {"state": "refused"}, "k-3": promised | {"party": "street"}}
    mandate = {
        "of": "estate",
        "mandate": {"speaker": "estate", "may": ["works"], "most": 100_00, "until": "2026-06-30"},
    }
    talks |= {"mandates": {"m-1": mandate | {"revoked": False}, "m-2": mandate | {"revoked": True}}}
    talks |= {"invitations": {str(at_): {"id": "i-1", "party": "estate", "comes": at_} for at_ in (None, True, False)}}
    talks |= {"draft": {"text": {"result": "agreed", "says": {"zh": "移到北侧"}}, "digest": "0" * 64}}
    line = {"at": NOON, "party": None, "voice": {"id": "h-1"}, "session": "r-1", "words": "<移到北侧>"}
    values: dict[str, Any] = {"record": [line], "words": {"q-1": "<移到北侧>"}, "steps": DELIBERATIONS.steps}
    values |= {"one": DELIBERATIONS.of_one(talks, STAFF), "talks": talks}
    page = shown(pages, "renewal/desk_deliberation.html", STAFF, came_to=None, **values)
    step = "/desk/affairs/deliberations/d-1"
    assert f"{step}/accept_commitment?of=k-1" in page and "车棚建在哪里？" in page
    assert f"{step}/hear_again?of=k-2" in page and f"{step}/withdraw_commitment?of=k-3" in page
    assert "accept_commitment?of=k-3" not in page, "nobody decides on what their own party offers"
    assert page.count(f"{step}/revoke_mandate?of=m-1") == 1 and "revoke_mandate?of=m-2" not in page
    assert "/desk/affairs/deliberations/d-1/codes" in page and "&lt;移到北侧&gt;" in page
    text = {"says": {"zh": "建在<东侧>"}, "caveat": {"zh": "不是表决结果"}}
    came_to = {"text": text, "support": [{"proposal_id": "q-1", "households": 3, "parties": 1}], "dissent": [{}]}
    over = shown(pages, "renewal/desk_deliberation.html", STAFF, came_to=came_to, **values)
    assert "建在&lt;东侧&gt;" in over and "不是表决结果" in over


def test_two_versions_of_a_plan_side_by_side(pages: Pages) -> None:
    text = {"number": 1, "title": {"zh": "旧名"}, "items": [ITEM], "declined": []}
    versions = [{"text": text | {"number": number}, "digest": str(number) * 64, "frozen_at": NOON} for number in (1, 2)]
    against = {"number": 1, "item": "shed", "outcome": "upheld", "answer": {"zh": "移到东侧"}, "withdrawn": False}
    answers = [against, against | {"item": None, "outcome": None, "answer": None}, against | {"withdrawn": True}]
    plan = PLAN | {"community": "test", "neighbourhood": "east", "changed": True, "finalised_at": NOON}
    plan |= {"demands": ["d-1", "d-2", "d-3"], "items": {"shed": ITEM}, "declined": {"d-3": {"zh": "没有空地"}}}
    plan |= {"versions": versions, "publicity": "n-1", "objections": dict(enumerate(answers))}
    after = ITEM | {"category": "improvement", "title": {"zh": "<东侧>车棚"}, "description": {"zh": "带顶"}}
    after |= {"estimate": 15_000_00, "shares": [], "demands": ["d-1"]}
    objected = {"objection": "o-1", "household": "h-1", "text": "<太近>", "filed_at": NOON, "outcome": None}
    days: dict[str, Any] = {"steps": PLANS.open_to(plan, STAFF), "one": PLANS.of_one(plan, STAFF), "left": ["d-2"]}
    days |= {"texts": {"d-2": "<要车棚>"}, "said_of": [objected | {"withdrawn": False}]}
    names = ["category", "title", "description", "estimate", "shares", "demands"]
    compared = {"before": {"text": text}, "after": {"text": text | {"title": {"zh": "新名"}}}, "same": False}
    compared |= {"added": [ITEM], "removed": [ITEM], "moved": True, "retitled": True}
    compared |= {"changed": [{"before": ITEM, "after": after, "fields": names}]}
    outcome = {"demand": "d-2", "before": ["shed"], "after": {"zh": "另行研究"}}
    compared |= {"outcomes": [outcome, outcome | {"before": None}]}
    days |= {"first_day": "2026-03-21", "last_day": "2026-03-27"}
    page = shown(pages, "renewal/desk_plan.html", STAFF, plan=plan, compared=compared, before=1, after=2, **days)
    assert "/desk/notices/n-1" in page
    assert page.count("<del>") == page.count("<ins>") == len(names)
    for said in ("&lt;东侧&gt;车棚", "¥15,000.00", "另行研究", "没有空地", "移到东侧", "旧名 → 新名", "2" * 64):
        assert said in page, said
    same = {"changed": [], "outcomes": [], "same": True} | dict.fromkeys(("added", "removed", "moved", "retitled"))
    assert "<ins>" not in shown(
        pages, "renewal/desk_plan.html", STAFF, plan=plan, compared=same, before=1, after=2, **days
    )
    drafted = plan | {"versions": [], "items": {}, "objections": {}, "finalised_at": None}
    none = days | {"compared": None, "before": None, "after": None, "first_day": None, "last_day": None}
    assert "/desk/affairs/plans/plan-1/decline?of=d-2" in page and "&lt;要车棚&gt;" in page
    assert page.count("/desk/affairs/plans/plan-1/answer_objection?of=o-1") == 1 and "&lt;太近&gt;" in page
    assert "<select" not in shown(pages, "renewal/desk_plan.html", STAFF, plan=drafted, **none)


def test_a_notice_at_the_desk_building_by_building(pages: Pages) -> None:
    notice = {"id": "n-1", "community": "test", "neighbourhood": "east", "subject": "plan", "subject_id": "plan-1"}
    notice |= {"digest": "0" * 64, "stage": "hanging", "buildings": ["b3", "b4"], "posted": {"b3": NOON}}
    notice |= {"missing": {}, "photos": {"b3": "1" * 64}}
    buildings = [{**each, "photo": "1" * 64 if each["posted_at"] else None} for each in NOTICE["buildings"]]
    steps = NOTICES.open_to(notice, STAFF)
    assert [each.name for each in steps] == ["post", "miss", "complete", "end"]
    values: dict[str, Any] = {"steps": steps, "names": {each.name for each in steps}, "one": set()}
    page = shown(
        pages, "renewal/desk_notice.html", STAFF, affair=notice, board=NOTICE | {"buildings": buildings}, **values
    )
    assert "/desk/affairs/publicity/n-1/miss?of=b3" in page and "/post?of=b4" in page and "/desk/plans/plan-1" in page
    over = NOTICES.open_to(notice | {"stage": "completed"}, STAFF)
    assert over == []


PUBLIC_PLAN = PLAN | {"items": [ITEM], "changing": False, "days": ["2026-03-21", "2026-03-27"], "digest": "0" * 64}
PUBLIC_PLAN |= {"community": "test", "neighbourhood": "east"}
PUBLIC_PLAN |= {"objections": 1, "objections_open": 1}
OBJECTION = {"objection": "o-1", "number": 2, "item": "shed", "text": "<太近>", "filed_at": NOON}
OBJECTION |= {"outcome": None, "answer": None, "withdrawn": False}
BY_CODE: dict[str, Any] = {"code": "K7PM", "said": "", "fault": None, "written": {}, "key": "k"}


def test_a_household_reads_its_objections_and_what_became_of_them(pages: Pages) -> None:
    answered = OBJECTION | {"item": "gone", "outcome": "explained", "answer": {"zh": "合规。"}}
    view = {"plan": PUBLIC_PLAN, "objections": [OBJECTION, answered, OBJECTION | {"withdrawn": True, "text": ""}]}
    page = shown(pages, "renewal/objections.html", view=view, **BY_CODE)
    assert "&lt;太近&gt;" in page and "合规。" in page and page.count("/withdraw") == 1
    over = shown(
        pages, "renewal/objections.html", view=view | {"plan": PUBLIC_PLAN | {"stage": "finalised"}}, **BY_CODE
    )
    assert "<textarea" in page and "<textarea" not in over
    assert "2026" in shown(pages, "renewal/plan.html", plan=PUBLIC_PLAN)


def test_a_household_signs_exactly_the_text_that_it_reads(pages: Pages) -> None:
    comment = {"comment": "c-1", "number": 1, "digest": "0" * 64, "text": "太重", "taken": False, "answer": "不改。"}
    coming = COVENANT_TEXT | {"digest": "1" * 64, "state": "commenting"}
    covenant = {
        "id": "k-1",
        "community": "test",
        "neighbourhood": "east",
        "track": "residents",
        "in_force": COVENANT_TEXT,
        "coming": coming,
    }
    view = {"covenant": covenant, "signed": ["0" * 64], "comments": [comment, comment | {"answer": None}]}
    page = shown(pages, "renewal/signing.html", view=view, **BY_CODE)
    assert "/signing/K7PM/withdraw" in page and "/signing/K7PM/comments" in page and "/signing/K7PM/sign" not in page
    assert "/signing/K7PM/sign" in shown(pages, "renewal/signing.html", view=view | {"signed": []}, **BY_CODE)
