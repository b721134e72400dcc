"""A deployment that keeps letters, and residents of it whose own data a test looks for everywhere."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

from PIL import Image

from linli_cli.stack.embedded.mail import MailSink
from tests.support.command_line import operate
from tests.support.grep import FULL_WIDTH, Person, in_kafka, in_letters, in_logs, in_the_databases, plain
from tests.support.servers import Servers, free_ports
from tests.support.services import until
from tests.support.system import System, system_on


class Deployment:
    """Three services with the embedded stack's mail sink, and the command as it is used beside them."""

    def __init__(self, system: System, home: Path, logs: Path) -> None:
        self.system, self.home, self.logs = system, home, logs

    @property
    def mail(self) -> Path:
        return self.home / "mail"

    @property
    def all_logs(self) -> list[Path]:
        """Those of the services, and of the servers, which other tests use too."""
        return [*self.logs.glob("*.log"), *self.system.servers.logs]

    async def linli(self, *arguments: str) -> tuple[int, str, str]:
        servers = self.system.servers
        return await operate(
            self.system,
            *arguments,
            LINLI_TARGET="embedded",
            LINLI_HOME=str(self.home),
            LINLI_KAFKA_PORT=servers.bootstrap.rpartition(":")[2],
            LINLI_MONGO_PORT=servers.mongo_uri.rpartition(":")[2].partition("/")[0],
        )

    async def found(self, person: Person) -> dict[str, Any]:
        """Where the person's name, number, e-mail or address can be read."""
        return plain(
            {f"database {place}": kinds for place, kinds in (await in_the_databases(self.system, person)).items()}
            | {f"topic {place}": kinds for place, kinds in (await in_kafka(self.system, person)).items()}
            | {"letters": in_letters(self.mail, person), "logs": in_logs(self.all_logs, person)}
        )


@asynccontextmanager
async def deployment_on(stack: Servers, directory: Path) -> AsyncIterator[Deployment]:
    """It has started, with the test community. For mongod every operation is a slow one."""
    stack.log_operations(slowms=-1)
    home, logs, (smtp,) = directory / "home", directory / "logs", free_ports(1)
    home.mkdir()
    logs.mkdir()
    (home / "secrets").symlink_to(stack.secrets_dir)
    sink = MailSink(home / "mail", smtp, keep=180)
    sink.start()
    try:
        async with system_on(stack, logs, LINLI_SMTP_HOST="127.0.0.1", LINLI_SMTP_PORT=str(smtp)) as system:
            await system.load()
            yield Deployment(system, home, logs)
    finally:
        sink.stop()


def somebody() -> Person:
    """Somebody whom no other test knows: the servers' logs are of all of them."""
    own = f"{secrets.randbelow(10_000):04}"
    given = "".join(secrets.choice("铁柱建国桂兰春梅志远") for _ in range(4))
    return Person(f"欧阳{given}", f"139{own}0123", f"Ouyang.{own}@residents.example", f"槐荫里{own}号楼3单元601室")


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "JPEG")
    return out.getvalue()


async def report(system: System, person: Person, **changes: Any) -> dict[str, Any]:
    """A report that is full of its reporter."""
    spaced, wide = f"{person.phone[:3]} {person.phone[3:7]} {person.phone[7:]}", person.phone.translate(FULL_WIDTH)
    values = {
        "kind": "report",
        "title": f"{person.name}家停水了",
        "text": f"我是{person.name}，电话{spaced}或{wide}，{person.email}，住{person.address}。",
        "neighbourhood": "east",
        "place": f"{person.address}厨房",
        "attributes": {"floor": 6, "caller": person.name, "number": int(person.phone)},
        "reporter": person.reporter,
    } | changes
    answer = await system.submit(key=f"key-{person.phone}-{uuid4().hex[:6]}", **values)
    assert answer.status_code == 201, answer.text
    receipt: dict[str, Any] = answer.json()
    await until(lambda: routed(system, receipt["id"]))
    return receipt


async def routed(system: System, id: str) -> bool:
    case = await system.case(id)
    return bool(case and case["state"] != "open")


async def act(system: System, id: str, action: str, message: str | None = None, **said: Any) -> dict[str, Any]:
    """As a desk does it, with a key under which the answer is kept."""
    case = await system.case(id)
    assert case
    headers = {"If-Match": f'"{case["version"]}"', "Idempotency-Key": f"desk-{uuid4().hex}"}
    url = f"{system.urls['workflow']}/v1/cases/{id}:{action}"
    answer = await system.operator.post(url, json={"message": message, **said}, headers=headers)
    assert answer.status_code == 200, answer.text
    after: dict[str, Any] = answer.json()
    return after


async def all_told(system: System, *ids: str) -> None:
    async def told() -> bool:
        pages = [await system.get("notify", "/v1/deliveries", case=id) for id in ids]
        # Sent by mail; the text message beside the follow-up's letter has no gateway to go to.
        return all({each["state"] for each in page["items"]} - {"skipped"} == {"sent"} for page in pages)

    await until(told)
