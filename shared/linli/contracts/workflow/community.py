"""A community's data: the tree of responsibility, the other parties, neighbourhoods, categories and routing rules.

Workflow owns it and publishes each version; intake and notify keep a copy. A community here is one subdistrict 街道
with everything in it.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from itertools import islice
from typing import Annotated, Any, ClassVar, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    AwareDatetime,
    EmailStr,
    Field,
    HttpUrl,
    StringConstraints,
    ValidationInfo,
    model_validator,
)

from linli.contracts.base import Event, Record, Slug, is_entering
from linli.contracts.kinds import Channel, Kind, Language
from linli.contracts.topics import Topic
from linli.contracts.workflow.outlines import Polygon, with_all_outlines
from linli.contracts.workflow.spans import Duration, Hours
from linli.contracts.workflow.working_hours import WorkingHours
from linli.security.addresses import EVERY_NETWORK, fault_of
from linli.text.coordinates import Crs

Name = Annotated[str, StringConstraints(min_length=1, max_length=80)]


class Level(StrEnum):
    """The five levels of the tree, from the top down."""

    SUBDISTRICT = "subdistrict"  # 街道党工委
    COMMUNITY = "community"  # 社区党委
    GRID = "grid"  # 网格党支部
    BUILDING_GROUP = "building_group"  # 楼院党小组
    HOUSEHOLD = "household"  # 党员中心户

    @property
    def depth(self) -> int:
        """0 for the subdistrict, 4 for a member household."""
        return list(Level).index(self)


class PartyKind(StrEnum):
    """What a party is; the first five are the levels of the tree."""

    SUBDISTRICT = "subdistrict"
    COMMUNITY = "community"
    GRID = "grid"
    BUILDING_GROUP = "building_group"
    HOUSEHOLD = "household"
    PROPERTY = "property"  # 物业公司
    OWNERS_COMMITTEE = "owners_committee"  # 业委会
    TELECOM = "telecom"
    WATER = "water"
    POWER = "power"
    GAS = "gas"
    HEATING = "heating"
    BUILDER = "builder"  # 施工单位
    SUPERVISOR = "supervisor"  # 监理单位

    @property
    def level(self) -> Level | None:
        """The level of the tree that this kind stands on; None for a party outside the tree."""
        return Level(self.value) if self.value in set(Level) else None


def _known_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("not a time zone such as Asia/Shanghai") from error
    return value


def _webhook(url: HttpUrl, info: ValidationInfo) -> HttpUrl:
    """What is put in force now must be an address that notify could deliver to, whatever networks it may go to."""
    if is_entering(info) and (fault := fault_of(str(url), EVERY_NETWORK)):
        raise ValueError(fault)
    return url


class Party(Record):
    """Who can be made responsible."""

    id: Slug
    name: Name
    name_en: Name | None = None
    kind: PartyKind
    parent: Slug | None = None
    """The node above, for a level of the tree; for other parties, the node that arbitrates what they return."""
    email: EmailStr | None = None
    """The office's mailbox, not a person's."""
    webhook: Annotated[HttpUrl, AfterValidator(_webhook)] | None = None
    language: Language = Language.ZH
    working_hours: WorkingHours | None = None
    """When it works on a working day; the community's hours where nothing is said."""

    def called(self, language: Language) -> str:
        """Its name in a language, as far as it has one there."""
        return self.name_en or self.name if language is Language.EN else self.name


class Neighbourhood(Record):
    """A 小区: the place a plan is made for."""

    id: Slug
    name: Name
    name_en: Name | None = None
    grid: Slug
    """The grid's party id."""
    outline: Polygon | None = None
    further_outlines: tuple[Polygon, ...] = ()
    """What belongs to it and lies apart; a MultiPolygon is taken apart into these."""
    roles: dict[Slug, Slug] = Field(default_factory=dict)
    """Which party fills a role here, before the community's defaults: role → party id."""

    @model_validator(mode="before")
    @classmethod
    def _any_outline(cls, values: Any) -> Any:
        return with_all_outlines(values)

    @property
    def outlines(self) -> tuple[Polygon, ...]:
        """All its parts; none where no outline is known."""
        return (self.outline, *self.further_outlines) if self.outline else ()


class Category(Record):
    """What a submission is about. Ids are paths: `facilities.lift.install` lies below `facilities.lift`."""

    id: Slug
    name: Name
    name_en: Name | None = None
    kinds: tuple[Kind, ...] = ()
    """The kinds it is used for; empty for all."""

    @property
    def parent(self) -> str | None:
        """The id of the level above, None at the first level."""
        return self.id.rpartition(".")[0] or None


