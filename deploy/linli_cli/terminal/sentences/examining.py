"""`linli status`, `doctor`, `upgrade --check`: how an installation is, what is wrong with it, and what to do."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "Linli is not running in {home} (LINLI_HOME).": "邻里没有在 {home}（LINLI_HOME）运行。",
    "Start it: {start}": "启动：{start}",
    "Start it with: {start}": "启动：{start}",
    # linli status
    "Linli is not running in {home} (LINLI_HOME). `linli up` starts it.": (
        "邻里没有在 {home}（LINLI_HOME）运行。启动：`linli up`"
    ),
    "Linli is not running: nothing answers of {name}. Start it: {start}": (
        "邻里没有运行：{name}没有应答。启动：{start}"
    ),
    "Linli is {phase}: {missing}.": "邻里{phase}：{missing}。",
    "Linli is {phase}.": "邻里{phase}。",
    " Supervisor pid {pid}.": "管理进程 pid {pid}。",
    "{name} is {health}: {detail}": "{name} {health}：{detail}",
    "does not answer": "没有应答",
    "Kafka does not follow what changes about partners; see {log}": "合作单位的变更没有同步到 Kafka；请看 {log}",
    "It catches up by itself when what it lacks is back. If it stays so: linli down, linli up.": (
        "所缺的恢复后它会自动跟进。若一直如此：linli down，再 linli up。"
    ),
    "does not answer ({error})": "没有应答（{error}）",
    "what answers is not Linli's {name}": "应答的不是邻里的 {name}",
    "Processes": "进程",
    "process": "进程",
    "address": "地址",
    "health": "状况",
    "uptime": "已运行",
    "restarts": "重启次数",
    "{age:.0f} s": "{age:.0f} 秒",
    "{days}, {time}": "{days} {time}",
    "Consumer groups": "消费组",
    "group": "消费组",
    "lag": "滞后",
    "by topic": "按主题",
    "members": "成员",
    "from": "来源",
    "Events": "事件",
    "service": "服务",
    "unsent": "未发出",
    "oldest": "最早",
    "parked": "搁置",
    "held": "暂存",
    "all": "合计",
    "unknown": "不详",
    "Kafka and MongoDB, {age:.0f} s ago": "Kafka 和 MongoDB，{age:.0f} 秒前",
    "MongoDB, {age:.0f} s ago": "MongoDB，{age:.0f} 秒前",
    "its own word, {age:.0f} s ago": "服务自述，{age:.0f} 秒前",
    "Kafka's brokers: unknown; linli doctor says why.": "Kafka 节点：不详，原因见 linli doctor。",
    "every copy in sync": "副本全部同步",
    "{partitions} with a copy that is not in sync": "{partitions}有副本未同步",
    ", {partitions} without a leader": "，{partitions}没有主副本",
    "Kafka's brokers: {brokers} of {expected}{away}; {copies}.": (
        "Kafka 节点：{expected} 个中有 {brokers} 个在线{away}；{copies}。"
    ),
    "MongoDB's replica set: unknown; linli doctor says why.": "MongoDB 副本集：不详，原因见 linli doctor。",
    "no primary, so nothing is written": "没有主节点，无法写入",
    "{name} is primary": "主节点 {name}",
    "MongoDB's replica set: {there} of {members}{away}; {led}.": (
        "MongoDB 副本集：{members}中有 {there} 个在线{away}；{led}。"
    ),
    " (away: {them})": "（缺 {them}）",
    "({name} silent for {age:.0f} s)": "（{name} 已 {age:.0f} 秒没有消息）",
    "Processes heard of: {told}.": "有消息的进程：{told}。",
    "Deliveries: unknown.": "通知：不详。",
    "Deliveries: {due} on their way, {given_up} given up in the last 7 days{refusing}.": (
        "通知：{due} 条待发，近 7 天放弃 {given_up} 条{refusing}。"
    ),
    ", {endpoints} refusing what is sent": "，{endpoints}拒收",
    " Which: linli deliveries list --state failed": "查看：linli deliveries list --state failed",
    # services, ports, clocks
    "Unknown without MongoDB, as are consumers, processes, cases and deliveries.": (
        "没有 MongoDB，无从得知；消费、进程、案件和通知也是。"
    ),
    "Unknown without Kafka: what they have read, and who is in their groups.": (
        "没有 Kafka，无从得知读到哪里、组里有谁。"
    ),
    "{variable} is {port}, and another program listens there.": "{variable} 是 {port}，但别的程序占用着这个端口。",
    "End it, or choose another port.": "请结束那个程序，或另选端口。",
    "{name} takes connections at {url} and says nothing: it hangs, or has too much to do.": (
        "{name}（{url}）接受连接但不应答：卡住了，或者太忙。"
    ),
    "See its log; if it stays so, start it anew.": "请看它的日志；一直这样就重新启动它。",
    "What listens at {url} does not speak HTTP as {name} does.": "占用 {url} 的程序不像 {name} 那样使用 HTTP。",
    "{name} does not answer at {url} ({error}).": "{name}（{url}）没有应答（{error}）。",
    "Start it: {start}. If it does not stay: its log.": "启动：{start}。如果又停了，请看它的日志。",
    "{name} goes on without what is away: {lacks}.": "{name} 缺少依赖，仍在工作：{lacks}。",
    "It catches up when that is back.": "恢复后会自动补上。",
    "{name} is not ready: {lacks}.": "{name} 未就绪：{lacks}。",
    "See below what it waits for.": "它在等什么，见下文。",
    "{name} is ready at {url}.": "{name} 已就绪（{url}）。",
    "The containers could not be looked at: {error}": "无法查看容器：{error}",
    "The container {name} is {health}: {detail}.": "容器 {name} {health}：{detail}。",
    "Its log: docker logs --tail 100 {name}. To start it: docker compose up --wait": (
        "日志：docker logs --tail 100 {name}。启动：docker compose up --wait"
    ),
    "The public holidays are known to the end of {year}.": "法定节假日已收录到 {year} 年底。",
    " Deadlines in working days that begin today reach to {reach:%Y-%m-%d}; beyond, Monday to Friday count.": (
        "从今天起算的工作日时限最远到 {reach:%Y-%m-%d}；之后按周一至周五计算。"
    ),
    "End the other program at port {port}, or give Linli another port (docs/configuration.md).": (
        "请结束占用端口 {port} 的程序，或给邻里另选端口（docs/configuration.md）。"
    ),
    "{whose} has the same time.": "{whose} 的时间一致。",
    "{whose}'s clock is {seconds:.0f} s ahead of this machine's.": "{whose} 的时钟比本机快 {seconds:.0f} 秒。",
    "{whose}'s clock is {seconds:.0f} s behind this machine's.": "{whose} 的时钟比本机慢 {seconds:.0f} 秒。",
    "Let NTP set both: timedatectl": "请用 NTP 校准两边：timedatectl",
    # disk and keys
    "{where}: {free:.1f} of {total:.1f} GB are free.": "{where}：共 {total:.1f} GB，剩余 {free:.1f} GB。",
    "Make room, or enlarge the disk: a full one makes MongoDB refuse and Kafka stop.": (
        "请腾出空间或扩大磁盘：磁盘满了，MongoDB 会拒绝写入，Kafka 会停止。"
    ),
    "MongoDB's disk": "MongoDB 的磁盘",
    "The keys could not be looked at: {error}": "无法查看密钥：{error}",
    "chmod go-rwx {files}   Whoever read them has them: make new ones (docs/operations.md).": (
        "chmod go-rwx {files}   读过的人已经拿到密钥，请换新的（docs/operations.md）。"
    ),
    "Others may read {files}.": "别人可以读取 {files}。",
    "There are none yet; the first start makes them.": "还没有密钥，首次启动时生成。",
    "{files}, which only their owner can read.": "{files}，只有所有者能读取。",
    # consumers
    "Kafka does not tell how far they have read ({error}).": "Kafka 没有告知读到了哪里（{error}）。",
    "Kafka does not tell who is a member of their groups ({error}).": "Kafka 没有告知组里有谁（{error}）。",
    "See what is said of Kafka above, and look again.": "请先看上文关于 Kafka 的说明，再检查一次。",
    "{reader} has read all there was.": "{reader} 已全部读完。",
    "{reader} is {records} behind, and reads on.": "{reader} 还差 {records}，正在读取。",
    "{reader} is stuck: {records} before it, and nothing read in {seconds:.0f} s.": (
        "{reader} 停滞：还有 {records}，{seconds:.0f} 秒内没有读取。"
    ),
    "If {reader} does not run, start it. If it does, it ends itself after 120 s of this and is started anew; "
    "its log says why.": (
        "如果 {reader} 没有运行，请启动它。如果在运行，停滞 120 秒后它会自行结束并重新启动，原因见日志。"
    ),
    "{reader}'s group shares out its topics anew ({state}).": "{reader} 的消费组正在重新分配主题（{state}）。",
    "Look again.": "请再检查一次。",
    "{reader}'s consumer group has no member: nothing is read.": "{reader} 的消费组没有成员，无人读取。",
    "Start {reader}.": "请启动 {reader}。",
    "{missing} of {reader} runs and is no member of its consumer group.": (
        "{reader} 的 {missing} 在运行，但不在它的消费组里。"
    ),
    "Its log says why: kafka_away, kafka_client_died. Or start it anew.": (
        "原因见它的日志：kafka_away、kafka_client_died。也可以重新启动它。"
    ),
    "{unheard} is a member of {reader}'s consumer group and has not been heard of.": (
        "{unheard} 在 {reader} 的消费组里，但没有消息。"
    ),
    "It was killed just now, hangs, or does not reach MongoDB: its log.": (
        "它刚被强行结束、卡住了，或连不上 MongoDB，请看它的日志。"
    ),
    "{reader}'s group: {members}, all there.": "{reader} 的消费组：{members}，都在。",
    # brokers, replicas
    "{brokers} that should hold copies is away: {named}.": "应保存副本的 {brokers}不在线：{named}。",
    "{brokers} that should hold copies are away: {named}.": "应保存副本的 {brokers}不在线：{named}。",
    "Start it, or look at its log: a full disk, a host that is gone.": (
        "请启动它，或看它的日志：可能是磁盘满了，或主机不在了。"
    ),
    "{there} of the {expected} brokers that Kafka's address names are there.": (
        "Kafka 地址中写了 {expected} 个节点，只有 {there} 个在线。"
    ),
    "Start the others, or leave them out of LINLI_KAFKA_BOOTSTRAP.": (
        "请启动其余的，或从 LINLI_KAFKA_BOOTSTRAP 中去掉。"
    ),
    "Partitions that no broker leads, so that nothing is written or read: {topics}.": (
        "有分区没有主副本，无法读写：{topics}。"
    ),
    "Start the brokers that have their copies.": "请启动保存其副本的节点。",
    "Copies that are not in sync: {topics}.": "副本未同步：{topics}。",
    "They catch up by themselves once every broker runs; if not, its log.": (
        "节点都运行后会自动同步；没有同步的，请看日志。"
    ),
    "Every broker that holds a copy is there, and every copy in sync.": "保存副本的节点都在线，副本全部同步。",
    "{service}: {count} should write themselves down ({there}); heard of: {heard}.": (
        "{service}：应有 {count} 个进程（{there}），有消息的：{heard}。"
    ),
    "The others hang, do not reach MongoDB, or have another database than this one: their logs.": (
        "其余的卡住了、连不上 MongoDB，或用的是别的数据库，请看它们的日志。"
    ),
    "{service}: {processes}: {heard}.": "{service}：{processes}：{heard}。",
    "{name} of {service} has not been heard of for {seconds:.0f} s.": (
        "{service} 的 {name} 已 {seconds:.0f} 秒没有消息。"
    ),
    "It was killed, hangs, or does not reach MongoDB: its log.": (
        "它被强行结束、卡住了，或连不上 MongoDB，请看它的日志。"
    ),
    "Two processes of {service} call themselves {name}.": "{service} 有两个进程都叫 {name}。",
    "Give each replica a LINLI_INSTANCE and a host name of its own, or none: the container's is used then.": (
        "请给每个副本不同的 LINLI_INSTANCE 和主机名，或者都不设：那时使用容器的名称。"
    ),
    # MongoDB, outbox, cases
    "MongoDB does not answer ({error}).": "MongoDB 没有应答（{error}）。",
    "Look whether mongod runs: linli status": "请看 mongod 是否在运行：linli status",
    "{name} is {state}": "{name} 为 {state}",
    "The replica set has no primary: {states}.": "副本集没有主节点：{states}。",
    "More than half of its {members} must run and reach one another. Start those that do not; a set of one that was "
    "renamed or moved needs rs.reconfig.": (
        "{members}中须有半数以上在运行并互相连通。请启动没有运行的；单个成员改名或搬迁后，需要 rs.reconfig。"
    ),
    "Members of the replica set are away: {away}.": "副本集的成员不在线：{away}。",
    "Start them, or look at their logs.": "请启动它们，或看它们的日志。",
    "The replica set has a primary; {members}, all well.": "副本集有主节点；{members}，都正常。",
    "{service} has parked {records}.": "{service} 搁置了 {records}。",
    "Look: linli parked list --service {service}. Mend the cause, then replay or discard "
    "(docs/operations.md#parked-events).": (
        "查看：linli parked list --service {service}。请先排除原因，再重试或放弃（docs/operations.md#parked-events）。"
    ),
    "{service}: {count} unsent.": "{service}：{count} 条未发出。",
    "{service} has {events} unsent, the oldest for {age:.0f} s.": (
        "{service} 有 {events}未发出，最早的已等 {age:.0f} 秒。"
    ),
    "Kafka is away or refuses them, or {service} does not run; what it says: its log, publish_failed.": (
        "Kafka 不在线或拒收，或者 {service} 没有运行；详见它的日志 publish_failed。"
    ),
    "{community}: every party that has a case to deal with is there.": "{community}：在办案件的承办单位都在。",
    "{community}: {cases} with a party that is in its data no more: {named}{more}.": (
        "{community}：有 {cases}案件的承办单位已不在资料中：{named}{more}。"
    ),
    " and others": "等",
    "Give each to another party: linli act CASE reassign --to PARTY. The triage desk sees them too.": (
        "请逐件改派：linli act CASE reassign --to PARTY。研判台上也能看到。"
    ),
    "{community}: {outside} of {points} by {channel} in 30 days lie in no neighbourhood's outline.": (
        "{community}：近 30 天 {channel} 渠道的 {points}中，有 {outside} 个不在任何小区的轮廓内。"
    ),
    "Are they coordinates of Amap (gcj02) or Baidu (bd09)? Say so: `crs` in community.yaml, or `location.crs`.": (
        "是高德（gcj02）或百度（bd09）的坐标吗？请在 community.yaml 的 `crs` 或 `location.crs` 中说明。"
    ),
    # Kafka, topics
    "Kafka at {at} does not answer ({error}).": "Kafka（{at}）没有应答（{error}）。",
    "Start it: {start}. Meanwhile intake accepts, and events wait on disk.": (
        "启动：{start}。在此期间仍可受理，事件保存在磁盘上。"
    ),
    "Kafka answers at {at}; {brokers}.": "Kafka（{at}）有应答；{brokers}。",
    "Make it: linli topics apply. If it was there before, then: linli outbox resend --since TIME": (
        "创建：linli topics apply。如果原来有，再运行：linli outbox resend --since TIME"
    ),
    "The topic {name} is missing.": "缺少主题 {name}。",
    "{name} has {partitions}; {declared} are declared.": "{name} 有 {partitions}，应有 {declared} 个。",
    "Add them: linli topics apply": "请补上：linli topics apply",
    "All {count} are there, with their partitions.": "{count} 个主题都在，分区齐全。",
    # deliveries
    "None was given up in the last 7 days.": "近 7 天没有放弃的通知。",
    "{deliveries} to {named} given up: {reason}.": "发给{named}的 {deliveries}已放弃：{reason}。",
    "residents": "居民",
    "Mend it (a party's channel: linli community load), then: {command}": (
        "请先排除原因（单位的联系方式：linli community load），再运行：{command}"
    ),
    "{party}'s endpoint refuses ({reason}); {waiting}.": "{party} 的接收地址拒收（{reason}）；{waiting}待发。",
    "They are tried for 10 to 21 hours. Ask the party, or correct its webhook: linli community load": (
        "会在 10 到 21 小时内反复尝试。请联系该单位，或更正它的 webhook：linli community load"
    ),
    # MongoDB's answers
    "MongoDB does not answer: {0}": "MongoDB 没有应答：{0}",
    "MongoDB's replica set has no primary": "MongoDB 副本集没有主节点",
    "{reason} ({at}).": "{reason}（{at}）。",
    "MongoDB refused: {reason}.": "MongoDB 拒绝：{reason}。",
    "MongoDB at {at} does not answer ({error}).": "MongoDB（{at}）没有应答（{error}）。",
    "MongoDB's password cannot be read: {error}": "无法读取 MongoDB 的密码：{error}",
    "Kafka's password cannot be read: {error}": "读不到 Kafka 的密码：{error}",
    "Is the deployment up? {start}": "系统启动了吗？{start}",
}
