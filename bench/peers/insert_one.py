"""Peer (b): what a plain FastAPI service does: one durable `insert_one` a request, and no event."""

from typing import Any

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel
from uuid_utils import uuid7

from linli.application.settings import Settings
from linli.storage import mongo


class Reporter(BaseModel):
    """Whoever sends it."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None
    language: str = "zh-CN"


class NewSubmission(BaseModel):
    """The same body as Linli's."""

    kind: str
    title: str
    text: str = ""
    community: str | None = None
    neighbourhood: str | None = None
    category: str | None = None
    location: dict[str, float] | None = None
    place: str | None = None
    reporter: Reporter | None = None


def app(settings: Settings) -> FastAPI:
    """Writes are durable as Linli's are: on the disks of a majority."""
    submissions = mongo.connect(settings)[settings.database("peer")].submissions
    api = FastAPI()

    @api.post("/v1/submissions", status_code=201)
    async def submit(new: NewSubmission) -> dict[str, Any]:
        id = str(uuid7())
        await submissions.insert_one({"_id": id} | new.model_dump())
        return {"id": id}

    @api.get("/readyz")
    async def ready() -> dict[str, bool]:
        return {"ready": True}

    return api


class _Settings(Settings):
    peer_port: int


if __name__ == "__main__":
    read = _Settings()  # from the environment
    uvicorn.run(app(read), port=read.peer_port, access_log=False, log_level="warning")
