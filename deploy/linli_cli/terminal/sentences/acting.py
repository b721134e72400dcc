"""`linli act`, `withdraw`, `submit`, `attach`, `evidence`: what is done with a case, and what is missing to do it."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    # linli act: what was done
    "{title}: {did}. Version {version}, with {party}.": "{title}：{did}。版本 {version}，承办单位：{party}。",
    "; next due {by}": "；下一时限 {by}",
    "merged into {merged_into}, which is dealt with for both": "已并入 {merged_into}，两件一并办理",
    "on its own again, {state}": "已恢复单独办理，{state}",
    "paused, waiting for {what}; the clock stands still": "已挂起，等待{what}，时限暂停计算",
    "resumed{until}": "已恢复办理{until}",
    "split into {parts}": "已拆分为 {parts}",
    "noted, still {state}": "已备注，仍为{state}",
    "put right, now {state}{until}": "已更正，现为{state}{until}",
    "progress told to the reporter, still {state}": "进展已告知反映人，仍为{state}",
    "now resolved; the reporter is asked how it was": "已办结，将向反映人回访",
    "now resolved": "已办结",
    "now {state}{until}": "现为{state}{until}",
    "nobody": "无",
    "{title}: written down, version {version}.": "{title}：已登记，版本 {version}。",
    " A person decides by {by} whether it is reopened.": "是否重办，将在 {by} 前裁定。",
    # … on many
    "Say --from or --filter: a file names its cases itself.": "--from 与 --filter 只能选一个：文件里已写明是哪些案件。",
    "Nobody can be asked here: add --yes, or --dry-run to see what would be done.": (
        "这里无法询问确认：请加 --yes；想先看看会做什么，请加 --dry-run。"
    ),
    "Say what is to be done: linli act ACTION --filter NAME=VALUE": (
        "请说明要做什么：linli act ACTION --filter NAME=VALUE"
    ),
    "Say what is to be done: linli act ACTION --from FILE": "请说明要做什么：linli act ACTION --from FILE",
    "there is no such case": "没有这件案件",
    "There is no such case.": "没有这件案件。",
    "There is no case {id} any more.": "案件 {id} 已不存在。",
    "Done by an earlier run.": "上次运行时已办理。",
    "It is like that already.": "现在已经是这样。",
    "Do it?": "确定办理吗？",
    "  … and {more} more": "  … 还有 {more} 件",
    "{total} cases are meant; at most {most} are acted on at once. Add another --filter.": (
        "共有 {total} 件，一次最多办理 {most} 件。请再加一个 --filter。"
    ),
    # … what has to be said with it
    "There is no action {said}; there are {actions}.": "没有 {said} 这种操作；可用的操作：{actions}。",
    "--from and --filter name the cases; say the action alone: linli act ACTION --from FILE": (
        "案件由 --from 或 --filter 指定，这里只写操作：linli act ACTION --from FILE"
    ),
    "{where}: {fault}": "{where}：{fault}",
    "Say which case and what: linli act CASE ACTION": "请说明哪件案件、做什么：linli act CASE ACTION",
    "`{action}` says its words in --reason; it takes no --message.": (
        "`{action}` 的话写在 --reason 里，不用 --message。"
    ),
    "A case does not wait for {waiting_for}, but for one of {waiting}.": (
        "案件不能等待 {waiting_for}，只能等待：{waiting}。"
    ),
    "`{action}` needs --message: the answer that the reporter gets.": "`{action}` 需要 --message：给反映人的答复。",
    "`note` needs --message.": "`note` 需要 --message。",
    "`{action}` needs --part PARTY=TEXT at least twice.": "`{action}` 至少要写两个 --part 单位=内容。",
    "--part {wrong} is not PARTY=TEXT.": "--part {wrong} 应写成 单位=内容。",
    "`{action}` takes no {foreign}.": "`{action}` 不用 {foreign}。",
    "`{action}` needs one of {mine}.": "`{action}` 至少需要其中一项：{mine}。",
    "There is no kind {kind}; there are: {kinds}.": "没有 {kind} 这种类型；可用的类型：{kinds}。",
    "A case has a title.": "案件不能没有标题。",
    "--promise {said} is not KIND:DAY or KIND:DAY:FEN; the kinds are: {kinds}.": (
        "--promise {said} 应写成 类别:日期 或 类别:日期:金额（分）；类别有：{kinds}。"
    ),
    "`{action}` needs --reason.": "`{action}` 需要 --reason。",
    "`{action}` takes no --reason, but --message.": "`{action}` 不用 --reason，用 --message。",
    "`{action}` needs --to PARTY.": "`{action}` 需要 --to 单位。",
    "`{action}` needs --waiting-for.": "`{action}` 需要 --waiting-for。",
    "`{action}` needs --into CASE.": "`{action}` 需要 --into 案件编号。",
    "--at {said} is no LON,LAT such as 120.405,36.105.": "--at {said} 不是 经度,纬度，例如 120.405,36.105。",
    # … from a file, or by filters
    "{name}: nothing is known of the column {unknown}.": "{name}：不认识“{unknown}”这一列。",
    "Known: {columns}.": "可用的列：{columns}。",
    "{name}: no column names the cases; call it `case`.": (
        "{name}：没有写明案件的列；请把它命名为 `case` 或“案件编号”。"
    ),
    "{name}, row {line}": "{name} 第 {line} 行",
    "{wrong} is no id of a case.": "{wrong} 不是案件编号。",
    "{where}: {case} is no id of a case.": "{where}：{case} 不是案件编号。",
    "{where}: {wanted} is no action; there are {actions}.": "{where}：{wanted} 不是操作；可用的操作：{actions}。",
    "{name} cannot be read: {strerror}.": "无法读取 {name}：{strerror}。",
    "--filter {each} is not NAME=VALUE.": "--filter {each} 应写成 名称=值。",
    "NAME is one of {filters}.": "名称可以是：{filters}。",
    "an empty cell": "空单元格",
    "nothing": "（空）",
    # linli withdraw
    "{id}: taken back on {when}.": "{id}：已于 {when} 撤回。",
    # linli submit, attach
    "Reported already, it seems:": "似乎已有人反映过：",
    "Nothing like it was reported so far.": "目前没有类似的反映。",
    "Nothing was sent. {outcome}": "没有发送。{outcome}",
    "The submission is accepted, without {photos}:\n{reasons}": "已受理，但缺少 {photos}：\n{reasons}",
    "Do not submit it again. When the photo is as it should be: {again}": "请不要再次提交。照片处理好以后：{again}",
    "--lon and --lat belong together.": "--lon 与 --lat 要一起写。",
    "{count} photos are too many; a submission may have {most_photos}.": (
        "{count} 张照片太多，一次提交最多 {most_photos} 张。"
    ),
    "Accepted. Tracking code: [bold]{tracking_code}[/]  (id {id})": (
        "已受理。查询码：[bold]{tracking_code}[/]  （编号 {id}）"
    ),
    "Follow it: linli track {tracking_code} --follow": "查看进展：linli track {tracking_code} --follow",
    "{photo} has {size:.1f} MB. {detail}": "{photo} 有 {size:.1f} MB。{detail}",
    "{photos} added.": "已添加 {photos}。",
    "{photo} cannot be read: {strerror}.": "无法读取 {photo}：{strerror}。",
    # linli evidence
    ", {known} was there already": "，另有 {known} 张原已存在",
    ", {known} were there already": "，另有 {known} 张原已存在",
    "{photos} added{there}.": "已添加 {photos}{there}。",
    "--stage and --photo belong together.": "--stage 与 --photo 要一起写。",
    "--message and --by go with --photo.": "--message 与 --by 要和 --photo 一起写。",
    "{file} cannot be written: {strerror}.": "无法写入 {file}：{strerror}。",
    "by the reporter": "由反映人",
    " Written to {save}.": "已写入 {save}。",
}
