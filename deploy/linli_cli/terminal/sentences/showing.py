"""`linli demo`: what goes through the three services, and what became of it."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "submitted through intake's public API": "经 intake 的公开接口提交",
    "dispatched to a party, or in triage": "已派单，或待分派",
    "taken by the parties through workflow's API": "各单位经 workflow 的接口办理",
    "cases of which everybody concerned was told": "相关人员都已通知的案件",
    "replaced (by a text message)": "已改发（短信）",
    "which are": "其中",
    "Cases by party and state": "按单位和状态的案件",
    "Notices by channel": "按方式的通知",
    "channel": "方式",
    "state": "状态",
    "notices": "通知",
    "submissions {submissions}   cases {cases}   {seconds} s   ": "反映 {submissions}   案件 {cases}   {seconds} 秒   ",
    "lost = {count}": "遗失 = {count}",
    "Nobody was told: no notice was sent.": "没有通知任何人：一条通知也没有发出。",
    "{notices} sent.": "已发出 {notices}。",
    " Not sent: {others}.": "未发出：{others}。",
    "{count} who left no address": "{count} 条因没有留下联系方式",
    "{count} who left a landline": "{count} 条因留的是座机",
    "{count} for want of a mail server (LINLI_SMTP_HOST is empty)": "{count} 条因没有邮件服务器（LINLI_SMTP_HOST）",
    "{count} for want of a gateway for text messages (docs/sms.md)": "{count} 条因没有短信网关（docs/sms.md）",
    "{count} who had enough letters for a day": "{count} 条因当天邮件已够多",
    "{count} skipped ({reason})": "{count} 条略过（{reason}）",
    # what is missing
    "there is no case": "没有案件",
    "the case was neither dispatched nor put in triage": "案件既没有派单，也没有待分派",
    "the history is not whole: {sequences} of {version}": "办理过程不完整：{version} 步中有 {sequences}",
    "{recipient} was not told of step {sequence}": "第 {sequence} 步没有通知 {recipient}",
    "the delivery {id} is {state}": "通知 {id} 为 {state}",
    # where to look
    "To look at next:": "接下来可以看：",
    "the APIs": "接口",
    "the mail": "邮件",
    "{directory} (.eml files)": "{directory}（.eml 文件）",
    "the operator key": "操作员密钥",
    "one resident's view": "居民看到的",
    "what waits for a person": "等待人工处理的",
    "the processes": "运行情况",
    "to stop": "停止",
}
