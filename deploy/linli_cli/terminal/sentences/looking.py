"""`linli cases`, `case`, `track`, `repeats`, `contact`: what is said of a case and its steps, and how one is found."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    # linli cases
    "{count} of {total}.": "共 {total} 件，列出 {count} 件。",
    " Times are {zones}.": "时间为 {zones}。",
    # linli case
    "by {by}{how}": "{by} 前{how}",
    ", missed": "，已超期",
    ", later by as long as it is paused": "，按挂起的时长顺延",
    ", next": "，最近",
    "{unknown} Monday to Friday count there.": "{unknown}届时按周一至周五计算。",
    "The public holidays of {years} are not known yet.": "{years} 年的法定节假日尚未公布。",
    "Upgrade Linli once a version knows them (the State Council announces a year's in the autumn before). Until then "
    "the days that are free can be written into closed_days of community.yaml.": (
        "国务院一般在前一年秋季公布，届时请升级到已收录的版本。在此之前，可以把放假的日子写入 community.yaml 的 "
        "closed_days。"
    ),
    "{photos} from the reporter: linli evidence {id} --save DIR": "反映人的 {photos}：linli evidence {id} --save DIR",
    "  … earlier steps: linli case {id} --all": "  … 更早的步骤：linli case {id} --all",
    "paused ({waiting_for})": "已挂起（等待{waiting_for}）",
    "part of {part_of}": "分办自 {part_of}",
    "{count} parts": "分办 {count} 件",
    "{count} follows": "并入 {count} 件",
    "{count} follow": "并入 {count} 件",
    "{condition} {value} in {field}: {said}": "{field}中有{condition}“{value}”：{said}",
    "{said}; near: {near}": "{said}；附近：{near}",
    # steps
    "accepting it": "签收",
    "a first answer": "首次答复",
    "resolving it": "办结",
    "deciding on a wish to reopen": "重办裁定",
    "acting on it": "督办处理",
    "to {to}{level}: {owed} was due {due} from {missed_by}": "至 {to}{level}：{missed_by} 应于 {due} 前完成{owed}",
    "{owed} is due {due}": "{owed}时限 {due}",
    "{joined} follows it now{more}": "{joined} 已并入本件{more}",
    ", with {also} more": "，连同另外 {also} 件",
    "to {party}": "至 {party}",
    "to {party}, for good": "至 {party}，不得再退",
    "into {into}": "并入 {into}",
    "from {from_case}": "不再并入 {from_case}",
    "{parted} follows it no longer": "{parted} 不再并入本件",
    "among {parts}": "由 {parts} 分别办理",
    "; they ask for it to be reopened": "；要求重办",
    "what staff wrote until then is gone": "此前的办理文字已删除",
    "what was written until then is gone, and who reported it": "此前的文字和反映人信息已删除",
    "routed anew": "已重新分派",
    "by rule {rule}": "按规则 {rule}",
    "due {resolve_by}": "时限 {resolve_by}",
    "though its reporter had asked to reopen it": "反映人曾要求重办",
    # linli repeats, contact
    "No case scores {threshold:.2f} or more.": "没有相似度达到 {threshold:.2f} 的案件。",
    "A part has no reporter of its own; the case that it is part of has: linli case ID": (
        "分办件没有单独的反映人，请看它所属的案件：linli case ID"
    ),
    "Nobody sent a submission {case}.": "没有编号为 {case} 的反映。",
    "The reporter left no way to be reached, or it is erased.": "反映人没有留下联系方式，或者已删除。",
    # finding by name, number and time
    "there is no {sort} {said}; known: {known}{more}": "没有“{said}”这个{sort}；已有：{known}{more}",
    "the {sort} {said} may be {ids}; write the id": "{sort}“{said}”可能是 {ids}，请写编号",
    "none": "无",
    "There is no community {only}; loaded: {loaded}.": "没有街道 {only}；已加载：{loaded}。",
    "'{said}' is no time.": "“{said}”不是时间。",
    "Write 2026-11-24T06:00, 2026-11-24T06:00+08:00, or 2h.": (
        "请写成 2026-11-24T06:00、2026-11-24T06:00+08:00，或者 2h（两小时前）。"
    ),
    "--resident wants a telephone number, an e-mail address or a resident id (r-…).": (
        "--resident 要写电话号码、电子邮箱或居民编号（r-…）。"
    ),
}
