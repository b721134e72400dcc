"""The actions on a case are described once: what the API takes is what the command line sends."""

import typing

import pytest
from fastapi.routing import APIRoute

from linli.contracts.workflow.actions import ACTIONS, PARTICULARS, ActionRequest
from linli_cli.cases.actions import FIELDS, PUTS_RIGHT, Action, Options
from workflow.cases.api.actions import routes
from workflow.cases.domain import action as domain
from workflow.cases.domain.particulars import NAMES


def taken_by_the_api() -> dict[str, type[ActionRequest]]:
    """The bodies of the routes, by action."""
    found: dict[str, type[ActionRequest]] = {}
    for route in routes.routes:
        assert isinstance(route, APIRoute)
        said = typing.get_type_hints(route.endpoint)["body"]
        body = next((each for each in (said, *typing.get_args(said)) if isinstance(each, type)), None)
        if body is not None and issubclass(body, ActionRequest):
            found[route.path.rpartition(":")[2]] = body
    return found


def test_each_action_has_its_route_with_what_is_said_with_it() -> None:
    assert taken_by_the_api() == dict(ACTIONS)
    assert set(ACTIONS) == set(domain.Action) - {domain.Action.WITHDRAW}


def test_each_action_is_one_of_the_command_and_each_thing_that_is_said_an_option() -> None:
    assert {action.sent for action in Action} == set(ACTIONS)
    options = {FIELDS.get(name, name) for name in Options.__dataclass_fields__}
    assert options == {name for body in ACTIONS.values() for name in body.model_fields}


@pytest.mark.parametrize("names", [NAMES, [FIELDS.get(name, name) for name in PUTS_RIGHT[Action.CORRECT]]])
def test_what_can_be_put_right_is_one_list(names: typing.Sequence[str]) -> None:
    assert tuple(names) == PARTICULARS
