"""`linli topology` and `linli trace`: what flows where, what is amiss, and which way a case's events took."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "Where {program} is, nobody has said.": "没有说明 {program} 的地址。",
    "Set {variable}.": "请设置 {variable}。",
    "The portal has seen nothing yet; its first picture is waited for, {seconds:.0f} s at most.": (
        "门户还没有采样；最多等待 {seconds:.0f} 秒。"
    ),
    "Whether it can look, its log says. What runs: linli status": "能否采样请看其日志。运行情况：linli status",
    # how something stands
    "well": "正常",
    "ailing": "异常",
    "stopped": "已停止",
    "silent": "未见",
    "undeclared": "未声明",
    "not known": "未知",
    "seen": "有流量",
    # what it is
    "channel": "渠道",
    "service": "服务",
    "process": "进程",
    "database": "数据库",
    "topic": "主题",
    "consumer group": "消费组",
    "delivery channel": "投递渠道",
    "partner": "合作单位",
    "parked records": "搁置记录",
    "user of Kafka": "Kafka 用户",
    "Who may do what on Kafka is not known: it did not tell.": "Kafka 上的权限未知：没有得到答复。",
    "Who may do what on Kafka is not known: the portal's user may not describe the cluster.": (
        "Kafka 上的权限未知：门户的用户无权查看集群。"
    ),
    "Who may do what on Kafka is not known: it has no authorizer, so everybody may do all.": (
        "Kafka 上的权限未知：没有启用权限控制，任何人都可以做任何操作。"
    ),
    "Who may do what on Kafka is not known: there are too many rights to be compared.": (
        "Kafka 上的权限未知：权限过多，无法比对。"
    ),
    # the tables
    "As it was at {at}.": "{at} 的情况。",
    "As it was at {at}; how it is now is not known.": "{at} 的情况；现在如何未知。",
    "what": "类别",
    "name": "名称",
    "how it stands": "状态",
    "figures": "数值",
    "from": "从",
    "to": "到",
    "a second": "每秒",
    "errors": "错误",
    "last": "最近",
    "since {at}": "自 {at}",
    "; {who} sees to it": "；{who} 已在处理",
    "Nothing is otherwise.": "没有变化。",
    # what is amiss
    "no process of it answers": "没有进程应答",
    "this process does not answer": "该进程没有应答",
    "it is not ready": "未就绪",
    "it answers with faults of its own": "应答中有服务自身的错误",
    "there is something to read, and nothing takes effect": "有待读取的记录，却没有进展",
    "it reads, and is ever further behind": "在读取，但越来越落后",
    "it has said nothing of orders within their time": "有派工单逾时没有反馈",
    "somebody writes here who is not declared": "有未声明的写入方",
    "a topic named like ours that nobody declares": "名称像我们的主题，但没有声明",
    "a consumer group named like ours that nobody declares": "名称像我们的消费组，但没有声明",
    "somebody has rights on Kafka that nobody has declared": "有人在 Kafka 上有未声明的权限",
    "rights on Kafka that are declared are not there": "Kafka 上缺少已声明的权限",
    "this topic is not there": "主题不存在",
    "its settings are not as declared": "设置与声明不符",
    "copies are not in sync": "有副本不同步",
    "no broker leads some of it": "部分分区没有主节点",
    "Kafka does not tell of itself": "Kafka 没有应答",
    "members of MongoDB's replica set are away": "MongoDB 副本集有成员缺席",
    "records wait for a decision": "有记录等待人工处理",
    "events of a type or version that no contract has": "事件的类型或版本不在契约之内",
    "events wait for an earlier one": "有事件在等前一条",
    "events wait for Kafka": "有事件等待送往 Kafka",
    "deliveries were given up": "有投递已放弃",
    # linli trace
    "has yet to take it in": "尚未读取",
    "stands still before it, behind a parked record": "停在它之前，等待处理搁置记录",
    ", not yet in Kafka": "，尚未送达 Kafka",
    "trace {id}": "追踪编号 {id}",
    "{count} wait for an earlier one.": "{count} 条在等前一条。",
    "Parked: {id}. What is: linli parked list": "已搁置：{id}。查看：linli parked list",
    "{service} does not answer; what it wrote and read is missing here.": (
        "{service} 没有应答，缺少它写入和读取的情况。"
    ),
    "{service} took it in": "{service} 已读取",
    "{service} took it in at {at}": "{service} 于 {at} 读取",
    "{service} took it in by {at}": "{service} 不晚于 {at} 读取",
    "{channel} to {recipient}: {state}": "{channel} 发给 {recipient}：{state}",
}
