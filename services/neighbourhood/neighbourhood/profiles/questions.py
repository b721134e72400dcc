"""What no rule of Qingdao's profile answers. An office asks its lawyer; until then Linli takes what is more careful."""

from linli.contracts.neighbourhood.affairs import Wording
from linli.contracts.neighbourhood.office_rules import OpenQuestion
from linli.contracts.neighbourhood.rules import Citation, Read
from neighbourhood.profiles.sources import chosen, civil_code, unread, works_quality


def _ask(id: str, citation: Citation, ask: tuple[str, str], meanwhile: tuple[str, str]) -> OpenQuestion:
    """Each text in English and Chinese."""
    texts = [Wording(en=english, zh=chinese) for english, chinese in (ask, meanwhile)]
    return OpenQuestion(id=id, ask=texts[0], meanwhile=texts[1], citation=citation)


QUESTIONS = (
    _ask(
        "holiday-on-the-last-day",
        civil_code("第二百零三条", "条文只说“期间”，没有区分最短公示期。"),
        (
            "Does a public holiday on the last day make a notice of full days longer?",
            "公示等最短期限的最后一日是法定休假日的，是否顺延？",
        ),
        (
            "No: only what somebody has to do by a day moves. To be on the safe side, count it in working days.",
            "不顺延：只有须在期限内办理的事项顺延。求稳妥的，可把公示期改按工作日计算。",
        ),
    ),
    _ask(
        "fifteen-days-before",
        civil_code("第二百零一条", "青岛市物业管理条例第二十九条“十五日前”。"),
        (
            "May a vote open on the fifteenth day after its notice, or after fifteen full days?",
            "“十五日前”公告：公告次日起第十五日即可开始表决，还是满十五日之后？",
        ),
        ("On the fifteenth day.", "按第十五日可以开始计算。"),
    ),
    _ask(
        "consent-to-a-plan",
        unread("国办发〔2020〕23号", note="全文未核。"),
        (
            "Is there a share of owners that has to consent to a renewal plan, and who sets it?",
            "改造方案须征得多少业主同意，由谁规定？",
        ),
        (
            "A plan is posted and its objections are answered; what is in 民法典 278 goes to a vote.",
            "方案公示并答复异议；属于民法典第二百七十八条的事项另行表决。",
        ),
    ),
    _ask(
        "secrecy",
        chosen("没有查到条文。"),
        (
            "Is a ballot of the owners secret, and who may see a named one?",
            "业主表决是否应当不记名，记名票谁可以查看？",
        ),
        (
            "Tellers see names; lists for the public are masked.",
            "计票人可见姓名，对外公开的名单隐去姓名。",
        ),
    ),
    _ask(
        "co-owners",
        unread("中华人民共和国民法典", "第二百九十七条至第三百条", "共有人如何表决没有查到专门规定。", Read.MEMORY),
        (
            "Who of several co-owners of a unit casts its ballot, and what if they disagree?",
            "一套房屋有数个共有人的，由谁投票，意见不一致怎么办？",
        ),
        (
            "The register has one owner for a unit, who casts its ballot; the office settles who that is.",
            "名册中一套房屋登记一名业主，由其投票；登记谁由办事处事先确认。",
        ),
    ),
    _ask(
        "filing-a-covenant",
        chosen("没有查到期限，请主管部门确认。"),
        ("By when has an adopted covenant to be filed?", "公约通过后应在几日内备案？"),
        ("No last day; the day of filing is recorded.", "不设期限，记录备案日期。"),
    ),
    _ask(
        "structure",
        works_quality("第四十条第一款第（一）项", "为设计文件规定的合理使用年限。"),
        (
            "How long is the structure under warranty?",
            "地基基础、主体结构的保修期是多少年？",
        ),
        (
            "The design says it, so no number is kept here; works on a structure wait until one is.",
            "以设计文件为准，规则里没有统一年数；补上之前不能立项。",
        ),
    ),
    _ask(
        "later-law",
        unread("2025年4月以后的法律、法规", note="此后的修改未核。", read=Read.MEMORY),
        ("Has any of these laws changed since April 2025?", "2025年4月以后，上述规定有没有修改？"),
        ("The text of April 2025 holds.", "按2025年4月的文本执行。"),
    ),
)
