"""The office's sign-in, if there is one."""

from dataclasses import dataclass

from portal.signin.oidc.provider import Provider
from portal.signin.oidc.under_way import SignIns


@dataclass(frozen=True, slots=True)
class Office:
    """Where people sign in, and who has gone there."""

    provider: Provider | None
    """None: staff have keys alone."""
    sign_ins: SignIns
