"""Works: a package of a plan's items, from its opening to its handover. Key: the package.

What is inspected while it is built is in `works_checked`, its acceptance in `works_accepted`, the clearing of illegal
structures in `clearing`.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import AwareDatetime, Field

from linli.contracts.base import Record, Slug
from linli.contracts.intake.submission import Point
from linli.contracts.neighbourhood.affairs import Digest, Id
from linli.contracts.neighbourhood.placed import FilingNumber, PlacedAffair, Title, Words


class SiteRole(StrEnum):
    """What a party is to a building site. 建设工程质量管理条例 3"""

    CLIENT = "client"  # 建设单位
    SURVEY = "survey"  # 勘察单位
    DESIGN = "design"  # 设计单位
    BUILDER = "builder"  # 施工单位
    SUPERVISOR = "supervisor"  # 工程监理单位


class Trade(StrEnum):
    """What a warranty is given for. 建设工程质量管理条例 40"""

    STRUCTURE = "structure"  # 地基基础、主体结构
    WATERPROOFING = "waterproofing"  # 防水
    HEATING = "heating"  # 供热与供冷系统
    PIPES = "pipes"  # 给排水管道
    ELECTRICS = "electrics"  # 电气管线
    INSTALLATION = "installation"  # 设备安装
    DECORATION = "decoration"  # 装修


class Appointed(Record):
    """Which party has a role on the site."""

    role: SiteRole
    party: Slug


class SitePhoto(Record):
    """A photo from the site, known by its bytes."""

    sha256: Digest
    taken_at: AwareDatetime
    location: Point | None = None


class Paper(Record):
    """What goes with the works when they change hands: drawings, manuals, certificates."""

    WORDS = frozenset({"name"})

    name: Title
    sha256: Digest


class Facility(Record):
    """Something that is there from now on, and that somebody looks after."""

    WORDS = frozenset({"name", "place", "papers"})

    id: Id
    name: Title
    place: Title
    location: Point | None = None
    trades: Annotated[tuple[Trade, ...], Field(max_length=10)] = ()
    """Under whose warranties it is."""
    lift: Id | None = None
    """Which lift of the package's it is, of one that is a lift."""
    maintained_by: Slug | None = None
    """Who keeps it in order, where that is not whoever it is handed over to."""
    papers: Annotated[tuple[Paper, ...], Field(max_length=30)] = ()


class WarrantyGiven(Record):
    """What a builder answers for, up to and with that day."""

    trade: Trade
    until: date


class LiftCertificate(Record):
    """By which number an authority has registered a lift."""

    lift: Id
    certificate: FilingNumber


class PackageEvent(PlacedAffair):
    """What is common to every event of a work package."""

    package_id: Id
    asks: tuple[Slug, ...] = ()
    """The parties whose turn it is now: told by letter."""

    @property
    def story(self) -> str:
        return self.package_id


class PackageOpened(PackageEvent):
    """Items of a finalised plan become works. 施工内容"""

    TYPE: ClassVar[str] = "linli.package.opened.v1"
    WORDS = frozenset({"title"})
    STAFF_WORDS = WORDS

    title: Title
    plan_id: Id
    plan_hash: Digest
    """Of the version that the items stand in."""
    items: Annotated[tuple[Id, ...], Field(min_length=1)]
    demands: tuple[Id, ...] = ()
    """The demands that the items cite."""
    appointed: Annotated[tuple[Appointed, ...], Field(min_length=1)]
    trades: tuple[Trade, ...] = ()
    """What warranties are owed for."""
    lifts: tuple[Id, ...] = ()
    """Those that it builds in, which an authority registers before they have run for long."""
    plan_checked: bool = False
    """Whether the plan was looked up, and has these items in a version that is final."""


class PackageProgressed(PackageEvent):
    """How far it has come, as announced to all. 进度公示"""

    TYPE: ClassVar[str] = "linli.package.progressed.v1"
    WORDS = frozenset({"message"})
    STAFF_WORDS = WORDS

    percent: Annotated[int, Field(ge=0, le=100)]
    message: Words


class PackageCompleted(PackageEvent):
    """The builder reports that all of it is built. 竣工报告"""

    TYPE: ClassVar[str] = "linli.package.completed.v1"


class LiftRegistered(PackageEvent):
    """An authority has it among those that may run. 使用登记"""

    TYPE: ClassVar[str] = "linli.lift.registered.v1"

    lift: Id
    certificate: FilingNumber
    on: date


class PackageHandedOver(PackageEvent):
    """Who looks after it from now on, and the facilities that begin with it. 移交"""

    TYPE: ClassVar[str] = "linli.package.handed_over.v1"
    WORDS = frozenset({"title", "facilities", "papers"})
    STAFF_WORDS = WORDS

    title: Title
    to: Slug
    builder: Slug
    """Who answers for it while a warranty runs."""
    facilities: Annotated[tuple[Facility, ...], Field(min_length=1)]
    papers: tuple[Paper, ...] = ()
    """Those of the whole package."""
    warranty_letter: Digest
    warranties: tuple[WarrantyGiven, ...] = ()
    accepted_on: date
    filed: FilingNumber | None = None
    """What the authority calls the acceptance; None where it is handed over before it is filed."""
    lifts: tuple[LiftCertificate, ...] = ()
    items: tuple[Id, ...]
    demands: tuple[Id, ...]
    unregistered: tuple[Id, ...] = ()
    """The lifts that nobody has registered yet."""
    register_by: date | None = None
    """The last day for those; None where there is none."""
