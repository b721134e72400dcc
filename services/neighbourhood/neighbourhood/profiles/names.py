"""What rules are called, in both languages, for the pages that an office reads and checks."""

from enum import StrEnum

from linli.contracts.neighbourhood.covenants import Adopter, Track
from linli.contracts.neighbourhood.office_rules import Duty, Ending, Portion
from linli.contracts.neighbourhood.profile import Bound, Switch, Term
from linli.contracts.neighbourhood.rules import Electorate, LegalClass
from linli.contracts.neighbourhood.taskforce import SeatRole
from linli.contracts.neighbourhood.works import SiteRole, Trade
from linli.web.localized import Localized

NAMES: dict[StrEnum, Localized] = {
    LegalClass.ASSEMBLY_RULES: Localized("rules of the owners' assembly", "制定和修改业主大会议事规则"),
    LegalClass.COVENANT: Localized("the owners' covenant", "制定和修改管理规约"),
    LegalClass.COMMITTEE: Localized("the owners' committee", "选举业主委员会或者更换其成员"),
    LegalClass.MANAGER: Localized("the property manager", "选聘和解聘物业服务企业或者其他管理人"),
    LegalClass.FUND_USE: Localized("use of the repair fund", "使用建筑物及其附属设施的维修资金"),
    LegalClass.FUND_RAISING: Localized("raising the repair fund", "筹集建筑物及其附属设施的维修资金"),
    LegalClass.REBUILDING: Localized("rebuilding", "改建、重建建筑物及其附属设施"),
    LegalClass.COMMON_PARTS: Localized("another use of common parts", "改变共有部分的用途或者利用共有部分从事经营活动"),
    LegalClass.OTHER: Localized("another matter of weight", "有关共有和共同管理权利的其他重大事项"),
    LegalClass.HOME_TO_BUSINESS: Localized("a home that becomes a business", "将住宅改变为经营性用房"),
    LegalClass.LIFT: Localized("a lift for a building without one", "既有住宅加装电梯"),
    LegalClass.RESIDENTS_COVENANT: Localized("the residents' covenant", "居民公约"),
    Term.MEETING_NOTICE: Localized("notice before a vote of the owners opens", "业主大会会议公告"),
    Term.PUBLICITY: Localized("what is posted for residents hangs", "公示"),
    Term.PLAN_NOTICE: Localized("a renewal plan hangs", "改造方案公示"),
    Term.RESULT_POSTED: Localized("a result is posted, after it is declared", "表决结果公布"),
    Term.CHALLENGE: Localized("an owner may ask a court to set a decision aside", "业主撤销权"),
    Term.LIFT_POSTING: Localized("a lift's papers hang", "加装电梯公示"),
    Term.ACCEPTANCE_FILED: Localized("an acceptance is filed", "竣工验收备案"),
    Term.LIFT_SERVICE: Localized("a lift is serviced", "电梯维护保养"),
    Term.LIFT_REGISTERED: Localized("a lift is registered, after it begins to run", "特种设备使用登记"),
    Term.ROUND_OPEN: Localized("a round is open for answers", "需求征集期"),
    Term.TASKFORCE_CALLED: Localized("between a task force's call and its meeting", "联席会议通知"),
    Term.DELIBERATION_CALLED: Localized("between a deliberation's call and its first day", "协商通知"),
    Term.OUTCOME_OPEN: Localized("the text of an outcome lies open for dissent", "协商意见稿公开"),
    Term.COVENANT_COMMENTS: Localized("comments on a draft covenant are taken", "公约草案征求意见"),
    Term.COVENANT_FILED: Localized("an adopted covenant is filed", "公约备案"),
    Term.CLEARING_APPEAL: Localized("an appeal against clearing a structure", "拆违决定的救济期"),
    Bound.PRINCIPALS_PER_AGENT: Localized("owners whom one agent may stand for, at most", "一人代理业主数上限"),
    Bound.TELLERS: Localized("tellers who certify a count, at least", "计票人"),
    Bound.GATE: Localized("residents' representatives at an acceptance, at least", "参加验收的居民代表"),
    Bound.SHEETS: Localized("sheets of a round read again, at least", "纸质答卷复核份数"),
    Switch.ABSTENTION_TAKES_PART: Localized("an abstention counts as taking part", "弃权算参与表决"),
    Switch.ONLINE_BINDS: Localized("a ballot on Linli's pages is a vote by itself", "本系统网上投票即为表决"),
    Switch.PROXY_IN_WRITING: Localized("a proxy is in writing and signed", "委托须书面签名"),
    Switch.NOTICE_UNBROKEN: Localized("days count anew for a notice that was missing", "公示中断重新计算"),
    Switch.ALL_OF_WHO_ERRED: Localized("one wrong entry: all of that person's are read", "录错一份即全部复核"),
    Switch.HANDOVER_AFTER_FILING: Localized("works are handed over only after filing", "先备案后移交"),
    Portion.SHEETS_READ_AGAIN: Localized("of a round's sheets, read by a second person", "纸质答卷抽查比例"),
    Portion.SEATS_PRESENT: Localized("of a task force's filled seats, present", "联席会议到会席位"),
    Portion.ASSEMBLY_PRESENT: Localized("of a residents' assembly's households, present", "居民会议到会户"),
    Portion.ASSEMBLY_AGREES: Localized("of those present at a residents' assembly, agreeing", "居民会议同意户占到会户"),
    Duty.SIGN_ACCEPTANCE: Localized("who signs an acceptance, all of them", "竣工验收签署"),
    Duty.CONFIRM_MINUTES: Localized("whose seats confirm minutes", "会议纪要确认"),
    Ending.WARRANTY: Localized("reminders before a warranty ends", "保修期届满提醒"),
    Ending.FILING: Localized("reminders before an acceptance is to be filed", "竣工验收备案期限提醒"),
    Ending.LIFTS: Localized("reminders before a lift is to be registered", "电梯使用登记期限提醒"),
    Ending.ACTION: Localized("reminders before an action is due", "任务到期提醒"),
    Ending.SEAT: Localized("reminder before a seat's term ends", "席位任期届满提醒"),
    Trade.STRUCTURE: Localized("warranty of the structure", "地基基础、主体结构保修"),
    Trade.WATERPROOFING: Localized("warranty of waterproofing", "防水保修"),
    Trade.HEATING: Localized("warranty of heating and cooling", "供热与供冷系统保修"),
    Trade.PIPES: Localized("warranty of pipes", "给排水管道保修"),
    Trade.ELECTRICS: Localized("warranty of electrics", "电气管线保修"),
    Trade.INSTALLATION: Localized("warranty of installations", "设备安装保修"),
    Trade.DECORATION: Localized("warranty of finishes", "装修保修"),
}
# Apart from those above and from one another: `owners` and `builder` are values of several kinds.
ELECTORATES: dict[Electorate, Localized] = {
    Electorate.OWNERS: Localized("all owners", "全体业主"),
    Electorate.STAIRWELL: Localized("all owners of the stairwell", "本单元全体业主"),
    Electorate.INTERESTED: Localized("the owners whom it touches", "有利害关系的业主"),
    Electorate.RESIDENTS: Localized("the residents' meeting", "居民会议"),
}
TRACKS: dict[Track, Localized] = {
    Track.RESIDENTS: Localized("a residents' covenant is adopted by", "居民公约的制定"),
    Track.OWNERS: Localized("an owners' covenant is adopted by", "管理规约的制定"),
    Track.FACILITY: Localized("a facility's covenant is adopted by", "设施公约的制定"),
}
ADOPTERS: dict[Adopter, Localized] = {
    Adopter.RESIDENTS: Localized("the residents' assembly", "居民会议"),
    Adopter.OWNERS: Localized("the owners together", "业主共同决定"),
}
SITE: dict[SiteRole, Localized] = {
    SiteRole.CLIENT: Localized("client", "建设单位"),
    SiteRole.SURVEY: Localized("surveyor", "勘察单位"),
    SiteRole.DESIGN: Localized("designer", "设计单位"),
    SiteRole.BUILDER: Localized("builder", "施工单位"),
    SiteRole.SUPERVISOR: Localized("supervisor", "监理单位"),
}
SEATS: dict[SeatRole, Localized] = {
    SeatRole.SUBDISTRICT: Localized("subdistrict", "街道"),
    SeatRole.COMMUNITY: Localized("community", "社区"),
    SeatRole.PARTY_MEMBERS: Localized("Party members", "党员"),
    SeatRole.RESIDENTS: Localized("residents", "居民代表"),
    SeatRole.OWNERS_COMMITTEE: Localized("owners' committee", "业委会"),
    SeatRole.PROPERTY: Localized("property company", "物业"),
    SeatRole.BUILDER: Localized("builder", "施工单位"),
    SeatRole.SUPERVISOR: Localized("supervisor", "监理单位"),
}
