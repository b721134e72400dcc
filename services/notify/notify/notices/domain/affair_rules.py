"""Which party hears what of common affairs and of mediations, and in which words: a row for each type that is told.

A context that tells something new adds a row here, and nothing else: there is one template for all. Residents have no
row: they read what hangs on the notice board, and of a demand its case tells them. Who is invited to a deliberation
hears of it by the invitation's own case. Who mediates a dispute hears
here that it has ended: its case may be another party's.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from linli.contracts.base import Event
from linli.contracts.kinds import Language
from linli.contracts.neighbourhood import actions, meetings, taskforce, works
from linli.contracts.neighbourhood import works_accepted as accepted
from linli.contracts.neighbourhood import works_checked as checked
from linli.contracts.workflow import mediation
from notify.notices.domain.directory import Directory


class Whom(StrEnum):
    """The recipient, relative to the event."""

    OWNER = "who owes it"
    PREVIOUS = "who owed it before"
    SITTING = "whose people sit there"
    ASKED = "whose turn it is"
    MEDIATING = "who mediates"
    OFFICE = "the community's office"
    """The node above the neighbourhood's grid."""
    ALL = "every party that has a mailbox"
    FOR_A_PERSON = "the community's office, to pass on, where a person owes it"
    """Who holds a seat is an id here; the office knows whose."""
    NEW = "who comes in by it"
    TAKING_PART = "the parties that take part"


@dataclass(frozen=True, slots=True)
class AffairRule:
    """Somebody is told this. In `zh` and `en` stand fields of the event, and `neighbourhood`; days and times as people
    write them."""

    to: Whom
    zh: str
    en: str
    quotes: str = ""
    """The field whose words stand below."""
    own: bool = False
    """Also when that party has done it itself."""

    def says(self, language: Language) -> str:
        return self.zh if language is Language.ZH else self.en


Rules: TypeAlias = tuple[AffairRule, ...]


def _in_mediation(zh: str, en: str) -> AffairRule:
    """To organisations alone: nothing of what was said or agreed, and nobody's name."""
    return AffairRule(
        Whom.TAKING_PART, f"纠纷调解（事项 {{case_id}}）：{zh}", f"Mediation (case {{case_id}}): {en}", own=True
    )


def _passed_on(zh: str, en: str, quotes: str = "") -> AffairRule:
    """A person who owes an action has no address here: the office has the letter, and passes it on."""
    return AffairRule(
        Whom.FOR_A_PERSON,
        f"请转告任务责任人（{{owner}}）：{zh}",
        f"Please pass on to {{owner}}: {en}",
        quotes,
        own=True,
    )


