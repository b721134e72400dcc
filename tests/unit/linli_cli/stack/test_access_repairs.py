"""When the program that keeps Kafka in line with partners compares everything anew."""

from concurrent.futures import Future
from pathlib import Path
from typing import Any

import httpx2
import pytest

from linli.messaging.connection import Cluster
from linli_cli.partners.access import Access, Listener, Wanted
from linli_cli.terminal.errors import CliError

PARTNER = {
    "community": "test",
    "party": "water-co",
    "version": 1,
    "in_line": True,
    "reads": False,
    "writes": False,
    "users": [],
    "usernames": [],
    "group_prefix": "p.",
    "topics": {"orders": "o", "receipts": "r", "updates": "u"},
    "sandbox": {"orders": "so", "receipts": "sr", "updates": "su"},
}


class NoUsers:
    """Stands for the broker: it has no user."""

    def describe_user_scram_credentials(self, **_: Any) -> Future[dict[str, Any]]:
        found: Future[dict[str, Any]] = Future()
        found.set_result({})
        return found


class Refused(Access):
    """Whose first repair the broker refuses."""

    def __init__(self) -> None:
        super().__init__("http://workflow", "key", "secret", Cluster("nowhere:1"), Listener("nowhere:1", Path()))
        answer = httpx2.Response(200, json={"items": [PARTNER]})
        self._http = httpx2.AsyncClient(transport=httpx2.MockTransport(lambda _: answer))
        admin: Any = NoUsers()
        self._admin = admin
        self.tries = 0

    async def _apply(self, admin: Any, wanted: Wanted, known: frozenset[str]) -> None:
        self.tries += 1
        if self.tries == 1:
            raise CliError("Kafka refuses.")


async def test_a_repair_that_failed_is_tried_again_at_the_next_look() -> None:
    access = Refused()
    with pytest.raises(CliError):
        await access.once()
    assert await access.once() == ["test/water-co"]
    assert await access.once() == [], "and no more before its time"
    assert access.tries == 2
