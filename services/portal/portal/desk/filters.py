"""What of the cases the desk lists, as its address says it: `/desk?view=overdue&state=accepted&sort=age`.

The address is the view: whoever opens it sees the same list of what they may see.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlencode

from linli.contracts.kinds import Kind
from linli.contracts.workflow.case import CaseState
from linli.contracts.workflow.community import PartyKind
from linli.frozen import replace

VIEWS = ("turn", "post", "overdue", "watching", "all")
SORTS = ("due", "age", "newest", "updated")
STATES = tuple(state.value for state in CaseState if state is not CaseState.OPEN)
KINDS = tuple(kind.value for kind in Kind)
LEVELS = tuple(kind.value for kind in PartyKind)
OWES_NOTHING = frozenset({"resolved", "closed", "withdrawn"})
TO_DECIDE = ("triage", "returned")
"""What waits for a decision: the turn of who stands above the parties."""
PAGE = 50
WATCHED_AT_MOST = 100
_SLUG = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_CURSOR = re.compile(r"(?:[0-9]{1,15}~)?[0-9a-f-]{36}")
_IDS = frozenset({"community", "category", "neighbourhood", "party"})
_ONE_OF = {"view": VIEWS, "kind": KINDS, "level": LEVELS, "sort": SORTS}


@dataclass(frozen=True, slots=True)
class Filters:
    """All that an address may say. What is not said is None or empty."""

    view: str = "turn"
    community: str | None = None
    state: tuple[str, ...] = ()
    kind: str | None = None
    category: str | None = None
    neighbourhood: str | None = None
    party: str | None = None
    level: str | None = None
    """What the party is: a level of the tree, or a kind of company."""
    q: str | None = None
    sort: str | None = None
    cursor: str | None = None

    @classmethod
    def read(cls, said: Iterable[tuple[str, str]]) -> "Filters":
        """What an address says; what nobody can mean is left out, so that an old address still opens."""
        found: dict[str, Any] = {}
        states = []
        for name, given in said:
            value = given.strip()
            if name == "state" and value in STATES:
                states.append(value)
            elif name == "q" and value:
                found[name] = value[:100]
            elif _means_something(name, value):
                found[name] = value
        found["state"] = tuple(each for each in STATES if each in states)
        return cls(**found)

    @property
    def query(self) -> str:
        """The address's query: each view has one."""
        pairs = [("view", self.view)]
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name == "state":
                pairs += [("state", each) for each in value]
            elif field.name != "view" and value is not None:
                pairs.append((field.name, value))
        return urlencode(pairs)

    @property
    def address(self) -> str:
        return f"/desk?{self.query}"

    def but(self, **changes: Any) -> "Filters":
        """The same with something else in it, from its first page."""
        return replace(self, **({"cursor": None} | changes))

    @property
    def narrowed(self) -> bool:
        """Whether it says more than which view it is."""
        return replace(self, view="turn", sort=None, cursor=None) != Filters()

    @property
    def order(self) -> str:
        """How it is sorted where nobody says it: by what is owed first, where that can be told."""
        if self.sort:
            return self.sort
        if self.view in {"turn", "post", "overdue"} and not self.q and not OWES_NOTHING.intersection(self.state):
            return "due"
        return "updated"

    def asked(self, party: str | None, watched: Sequence[str]) -> Mapping[str, Any]:
        """What workflow is asked for: by a member of a party, or by somebody above all (None)."""
        wanted: dict[str, Any] = {
            "community": self.community,
            "state": list(self.state),
            "kind": self.kind,
            "category": self.category,
            "neighbourhood": self.neighbourhood,
            "party": self.party,
            "party_kind": self.level,
            "q": self.q,
            "sort": self.order,
            "cursor": self.cursor,
        }
        match self.view:
            case "turn" if party:
                wanted["party"] = party
            case "turn" if not self.state:
                wanted["state"] = list(TO_DECIDE)
            case "overdue":
                wanted["overdue"] = True
            case "watching":
                wanted["id"] = list(watched)[:WATCHED_AT_MOST]
        return {name: value for name, value in wanted.items() if value}


def _means_something(name: str, value: str) -> bool:
    if name in _ONE_OF:
        return value in _ONE_OF[name]
    pattern = _CURSOR if name == "cursor" else _SLUG if name in _IDS else None
    return pattern is not None and pattern.fullmatch(value) is not None
