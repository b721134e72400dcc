"""Doing what a form says: the request to workflow, tried first or in earnest."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData, UploadFile

from linli.web.localized import Localized
from linli.web.problems import Problem
from portal.addresses import at
from portal.desk.actions import Action, body_of, text_of
from portal.desk.given import AtTheDesk
from portal.desk.whole_case import case_of

PHOTOS_AT_MOST = 10


@dataclass(frozen=True, slots=True)
class Said:
    """What a form has: the version that was read, a key under which it takes effect once, and its fields."""

    version: int
    key: str
    form: FormData

    @classmethod
    def of(cls, form: FormData) -> "Said":
        version, key = text_of(form, "version"), text_of(form, "key")
        plain = 16 <= len(key) <= 64 and key.isascii() and key.isalnum()
        return cls(int(version) if version.isdecimal() and len(version) < 10 else 0, key if plain else new_key(), form)

    @property
    def photos(self) -> list[UploadFile]:
        """Those that were chosen: a browser sends an empty one where none was."""
        found = (each for each in self.form.getlist("photo") if isinstance(each, UploadFile) and each.filename)
        return list(found)[:PHOTOS_AT_MOST]


def new_key() -> str:
    return secrets.token_hex(16)


async def try_it(here: AtTheDesk, action: Action, id: str, said: Said, case: Mapping[str, Any]) -> Mapping[str, Any]:
    """The case as it would be. Raises what workflow would say."""
    after: Mapping[str, Any] = await act_on(here, action.name, id, body_of(action, said.form, case), said.version, None)
    return after


async def do_it(here: AtTheDesk, action: Action, id: str, said: Said, case: Mapping[str, Any]) -> None:
    """In earnest, once per key. Raises what workflow says."""
    version = said.version
    if said.photos:
        stage = text_of(said.form, "stage") if action.name == "evidence" else "after"
        await _add_photos(here, id, said, stage)
        if action.name == "evidence":
            return
        version = await _version_after_photos(here, id, version)
    elif action.name == "evidence":
        raise _no_photo()
    await act_on(here, action.name, id, body_of(action, said.form, case), version, said.key)


async def act_on(here: AtTheDesk, action: str, id: str, body: Mapping[str, Any], version: int, key: str | None) -> Any:
    """One case as it was at a version; without a key it is tried."""
    headers = {"If-Match": f'"{version}"'} | ({"Idempotency-Key": key} if key else {})
    path, asked = at("/v1/cases/{id}:{action}", id=id, action=action), None if key else {"dry_run": "true"}
    return await here.services.send("workflow", path, body, here.caller, asked, **headers)


async def _add_photos(here: AtTheDesk, id: str, said: Said, stage: str) -> None:
    files = [
        ("photo", (each.filename or "photo", each.file, each.content_type or "application/octet-stream"))
        for each in said.photos
    ]
    message = text_of(said.form, "message") if text_of(said.form, "stage") else ""
    texts = {"message": message} if message else {}
    asked = {"stage": stage if stage in {"before", "after", "return"} else "none"}
    headers = {"Idempotency-Key": f"{said.key}photos"}
    path = at("/v1/cases/{id}/evidence", id=id)
    await here.services.send_form("workflow", path, files, texts, here.caller, asked, **headers)


async def _version_after_photos(here: AtTheDesk, id: str, version: int) -> int:
    """The version that the photos have made, where nothing else has happened; else the one that was read."""
    case = await case_of(here, id)
    since = [each for each in case["history"] if each["sequence"] > version]
    only_photos = all(each["type"].startswith("linli.case.documented.") for each in since)
    return int(case["version"]) if only_photos else version


def faults_of(problem: Problem) -> Sequence[Mapping[str, Any]]:
    """Which fields are wrong, as the service says."""
    found: Any = problem.extra.get("errors") or []
    return [each for each in found if isinstance(each, dict)]


def _no_photo() -> Problem:
    return Problem("invalid", 422, Localized("Choose a photo first.", "请先选择照片。"))