class WordsIn(StrEnum):
    """What of a submission a rule's words may stand in."""

    TITLE = "title"
    TEXT = "text"
    PLACE = "place"


Words = tuple[Annotated[str, StringConstraints(min_length=1, max_length=40)], ...]


class Condition(Record):
    """All that is named must hold; of a list, one suffices. An empty condition always holds."""

    kind: tuple[Kind, ...] = ()
    category: tuple[Slug, ...] = ()
    """Any level: `facilities` holds for all that lies below it."""
    neighbourhood: tuple[Slug, ...] = ()
    channel: tuple[Channel, ...] = ()
    words: Words = ()
    """One of them stands in title or text; width, case, spaces and unseen characters make no difference."""
    not_words: Words = ()
    """None of them stands there."""
    near: Words = ()
    """One of them stands beside one of `words`, before it or after."""
    near_within: Annotated[int, Field(ge=0, le=200)] = 10
    """Characters that may stand between the two."""
    words_in: Annotated[tuple[WordsIn, ...], Field(min_length=1)] = (WordsIn.TITLE, WordsIn.TEXT)
    """Where words are looked for, each place for itself."""
    hours: Hours | None = None
    attributes: dict[str, str | bool | int | float] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _near_something(self) -> "Condition":
        if self.near and not self.words:
            raise ValueError("near names words that stand near others: say which in words")
        return self


class Rule(Record):
    """The first rule whose condition holds names the role that becomes responsible, and until when."""

    id: Slug
    name: Name
    when: Condition = Condition()
    role: Slug
    accept_within: Duration
    answer_within: Duration | None = None
    """Until when the reporter is to have a first answer: progress, or the resolution."""
    resolve_within: Duration
    working_days: bool = False
    """Whole days in the three spans are working days; hours and minutes are on the clock, or in `working_hours`."""
    suggests: Slug | None = None
    """The category that its words speak of: residents who have not named one are offered it."""
    emergency: bool | None = None
    """Whether what is late goes up at night too; where nothing is said, it does unless it counts in working days."""

    @model_validator(mode="after")
    def _in_order(self) -> "Rule":
        if self.resolve_within < self.accept_within:
            raise ValueError("resolve_within is shorter than accept_within")
        if self.answer_within is not None and not self.accept_within <= self.answer_within <= self.resolve_within:
            raise ValueError("answer_within must lie between accept_within and resolve_within")
        return self


class EscalationPolicy(Record):
    """How long each level has when a deadline was missed, before the case goes one level up. 督办上报"""

    id: Slug
    name: Name
    category: tuple[Slug, ...] = ()
    """Any level, as in a rule's condition; empty holds for all."""
    within: dict[Level, Duration] = Field(default_factory=dict)
    """The time of each level; 24 hours where nothing is said."""
    remind_before: Duration | None = None
    """How long before a deadline the responsible party is reminded; never when nothing is said. 催办"""
    working_days: bool = False
    """Whole days in `within` are working days."""

    def time_of(self, level: Level | None) -> timedelta:
        """What a level has; a party outside the tree has the ordinary time."""
        return self.within.get(level, ORDINARY_LEVEL_TIME) if level else ORDINARY_LEVEL_TIME


ORDINARY_LEVEL_TIME = timedelta(hours=24)
ORDINARY_POLICY = EscalationPolicy(id="ordinary", name="通用")
"""What holds where a community's policies say nothing: late is always noticed."""


def _not_too_soon(value: timedelta) -> timedelta:
    if value < timedelta(days=14):
        raise ValueError("must be at least 14d: so long the reporter may answer")
    return value


CloseAfter = Annotated[Duration, AfterValidator(_not_too_soon)]


class PhotosShown(StrEnum):
    """What the responsible party sees of the photos that a reporter sent. The triage desk's operators see them."""

    FULL = "full"
    PREVIEW = "preview"  # small and blurred: what it is about can be told, a face or a number plate cannot
    NONE = "none"


class Announcement(Record):
    """What the office tells the residents of some neighbourhoods. 公告"""

    id: Slug
    title: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    title_en: Annotated[str, StringConstraints(min_length=1, max_length=120)] | None = None
    text: Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
    text_en: Annotated[str, StringConstraints(min_length=1, max_length=2_000)] | None = None
    neighbourhoods: tuple[Slug, ...] = Field(default=(), max_length=5_000)
    """Where it is shown; empty: everywhere."""
    since: date
    """The first day on which it is shown, in the community's zone."""
    until: date | None = None
    """The last one."""


