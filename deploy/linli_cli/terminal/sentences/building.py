"""What `linli works` says, and what its help says."""

SENTENCES = {
    "package": "工程",
    "title": "名称",
    "stands": "状态",
    "open defects": "未销号缺陷",
    "{title}: {state}, {percent} %": "{title}：{state}，{percent} %",
    "Its items were not compared with the plan when it was opened.": "立项时没有与方案核对。",
    "has not signed": "未签署",
    "agrees": "同意",
    "disagrees": "不同意",
    "Hidden work that nobody has passed: {ids}": "未验收合格的隐蔽工程：{ids}",
    "To be filed by {day}": "备案截止 {day}",
    "Warranty of {trade} until {day}": "{trade}保修至 {day}",
    "defect": "缺陷",
    "who": "责任单位",
    "due": "期限",
    "what": "内容",
    "representative": "代表",
}
HELP = {
    "Id or name.": "编号或名称。",
    "Works of a neighbourhood, from a plan's items to their handover.": "小区工程：从方案项目到移交。",
    "As `linli works list` names them.": "`linli works list` 所列的编号。",
    "The packages of a neighbourhood: how far each has come, and how many defects are open.": (
        "小区的工程：进度和未销号的缺陷数。"
    ),
    "How a package stands: who builds it, what is signed, what is open, and warranties with their last days.": (
        "查看工程：参建单位、签署、未完成事项、保修期限。"
    ),
    "The defects of a package: what was said of each, who puts it right, until when.": (
        "工程的缺陷：内容、整改单位、期限。"
    ),
    "All that happened to a package, in order.": "工程的全部经过，按顺序。",
    "Who speaks for the residents at a package's gate.": "代表居民参加验收的人。",
    "What was announced of a package's progress, as residents read it, the newest first.": (
        "对居民公示的进度，最新的在前。"
    ),
}
WORDS = {
    **{"being built": "施工中", "built": "已完工", "acceptance asked for": "已申请验收", "being accepted": "验收中"},
    **{"accepted, not filed": "验收合格，未备案", "accepted and filed": "已备案", "handed over": "已移交"},
    **{"defect reported": "已反映", "defect confirmed": "已确认", "to be put right": "待整改"},
    **{"said to be put right": "待复验", "put right": "已销号", "no defect": "不属缺陷"},
    **{
        "client": "建设单位",
        "survey": "勘察单位",
        "design": "设计单位",
        "builder": "施工单位",
        "supervisor": "监理单位",
    },
    **{"structure": "主体结构", "waterproofing": "防水", "heating": "供热", "pipes": "给排水", "electrics": "电气"},
    **{"installation": "设备安装", "decoration": "装修"},
}
