"""What `linli outages` says, and what its help says."""

SENTENCES = {
    "company": "单位",
    "outage": "停供",
    "what": "情况",
    "where": "范围",
    "{following} reports follow it; {still_out} say that it is not back.": (
        "{following} 件反映并入；其中 {still_out} 件表示仍未恢复。"
    ),
    "Last told at {at}.": "最近一次消息：{at}。",
    "Case: {case}": "事项：{case}",
    "Called again to: {building}": "再次派往：{building}",
    "It was not taken: {outcome}.": "没有受理：{outcome}。",
    "Say until when: --until TIME.": "请写明到什么时候：--until 时间。",
    "Say where: --neighbourhood, --building or --polygon.": "请写明范围：--neighbourhood、--building 或 --polygon。",
    "A building is written NEIGHBOURHOOD/NAME, not {said}.": "楼栋要写成 小区/楼栋，而不是 {said}。",
    "{file} cannot be read: {why}.": "读不了 {file}：{why}。",
    "{file} is no JSON.": "{file} 不是 JSON。",
}
HELP = {
    "What is off: water, power, gas, heating, telecom.": "停水、停电、停气、停暖、断网。",
    "Something is off, or will be: open reports follow it, and who reports it now is told that it is known.": (
        "登记停供（或计划停供）：未办结的反映并入，之后来反映的居民会被告知已知。"
    ),
    "It is expected to be over at another time, later or sooner: all who wait are told.": (
        "预计恢复时间有变，提前或推迟：通知所有等待的人。"
    ),
    "It is somewhere else than was said: reports inside follow it, those outside are dealt with by themselves.": (
        "范围有变：范围内的反映并入，范围外的单独办理。"
    ),
    "It is back but for the area that is named: who has it back is asked.": (
        "部分恢复，写明仍停的范围：向已恢复的居民回访。"
    ),
    "It is over: each who has reported it is asked whether it is back.": "已恢复：逐一回访反映过的居民。",
    "It does not take place, or was declared by mistake: reports that follow it are dealt with by themselves.": (
        "取消或误报：并入的反映恢复单独办理。"
    ),
    "What is off, and what is planned to be, the oldest first.": "正在和计划的停供，最早的在前。",
    "One outage, with how many reports follow it and who says that it is not back.": (
        "一次停供：多少件反映并入，多少件表示仍未恢复。"
    ),
    "It is not the outage that is known there, but something else.": "不是已知的停供，而是别的问题。",
    "Id or name of the company.": "单位的编号或名称。",
    "The company's own name for the outage.": "该单位自己的停供编号。",
    "Id or name of a whole neighbourhood; may be repeated.": "整个小区的编号或名称；可重复。",
    "A neighbourhood and a building of it; may be repeated.": "小区及其中的楼栋；可重复。",
    "A GeoJSON polygon in longitude and latitude.": "GeoJSON 多边形，经度在前、纬度在后。",
    "When it is expected to be over: a time, or 3h from now.": "预计恢复时间：一个时间，或从现在起 3h。",
    "low, medium or high.": "low（低）、medium（中）或 high（高）。",
    "For those who wait.": "写给等待的居民。",
    "When it begins, or began: a time, or 2h ago. Default: now.": "开始时间：一个时间，或 2h 以前。默认：现在。",
    "It is announced beforehand.": "这是计划停供。",
    "water, power, gas, heating or telecom. Default: the company's.": (
        "water、power、gas、heating 或 telecom。默认：按该单位。"
    ),
    "Id or name of the category of reports about it.": "有关反映的类别，编号或名称。",
    "works, fault, damage, weather, supply or other.": "works、fault、damage、weather、supply 或 other。",
    "How many are without.": "受影响户数。",
    "Id or name: only what reaches into it.": "编号或名称：只看涉及它的。",
}
