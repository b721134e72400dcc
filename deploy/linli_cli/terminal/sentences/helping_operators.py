"""Help texts of the commands of who runs an installation, in Chinese."""

from collections.abc import Mapping

from linli_cli.connection.settings import SERVICES
from linli_cli.privacy.audit import Outcome
from linli_cli.privacy.keys import KeyRole

SERVICES_ONLY = f"Only: {', '.join(SERVICES)}. May be repeated."
HELP: Mapping[str, str] = {
    # topology, trace
    """Show what flows where, how each stands, and what is amiss.

Exit code 0: nothing is amiss. 1: something is. 4: nobody can tell; why is on stderr.""": """\
显示数据流向、各处状态和异常。

退出码 0：没有异常。1：有异常。4：无从得知，原因见标准错误输出。""",
    """Print a patch of deploy/topics.yaml that declares what was found; an engineer reviews and applies it.

Exit code 0: here it is. 1: this cannot be declared; why is on stderr. 4: nobody can tell.""": """\
输出一份 deploy/topics.yaml 的补丁，声明所发现的内容；由工程师审阅后应用。

退出码 0：已输出。1：无法声明，原因见标准错误输出。4：无从得知。""",
    "Its id, as `linli topology --json` has it.": "发现的编号，见 `linli topology --json`。",
    "One line of JSON.": "输出一行 JSON。",
    "One line of JSON, as GET /v1/topology answers.": "输出一行 JSON，与 GET /v1/topology 相同。",
    "Show it again every five seconds, until Ctrl-C.": "每五秒刷新一次，按 Ctrl-C 结束。",
    "A moment of the last seven days, such as 2026-11-24T06:00.": "最近七天内的某一时刻，如 2026-11-24T06:00。",
    "Tell what is otherwise than at that moment.": "说明与那一时刻相比有何不同。",
    "Show one case's way: its events over all topics, the time between them, and who took each in and when.": (
        "显示一件事项的全程：它在各主题上的事件、间隔时间，以及谁在何时读取。"
    ),
    "The case's id.": "事项编号。",
    "One line of JSON, as GET /v1/trace/CASE answers.": "输出一行 JSON，与 GET /v1/trace/CASE 相同。",
    # status, doctor, upgrade
    """Show the processes, brokers and replica set, the lag of each consumer group, the events, and the deliveries.

Figures are taken from Kafka and MongoDB; where these do not answer, a service's own word is told as that.

Exit code 0: all healthy. 1: something is not. 3: not running. 4: it could not be looked at.""": """\
显示进程、Kafka 与 MongoDB 的成员、消费滞后、事件和通知。

数字取自 Kafka 和 MongoDB；它们没有应答时，用服务自述的，并注明。

退出码 0：全部正常。1：有异常。3：没有运行。4：无法查看。""",
    "One JSON object instead of tables.": "输出一个 JSON 对象，不用表格。",
    """Say what is wrong and what to do: ports, services, clocks, disk, keys, MongoDB, Kafka, topics, consumers, outbox.

And who was not told.

Takes about ten seconds, since it looks twice whether the consumers move. Changes nothing.

Exit code 0: nothing is wrong. 1: something is. 4: it could not be looked at; why is on stderr.""": """\
检查并说明问题和办法：端口、服务、时钟、磁盘、密钥、MongoDB、Kafka 等。

还有谁没有收到通知。

约需十秒，因为要看两次消费是否在推进。不作更改。

退出码 0：没有问题。1：有问题。4：无法检查，原因见标准错误输出。""",
    "Print the findings as one line of JSON.": "以一行 JSON 输出检查结果。",
    """Before an upgrade, with the new version's command: disk, versions, migrations that will run, topics that differ.

Exit code 0: nothing stands in the way. 1: something does. 4: it could not be looked at; why is on stderr.""": """\
升级前用新版本的命令检查：磁盘、版本、迁移、主题。

退出码 0：可以升级。1：有妨碍。4：无法检查，原因见标准错误输出。""",
    "Look whether an upgrade can go well; change nothing.": "检查能否顺利升级，不作更改。",
    # keys
    "Make a key and print it: this once, for only its hash is kept.": "创建密钥并显示，仅此一次：系统只保存散列值。",
    "Whom or what it is for.": "给谁或给什么用。",
    f"One of {', '.join(KeyRole)}.": f"角色：{', '.join(KeyRole)}。",
    "For whom it acts; only role party.": "代表哪个单位；只用于 party。",
    "The party's community; or, with role service, for which alone it submits, and then may be repeated.": (
        "单位所在的街道；用于 service 时，只为哪些街道提交，可重复。"
    ),
    "Through which alone it submits; only role service. May be repeated.": "只经哪些渠道提交；只用于 service，可重复。",
    "Only this, such as cases:read. May be repeated. Default: all of the role.": (
        "只有这项权限，例如 cases:read，可重复。默认：该角色的全部权限。"
    ),
    "It ends after so many days. Default: 90, or with the key that makes it.": (
        "多少天后失效。默认：90，或与创建它的密钥一同失效。"
    ),
    "All keys, newest first; never what opens anything.": "列出全部密钥，最新的在前；不显示密钥本身。",
    "Take a key its power, and all keys that were made with it, now.": "立即吊销一个密钥，以及由它创建的全部密钥。",
    "As `linli keys list` shows it.": "编号见 `linli keys list`。",
    # parked
    "Show what is parked: where, why, and how much waits behind it. Numbers and addresses are masked.": (
        "列出搁置的事件：在哪里、为什么、后面有多少在等。号码和地址已遮蔽。"
    ),
    "intake, workflow, notify or neighbourhood. Default: all.": (
        "intake、workflow、notify 或 neighbourhood。默认：全部。"
    ),
    "Only those parked for this reason.": "因某原因搁置的。",
    """Try parked events again: by id, all of a reason, or a range.

Exit code 1: one stays parked, or is not there. 4: it could not be tried.""": """\
重试搁置的事件：按编号、某原因的全部，或一个范围。

退出码 1：有的仍搁置，或不存在。4：无法重试。""",
    "As `linli parked list` shows them.": "编号见 `linli parked list`。",
    "Only those of this topic.": "某主题的。",
    "Only those of this partition of it.": "该主题某分区的。",
    "With both: from this offset on.": "与以上两项同用：从这个 offset 起。",
    "With both: up to this offset.": "与以上两项同用：到这个 offset 为止。",
    "Parked since 2026-11-24T06:00 (this machine's zone unless said), or 2h.": (
        "自 2026-11-24T06:00 起搁置的（未写时区时为本机的），或 2h（两小时内）。"
    ),
    "Parked before this.": "此时以前搁置的。",
    "Give a parked event up, wherever it is parked. What waits behind it goes on.": (
        "放弃一个搁置的事件，不论在哪个服务。后面等待的继续处理。"
    ),
    "Why it is given up; it is kept with the record.": "为什么放弃；与记录一同保存。",
    # shard
    """How the databases would be spread over MongoDB's shards. Says it and does nothing.

Nobody has tried it: docs/operations.md says what to look at first.""": """\
数据库怎样分布到 MongoDB 的各个分片。只作说明，不执行。

没有人试过；先要检查什么，见 docs/operations.md。""",
    "Write the commands for mongosh, with the reasons as comments.": "输出 mongosh 的命令，注释中写明原因。",
    "Print the declarations as one line of JSON.": "以一行 JSON 输出分片的声明。",
    "What the databases' names begin with.": "数据库名称的前缀。",
    # topics, outbox, audit, policy
    """Create the topics that are missing, add partitions, set what differs; where Kafka asks for users, give each
service its rights. Repeating it changes nothing.""": (
        "创建缺少的主题，增加分区，更正设置；Kafka 要求用户登录时，授予各服务权限。重复运行没有影响。"
    ),
    "What is otherwise here, instead of deploy/topics.yaml.": "本部署另行规定的内容，代替 deploy/topics.yaml。",
    "host:port of a broker. Default: the target's.": "Kafka 节点的 host:port。默认：当前系统的。",
    "Copies of each new topic's data. Default: 3 where there are three brokers, else 1.": (
        "新主题的副本数。默认：有三个节点时为 3，否则为 1。"
    ),
    """Send again what the services published since TIME, from their databases: for a Kafka that has lost it.

Choose TIME before the loss; too early costs time and nothing else, for readers drop what they have had. They start
again at the beginning of their topics. The newest data of each community go along, however old: their topic keeps
them for whoever starts anew. Topics that are missing come first: linli topics apply.""": """\
从数据库重新发送 TIME 以来发布的事件，用于 Kafka 丢失了它们的时候。

TIME 要早于丢失的时间；太早只是多花时间，读过的会跳过。各服务从主题开头重新读取。各街道的最新资料不论新旧都会一并发送，
因为它们的主题供重新开始的服务读取。缺少主题时请先运行：linli topics apply。""",
    "2026-11-24T06:00 (this machine's zone unless said), or an age: 2h, 3d.": (
        "2026-11-24T06:00（未写时区时为本机的），或 2h（两小时前）、3d（三天前）。"
    ),
    "Only what happened before. Default: all.": "只发送此时以前的。默认：全部。",
    SERVICES_ONLY: f"只限：{', '.join(SERVICES)}。可重复。",
    "Count them and change nothing.": "只计数，不作更改。",
    "operator, service, key:<id>, oidc:<hash>, resident, unknown.": (
        "谁：operator、service、key:<编号>、oidc:<散列>、resident、unknown。"
    ),
    f"One of {', '.join(Outcome)}.": f"结果：{', '.join(Outcome)}。",
    "Of a submission, case, key, parked record.": "反映、案件、密钥或搁置事件的编号。",
    "2026-11-24T06:00 (this machine's zone unless said), or 2h, 3d.": (
        "自 2026-11-24T06:00 起（未写时区时为本机的），或 2h、3d。"
    ),
    "Only what was before.": "只看此时以前的。",
    "At most so many, the newest.": "最多多少条，取最新的。",
    "Replay all cases by a draft of escalation.yaml and say what it would have escalated. Nothing is changed.": (
        "用 escalation.yaml 的草稿推演全部案件，说明会督办上报哪些。不作更改。"
    ),
    "A draft, written as escalation.yaml.": "草稿，写法同 escalation.yaml。",
    "Until when what nobody acted on goes on: 2026-12-31 (in the community's zone unless it names one), or an age, 2h. "
    "Default: now.": ("无人办理的案件推演到何时：2026-12-31（未写时区时为街道的），或 2h（两小时前）。默认：现在。"),
    # privacy
    "Write all that is held of a resident into a file that only you may read: for the resident, and nobody else.": (
        "把某位居民的全部数据写入只有您能读的文件，只供交给本人。"
    ),
    "Resident id (r-…), telephone number, e-mail, tracking code or submission id. `-`: read it from stdin, so that no "
    "history of the shell keeps it.": (
        "居民编号（r-…）、电话、邮箱、查询码或反映的编号。`-`：从标准输入读取，不留在命令历史中。"
    ),
    "FILE.zip (with the photos) or FILE.json.": "FILE.zip（含照片）或 FILE.json。",
    "Only what bears just this, not what shares another number or address with it.": (
        "只限直接带有它的，不包括与之共用其他号码或地址的。"
    ),
    """Erase a resident from the services' databases, from Kafka and from the stack's own letters. There is no way back.

Exit code 3: the databases are done, and a reader has not come so far in Kafka. Then, later: --again.""": """\
从各项服务的数据库、Kafka 和系统留存的邮件中删除某位居民的数据。无法恢复。

退出码 3：数据库已删除，但 Kafka 中还有服务没有读到那里。稍后请运行：--again。""",
    "Do not ask.": "不询问确认。",
    "Show what would go, and change nothing.": "只显示会删除什么，不作更改。",
    "Also cases that are not closed: the party loses their text.": "包括未结案的：承办单位将看不到内容。",
    "Finish what could not be finished, and erase what a restore brought back.": (
        "完成上次未完成的，并删除恢复备份时带回的。"
    ),
    "With --again: the list kept beside another home.": "与 --again 同用：另一处保存的清单。",
    "Seconds to wait until everybody has read past it.": "最多等多少秒，直到都已读过。",
    "A consumer group that is given up. May be repeated.": "不再等待的消费组，可重复。",
    "Show what is kept, how long, and what is due to go.": "显示保存什么、保存多久、哪些将到期。",
    # up, down, init, backup, restore, demo
    """Start Kafka, MongoDB, the services and the portal on this machine, and keep them running.

Needs no Docker, no Java and no MongoDB. Data, keys, mail and logs live in .linli of the working directory
(LINLI_HOME moves it).

Ctrl-C, or `linli down` from elsewhere, stops everything in order.""": """\
在本机启动 Kafka、MongoDB、各项服务和门户，并保持运行。

不需要 Docker、Java 和 MongoDB。数据、密钥、邮件和日志在当前目录的 .linli（可用 LINLI_HOME 另设）。

按 Ctrl-C，或在别处运行 `linli down`，会依次停止。""",
    "Return once everything is ready; keep running.": "全部就绪后返回，继续运行。",
    """Make the secrets that are missing: operator.key, service.key, portal.key, mongo.key, mongo-keyfile, and for
partners on Kafka partners.key and partner-ca.

What is there stays as it is, so it may be repeated. Only you can read what it makes. The stack makes its own at its
first start; this is for who wants to hold them before, or elsewhere.""": """\
生成缺少的密钥文件：operator.key、service.key、portal.key、mongo.key、mongo-keyfile，以及合作单位接入 Kafka 用的
partners.key 和 partner-ca。

已有的不变，可以重复运行。生成的文件只有您能读。系统首次启动时会自动生成；要提前生成或存放在别处时才用本命令。""",
    "Where they go. Default: LINLI_HOME/secrets.": "存放在哪里。默认：LINLI_HOME/secrets。",
    """Write all that the services have stored to one file: cases, contacts, photos, history, positions in Kafka.

It shows one moment of all databases; nothing is stopped for it. The file holds personal data, and the keys of
pseudonyms and webhooks: only you can read it, and it belongs where nobody else can. The secrets are not in it.
`linli restore FILE` brings it back.""": """\
把各项服务保存的全部内容备份到一个文件：案件、联系方式、照片、办理过程、Kafka 的读取位置。

备份的是所有数据库同一时刻的内容，不必停止服务。文件中有个人信息，还有居民代号和 webhook 的密钥：只有您能读，请放在别人
读不到的地方。密钥文件不在其中。恢复：`linli restore FILE`。""",
    "Where it goes. A file that exists is not replaced.": "写到哪里。不覆盖已有的文件。",
    """Bring a backup back into an empty deployment whose services are stopped.

MongoDB gets the services' databases. Kafka's topics must be empty, or missing; what had been sent before the backup
and not yet been read is sent again from MongoDB, and the communities' data too. Then start the services: they go on
where the backup was taken. What happened after it is gone.""": """\
把备份恢复到服务已停止的空部署中。

恢复 MongoDB 中各项服务的数据库。Kafka 的主题须为空或不存在；备份前已发出而未读取的事件和各街道的资料，会从 MongoDB
重新发送。然后启动服务，从备份的时刻继续。备份之后的内容不再存在。""",
    "What `linli backup` wrote.": "`linli backup` 写的文件。",
    "Delete what the deployment holds: its databases and its topics.": "删除现有的内容：数据库和主题。",
    """Watch a neighbourhood's 37 demands and 12 disputes go through the services; starts them if needed.

With LINLI_TARGET set to another deployment than the embedded one, nothing is started or stopped.

Exit code 0: every submission has its case, a whole history, and a notice for everybody concerned, sent where there
is an address and a server for it, and the five utilities took part by all four ways of partners. 1: not so.""": """\
演示一个小区的 37 件需求和 12 件纠纷如何办理；需要时先启动服务。

LINLI_TARGET 指向别的部署时，不启动也不停止任何服务。

退出码 0：每件反映都有案件和完整的办理过程，相关人员都有通知，有地址和服务器的都已发出，
五家公用事业单位以合作单位的四种方式参与。1：不是这样。""",
    """Watch a neighbourhood's renewal, from what 37 households need to works that are accepted, and its 12 disputes.

Plays four months in about half a minute, on a stack of its own (`renewal` within LINLI_HOME, begun anew each
time), whose clock it puts ahead. Tells which pages show each stage. With --exit that stack and its data are gone
afterwards; otherwise it runs on, to be looked at.

Exit code 0: every figure of the story is as it has to be, each demand's way ends in an acceptance or a reason, and
each dispute in an agreement kept or broken, or a level higher. 1: not so, and what is off is named.""": """\
演示一个小区的更新改造：从 37 户的需求到验收合格的工程，以及 12 起纠纷。

约半分钟演完四个月，用独立的系统（LINLI_HOME 下的 `renewal`，每次从头开始），时钟会拨快。列出显示各阶段的页面。
加 --exit 则结束后停止并删除该系统及数据；否则继续运行，供查看。

退出码 0：故事中的每个数字都相符，每条诉求以验收或理由告终，每起纠纷以协议履行、协议未履行或上交告终。
1：不是这样，并指出哪里不符。""",
    "At the end stop what was started here.": "结束时停止由演示启动的服务。",
    # partners: partnering.HELP has the rest
    "Id or name of the party.": "单位的编号或名称。",
    "Post its events there; it is to answer a challenge first.": "把它的事件发到这个地址；它要先应答一次验证。",
    "Id or name. Default: the only one that is loaded.": "编号或名称。默认：唯一已载入的街道。",
}
