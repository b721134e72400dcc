"""What `linli plan` and `linli covenant` say, and what their help says."""

SENTENCES = {
    "plan": "方案",
    "covenant": "公约",
    "kind": "类别",
    "title": "名称",
    "stands": "状态",
    "versions": "版本",
    "demands open": "未回应需求",
    "objections open": "未答复异议",
    "{title}: {state}": "{title}：{state}",
    "Version {number}: {digest}": "第 {number} 版：{digest}",
    "It says something else now than its newest version.": "现在的内容与最新一版不同。",
    "Name a file that ends in .pdf or .docx.": "请指定以 .pdf 或 .docx 结尾的文件。",
    "Version {number} is in {file}.": "第 {number} 版已写入 {file}。",
    "Both say the same.": "两版内容相同。",
    "taken back": "已撤回",
    "version {number}": "第 {number} 版",
    "template": "模板",
    "Version {number}: {state}, signed by {count}": "第 {number} 版：{state}，{count} 户签署",
}
HELP = {
    "The plan of a neighbourhood: its versions and the objections to them.": "小区改造方案：版本和异议。",
    "As `linli plan list` names them.": "`linli plan list` 所列的编号。",
    "Of a version, from 1.": "版本号，从 1 开始。",
    "Of a version, from 1. Default: the newest.": "版本号，从 1 开始；默认最新一版。",
    "The plans of a neighbourhood: where each stands, and what is still to be answered.": (
        "小区的方案：状态和待回应事项。"
    ),
    "What households have against it, and what each was answered. That you have read it stands in the audit log.": (
        "住户的异议和答复；查看记入审计。"
    ),
    "What a covenant can be begun from.": "可供起草的公约模板。",
    "What households say of its texts, and what each was answered. That you have read it stands in the audit log.": (
        "住户对文本的意见和答复；查看记入审计。"
    ),
    "How a plan stands: its items with what each costs, its versions with their hashes.": (
        "查看方案：内容和估算、各版及其摘要值。"
    ),
    "How two versions differ: items, who pays, what becomes of each demand.": ("比较两版：内容、出资、各需求的处理。"),
    "Where it goes: a name that ends in .pdf or .docx.": "写入的文件，以 .pdf 或 .docx 结尾。",
    "Write a version to a file: as PDF to post it, as DOCX to edit it before it hangs.": (
        "导出一版：PDF 用于张贴，DOCX 用于张贴前编辑。"
    ),
    "Covenants of a neighbourhood: their texts, and who adopted which.": "小区公约：文本和通过情况。",
    "As `linli covenant list` names them.": "`linli covenant list` 所列的编号。",
    "The covenants of a neighbourhood, each with where its newest version stands.": "小区的公约及最新一版的状态。",
    "A covenant's versions: where each stands, its hash, how many households have signed exactly that text.": (
        "公约各版：状态、摘要值、签署户数。"
    ),
    "What a version says.": "一版的文本。",
}
WORDS = {
    **{
        "to be answered": "待答复",
        "found right": "成立",
        "explained": "已说明",
        "taken back": "已撤回",
        "taken up": "已采纳",
    },
    **{"being drawn": "编制中", "posted": "公示中", "final": "已定稿", "replaced": "已被替代"},
    **{
        "residents' covenant": "居民公约",
        "owners' covenant": "管理规约",
        "covenant of a facility": "设施公约",
    },
    **{"being drafted": "起草中", "comments taken": "征求意见", "reviewed": "已审核", "adopted": "已通过"},
    **{"on file": "已备案", "in force": "已生效", "adoption void": "表决无效"},
}
