"""Reporters' photos, fetched from intake one by one and not kept here."""

from typing import Annotated

import httpx2
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from linli.web.calls import to_service
from linli.web.problems import Problem, not_found

_ID = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class ReportersPhoto(BaseModel):
    """One of them; tolerant, for intake may know more."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    id: _ID
    width: int
    height: int
    size: int


_PHOTOS = TypeAdapter(dict[str, list[ReportersPhoto]])


class ReportersPhotos:
    """Intake's internal endpoints."""

    def __init__(self, intake_url: str, service_key: str) -> None:
        self._client = to_service(
            "intake", intake_url, service_key, httpx2.Timeout(35, connect=5)
        )  # a preview is made when it is asked for

    async def of(self, submission: str) -> list[ReportersPhoto]:
        """In the order they came. Raises 503."""
        try:
            answer = await self._client.get("/internal/v1/photos", params={"submission": submission})
            answer.raise_for_status()
            return _PHOTOS.validate_python(answer.json()["photos"]).get(submission, [])
        except (httpx2.HTTPError, ValidationError, ValueError, KeyError) as error:
            raise _away() from error

    async def picture(self, submission: str, photo: ReportersPhoto, preview: bool) -> bytes:
        """Its JPEG. Raises 404 when it has gone meanwhile, and 503."""
        path = f"/internal/v1/photos/{submission}/{photo.id}"
        try:
            answer = await self._client.get(path, params={"preview": preview})
            if answer.status_code == httpx2.codes.NOT_FOUND:
                raise not_found("photo")
            answer.raise_for_status()
        except httpx2.HTTPError as error:
            raise _away() from error
        return answer.content

    async def close(self) -> None:
        await self._client.aclose()


def _away() -> Problem:
    return Problem("intake_unavailable", 503, "Intake, which keeps the photos, does not answer.", retry_after=2)
