"""The numbers by which works are accepted and cleared, as data, with where each is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from linli.contracts.neighbourhood.rules import Citation, Read
from linli.contracts.neighbourhood.spans import Counting, Span
from linli.contracts.neighbourhood.works import SiteRole, Trade
from neighbourhood.profiles.days import Place
from neighbourhood.profiles.sources import works_quality
from neighbourhood.sources import Source, unconfirmed


@dataclass(frozen=True, slots=True)
class Term:
    """How long a warranty runs: so many months, or so many whole seasons of heating."""

    months: int = 0
    seasons: int = 0


@dataclass(frozen=True, slots=True)
class Season:
    """From the one day of the year to the other, both included, as (month, day); it may reach over the new year."""

    first: tuple[int, int]
    last: tuple[int, int]


@dataclass(frozen=True, slots=True)
class WorksRules:
    """What holds in a place. `sources` has one for each field that a law or an office sets."""

    scope: str
    place: Place
    signatories: frozenset[SiteRole]
    """Who must sign an acceptance, all of them."""
    gate: int
    """So many residents' representatives at least are asked; 0: none need be."""
    filing: Span
    """Within which an acceptance is filed."""
    handover_after_filing: bool
    registration: Span
    """Of a lift, after it begins to run, which it does with the handover."""
    warranties: Mapping[Trade, Term]
    season: Season
    remind_days: tuple[int, ...]
    """Before a warranty ends, the longest first."""
    appeal: Span
    """From the notice to whoever has an illegal structure."""
    sources: Mapping[str, Source]
    in_force_from: date | None = None
    in_force_until: date | None = None


_LIFTS = Citation(law="特种设备安全法", article="第三十三条", read=Read.TEXT)
_APPEAL = Citation(law="行政复议法", article="第二十条", read=Read.MEMORY)
QINGDAO = WorksRules(
    scope="qingdao",
    place=Place(ZoneInfo("Asia/Shanghai")),
    signatories=frozenset({SiteRole.CLIENT, SiteRole.DESIGN, SiteRole.BUILDER, SiteRole.SUPERVISOR}),
    gate=3,
    filing=Span(length=15, counting=Counting.WITHIN, citation=works_quality("第四十九条")),
    handover_after_filing=True,
    registration=Span(
        length=30,
        counting=Counting.WITHIN,
        citation=_LIFTS,
    ),
    warranties={
        Trade.WATERPROOFING: Term(months=60),
        Trade.HEATING: Term(seasons=2),
        Trade.PIPES: Term(months=24),
        Trade.ELECTRICS: Term(months=24),
        Trade.INSTALLATION: Term(months=24),
        Trade.DECORATION: Term(months=24),
    },
    season=Season((11, 16), (4, 5)),
    remind_days=(90, 30, 7),
    appeal=Span(length=60, counting=Counting.WITHIN, citation=_APPEAL),
    sources={
        "signatories": Source(
            "建设工程质量管理条例 16", note="勘察单位只在有勘察时签署；“有关单位”的范围请主管部门确认"
        ),
        "gate": unconfirmed("居民代表参加验收：没有条文，街道自定", "人数由街道确定；不能代替法定签署"),
        "filing": Source("建设工程质量管理条例 49（15 日内备案）"),
        "handover_after_filing": unconfirmed(
            "建设工程质量管理条例 16 只要求验收合格后方可交付使用", "先备案后移交是较严的做法"
        ),
        "registration": Source("特种设备安全法 33（投入使用前或者投入使用后三十日内）"),
        "warranties": Source(
            "建设工程质量管理条例 40", note="地基基础、主体结构为设计文件规定的合理使用年限，须随合同写入"
        ),
        "season": unconfirmed("青岛供热期 11 月 16 日至次年 4 月 5 日", "以当年通告为准；跨期竣工的是否计入当季待核"),
        "remind_days": unconfirmed("街道自定"),
        "appeal": unconfirmed(
            "行政复议法 20（六十日）；行政诉讼法 46（六个月）",
            "强制拆除须等复议、诉讼期限都满（行政强制法 44），按哪个期限请法律顾问确认",
        ),
    },
)
