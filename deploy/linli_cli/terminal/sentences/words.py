"""Words of a case in Chinese: states, kinds, steps, and the labels beside them."""

from collections.abc import Mapping

from linli_cli.terminal.sentences import agreeing, building, mediating, posting, rounding, steering, voting

WORDS: Mapping[str, str] = {
    # states
    **{"open": "已受理", "triage": "待分派", "dispatched": "已派单", "accepted": "办理中", "returned": "已退单"},
    **{"resolved": "已办结", "closed": "已结案", "withdrawn": "已撤回"},
    **mediating.WORDS,
    **building.WORDS,
    **agreeing.WORDS,
    **steering.WORDS,
    **rounding.WORDS,
    **voting.WORDS,
    **posting.WORDS,
    # kinds
    **{"report": "报事", "demand": "需求", "dispute": "纠纷", "alarm": "告警"},
    # steps
    **{"opened": "受理", "triaged": "待分派", "progressed": "进展", "reopened": "重办", "noted": "备注"},
    **{"reminded": "催办", "escalated": "督办上报", "paused": "挂起", "resumed": "恢复", "rated": "回访"},
    **{"supplemented": "补充", "mediated": "调解", "promise_heard": "承诺回执"},
    **{"documented": "佐证照片", "erased": "已删除", "redacted": "已删除办理文字", "merged": "并案", "joined": "并入"},
    **{"unmerged": "撤销并案", "parted": "撤出", "split": "拆分", "corrected": "更正"},
    **{"contacted": "已联系", "solved": "已解决", "satisfied": "满意", "yes": "是", "no": "否"},
    # how a partner stands, and what it is told by
    **{"active": "接入中", "revoked": "已终止", "on": "正常", "off": "已停用", "failing": "失败中"},
    # what is told of a partner's system
    **{"partner": "合作单位", "endpoint_failing": "端点故障", "endpoint_off": "端点停用"},
    **{"unanswered": "无反馈", "reads_nothing": "无人读取"},
    # what is kept of a delivery
    "case": "案件",
    **{"recipient": "收件方", "attempts": "次数", "last error": "最近错误", "digest": "合并于", "event": "事件"},
    **{"created at": "生成", "due at": "下次发送", "finished at": "结束", "event type": "事件类型"},
    # what stands beside them
    **{"id": "编号", "version": "版本", "called": "来电", "state": "状态", "due": "时限", "party": "承办单位"},
    **{
        "title": "标题",
        "where": "地点",
        "text": "内容",
        "reported": "原述",
        "written": "原填",
        "first": "首接",
        "number": "工单号",
    },
    **{"marks": "关联", "accept": "签收", "answer": "答复", "resolve": "办结", "decide": "裁定", "level": "督办"},
    **{"rule": "规则", "escalated": "督办至"},
    **{"holidays": "节假日", "missed": "超期", "photos": "照片", "part": "分办", "follower": "并入案件"},
    **{"kind": "类型", "neighbourhood": "小区", "category": "类别", "place": "位置", "location": "坐标"},
    **{"other": "其他", "vote": "表决", "sent": "反映人", "before": "处理前", "after": "处理后", "return": "退单"},
    **{"subdistrict": "街道", "community": "社区", "grid": "网格"},
    # routing, and what it rests on
    **{
        "words": "词语",
        "near": "附近",
        "not_words": "排除词",
        "hours": "时段",
        "attributes": "属性",
        "opened_at": "受理时间",
    },
    **{"no_rule": "没有适用的规则", "nobody_fills_role": "规则所指的职责无人承担", "rule_failed": "规则无法执行"},
    # what makes two cases alike
    **{"same_place": "同一位置", "same_category": "同一类别", "same_neighbourhood": "同一小区", "metres": "相距（米）"},
    **{"other_place": "另一位置", "other_neighbourhood": "另一小区", "far": "相距较远", "days": "相隔（天）"},
    # actions, and what became of one on many cases
    **{"send_back": "退回重办", "progress": "告知进展", "close": "结案", "reopen": "重办", "reassign": "改派"},
    **{"pause": "挂起", "resume": "恢复", "note": "备注", "merge": "并案", "unmerge": "撤销并案", "correct": "更正"},
    **{"recategorise": "更正类别", "relocate": "更正地点"},
    **{
        "done": "已办",
        "done before": "此前已办",
        "so already": "无须更改",
        "refused": "未办成",
    },
    # how a reporter is reached
    **{"name": "姓名", "telephone": "电话", "e-mail": "电子邮箱", "address": "住址", "language": "语言"},
    # what a community has
    **{"parties": "个单位", "neighbourhoods": "个小区", "categories": "个类别", "rules": "条规则"},
    # how a process is, and the whole
    **{"ready": "已就绪", "starting": "正在启动", "not ready": "未就绪", "down": "未运行"},
    **{"not healthy": "运行异常", "stopping": "正在停止"},
    # keys, and what became of what was asked or parked
    **{"service": "程序", "auditor": "审计人员", "read": "读取", "replayed": "已重试", "discarded": "已放弃"},
    # what is kept
    **{"contacts": "联系方式", "texts": "文字", "deliveries": "通知", "parked": "搁置的事件", "audit": "审计日志"},
    # whom a letter is for, and what of it (`party_dispatched`)
    **{"node": "上级", "reporter": "反映人", "received": "已收到", "reassigned": "改派", "not_satisfied": "不满意"},
    **{"triaged_digest": "待分派汇总", "fewer_wait": "等待减少", "not_reopened": "不予重办"},
    # fields in errors of services, and columns of a table
    **{"submitted_at": "来电时间", "day": "日期", "lon": "经度", "lat": "纬度", "home": "住址"},
    **{"body": "内容", "message": "说明", "reason": "理由", "phone": "电话", "email": "电子邮箱", "channel": "渠道"},
    **{"operator": "操作员", "resident": "反映人", "linli": "系统", "by": "由", "now": "目前", "written": "原填"},
}
"""What is said in English → in Chinese; what is not here stays."""

