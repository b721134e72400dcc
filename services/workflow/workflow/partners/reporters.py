"""Asks intake how the reporter of an order is reached, when a partner asks. It is neither stored nor logged here."""

import httpx2
from pydantic import BaseModel, ConfigDict, ValidationError

from linli.web.calls import to_service
from linli.web.problems import Problem


class Contact(BaseModel):
    """How a reporter is reached; tolerant, for intake may know more, which is left where it is."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    name: str | None = None
    phone: str | None = None
    """E.164."""
    email: str | None = None


class Reporters:
    """Intake's internal endpoint."""

    def __init__(self, intake_url: str, service_key: str) -> None:
        self._client = to_service("intake", intake_url, service_key, httpx2.Timeout(5))

    async def contact(self, submission: str) -> Contact | None:
        """None for one that left none, or whose contact is gone. Raises 503."""
        try:
            answer = await self._client.post("/internal/v1/contacts", json={"submissions": [submission]})
            answer.raise_for_status()
            found = answer.json()["contacts"].get(submission)
            contact = Contact.model_validate(found) if found else None
        except (httpx2.HTTPError, ValidationError, ValueError, KeyError, AttributeError):
            away = "Intake, which keeps the contacts, does not answer."
            raise Problem("intake_unavailable", 503, away, retry_after=2) from None  # the cause may quote a person
        return contact if contact and (contact.phone or contact.email) else None

    async def close(self) -> None:
        await self._client.aclose()
