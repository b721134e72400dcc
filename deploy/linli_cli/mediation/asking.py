"""What the commands for mediations take, and how they ask."""

import asyncio
import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from linli_cli.connection.client import open_client
from linli_cli.connection.target import find_target
from linli_cli.terminal.language import say, term

Case = Annotated[str, typer.Argument(metavar="CASE", help="The dispute's id.")]
Mediator = Annotated[str, typer.Argument(metavar="MEDIATOR", help="As `linli mediation mediators` names them.")]


def step(case: str, action: str, body: dict[str, Any], as_json: bool) -> dict[str, Any]:
    """Take a step, and say where the mediation stands then."""
    answer: dict[str, Any] = asyncio.run(_post(f"/v1/cases/{case}/mediation{action and f':{action}'}", body))
    tell(answer, as_json)
    return answer


def tell(answer: dict[str, Any], as_json: bool) -> None:
    """An answer to a person: where it stands, and the code of who takes part now."""
    if as_json:
        print(json.dumps(answer, ensure_ascii=False))
        return
    stands = answer.get("mediation", answer)
    print(
        say(
            "Mediation of {case}: {state}",
            case=stands["case_id"],
            state=state_of("ended" if stands["ended"] else stands["state"]),
        )
    )
    if answer.get("code"):
        print(say("{who} takes part with this code, which is shown this once: {code}", **_admitted(answer)))


def state_of(state: str) -> str:
    """Where a mediation stands; some states of cases are called the same."""
    return term({"open": "in mediation", "escalated": "gone up", "ended": "taken back"}.get(state, state))


def show(found: dict[str, Any], as_json: bool) -> None:
    """All of it that its reader may read."""
    tell(found, as_json)
    if as_json:
        return
    table = Table(say("takes part"), say("as"), say("name"), box=None, header_style="bold")
    for each in found["mediators"]:
        table.add_row(*map(escape, (each["participant"], term("mediator"), each["name"] or "-")))
    for each in found["concerned"]:
        table.add_row(*map(escape, (each["participant"], term(each["side"]), each["name"] or "-")))
    Console(width=120).print(table)
    for each in found["sessions"]:
        print(say("Session {session}: {at}", session=each["session"], at=each["held_at"] or each["starts_at"]))
    for each in found["agreements"]:
        print(say("Agreement {number}, signed by {signed}: {digest}", **each | {"signed": len(each["signed"])}))
        if each["text"]:
            print(each["text"])


def ask(path: str, **params: Any) -> dict[str, Any]:
    """The JSON of a GET."""
    return asyncio.run(_get(path, params))


def send(path: str, body: dict[str, Any]) -> dict[str, Any]:
    """The JSON of a POST."""
    return asyncio.run(_post(path, body))


def _admitted(answer: dict[str, Any]) -> dict[str, Any]:
    return {"who": answer["participant"], "code": answer["code"]}


async def _post(path: str, body: dict[str, Any]) -> dict[str, Any]:
    async with open_client(find_target()) as client:
        given = {name: value for name, value in body.items() if value is not None}
        answer: dict[str, Any] = await client.post("workflow", path, given or None)
    return answer


async def _get(path: str, params: dict[str, Any]) -> dict[str, Any]:
    async with open_client(find_target()) as client:
        found: dict[str, Any] = await client.get("workflow", path, **params)
    return found
