"""`linli partners`: how companies' own systems join, how they do, and what is in their way."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "{party} of {community} is a partner.": "{community} 的 {party} 已是合作单位。",
    "Its events are posted to {url}.": "它的事件将推送到 {url}。",
    "What its program needs: linli partners kit {party} --community {community} --out DIR": (
        "它的程序所需的接入包：linli partners kit {party} --community {community} --out 目录"
    ),
    "community": "街道",
    "stands": "状态",
    "ways": "接入方式",
    "unread since": "最早未读",
    "since": "起始",
    "{party} of {community}: {stands}": "{community} 的 {party}：{stands}",
    "ways: {ways}": "接入方式：{ways}",
    "orders that are not ended: {count}": "未了结的工单：{count}",
    "Written to {directory}: {files}.": "已写入 {directory}：{files}。",
    "Hand it over safely: {secrets} open what is theirs.": "请安全移交：凭 {secrets} 即可进入。",
    "{stands}, Kafka follows": "{stands}，Kafka 正在跟进",
    "until {until}": "有效至 {until}",
    "newest": "最新",
    "last read {when}": "最近读取 {when}",
    "never read": "从未读取",
    "End the part of {party}?": "终止 {party} 的接入？",
    "{way}: {behind} behind, {state}": "{way}：落后 {behind} 条，{state}",
    # kit
    "{party} has no way to take part yet.": "{party} 还没有接入方式。",
    "The partners' authority is needed here: LINLI_SECRETS_DIR says where.": (
        "这里需要合作单位的证书颁发机构：用 LINLI_SECRETS_DIR 指明位置。"
    ),
    "Give it one: linli partners add {party} --kafka (or --pull, --webhook URL)": (
        "请先指定：linli partners add {party} --kafka（或 --pull、--webhook 网址）"
    ),
    "{directory} holds the kit of another partner, or no kit.": (
        "{directory} 中是另一个合作单位的接入包，或者不是接入包。"
    ),
    "Choose another directory: the keys in it are not {party}'s.": "请另选目录：其中的密钥不属于 {party}。",
    # test, rotate
    "sent {count} orders for trying": "已发出 {count} 张试单",
    "done: its program has answered": "完成：对方程序已答复",
    "not done within {wait:g} s: something came back, but not `done`": "{wait:g} 秒内未完成：有答复，但没有 done",
    "nothing came back within {wait:g} s. See: linli partners doctor": (
        "{wait:g} 秒内没有任何答复。请查看：linli partners doctor"
    ),
    "{party} has no secret but its API key.": "{party} 除 API 密钥外没有其他密钥。",
    "Make another: linli keys create, and end the one before: linli keys revoke": (
        "请用 linli keys create 另建一个，再用 linli keys revoke 停用原来的"
    ),
    # doctor
    "it takes part: {ways}": "正常接入：{ways}",
    "it is paused": "已暂停",
    "Let it go on: linli partners resume {party}": "恢复：linli partners resume {party}",
    "it is a partner no more": "已不是合作单位",
    "Add it again: linli partners add {party}": "重新添加：linli partners add {party}",
    "Kafka's users and rights are not as they should be yet": "Kafka 的用户和权限尚未到位",
    "See what keeps Kafka from following: linli doctor; the log of `access` says more.": (
        "请查看 Kafka 为何没有跟进：linli doctor；access 的日志有详情。"
    ),
    "{host} has no address": "{host} 没有地址",
    "Set LINLI_PARTNER_HOST to a name that partners can resolve, and start again.": (
        "请把 LINLI_PARTNER_HOST 设为合作单位能解析的名称，再重新启动。"
    ),
    "{address} is not reached: {error}": "无法连接 {address}：{error}",
    "Open the port in the firewall, or correct LINLI_PARTNER_HOST and LINLI_PARTNER_PORT.": (
        "请在防火墙开放端口，或更正 LINLI_PARTNER_HOST 和 LINLI_PARTNER_PORT。"
    ),
    "{version}, the certificate is for {host}": "{version}，证书与 {host} 相符",
    "the certificate is not taken: {why}": "证书不被接受：{why}",
    "Start again: the certificate is made for LINLI_PARTNER_HOST. Hand out a new kit if the authority is new.": (
        "请重新启动：证书按 LINLI_PARTNER_HOST 签发。如果 CA 是新的，请重新发放接入包。"
    ),
    "no TLS there: {error}": "该处没有 TLS：{error}",
    "Is it Kafka's port for partners? linli status": "这是合作单位的 Kafka 端口吗？请运行 linli status",
    "the broker knows {user}": "Kafka 认得 {user}",
    "the broker does not know {user}": "Kafka 不认得 {user}",
    "Look again in a minute; then make it a new password: linli partners rotate {party}": (
        "一分钟后再看；仍不行请换密码：linli partners rotate {party}"
    ),
    "the broker does not answer: {said}": "Kafka 没有应答：{said}",
    "See: linli doctor": "请运行：linli doctor",
    "broker {id} says it is at {address}": "节点 {id} 自称在 {address}",
    "may write {topic}": "可以写 {topic}",
    "may read {topic}": "可以读 {topic}",
    "not so: {said}": "不成立：{said}",
    "may use groups that begin with {prefix}": "可以使用以 {prefix} 开头的消费组",
    "Within a minute it is put right by itself; else see the log of `access`.": (
        "一分钟内会自动更正；否则请看 access 的日志。"
    ),
    "the deployment's clock is this machine's": "系统时钟与本机一致",
    "the deployment's clock is {seconds:.0f} s away from this machine's": "系统时钟与本机相差 {seconds:.0f} 秒",
    "Let both keep time by NTP: updates from a partner would be answered clock_skew.": (
        "请都用 NTP 校时；否则合作单位的回报会得到 clock_skew。"
    ),
    "The authority of partners' certificates is among the secrets: LINLI_SECRETS_DIR says where.": (
        "合作单位证书的 CA 在密钥目录中：LINLI_SECRETS_DIR 指明位置。"
    ),
    "it has read nothing yet": "还没有读取过",
    "{way}: switched off ({why})": "{way}：已停用（{why}）",
    "Switch it on again: linli partners add PARTY --webhook URL": ("重新启用：linli partners add 单位 --webhook 网址"),
    "{way}: fails since {since}": "{way}：自 {since} 起失败",
    "See what it answers: GET /v1/endpoints/COMMUNITY/PARTY/tries": ("查看它的应答：GET /v1/endpoints/街道/单位/tries"),
    "{way}: {behind} events behind": "{way}：落后 {behind} 条事件",
    "the last update came {when}": "最近一次回报：{when}",
    "no update has come yet": "还没有收到回报",
    "Try it: linli partners test {party}": "试一试：linli partners test {party}",
    "{count} orders have no answer in time": "有 {count} 张工单逾期未答复",
    "Call the company. Its cases: linli cases --party {party}": "请致电该单位。它的事项：linli cases --party {party}",
    "no order waits for an answer beyond its time": "没有逾期未答复的工单",
}

HELP: Mapping[str, str] = {
    """Make a party a partner: from now on its own system has an order for each case.

