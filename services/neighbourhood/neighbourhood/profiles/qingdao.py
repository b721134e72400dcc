"""The rules of an old neighbourhood in Qingdao, Shandong, as far as their texts were read.

民法典 278: at least 2/3 of the area and 2/3 of the heads take part; of those, at least 3/4 of both consent to items
(六) to (八), more than half of both to the others. 物业管理条例 12 still prints the fractions from before the Code.
"""

from datetime import date

from linli.contracts.neighbourhood.profile import (
    Answer,
    Bound,
    Limit,
    RuleProfile,
    Switch,
    Term,
    TermRule,
    WarrantyTerm,
)
from linli.contracts.neighbourhood.rules import Base, Electorate, LegalClass, MatterRule, Read, Share
from linli.contracts.neighbourhood.spans import Counting, DayUnit
from neighbourhood.profiles.sources import (
    chosen,
    civil_code,
    owners_interpretation,
    qingdao,
    unread,
    works_quality,
)

TWO_THIRDS = Share(numerator=2, denominator=3)
THREE_QUARTERS = Share(numerator=3, denominator=4)
MORE_THAN_HALF = Share(numerator=1, denominator=2, or_equal=False)
EVERYBODY = Share(numerator=1, denominator=1)


def _item(legal_class: LegalClass, number: str, approval: Share) -> MatterRule:
    cited = civil_code(f"第二百七十八条第一款第（{number}）项、第二款")
    return MatterRule(
        legal_class=legal_class, quorum=TWO_THIRDS, approval=approval, base=Base.PARTICIPATING, citation=cited
    )


MATTERS = (
    _item(LegalClass.ASSEMBLY_RULES, "一", MORE_THAN_HALF),
    _item(LegalClass.COVENANT, "二", MORE_THAN_HALF),
    _item(LegalClass.COMMITTEE, "三", MORE_THAN_HALF),
    _item(LegalClass.MANAGER, "四", MORE_THAN_HALF),
    _item(LegalClass.FUND_USE, "五", MORE_THAN_HALF),
    _item(LegalClass.FUND_RAISING, "六", THREE_QUARTERS),
    _item(LegalClass.REBUILDING, "七", THREE_QUARTERS),
    _item(LegalClass.COMMON_PARTS, "八", THREE_QUARTERS),
    _item(LegalClass.OTHER, "九", MORE_THAN_HALF),
    MatterRule(
        legal_class=LegalClass.HOME_TO_BUSINESS,
        electorate=Electorate.INTERESTED,
        quorum=None,
        approval=EVERYBODY,
        base=Base.ALL,
        citation=civil_code("第二百七十九条", "谁有利害关系见解释第十一条：本栋其他业主；其他人须证明。"),
    ),
    MatterRule(
        legal_class=LegalClass.LIFT,
        electorate=Electorate.STAIRWELL,
        quorum=TWO_THIRDS,
        approval=THREE_QUARTERS,
        base=Base.PARTICIPATING,
        written_consent=True,
        citation=unread("青岛市既有住宅加装电梯（2020年征求意见稿）", note="正式文本未核实；须向区住建部门确认。"),
    ),
)
DAYS = (
    TermRule(
        term=Term.MEETING_NOTICE,
        length=15,
        counting=Counting.BEFORE,
        citation=qingdao("第二十九条", "“十五日前”按公布次日起第十五日可以开始计算；较长的算法见 docs。"),
    ),
    TermRule(term=Term.PUBLICITY, length=3, counting=Counting.FULL, citation=qingdao("第九十二条")),
    TermRule(
        term=Term.PLAN_NOTICE,
        length=7,
        counting=Counting.FULL,
        citation=unread("改造方案公示", note="“7 日”未找到条文；至少按第九十二条 3 日。", read=Read.MEMORY),
    ),
    TermRule(term=Term.RESULT_POSTED, length=3, counting=Counting.WITHIN, citation=qingdao("第四十四条")),
    TermRule(
        term=Term.CHALLENGE,
        length=1,
        unit=DayUnit.YEAR,
        counting=Counting.WITHIN,
        citation=owners_interpretation("第十二条", "自业主知道或者应当知道决定之日起；民法典第二百八十条第二款。"),
    ),
    TermRule(term=Term.ACCEPTANCE_FILED, length=15, counting=Counting.WITHIN, citation=works_quality("第四十九条")),
    TermRule(
        term=Term.LIFT_SERVICE,
        length=15,
        counting=Counting.WITHIN,
        citation=unread("特种设备安全监察条例", "第三十一条", read=Read.TEXT),
    ),
)
QINGDAO = RuleProfile(
    id="qingdao",
    name_zh="青岛市",
    name_en="Qingdao",
    since=date(2021, 1, 1),  # 民法典 1260
    matters=MATTERS,
    days=DAYS,
    limits=(
        Limit(
            bound=Bound.PRINCIPALS_PER_AGENT,
            number=3,
            citation=unread("潍坊市物业管理条例", "第三十二条", "青岛无此条，从严参照。", Read.TEXT),
        ),
        Limit(bound=Bound.TELLERS, number=2, citation=chosen("两人计票、互相核对。")),
    ),
    answers=(
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
            citation=unread("潍坊市物业管理条例", "第三十二条", "须书面并签名；青岛参照。", Read.TEXT),
        ),
    ),
    warranties=(
        WarrantyTerm(work="waterproofing", years=5, citation=works_quality("第四十条第一款第（二）项")),
        WarrantyTerm(work="heating", seasons=2, citation=works_quality("第四十条第一款第（三）项")),
        WarrantyTerm(work="pipes-and-electrics", years=2, citation=works_quality("第四十条第一款第（四）项")),
    ),
)
"""The default."""

JINAN_LIFTS = RuleProfile(
    id="jinan-lifts",
    name_zh="济南市（加装电梯）",
    name_en="Jinan, lifts",
    since=date(2021, 1, 1),
    matters=(
        *(each for each in MATTERS if each.legal_class is not LegalClass.LIFT),
        MatterRule(
            legal_class=LegalClass.LIFT,
            electorate=Electorate.STAIRWELL,
            quorum=None,
            approval=TWO_THIRDS,
            base=Base.ALL,
            written_consent=True,
            citation=unread("济南市既有住宅增设电梯规定", "第七条", "两个区适用；本单元全体的三分之二。", Read.TEXT),
        ),
    ),
    days=(
        *DAYS,
        TermRule(
            term=Term.LIFT_POSTING,
            length=15,
            counting=Counting.FULL,
            citation=unread("济南市既有住宅增设电梯规定", "第十一条", read=Read.TEXT),
        ),
    ),
    limits=QINGDAO.limits,
    answers=QINGDAO.answers,
    warranties=QINGDAO.warranties,
)
"""Where consent is a share of all, and silence therefore a no: kept beside the default as a rule of another shape."""
