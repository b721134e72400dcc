"""What `linli register` and `linli vote` say, and what their help says."""

SENTENCES = {
    # register
    "register": "名册",
    "units": "户数",
    "unit owner": "业主",
    "area": "面积",
    "frozen": "已冻结",
    "doors": "门牌",
    "door": "门牌",
    "Register {register}: {units} units, {heads} owners, {area}": "名册 {register}：{units} 户，{heads} 名业主，{area}",
    "Frozen as {snapshot}: {digest}": "已冻结为 {snapshot}：{digest}",
    "Reading {file}": "读取 {file}",
    "Keeping {units} units": "保存 {units} 户",
    "Row {line}: {message}": "第 {line} 行：{message}",
    "Row {line}, to be looked at: {message}": "第 {line} 行，请核对：{message}",
    "{units} units can be taken.": "可导入 {units} 户。",
    "{count} faults: nothing was kept.": "{count} 处错误，未导入。",
    "{count} doubts: nothing was kept.": "{count} 处存疑，未导入。",
    "Look at each; then the same again with --doubts-seen.": "请逐一核对，然后加上 --doubts-seen 再导入。",
    "'{said}' is no area: write ㎡ with two decimals at most.": "“{said}”不是面积：请以㎡为单位，最多两位小数。",
    "It is in {file}.": "已写入 {file}。",
    # vote
    "vote": "表决",
    "matters": "事项",
    "{file} has no fields.": "{file} 中没有栏目。",
    "Vote {vote}: {stands}": "表决 {vote}：{stands}",
    "It is {effect}, of the list {snapshot}.": "性质：{effect}；名册：{snapshot}。",
    "It can be opened from {time} on.": "{time} 起可以开始投票。",
    "Ballots are taken until {time}.": "投票截止 {time}。",
    "The result is to be posted by {time}.": "结果应在 {time} 前公布。",
    "It can be challenged until {time}.": "{time} 前可以提出异议。",
    "{count} tellers have found the same numbers.": "{count} 名计票人的结果一致。",
    "Challenge {id} ({ground}): {outcome}": "异议 {id}（{ground}）：{outcome}",
    "to be settled": "待处理",
    "upheld": "成立",
    "dismissed": "不成立",
    "{heads} owners, {area}": "{heads} 人，{area}",
    "Voted: {turnout} of {electorate}": "已投票：{turnout}；全体：{electorate}",
    # ballots
    "code, shown this once": "投票码（只显示这一次）",
    "It is in {file}. Print it, deliver it, keep no copy.": "已写入 {file}。请打印、送达，不留副本。",
    "Say either --agent or --revoke.": "请指明 --agent 或者 --revoke。",
    "In the box. Its seal, which the owner may have: {seal}": "已入箱。封印码（可告知业主）：{seal}",
    "It counts no more.": "该票已作废。",
    "It counts until another teller says the same.": "已记录；另一名计票人同样确认之前，该票仍然有效。",
    "took part": "参加",
    "ballot": "表决票",
    "choices": "选择",
    "Write each choice once, as MATTER=approve, oppose or abstain.": (
        "每个事项写一次：事项=approve（同意）、oppose（反对）或 abstain（弃权）。"
    ),
    # counting
    "{count} ballots were put aside.": "{count} 张表决票作废。",
    "passed": "通过",
    "not passed": "未通过",
    "too few took part": "参与表决人数或面积不足",
    "for": "同意",
    "against": "反对",
    "abstained": "弃权",
    "The recount finds the same numbers.": "重新计票结果一致。",
    "The recount finds other numbers than were kept.": "重新计票结果与已存结果不一致。",
}
HELP = {
    # register
    "Registers of owners: who has a vote, and how much it weighs.": "业主名册：谁有投票权、面积多少。",
    "As `linli register list` names them.": "`linli register list` 所列的编号。",
    "The registers of a neighbourhood, and how often each was frozen.": "一个小区的名册，各自冻结过哪些。",
    "Bring a register in. A fault keeps it out; a doubt waits until somebody has looked at it.": (
        "导入名册。有错误不导入；存疑的须有人核对后再导入。"
    ),
    "XLSX, XLS, ODS or CSV, as the office has it.": "XLSX、XLS、ODS 或 CSV，按主持单位现有的格式。",
    "Whose register it is: id or name.": "哪个小区的名册：编号或名称。",
    "Only say what is wrong in it.": "只检查，不导入。",
    "Each doubt was looked at, and it is so.": "存疑之处已逐一核对，属实。",
    "Write the empty spreadsheet that a register is filled into.": "写出空白的名册表格。",
    "Where it goes; no file is replaced.": "写入的文件；不覆盖已有文件。",
    "A register's figures, and the lists that were frozen of it.": "名册的户数、人数、面积和已冻结的名单。",
    "Doors and names, as the list had them. That you have read it stands in the audit log.": (
        "门牌和姓名，与导入时一致；查看记入审计。"
    ),
    "Put one entry right. It holds for the next list that is frozen.": "更正一户；下次冻结起生效。",
    "As `linli register owners --json` names them.": "`linli register owners --json` 所列的编号。",
    "The stairwell that the unit is on.": "所在单元。",
    "Who owns the unit now; who own it together are one.": "现业主；共有人算一个。",
    "In ㎡, as 60.00.": "㎡，例如 60.00。",
    "registry, survey or contract.": "registry 登记簿、survey 实测或 contract 合同。",
    "sold, measured, mistaken or same_owner.": "sold 转让、measured 测绘、mistaken 有误或 same_owner 同一业主。",
    "The deed's scan; its hash is kept.": "权属证明的扫描件，只保存摘要值。",
    "Freeze the list as it is now: votes are held by a frozen one.": "按现状冻结名册：表决以冻结的名册为准。",
    "What the frozen list is called, as s-2026-1.": "冻结名册的名称，例如 s-2026-1。",
    # vote
    "Votes of the owners, by area and by heads.": "业主表决：按面积和人数。",
    "As `linli vote list` names them.": "`linli vote list` 所列的编号。",
    "As `linli vote show` names them.": "`linli vote show` 所列的编号。",
    "As `linli register owners` names them.": "`linli register owners` 所列的编号。",
    "The votes of a neighbourhood, and how each stands.": "一个小区的表决及其状态。",
    "How a vote stands, and what it asks in words.": "查看表决：状态和事项原文。",
    "Prepare a vote: matters with their legal class, the frozen list, ways to vote, tellers.": (
        "拟定表决：事项及其法定类别、冻结的名册、投票方式、计票人。"
    ),
    "What is asked, of which list, by whom: YAML or JSON.": "表决内容、名册、计票人：YAML 或 JSON 文件。",
    "Write this one anew; its notice ends.": "重新拟定这一个；原公告作废。",
    "Post it: its days begin, and nothing of it changes any more without beginning anew.": (
        "发布公告：公告期开始；之后有改动须重新公告。"
    ),
    "Take ballots until then, once the days of the notice are over.": "公告期满后开始投票，到这时为止。",
    "How many have voted so far; nothing of what they chose.": "已有多少人投票，不含选择内容。",
    "Close it, at the hour that was told.": "到公布的时间后截止投票。",
    "Declare what the tellers have certified.": "宣布计票人确认的结果。",
    "The result hangs; the time for challenges begins.": "公布结果；异议期开始。",
    "An owner says that it was not held as it should have been.": "业主提出异议。",
    "notice, register, ballot, proxy, count, rights or procedure.": (
        "notice 公告、register 名册、ballot 表决票、proxy 委托、count 计票、rights 权益或 procedure 程序。"
    ),
    "The scan of the paper that says so; its hash is kept.": "相关文书的扫描件，只保存摘要值。",
    "What becomes of a challenge.": "处理异议。",
    "Whether the owner was right.": "异议是否成立。",
    "A court has said so, for good.": "依据生效的法院判决。",
    "Stop it before a result is declared: it was not held as it should have been.": "宣布结果前终止表决：程序有瑕疵。",
    "Write a paper of a vote as PDF; the notice also as .docx. Who chose what is for its tellers, and is recorded.": (
        "导出表决文书 PDF，公告也可存为 .docx。计票名单只给计票人，查看记入审计。"
    ),
    "The notice, the sheet of a count, its result, who took part, or who chose what.": (
        "notice 表决公告、sheet 计票表、result 结果公告、list 参与名单、ballots 计票名单。"
    ),
    # ballots
    "Make papers with personal codes, to print or as a list. A further one ends the code before it.": (
        "制作带投票码的表决票，打印或列表；再次制作，旧码作废。"
    ),
    "Ready to print; the file holds codes.": "可直接打印；文件中有投票码。",
    "Those of one stairwell.": "一个单元的。",
    "Only this owner; may be repeated.": "只给这名业主；可重复。",
    "An owner has another one vote for them, in writing; or does not any more.": "业主书面委托他人投票，或撤销委托。",
    "The owner who votes for them.": "受托投票的业主。",
    "The scan of the signed letter; its hash is kept.": "签字委托书的扫描件，只保存摘要值。",
    "They vote themselves again.": "撤销委托，改由本人投票。",
    "Enter a ballot on paper. It counts once: a second one of the same owner is refused.": (
        "录入纸质票。只计一次，同一业主的第二张会被拒绝。"
    ),
    "a=approve, a=oppose or a=abstain; one for each matter.": (
        "a=approve 同意、a=oppose 反对或 a=abstain 弃权；每个事项一次。"
    ),
    "The scan of the ballot; its hash is kept.": "表决票的扫描件，只保存摘要值。",
    "When it went into the box.": "投入票箱的时间。",
    "Who voted for them, by proxy.": "代为投票的受托人。",
    "Say that a ballot does not count; two tellers do, each with their own key. Its owner may then vote anew.": (
        "认定该票作废：两名计票人各用自己的密钥确认后生效；投票期内业主可重投。"
    ),
    "As `linli vote choices` and the receipt name it.": "`linli vote choices` 或回执上的编号。",
    "unsigned, unreadable, forged or not_the_owner.": (
        "unsigned 未签名、unreadable 无法辨认、forged 伪造或 not_the_owner 非业主。"
    ),
    "Which units took part, masked: what hangs on the board.": "哪些户参加了表决（已遮盖姓名），即公示的名单。",
    "The seals of all ballots in the box: an owner finds their own.": "箱内全部表决票的封印码：业主可找到自己的。",
    "Who chose what, for its tellers, once it is closed. That you have read it stands in the audit log.": (
        "截止后计票人查看各票的选择；查看记入审计。"
    ),
    "With doors and names, or without.": "是否带门牌和姓名。",
    # counting
    "What the ballots come to, once it is closed.": "截止后的计票结果。",
    "A teller's own numbers. Two who find what the machine has found make it the count.": (
        "计票人提交自己的结果；两名计票人与系统一致，即为确认。"
    ),
    "What you have counted of each matter: YAML or JSON.": "每个事项的计票结果：YAML 或 JSON 文件。",
    "Count every ballot anew from the events and the box. Exit code 1: the numbers are others.": (
        "从事件和票箱重新计票。退出码 1：结果不一致。"
    ),
}
WORDS = {
    **{"vote prepared": "已拟定", "notice posted": "公告中", "ballots are taken": "投票中", "vote void": "已终止"},
    **{"ballots are closed": "已截止", "count certified": "计票已确认", "result declared": "已宣布"},
    **{"its notice": "公告", "its register": "名册", "a ballot": "表决票", "a proxy": "委托", "its count": "计票"},
    **{"the owners' rights": "业主权益", "its procedure": "程序"},
    **{"result posted": "已公布", "a decision": "共同决定", "a consultation": "意向征询"},
}
