"""A resident's export is whole, by page and by command: every step, every parked record, or a word of what is left."""

import io
import zipfile
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from linli_cli.privacy import export as command
from portal.office import residents as page

STEPS, AT_ONCE, PARKED = 450, 200, 3
CALLER: Any = None


class Services:
    """A resident with two submissions; the first case has a part. Each has a story longer than one answer."""

    def __init__(self, parked: int = PARKED, strangers: int = 0) -> None:
        """`strangers`: so many records of others come with them, as from a service that does not know `stream`."""
        self._parked, self._strangers = parked, strangers
        self.streams: set[str] = set()

    def answer(self, service: str, path: str, params: dict[str, Any]) -> Any:
        if path == "/v1/residents:export":
            return {"items": [{"id": id, "photos": []} for id in ("s1", "s2")]}
        if path == "/v1/deliveries":
            return {"items": [], "next": None}
        if path == "/v1/parked":
            self.streams |= set(params["stream"])
            here = self._parked if (service, params["state"]) == ("notify", "discarded") else 0
            others = [{"stream": None if n % 2 else f"stranger-{n}"} for n in range(self._strangers)]
            items = [*others, *[{"stream": "s1"}] * here]
            return {"items": items[: params["limit"]], "total": len(items)}
        first = max(1, (params.get("before") or STEPS + 1) - AT_ONCE)
        history = [{"sequence": n} for n in range(first, params.get("before") or STEPS + 1)]
        id = path.rpartition("/")[2]
        case = {"id": id, "parts": ["part"] if id == "s1" else [], "evidence": [], "history": history}
        return case | {"earlier": first if first > 1 else None}

    async def read(self, path: str, _: Any, params: Any = None) -> Any:
        return self.answer("workflow", path, params or {})

    async def send(self, service: str, path: str, *_: Any) -> Any:
        return self.answer(service, path, {})


class AsPortal(Services):
    async def get(self, service: str, path: str, _: Any, params: Any) -> Any:
        return self.answer(service, path, params)


class AsClient(Services):
    async def get(self, service: str, path: str, **params: Any) -> Any:
        return self.answer(service, path, params)

    async def post(self, service: str, path: str, _: Any) -> Any:
        return self.answer(service, path, {})


async def by_page(parked: int, strangers: int = 0) -> tuple[dict[str, Any], set[str]]:
    services: Any = AsPortal(parked, strangers)
    with zipfile.ZipFile(io.BytesIO(), "w") as archive:
        return await page._collected(services, CALLER, {"resident": "r-1"}, archive), services.streams


async def by_command(parked: int, strangers: int = 0) -> tuple[dict[str, Any], set[str]]:
    client: Any = AsClient(parked, strangers)
    held, _photos = await command.collected(client, {"resident": "r-1"}, lambda _: None)
    return held, client.streams


@pytest.mark.parametrize("export", [by_page, by_command])
class TestExport:
    async def test_a_story_longer_than_one_answer_is_there_from_its_first_step(
        self, export: Callable[..., Awaitable[tuple[dict[str, Any], set[str]]]]
    ) -> None:
        held, _streams = await export(PARKED)
        assert [case["id"] for case in held["cases"]] == ["s1", "part", "s2"]
        for case in held["cases"]:
            assert [step["sequence"] for step in case["history"]] == list(range(1, STEPS + 1))
            assert case["earlier"] is None

    async def test_parked_records_are_asked_by_story_and_what_is_left_out_is_said(
        self, export: Callable[..., Awaitable[tuple[dict[str, Any], set[str]]]]
    ) -> None:
        held, streams = await export(PARKED)
        assert streams == {"s1", "part", "s2"}
        assert (len(held["parked"]), held["not_included"]) == (PARKED, [])
        held, _streams = await export(501)
        assert len(held["parked"]) == 500
        assert held["not_included"] == [{"what": "parked", "service": "notify", "state": "discarded", "number": 1}]

    async def test_nobody_else_s_parked_record_is_in_it_though_a_service_of_an_earlier_version_gives_everybody_s(
        self, export: Callable[..., Awaitable[tuple[dict[str, Any], set[str]]]]
    ) -> None:
        held, _streams = await export(PARKED, 7)
        assert {each["stream"] for each in held["parked"]} == {"s1"}
        assert (len(held["parked"]), held["not_included"]) == (PARKED, [])
        held, _streams = await export(PARKED, 499)
        assert [each["stream"] for each in held["parked"]] == ["s1"]
        left = {(each["service"], each["state"], each["number"]) for each in held["not_included"]}
        assert left == {("notify", "discarded", None)}, "how many of these are the resident's, nobody knows"
