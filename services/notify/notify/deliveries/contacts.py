"""Asks intake for residents' contacts when a delivery is sent. They are neither stored nor logged."""

from collections.abc import Sequence
from typing import Any

import httpx2
from pydantic import BaseModel, ConfigDict, ValidationError

from linli.contracts.kinds import Language
from linli.web.calls import to_service

AT_ONCE = 500
"""Submissions that intake looks up in one call at most."""
PHOTOS_AT_ONCE = 200
"""The same when it is asked for their photos."""


class Contact(BaseModel):
    """How the reporter of one submission is reached; tolerant, for intake may know more."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    tracking_code: str
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    """E.164."""
    language: Language = Language.ZH
    vouched: bool = False
    """Staff took it down, or a program of theirs; else anybody may have left another's address."""


class ContactsUnavailable(Exception):
    """Intake does not answer, or not as agreed."""


class Contacts:
    """Intake's internal endpoint."""

    def __init__(self, intake_url: str, service_key: str) -> None:
        self._client = to_service("intake", intake_url, service_key, httpx2.Timeout(5))

    async def of(self, submissions: Sequence[str]) -> dict[str, Contact]:
        """Submission id → contact; without those that intake does not know. Raises `ContactsUnavailable`."""
        found: dict[str, Contact] = {}
        for start in range(0, len(submissions), AT_ONCE):
            found |= await self._ask(submissions[start : start + AT_ONCE])
        return found

    async def photos_of(self, submissions: Sequence[str]) -> dict[str, int]:
        """Submission id → how many photos its reporter has sent by now. Empty when intake does not say."""
        found: dict[str, int] = {}
        try:
            for start in range(0, len(submissions), PHOTOS_AT_ONCE):
                asked = {"submission": list(submissions[start : start + PHOTOS_AT_ONCE])}
                answer = await self._client.get("/internal/v1/photos", params=asked)
                answer.raise_for_status()
                found |= {id: len(photos) for id, photos in answer.json()["photos"].items()}
        except (httpx2.HTTPError, ValueError, KeyError, AttributeError, TypeError):
            return {}  # a letter that does not tell of photos is better than none
        return found

    async def close(self) -> None:
        await self._client.aclose()

    async def _ask(self, submissions: Sequence[str]) -> dict[str, Contact]:
        try:
            answer = await self._client.post("/internal/v1/contacts", json={"submissions": list(submissions)})
            answer.raise_for_status()
            contacts: dict[str, Any] = answer.json()["contacts"]
            return {submission: Contact.model_validate(contact) for submission, contact in contacts.items()}
        except (httpx2.HTTPError, ValidationError, ValueError, KeyError, AttributeError) as error:
            raise ContactsUnavailable(type(error).__name__) from error
