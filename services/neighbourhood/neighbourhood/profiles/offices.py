"""What an office sets, or a law about works and covenants says: numbers, answers, who signs, who is reminded when."""

from linli.contracts.neighbourhood.covenants import Adopter, Track
from linli.contracts.neighbourhood.office_rules import (
    AdoptionRule,
    Duty,
    DutyRule,
    Ending,
    FinesRule,
    HeatingSeason,
    Portion,
    PortionRule,
    ReminderRule,
    WarrantyTerm,
)
from linli.contracts.neighbourhood.profile import Answer, Bound, Limit, Switch
from linli.contracts.neighbourhood.rules import LegalClass, Read, Share
from linli.contracts.neighbourhood.taskforce import SeatRole
from linli.contracts.neighbourhood.works import SiteRole, Trade
from neighbourhood.profiles.sources import chosen, civil_code, qingdao, residents_committees, unread, works_quality

_OFFICE = chosen("街道自定：条例只规定联席会议，没有人数和期限。", "青岛市物业管理条例", "第八十二条")
_SHEETS = chosen("抽查比例没有条文，由办事处确定。")
_ASSEMBLY = unread(
    "城市居民委员会组织法",
    "第九条、第十条",
    "过半数出席才能举行，决定由出席人的过半数通过；由居民委员会召集和主持。这里按每户派一名代表计算；条文待核。",
    Read.MEMORY,
)
_ARTICLE_40 = "第四十条第一款第（{}）项"

LIMITS = (
    Limit(
        bound=Bound.PRINCIPALS_PER_AGENT,
        number=3,
        citation=chosen("青岛无此条，从严参照。", "潍坊市物业管理条例", "第三十二条"),
    ),
    Limit(bound=Bound.TELLERS, number=2, citation=chosen("两人计票、互相核对，没有条文。")),
    Limit(
        bound=Bound.GATE,
        number=3,
        citation=chosen("居民代表参加验收没有条文，人数由街道确定；不能代替法定签署。"),
    ),
    Limit(bound=Bound.SHEETS, number=3, citation=_SHEETS),
)
ANSWERS = (
    Answer(
        switch=Switch.ABSTENTION_TAKES_PART,
        yes=True,
        citation=chosen("弃权是否算参与表决无条文；算：参与比例易达到，同意比例更难。未表态的不算。"),
    ),
    Answer(
        switch=Switch.ONLINE_BINDS,
        yes=False,
        citation=qingdao("第二十七条", "条例指市级电子表决系统；本系统网上投票在主管部门确认前只是意向征询。"),
    ),
    Answer(
        switch=Switch.PROXY_IN_WRITING,
        yes=True,
        citation=chosen("须书面并签名；青岛无此条，从严参照。", "潍坊市物业管理条例", "第三十二条"),
    ),
    Answer(
        switch=Switch.NOTICE_UNBROKEN,
        yes=True,
        citation=chosen("公示被撕毁后是否重新计算无条文；从重新张贴起算是较严的做法。"),
    ),
    Answer(switch=Switch.ALL_OF_WHO_ERRED, yes=True, citation=_SHEETS),
    Answer(
        switch=Switch.HANDOVER_AFTER_FILING,
        yes=True,
        citation=chosen(
            "条例只要求验收合格后方可交付使用；先备案后移交是较严的做法。", "建设工程质量管理条例", "第十六条"
        ),
    ),
)
PORTIONS = (
    PortionRule(portion=Portion.SHEETS_READ_AGAIN, share=Share(numerator=1, denominator=10), citation=_SHEETS),
    PortionRule(
        portion=Portion.SEATS_PRESENT, share=Share(numerator=1, denominator=2, or_equal=False), citation=_OFFICE
    ),
    PortionRule(
        portion=Portion.ASSEMBLY_PRESENT, share=Share(numerator=1, denominator=2, or_equal=False), citation=_ASSEMBLY
    ),
    PortionRule(
        portion=Portion.ASSEMBLY_AGREES, share=Share(numerator=1, denominator=2, or_equal=False), citation=_ASSEMBLY
    ),
)
DUTIES = (
    DutyRule(
        duty=Duty.SIGN_ACCEPTANCE,
        roles=(SiteRole.CLIENT, SiteRole.DESIGN, SiteRole.BUILDER, SiteRole.SUPERVISOR),
        citation=works_quality("第十六条", "勘察单位只在有勘察时签署；“有关单位”的范围请主管部门确认。"),
    ),
    DutyRule(duty=Duty.CONFIRM_MINUTES, roles=(SeatRole.SUBDISTRICT, SeatRole.COMMUNITY), citation=_OFFICE),
)
REMINDERS = (
    ReminderRule(ending=Ending.WARRANTY, days=(90, 30, 7), citation=chosen("街道自定。")),
    ReminderRule(ending=Ending.FILING, days=(7, 3, 1), citation=chosen("街道自定；期限见备案条款。")),
    ReminderRule(ending=Ending.LIFTS, days=(10, 3), citation=chosen("街道自定；期限见电梯使用登记条款。")),
    ReminderRule(ending=Ending.ACTION, days=(7, 1), citation=_OFFICE),
    ReminderRule(ending=Ending.SEAT, days=(30,), citation=_OFFICE),
)
WARRANTIES = (
    WarrantyTerm(work=Trade.WATERPROOFING, years=5, citation=works_quality(_ARTICLE_40.format("二"))),
    WarrantyTerm(work=Trade.HEATING, seasons=2, citation=works_quality(_ARTICLE_40.format("三"))),
    *(
        WarrantyTerm(work=work, years=2, citation=works_quality(_ARTICLE_40.format("四")))
        for work in (Trade.PIPES, Trade.ELECTRICS, Trade.INSTALLATION, Trade.DECORATION)
    ),
)
HEATING = HeatingSeason(
    first=(11, 16),
    last=(4, 5),
    citation=unread("青岛市供热期", note="以当年通告为准；跨期竣工的是否计入当季待核。"),
)
ADOPTIONS = (
    AdoptionRule(
        track=Track.RESIDENTS,
        adopter=Adopter.RESIDENTS,
        legal_class=LegalClass.RESIDENTS_COVENANT,
        citation=residents_committees("第九条、第十五条", "居民会议讨论制定，报人民政府或其派出机关备案。"),
    ),
    AdoptionRule(
        track=Track.OWNERS,
        adopter=Adopter.OWNERS,
        legal_class=LegalClass.COVENANT,
        citation=civil_code("第二百七十八条第一款第（二）项"),
    ),
    AdoptionRule(
        track=Track.FACILITY,
        adopter=Adopter.OWNERS,
        legal_class=LegalClass.COVENANT,
        citation=chosen(
            "车棚等设施的专项公约视为管理规约的一部分，或者属于第（九）项，请法律顾问确认。",
            "中华人民共和国民法典",
            "第二百七十八条第一款第（二）项",
        ),
    ),
)
FINES = FinesRule(
    words=("罚款", "罚金", "罚没", "处罚"),
    citation=unread("中华人民共和国行政处罚法", note="罚款由法律、法规、规章设定；条号待核。", read=Read.MEMORY),
)
