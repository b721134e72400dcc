"""The story: 48 flats of 60 ㎡, 46 owners, 37 answers, and what becomes of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

COMMUNITY, NEIGHBOURHOOD = "fushan-road", "huaiyin-li"
SCAN = sha256("扫描件".encode()).hexdigest()
"""Of a paper that somebody has signed: the demonstration has no scanner."""
AREA = 60_00
"""Of a flat, in hundredths of a ㎡."""


@dataclass(frozen=True, slots=True)
class Flat:
    """A flat, its owner by number; the first owner has three of them."""

    door: str
    building: str
    stairwell: str
    owner: int

    @property
    def row(self) -> dict[str, str]:
        """As a clerk's list has it."""
        return {
            "door": self.door,
            "stairwell": self.stairwell,
            "area": "60.00",
            "area_from": "不动产登记簿",
            "owner": f"业主{self.owner:02}",
            "owner_key": f"RENEWAL{self.owner:04}",
        }


def flats() -> list[Flat]:
    """Building 3 with four stairwells of six floors, two flats on each."""
    owners = [1, 1, 1, *range(2, 47)]
    return [
        Flat(f"3号楼{1 + at // 12}单元{1 + at % 12 // 2}0{1 + at % 2}", "b3", f"3号楼{1 + at // 12}单元", owner)
        for at, owner in enumerate(owners)
    ]


@dataclass(frozen=True, slots=True)
class Matter:
    """What several households ask for, and what the plan makes of it. `demands` are numbers of the sample's demands,
    from 1; `declined` some of them, with the reason."""

    id: str
    title: str
    demands: Sequence[int]
    category: str = "basic"
    declined: Mapping[int, str] | None = None
    estimate: int = 0
    """Fen. 0: no item comes of it."""

    @property
    def cited(self) -> list[int]:
        return [each for each in self.demands if each not in (self.declined or {})]


_GAS = "燃气管网改造由燃气公司明年单独立项。"
_CANTEEN = "老年食堂不属于本次工程，转社区另行研究。"
_TEAM = "志愿维修队不需要工程，转志愿服务。"
MATTERS: Sequence[Matter] = (
    Matter("roads", "道路与人行道", range(1, 6), estimate=82_000_000),
    Matter("charging", "电动车棚与充电", range(6, 11), "improvement", estimate=31_000_000),
    Matter("lines", "架空线入地", range(11, 15), estimate=46_000_000),
    Matter("lifts", "加装电梯", range(15, 20), "improvement", estimate=210_000_000),
    Matter("elderly", "适老与无障碍", range(20, 24), "improvement", estimate=12_000_000),
    Matter("pipes", "水、暖、电、气", range(24, 30), declined={28: _GAS}, estimate=95_000_000),
    Matter("yard", "照明、停车与环境", (30, 31, 34, 35), "improvement", estimate=24_000_000),
    Matter("roof", "屋面与外墙", (32, 33), estimate=67_000_000),
    Matter("services", "社区服务", (36, 37), "enhancement", declined={36: _CANTEEN, 37: _TEAM}),
)
ANSWERS = 37
CITED = sum(len(each.cited) for each in MATTERS)
SHED = "在 3 号楼东侧空地建电动车棚，利用共有部分约 48 平方米。"
COVENANT = "通过《槐荫里管理规约》。"
YES_TO_THE_SHED, YES_TO_THE_COVENANT, VOTED = 26, 20, 34
