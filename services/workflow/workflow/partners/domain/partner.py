"""A partner: a party of a community that takes part with a system of its own."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Partner:
    """It has orders in place of letters, and says by updates what became of them."""

    community: str
    party: str
    added_at: datetime
    added_by: str

    @property
    def id(self) -> str:
        """No slug has a `/`, so no other subject is called so."""
        return partner_id(self.community, self.party)


def partner_id(community: str, party: str) -> str:
    return f"{community}/{party}"
