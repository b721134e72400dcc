"""What owners decide, and by which shares: 民法典 278, 279, and the lift rules of two cities.

278: at least 2/3 of the area and 2/3 of the heads take part; of those, at least 3/4 of both consent to items (六) to
(八), more than half of both to the others. 物业管理条例 12 still prints the fractions from before the Code.
"""

from linli.contracts.neighbourhood.rules import Base, Electorate, LegalClass, MatterRule, Share
from neighbourhood.profiles.sources import civil_code, read, unread

TWO_THIRDS = Share(numerator=2, denominator=3)
THREE_QUARTERS = Share(numerator=3, denominator=4)
MORE_THAN_HALF = Share(numerator=1, denominator=2, or_equal=False)
EVERYBODY = Share(numerator=1, denominator=1)


def _item(legal_class: LegalClass, number: str, approval: Share) -> MatterRule:
    cited = civil_code(f"第二百七十八条第一款第（{number}）项、第二款")
    return MatterRule(
        legal_class=legal_class, quorum=TWO_THIRDS, approval=approval, base=Base.PARTICIPATING, citation=cited
    )


OF_THE_CODE = (
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
)
LIFT_IN_QINGDAO = MatterRule(
    legal_class=LegalClass.LIFT,
    electorate=Electorate.STAIRWELL,
    quorum=TWO_THIRDS,
    approval=THREE_QUARTERS,
    base=Base.PARTICIPATING,
    written_consent=True,
    citation=unread("青岛市既有住宅加装电梯（2020年征求意见稿）", note="正式文本未核实；须向区住建部门确认。"),
)
LIFT_IN_JINAN = MatterRule(
    legal_class=LegalClass.LIFT,
    electorate=Electorate.STAIRWELL,
    quorum=None,
    approval=TWO_THIRDS,
    base=Base.ALL,
    written_consent=True,
    citation=read("济南市既有住宅增设电梯规定", "第七条", "两个区适用；本单元全体的三分之二。"),
)
