"""Help texts of the commands, in Chinese: those of clerks here, those of who runs an installation beside it."""

from collections.abc import Mapping

from linli.contracts.kinds import Channel, Kind
from linli.contracts.workflow.case import CaseState, Waiting
from linli_cli.cases.actions import Action
from linli_cli.cases.contact import Why
from linli_cli.importing.columns import FIELDS
from linli_cli.operations.deliveries import STATES
from linli_cli.terminal.sentences import (
    agreeing,
    building,
    declaring,
    helping_operators,
    mediating,
    opening,
    partnering,
    posting,
    rounding,
    steering,
    voting,
)

LINE = "Print one line of JSON."
PHOTO = "A JPEG, PNG or WebP file"
HELP: Mapping[str, str] = {
    "Linli 邻里: event-driven services for the governance of a community.": "邻里 Linli：社区治理的事件驱动服务。",
    "Show the version and exit.": "显示版本。",
    "Show this message and exit.": "显示本说明。",
    # what several have
    LINE: "输出一行 JSON。",
    "At most so many.": "最多多少条。",
    "Needed when several are loaded.": "加载了多个街道时必填。",
    "The case's id, as `linli cases` shows it.": "案件编号，见 `linli cases`。",
    "Print the case after it as one line of JSON.": "以一行 JSON 输出办理后的案件。",
    "In whose name. Default: the responsible party.": "以哪个单位的名义。默认：承办单位。",
    "Whose cases. Default: the only community there is.": "哪个街道的案件。默认：唯一的街道。",
    "Replace FILE where it is there already.": "文件已存在时覆盖。",
    # import
    """Import a file of messages; each row ends with a responsible party or in triage.

Repeating an import creates nothing twice. A cell that cannot be taken (an unknown neighbourhood, no telephone
number) is told of, and its words stand in the case. Rows that cannot be taken go to FILE.rejected.csv, each with
the reason. Corrected there, they can be imported from that file.

Exit code 0: every row was taken. 3: some were rejected, the others are in. 1: not every row is accounted for.""": """\
导入一个诉求表格；每一行都会有承办单位，或进入待分派。

重复导入不会重复受理。不能取用的单元格（不认识的小区、不是电话的号码）会提示，原文写入案件。不能受理的行连同原因写入
FILE.rejected.csv；在那里改正后，可以从该文件再导入。

退出码 0：每行都已受理。3：有的行未受理，其余已受理。1：不是每行都有结果。""",
    "CSV or other separated text, XLSX, XLS or ODS.": "CSV 或其他分隔文本、XLSX、XLS、ODS。",
    f"Where the messages came from: {', '.join(Channel)}.": f"诉求的来源：{', '.join(Channel)}。",
    f"What a row is where no column says: {', '.join(Kind)}.": f"没有类型列时，每行是什么：{', '.join(Kind)}。",
    "Only the first N rows.": "只导入前 N 行。",
    f"Take a field from a column, or from none (FIELD=-); may be repeated. {', '.join(FIELDS)}.": (
        f"某字段取自哪一列，或不取（字段=-）；可重复。{', '.join(FIELDS)}。"
    ),
    "Of the text, such as gb18030 or big5.": "文本的编码，例如 gb18030 或 big5。",
    "Between cells; 'tab' for a tab.": "单元格之间的分隔符；制表符写 tab。",
    "Of a workbook, by name or number.": "工作簿中的哪个工作表，名称或序号。",
    "The row that names the columns.": "列名所在的行。",
    "The order in dates like 11/03/2026.": "11/03/2026 这类日期的顺序。",
    "Reject a row for any cell that cannot be taken.": "有任何单元格不能取用，就不受理该行。",
    "Count deadlines from each row's time, not from now.": "时限从每行的时间起算，而不是从现在。",
    "Show what was understood, the first ten rows and what of all is doubtful; send nothing.": "只显示读到的内容、前十行和全部存疑之处，不发送。",
    "Write what became of each row, with its tracking code, as CSV.": "把每行的结果和查询码写成 CSV。",
    "Wait until every accepted row is a dispatched or triaged case.": "等到受理的每一行都已派单或待分派。",
    "Print the result as one line of JSON.": "以一行 JSON 输出结果。",
    # submit, attach
    "Send one demand, report or dispute, and print its tracking code.": "提交一件需求、报事或纠纷，并显示查询码。",
    "What it is.": "是什么类型。",
    "What it is about, in one line.": "什么事，一句话。",
    "All there is to say.": "详细内容。",
    "The 小区, by id (huaiyin-li) or by name.": "小区，编号（huaiyin-li）或名称。",
    "By id (facilities.lift.fault) or by name.": "编号（facilities.lift.fault）或名称。",
    "Where exactly, in words.": "具体位置，文字。",
    "Longitude in degrees; with --lat.": "经度（度），与 --lat 一起写。",
    "Latitude in degrees; with --lon.": "纬度（度），与 --lon 一起写。",
    f"{PHOTO}; may be repeated, up to 10.": "JPEG、PNG 或 WebP 文件；可重复，最多 10 张。",
    "The reporter's name.": "反映人姓名。",
    "The reporter's telephone number.": "反映人电话。",
    "Where the reporter hears what becomes of it.": "向反映人告知进展的邮箱。",
    "Where the reporter lives. It stays in intake.": "反映人住址，只保存在受理服务中。",
    "The reporter's.": "反映人的语言。",
    "Show whether it was reported already, and send nothing.": "只查看是否已有人反映，不发送。",
    "Print the receipt as one line of JSON.": "以一行 JSON 输出回执。",
    "Add photos to a submission that was sent before.": "为已提交的反映补充照片。",
    "The submission's id, from its receipt.": "回执上的编号。",
    f"{PHOTO}; may be repeated.": "JPEG、PNG 或 WebP 文件；可重复。",
    "The tracking code. Without it: as an operator, with your key.": "查询码。不写则以操作员的密钥进行。",
    "Print what was added as one line of JSON.": "以一行 JSON 输出添加的内容。",
    # track, withdraw
    "Show a submission's way, step by step. Needs nothing but the tracking code.": "逐步显示办理进展，只需查询码。",
    "The tracking code from the receipt.": "回执上的查询码。",
    "Go on showing what happens, until it ends.": "持续显示，直到结束。",
    "JSON; with --follow one line per step.": "JSON；与 --follow 同用时每步一行。",
    "Take a submission back. With its tracking code nothing else is needed; doing it twice changes nothing.": (
        "撤回反映。有查询码即可；重复撤回没有影响。"
    ),
    "The tracking code from the receipt; for an operator also a case's id.": "回执上的查询码；操作员也可写案件编号。",
    "Why. Without names and numbers.": "原因，不写姓名和号码。",
    # cases, case, repeats
    """List cases: who is responsible, and when the next thing is owed. One in full: linli case CASE

For a party, neighbourhood or category its name will do where no other has it.""": """\
列出案件：承办单位和下一时限。查看一件：linli case CASE

单位、小区、类别可以写名称，只要没有重名。""",
    "Only those with all of these words in title, text or place.": "标题、内容或位置中含有全部这些词的。",
    "Only those with this number of the hotline's.": "热线工单号是这个的。",
    "Only a resident's, by telephone number or e-mail; `-` reads it from stdin.": (
        "某位居民的，写电话或邮箱；`-` 从标准输入读取。"
    ),
    "Only those opened then or later: 2026-11-24, or an age as 3d.": "此时及以后受理的：2026-11-24，或 3d（三天前）。",
    "Only those opened before then.": "此时以前受理的。",
    "The same by when the call was made.": "同上，按来电时间。",
    "newest; age: who called first; due: what is owed first; updated: last.": (
        "newest 最新；age 最早来电；due 时限最近；updated 最近变动。"
    ),
    f"Only those that stand so: {', '.join(CaseState)}.": f"处于某状态的：{', '.join(CaseState)}。",
    "Only those of this party.": "某单位承办的。",
    f"Only those: {', '.join(Kind)}.": f"某类型的：{', '.join(Kind)}。",
    "Only those of this neighbourhood.": "某小区的。",
    "Only those of this category and of those below it.": "某类别及其下级类别的。",
    "Only those of this community.": "某个街道的。",
    "Only those that are resolved and not answered: whom to call.": "已办结而尚未回访的：要打电话的。",
    "Only those of which a deadline was missed.": "有时限超期的。",
    "Only those that have come up to this level.": "督办至某一级的。",
    "Only the parts of this case.": "某案件的分办件。",
    "Only those that follow this case.": "并入某案件的。",
    "With those that follow another case.": "包括已并入其他案件的。",
    "Show one case: text, state, party, deadlines, parts, followers and its steps.": (
        "查看一件案件：内容、状态、承办单位、时限、分办、并案和各步骤。"
    ),
    "Every step; else the newest, where a story is very long.": "全部步骤；否则步骤很多时只显示最近的。",
    "Print all there is as one line of JSON.": "以一行 JSON 输出全部内容。",
    "Show the cases that are likely the same matter, the likeliest first, and why. It changes nothing.": (
        "列出可能是同一件事的案件及理由，最像的在前。不作任何更改。"
    ),
    # act
    """Act on a case as it stands at this moment: see ACTION. On many: linli act ACTION --from FILE, or --filter

Should somebody else change it in the same second, this changes nothing and says so.""": """\
办理一件案件，操作见 ACTION。办理多件：linli act ACTION --from FILE，或 --filter

如果别人恰在同时更改，本次不作更改，并会说明。""",
    f"One of {', '.join(Action)}.": f"操作：{', '.join(Action)}。",
    "In whose name. Default: the responsible party; of what it cannot decide, the operator.": (
        "以哪个单位的名义。默认：承办单位；它不能决定的，为操作员。"
    ),
    "The reporter sees it, but for note, return, reassign, merge, unmerge, split.": (
        "反映人会看到；note、return、reassign、merge、unmerge、split 除外。"
    ),
    "Why; only `return` and `correct`. For staff.": "理由；只用于 `return` 和 `correct`。供工作人员看。",
    "Who becomes responsible; only `reassign`.": "改派给哪个单位；只用于 `reassign`。",
    f"One of {', '.join(Waiting)}; only `pause`.": f"等待什么：{', '.join(Waiting)}；只用于 `pause`。",
    "A photo of the case, by id; only `return`. Repeatable.": "案件照片的编号；只用于 `return`，可重复。",
    "The case that is about the same matter; only `merge`.": "说的是同一件事的案件；只用于 `merge`。",
    "A part of it, and who is to do it; only `split`, at least twice.": "分办内容和单位；只用于 `split`，至少两个。",
    "What it is; only `correct`.": "类型；只用于 `correct`。",
    "What it is called; only `correct`.": "标题；只用于 `correct`。",
    "Where it is, by id or name; only `correct`. `-`: none.": "小区，编号或名称；只用于 `correct`。`-`：没有。",
    "What it is about, by id or name; only `correct`. `-`: none.": "类别，编号或名称；只用于 `correct`。`-`：没有。",
    "Where it is, in words; only `correct`. `-`: nothing.": "位置，文字；只用于 `correct`。`-`：没有。",
    "Where it is on the map; only `correct`. `-`: nowhere.": "地图坐标；只用于 `correct`。`-`：没有。",
    "What an invited party promises: works:2027-06-30, money:2027-06-30:FEN; `progress`, `resolve`.": (
        "受邀单位的承诺：works:2027-06-30、money:2027-06-30:金额（分）；只用于 `progress`、`resolve`。"
    ),
    "Ask the rules anew who is responsible; only `correct`.": "按规则重新分派；只用于 `correct`。",
    "The same party has the time of the rule that fits; only `correct`.": "单位不变，时限按适用的规则；只用于 `correct`。",
    "On many: a file with an id in each line, or a table with the columns case, action, reason, to …; "
    "`-` reads ids from stdin.": (
        "办理多件：每行一个编号的文件，或有 case、action、reason、to … 列的表格；`-` 从标准输入读取编号。"
    ),
    "On all cases of which this is true, by options of `linli cases`: state=triage. Repeatable.": (
        "办理符合条件的全部案件，条件同 `linli cases` 的选项：state=triage。可重复。"
    ),
    "Of many cases: only show what would be done.": "多件时：只显示会做什么。",
    "Of many cases: do not ask before.": "多件时：不询问确认。",
    "Print the case after it as one line of JSON; of many cases a line for each.": (
        "以一行 JSON 输出办理后的案件；多件时每件一行。"
    ),
    # evidence, contact, follow-up
    "List the photos of a case and those that its reporter sent; add some, or write all to files with --save.": (
        "列出案件的照片和反映人的照片；可以添加，或用 --save 存为文件。"
    ),
    "What the photos show; those of `return` stay among staff. With --photo.": (
        "照片的阶段；`return` 的只供工作人员看。与 --photo 一起写。"
    ),
    f"{PHOTO} to add; may be repeated.": "要添加的 JPEG、PNG 或 WebP 文件；可重复。",
    "What they show; the reporter sees it, but for `return`.": "照片说明；反映人会看到，`return` 除外。",
    "Write all photos of the case there.": "把案件的全部照片存到这里。",
    "Print the list as one line of JSON.": "以一行 JSON 输出清单。",
    "Show the reporter's name, telephone number and e-mail in full. Who looks, and why, goes into the audit log.": (
        "显示反映人的姓名、电话和邮箱。谁看了、为什么看，会记入审计日志。"
    ),
    f"Why you have to know: {', '.join(Why)}. It is kept.": f"为什么要看：{', '.join(Why)}。会保存。",
    "Print it, with the words, as one line of JSON.": "连同原文以一行 JSON 输出。",
    "Write down what a resident answered on the telephone. Whom to call: linli cases --awaiting-follow-up": (
        "登记居民电话回访的回答。要给谁打电话：linli cases --awaiting-follow-up"
    ),
    "Was somebody in touch?": "有人联系过吗？",
    "Is it solved?": "解决了吗？",
    "Is the resident satisfied?": "满意吗？",
    "What else the resident said.": "居民还说了什么。",
    "In whose name it was asked; not by who did the work.": "以哪个单位的名义回访；不能是承办的单位。",
    # report, export
    """What came in and what became of it: open, late, returned, and the three rates, by party, level and so on.

FILE.xlsx has a sheet for each, and one with the cases themselves.""": """\
受理和办理情况：在办、超期、退单和三率，按单位、层级等分列。

FILE.xlsx 中每种分列一个工作表，另有一个案件明细表。""",
    "Cases of this month.": "哪个月的案件。",
    "In place of a month: from this day.": "不写月份时：从这一天起。",
    "To this day, with it.": "到这一天止（含）。",
    "A case belongs to the day it came in here, not to that of the call.": "案件按在此受理的日期计，而不按来电日期。",
    "FILE.xlsx or FILE.csv.": "FILE.xlsx 或 FILE.csv。",
    """Write cases, or what was answered, with the hotline's own number, the channel and the time of the call.

Words of residents are as everywhere outside intake: numbers and addresses are masked. FILE is its owner's alone.""": """\
导出案件或答复，带热线工单号、渠道和来电时间。

居民的话与受理服务之外各处一样，号码和地址已遮蔽。文件只有所有者能读。""",
    "Cases by when the call was made, or answers by when given.": "cases：案件，按来电时间；answers：答复，按答复时间。",
    "2026-11-24, 2026-11-24T06:00, or an age such as 7d.": "2026-11-24、2026-11-24T06:00，或 7d（七天前）。",
    "Before then. Default: now.": "到此时为止。默认：现在。",
    "csv, xlsx or json. Default: by --out's ending, else csv.": "csv、xlsx 或 json。默认：按 --out 的扩展名，否则 csv。",
    "Default: to the terminal.": "默认：显示在终端。",
    "Only those that came by it.": "某渠道来的。",
    "Names of columns.": "列名的语言。",
    # deliveries
    "Letters, messages and webhooks: who was told, and who was not.": "邮件、短信和 webhook：谁收到了通知，谁没有。",
    "List deliveries, newest first. What was given up: linli deliveries list --state failed": (
        "列出通知，最新的在前。已放弃的：linli deliveries list --state failed"
    ),
    f"Only those that stand so: {', '.join(STATES)}.": f"处于某状态的：{', '.join(STATES)}。",
    "Only by email, webhook, sms or none.": "某方式的：email、webhook、sms 或 none。",
    "Only to party:ID or resident:ID; a bare ID is a party's.": "发给 party:编号 或 resident:编号 的；只写编号为单位。",
    "Only of this case.": "某案件的。",
    "Only of this kind, such as party_dispatched.": "某种类的，例如 party_dispatched。",
    "Only for this reason, such as http_404 or no_mail_server.": "因某原因的，例如 http_404 或 no_mail_server。",
    "Made since 2026-11-24T06:00, or 2h.": "自 2026-11-24T06:00 起的，或 2h（两小时内）。",
    "Made before this.": "此时以前的。",
    "Show one delivery, as `linli deliveries list` names it.": "查看一条通知，编号见 `linli deliveries list`。",
    "Try again what was given up: by id, or all that match. It begins with the first wait of the schedule again.": (
        "重新发送已放弃的：按编号，或全部符合条件的。间隔从头计起。"
    ),
    "As `list` shows them.": "编号见 `list`。",
    "failed, or undeliverable: whose party had no channel.": "failed，或 undeliverable（单位没有联系方式）。",
    "All that were given up, without narrowing it down.": "全部已放弃的，不加条件。",
    "Write no more to an address that letters came back from. It is kept as a keyed hash, and in the audit log not.": (
        "不再向退信的地址发送。地址只以密钥散列保存，审计日志中没有。"
    ),
    "A mailbox, or a number as +8613800138000.": "邮箱，或 +8613800138000 这样的号码。",
    "Letters arrive there again.": "该地址又能收到了。",
    "Print the secret that a party verifies its webhooks with, or change it. Hand it over by a safe way.": (
        "显示或更换单位验证 webhook 用的密钥。请以安全的方式转交。"
    ),
    "Of its endpoint as a partner, in place of its webhook.": "改为显示该单位作为合作单位的端点所用的密钥。",
    "Make a new one first; for a day the old one signs as well.": "先换新的；一天之内旧的同时签名。",
    # community, rules
    "A community: check its folder, load it, retire it.": "街道：检查文件夹、加载、停止受理。",
    "Say everything that is wrong in a community's files: file, line, field. Nothing is sent.": (
        "说明街道文件中的全部错误：文件、行、字段。不发送。"
    ),
    "The folder, such as deploy/community/fushan-road.": "文件夹，例如 deploy/community/fushan-road。",
    "Check a community's files and make them the running stack's data.": "检查街道文件，并加载到运行中的系统。",
    "Let a community take no new submissions any more. Its cases go on, and it stays readable.": (
        "街道停止受理新的反映。已有案件继续办理，资料仍可查看。"
    ),
    "Its id, as in community.yaml.": "街道编号，见 community.yaml。",
    "Let a retired community take submissions again.": "让已停止的街道重新受理。",
    "Routing rules.": "分派规则。",
    "Route past messages by changed rules and by those in force, and say what would differ. Nothing is changed.": (
        "用改动后的规则和现行规则分派过去的诉求，说明有何不同。不作更改。"
    ),
    "A community's folder, or a rules.yaml alone.": "街道的文件夹，或单独一个 rules.yaml。",
    "Messages to try them on, CSV or XLSX. Default: all cases that there are.": (
        "用来试的诉求，CSV 或 XLSX。默认：现有的全部案件。"
    ),
    "Whose. Default: the folder's, or the only community there is.": "哪个街道。默认：文件夹的，或唯一的街道。",
    # groups of commands of operators
    "Stop the services, Kafka and MongoDB, in that order. The data stay in .linli.": (
        "依次停止服务、Kafka 和 MongoDB。数据保留在 .linli。"
    ),
    "Show the audit log of all services, newest first.": "显示各服务的审计日志，最新的在前。",
    "Kafka's topics, as the contracts declare them.": "Kafka 主题，以事件契约中的声明为准。",
    "Events on disk, and Kafka, which may have lost them.": "已保存的事件，以及可能丢失事件的 Kafka。",
    "API keys: who may do what, until when.": "API 密钥：谁可以做什么，到什么时候。",
    "Companies whose own systems take part.": "用自己的系统参与办理的单位。",
    "Events that could not be read or applied and wait for a decision.": "无法读取或处理、等待决定的事件。",
    "Escalation policies.": "督办办法。",
    "A resident's own data: export, erasure, how long things are kept.": "居民本人的数据：导出、删除、保存期限。",
    **declaring.HELP,
    **mediating.HELP,
    **building.HELP,
    **agreeing.HELP,
    **steering.HELP,
    **opening.HELP,
    **partnering.HELP,
    **rounding.HELP,
    **voting.HELP,
    **posting.HELP,
    **helping_operators.HELP,
}
"""Help text → in Chinese."""
