"""Who may sign in to the pages at the end of the demo: its operator, and one of its parties for a day."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from linli_cli.connection.client import Client
from linli_cli.demo.check import NOBODY, Outcome
from linli_cli.portal.sign_in import Link, addresses, key_to_show, sign_in_link
from linli_cli.terminal.errors import CliError
from linli_cli.terminal.language import say

DAYS = 1


@dataclass(frozen=True)
class SignIns:
    """The links, or why there are none."""

    operator: Link | None = None
    party: Link | None = None
    party_id: str = ""
    party_name: str = ""
    why_not: Sequence[str] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """The pages and the links, for `--json`; null where there is none."""
        operator, party = self.operator, self.party
        return {
            "pages": operator.pages if operator else None,
            "operator": operator.as_json() if operator else None,
            "party": party.as_json() | {"id": self.party_id} if party else None,
        }

    def lines(self) -> dict[str, str]:
        """What to open: in words → address."""
        lines = addresses(self.operator.pages) if self.operator else {}
        if self.operator:
            lines[say("sign in as operator")] = self.operator.url
        if self.party:
            lines[say("sign in as {party}", party=self.party_name)] = self.party.url
        return lines


async def sign_ins(client: Client, community: str, outcome: Outcome) -> SignIns:
    """Links for the key that the demo runs with, and for a new one of the busiest party. Never raises `CliError`: the
    demo has shown what it had to."""
    target = client.target
    try:
        operator = await asyncio.to_thread(sign_in_link, target, key_to_show(target))
    except CliError as error:
        return SignIns(why_not=[str(error)])
    busiest = next((party for party in outcome.by_party() if party != NOBODY), None)
    if busiest is None:
        return SignIns(operator)
    name = outcome.party_names()[busiest]
    wanted = {"name": "linli demo", "role": "party", "party": busiest, "community": community, "expires_in_days": DAYS}
    try:
        made = await client.post("workflow", "/v1/keys", wanted)
        return SignIns(operator, await asyncio.to_thread(sign_in_link, target, made["key"]), busiest, name)
    except CliError as error:
        return SignIns(operator, why_not=[str(error)])
