"""`linli privacy`: what is held of a resident, erasing it, and how long things are kept."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "Nobody is named.": "没有说明是谁。",
    "Give a resident id, number, e-mail, tracking code or submission id.": (
        "请写居民编号、电话、邮箱、查询码或反映的编号。"
    ),
    "Resident: ": "居民：",
    # linli privacy export
    "{out}: neither .zip nor .json.": "{out}：不是 .zip 或 .json。",
    "Name the file RESIDENT.zip or RESIDENT.json.": "请把文件命名为 RESIDENT.zip 或 RESIDENT.json。",
    "Reading": "正在读取",
    "{number} of {count}": "第 {number} 件，共 {count} 件",
    "submissions": "反映",
    "deliveries": "通知",
    "photos": "照片",
    "Written to {out}: {what}. It is personal: hand it over safely, then delete it.": (
        "已写入 {out}：{what}。内容是个人信息：请安全转交，然后删除。"
    ),
    # linli privacy erase
    "Name a resident, or --again.": "请写明居民，或用 --again。",
    "Erase all of this for good?": "确定永久删除以上全部内容吗？",
    "{cases} of theirs is not closed: {some}. Whoever deals with it would lose the text and the reporter.": (
        "有 {cases}未结案：{some}。删除后，承办单位将看不到内容和反映人。"
    ),
    "{cases} of theirs are not closed: {some}. Whoever deals with it would lose the text and the reporter.": (
        "有 {cases}未结案：{some}。删除后，承办单位将看不到内容和反映人。"
    ),
    "Close or withdraw them first; or, when the resident wants it all the same, add --also-open.": (
        "请先结案或撤回；居民仍要求删除的，请加 --also-open。"
    ),
    "{id}  {kind}  received {received}  case {state}": "{id}  {kind}  受理 {received}  案件{state}",
    "{id}  case {state}": "{id}  案件{state}",
    "none yet": "尚无",
    ", erased": "，已删除",
    "no contact": "没有联系方式",
    "What staff wrote goes in {cases} of others too, merged with these:": (
        "并案的别人的 {cases}案件中，办理文字也会删除："
    ),
    "What staff wrote went in {cases} of others too, merged with these.": (
        "并案的别人的 {cases}案件中，办理文字也已删除。"
    ),
    "{records} in Kafka": "Kafka 中 {records}",
    "Erased: {gone}.": "已删除：{gone}。",
    "Masked in {submissions} of others.": "别人的 {submissions}中也已遮蔽。",
    "Kafka still holds some of it, for readers that have not come so far: {readers}.": (
        "Kafka 中还有一部分，因为有的服务还没有读到那里：{readers}。"
    ),
    "When they have: linli privacy erase --again": "读到后请运行：linli privacy erase --again",
    "Backups made before still hold it. After a restore of one: linli privacy erase --again": (
        "以前的备份中仍有这些数据。恢复备份后请运行：linli privacy erase --again"
    ),
    "{path} is no list of erased submissions.": "{path} 不是已删除反映的清单。",
    "{path} cannot be written ({strerror}): keep `--json`'s list elsewhere.": (
        "无法写入 {path}（{strerror}）：请把 `--json` 的清单保存在别处。"
    ),
    "the group {group}": "消费组 {group}",
    "Kafka does not answer ({error})": "Kafka 没有应答（{error}）",
    "{service} has not sent it on": "{service} 还没有发出",
    "{reader} has not read it": "{reader} 还没有读到",
    "Kafka has no {missing}.": "Kafka 中没有 {missing}。",
    "Make it with: linli topics apply": "创建：linli topics apply",
    "records": "记录",
    # linli privacy retention
    "kind": "种类",
    "kept": "保存",
    "goes from": "到期",
    "older": "已过期",
    "for ever": "长期",
    "Nothing of an open case goes. 'older' is past its time and waits for the end of its case, or for the job.": (
        "未结案的不会删除。“已过期”的在等案件结束，或等定时任务删除。"
    ),
}
