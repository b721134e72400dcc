"""The events of a covenant and the refusals that several decisions share."""

from datetime import datetime
from typing import TypeAlias, TypeVar

from linli.contracts.neighbourhood.covenants import CovenantEvent
from neighbourhood.covenants.domain.commands import CovenantCommand
from neighbourhood.covenants.domain.covenant import Covenant, Version
from neighbourhood.refusal import Refusal, refused
from neighbourhood.telling import told

E = TypeVar("E", bound=CovenantEvent)
Decision: TypeAlias = CovenantEvent | Refusal
NOT_NOW = refused("covenant_state", "That cannot be done where the covenant stands now.", "公约现在的状态不能这样做。")
OTHER_TEXT = refused(
    "other_text",
    "That is of another text than the one at hand.",
    "不是现在这一版的文本，一字之差也是另一版。",
    "/digest",
)
WRONG_ELECTORATE = refused(
    "wrong_electorate",
    "Another electorate adopts this kind of covenant.",
    "这类公约应由另外的主体表决通过（居民公约由居民会议，管理规约由业主共同决定）。",
    "/electorate",
)


def tell(kind: type[E], covenant: Covenant, command: CovenantCommand, now: datetime, /, **fields: object) -> E:
    """An event with what all of a covenant's carry. Raises `pydantic.ValidationError` for what none may hold."""
    return told(kind, covenant, command, now, covenant_id=covenant.id, **fields)


def of(version: Version) -> dict[str, object]:
    """What an event of a version says of it."""
    return {"number": version.number, "digest": version.digest}
