"""What the office has, in the order of its menu: address, permission, name, and what it is for."""

from collections.abc import Callable
from dataclasses import dataclass

from portal.pages.language import _
from portal.signin.person import Person


@dataclass(frozen=True, slots=True)
class Subject:
    path: str
    permission: str
    name: Callable[[], str]
    about: Callable[[], str]

    def for_(self, person: Person) -> bool:
        return person.may(self.permission)


SUBJECTS = (
    Subject("/office/keys", "keys:read", lambda: _("Keys"), lambda: _("Who may do what, until when.")),
    Subject(
        "/office/parked", "parked:read", lambda: _("Parked records"), lambda: _("Events that could not be applied.")
    ),
    Subject(
        "/office/deliveries", "deliveries:read", lambda: _("Deliveries"), lambda: _("Who was notified, who was not.")
    ),
    Subject("/office/audit", "audit:read", lambda: _("Audit log"), lambda: _("Who read, who did, who was refused.")),
    Subject(
        "/office/communities",
        "communities:read",
        lambda: _("Community data"),
        lambda: _("Versions, what differs, a new one."),
    ),
    Subject("/office/privacy", "residents:export", lambda: _("Privacy requests"), lambda: _("Export and erasure.")),
    Subject(
        "/office/partners", "partners:read", lambda: _("Partners"), lambda: _("Companies whose systems take part.")
    ),
    Subject("/office/outages", "outages:follow", lambda: _("Outages"), lambda: _("What is off, until when.")),
    Subject("/office/retention", "retention:read", lambda: _("Retention"), lambda: _("What is kept, and until when.")),
)
