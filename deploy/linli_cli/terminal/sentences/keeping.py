"""`linli keys`, `parked`, `topics`, `outbox`, `audit`, `policy try`: what an operator keeps in order."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    # linli keys
    "A party's key names one community.": "单位的密钥只能写一个街道。",
    "Several are for a key of role service.": "service 角色的密钥才能写多个。",
    "{id}: {what}, until {until}. It is not shown again.": "{id}：{what}，有效期至 {until}。密钥不再显示。",
    "id": "编号",
    "ends with": "末四位",
    "name": "名称",
    "may": "权限",
    "made": "创建",
    "until": "有效期至",
    "revoked {day}": "已吊销 {day}",
    "{id} ({name}) is revoked.": "{id}（{name}）已吊销。",
    "With it end the keys that were made with it: {ended}.": "由它创建的密钥一并失效：{ended}。",
    "{service} does not say which keys it knows: {error}": "{service} 没有告知它有哪些密钥：{error}",
    "known to {service}": "只见于 {service}",
    "never; {why}": "并非在此创建，{why}",
    " {party} of {community}": " {party}（{community}）",
    " only {these}": " 仅限 {these}",
    # linli parked
    "Nothing is parked.": "没有搁置的事件。",
    ", {count} waiting behind it": "，后面有 {count} 条在等",
    "Nothing is named.": "没有说明是哪些。",
    "Give ids, --reason REASON, or a range: --since, or --topic with offsets.": (
        "请写编号、--reason REASON，或范围：--since，或 --topic 加 offset。"
    ),
    "{replayed} of {count} replayed.": "共 {count} 条，重试成功 {replayed} 条。",
    " with what else was asked for": "（且符合其他条件）",
    "Nothing is parked as {id}{narrowed}. What is: linli parked list": (
        "搁置的事件中没有 {id}{narrowed}。查看：linli parked list"
    ),
    "Nothing is parked as {id}.": "搁置的事件中没有 {id}。",
    "What is: linli parked list": "查看：linli parked list",
    "--partition needs --topic: every topic has partitions of these numbers.": (
        "--partition 要与 --topic 一起写：每个主题都有这些编号的分区。"
    ),
    "An offset needs --topic and --partition: it counts within one of them.": (
        "offset 要与 --topic 和 --partition 一起写：它只在一个分区内计数。"
    ),
    "'{named}' is no service.": "“{named}”不是服务。",
    # linli topics apply
    "Name the file with {option}.": "请用 {option} 写明文件。",
    "Correct the file and run the command again.": "请改正文件后再运行。",
    "the file": "文件",
    "Kafka at {broker} did not take the topics: {reason}": "Kafka（{broker}）没有接受主题设置：{reason}",
    "Start the deployment, or name a broker with --bootstrap.": "请先启动，或用 --bootstrap 写明 Kafka 节点。",
    "topic": "主题",
    "what was done": "结果",
    "created with {0} partitions": "已创建，{0} 个分区",
    "partitions {0}": "分区 {0}",
    "unchanged": "没有变化",
    "rights: {given} given, {taken} taken away": "权限：授予 {given} 项，收回 {taken} 项",
    # linli shard
    "Not tried. Stop the services, take a backup, read docs/operations.md#shards first.": (
        "没有试过。请先停止服务、做好备份，并阅读 docs/operations.md#shards。"
    ),
    "Say --print for the commands, or --json. Nothing is run either way.": (
        "请写 --print（输出命令）或 --json；两者都不执行任何操作。"
    ),
    # linli outbox
    "now": "现在",
    "--since {since} is not before {later}.": "--since {since} 不早于 {later}。",
    "{events} since {since} ({of_each}) would be sent again.": (
        "{since} 以来有 {events}（{of_each}）可重新发送；本次没有发送。"
    ),
    "{events} since {since} ({of_each}) will be sent again as the services run; watch: linli status.": (
        "{since} 以来的 {events}（{of_each}）会在服务运行时重新发送；进展：linli status。"
    ),
    # linli audit
    "There is no such service.": "没有这个服务。",
    "time": "时间",
    "principal": "操作者",
    "what": "操作",
    "outcome": "结果",
    "why": "理由",
    "about": "对象",
    "Nothing is in the log.": "日志中没有记录。",
    # linli policy try
    "{cases} cases, {escalated} would have been escalated.": "共 {cases} 件案件，其中 {escalated} 件会督办上报。",
    "up to": "上报至",
    "because of": "原因",
    "category": "类别",
    "party": "单位",
    "cases": "案件",
    "escalated": "督办上报",
    "steps": "次数",
    "and {more} more": "另有 {more} 项",
    # users of Kafka
    "Kafka does not let {user} in with the password that it was given.": "Kafka 不接受刚为 {user} 设置的密码。",
    "Kafka has not taken over the rights of {user}.": "Kafka 尚未采用 {user} 的权限。",
    "It is tried again. The broker's log says more.": "会再次尝试。详情见 broker 的日志。",
    "Kafka does not change its users or their rights: {said}": "Kafka 没有更改用户或权限：{said}",
    "See what ails it with: linli doctor   The broker's log says more.": "检查：linli doctor   Kafka 的日志有详情。",
}
