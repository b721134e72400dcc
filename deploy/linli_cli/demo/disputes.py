"""How the sample's disputes are mediated: each by the public API, to an agreement that is kept or broken, or upwards.

The same on every run. Whoever plays it gives a `Speaker`; the command line's client is one, in `linli demo renewal`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Protocol
from zoneinfo import ZoneInfo

VOLUNTEER = "李老师（退休教师，志愿调解员）"
OTHER_SIDE = "对方当事人"
SAID = "我想把话说开，定个大家都能接受的办法。"
ANSWERED = "我也不想闹僵，能商量。"


class Speaker(Protocol):
    """Asks workflow; raises for whatever is not answered well."""

    async def get(self, service: Any, path: str, *, operator: bool = True, **params: Any) -> Any: ...

    async def post(self, service: Any, path: str, body: Any = None, *, operator: bool = True) -> Any: ...


@dataclass(frozen=True, slots=True)
class Ending:
    """How a dispute ends: what is agreed, one text after another, and which of them is kept."""

    agreed: Sequence[str]
    kept: bool = False
    unagreed: str | None = None
    """Why it goes up, if it does."""
    court: bool = False
    """They ask the court to confirm what they agreed."""
    declined: bool = False
    """The reporter does not want mediation after all."""

    @property
    def state(self) -> str:
        """Where its mediation stands at the end."""
        return "kept" if self.kept else "escalated"


ENDINGS = (
    Ending(["晚上十点半到早上七点不打包、不拖箱；纸箱下垫毡垫。周末白天补做。"], kept=True),
    Ending(["共同委托检测，查明是防水层的由楼上修复并赔偿吊顶、橱柜。"], kept=True, court=True),
    Ending(["楼道三日内清空；楼长在车棚腾出一格供存放，每周收一次。"], kept=True),
    Ending([], unagreed="not_agreed"),
    Ending(["井道改用夹丝玻璃，厨房外侧加反光板，费用列入加装方案。"], kept=True),
    Ending(["一周内拆除两把地锁；先到先停，老人接送位划黄线，限停半小时。"], kept=True),
    Ending(["十日内拆篱笆，划四块共享菜园轮种，不用粪肥。", "再给五日；到期由楼院组织拆除。"], kept=True),
    Ending(["恢复门禁；两周内公开账目，开业主大会前按原价收取。"], unagreed="broken"),
    Ending(["施工单位三日内换两块玻璃，并检查同立面其他窗户。"], kept=True),
    Ending(["早八点前不在公用晾衣绳上拍地毯；轮用表贴在门厅，中英文各一份。"], kept=True),
    Ending([], unagreed="not_agreed"),
    Ending([], unagreed="declined", declined=True),
)
"""One for each dispute of the sample, in its order."""


@dataclass(frozen=True, slots=True)
class Mediated:
    """What became of one."""

    case_id: str
    ending: Ending
    mediation: Mapping[str, Any]


async def mediate(speaker: Speaker, receipt: Mapping[str, Any], ending: Ending, zone: ZoneInfo) -> Mediated:
    """Play one dispute to its end; its case has to be known to workflow. `receipt` is that of its submission."""
    case = await speaker.get("workflow", f"/v1/cases/{receipt['id']}")
    play = _Play(speaker, case, f"/v1/mediation/{receipt['tracking_code']}", zone)
    await play.begin()
    await play.talk()
    for number, text in enumerate(ending.agreed, 1):
        await play.agree(text)
        if ending.court:
            await play.ask_the_court()
        last = number == len(ending.agreed)
        await play.staff("visit", kept=last and ending.kept)
    if ending.declined:
        await speaker.post("workflow", f"{play.reporter}:decline", operator=False)
    elif ending.unagreed:
        await play.staff("escalate", why=ending.unagreed, note="两次调解未果，请上级牵头。")
    return Mediated(case["id"], ending, await speaker.get("workflow", f"/v1/cases/{case['id']}/mediation"))


class _Play:
    """One dispute, step by step."""

    def __init__(self, speaker: Speaker, case: Mapping[str, Any], reporter: str, zone: ZoneInfo) -> None:
        self._speaker, self._case, self._zone = speaker, case, zone
        self.reporter = reporter
        self._other = self._mediator = ""
        self._node: str | None = None

    async def staff(self, action: str, /, **body: Any) -> dict[str, Any]:
        """What the office does."""
        path = f"/v1/cases/{self._case['id']}/mediation:{action}"
        answer: dict[str, Any] = await self._speaker.post("workflow", path, body)
        return answer

    async def begin(self) -> None:
        """A volunteer and the nearest node mediate; the other side gets a code of its own."""
        await self._speaker.post("workflow", f"/v1/cases/{self._case['id']}/mediation")
        community, place = self._case["community"], self._case.get("neighbourhood")
        asked = {"community": community, "name": VOLUNTEER}
        volunteer = await self._speaker.post("workflow", "/v1/mediators", asked)
        listed = await self._speaker.get("workflow", "/v1/mediators", community=community, neighbourhood=place)
        self._node = next(each["mediator"] for each in listed["items"] if each.get("level") == "grid")
        self._mediator = await self._code("appoint", mediator=volunteer["mediator"])
        await self.staff("appoint", mediator=self._node)
        self._other = await self._code("concern", side="respondent", name=OTHER_SIDE)

    async def talk(self) -> None:
        """Each says their part by their own code; they meet, as they were asked to."""
        for whose, text in ((self.reporter, SAID), (self._other, ANSWERED)):
            await self._speaker.post("workflow", f"{whose}/statements", {"text": text}, operator=False)
        starts = datetime.now(self._zone) + timedelta(hours=1)
        called = await self.staff("call", starts_at=starts.isoformat(), where="居委会二楼调解室")
        there = [each["participant"] for each in (*called["mediators"], *called["concerned"])]
        await self.staff("hold", session=len(called["sessions"]), came=there)

    async def agree(self, text: str) -> None:
        """The reporter signs on a telephone, the other side on paper, the volunteer with the committee's seal."""
        today = datetime.now(self._zone).date().isoformat()
        drafted = await self.staff("draft", text=text, visit_on=today)
        digest = drafted["agreements"][-1]["digest"]
        other = next(each["participant"] for each in drafted["concerned"] if each["side"] == "respondent")
        await self._speaker.post("workflow", f"{self.reporter}:sign", {"digest": digest}, operator=False)
        scan = sha256(digest.encode()).hexdigest()
        await self.staff("sign", signer=other, digest=digest, scan=scan)
        sealed = {"digest": digest, "sealed": True}
        await self._speaker.post("workflow", f"{self._mediator}:sign", sealed, operator=False)

    async def ask_the_court(self) -> None:
        """All together, and it confirms."""
        stands = await self._speaker.get("workflow", f"/v1/cases/{self._case['id']}/mediation")
        day = stands["agreements"][-1]["effective_on"]
        everybody = [each["participant"] for each in stands["concerned"]]
        await self.staff("court", step="applied", on=day, asked=everybody)
        await self.staff("court", step="confirmed", on=day)

    async def _code(self, action: str, /, **body: Any) -> str:
        """Where somebody who takes part goes with the code that they get."""
        return f"/v1/mediation/{(await self.staff(action, **body))['code']}"