class Community(Record):
    """Everything about one subdistrict, as one value. Cross-references are checked when it is made."""

    id: Slug
    name: Name
    name_en: Name | None = None
    timezone: Annotated[str, AfterValidator(_known_zone)] = "Asia/Shanghai"
    """A zone of the IANA time zone database."""
    location_crs: Crs = Crs.WGS84
    """What the locations of submissions are counted in that do not say it themselves. Outlines are always in WGS 84."""
    triage: Slug
    """The party that decides where what no rule matches goes."""
    roles: dict[Slug, Slug] = Field(default_factory=dict)
    """Who fills a role where the neighbourhood names nobody: role → party id."""
    parties: tuple[Party, ...] = Field(min_length=1, max_length=20_000)
    neighbourhoods: tuple[Neighbourhood, ...] = Field(default=(), max_length=5_000)
    categories: tuple[Category, ...] = Field(default=(), max_length=5_000)
    rules: tuple[Rule, ...] = Field(default=(), max_length=2_000)
    escalation: tuple[EscalationPolicy, ...] = Field(default=(), max_length=200)
    """The first whose category holds decides."""
    close_after: CloseAfter = timedelta(days=14)
    """How long after its resolution a case is closed of itself when the reporter does not ask for more.

    Not before the 14 days are over in which the reporter may answer.
    """
    closed_days: tuple[date, ...] = Field(default=(), max_length=2_000)
    """Days on which the community does not work, beside weekends and public holidays."""
    retired_at: AwareDatetime | None = None
    """Since when it takes no new submissions; its cases go on. Nobody writes it into data: it has a command."""
    working_hours: WorkingHours | None = None
    """When its offices are open on a working day: then hours that count in working days run only while they are."""
    photos_shown: PhotosShown = PhotosShown.FULL
    """What parties see of the reporters' photos."""
    partners_may_call: bool = False
    """Whether a partner may ask how the reporter of its order is reached, while it has the order."""
    announcements: tuple[Announcement, ...] = Field(default=(), max_length=500)
    open_data: bool = False
    """Whether anybody may have each month's cases as a table, without persons."""

    @model_validator(mode="after")
    def _references(self) -> "Community":
        if faults := list(islice(inconsistencies(self), 20)):
            raise ValueError("; ".join(map(str, faults)))
        return self


Section = Literal["community", "parties", "neighbourhoods", "categories", "rules", "escalation"]


class Inconsistency(Record):
    """A reference that leads nowhere, or a rule of the tree that is broken: where, and what is wrong."""

    section: Section
    index: int | None
    field: str
    message: str

    def __str__(self) -> str:
        place = self.section if self.index is None else f"{self.section}[{self.index}]"
        return f"{place}.{self.field}: {self.message}"


def inconsistencies(community: Community) -> Iterator[Inconsistency]:
    """Every reference and tree rule that does not hold, in the order of the sections."""
    parties = {party.id: party for party in community.parties}
    yield from _in_roles(community, parties)
    yield from _in_parties(community, parties)
    yield from _in_neighbourhoods(community, parties)
    yield from _in_categories(community)
    yield from _in_rules(community)
    yield from _in_announcements(community)
    yield from _in_escalation(community)


def _fault(section: Section, index: int | None, field: str, message: str) -> Inconsistency:
    return Inconsistency(section=section, index=index, field=field, message=message)


def _in_roles(community: Community, parties: dict[str, Party]) -> Iterator[Inconsistency]:
    if community.triage not in parties:
        yield _fault("community", None, "triage", f"there is no party '{community.triage}'")
    for role, party_id in community.roles.items():
        if party_id not in parties:
            yield _fault("community", None, f"roles.{role}", f"there is no party '{party_id}'")


def _in_parties(community: Community, parties: dict[str, Party]) -> Iterator[Inconsistency]:
    yield from _repeated("parties", community.parties)
    for index, party in enumerate(community.parties):
        if message := _misplaced(party, parties):
            yield _fault("parties", index, "parent", message)


