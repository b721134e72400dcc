"""Peers (b) and (f): what a plain FastAPI service does. One durable `insert_one` a request; (f) also sends an event.

`python -m bench.peers.fastapi_plain insert` or `insert-and-send`.
"""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
import uvicorn
from aiokafka import AIOKafkaProducer
from fastapi import FastAPI
from pydantic import BaseModel
from uuid_utils import uuid7

from linli.application.settings import Settings
from linli.storage import mongo

TOPIC = "peer"


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


def app(settings: Settings, *, sends: bool) -> FastAPI:
    """Writes are durable as Linli's are: on the disks of a majority; events are acknowledged by all replicas."""
    submissions = mongo.connect(settings)[settings.database("peer")].submissions

    @asynccontextmanager
    async def producing(api: FastAPI) -> AsyncIterator[None]:
        api.state.producer = AIOKafkaProducer(bootstrap_servers=settings.kafka_bootstrap, acks="all")
        await api.state.producer.start()
        yield
        await api.state.producer.stop()

    api = FastAPI(lifespan=producing if sends else None)

    @api.post("/v1/submissions", status_code=201)
    async def submit(new: NewSubmission) -> dict[str, Any]:
        id = str(uuid7())
        submission = new.model_dump()
        await submissions.insert_one({"_id": id} | submission)
        if sends:
            event = orjson.dumps({"id": id} | submission)
            await api.state.producer.send_and_wait(settings.topic(TOPIC), event, key=id.encode())
        return {"id": id}

    @api.get("/readyz")
    async def ready() -> dict[str, bool]:
        return {"ready": True}

    return api


class _Settings(Settings):
    peer_port: int


if __name__ == "__main__":
    read = _Settings()  # from the environment
    sends = sys.argv[1] == "insert-and-send"
    uvicorn.run(app(read, sends=sends), port=read.peer_port, access_log=False, log_level="warning")
