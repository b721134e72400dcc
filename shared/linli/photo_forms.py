"""Photos over HTTP: the form that they come in, and the answer that shows one."""

from collections.abc import Collection
from typing import Any

from fastapi import Request, Response
from starlette.datastructures import UploadFile

from linli.errors import Problem
from linli.photos import Darkroom, Photo

MOST = 10
"""Photos in one form, and the fields beside them."""
MOST_BYTES = 42 * 1024 * 1024
"""Of one request: four photos of the largest size, or ten of the usual one."""
SHOWN_SAFELY = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


def form_body(texts: Collection[str] = ()) -> dict[str, Any]:
    """The form for OpenAPI: files in `photo`, and the texts that may come with them."""
    photos = {"type": "array", "items": {"type": "string", "format": "binary"}}
    schema = {
        "type": "object",
        "required": ["photo"],
        "properties": {"photo": photos} | {name: {"type": "string"} for name in texts},
    }
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}


async def received(
    request: Request, darkroom: Darkroom, texts: Collection[str] = ()
) -> tuple[list[Photo], dict[str, str]]:
    """The developed photos of a form, and its texts. Raises `Problem` 413, 415, 422.

    Ask whether the caller may add any before this: it reads the body.
    """
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise Problem("not_multipart", 415, "Photos come as multipart/form-data, in the field 'photo'.")
    async with request.form(max_files=MOST, max_fields=MOST, max_part_size=16 * 1024) as form:
        uploads = [field for name, field in form.multi_items() if name == "photo" and isinstance(field, UploadFile)]
        said = {name: field for name, field in form.multi_items() if name in texts and isinstance(field, str)}
        if not uploads or len(uploads) + len(said) != len(form.multi_items()):
            allowed = "and nothing else" if not texts else f"and nothing beside them but {', '.join(texts)}"
            raise Problem("invalid", 422, f"There must be files in the field 'photo', {allowed}.")
        return [await darkroom.develop(upload.file) for upload in uploads], said


def shown(id: str, jpeg: bytes) -> Response:
    """A photo as an answer that a browser takes for nothing but a picture."""
    headers = SHOWN_SAFELY | {"Content-Disposition": f'inline; filename="{id}.jpg"'}
    return Response(jpeg, media_type="image/jpeg", headers=headers)


SHOWN: dict[int | str, dict[str, Any]] = {200: {"content": {"image/jpeg": {}}, "description": "The photo"}}
"""The answer for OpenAPI."""
