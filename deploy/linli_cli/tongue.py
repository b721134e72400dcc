"""The language in which a command tells of cases: Chinese where the terminal is, else English. `--json` is the same."""

import os

CHINESE = {
    # states
    **{"open": "已受理", "triage": "待分拨", "dispatched": "已派单", "accepted": "办理中", "returned": "已退单"},
    **{"resolved": "已办结", "closed": "已结案", "withdrawn": "已撤回"},
    # kinds
    **{"report": "报事", "demand": "需求", "dispute": "纠纷", "alarm": "告警"},
    # steps
    **{"opened": "受理", "triaged": "待分拨", "progressed": "进展", "reopened": "重办", "noted": "备注"},
    **{"reminded": "催办", "escalated": "督办上报", "paused": "挂起", "resumed": "恢复", "rated": "回访"},
    **{"documented": "佐证照片", "erased": "已删除", "redacted": "已删除办理文字", "merged": "并案", "joined": "并入"},
    **{"unmerged": "撤销并案", "parted": "撤出", "split": "拆分", "corrected": "更正"},
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
    **{"operator": "操作员", "resident": "反映人", "linli": "系统", "by": "由", "now": "目前", "written": "原填"},
}
"""What is said in English → in Chinese; what is not here stays."""


def chinese() -> bool:
    """Whether the terminal is in Chinese, as POSIX has it: the first of these that says anything."""
    said = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    return said.lower().startswith("zh")


def tongue(word: str) -> str:
    """A word of a case in the terminal's language."""
    return CHINESE.get(word, word) if chinese() else word


def padded(word: str, width: int) -> str:
    """So wide in a terminal, where a Chinese letter takes two columns."""
    said = tongue(word)
    return said + " " * max(width - sum(2 if letter > "\u2e7f" else 1 for letter in said), 0)
