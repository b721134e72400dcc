"""Which deliveries an address or a form means."""

from typing import Annotated, Any

import httpx2
import pytest
from fastapi import FastAPI, Form, Query

from portal.office.deliveries import Filters, GivenUp, Page

SIX = {"state": "failed", "channel": "sms", "recipient": "party:p", "case": "c1", "kind": "k", "reason": "http_404"}


@pytest.fixture
def app() -> FastAPI:
    made = FastAPI()

    @made.get("/")
    async def listing(filters: Annotated[Page, Query()]) -> Any:
        return [filters.asked, filters.cursor]

    @made.post("/")
    async def retry(filters: Annotated[GivenUp, Form()]) -> Any:
        return filters.asked

    return made


async def test_an_address_and_a_form_say_the_same_six_things(app: FastAPI) -> None:
    transport: Any = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://portal") as http:
        assert (await http.get("/", params={**SIX, "cursor": "x", "more": "y"})).json() == [SIX, "x"]
        assert (await http.get("/", params={"kind": "  ", "case": " c1 "})).json() == [{"case": "c1"}, ""]
        assert (await http.get("/", params={"case": "c" * 201})).status_code == 422
        assert (await http.post("/", data={**SIX, "csrf": "t"})).json() == SIX
        assert (await http.post("/", data={"csrf": "t"})).json() == {"state": "failed"}
        assert (await http.post("/", data={"state": "sent"})).status_code == 422


def test_what_an_address_says_is_asked() -> None:
    assert set(Filters.model_fields) == SIX.keys()
