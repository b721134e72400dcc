"""What each step's form makes is what the service takes: fields and kinds, without a server."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fastapi.routing import APIRoute

from neighbourhood.main import build
from neighbourhood.settings import NeighbourhoodSettings
from portal.renewal.forms import Filled, Form, body_of
from portal.renewal.steps.fields import with_truths
from portal.renewal.steps.kinds import KINDS
from portal.renewal.steps.step import Known, Step

NOON, DAY, HASH = "2026-03-20T04:00:00Z", "2026-03-20", "0" * 64
PLACE = {"community": "test", "neighbourhood": "east"}
QUESTION = {"id": "a", "kind": "text", "text": {"zh": "什么？"}, "options": [], "required": False, "least": 0}
ITEM = {"id": "i-1", "category": "basic", "title": {"zh": "车棚"}, "demands": [], "shares": [], "estimate": 0}
AFFAIRS: dict[str, dict[str, Any]] = {
    "rounds": {"title": {"zh": "问需"}, "questions": [QUESTION], "version": 1},
    "taskforces": {
        "seats": {"s-1": {"terms": [{"holder": "m-1", "first": "2026-03-01", "until": None}]}},
        "bulletins": [0],
    },
    "meetings": {
        **{"taskforce_id": "t-1", "starts_at": NOON, "place": "议事厅", "topics": [{"id": "i-1", "title": "车棚"}]},
        **{"present": {"s-1": "m-1"}, "minutes": HASH},
    },
    "actions": {"due": DAY},
    "clearings": {},
    "deliberations": {
        **{"invitations": {"i-1": {"party": "water-co"}}, "sessions": {"r-1": []}, "proposals": {"q-1": []}},
        **{"draft": {"digest": HASH}, "taskforce_id": "t-1", "dissent": {}},
        **{"mandates": {"i-1": {"of": "water-co"}}, "commitments": {"i-1": {"party": "water-co"}}},
    },
    "plans": {"items": {"i-1": ITEM}, "demands": ["d-1"], "declined": {}, "versions": []},
    "publicity": {"buildings": ["b3", "b4"], "posted": {"b3": NOON}, "missing": {}, "digest": HASH},
    "covenants": {"versions": [{"digest": HASH, "title": "公约", "state": "reviewed"}], "track": "residents"},
}
ANSWERS: dict[str, Any] = {
    "/v1/taskforces/t-1": AFFAIRS["taskforces"],
    "/v1/covenant-templates": [{"id": "residents", "title": "居民公约"}],
    f"/v1/covenants/x-1/texts/{HASH}": {"text": "第一条"},
    "/v1/meetings": [{"id": "m-1", "starts_at": NOON, "place": "议事厅"}],
    "/v1/taskforces": [{"id": "t-1", "title": "专班"}],
    "/v1/works": [{"id": "p-1", "title": "车棚"}],
    "/v1/deliberations/x-1/record": [{"id": "q-1", "kind": "proposal", "words": "移到北侧"}],
}


async def _answered(path: str, params: Any = None) -> Any:
    return ANSWERS.get(path, [])


def _here() -> Any:
    person = SimpleNamespace(party="street", principal="key:a", may=lambda _: True)
    now = datetime(2026, 3, 20, tzinfo=UTC)
    office = SimpleNamespace(today=now.date(), now=lambda: now)
    return SimpleNamespace(
        get=_answered, person=person, zone=ZoneInfo("Asia/Shanghai"), visit=SimpleNamespace(office=office)
    )


def _said(field: Any) -> tuple[str, ...]:
    """Something that can be said to it."""
    if field.name == "comes_of":
        return ("meeting:m-1",)
    by_kind = {"day": DAY, "moment": "2026-03-20T14:00", "number": "1", "yuan": "12.50", "lines": "x-1", "yes": "yes"}
    by_kind |= {"scan": HASH, "photos": HASH, "version": "1"}
    if field.kind in {"choice", "some"}:
        return tuple(value for value, _text in field.options[:1])
    return (by_kind.get(field.kind) or (field.value if isinstance(field.value, str) and field.value else "x-1"),)


STEPS = [(kind.name, step.name) for kind in KINDS.values() for step in kind.steps]
STEPS += [(kind.name, "begin") for kind in KINDS.values() if kind.begin]


@pytest.fixture(scope="module")
async def routes(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[str, APIRoute]]:
    """Neighbourhood's; it is put together and connects to nothing."""
    secrets = tmp_path_factory.mktemp("secrets")
    for name in ("operator.key", "service.key", "register.key"):
        (secrets / name).write_text("a key for tests")
        (secrets / name).chmod(0o600)
    service = build(NeighbourhoodSettings(secrets_dir=secrets))
    app: Any = service.app
    yield {each.path: each for each in app.state.routes if isinstance(each, APIRoute) and "POST" in each.methods}
    await service.close()


@pytest.mark.parametrize(("kind", "name"), STEPS)
async def test_the_service_takes_what_a_form_makes(routes: dict[str, APIRoute], kind: str, name: str) -> None:
    begins = name == "begin"
    step = KINDS[kind].begin if begins else KINDS[kind].named(name)
    assert isinstance(step, Step)
    affair = PLACE if begins else {**PLACE, "id": "x-1", **AFFAIRS[kind]}
    asks = await step.asks(Known(_here(), affair, "i-1", "0" * 32))
    form = Form("", "", "", asks.fields)
    said = {each.name: _said(each) for each in asks.fields}
    body, faults = body_of(form, Filled(said), ZoneInfo("Asia/Shanghai"))
    assert not faults, faults
    whole = {**asks.made(with_truths(asks.fields, body)), **asks.also}
    path = f"/v1/{kind}" if begins else step.where(kind, "{id}").replace("%7Bid%7D", "{id}")
    route = routes[path]
    if route.body_field is None:
        assert not whole
        return
    _value, errors = route.body_field.validate(whole, {}, loc=("body",))
    assert not errors, errors


ELSEWHERE = {
    # on a page of their own
    "rounds": {"open", "extend", "close", "summarise", "publish", "settle_cluster", "leave_out"},
    # what a plan, or a survey that is summarised, does with its notice itself
    "publicity": {"change_text"},
}
"""What the service takes and no step gives."""


@pytest.mark.parametrize("kind", KINDS)
async def test_what_the_service_takes_has_a_step_at_the_desk(routes: dict[str, APIRoute], kind: str) -> None:
    """Who adds a command to an affair gives it a form, or says here why it has none."""
    verbs = {path.rpartition(":")[2] for path in routes if path.startswith(f"/v1/{kind}/{{id}}:")}
    steps = {step.verb or step.name for step in KINDS[kind].steps}
    assert verbs - steps == ELSEWHERE.get(kind, set())


async def test_what_no_form_makes_is_not_taken(routes: dict[str, APIRoute]) -> None:
    field = routes["/v1/taskforces/{id}:fill_seat"].body_field
    assert field is not None
    _value, errors = field.validate({"seat_id": "s-1", "unknown": 1}, {}, loc=("body",))
    assert errors
