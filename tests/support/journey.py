"""One submission's whole way: from a resident through HTTP, Kafka and MongoDB to mail, webhook and live stream."""

import asyncio
import email
import email.policy
import json
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pytest_httpserver import HTTPServer
from standardwebhooks import Webhook

from tests.support.builders import community
from tests.support.services import until
from tests.support.system import Api


class Mailbox:
    """A real SMTP server that keeps what it is sent."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        message = email.message_from_bytes(envelope.content or b"", policy=email.policy.default)  # type: ignore[arg-type]
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return "250 OK"

    def to(self, address: str) -> list[str]:
        """The texts sent to an address, in the order of arrival."""
        return [_text(message) for message in self.messages if address in message["To"]]


def _text(message: EmailMessage) -> str:
    body = message.get_body(preferencelist=("plain",))
    assert body is not None
    return f"{message['Subject']}\n{body.get_content()}"


@contextmanager
def mailbox_on(host: str, port: int) -> Iterator[Mailbox]:
    """A mailbox that listens there."""
    box = Mailbox()
    controller = Controller(box, hostname=host, port=port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def with_webhook(party: str, url: str) -> dict[str, Any]:
    """The small community, with a webhook for one party."""
    parties = community().model_dump(mode="json")["parties"]
    return {"parties": [each | ({"webhook": url} if each["id"] == party else {}) for each in parties]}


async def stream(system: Api, code: str, seen: list[dict[str, Any]], after: int = 0) -> None:
    """Follow a submission live until it is resolved."""
    headers = {"Last-Event-ID": str(after)} if after else {}
    url = f"{system.urls['notify']}/v1/stream"
    async with system.resident.stream("GET", url, params={"track": code}, headers=headers) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        event: dict[str, Any] = {}
        async for line in answer.aiter_lines():
            name, _, value = line.partition(": ")
            if line == "" and event:
                seen.append(event)
                if event["event"] == "linli.case.resolved.v1":
                    return
                event = {}
            elif name in ("id", "event", "data"):
                event[name] = value


async def go_the_whole_way(system: Api, box: Mailbox, httpserver: HTTPServer, hook: str) -> None:
    """Submit, act, and see that everybody concerned was told; `hook` is where the system reaches the HTTP server."""
    await system.load(**with_webhook("water-co", hook))

    answer = await system.submit(
        kind="report",
        title="3号楼停水了",
        text="从早上六点开始没有水，请打 13812345678 找我。",
        neighbourhood="east",
        reporter={"name": "王秀英", "phone": "138 1234 5678", "email": "wang@resident.example"},
    )
    assert answer.status_code == 201, answer.text
    id, code = answer.json()["id"], answer.json()["tracking_code"]

    async def dispatched() -> bool:
        case = await system.case(id)
        return bool(case and case["state"] == "dispatched")

    await until(dispatched)
    seen: list[dict[str, Any]] = []

    async def known_to_the_stream() -> bool:
        params = {"track": code}
        async with system.resident.stream("GET", f"{system.urls['notify']}/v1/stream", params=params) as opened:
            return bool(opened.status_code == 200)

    await until(known_to_the_stream)
    watching = asyncio.create_task(stream(system, code, seen))

    await system.act(id, "accept")
    await system.act(id, "progress", message="抢修人员已到现场")
    await system.act(id, "resolve", message="水管已修好，恢复供水")
    await asyncio.wait_for(watching, 20)
    assert [event["id"] for event in seen] == ["1", "2", "3", "4", "5"]
    assert "水管已修好" in seen[-1]["data"]

    resumed: list[dict[str, Any]] = []
    await asyncio.wait_for(stream(system, code, resumed, after=3), 20)
    assert [event["id"] for event in resumed] == ["4", "5"]

    async def all_told() -> bool:
        return len(box.to("wang@resident.example")) == 3 and len(httpserver.log) == 1

    await until(all_told)
    assert any("水管已修好" in text for text in box.to("wang@resident.example"))
    assert all(code in text for text in box.to("wang@resident.example"))
    assert len(box.to("w@linli.example")) == 1
    assert "3号楼停水了" in box.to("w@linli.example")[0]

    secret = (await system.get("notify", "/v1/parties/test/water-co/webhook-secret"))["secret"]
    request, _ = httpserver.log[0]
    said = Webhook(secret).verify(request.get_data(), {k.lower(): v for k, v in request.headers.items()})
    assert said["data"]["case_id"] == id
    assert "13812345678" not in json.dumps(said)

    async def all_marked() -> bool:  # a sink has a letter a moment before notify has its answer
        deliveries = await system.get("notify", "/v1/deliveries", case=id)
        ended = {(item["channel"], item["state"], item["reason"]) for item in deliveries["items"]}
        return ended == {("email", "sent", None), ("webhook", "sent", None)}

    await until(all_marked)

    timeline = await system.resident.get(f"{system.urls['workflow']}/v1/track/{code}")
    assert timeline.json()["state"] == "resolved"
    for private in ("王秀英", "13812345678", "wang@resident.example"):
        assert private not in timeline.text
        assert private not in system.log()
