"""Limit (e): a bare FastAPI route with intake's own pydantic model, which stores and publishes nothing."""

from typing import Any

import uvicorn
from fastapi import FastAPI
from uuid_utils import uuid7

from intake.submissions.domain.request import NewSubmission
from linli.application.settings import Settings

api = FastAPI()


@api.post("/v1/submissions", status_code=201)
async def submit(new: NewSubmission) -> dict[str, Any]:
    return {"id": str(uuid7()), "kind": new.kind}


@api.get("/readyz")
async def ready() -> dict[str, bool]:
    return {"ready": True}


class _Settings(Settings):
    peer_port: int


if __name__ == "__main__":
    uvicorn.run(api, port=_Settings().peer_port, access_log=False, log_level="warning")
