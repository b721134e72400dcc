"""What `linli publicity`, `linli clearing` and `linli lineage` say, and what their help says."""

SENTENCES = {
    # publicity
    "notice": "公示",
    "of": "内容",
    "buildings": "楼栋",
    "Notice {id} {subject}: {stage}": "公示 {id}（{subject}）：{stage}",
    "It hangs in {count} of {all} buildings.": "{all} 栋中 {count} 栋已张贴。",
    "It does not hang in: {buildings}": "未张贴：{buildings}",
    "Its days: {first_day} to {last_day}": "公示期：{first_day} 至 {last_day}",
    "Say either --text or --digest.": "请指明 --text 或者 --digest。",
    # clearing
    "clearing": "拆违",
    "{id}: {what}, {where}: {state}": "{id}：{what}，{where}：{state}",
    "To be removed by {day}": "限期 {day} 前自行拆除",
    "An appeal can be made until {day}": "复议、诉讼截止：{day}",
    # lineage
    "Something is still to come of it.": "还有后续。",
    "(a draft)": "（草稿）",
}
HELP = {
    # publicity
    "Notices that hang: where each is posted, since when.": "公示：在哪些楼栋、从何时张贴。",
    "As `linli publicity list` names them.": "`linli publicity list` 所列的编号。",
    "The notices of a neighbourhood, also those that hang no more, and how many buildings each has reached.": (
        "一个小区的公示，包括已撤下的，各张贴了多少栋。"
    ),
    "What hangs in a neighbourhood now, as everybody sees it, and until which day.": "小区现在张贴的公示及截止日。",
    "Where a notice hangs since when, and which days count.": "查看公示：张贴情况和公示期。",
    "Have something posted in those buildings. How long it has to hang is the place's rule.": (
        "准备公示：指明内容和楼栋；期限按当地规则。"
    ),
    "round, plan, vote, result, covenant or other.": (
        "round 征集、plan 方案、vote 表决、result 表决结果、covenant 公约或 other 其他。"
    ),
    "The round, plan, vote or covenant.": "征集、方案、表决或公约的编号。",
    "Where it has to hang; may be repeated.": "应张贴的楼栋；可重复。",
    "Exactly what hangs; its hash is kept.": "张贴的原文，只保存摘要值。",
    "Or its hash, as the sheet has it.": "或其摘要值，张贴件上有。",
    "It hangs in a building: its days count from the last of them.": "某栋已张贴；公示期从最后一栋张贴起算。",
    "Since when; an earlier time wants a photo.": "从何时起；早于现在的须附照片。",
    "A photo of it; its hash is kept.": "张贴照片，只保存摘要值。",
    "It was looked for in a building, and was not there.": "检查时某栋没有张贴。",
    "It says something else from now on: it has to be posted anew, and its days begin anew.": (
        "内容有改动：须重新张贴，公示期重新计算。"
    ),
    "Say that its days are over.": "公示期满。",
    "Take it down for good.": "撤下公示。",
    # clearing
    "Illegal structures: found, noticed, cleared, looked at again.": "拆违治乱：发现、告知、拆除、复查。",
    "As `linli clearing list` names them.": "`linli clearing list` 所列的编号。",
    "The clearings of a neighbourhood, the oldest first.": "一个小区的拆违事项，最早的在前。",
    "How a clearing stands, and until when it can be appealed.": "查看拆违事项：状态和复议、诉讼期限。",
    "All that happened to it, in order.": "全部经过，按顺序。",
    "Record what seems to stand without permission.": "登记疑似违建。",
    "What stands there.": "是什么。",
    "Where it stands.": "在哪里。",
    "When the photos were taken. Default: when a file was changed last.": "拍摄时间；默认文件最后修改的时间。",
    "Who has it: the office's own id.": "当事人：主持单位自己的编号。",
    "The works that it is in the way of.": "受其影响的工程。",
    "Whoever has it was told to remove it.": "已向当事人送达限期拆除文书。",
    "The scan of what was served; its hash is kept.": "送达文书的扫描件，只保存摘要值。",
    "The last day to remove it, as 2026-06-30.": "拆除期限，如 2026-06-30。",
    "Whoever has it says that it may stand.": "当事人申请复议或提起诉讼。",
    "The day of the appeal.": "申请复议或提起诉讼日期。",
    "What became of the appeal.": "复议、诉讼结果。",
    "Whether the appeal was right.": "决定是否被撤销。",
    "The reason, in words.": "理由。",
    "It is gone.": "已拆除。",
    "A photo of how it was; may be repeated.": "拆除前的照片；可重复。",
    "A photo of how it is; may be repeated.": "拆除后的照片；可重复。",
    "Whoever had it has removed it.": "是否当事人自行拆除。",
    "Somebody else has looked again.": "由他人复查。",
    "What was found.": "复查结果。",
    # lineage
    "What became of a demand.": "诉求的去向。",
    "Each step that a demand has come to, and why it ended.": "诉求走到的每一步，以及结果和理由。",
}
WORDS = {
    **{"hangs": "张贴中", "its days are over": "期满", "taken down": "已撤下"},
    **{"of a round": "征集", "of a plan": "方案", "of a vote": "表决", "of a result": "表决结果"},
    **{"of a covenant": "公约", "of something else": "其他"},
    **{"structure found": "已发现", "told to remove it": "已告知拆除", "appeal made": "复议或诉讼中"},
    **{"it stays": "保留", "structure cleared": "已拆除", "looked at again": "已复查"},
    **{"as a case": "诉求", "in a round": "征集", "as one matter with others": "归类", "in a plan": "方案的答复"},
    **{"as an item of a plan": "方案内容", "as a commitment": "承诺", "as an action": "任务", "as works": "工程"},
    **{"as a defect": "质量缺陷", "at the acceptance": "验收", "at its end": "结果"},
    **{"written by a household": "由住户提出", "put together": "已归类", "no matter of its round": "未归类"},
    **{"not in the plan": "方案未采纳", "promised": "已承诺", "not accepted": "验收未通过"},
    **{"acceptance taken back": "验收已撤销", "built and accepted": "已建成并通过验收"},
    **{"not in the plan that holds now": "现行方案未采纳", "done without a plan": "无需方案，已办结"},
}
