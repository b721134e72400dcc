"""A kind of affair as its commands use it: `GET /v1/<kind>`, `GET /v1/<kind>/{id}`, `POST /v1/<kind>/{id}:<verb>`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from linli_cli.affairs.asking import ask, do, of_place
from linli_cli.affairs.telling import printed, table
from linli_cli.terminal.errors import errors_shown


@dataclass(frozen=True)
class Desk:
    """`path` is the kind's; `tell` says to a person how one stands."""

    path: str
    tell: Callable[[dict[str, Any]], None]

    def list(
        self,
        community: str | None,
        neighbourhood: str,
        as_json: bool,
        heads: Callable[[], Sequence[str]],
        row: Callable[[dict[str, Any]], Sequence[str]],
        width: int = 120,
    ) -> None:
        """All of a neighbourhood. The heads are said last, when it is known in which language."""
        with errors_shown():
            found = of_place(self.path, community, neighbourhood)
            if not printed(found, as_json):
                table(heads(), map(row, found), width)

    def show(self, id: str, as_json: bool) -> None:
        with errors_shown():
            self.told(ask(f"{self.path}/{id}"), as_json)

    def step(self, id: str, verb: str, as_json: bool, /, **said: Any) -> None:
        """Take one, and say how it stands then; what is None is not said."""
        with errors_shown():
            self.told(do(f"{self.path}/{id}:{verb}", **said), as_json)

    def told(self, found: dict[str, Any], as_json: bool) -> None:
        if not printed(found, as_json):
            self.tell(found)