_DUE = "The action “{what}” is due on {due}"
AFFAIR_RULES: dict[type[Event], Rules] = {
    # The task force
    taskforce.SeatReminded: (
        AffairRule(
            Whom.OFFICE,
            "{neighbourhood}改造专班一个席位的任期到 {until} 为止，还没有人接任",
            "A seat of the task force in {neighbourhood} ends on {until}, and nobody follows yet",
        ),
    ),
    taskforce.BulletinIssued: (
        AffairRule(Whom.ALL, "{neighbourhood}改造简报：{title}", "Bulletin of {neighbourhood}: {title}", "text"),
    ),
    taskforce.BulletinCorrected: (
        AffairRule(
            Whom.ALL,
            "{neighbourhood}改造简报第 {number} 期更正",
            "Bulletin {number} of {neighbourhood} is put right",
            "instead",
        ),
    ),
    meetings.MeetingCalled: (
        AffairRule(
            Whom.SITTING,
            "{neighbourhood}改造专班 {starts_at} 在{place}开会",
            "The task force of {neighbourhood} meets on {starts_at} at {place}",
            "agenda",
            own=True,
        ),
    ),
    meetings.MeetingCancelled: (
        AffairRule(
            Whom.SITTING,
            "{neighbourhood}改造专班原定 {starts_at} 的会议取消",
            "The meeting of the task force of {neighbourhood} on {starts_at} is called off",
            "why",
            own=True,
        ),
    ),
    actions.ActionAssigned: (
        AffairRule(
            Whom.OWNER,
            "请在 {due} 前完成任务“{what}”（{neighbourhood}）",
            "Please do “{what}” by {due} ({neighbourhood})",
            own=True,
        ),
        _passed_on("请在 {due} 前完成“{what}”", "please do “{what}” by {due}"),
    ),
    actions.ActionReminded: (
        AffairRule(Whom.OWNER, "任务“{what}”的期限是 {due}，还没有报告完成", _DUE + ", and not reported yet", own=True),
        _passed_on("“{what}”的期限是 {due}，还没有报告完成", "“{what}” is due on {due}, and not reported yet"),
    ),
    actions.ActionMissed: (
        AffairRule(
            Whom.OWNER, "任务“{what}”已过期限（{due}），没有报告完成", _DUE + ": that is over, and it was not reported"
        ),
        _passed_on("“{what}”已过期限（{due}），没有报告完成", "“{what}” was due on {due}, and it was not reported"),
        AffairRule(
            Whom.OFFICE, "任务“{what}”已过期限（{due}），没有报告完成", _DUE + ": that is over, and it was not reported"
        ),
    ),
    actions.ActionReported: (
        AffairRule(
            Whom.OFFICE,
            "任务“{what}”已报告完成，请核验",
            "The action “{what}” is reported done: please verify it",
            "done",
        ),
    ),
    actions.ActionVerified: (
        AffairRule(Whom.OWNER, "任务“{what}”已核验通过", "The action “{what}” is verified: thank you"),
    ),
    actions.ActionReturned: (
        AffairRule(
            Whom.OWNER,
            "任务“{what}”核验未通过，请在 {due} 前完成",
            "The action “{what}” is not done yet: please do it by {due}",
            "why",
        ),
        _passed_on("“{what}”核验未通过，请在 {due} 前完成", "“{what}” is not done yet: please do it by {due}", "why"),
    ),
    actions.ActionPostponed: (
        AffairRule(Whom.OWNER, "任务“{what}”的期限改为 {due}", "The action “{what}” is due on {due} now", "why"),
        _passed_on("“{what}”的期限改为 {due}", "“{what}” is due on {due} now", "why"),
    ),
    actions.ActionReassigned: (
        AffairRule(
            Whom.OWNER,
            "任务“{what}”改由你单位负责，期限 {due}",
            "The action “{what}” is yours now, due on {due}",
            "why",
        ),
        _passed_on("“{what}”改由其负责，期限 {due}", "“{what}” is theirs now, due on {due}", "why"),
        AffairRule(Whom.PREVIOUS, "任务“{what}”不再由你单位负责", "The action “{what}” is no longer yours", "why"),
    ),
    actions.ActionDropped: (AffairRule(Whom.OWNER, "任务“{what}”已取消", "The action “{what}” is dropped", "why"),),
    # Works
    checked.HiddenWorkNotified: (
        AffairRule(
            Whom.ASKED,
            "隐蔽工程“{what}”请验收（{neighbourhood}），验收合格前不得隐蔽",
            "Please look at “{what}” ({neighbourhood}) before it is covered",
        ),
    ),
    checked.HiddenWorkFailed: (
        AffairRule(
            Whom.ASKED,
            "隐蔽工程验收不合格，请返工后重新通知（{neighbourhood}）",
            "Hidden work did not pass: please do it again and give notice ({neighbourhood})",
            "why",
        ),
    ),
    checked.DefectReported: (
        AffairRule(
            Whom.ASKED,
            "{neighbourhood}的工程有人反映缺陷，请查看确认",
            "A defect of the works in {neighbourhood} was reported: please look",
        ),
    ),
    checked.RectificationOrdered: (
        AffairRule(
            Whom.ASKED,
            "请在 {due} 前完成整改（{neighbourhood}的工程）",
            "Please put a defect right by {due} (works in {neighbourhood})",
        ),
    ),
    checked.RectificationSubmitted: (
        AffairRule(
            Whom.ASKED,
            "{neighbourhood}的工程：整改已完成，请复验",
            "Works in {neighbourhood}: a defect is said to be put right, please look",
        ),
    ),
    checked.RectificationReturned: (
        AffairRule(
            Whom.ASKED,
            "整改复验未通过，请在 {due} 前完成（{neighbourhood}的工程）",
            "A defect is not put right yet: please do so by {due} (works in {neighbourhood})",
            "why",
        ),
    ),
    accepted.AcceptanceRequested: (
        AffairRule(
            Whom.ASKED,
            "{neighbourhood}的工程已申请竣工验收，请组织",
            "Acceptance of the works in {neighbourhood} is asked for: please call those who sign",
        ),
    ),
    accepted.AcceptanceConvened: (
        AffairRule(
            Whom.ASKED,
            "请于 {on} 参加{neighbourhood}工程的竣工验收并签署意见",
            "Please come to the acceptance of the works in {neighbourhood} on {on}, and sign",
        ),
    ),
    accepted.AcceptanceFailed: (
        AffairRule(
            Whom.ASKED,
            "{neighbourhood}的工程验收不合格",
            "The works in {neighbourhood} were not accepted",
            "why",
        ),
    ),
    accepted.WorksDutyReminded: (
        AffairRule(
            Whom.ASKED,
            "{neighbourhood}的工程：备案或电梯登记的期限是 {until}，尚未办理",
            "Works in {neighbourhood}: filing, or the registration of lifts, is due on {until} and not done yet",
        ),
    ),
    accepted.WarrantyReminded: (
        AffairRule(
            Whom.ASKED,
            "{neighbourhood}的工程有一项保修到 {until} 期满，请检查是否需要报修",
            "A warranty of the works in {neighbourhood} ends on {until}: please see whether to put anything right",
        ),
    ),
    works.PackageHandedOver: (
        AffairRule(
            Whom.ASKED,
            "工程“{title}”（{neighbourhood}）已移交你单位管理",
            "“{title}” ({neighbourhood}) is handed over to you",
        ),
    ),
    # Mediation
    mediation.MediationEnded: (
        AffairRule(
            Whom.MEDIATING,
            "纠纷 {case_id}（{neighbourhood}）的反映人已经撤回，调解到此结束，不必再开调解会",
            "The dispute {case_id} ({neighbourhood}) was taken back by who reported it: its mediation has ended",
        ),
    ),
    mediation.MediatorAppointed: (
        AffairRule(
            Whom.NEW,
            "请贵单位调解一件纠纷（事项 {case_id}）",
            "You are to mediate a dispute (case {case_id})",
            own=True,
        ),
        _in_mediation("已确定调解员", "somebody is appointed to mediate"),
    ),
    mediation.ConcernedNamed: (
        AffairRule(
            Whom.NEW,
            "贵单位被列为一件纠纷的当事人（事项 {case_id}）",
            "You are named as concerned by a dispute (case {case_id})",
            own=True,
        ),
    ),
    mediation.SessionCalled: (_in_mediation("定于 {starts_at} 召开调解会", "a session is on {starts_at}"),),
    mediation.SessionCancelled: (_in_mediation("第 {session} 次调解会取消", "session {session} is called off"),),
    mediation.AgreementDrafted: (
        _in_mediation("协议已经拟好，请阅读并签署", "an agreement is drafted: please read and sign it"),
    ),
    mediation.AgreementInEffect: (
        _in_mediation("协议已经生效，{visit_on} 回访", "the agreement is in effect; the return visit is on {visit_on}"),
    ),
    mediation.AgreementKept: (_in_mediation("回访：协议已履行", "the return visit found the agreement kept"),),
    mediation.AgreementBroken: (_in_mediation("回访：协议未履行", "the agreement is not kept"),),
    mediation.MediationEscalated: (
        _in_mediation("调解未成，已报上级处理", "there is no agreement, and the level above decides"),
    ),
}


