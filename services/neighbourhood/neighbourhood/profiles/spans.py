"""The days that the rules of Qingdao set: what hangs how long, what is done by when."""

from linli.contracts.neighbourhood.profile import Term, TermRule
from linli.contracts.neighbourhood.rules import Citation, Read
from linli.contracts.neighbourhood.spans import Counting, DayUnit
from neighbourhood.profiles.sources import chosen, owners_interpretation, qingdao, read, unread, works_quality


def at_least(term: Term, days: int, citation: Citation) -> TermRule:
    return TermRule(term=term, length=days, counting=Counting.FULL, citation=citation)


def within(term: Term, length: int, citation: Citation, unit: DayUnit = DayUnit.DAY) -> TermRule:
    return TermRule(term=term, length=length, unit=unit, counting=Counting.WITHIN, citation=citation)


OF_VOTES = (
    TermRule(term=Term.MEETING_NOTICE, length=15, counting=Counting.BEFORE, citation=qingdao("第二十九条")),
    within(Term.RESULT_POSTED, 3, qingdao("第四十四条")),
    within(
        Term.CHALLENGE,
        1,
        owners_interpretation("第十二条", "自业主知道或者应当知道决定之日起；民法典第二百八十条第二款。"),
        DayUnit.YEAR,
    ),
)
OF_NOTICES = (
    at_least(Term.PUBLICITY, 3, qingdao("第九十二条")),
    at_least(
        Term.PLAN_NOTICE,
        7,
        unread("改造方案公示", note="“7 日”未找到条文；至少按第九十二条 3 日。", read=Read.MEMORY),
    ),
    at_least(Term.ROUND_OPEN, 3, chosen("征集期限无条文；参照公示不少于三日。", "青岛市物业管理条例", "第九十二条")),
)
OF_THE_OFFICE = (
    at_least(
        Term.TASKFORCE_CALLED,
        2,
        chosen("街道自定：条例只规定联席会议，没有期限。", "青岛市物业管理条例", "第八十二条"),
    ),
    at_least(
        Term.DELIBERATION_CALLED,
        2,
        chosen("街道自定：条例没有协商通知的期限。", "青岛市物业管理条例", "第八十条、第八十二条"),
    ),
    at_least(Term.OUTCOME_OPEN, 1, chosen("街道自定：没有条文；公开一日是为了听取不同意见。")),
    at_least(Term.COVENANT_COMMENTS, 7, chosen("公约草案征求意见七日没有条文，街道自定。")),
)
OF_WORKS = (
    within(Term.ACCEPTANCE_FILED, 15, works_quality("第四十九条", "自竣工验收合格之日起。")),
    within(
        Term.LIFT_REGISTERED,
        30,
        read("中华人民共和国特种设备安全法", "第三十三条", "投入使用前或者投入使用后三十日内。"),
    ),
    within(Term.LIFT_SERVICE, 15, read("特种设备安全监察条例", "第三十一条")),
    within(
        Term.CLEARING_APPEAL,
        60,
        unread(
            "中华人民共和国行政复议法",
            "第二十条",
            "行政诉讼法第四十六条为六个月；强制拆除须等复议、诉讼期限都满（行政强制法第四十四条），"
            "按哪个期限请法律顾问确认。",
            Read.MEMORY,
        ),
    ),
)
LIFT_IN_JINAN = at_least(Term.LIFT_POSTING, 15, read("济南市既有住宅增设电梯规定", "第十一条"))