DELIVERED: Mapping[str, str] = {
    **{"due": "待发", "sent": "已发", "failed": "已放弃", "skipped": "未发", "undeliverable": "无法送达"},
    **{"replaced": "已由新的代替", "email": "邮件", "sms": "短信", "none": "无方式"},
}
"""How a delivery stands, and by what it goes → in Chinese."""

FOUND: Mapping[str, str] = {
    **{"ok": "正常", "note": "提示", "wrong": "问题"},
    **{"services": "服务", "ports": "端口", "clocks": "时钟", "calendar": "节假日", "disk": "磁盘", "keys": "密钥"},
    **{"mongodb": "MongoDB", "kafka": "Kafka", "topics": "主题", "consumers": "消费", "outbox": "待发事件"},
    **{"parked": "搁置", "cases": "案件", "points": "点位", "deliveries": "通知"},
    # of a partner
    **{"partner": "合作单位", "name": "名称", "port": "端口", "tls": "TLS", "login": "登录", "advertised": "公布地址"},
    **{"rights": "权限", "reading": "读取", "update": "回报", "orders": "工单", "clock": "时钟"},
    **{"migrations": "迁移", "versions": "版本", "backup": "备份"},
}
"""How a finding is, and what it is of → in Chinese."""

COUNTED: Mapping[str, str] = {
    **{
        "case": "件",
        "row was": "行",
        "row is": "行",
        "cell is": "个单元格",
        "is": "件",
        "accepted row has had": "行已受理的数据",
        "part": "个分办件",
    },
    **{
        "row": "行",
        "photo": "张照片",
        "message": "条",
        "answer": "条答复",
        "fault": "处错误",
        "delivery": "条通知",
        "time": "次",
    },
    **{"event": "条事件", "record": "条记录", "day": "天", "file": "个文件", "process": "个进程", "member": "个成员"},
    **{
        "broker": "个节点",
        "partition": "个分区",
        "endpoint": "个接收地址",
        "point": "个点位",
        "delivery waits": "条通知",
    },
    **{"document": "条文档", "migration": "项迁移", "submission": "件反映", "letter": "封邮件", "notice": "条通知"},
    **{"character": "个字", "characters": "个字", "item": "项", "items": "项"},
    **{"list": "列表", "tuple": "列表", "dictionary": "字段表", "mapping": "字段表", "object": "字段表"},
}
"""What is counted → as it stands behind a number."""