def parties_told(rule: AffairRule, event: Event, directory: Directory) -> list[str]:
    """Who that is, here. Whoever did it itself need not be told; a person who is no party cannot be."""
    match rule.to:
        case Whom.ALL:
            found = [id for id, party in directory.parties.items() if party.email]
        case Whom.SITTING | Whom.MEDIATING | Whom.TAKING_PART:
            found = list(getattr(event, "parties", ()))
        case Whom.OFFICE:
            found = [_office(getattr(event, "neighbourhood", None), directory)]
        case Whom.ASKED:
            found = list(getattr(event, "asks", ()))
        case Whom.FOR_A_PERSON:
            owner = getattr(event, "owner", "")
            found = [] if owner in directory.parties else [_office(getattr(event, "neighbourhood", None), directory)]
        case Whom.NEW:
            found = [getattr(event, "party", None) or ""]
        case Whom.PREVIOUS:
            found = [getattr(event, "was", "")]
        case Whom.OWNER:
            found = [getattr(event, "owner", "")]
    did_it = None if rule.own else getattr(event, "party", None)
    return [id for id in found if id in directory.parties and id != did_it]


def _office(neighbourhood: str | None, directory: Directory) -> str:
    grids = {place.id: place.grid for place in directory.community.neighbourhoods}
    return directory.above(grids.get(neighbourhood or "")) or directory.community.triage


def in_words(type_: type[Event]) -> str:
    """A row of the table in docs/architecture.md."""
    whom = "; ".join(f"**{rule.to}**" if rule.own else str(rule.to) for rule in AFFAIR_RULES[type_])
    return f"| `{type_.TYPE.removeprefix('linli.').rpartition('.')[0]}` | {whom} |"