A second time adds the ways that it has not yet, completes what was done by half, and changes nothing else.""": """\
把一个单位设为合作单位：从现在起，它的系统会收到每件事项的派工单。

再次运行会补上还没有的接入方式，完成只做了一半的部分，其余不变。""",
    "Give it topics and a user of its own on Kafka.": "在 Kafka 上给它专属的主题和用户。",
    "It fetches its events.": "它自行取回事件。",
    "It speaks Open311.": "它使用 Open311。",
    "All partners: how each stands, who is silent, behind or refused.": (
        "全部合作单位：状态如何，谁没有动静、落后或被拒。"
    ),
    "One partner: its ways, its users on Kafka, what it has read, and how its endpoint does.": (
        "一个合作单位：接入方式、Kafka 用户、已读到哪里、端点是否正常。"
    ),
    "Send it nothing and take nothing from it, until `resume`. Its events wait.": (
        "暂停收发，直到 resume。它的事件会保留。"
    ),
    "Let it go on where it was.": "从暂停处继续。",
    """Give it new secrets: its password on Kafka, what is posted to it is signed with. Then hand it a new kit.

The password before counts for seven days more, the secret before signs for one.""": """\
更换它的密钥：Kafka 密码和推送签名。之后请移交新的接入包。

原密码还可使用七天，原签名密钥还会并用一天。""",
    "The password before ends now.": "原来的密码立即失效。",
    "End its part: nothing that it sends is taken, its users, its endpoint and the keys of its kits go.": (
        "终止接入：不再接收它的任何内容，它的用户、端点和接入包中的密钥全部失效。"
    ),
    """Write the folder that is handed over: addresses, secrets, schemas, samples, and what to do.

A second time brings it up to date; an API key that is there stays.""": """\
写出要移交的接入包：地址、密钥、消息格式、样例程序和说明。

再次运行会更新内容；已有的 API 密钥保留。""",
    "Where it goes.": "写到哪里。",
    "Send it orders that are only for trying, and wait until its program has done the first of them.": (
        "发出试单，等待对方程序办结第一张。"
    ),
    "Seconds to wait for its answer.": "等待答复的秒数。",
    """Look at all that a partner needs, in the order in which its program needs it.

Exit code 1: something is wrong. 4: it could not be looked at.

From here, which is not where the partner is: a firewall between you and it is not seen.""": """\
按对方程序的使用顺序，逐项检查所需的一切。

退出码 1：有问题。4：无法检查。

检查从本机进行，看不到双方之间的防火墙。""",
}
