"""What `linli mediation` says, and what its help says."""

SENTENCES = {
    "Mediation of {case}: {state}": "{case} 的调解：{state}",
    "{who} takes part with this code, which is shown this once: {code}": "{who} 的参加码（只显示这一次）：{code}",
    "takes part": "参加人",
    "as": "身份",
    "mediator": "调解员",
    "Session {session}: {at}": "第 {session} 次调解会：{at}",
    "Agreement {number}, signed by {signed}: {digest}": "第 {number} 份协议，{signed} 人已签：{digest}",
    "There is nothing to sign yet.": "还没有可签的协议。",
    "Say kept or broken.": "请写 kept（已履行）或 broken（未履行）。",
    "- stands for what is hidden: figures below {least} are not told.": "- 表示不公布：小于 {least} 的数字不公布。",
}
HELP = {
    "Disputes that are talked over with a mediator.": "矛盾纠纷调解。",
    "Take a dispute to mediation; its reporter is the applicant.": "把纠纷转入调解；反映人是申请人。",
    "How a mediation stands, who takes part, what is agreed; nobody's statements.": (
        "查看调解：状态、参加人、协议；不含陈述。"
    ),
    "Who can be asked to mediate: nodes of the tree, and volunteers.": "可以请谁调解：各级组织和志愿调解员。",
    "Put a volunteer into the list of who can be asked to mediate.": "把一位志愿者列入调解员名单。",
    "Somebody is to mediate. A volunteer's code is shown this once.": "指定调解员。志愿者的参加码只显示这一次。",
    "A mediator does not mediate any more.": "调解员退出：拒绝、回避、被要求更换或不能到场。",
    "Name somebody whose dispute it is. Their code is shown this once.": "列明当事人。其参加码只显示这一次。",
    "Ask those concerned to meet.": "约定调解会。",
    "Write down that they have met.": "登记调解会已召开。",
    "Write down what they agree, to be signed; what was signed before counts no more.": (
        "拟定协议待签；此前签署的文本不再算数。"
    ),
    "Enter a signature on paper, of the text that is to be signed now.": "录入纸质签署，针对现在待签的文本。",
    "Note the judicial confirmation: those concerned have asked together, or the court has decided.": (
        "登记司法确认：各方已共同申请，或者法院已裁定。"
    ),
    "Write down what the return visit found: kept closes the case, broken opens it again.": (
        "登记回访：已履行则结案，未履行则重办。"
    ),
    "There is no agreement: the node above decides what becomes of the dispute.": "调解不成：交上级决定。",
    "How mediations end, by kind of dispute; what is rare is not told.": "各类纠纷的调解结果；数量太少的不公布。",
    "The dispute's id.": "纠纷编号。",
    "As `linli mediation mediators` names them.": "名称见 `linli mediation mediators`。",
    "Id or name: the nearest first.": "小区编号或名称：最近的排在前面。",
    "What they are called.": "姓名。",
    "refused, conflict_of_interest, challenged or unavailable.": (
        "refused 拒绝、conflict_of_interest 回避、challenged 被要求更换、unavailable 不能到场。"
    ),
    "applicant, respondent or third_party.": "applicant 申请人、respondent 被申请人、third_party 第三人。",
    "Where it is one of the organisations.": "当事人是街道里的单位时写明。",
    "When: a time, or 3h from now.": "时间，或者 3h（三小时后）。",
    "Not in a room.": "线上进行。",
    "At which party's.": "在哪个单位。",
    "The room or the link, for who takes part.": "房间或链接，只给参加人看。",
    "Who takes part and was there; may be repeated.": "到场的参加人；可重复。",
    "Which; without it nobody had called it.": "第几次；不写表示事先没有约定。",
    "The text, in UTF-8.": "协议文本，UTF-8 编码。",
    "The day of the return visit.": "回访日期。",
    "Who takes part and has signed.": "签署的参加人。",
    "The scan of the paper; its hash is kept.": "纸质协议的扫描件；保存其哈希值。",
    "Of a mediator: with the committee's seal.": "调解员签名并加盖调解委员会印章。",
    "applied, confirmed or refused.": "applied 已申请、confirmed 已确认、refused 不予确认。",
    "The day of it.": "日期。",
    "kept or broken.": "kept 已履行、broken 未履行。",
    "not_agreed, declined or broken.": "not_agreed 达不成协议、declined 一方不愿、broken 协议未履行。",
    "In words, for who takes part and staff.": "文字说明，给参加人和工作人员看。",
}
WORDS = {
    **{"in mediation": "调解中", "gone up": "已报上级", "taken back": "已撤回"},
    **{"drafted": "协议待签", "in_effect": "协议生效", "kept": "已履行", "broken": "未履行"},
    **{"mediator": "调解员", "applicant": "申请人", "respondent": "被申请人", "third_party": "第三人"},
}
