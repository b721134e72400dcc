"""Permissions, and which roles may have them.

A permission is declared once, by its owner in `linli/contracts/<owner>/`, because a key's scopes name them and
workflow makes keys for all. Below are those that every service has. A route names its permission
(`linli.security.auth.needs`); what a party may do with one case is workflow's to say
(`workflow/cases/domain/access.py`).
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from linli.discovery import import_all


class Role(StrEnum):
    """What kind of principal asks."""

    RESIDENT = "resident"
    """Anybody: no key was given. What is theirs they open with a tracking code."""
    PARTY = "party"
    """Acts for one party, and sees the cases of that party and of those below it in the tree."""
    OPERATOR = "operator"
    AUDITOR = "auditor"
    """Reads everything but secrets, and changes nothing."""
    SERVICE = "service"
    """A program: one of the services, a hotline's or a device's."""


RESIDENT, PARTY, OPERATOR, AUDITOR, SERVICE = Role
_DECLARED: dict[str, "Permission"] = {}


class Permission(str):
    """A permission, by its name, such as `cases:read`. A key's scopes are some of these."""

    roles: frozenset[Role]
    """Who may."""
    recorded: bool
    """Whether its use by staff stands in the audit log: whatever gives personal data out, or changes something."""
    reads: bool
    """Whether it gives personal data out though it is asked for with POST."""
    personal: bool
    """Whether it gives personal data or a secret out, or takes them away for good: not by a key of which only a copy is
    known."""
    by_code: bool
    """Whether its routes have a tracking code in their address."""
    with_a_submission: bool
    """Submitting, and what a submission's code opens: all that a key bound to channels or communities may be for."""
    unscoped: bool
    """Whether a key may do it whatever its scopes are."""
    share: str
    """Of which share its use by residents counts (`linli.security.rates`)."""

    def __new__(
        cls,
        name: str,
        *roles: Role,
        recorded: bool = True,
        reads: bool = False,
        personal: bool = False,
        by_code: bool = False,
        with_a_submission: bool = False,
        unscoped: bool = False,
        share: str = "residents",
    ) -> "Permission":
        """Declare it. It is recorded unless somebody decides that it need not be."""
        if name in _DECLARED:
            raise ValueError(f"the permission {name} is declared twice")
        self = _DECLARED[name] = super().__new__(cls, name)
        self.roles, self.recorded, self.reads, self.personal = frozenset(roles), recorded, reads, personal
        self.by_code, self.with_a_submission, self.unscoped, self.share = by_code, with_a_submission, unscoped, share
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy is the permission itself."""
        return _named, (str(self),)

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(_named, handler(str))

    @classmethod
    def __get_pydantic_json_schema__(cls, _: CoreSchema, __: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "enum": sorted(declared())}


def _named(name: str) -> Permission:
    if (found := declared().get(name)) is None:
        raise PydanticCustomError("enum", "Input should be {expected}", {"expected": ", ".join(sorted(declared()))})
    return found


def declared() -> Mapping[str, Permission]:
    """All that there are, of every service, by name."""
    import_all("linli.contracts")
    return MappingProxyType(_DECLARED)


# Of every service ----------------------------------------------------------------------------------------------------

READ_PARKED = Permission("parked:read", OPERATOR, AUDITOR, personal=True)
DECIDE_PARKED = Permission("parked:decide", OPERATOR, personal=True)
READ_KEYS = Permission("keys:read", OPERATOR, AUDITOR, recorded=False)
READ_AUDIT = Permission("audit:read", OPERATOR, AUDITOR, recorded=False)
READ_RETENTION = Permission("retention:read", OPERATOR, AUDITOR, recorded=False)
"""What was erased, and what is due to be."""
ASK_WHO_AM_I = Permission("keys:whoami", PARTY, OPERATOR, AUDITOR, recorded=False, unscoped=True)
"""Whose key it is that asks, and what it may do: what people need who sign in; a program knows."""
