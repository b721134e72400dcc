"""Text in both languages: English where it is used as a `str`, Chinese beside it, with the same values."""

from collections.abc import Sequence
from typing import Any


class Localized(str):
    """`Localized("No party '{party}'.", "没有单位“{party}”。", party=id)`. A `Localized` value goes in by its language.

    An exception, a `Problem` or a field error that carries one need not know about languages.
    """

    __slots__ = ("chinese",)
    chinese: str

    def __new__(cls, english: str, chinese: str, **values: Any) -> "Localized":
        text = super().__new__(cls, english.format_map(values) if values else english)
        theirs = {name: in_chinese(value) if isinstance(value, str) else value for name, value in values.items()}
        text.chinese = chinese.format_map(theirs) if values else chinese
        return text


def in_chinese(text: str) -> str:
    """The Chinese of a sentence that has it; any other as it is."""
    return text.chinese if isinstance(text, Localized) else text


def of_error(error: Exception) -> str:
    """What an exception says, with its Chinese: `str(error)` leaves that out."""
    return error.args[0] if error.args and isinstance(error.args[0], Localized) else str(error)


def listed(items: Sequence[str]) -> Localized:
    """`a, b` and `a、b`."""
    return Localized(", ".join(items), "、".join(map(in_chinese, items)))


def sentence_of(message: Localized) -> Localized:
    """What is wrong with a field as a sentence of its own."""
    return Localized("{said}.", "{said}。", said=Localized(message[0].upper() + message[1:], message.chinese))


def no_party(id: str, community: str) -> Localized:
    english = "There is no party '{id}' in {community}."
    return Localized(english, "街道“{community}”没有单位“{id}”。", id=id, community=community)


def no_community(id: str) -> Localized:
    return Localized("there is no community '{id}'", "没有街道“{id}”", id=id)


def no_neighbourhood(community: str, id: str) -> Localized:
    english = "'{community}' has no neighbourhood '{id}'"
    return Localized(english, "街道“{community}”没有小区“{id}”", community=community, id=id)


def no_category(community: str, id: str) -> Localized:
    return Localized(
        "'{community}' has no category '{id}'", "街道“{community}”没有类别“{id}”", community=community, id=id
    )


def not_meant(category: str, kind: str, kinds: Sequence[str]) -> Localized:
    """Of a category for other kinds."""
    return Localized(
        "'{category}' is not meant for a {kind}, but for: {meant}",
        "类别“{category}”不用于“{kind}”，只用于：{meant}",
        **{"category": category, "kind": word(kind), "meant": listed([word(each) for each in kinds])},
    )


def word(name: str) -> Localized:
    """A state, an action, a kind or a stage as a sentence names it."""
    return Localized(str(name), _WORDS.get(name, str(name)))


_WORDS = {
    # states
    **{"open": "已受理", "triage": "待分派", "dispatched": "已派单", "accepted": "办理中", "returned": "已退单"},
    **{"resolved": "已办结", "closed": "已结案", "withdrawn": "已撤回"},
    # actions
    **{"accept": "签收", "return": "退单", "send_back": "退回重办", "progress": "告知进展", "resolve": "办结"},
    **{"close": "结案", "reopen": "重办", "reassign": "改派", "note": "备注", "pause": "挂起", "resume": "恢复"},
    **{"withdraw": "撤回", "merge": "并案", "unmerge": "撤销并案", "split": "拆分", "correct": "更正"},
    # kinds and stages
    **{"report": "报事", "demand": "需求", "dispute": "纠纷", "alarm": "告警", "before": "处理前", "after": "处理后"},
    # what is kept of a case
    # deliveries
    **{"due": "待发", "sent": "已发", "failed": "已放弃", "skipped": "未发", "undeliverable": "无法送达"},
    **{"replaced": "改由其他方式发送"},
    **{"place": "位置", "location": "坐标", "title": "标题"},
}