def _in_neighbourhoods(community: Community, parties: dict[str, Party]) -> Iterator[Inconsistency]:
    yield from _repeated("neighbourhoods", community.neighbourhoods)
    for index, place in enumerate(community.neighbourhoods):
        grid = parties.get(place.grid)
        if grid is None or grid.kind is not PartyKind.GRID:
            yield _fault("neighbourhoods", index, "grid", f"'{place.grid}' is not a party of kind grid")
        for role, party_id in place.roles.items():
            if party_id not in parties:
                yield _fault("neighbourhoods", index, f"roles.{role}", f"there is no party '{party_id}'")


def _in_categories(community: Community) -> Iterator[Inconsistency]:
    known = {category.id for category in community.categories}
    yield from _repeated("categories", community.categories)
    for index, category in enumerate(community.categories):
        if category.parent and category.parent not in known:
            yield _fault("categories", index, "id", f"there is no category '{category.parent}' above '{category.id}'")


def _in_rules(community: Community) -> Iterator[Inconsistency]:
    roles = set(PartyKind) | set(community.roles) | {role for place in community.neighbourhoods for role in place.roles}
    categories = {category.id for category in community.categories}
    neighbourhoods = {place.id for place in community.neighbourhoods}
    yield from _repeated("rules", community.rules)
    for index, rule in enumerate(community.rules):
        if rule.role not in roles:
            yield _fault("rules", index, "role", f"nobody fills the role '{rule.role}'")
        if rule.suggests is not None and rule.suggests not in categories:
            yield _fault("rules", index, "suggests", f"there is no category '{rule.suggests}'")
        for name in rule.when.category:
            if name not in categories:
                yield _fault("rules", index, "when.category", f"there is no category '{name}'")
        for name in rule.when.neighbourhood:
            if name not in neighbourhoods:
                yield _fault("rules", index, "when.neighbourhood", f"there is no neighbourhood '{name}'")


def _in_announcements(community: Community) -> Iterator[Inconsistency]:
    neighbourhoods, seen = {place.id for place in community.neighbourhoods}, set[str]()
    for index, each in enumerate(community.announcements):
        if each.id in seen:
            yield _fault("community", None, f"announcements.{index}.id", f"'{each.id}' stands twice")
        seen.add(each.id)
        for name in each.neighbourhoods:
            if name not in neighbourhoods:
                field = f"announcements.{index}.neighbourhoods"
                yield _fault("community", None, field, f"there is no neighbourhood '{name}'")


def _in_escalation(community: Community) -> Iterator[Inconsistency]:
    categories = {category.id for category in community.categories}
    yield from _repeated("escalation", community.escalation)
    for index, policy in enumerate(community.escalation):
        for name in policy.category:
            if name not in categories:
                yield _fault("escalation", index, "category", f"there is no category '{name}'")


def _repeated(section: Section, entries: tuple[Any, ...]) -> Iterator[Inconsistency]:
    seen: set[str] = set()
    for index, entry in enumerate(entries):
        if entry.id in seen:
            yield _fault(section, index, "id", f"'{entry.id}' stands twice")
        seen.add(entry.id)


def _misplaced(party: Party, parties: dict[str, Party]) -> str | None:
    """Why a party's place in the tree is wrong: each level hangs from the level right above it."""
    if party.kind is PartyKind.SUBDISTRICT:
        return None if party.parent is None else "the subdistrict is the top of the tree and has no parent"
    above = parties.get(party.parent) if party.parent else None
    if above is None:
        return f"there is no party '{party.parent}'" if party.parent else "the node above is missing"
    if above.kind.level is None:
        return f"'{above.id}' is no level of the tree"
    if party.kind.level and above.kind.level.depth != party.kind.level.depth - 1:
        return f"a {party.kind} hangs from the level above it, not from a {above.kind}"
    return None


COMMUNITIES = Topic(
    name="community",
    key="community id",
    newest_only=True,
    config={
        "max.message.bytes": str(8 * 2**20),  # 8 MB: one record carries a whole community
        "min.cleanable.dirty.ratio": "0.01",  # compact early: every service reads this topic from its beginning
        "segment.ms": "3600000",  # the active segment is never compacted, so close it each hour
    },
)
"""The newest version of each community: tree, parties, neighbourhoods, rules."""


class CommunityPublished(Event):
    """A new version of a community's data. Topic `linli.community`, compacted, key: community id."""

    TYPE: ClassVar[str] = "linli.community.published.v1"
    SOURCE = "linli/workflow"
    TOPIC = COMMUNITIES
    MOST_BYTES = 7_500_000
    """The topic allows 8 MB, the producer 8,000,000 bytes."""

    version: int = Field(ge=1)
    community: Community

    @property
    def story(self) -> str:
        return self.community.id
