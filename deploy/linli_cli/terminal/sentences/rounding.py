"""What `linli round` says, and what its help says."""

SENTENCES = {
    "round": "征集",
    "stands": "状态",
    "until": "截止",
    "{building}: {answered} of {invited} households have answered": "{building}：{invited} 户中 {answered} 户已答",
    "{clusters} clusters, {left_out} demands in none": "已归 {clusters} 类，{left_out} 条说明理由不归类",
    "Not taken: a need of {household}, question {question}: {reason}": (
        "未能转办：{household} 对题目 {question} 的需求：{reason}"
    ),
    "{file} is there already.": "{file} 已经存在。",
    "{file} cannot be written: {why}.": "{file} 写不了：{why}。",
    "{count} letters are in {file}. Print it, deliver it, keep no copy.": (
        "{count} 封信在 {file} 中。请打印、入户，不留副本。"
    ),
    "Proposal {number}: {count} demands": "建议 {number}：{count} 条需求",
    "Round {round}: {stands}": "征集 {round}：{stands}",
    "Households can answer until {time}.": "各户可答至 {time}。",
    "household": "户",
    "its sheet": "答卷",
    "to be read again": "待复核",
}
HELP = {
    "What the households of a neighbourhood need and think.": "问需于民：征集各户的需求和意见。",
    "The rounds of a neighbourhood.": "一个小区的各次征集。",
    "How a round stands, and whom it has reached, building by building.": "查看征集：状态、各楼栋答卷情况。",
    "Let households answer until then.": "开始征集，到这时为止。",
    "Which households have answered, which sheets are to be read. That you have read it stands in the audit log.": (
        "哪些户已答、哪些答卷待复核；查看记入审计。"
    ),
    "Those of one building.": "一栋楼的。",
    "Let them answer for longer.": "延长征集期。",
    "Close it, after the time that was announced; a sample of the sheets is drawn to be read again.": (
        "到公布的时间后截止；抽取待复核的纸质答卷。"
    ),
    "Count it, once sheets are read again and every demand is settled.": "汇总：须先复核答卷，需求归类或说明理由。",
    "Let all read what it came to; a notice of it is to hang in each building.": "公布结果；各楼栋应张贴公示。",
    "Make letters for a stairwell, each with its door's own code; a further letter ends the code before it.": (
        "制作一个单元的入户信，每户一个码；再次制作，旧码作废。"
    ),
    "Which demands are probably one matter, by likeness; a person settles it.": "按相似程度建议归类；由人确认。",
    "The round's id.": "征集编号。",
    "Id or name of the neighbourhood.": "小区的编号或名称。",
    "When it closes: a time, or 10d from now.": "截止时间，或者 10d（十天后）。",
    "The doors of a stairwell, a line each, in UTF-8.": "一个单元的门牌，每行一户，UTF-8 编码。",
    "The building's id.": "楼栋编号。",
    "Where the PDF goes; it holds codes.": "PDF 存到哪里；其中有各户的码。",
    "With empty pages, for both sides.": "双面打印，插入空白页。",
    "Also demands that are settled already.": "也包括已归类的需求。",
}
WORDS = {
    **{"being written": "拟定中", "taking answers": "征集中", "answered": "已截止", "counted": "已汇总"},
    "for all to read": "已公布",
    **{"has its letter": "已送信", "has answered": "已答", "took its answers back": "已撤回"},
}
