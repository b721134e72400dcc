"""`linli export`, `report`, `deliveries`, `rules try` and `community`: files that leave the house, letters, rules."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    # linli export, report
    "{out} is there already.": "{out} 已存在。",
    "Choose another file, or add --force.": "请另选文件，或加 --force。",
    "{out} cannot be written: {strerror}": "无法写入 {out}：{strerror}",
    "{path} cannot be written: {error}": "无法写入 {path}：{error}",
    "Choose another file.": "请另选文件。",
    "{out}: neither .csv, .xlsx nor .json.": "{out}：不是 .csv、.xlsx 或 .json。",
    "Name the file so, or say --format.": "请这样命名文件，或用 --format 说明。",
    "A workbook is not for a terminal.": "工作簿不能显示在终端里。",
    "Say where to write it: --out FILE.xlsx": "请说明写到哪里：--out FILE.xlsx",
    "{number}.": "{number}。",
    "{name}: {error}.": "{name}：{error}。",
    "{number} written to {out}.": "{number}，已写入 {out}。",
    "{title}: {cases}. Written to {out}.": "{title}：{cases}。已写入 {out}。",
    "{title}: no cases.": "{title}：没有案件。",
    "no cases": "没有案件",
    "Of which time?": "哪一段时间？",
    "Give either --month 2026-11, or --from 2026-11-01 and --to 2026-11-15.": (
        "请写 --month 2026-11，或者 --from 2026-11-01 和 --to 2026-11-15。"
    ),
    "'{month}' is not a month": "“{month}”不是月份",
    "'{said}' is not a day": "“{said}”不是日期",
    "A period has two ends.": "时间段要有起止两端。",
    "Give --from 2026-11-01 and --to 2026-11-15.": "请写 --from 2026-11-01 和 --to 2026-11-15。",
    "{last} is before {first}.": "{last} 早于 {first}。",
    "Give the earlier day as --from.": "较早的一天请写在 --from。",
    "Write it as {example}.": "请写成 {example}。",
    "{out}: neither .xlsx nor .csv.": "{out}：不是 .xlsx 或 .csv。",
    "Name the file REPORT.xlsx or REPORT.csv.": "请把文件命名为 REPORT.xlsx 或 REPORT.csv。",
    # linli deliveries
    ", {more} more (--limit)": "，另有 {more} 条（--limit）",
    "There are none.": "没有。",
    "There are none, and no community has a party with the id {id}.": "没有；各街道也没有编号为 {id} 的单位。",
    "Say which ones.": "请说明是哪些。",
    "Give ids, or options such as --reason http_404, or --all.": (
        "请写编号，或 --reason http_404 之类的选项，或 --all。"
    ),
    "'{state}' is not given up.": "“{state}”不是已放弃的状态。",
    "--state failed, or --state undeliverable.": "请用 --state failed 或 --state undeliverable。",
    "{deliveries} will be tried again.": "{deliveries}将重新发送。",
    "{count} stay: their parties still have neither an e-mail address nor a webhook.": (
        "{count} 条不变：这些单位仍没有电子邮箱和 webhook。"
    ),
    "It is written to again.": "将恢复向这个地址发送。",
    "Nothing is written there any more. Undo it: --undo": "不再向这个地址发送。撤销：--undo",
    "Until {moment} the one before signs too.": "在 {moment} 之前，原来的密钥同时签名。",
    ", tried {times}": "，已尝试 {times}",
    "{kind} to {recipient} by {channel}: {state}": "{kind}，发给 {recipient}，{channel}：{state}",
    # linli rules try
    "Correct the file and try again.": "请改正文件后再试。",
    "no column is called title or 标题": "没有叫 title 或“标题”的列",
    "The columns are {columns}.": "现有的列：{columns}。",
    "row {line}": "第 {line} 行",
    "There is no message in the file.": "文件中没有诉求。",
    "{tried}: {changed} by another rule, {elsewhere} of them to another party.": (
        "{tried}：{changed} 条适用的规则不同，其中 {elsewhere} 条分派的单位不同。"
    ),
    "  lose: {rules}": "  减少：{rules}",
    "  gain: {rules}": "  增加：{rules}",
    "  before  {way}": "  原来  {way}",
    "  after   {way}": "  现在  {way}",
    "and {more} more; --json has up to 500": "另有 {more} 条；--json 最多列出 500 条",
    "{party}, by {rule}": "{party}，按 {rule}",
    # linli community
    "{id} {name}: {counts}. No faults.": "{id} {name}：{counts}。没有错误。",
    "loaded as version {version}": "已加载为版本 {version}",
    "unchanged, still version {version}": "没有变化，仍为版本 {version}",
    "{id} {name}: {counts}; {news}.": "{id} {name}：{counts}；{news}。",
    "takes no new submissions": "不再受理新的反映",
    "takes submissions": "受理反映",
    ", as before": "，与原来一样",
    "{id} {now}{before}; version {version}.": "{id} {now}{before}；版本 {version}。",
    "{unknown} Counted from today, working days of {named}{more} reach there; Monday to Friday count. {todo}": (
        "{unknown}从今天起算，{named}{more}的工作日会到那时；按周一至周五计算。{todo}"
    ),
    "Warning: {warning}": "提醒：{warning}",
    "{folder} has {faults}:\n{error}": "{folder} 有 {faults}：\n{error}",
    # … and what is wrong in its files
    "there is no time zone '{zone}'; one that exists is Asia/Shanghai": "没有时区“{zone}”；例如 Asia/Shanghai",
    "there is no such folder": "没有这个文件夹",
    "the column is not known, or stands twice; the columns are {columns}": (
        "这一列不认识，或者出现了两次；可用的列：{columns}"
    ),
    "column {number}": "第 {number} 列",
    "the row has {count} cells, the header {width}; is a comma in a text unquoted?": (
        "这一行有 {count} 格，表头有 {width} 格；是不是文字中的逗号没有加引号？"
    ),
    "a list, each entry beginning with '- '": "一个列表，每一项以“- ”开头",
    "'field: value' lines": "若干行“字段: 值”",
    "the file must hold {wanted}": "文件应为{wanted}",
    "the file is missing in {parent}": "{parent} 中没有这个文件",
    "the file cannot be read: {error}": "无法读取文件：{error}",
    "'{}' may be the word or true or false; write true or false, or the word in quotes": (
        "“{}”可能是词语，也可能是 true 或 false；请写 true 或 false，或给词语加引号"
    ),
    "{file}, line {line}, {field}: {fault}": "{file} 第 {line} 行，{field}：{fault}",
    "{file}, {field}: {fault}": "{file}，{field}：{fault}",
    "is no field that is known here": "不是这里的字段",
    "is {shown}; it may hold a–z, 0–9, '.', '_', '-' and begins with a letter or digit": (
        "为 {shown}；只能用 a–z、0–9、“.”、“_”、“-”，并以字母或数字开头"
    ),
    "is {shown}; it must be one of {expected}": "为 {shown}；应为 {expected} 之一",
    "is {shown}; 'field: value' lines are meant here": "为 {shown}；这里应写“字段: 值”",
    "is {shown}, where text is meant; write it in quotes": "为 {shown}，这里应是文字；请加引号",
    "is {shown}; write true or false": "为 {shown}；请写 true 或 false",
    "{fault}; it is {shown}": "{fault}；现为 {shown}",
    "the file is empty": "文件是空的",
    "a character that no text holds (U+{character})": "含有文字中没有的字符（U+{character}）",
    "it is nested too deeply to be read": "嵌套太深，无法读取",
    "this line is not UTF-8; save the file as UTF-8 and try again": "这一行不是 UTF-8；请另存为 UTF-8 再试",
    "a tab stands where YAML wants spaces": "YAML 要用空格的地方用了制表符",
    "what an alias (*) stands for holds that alias itself": "别名（*）所指的内容又含有这个别名",
    "aliases (*) make more of this than any file can mean": "别名（*）展开后的内容过多",
    "the tag {tag} has no meaning here; leave it out": "标签 {tag} 在这里没有意义，请去掉",
    "{value} cannot be read; write it in quotes": "{value} 无法读取，请加引号",
    "a field's name is one word": "字段名应是一个词",
    "'{key}' stands twice here": "“{key}”在这里出现了两次",
}
