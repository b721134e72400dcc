"""A system with its portal, in which each kind of thing that pages show has happened once, and who looks at them."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeAlias
from urllib.parse import quote

import httpx2

from tests.support.affairs import PLACE, SCAN, Affairs
from tests.support.forces import formed, today
from tests.support.keys import bearer, key_for, known_to
from tests.support.mediation import an_agreement_to_sign
from tests.support.outages import Utility, somewhere
from tests.support.photos import jpeg, scene
from tests.support.plans import BUILDINGS, Drawing, item
from tests.support.poison import Raw, send_raw
from tests.support.rounds import Asking
from tests.support.servers import Servers
from tests.support.services import PATIENCE, until
from tests.support.system import PORTAL, System, system_on

Role: TypeAlias = Literal["resident", "operator", "auditor", "estate", "water-co", "grid-1"]
"""A resident signs in nowhere; the last three are members of a party of the small community."""
SESSION = "linli_session"


class Quarter:
    """Who is in it asks the portal alone; what is to be there beforehand comes by the services' own ways."""

    def __init__(self, system: System) -> None:
        self.system, self.url = system, system.urls[PORTAL]
        self.places: dict[str, str] = {}
        """What a page's address is filled in with: `case`, `code`, …"""
        self._keys: dict[Role, str] = {}
        self._sessions: dict[Role, str] = {}

    async def happen(self) -> None:
        """One case new, with a photo and a likely repeat; one done, with photos; a quarrel; an outage."""
        new = await self.report("3号楼的电梯坏了", category="facilities.lift", text="从早上起停在一楼不动。")
        await self.report("3号楼电梯坏了，停在一楼", category="facilities.lift")
        photo = ("photo", ("lift.jpg", jpeg(), "image/jpeg"))
        await self._post("intake", f"/v1/submissions/{new['id']}/attachments", files=[photo])
        done = await self.report("2号楼的电梯门关不上", category="facilities.lift")
        await self.system.act(done["id"], "accept")
        for stage, width in (("before", 320), ("after", 400)):
            photo = ("photo", (f"{stage}.jpg", jpeg(scene(width, 300)), "image/jpeg"))
            await self._post("workflow", f"/v1/cases/{done['id']}/evidence?stage={stage}", files=[photo])
        await self.system.act(done["id"], "resolve", message="门机已更换")
        quarrel = await self.report("楼上夜里太吵", kind="dispute")
        await an_agreement_to_sign(self.system, quarrel)
        await self._post("workflow", "/v1/partners", json={"community": "test", "party": "water-co"})
        key = await key_for(self.system, "party", party="water-co", community="test")
        water, until_then = Utility(self.system, bearer(key["key"])), datetime.now(UTC) + timedelta(hours=3)
        said = {"cause": "works", "until": until_then.isoformat(), "area": somewhere("west")}
        assert await water.outcome("w-1", "declared", **said) == "applied"
        raw = [Raw(b"nothing", b"{}")]
        await send_raw(self.system.servers.kafka, f"{self.system.prefix}.intake", raw)
        await self._votes()
        wanted = await self.report("加装电梯", kind="demand")
        self.places["demand"] = wanted["id"]
        await until(partial(self._way, wanted["id"]))
        parked = await until(partial(self._first, "workflow", "/v1/parked"))
        delivery = await until(partial(self._first, "notify", "/v1/deliveries"))
        node = await until(self._node)
        finding = await until(self._finding)
        self.places |= {
            "parked": parked["id"],
            "reason": parked["reason"],
            "delivery": delivery["id"],
            "node": node,
            "finding": quote(finding),
            "key": key["id"],
            "community": "test",
            "neighbourhood": "east",
            "case": new["id"],
            "code": new["tracking_code"],
            "done": done["id"],
            "done_code": done["tracking_code"],
            "quarrel": quarrel["id"],
            "quarrel_code": quarrel["tracking_code"],
        }

    async def _way(self, demand: str) -> bool:
        """Whether neighbourhood has heard of a demand."""
        answer = await self.system.operator.get(f"{self.system.urls['neighbourhood']}/v1/lineage/{demand}")
        return bool(answer.status_code == 200)

    async def _votes(self) -> None:
        """Owners vote: one paper with its code is not used yet."""
        affairs = Affairs(self.system)
        await affairs.hears_of_the_community()
        register = await affairs.register()
        await affairs.frozen(register, "s-1")
        first = (await affairs.get(f"/v1/registers/{register}/owners"))[0]
        vote = await affairs.prepared(
            "s-1", [{"id": "a", "text": "在 3 号楼东侧建电动车棚", "legal_class": "common_parts"}]
        )
        await affairs.opened(vote)
        papers = await affairs.post(f"/v1/votes/{vote}/ballots:deliver", {})
        said = {"challenge_id": "c-1", "ground": "procedure", "document": SCAN, "owner": papers[1]["owner"]}
        await affairs.post(f"/v1/votes/{vote}:challenge", said)
        principal, agent = papers[2]["owner"], papers[3]["owner"]
        await affairs.post(f"/v1/votes/{vote}:lodge_proxy", {"principal": principal, "agent": agent, "letter": SCAN})
        lift = {"id": "a", "text": "加装电梯", "legal_class": "lift", "stairwells": [first["stairwells"][0]]}
        draft = await affairs.prepared("s-1", [lift], channels=["paper"])
        self.places |= {"vote": vote, "ballot": papers[0]["code"], "draft": draft}
        await self._steering(affairs)

    async def _steering(self, affairs: Affairs) -> None:
        """A task force is owed something, a question is to be talked over, and a plan has two versions."""
        force = await formed(affairs, ("residents-1", "residents", "m-01"))
        first = date.fromisoformat(await today(affairs))
        owed = {"taskforce_id": force, "comes_of": {"origin": "plan_item", "id": "p-1~shed"}, "what": "迁移电表箱"}
        due = (first + timedelta(days=20)).isoformat()
        await affairs.post("/v1/actions", owed | {"owner": "estate", "due": due}, 201)
        days = {"first_day": (first + timedelta(days=3)).isoformat(), "last_day": due}
        asked = {**PLACE, "question": {"zh": "车棚建在哪里？"}, "taskforce_id": force, **days}
        talks = await affairs.post("/v1/deliberations", asked, 201)
        path = f"/v1/deliberations/{talks['id']}/codes:deliver"
        asking = await (await Asking.drafted(affairs)).opened()
        [door] = await asking.invites("b3", ["3号楼1单元101"])
        [letter] = await affairs.post(path, {"households": [door["household"]]})
        starts = f"{(first + timedelta(days=6)).isoformat()}T14:00:00+08:00"
        agenda = [{"id": "shed", "title": "车棚位置"}]
        called = {"taskforce": force, "starts_at": starts, "place": "议事厅", "agenda": agenda}
        meeting = await affairs.post("/v1/meetings", called, 201)
        self.places |= {"talks_code": letter["code"], "meeting": meeting["id"]}
        drawing = await Drawing.begun(affairs)
        for title, fen in (("屋面防水", 100_00), ("屋面防水和保温", 200_00)):
            await drawing.does("write_item", item=item("roof", title=title, fen=fen))
            await drawing.does("freeze", buildings=BUILDINGS)
        notice = (await affairs.get(drawing.path))["publicity"]
        self.places |= {"taskforce": force, "talks": talks["id"], "plan": drawing.id, "notice": notice}
        await self._found(affairs)

    async def _found(self, affairs: Affairs) -> None:
        """A covenant is talked over, and an illegal structure is found."""
        begun = {**PLACE, "track": "residents", "template": "residents"}
        covenant = (await affairs.post("/v1/covenants", begun, 201))["id"]
        await affairs.post(f"/v1/covenants/{covenant}:open_comments")
        photo = ("photo", ("shed.jpg", jpeg(), "image/jpeg"))
        taken = {"taken_at": (await affairs.later(seconds=0)).isoformat()}
        url = f"{affairs.url}/v1/clearings/photos?community=test&neighbourhood=east"
        sent = await self.system.operator.post(url, files=[photo], data=taken)
        assert sent.status_code == 201, sent.text
        photos = [each["sha256"] for each in sent.json()["photos"]]
        found = {**PLACE, "what": "彩钢板棚", "place": "3号楼东侧", "photos": photos}
        structure = (await affairs.post("/v1/clearings", found, 201))["id"]
        self.places |= {"covenant": covenant, "structure": structure}

    async def report(self, title: str, **said: Any) -> dict[str, Any]:
        """A report of a resident's, once somebody is responsible for it: its receipt."""
        answer = await self.system.submit(**{"kind": "report", "title": title, "neighbourhood": "east"} | said)
        assert answer.status_code == 201, answer.text
        receipt: dict[str, Any] = answer.json()

        async def routed() -> bool:
            case = await self.system.case(receipt["id"])
            return bool(case and case["state"] != "open")

        await until(routed)
        return receipt

    async def key(self, role: Role) -> str:
        """What somebody signs in with: the same one each time."""
        if role not in self._keys:
            if role == "operator":
                self._keys[role] = (self.system.servers.secrets_dir / "operator.key").read_text().strip()
            else:
                wanted = {"role": role} if role == "auditor" else {"role": "party", "party": role, "community": "test"}
                made = (await key_for(self.system, **wanted))["key"]  # type: ignore[arg-type]  # role and the rest
                for service in ("intake", "notify", "neighbourhood"):  # a page may ask any of them
                    await known_to(self.system, service, bearer(made))
                self._keys[role] = made
        return self._keys[role]

    async def cookies(self, role: Role) -> Mapping[str, str]:
        """Of a session of theirs, which all of a test run share; a resident has none."""
        if role == "resident":
            return {}
        if role not in self._sessions:
            self._sessions[role] = await self.sign_in(await self.key(role))
        return {SESSION: self._sessions[role]}

    async def sign_in(self, key: str) -> str:
        """A new session, as its cookie."""
        async with self.client() as http:
            answer = await http.post("/sign-in", data={"key": key, "next": "/"})
            assert answer.status_code == 303, answer.text
            return str(answer.cookies[SESSION])

    def client(self, cookies: Mapping[str, str] | None = None, **headers: str) -> httpx2.AsyncClient:
        """Asks the portal as a browser does, and follows nothing."""
        given = {"Accept": "text/html", "Accept-Language": "en"} | headers
        return httpx2.AsyncClient(
            base_url=self.url, headers=given, cookies=dict(cookies or {}), timeout=PATIENCE, verify=False
        )

    async def signed_in(self, role: Role, **headers: str) -> httpx2.AsyncClient:
        return self.client(await self.cookies(role), **headers)

    async def _first(self, service: str, path: str) -> Any:
        """The first of a list, once there is one."""
        return next(iter((await self.system.get(service, path))["items"]), None)

    async def _node(self) -> str | None:
        """A service of the topology, once it has been drawn."""
        answer = await self.system.operator.get(f"{self.url}/v1/topology")
        nodes = answer.json()["nodes"] if answer.status_code == 200 else []
        return next((str(each["id"]) for each in nodes if each["kind"] == "service"), None)

    async def _finding(self) -> str | None:
        """A topic whose settings are not as declared: those of tests have fewer partitions."""
        answer = await self.system.operator.get(f"{self.url}/v1/topology")
        found = answer.json()["findings"] if answer.status_code == 200 else []
        return next((str(each["id"]) for each in found if each["rule"] == "topic_differs" and not each["ended"]), None)

    async def _post(self, service: str, path: str, **body: Any) -> None:
        answer = await self.system.operator.post(f"{self.system.urls[service]}{path}", **body)
        assert answer.status_code in {200, 201}, answer.text


@asynccontextmanager
async def quarter_on(servers: Servers, logs: Path, **environment: str) -> AsyncIterator[Quarter]:
    """It has started, and what is to happen has happened."""
    async with system_on(
        servers, logs, **{"LINLI_COMPONENTS": "true", "LINLI_PLAY_TIME": "true"} | environment
    ) as system:
        await system.load()
        system.launch(PORTAL)
        await system.ready(PORTAL)
        quarter = Quarter(system)
        await quarter.happen()
        yield quarter
