"""Minutes of a meeting of the task force 会议纪要, and corrections beside them."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from linli.contracts.neighbourhood.taskforce import SeatRole
from neighbourhood.papers.document import Block, Document, Facts, Heading, Paragraph, Signatures, Table
from neighbourhood.papers.text import Both, Says, moment

ROLES = {
    SeatRole.SUBDISTRICT: Both("街道", "subdistrict"),
    SeatRole.COMMUNITY: Both("社区", "community"),
    SeatRole.PARTY_MEMBERS: Both("党员代表", "Party members"),
    SeatRole.RESIDENTS: Both("居民代表", "residents"),
    SeatRole.OWNERS_COMMITTEE: Both("业委会", "owners' committee"),
    SeatRole.PROPERTY: Both("物业", "property company"),
    SeatRole.BUILDER: Both("施工单位", "builder"),
    SeatRole.SUPERVISOR: Both("监理单位", "supervisor"),
}


@dataclass(frozen=True, slots=True)
class Attendee:
    """Who sat for which seat; a name as the office lets it be printed."""

    role: SeatRole
    name: str
    stands_in: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """An item of the agenda, and what came of it."""

    title: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Corrected:
    """What confirmed minutes should have said of an item, and why."""

    number: int
    title: str
    instead: str
    why: str


@dataclass(frozen=True, slots=True)
class MinutesPaper:
    """All that minutes say."""

    taskforce: str
    meeting_id: str
    starts_at: datetime
    zone: tzinfo
    place: str
    present: tuple[Attendee, ...]
    quorate: bool
    items: tuple[Said, ...]
    digest: str
    """Of the minutes: confirmed ones keep it."""
    confirmed: bool
    made_at: datetime
    corrections: tuple[Corrected, ...] = ()


def minutes(of: MinutesPaper) -> Document:
    state = Both("已确认", "confirmed") if of.confirmed else Both("草稿，未经确认", "draft, not confirmed")
    enough = Both("达到法定人数", "quorate") if of.quorate else Both("未达到法定人数", "not quorate")
    came = Both(f"{len(of.present)} 席，{enough.zh}", f"{len(of.present)}, {enough.en}")
    blocks: list[Block] = [
        Facts(
            (
                (Both("时间", "when"), moment(of.starts_at, of.zone)),
                (Both("地点", "where"), of.place),
                (Both("出席", "present"), came),
                (Both("状态", "state"), state),
            )
        ),
        Table(
            (Both("席位", "seat"), Both("出席人", "who"), Both("签名", "signature")),
            tuple((ROLES[each.role], _name(each), "") for each in of.present),
            (2, 3, 3),
        ),
    ]
    for number, item in enumerate(of.items, start=1):
        blocks += [Heading(f"{number}. {item.title}"), Paragraph(item.outcome)]
    for each in of.corrections:
        blocks += [
            Heading(Both(f"更正 {each.number}：{each.title}", f"Corrigendum {each.number}")),
            Paragraph(Both(f"应为：{each.instead}")),
            Paragraph(Both(f"原因：{each.why}")),
        ]
    blocks.append(Signatures((Both("记录", "written by"), Both("确认", "confirmed by"))))
    footer = f"会议 {of.meeting_id} · 纪要 SHA-256 {of.digest}"
    return Document(Both(f"{of.taskforce}会议纪要", "Minutes"), tuple(blocks), footer, of.made_at)


def _name(of: Attendee) -> Says:
    return Both(f"{of.name}（代）", "stands in") if of.stands_in else of.name
